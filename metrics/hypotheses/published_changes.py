"""Before and after a change, from published figures by month: one series, or one municipality beside the others."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import polars as pl

from metrics.change.trend import Z
from metrics.grammar.period import Period
from metrics.hypotheses.hypothesis import OTHERS, PLACE, BeforeAfter, Hypothesis
from metrics.hypotheses.methods import areas, before_after
from metrics.hypotheses.methods.estimates import LEVEL
from metrics.hypotheses.methods.finding import Assumption, Estimate
from metrics.hypotheses.published_cells import PublishedFigures
from metrics.hypotheses.published_groups import ComparedSide
from metrics.hypotheses.published_months import Months, Point, by_place, number, of_place, points, together
from metrics.hypotheses.spans import months as span_of

Figured = tuple[float, float]
"""A municipality's figure and its variance."""


@dataclass(frozen=True)
class Changed:
    """A change as published: its sides, the estimate in the unit of the metric, what was checked.

    series: months of one series before and after the change, and its table (`before_after.interrupted_time_series`), None where
    a month of it is not published.
    """

    sides: tuple[ComparedSide, ...]
    estimate: Estimate | None = None
    assumptions: tuple[Assumption, ...] = ()
    months: tuple[int, int] | None = None
    series: pl.DataFrame | None = None


def changed(hypothesis: Hypothesis, figures: PublishedFigures) -> Changed:
    """Return the change. Raises QuestionError, StoreError.

    A time to an event, and amounts beside other municipalities, have no published numbers by month that could be added up.
    """
    found = _changed(hypothesis, figures)
    design = hypothesis.design
    assert isinstance(design, BeforeAfter)
    whole = figures.one({PLACE: design.area} if design.area else {})
    most = whole.most_people if whole else 0.0
    sides = tuple(
        replace(side, most=min(side.most, most)) if not side.name.startswith("reference") else side
        for side in found.sides
    )
    return replace(found, sides=sides)


def _changed(hypothesis: Hypothesis, figures: PublishedFigures) -> Changed:
    design = hypothesis.design
    assert isinstance(design, BeforeAfter)
    start = number(Period.parse(design.month).first_day)
    span = span_of(hypothesis, figures.store, figures.generation)
    own = of_place(figures, {PLACE: design.area} if design.area else {}, span)
    if design.comparison is None:
        return _series(hypothesis, own, None, start)
    if design.comparison != OTHERS:
        other = of_place(figures, {PLACE: design.comparison}, span)
        if hypothesis.kind == "count":
            return _series(hypothesis, own, other, start)
        return _beside(hypothesis, own, {design.comparison: other}, start)
    others = by_place(figures, span)
    others.pop(design.area or "", None)
    return _beside(hypothesis, own, others, start)


def _series(hypothesis: Hypothesis, own: Months, other: Months | None, start: int) -> Changed:
    own = _from_first_shown(own)
    sides = _sides(hypothesis, (own,), start, "")[::-1]
    if other is not None:
        other = {month: one for month, one in other.items() if month in own}
        sides = (*_sides(hypothesis, (own,), start, "compared_"), *_sides(hypothesis, (other,), start, "reference_"))
    months = (sum(month < start for month in own), sum(month >= start for month in own))
    values, beside = points(hypothesis, own), points(hypothesis, other) if other else None
    if hypothesis.kind == "time_to_event" or values is None or (other is not None and list(other) != list(own)):
        return Changed(sides, months=months)
    if other is not None and beside is None:
        return Changed(sides, months=months)
    rows: dict[str, Sequence[float]] = {
        "month": [one.month for one in values],
        "after": [one.month >= start for one in values],
        "value": [one.value for one in values],
        "n": [own[one.month].size.value if own[one.month].size else 0.0 for one in values],  # type: ignore[union-attr]
    }
    if beside is not None:
        rows["value_comparison"] = [one.value for one in beside]
    series = pl.DataFrame(rows)
    found = before_after.interrupted_time_series(series)
    return Changed(sides, found.estimates[0] if found.estimates else None, found.assumptions, months, series)


def _beside(hypothesis: Hypothesis, own: Months, others: Mapping[str, Months], start: int) -> Changed:
    """Return the change of one municipality against the others'; fewer than `areas.FEWEST_OTHERS` published ones never decide."""
    sides = (
        *_sides(hypothesis, (own,), start, "compared_"),
        *_sides(hypothesis, tuple(others.values()), start, "reference_"),
    )
    changes = [_change(hypothesis, months, start) for months in (own, *others.values())]
    known = Assumption("areas_known", "holds" if len(others) >= areas.FEWEST_OTHERS else "contradicted")
    if sum(one is not None for one in changes[1:]) < areas.FEWEST_OTHERS:
        return Changed(sides, assumptions=(known,))
    if changes[0] is None:
        return Changed(sides, assumptions=(known,))
    found = areas.against_others(_frame(changes))
    bounds = (found.value, found.lower, found.upper)
    if hypothesis.kind == "count":
        before = points(hypothesis, _part(own, start, late=False)) or ()
        rate = sum(one.value for one in before) / max(len(before), 1)
        value, lower, upper = (rate * math.expm1(bound) for bound in bounds)
        bounds = (value, lower, upper)
    trends = _trends([_slope(hypothesis, months, start) for months in (own, *others.values())])
    return Changed(sides, Estimate("crude", "level_change", *bounds, found.p), (known, trends))


def _trends(slopes: Sequence[Figured | None]) -> Assumption:
    """Return the check that all had the same trend before the change, as `areas.compare` makes it."""
    if slopes[0] is None or sum(one is not None for one in slopes[1:]) < areas.FEWEST_OTHERS:
        return Assumption("parallel_trends", "not_testable")
    found = areas.against_others(_frame(slopes))
    return Assumption("parallel_trends", "contradicted" if found.p < LEVEL else "holds", found.p)


def _change(hypothesis: Hypothesis, months: Months, start: int) -> Figured | None:
    """Return the change of a municipality (of numbers in logarithms) and its variance; None where a month is not published."""
    after, before = (_one(hypothesis, _part(months, start, late=late)) for late in (True, False))
    if after is None or before is None:
        return None
    if hypothesis.kind == "count":
        if after[0] <= 0 or before[0] <= 0:
            return None
        return math.log(after[0]) - math.log(before[0]), sum(one[1] / one[0] ** 2 for one in (after, before))
    return after[0] - before[0], after[1] + before[1]


def _one(hypothesis: Hypothesis, months: Months) -> Figured | None:
    """Return the figure of some months together and its variance."""
    if hypothesis.kind == "share":
        bounds = together(hypothesis, "", tuple(months.values()), len(months)).value()
        return None if bounds is None else (bounds[0], ((bounds[2] - bounds[1]) / (2 * Z)) ** 2)
    values = points(hypothesis, months)
    if hypothesis.kind != "count" or values is None:
        return None
    return sum(one.value for one in values) / len(values), sum(one.variance for one in values) / len(values) ** 2


def _slope(hypothesis: Hypothesis, months: Months, start: int) -> Figured | None:
    """Return the slope a month before the change, of numbers relative to their mean, and its variance."""
    values: Sequence[Point] | None = points(hypothesis, _part(months, start, late=False))
    if values is None or len(values) < areas.TREND_MONTHS_FROM:
        return None
    scale = sum(one.value for one in values) / len(values) if hypothesis.kind == "count" else 1.0
    middle = sum(one.month for one in values) / len(values)
    spread = sum((one.month - middle) ** 2 for one in values)
    slope = sum((one.month - middle) * one.value for one in values) / spread
    variance = sum((one.month - middle) ** 2 * one.variance for one in values) / spread**2
    return slope / scale, variance / scale**2


def _sides(hypothesis: Hypothesis, places: Sequence[Months], start: int, prefix: str) -> tuple[ComparedSide, ...]:
    """Return the time before and after the change of one place, or of several together."""
    made = []
    for name, late in (("before", False), ("after", True)):
        parts = [_part(months, start, late=late) for months in places]
        months = len({month for part in parts for month in part})
        made.append(together(hypothesis, prefix + name, [one for part in parts for one in part.values()], months))
    return tuple(made)


def _frame(figures: Sequence[Figured | None]) -> pl.DataFrame:
    rows = [(place == 0, *one) for place, one in enumerate(figures) if one is not None]
    return pl.DataFrame(rows, {"area": pl.Boolean, "value": pl.Float64, "variance": pl.Float64}, orient="row")


def _part(months: Months, start: int, *, late: bool) -> Months:
    return {month: one for month, one in months.items() if (month >= start) == late}


def _from_first_shown(months: Months) -> Months:
    shown = [month for month, one in months.items() if one.row.value is not None]
    return {month: one for month, one in months.items() if shown and month >= shown[0]}

"""Published figures by month of one place, added up before and after a change."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from metrics.change.noise import spread_of
from metrics.change.trend import Z
from metrics.grammar.period import Period
from metrics.hypotheses.hypothesis import PLACE, Hypothesis
from metrics.hypotheses.published_cells import Number, PublishedFigure, PublishedFigures
from metrics.hypotheses.published_groups import ComparedSide, side_of, with_share
from metrics.model.dimensions import is_unknown

Months = Mapping[int, PublishedFigure]
"""Published figures by month (year × 12 + month − 1), of months that files cover."""

_MOST_LEFT_OUT = 0.5
"""How many, of as many as are published, a side may have in months that are not, of which a share is told."""


@dataclass(frozen=True)
class Point:
    """A month's published value and its variance, by chance and rounding."""

    month: int
    value: float
    variance: float


def of_place(figures: PublishedFigures, where: Mapping[str, str], span: tuple[int, int]) -> Months:
    """Return the months of one place within a span. Raises QuestionError, StoreError."""
    return _within(((key[0], one) for key, one in figures.read(where, each="month").items()), span)


def by_place(figures: PublishedFigures, span: tuple[int, int]) -> dict[str, Months]:
    """Return the months of each known municipality within a span. Raises QuestionError, StoreError."""
    found: dict[str, list[tuple[str, PublishedFigure]]] = {}
    for (period, place), one in figures.read(by=(PLACE,), each="month").items():
        if not is_unknown(figures.hypothesis.outcome, PLACE, place):
            found.setdefault(place, []).append((period, one))
    return {place: _within(of, span) for place, of in found.items()}


def points(hypothesis: Hypothesis, months: Months) -> tuple[Point, ...] | None:
    """Return the published values by month; shares from their numbers. None where one is not published."""
    found = []
    for month, one in months.items():
        value, variance = one.row.value, 0.0
        if value is None:
            return None
        match hypothesis.kind:
            case "share":
                bounds = side_of(hypothesis, "", one).value()
                if bounds is None:
                    return None
                value, variance = bounds[0], ((bounds[2] - bounds[1]) / (2 * Z)) ** 2
            case "count":
                variance = one.spread * value + one.number(value).noise
        found.append(Point(month, value, variance))
    return tuple(found) or None


def together(hypothesis: Hypothesis, name: str, figures: Sequence[PublishedFigure], months: int) -> ComparedSide:
    """Return figures of several months (and places) as one side. It has a size and a value where every one is published.

    Of shares the months that are not are left out, as long as they can be at most half as large as the others. Its people are
    at least those of the largest figure, and at most those of all.
    """
    people = [one.people.value for one in figures if one.people]
    sizes = [one.size for one in figures if one.size]
    most = sum(one.most_people for one in figures)
    size = sum(sizes, Number(0.0)) if sizes else None
    of_clients = any(one.of_clients for one in figures)
    spread = 1.0 if of_clients or not size or not people else spread_of(size.value / sum(people))
    side = ComparedSide(
        name, None, max(people, default=0.0), most if figures else math.inf, size, spread,
        happened=sum(one.happened for one in figures), dated=sum(one.dated for one in figures),
    )  # fmt: skip
    left_out = sum(one.most_people for one in figures if not one.people)
    is_whole = bool(figures) and len(sizes) == len(figures)
    if hypothesis.kind == "share":
        return (
            _share(side, figures) if people and left_out <= _MOST_LEFT_OUT * sum(people) else replace(side, size=None)
        )
    if hypothesis.kind == "count" and is_whole and size:
        mean = size.value / months
        return replace(side, bounds=(("crude", (mean, mean, mean)),))
    return side if is_whole else replace(side, size=None)


def _share(side: ComparedSide, figures: Sequence[PublishedFigure]) -> ComparedSide:
    known, whole = (sum(one.known[place] for one in figures) for place in (0, 1))
    side = replace(side, known=(known, whole))
    parts = [one.share for one in figures if one.share]
    if not parts:
        return replace(side, size=None)
    top, bottom = (sum(numbers, Number(0.0)) for numbers in zip(*parts, strict=True))
    return with_share(replace(side, size=bottom, share=(top, bottom)))


def _within(of: Iterable[tuple[str, PublishedFigure]], span: tuple[int, int]) -> Months:
    numbered = ((number(Period.parse(period).first_day), one) for period, one in of)
    return {month: one for month, one in numbered if span[0] <= month <= span[1] and one.is_covered}


def number(day: date | None) -> int:
    """Return the month of a day as year × 12 + month − 1."""
    assert day is not None
    return day.year * 12 + day.month - 1

"""Published rows of each kind of metric."""

from collections.abc import Iterator
from dataclasses import replace
from functools import cache

from data.coverage.extent import Place
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.lookup import RowKey
from metrics.gate import EMPTY, NOT_RECORDED, PublishedValue
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.question import QuestionError
from metrics.measures.curves import PublishedCurve, at_horizon, curve, ends_in_percent, median_day, shown_points
from metrics.measures.evidence import place_of
from metrics.measures.inquiry import Inquiry, part_counting, row, sides
from metrics.measures.intervals import NO_ENDS, quantile_interval
from metrics.measures.parts import bounded, bounded_points, by_key
from metrics.measures.quantiles import quantile
from metrics.measures.rates import mean_rows, rate_rows
from metrics.measures.shares import horizon_rows, rows_of_codes, share_rows
from metrics.measures.spreads import spread_rows
from metrics.model.definition import Definition, wholes_of
from metrics.model.dimensions import is_unknown
from metrics.model.facts.months import HORIZON_DAYS
from metrics.model.kinds import Count, Mean, Quantile, Rate, Ratio, Share, ShareAt, ShareOf, Spread, TimeToEvent


def rows(inquiry: Inquiry, definition: Definition) -> Iterator[Row]:
    """Yield the published rows of one metric, in the order of periods and codes.

    Where the store's files leave a value open, the row says so and has none, whatever the cells hold.
    """

    @cache
    def known(
        period: str, place: Place | None, sources: frozenset[int] | None, horizon: int | None, names: tuple[str, ...]
    ) -> tuple[PublishedValue | None, str]:
        evidence = inquiry.evidence(period, place, sources)
        return evidence.left_open(definition, HORIZON_DAYS[horizon] if horizon else 0), evidence.ground(
            definition, names
        )

    @cache
    def untold(
        period: str, place: Place | None, sources: frozenset[int] | None, dimension: str
    ) -> PublishedValue | None:  # fmt: skip
        return inquiry.evidence(period, place, sources).who_is_untold(definition, dimension)

    sources_at = cache(inquiry.sources_at)
    wholes = by_key(rows(inquiry, whole)) if (whole := _whole(inquiry, definition)) else {}
    for found in _rows(inquiry, definition):
        place = place_of(found.codes, inquiry.only)
        # Of several points of the same files the same is told.
        sources = sources_at(found.codes["service_point"]) if "service_point" in found.codes else None
        why, ground = known(found.period, place, sources, found.horizon, tuple(found.codes))
        for name, code in found.codes.items():
            if why is None and not is_unknown(definition.id, name, code):
                why = untold(found.period, place, sources, name)
        if why is None:
            yield replace(bounded(found, wholes), ground=ground)
        else:
            yield row(definition, dict(found.codes), found.period, why, horizon=found.horizon, quantile=found.quantile)


def make_cells_of(inquiry: Inquiry, definition: Definition) -> None:
    """Compute the cells of a metric's rows: what its first row needs is what all need, and so with what it is a part of."""
    if whole := _whole(inquiry, definition):
        make_cells_of(inquiry, whole)
    next(_rows(inquiry, definition), None)


def _whole(inquiry: Inquiry, definition: Definition) -> Definition | None:
    """Return what a metric is a part of, where it can be asked for by the same dimensions."""
    above = wholes_of(definition)[:1]
    return next((one for one in above if set(inquiry.dimensions) <= set(one.allowed)), None)


def _rows(inquiry: Inquiry, definition: Definition) -> Iterator[Row]:
    match definition.measure:
        case Count() as measure:
            return _counts(inquiry, definition, measure)
        case Share() as measure:
            return share_rows(inquiry, definition, measure)
        case Ratio() as measure:
            return _ratios(inquiry, definition, measure)
        case ShareAt() as measure:
            return horizon_rows(inquiry, definition, measure)
        case ShareOf() as measure:
            return rows_of_codes(inquiry, definition, measure)
        case Rate() as measure:
            return rate_rows(inquiry, definition, measure)
        case Mean() as measure:
            return mean_rows(inquiry, definition, measure)
        case Spread() as measure:
            return spread_rows(inquiry, definition, measure)
        case Quantile() as measure:
            return _quantiles(inquiry, definition, measure)
        case TimeToEvent() as measure:
            return _times(inquiry, definition, measure)


def curve_points(inquiry: Inquiry, definition: Definition) -> Iterator[CurvePoint]:
    """Yield the steps of the curves of a time-to-event metric, in percent. Raises QuestionError for another kind."""
    if not isinstance(definition.measure, TimeToEvent):
        raise QuestionError("not_a_curve", metric=definition.id)
    points = _points(inquiry, definition, definition.measure)
    whole = _whole(inquiry, definition)
    yield from points if whole is None else bounded_points(points, curve_points(inquiry, whole))


def _points(inquiry: Inquiry, definition: Definition, measure: TimeToEvent) -> Iterator[CurvePoint]:
    for key, codes, found in _curves(inquiry, definition, measure):
        if found is None or not found.is_recorded:
            continue
        for point in shown_points(found):
            ends = ends_in_percent(found, point)
            yield CurvePoint(definition.id, codes, key[0], point.time, 100 * point.estimate, *ends, point.at_risk)


def _counts(inquiry: Inquiry, definition: Definition, measure: Count) -> Iterator[Row]:
    cells = inquiry.cells(part_counting(definition, measure))
    for key, codes in inquiry.keys(definition):
        cell = cells.cell(key)
        value = inquiry.published(cell, measure.unit, measure.per)
        yield row(definition, codes, key[0], value, n=inquiry.gate.clients(cell).value)


def _ratios(inquiry: Inquiry, definition: Definition, measure: Ratio) -> Iterator[Row]:
    tops, bottoms = (inquiry.cells(part_counting(definition, part)) for part in sides(measure))
    for key, codes in inquiry.keys(definition):
        numerator = inquiry.published(tops.cell(key), measure.numerator.unit)
        denominator = inquiry.published(bottoms.cell(key), measure.denominator.unit)
        value = inquiry.gate.ratio(numerator, denominator, measure.per)
        yield row(definition, codes, key[0], value, numerator=numerator, denominator=denominator)


def _quantiles(inquiry: Inquiry, definition: Definition, measure: Quantile) -> Iterator[Row]:
    groups = inquiry.profiles(CumulativeProfile(definition.of_fact, measure.value, measure.where))
    for key, codes in inquiry.keys(definition):
        steps = groups.steps(key).get("", ())
        n = inquiry.gate.events(steps[-1][1] if steps else EMPTY).value
        for share in measure.quantiles:
            value = quantile(inquiry.gate, steps, share, measure.grid)
            ends = quantile_interval(inquiry.gate, steps, share, measure.grid) if value.value is not None else NO_ENDS
            yield row(definition, codes, key[0], value, n=n, quantile=share, interval=ends)


def _times(inquiry: Inquiry, definition: Definition, measure: TimeToEvent) -> Iterator[Row]:
    for key, codes, found in _curves(inquiry, definition, measure):
        n = found.entered if found else None
        if found and not found.is_recorded:
            for months in measure.horizons or (None,):
                yield row(definition, codes, key[0], NOT_RECORDED, n=n, horizon=months)
            continue
        if measure.answer == "median":
            yield row(definition, codes, key[0], median_day(found) if found else inquiry.gate.nothing, n=n)
            continue
        for months in measure.horizons:
            value, low, high = at_horizon(inquiry.gate, found, months) if found else (inquiry.gate.nothing, None, None)
            yield row(definition, codes, key[0], value, n=n, interval=(low, high), horizon=months)


def _curves(
    inquiry: Inquiry, definition: Definition, measure: TimeToEvent
) -> Iterator[tuple[RowKey, dict[str, str], PublishedCurve | None]]:
    groups = inquiry.profiles(CumulativeProfile(definition.of_fact, measure.duration, cause=measure.causes))
    everyone = inquiry.cells(Counting(definition.of_fact))
    for key, codes in inquiry.keys(definition):
        yield key, codes, curve(inquiry.gate, measure, groups.steps(key), everyone.cell(key))

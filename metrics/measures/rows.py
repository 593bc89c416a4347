"""Published rows of each kind of metric."""

from collections.abc import Iterator

from metrics.cube.lookup import RowKey
from metrics.cube.sql import Counting, CumulativeProfile
from metrics.gate import EMPTY, NOT_SHOWN
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.question import QuestionError
from metrics.measures.curves import PublishedCurve, at_horizon, curve, median_day, shown_points
from metrics.measures.horizons import horizon_rows
from metrics.measures.inquiry import Inquiry, part_counting, row, sides
from metrics.measures.quantiles import quantile
from metrics.measures.rates import mean_rows, rate_rows
from metrics.measures.spreads import spread_rows
from metrics.model.definition import Definition
from metrics.model.kinds import Count, Mean, Part, Quantile, Rate, Ratio, Share, ShareAt, ShareOf, Spread, TimeToEvent


def rows(inquiry: Inquiry, definition: Definition) -> Iterator[Row]:
    """Return the published rows of one metric, in the order of periods and codes."""
    match definition.measure:
        case Count() as measure:
            return _counts(inquiry, definition, measure)
        case Share() | Ratio() as measure:
            return _quotients(inquiry, definition, measure)
        case ShareAt() as measure:
            return horizon_rows(inquiry, definition, measure)
        case ShareOf() as measure:
            return _shares_of(inquiry, definition, measure)
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
    for key, codes, found in _curves(inquiry, definition, definition.measure):
        for point in shown_points(found) if found else ():
            value, low, high = (100 * share for share in (point.estimate, point.lower, point.upper))
            yield CurvePoint(definition.id, codes, key[0], point.time, value, low, high, point.at_risk)


def _counts(inquiry: Inquiry, definition: Definition, measure: Count) -> Iterator[Row]:
    cells = inquiry.cells(part_counting(definition, measure))
    for key, codes in inquiry.keys(definition):
        cell = cells.cell(key)
        value = inquiry.published(cell, measure.unit, measure.per)
        yield row(definition, codes, key[0], value, n=inquiry.gate.clients(cell).value)


def _quotients(inquiry: Inquiry, definition: Definition, measure: Share | Ratio) -> Iterator[Row]:
    top, bottom = sides(measure)
    tops, bottoms = (inquiry.cells(part_counting(definition, part)) for part in (top, bottom))
    for key, codes in inquiry.keys(definition):
        numerator = inquiry.published(tops.cell(key), top.unit)
        denominator = inquiry.published(bottoms.cell(key), bottom.unit)
        if isinstance(measure, Share):
            value = inquiry.gate.share(numerator, denominator, clients=measure.unit == "clients")
        else:
            value = inquiry.gate.ratio(numerator, denominator, measure.per)
        yield row(definition, codes, key[0], value, numerator=numerator, denominator=denominator)


def _shares_of(inquiry: Inquiry, definition: Definition, measure: ShareOf) -> Iterator[Row]:
    counting = part_counting(definition, Part(unit=measure.unit, where=measure.where))
    whole = tuple(name for name in inquiry.dimensions if name != measure.dimension)
    tops, bottoms = inquiry.cells(counting), inquiry.cells(counting, whole)
    for key, codes in inquiry.keys(definition):
        numerator = inquiry.published(tops.cell(key), measure.unit)
        denominator = inquiry.published(bottoms.cell((key[0], *(codes[name] for name in whole))), measure.unit)
        value = inquiry.gate.share(numerator, denominator, clients=measure.unit == "clients")
        yield row(definition, codes, key[0], value, numerator=numerator, denominator=denominator)


def _quantiles(inquiry: Inquiry, definition: Definition, measure: Quantile) -> Iterator[Row]:
    groups = inquiry.profiles(CumulativeProfile(definition.of_fact, measure.value, measure.where))
    for key, codes in inquiry.keys(definition):
        steps = groups.steps(key).get("", ())
        n = inquiry.gate.events(steps[-1][1] if steps else EMPTY).value
        for share in measure.quantiles:
            value = quantile(inquiry.gate, steps, share, measure.grid)
            yield row(definition, codes, key[0], value, n=n, quantile=share)


def _times(inquiry: Inquiry, definition: Definition, measure: TimeToEvent) -> Iterator[Row]:
    for key, codes, found in _curves(inquiry, definition, measure):
        n = found.entered if found else None
        if measure.answer == "median":
            yield row(definition, codes, key[0], median_day(found) if found else NOT_SHOWN, n=n)
            continue
        for months in measure.horizons:
            value, low, high = at_horizon(inquiry.gate, found, months) if found else (NOT_SHOWN, None, None)
            yield row(definition, codes, key[0], value, n=n, interval=(low, high), horizon=months)


def _curves(
    inquiry: Inquiry, definition: Definition, measure: TimeToEvent
) -> Iterator[tuple[RowKey, dict[str, str], PublishedCurve | None]]:
    groups = inquiry.profiles(CumulativeProfile(definition.of_fact, measure.duration, cause=measure.cause))
    everyone = inquiry.cells(Counting(definition.of_fact))
    for key, codes in inquiry.keys(definition):
        yield key, codes, curve(inquiry.gate, measure, groups.steps(key), everyone.cell(key))

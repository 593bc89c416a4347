"""Shares of those for whom they are known, also by code and at fixed horizons, with how many these are."""

from collections.abc import Iterator
from dataclasses import replace
from math import ceil, floor

from metrics.cube.counting import Counting
from metrics.gate import NOT_RECORDED, ROUNDING_ERROR, SMALL, Cell, PublishedValue
from metrics.grammar.answer import Row
from metrics.measures.inquiry import Inquiry, row, share_countings
from metrics.measures.intervals import NO_ENDS, wilson
from metrics.model.definition import Definition
from metrics.model.kinds import Share, ShareAt, ShareOf


def share_rows(inquiry: Inquiry, definition: Definition, measure: Share) -> Iterator[Row]:
    """Yield the rows of a share: of those for whom it is known, with the known part."""
    tops, rests, bottoms, wholes, *dates = (
        inquiry.cells(counting) for counting in share_countings(definition, measure)
    )
    for key, codes in inquiry.keys(definition):
        cells = (tops.cell(key), bottoms.cell(key), wholes.cell(key))
        of_dates = tuple(one.cell(key) for one in dates)
        yield _share_row(inquiry, definition, measure, key[0], codes, cells, rests.cell(key), of_dates)


def rows_of_codes(inquiry: Inquiry, definition: Definition, measure: ShareOf) -> Iterator[Row]:
    """Yield a row for each code of a dimension: its share of all whose code is known."""
    known, every = Counting(definition.of_fact, measure.base), Counting(definition.of_fact, measure.where)
    around = tuple(name for name in inquiry.dimensions if name != measure.dimension)
    tops, bottoms, wholes = inquiry.cells(known), inquiry.cells(known, around), inquiry.cells(every, around)
    for key, codes in inquiry.keys(definition):
        outer = (key[0], *(codes[name] for name in around))
        yield _share_row(
            inquiry, definition, measure, key[0], codes, (tops.cell(key), bottoms.cell(outer), wholes.cell(outer))
        )


def horizon_rows(inquiry: Inquiry, definition: Definition, measure: ShareAt) -> Iterator[Row]:
    """Yield a row for each horizon: the share of those whose state is known then, and the known part of all old enough."""
    shares = {months: measure.at(months) for months in measure.horizons}
    groups = {
        months: tuple(inquiry.cells(counting) for counting in share_countings(definition, share))
        for months, share in shares.items()
    }
    for key, codes in inquiry.keys(definition):
        for months, share in shares.items():
            top, rest, known, every = (group.cell(key) for group in groups[months])
            found = _share_row(inquiry, definition, share, key[0], codes, (top, known, every), rest)
            lower, upper = _interval(found, exact=inquiry.gate.exact)
            yield replace(found, horizon=months, lower=lower, upper=upper)


def _share_row(
    inquiry: Inquiry, definition: Definition, measure: Share | ShareOf, period: str, codes: dict[str, str],
    cells: tuple[Cell, Cell, Cell], rest: Cell | None = None, dates: tuple[Cell, ...] = (),
) -> Row:  # fmt: skip
    """Return a row of a share from the cells of numerator, known denominator and whole denominator.

    rest: the cell of those in the known denominator who are not in the numerator. Visitors get the share of both together, where
    both are published: some of each still wait to be counted, while the denominator itself holds some of them already.
    dates: the cells of those to whom it has happened, of whom it is recorded when, and of all. Each that is dated stands for
    as many as there are for it: without the others, who have all been reached, the share would be too low.
    """
    numerator, base, every = (inquiry.published(cell, measure.unit) for cell in cells)
    denominator = base if rest is None else _together(inquiry, numerator, inquiry.published(rest, measure.unit), base)
    of_clients = measure.unit == "clients"
    if dates and numerator.value is not None:
        dated, happened = (inquiry.published(cell, measure.unit).value for cell in dates)
        if dated and happened:
            most = denominator.value or 0.0
            numerator = replace(numerator, value=min(numerator.value * happened / dated, most))
    value = inquiry.gate.share(numerator, denominator, clients=of_clients)
    if measure.known == "true":
        return row(definition, codes, period, value, numerator=numerator, denominator=denominator)
    known = inquiry.gate.share(base, every, clients=of_clients)
    lacking = inquiry.gate.lacking(*cells[1:], clients=of_clients, least=measure.known_from)
    if lacking is SMALL:
        known = SMALL
    if lacking is not NOT_RECORDED and dates:
        lacking = inquiry.gate.lacking(*dates, clients=of_clients) or lacking
    value = lacking or value
    return row(definition, codes, period, value, numerator=numerator, denominator=denominator, whole=every, known=known)


def _together(
    inquiry: Inquiry, numerator: PublishedValue, rest: PublishedValue, base: PublishedValue
) -> PublishedValue:
    """Return the denominator of a share: its two parts together, else what is published of it as a whole."""
    if inquiry.gate.exact or numerator.value is None or rest.value is None:
        return base
    return PublishedValue(numerator.value + rest.value)


def _interval(found: Row, *, exact: bool) -> tuple[float | None, float | None]:
    """Return the 95 % interval of a share in percent; of rounded numbers in whole percents outwards."""
    if found.value is None or not found.denominator:
        return NO_ENDS
    low, high = wilson(found.numerator or 0, found.denominator, 0.0 if exact else ROUNDING_ERROR)
    return (100 * low, 100 * high) if exact else (floor(100 * low), ceil(100 * high))

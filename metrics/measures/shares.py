"""Shares at fixed horizons, of those whose state there is known, with how many these are."""

from collections.abc import Iterator
from math import ceil, floor

from metrics.gate import NOT_RECORDED, ROUNDING_ERROR, PublishedValue
from metrics.grammar.answer import Row
from metrics.measures.inquiry import Inquiry, part_counting, row, sides, whole
from metrics.measures.intervals import wilson
from metrics.model.definition import Definition
from metrics.model.kinds import ShareAt


def horizon_rows(inquiry: Inquiry, definition: Definition, measure: ShareAt) -> Iterator[Row]:
    """Yield a row for each horizon: the share of those whose state is known then, and the known part of all old enough."""
    shares = {months: measure.at(months) for months in measure.horizons}
    cells = {
        months: [inquiry.cells(part_counting(definition, part)) for part in (*sides(share), whole(share))]
        for months, share in shares.items()
    }
    gate, clients = inquiry.gate, measure.unit == "clients"
    for key, codes in inquiry.keys(definition):
        for months in measure.horizons:
            exact = [one.cell(key) for one in cells[months]]
            top, known, every = (inquiry.published(cell, measure.unit) for cell in exact)
            part = gate.share(known, every, clients=clients)
            value = (
                gate.share(top, known, clients=clients)
                if gate.knows_enough(exact[1], exact[2], clients=clients, least=shares[months].known_from)
                else NOT_RECORDED
            )
            yield row(
                definition, codes, key[0], value, numerator=top, denominator=known, whole=every, known=part,
                interval=_interval(inquiry, value, top, known), horizon=months,
            )  # fmt: skip


def _interval(
    inquiry: Inquiry, value: PublishedValue, top: PublishedValue, known: PublishedValue
) -> tuple[float | None, float | None]:
    if value.value is None or not known.value:
        return None, None
    if inquiry.gate.exact:
        low, high = wilson(top.value or 0, known.value)
        return 100 * low, 100 * high
    low, high = wilson(top.value or 0, known.value, ROUNDING_ERROR)
    return floor(100 * low), ceil(100 * high)

"""Rates relative to public amounts, and means of classes."""

from collections.abc import Iterator
from dataclasses import replace
from itertools import pairwise

from metrics.cube.counting import CumulativeProfile
from metrics.gate import EMPTY, QUANTILE_FROM, SMALL, Gate, PublishedValue, left_open
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.measures import staff
from metrics.measures.inquiry import Inquiry, part_counting, row
from metrics.measures.intervals import NO_ENDS, mean_interval
from metrics.measures.quantiles import published_steps
from metrics.model.definition import Definition
from metrics.model.kinds import Mean, Rate


def rate_rows(inquiry: Inquiry, definition: Definition, measure: Rate) -> Iterator[Row]:
    """Yield the published rows of a rate; without a value where the amount is not known."""
    part = measure.count
    cells = inquiry.cells(part_counting(definition, part)) if part else None
    for key, codes in inquiry.keys(definition):
        period = Period.parse(key[0])
        if cells is None or part is None:
            assert measure.per_amount is not None
            amount = staff.amount(inquiry, definition, measure, measure.amount, period, codes)
            other = staff.amount(inquiry, definition, measure, measure.per_amount, period, codes)
            value = amounts_ratio(inquiry.gate, amount, other)
            above, below = (staff.told(inquiry.gate, measure, one) for one in (amount, other))
            yield row(definition, codes, key[0], value, numerator=above, denominator=below)
            continue
        amount = staff.amount(inquiry, definition, measure, measure.amount, period, codes)
        count = inquiry.published(cells.cell(key), part.unit)
        if measure.upside == "amount":
            value = inquiry.gate.ratio(amount, count)
            yield row(definition, codes, key[0], value, numerator=amount, denominator=count)
            continue
        value = (
            inquiry.gate.ratio(count, amount, measure.per)
            if measure.amount == "residents"
            else amounts_ratio(inquiry.gate, count, amount)
        )
        # n is the count, published or suppressed, not the amount in the denominator.
        below = staff.told(inquiry.gate, measure, amount)
        yield replace(row(definition, codes, key[0], value, numerator=count, denominator=below), n=count.value)


def amounts_ratio(gate: Gate, top: PublishedValue, bottom: PublishedValue) -> PublishedValue:
    """Return a published number divided by an amount of any size; amounts of too few staff are suppressed before."""
    if not bottom.value or top.value is None:
        return left_open(top, bottom) or (SMALL if SMALL in (top, bottom) else gate.nothing)
    return PublishedValue(round(top.value / bottom.value, 1))


def mean_rows(inquiry: Inquiry, definition: Definition, measure: Mean) -> Iterator[Row]:
    """Yield the published rows of a mean: exact for the internal audience, else from published class counts, one decimal."""
    groups = inquiry.profiles(CumulativeProfile(definition.of_fact, measure.value, measure.where))
    exact = inquiry.gate.exact
    for key, codes in inquiry.keys(definition):
        steps = groups.steps(key).get("", ())
        total = inquiry.gate.events(steps[-1][1] if steps else EMPTY)
        points = published_steps(inquiry.gate, steps, measure.grid)
        value = inquiry.gate.nothing
        if points and total.value and points[-1][1] and (exact or total.value >= QUANTILE_FROM):
            added = [points[0], *((at, after - before) for (_, before), (at, after) in pairwise(points))]
            mean = sum(at * count for at, count in added) / points[-1][1]
            value = PublishedValue(mean if exact else round(mean, 1))
        ends = mean_interval(inquiry.gate, steps, measure.grid) if value.value is not None else NO_ENDS
        yield row(definition, codes, key[0], value, n=total.value, interval=ends)

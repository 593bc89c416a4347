"""Indices of distribution, from published numbers: variety of sources, evenness between groups, and gap to the average."""

from collections.abc import Iterable, Iterator
from math import exp, log

from metrics.cube.index import Cells
from metrics.cube.lookup import RowKey
from metrics.gate import BASE, COMPARED_FROM, NO_DATA, SHARE_FROM, Gate, PublishedValue
from metrics.grammar.answer import Row
from metrics.grammar.period import Period
from metrics.measures.inquiry import Inquiry, part_counting, row
from metrics.measures.staff import places_told
from metrics.model.definition import Definition
from metrics.model.dimensions import codes as codes_of
from metrics.model.facts.fact import GROUPINGS, base_of
from metrics.model.kinds import Spread


def spread_rows(inquiry: Inquiry, definition: Definition, measure: Spread) -> Iterator[Row]:
    """Yield the published rows of an index of distribution."""
    counting = part_counting(definition, measure.count)
    cells, around = inquiry.cells(counting), _others(inquiry.dimensions, measure.over)
    # Before any row, so that they are made ahead also where nobody knows yet which rows there will be.
    beside = inquiry.cells(counting, around if measure.form == "gap" else (*around, measure.over))
    for key, codes in inquiry.keys(definition):
        whole = inquiry.published(cells.cell(key), measure.count.unit)
        match measure.form:
            case "variety":
                value = _variety(inquiry.gate, _parts(inquiry, definition, measure, beside, key, codes))
            case "evenness":
                value = _evenness(
                    inquiry, measure, _parts(inquiry, definition, measure, beside, key, codes), key, codes
                )
            case _:
                value = _gap(inquiry, definition, measure, beside, whole, key, codes)
        yield row(definition, codes, key[0], value, n=whole.value)


def _others(dimensions: Iterable[str], over: str) -> tuple[str, ...]:
    """Return the other dimensions than `over` and its groupings."""
    return tuple(name for name in dimensions if base_of(name) != over)


def _other_codes(codes: dict[str, str], over: str) -> dict[str, str]:
    return {name: codes[name] for name in _others(codes, over)}


def _parts(
    inquiry: Inquiry, definition: Definition, measure: Spread, cells: Cells, key: RowKey, codes: dict[str, str]
) -> dict[str, float]:
    """Return the published numbers of the codes of `over` within the row's group; suppressed ones are left out.

    cells: by the other dimensions and `over`.
    """
    group = next((name for name in codes if base_of(name) == measure.over != name), None)
    kept = _other_codes(codes, measure.over)
    inside = codes_of(definition.id, measure.over, inquiry.places)
    if group is not None:
        inside = GROUPINGS[group].members(codes[group])
    found = {
        code: inquiry.published(cells.cell((key[0], *kept.values(), code)), measure.count.unit).value for code in inside
    }
    return {code: value for code, value in found.items() if value}


def _variety(gate: Gate, parts: dict[str, float]) -> PublishedValue:
    total = sum(parts.values())
    if not total or (not gate.exact and total < SHARE_FROM):
        return gate.nothing
    entropy = -sum(value / total * log(value / total) for value in parts.values())
    return PublishedValue(exp(entropy) if gate.exact else round(exp(entropy), 1))


def _evenness(
    inquiry: Inquiry, measure: Spread, parts: dict[str, float], key: RowKey, codes: dict[str, str]
) -> PublishedValue:
    assert measure.amount is not None
    kept = _other_codes(codes, measure.over)
    rates, amounts = [], []
    for code, clients in parts.items():
        amount = inquiry.amounts.of(measure.amount, Period.parse(key[0]), {**kept, measure.over: code})
        amounts.append(amount)
        if amount and clients >= COMPARED_FROM:
            rates.append(clients / amount)
    if len(rates) < 2:
        return NO_DATA if amounts and not any(amounts) else inquiry.gate.nothing
    return PublishedValue(round(100 * min(rates) / max(rates)))


def _gap(
    inquiry: Inquiry, definition: Definition, measure: Spread, cells: Cells, clients: PublishedValue, key: RowKey,
    codes: dict[str, str],
) -> PublishedValue:  # fmt: skip
    """Return the number of clients missing from the area's average rate; rounded to the base of clients, at least 0.

    cells: of the whole area, by the other dimensions than `over`.
    """
    assert measure.amount is not None
    period = Period.parse(key[0])
    area = _other_codes(codes, measure.over)
    everyone = inquiry.published(cells.cell((key[0], *area.values())), measure.count.unit)
    is_told = places_told(inquiry, definition, period)
    residents, all_residents = (
        inquiry.amounts.of(measure.amount, period, of, is_told=is_told) for of in (codes, area)
    )  # fmt: skip
    if not residents or not all_residents:
        return NO_DATA
    if everyone.value is None or everyone.value < SHARE_FROM or clients.value is None:
        return inquiry.gate.nothing
    missing = everyone.value / all_residents * residents - clients.value
    return PublishedValue(max(0, BASE * round(missing / BASE)))

"""A slide of several publishers' areas beside each other: its sentence, its bars, and who has published which of them."""

from __future__ import annotations

from data.texts import Texts
from metrics.briefings.areas import GONE, AreaValue
from metrics.briefings.freezing import Answered
from metrics.gate import COMPARED_FROM, State
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.labels import distinct
from pages.i18n import formats
from pages.view import states
from pages.view.points import DataPoint
from pages.view.table import Table, pivot
from pages.view.values import NOTHING, Value, is_enough, told_if_enough


def statement(answered: Answered, t: Texts) -> str:
    """Return what the areas have: the first of them, and between what the others lie. It says nothing of what is hidden."""
    name = definitions()[answered.slide.metric].name[t.lang]
    shown = [(one, one.row) for one in answered.areas if one.row is not None and is_enough(one.row)]
    if not shown:
        return t("headline.areas.none", name=name)
    (first, row), others = shown[0], sorted((row for _, row in shown[1:]), key=lambda row: row.value or 0)
    told = {"name": name, "area": _name(first, t), "value": formats.value_text(row, t, unit=True)}
    if not others:
        return t("headline.areas.alone", **told)
    low, high = others[0], others[-1]
    ends = [_number(low, t)] if low.value != high.value else []
    ends.append(formats.value_text(high, t, unit=True))
    return t("headline.areas", count=len(others), others="–".join(ends), **told)


def _number(row: Row, t: Texts) -> str:
    value, decimals = formats.rounded(row.value or 0)
    return formats.number(value, t.lang, decimals)


def cells(answered: Answered, t: Texts) -> list[DataPoint]:
    """Return the areas as data points, in the slide's order; a value on too few clients to be compared is not drawn."""
    names = distinct({one.token: _name(one, t) for one in answered.areas})
    series = definitions()[answered.slide.metric].name[t.lang]
    return [
        DataPoint(
            one.token, names[one.token], "now", series,
            one.row.value if is_enough(one.row) and one.row else None, _told(one, t), state=_state(one.row),
        )
        for one in answered.areas
    ]  # fmt: skip


def table(answered: Answered, t: Texts) -> Table:
    """Return the same as a table."""
    return pivot(cells(answered, t), t("compare.area"))


def own(answered: Answered) -> str | None:
    """Return the area to highlight: the first of one's own; None where there is none."""
    return next((one.token for one in answered.areas if not one.publisher and one.why != GONE), None)


def notes(answered: Answered, t: Texts) -> tuple[str, ...]:
    """Return how to read the slide: what is hidden, who has published what, and that numbers are not added up."""
    there = [one for one in answered.areas if one.publisher]
    few = any(one.row and one.row.value is not None and not is_enough(one.row) for one in answered.areas)
    return (
        *((t("compare.few.note", count=COMPARED_FROM),) if few else ()),
        *states.notes((one.row.state for one in answered.areas if one.row), t),
        *dict.fromkeys(_source(one, t) for one in there),
        *((t("slide.areas.rounded"),) if there else ()),
    )


def _told(one: AreaValue, t: Texts) -> Value:
    if one.why:
        is_otherwise = one.why in ("package_definition", "other_gate")
        return Value(t("compare.other.otherwise" if is_otherwise else "compare.other.missing"))
    return told_if_enough(one.row, t) if one.row else NOTHING


def _state(row: Row | None) -> State:
    return row.state if row else "no_data"


def _name(one: AreaValue, t: Texts) -> str:
    if one.why == GONE:
        return t("slide.areas.gone", token=one.token)
    area = t("filter.all.area")
    if one.dimension:
        area = label(None, one.dimension, one.code, t.lang, {})
        area = area if one.dimension == "municipality" else t("filter.group." + one.dimension, name=area)
    return t("compare.other", area=area, publisher=one.publisher) if one.publisher else area


def _source(one: AreaValue, t: Texts) -> str:
    day = formats.day(one.until, t.lang) if one.until else "–"
    mark = f" ({t('page.sample.mark')})" if one.is_example else ""
    return t("package.source", publisher=one.publisher, release=one.release, day=day) + mark

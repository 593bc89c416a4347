"""A share of each area beside the one expected of its clients: bars with a mark, a table, and what it stands on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from metrics.expected.expected import Comparison, Expectation
from metrics.expected.likeness import most_alike
from metrics.gate import COMPARED_FROM
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from pages.charts.bars import bars
from pages.compare import expected
from pages.compare.areas import Area
from pages.figures import figure
from pages.figures.figure import Figure
from pages.i18n import formats
from pages.shell import asking, telling
from pages.shell.asking import compose
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.points import DataPoint, drawn
from pages.view.table import Line, Table
from pages.view.values import NOTHING, Value, counted, percentage, published


def show(page: Page, metric: str, chosen: Sequence[Area]) -> None:
    """Draw the chosen areas of one's own, or say why nothing is expected of them."""
    t = page.t
    if why := expected.why_not(page, metric, chosen):
        st.info(t(f"compare.expected.none.{why}"))
        return
    try:
        made = expected.comparisons(page, metric, chosen)
    except QuestionError as refusal:
        st.info(telling.refusal_text(refusal, t))
        return
    name = definitions()[metric].name[t.lang]
    found = expected.of_areas(made, chosen)
    used = next(iter(made.values()))
    told = [(area, one) for area, one in found if one.expected is not None]
    whole = asking.published(page.serving, compose(replace(page.view, area=None), (metric,)))
    notes = [t("compare.expected.note"), _facts(page, "taken", used.facts), _facts(page, "left", used.left_out)]
    notes += _lacking(page, [one for _, one in found if one.lacks])
    title = t("compare.expected.title", metric=name)
    shown = Figure(
        f"{metric}_expected",
        title,
        t("compare.expected.alt", metric=name),
        sentences.unit_text(definitions()[metric], t),
        tuple(filter(None, notes)),
    )
    st.markdown("\n".join(f"- {_sentence(page, area, one)}" for area, one in told))
    points, marks = _points(page, told)
    chart = bars(points, t, x_title=sentences.unit_text(definitions()[metric], t), unit="%", before=marks)
    figure.show(
        page, shown, replace(whole, rows=tuple(one.row for _, one in found)), chart, _table(page, found, made),
        titled=True, nothing=not told,
    )  # fmt: skip


def _points(page: Page, told: Sequence[tuple[Area, Expectation]]) -> tuple[list[DataPoint], dict[str, DataPoint]]:
    t = page.t
    name, expected = t("compare.expected.observed"), t("compare.expected.expected")
    points = [
        DataPoint(area.token, area.label, "observed", name, drawn(one.row), published(one.row, t)) for area, one in told
    ]
    marks = {
        area.token: DataPoint(area.token, area.label, "expected", expected, one.expected, percentage(one.expected, t))
        for area, one in told
    }
    return points, marks


def _table(page: Page, found: Sequence[tuple[Area, Expectation]], made: dict[str, Comparison]) -> Table:
    t = page.t
    header = [
        t("compare.area"),
        *(t(f"compare.expected.{one}") for one in ("observed", "expected", "ratio", "apart", "clear", "alike")),
    ]
    return Table(tuple(header), tuple(Line(area.label, _values(page, area, one, made)) for area, one in found))


def _values(page: Page, area: Area, one: Expectation, made: dict[str, Comparison]) -> tuple[Value, ...]:
    t = page.t
    if one.expected is None or one.lower is None or one.upper is None:
        return (published(one.row, t), *[NOTHING] * 3, Value(t("compare.expected.unclear.none")), NOTHING)
    ends = f"{formats.number(one.lower, t.lang)} … {formats.number(one.upper, t.lang)}"
    return (
        published(one.row, t), percentage(one.expected, t), counted(one.ratio, t, 2), Value(ends),
        Value(t(f"compare.expected.{one.direction}")), _alike(page, area, made),
    )  # fmt: skip


def _alike(page: Page, area: Area, made: dict[str, Comparison]) -> Value:
    """Return the municipality or area whose clients are most like this one's."""
    dimension = area.dimension or ""
    known = {one.row.codes[dimension]: one.clients for one in made[dimension].areas if one.clients}
    nearest = most_alike(area.code, known)
    if nearest is None:
        return NOTHING
    return Value(f"{page.label('clients', dimension, nearest[0])} ({formats.percent(100 * nearest[1], page.t.lang)})")


def _sentence(page: Page, area: Area, one: Expectation) -> str:
    t = page.t
    return t(
        f"compare.expected.said.{one.direction}", area=sentences.plain(area.label), observed=published(one.row, t).text,
        expected=percentage(one.expected, t).text,
    )  # fmt: skip


def _facts(page: Page, what: str, facts: Sequence[str]) -> str:
    names = ", ".join(page.t(f"dimension.{fact}").lower() for fact in facts)
    return page.t(f"compare.expected.{what}", facts=names) if facts else ""


def _lacking(page: Page, without: Sequence[Expectation]) -> list[str]:
    """Return why there is no expectation of some areas."""
    few = any(one.lacks == ("few",) for one in without)
    facts = dict.fromkeys(fact for one in without for fact in one.lacks if fact not in ("few", "untold"))
    return [
        *([page.t("compare.few.note", count=COMPARED_FROM)] if few else []),
        *states.notes([one.row.state for one in without if one.lacks == ("untold",)], page.t),
        _facts(page, "lacks", tuple(facts)),
    ]

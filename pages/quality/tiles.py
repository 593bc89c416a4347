"""Figures of quality as tiles: value, change, course of the months, and in words whether it is better and which way good lies."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, definitions
from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import changes, figure, key_figures, tables, target_marks
from pages.figures.key_figures import KeyFigure
from pages.i18n import formats
from pages.shell.page import Page
from pages.view import sentences
from pages.view.state import Choice
from pages.view.table import Line, Table
from pages.view.values import Value, published


@dataclass(frozen=True)
class QualityFigure:
    """One figure asked: its rows, the filters not in force in it, and why it cannot be asked, if so."""

    key: KeyFigure
    now: Row | None
    before: Row | None = None
    left_out: tuple[Choice, ...] = ()
    refused: str = ""

    def name(self, t: Texts) -> str:
        """Its metric's name, with the months it looks at."""
        after = f", {t('months', count=self.key.horizon)}" if self.key.horizon else ""
        return self.definition.name[t.lang] + after

    @property
    def definition(self) -> Definition:
        """Definition of its metric."""
        return definitions()[self.key.metric]


def tell(page: Page, key: KeyFigure) -> QualityFigure:
    """Ask a figure now and a year before. A question that cannot be asked is told, not raised."""
    try:
        now, before = key_figures.now_and_before(page, key)
        # Asked once already; the answer comes from the cache.
        found = page.ask(key.metric, period="all" if key.matured else None)
        return QualityFigure(key, now, before, found.composed.left_out)
    except QuestionError as error:
        return QualityFigure(key, None, refused=sentences.refusal_text(error, page.t))


def verdict(page: Page, told: QualityFigure) -> str:
    """`better`, `worse`, `unclear`, `no_side` (clear, but neither is good) or `none` (a change may not be told)."""
    way = changes.direction(page, told.now, told.before)
    if way is None:
        return "none"
    if way == "unclear":
        return "unclear"
    if told.definition.good == "none":
        return "no_side"
    return "better" if (way == "up") == (told.definition.good == "high") else "worse"


def show(page: Page, every: list[QualityFigure], key: str, title: str) -> None:
    """Draw the tiles of one section and the table of the same values."""
    t = page.t
    grid = st.grid(3, min_column_width=210)
    for told in every:
        with grid.container(border=True, height="stretch"):
            _tile(page, told)
    lines = []
    for told in every:
        values = (published(row, t, unit=True) for row in (told.now, told.before))
        words = _change(page, told) or "–", t("quality.good." + told.definition.good)
        lines.append(Line(told.name(t), (*values, *map(Value, words))))
    header = ("overview.figure", "overview.now", "chart.year_before", "overview.change", "quality.direction")
    table = Table(tuple(t(name) for name in header), tuple(lines))
    found = about(page, title, [told.definition.id for told in every], ())
    name = figure.csv_name(page, key, page.view.period)
    tables.show(
        table, t, caption=title, file_name=name, notes=found.lines, key=key,
        more=lambda: menu.offer(table, found, t, stem=name.removesuffix(".csv"), key=key),
    )  # fmt: skip


def _tile(page: Page, told: QualityFigure) -> None:
    t, now, definition = page.t, told.now, told.definition
    value = formats.value_text(now, t, unit=now.unit != "%") if now else "–"
    change = _change(page, told)
    way = changes.direction(page, now, told.before)
    st.metric(
        definition.name[t.lang],
        value,
        change,
        delta_color=key_figures.colour(definition.good, way),
        delta_arrow=key_figures.ARROWS[way],
        help=f"{definition.text[t.lang]} {definition.why[t.lang]}",
        chart_data=key_figures.spark(page, told.key) if now else None,
    )
    st.caption(" ".join(_said(page, told)))


def _change(page: Page, told: QualityFigure) -> str | None:
    if told.now is None:
        return None
    return sentences.change_text(told.now, told.before, page.t, points=told.definition.unit == "%")


def _said(page: Page, told: QualityFigure) -> list[str]:
    """Under the tile: how it stands against the year before, which way good lies, the target, which filters are not in force."""
    t = page.t
    if told.refused or told.now is None:
        return [told.refused or t("figure.no_data")]
    before = formats.value_text(told.before, t, unit=told.before.unit != "%") if told.before else ""
    said = [t("quality.good." + told.definition.good) + "."]
    if told.key.matured:
        said.insert(0, t("quality.everyone"))
    elif before:
        said.insert(0, t("quality." + verdict(page, told), before=before))
    # A year's target is not for a figure of everyone who has ever started.
    periods = () if told.key.matured else (page.view.period,)
    said += [goal.text + "." for goal in target_marks.marks(page, told.key.metric, periods).goals]
    if told.key.horizon:
        said.insert(0, t("quality.after", months=t("months", count=told.key.horizon)))
    if told.left_out:
        names = ", ".join(sentences.plain(sentences.choice_text(c, t, page.serving.places)) for c in told.left_out)
        said.append(f":material/filter_alt_off: **{t('figure.left_out', count=len(told.left_out), names=names)}**")
    return said

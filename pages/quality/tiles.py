"""Quality figures as tiles: value, change, line of months, and in words whether it is better and which direction is good."""

from __future__ import annotations

from dataclasses import dataclass

import streamlit as st

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, definitions
from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import changes, comparing, figure, key_figures, tables, target_marks
from pages.figures.key_figures import KeyFigure
from pages.figures.unrecorded import keep_reasons
from pages.i18n import formats
from pages.shell import telling
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.state import Choice
from pages.view.table import Line, Table
from pages.view.values import Value, published


@dataclass(frozen=True)
class QualityFigure:
    """The answer for one figure: its rows, the filters that do not apply, and the refusal if it cannot be asked."""

    key: KeyFigure
    now: Row | None
    before: Row | None = None
    left_out: tuple[Choice, ...] = ()
    refused: str = ""

    def name(self, t: Texts) -> str:
        """Return the metric's name, with its horizon in months."""
        after = f", {t('months', count=self.key.horizon)}" if self.key.horizon else ""
        return self.definition.name[t.lang] + after

    @property
    def definition(self) -> Definition:
        """The definition of its metric."""
        return definitions()[self.key.metric]


def ask_figure(page: Page, key: KeyFigure) -> QualityFigure:
    """Return the figure now and before; a question that the grammar refuses is kept in `refused`, not raised."""
    try:
        now, before = key_figures.now_and_before(page, key)
        # The answer is cached from the line above.
        found = page.ask(key.metric, period="all" if key.matured else None)
        return QualityFigure(key, now, before, found.composed.left_out)
    except QuestionError as error:
        return QualityFigure(key, None, refused=telling.refusal_text(error, page.t))


def verdict(page: Page, asked: QualityFigure) -> str:
    """Return `better`, `worse`, `unclear`, `no_side` (clear, but neither is good) or `none` (cannot be compared)."""
    way = changes.direction(page, asked.now, asked.before)
    if way is None:
        return "none"
    if way == "unclear":
        return "unclear"
    if asked.definition.good == "none":
        return "no_side"
    return "better" if (way == "up") == (asked.definition.good == "high") else "worse"


def show(page: Page, every: list[QualityFigure], key: str, title: str) -> None:
    """Draw the tiles of one section and the table of the same values."""
    t = page.t
    grid = st.grid(3, min_column_width=210)
    has_line = False
    for asked in every:
        with grid.container(border=True, height="stretch"):
            has_line |= _tile(page, asked)
    if has_line:
        st.caption(key_figures.spark_note(page))
    keep_reasons(page, [(asked.definition.name[t.lang], asked.now) for asked in every if asked.now is not None])
    lines = []
    for asked in every:
        beside = comparing.values(page, asked.now, asked.before) if asked.now else comparing.nothing(page)
        values = (published(asked.now, t, unit=True), *beside, Value(t("quality.good." + asked.definition.good)))
        lines.append(Line(key_figures.line_name(asked.key, asked.name(t), t), values))
    header = (t("overview.figure"), t("overview.now"), *comparing.columns(page), t("quality.direction"))
    table = Table(header, tuple(lines))
    found = about(page, title, [asked.definition.id for asked in every], ())
    name = figure.csv_name(page, key, page.view.period)
    tables.show(
        table, t, caption=title, file_name=name, notes=found.lines, key=key, words=(len(header) - 1,),
        more=lambda: menu.offer(table, found, t, stem=name.removesuffix(".csv"), key=key),
    )  # fmt: skip


def _tile(page: Page, asked: QualityFigure) -> bool:
    """Draw a tile, and return whether it has a line."""
    t, now, definition = page.t, asked.now, asked.definition
    value = key_figures.tile_text(now, t, unit=now.unit != "%") if now else "–"
    beside = comparing.beside(page, now, asked.before) if now else None
    way = changes.direction(page, now, asked.before)
    line = key_figures.spark(page, asked.key) if now else None
    st.metric(
        definition.name[t.lang],
        value,
        beside,
        delta_color=key_figures.colour(definition.good, way) if page.view.earlier_by else "off",
        delta_arrow=key_figures.ARROWS[way],
        help=f"{sentences.meaning(definition, t)} {definition.why[t.lang]}",
        chart_data=line,
    )
    st.caption(" ".join(_captions(page, asked)))
    return line is not None


def values_text(page: Page, asked: QualityFigure) -> str:
    """Return the value now and before, and the change: `90 %, vuotta aiemmin 83 % (+7 %-yks.)`."""
    if asked.now is None or asked.before is None:
        return ""
    now, before = (formats.value_text(row, page.t, unit=row.unit != "%") for row in (asked.now, asked.before))
    return f"{now}, {page.when_before} {before} ({comparing.change(page, asked.now, asked.before)})"


def _captions(page: Page, asked: QualityFigure) -> list[str]:
    """Return the lines under a tile: comparison, good direction, target, and filters that do not apply."""
    t = page.t
    if asked.refused or asked.now is None:
        return [asked.refused or t("figure.no_data")]
    before = formats.value_text(asked.before, t, unit=asked.before.unit != "%") if asked.before else ""
    lines = [t("quality.good." + asked.definition.good) + "."]
    if asked.key.matured:
        lines.insert(0, t("quality.everyone"))
    elif before and states.is_said(asked.now) and page.view.earlier_by:
        said = verdict(page, asked)
        lines.insert(0, t("quality." + said, before=before, when=page.when_before))
        # Without a call, one wonders what would have been called.
        power = changes.power_text(page, asked.now, short=True) if said == "unclear" else None
        lines += [power] if power else []
    # The target of a year does not apply to a figure over all years.
    periods = () if asked.key.matured or page.view.against == "target" else (page.view.period,)
    lines += [goal.text + "." for goal in target_marks.marks(page, asked.key.metric, periods).goals]
    if not states.is_said(asked.now):
        lines.insert(0, states.in_short(asked.now, t) + ".")
    if asked.key.horizon:
        lines.insert(0, t("quality.after", months=t("months", count=asked.key.horizon)))
    if asked.left_out:
        names = ", ".join(sentences.plain(sentences.choice_text(c, t, page.serving.places)) for c in asked.left_out)
        lines.append(f":material/filter_alt_off: **{t('figure.left_out', count=len(asked.left_out), names=names)}**")
    return lines

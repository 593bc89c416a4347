"""A table of several metrics of the same groups, openly on the page, with bars in its cells."""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence

import streamlit as st

from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import figure, tables
from pages.figures.figure import Figure
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view.table import Table


def show(
    page: Page, shown: Figure, asked: Sequence[FigureRows], bars: Collection[int], make: Callable[[], Table]
) -> None:
    """Draw title, n, table, downloads and notes, or what is lacking.

    asked: the rows of its columns, the first of which says n; bars: indices of columns with bars; make: returns the table, after
    the choices that it draws under the title.
    """
    t, first = page.t, asked[0]
    if figure.is_lacking(page, first):
        return
    brief, facts = figure.source_lines(page, shown, first)
    metrics = [metric for found in asked for metric in found.answer.question.metrics]
    st.subheader(shown.title, help=figure.explained(page, facts, metrics))
    left_out = figure.filter_notes(page, first.composed)
    st.caption("  \n".join([brief, *left_out]))
    if not first.rows:
        st.info(t("figure.no_data"))
        return
    table = make()
    found = about(page, shown.title, metrics, [facts, *left_out, *shown.notes], first.composed.question)
    name = figure.csv_name(page, shown.key, page.view.period)
    tables.show(
        table, t, caption=shown.title, file_name=name, notes=found.lines, key=shown.key, bars=bars,
        more=lambda: menu.offer(table, found, t, stem=name.removesuffix(".csv"), key=shown.key),
    )  # fmt: skip
    if shown.notes:
        st.caption(" ".join(shown.notes))

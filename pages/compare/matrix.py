"""The matrix of a comparison: areas as rows, figures as columns, each value with an arrow where it has clearly changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from pages.compare.areas import Compared, is_enough
from pages.figures import tables
from pages.i18n import formats
from pages.shell.page import Page
from pages.view.table import of_texts

ARROWS = {"up": " ↗", "down": " ↘"}


def show(page: Page, found: Mapping[str, Sequence[Compared]]) -> None:
    """Draw the matrix. found: each metric's areas, the same in all that could be asked."""
    t, asked = page.t, {metric: group for metric, group in found.items() if group}
    if len(asked) < 2:
        return
    names = [one.area.label for one in next(iter(asked.values()))]
    rows = [(name, *(_text(page, group[place]) for group in asked.values())) for place, name in enumerate(names)]
    header = (t("compare.area"), *(definitions()[metric].name[t.lang] for metric in asked))
    st.html(tables.to_html(of_texts(header, rows), t("compare.matrix"), whole=True))
    st.caption(t("compare.matrix.note", when=page.when_before))


def _text(page: Page, one: Compared) -> str:
    return _value(page, one.now) + ARROWS.get(str(one.trend), "")


def _value(page: Page, row: Row | None) -> str:
    if row is None or row.value is None or is_enough(row):
        return formats.value_text(row, page.t) if row else "–"
    return page.t("compare.few", count=COMPARED_FROM)

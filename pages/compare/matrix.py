"""The matrix of a comparison: areas as rows, figures as columns, each value with an arrow where it has clearly changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from metrics.model.definition import definitions
from pages.compare import others
from pages.compare.areas import told
from pages.compare.sides import Compared
from pages.figures import tables
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
    if one.now is None and one.refusals:
        return others.mark_of(page, one.refusals[0])
    return told(page, one.now).text + ARROWS.get(str(one.trend), "")

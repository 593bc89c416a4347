"""The files of a figure, beside its table. Each is made when it is asked for: drawing a page costs nothing more."""

from __future__ import annotations

from collections.abc import Callable

import altair as alt
import streamlit as st

from data.texts import Texts
from pages.downloads.about import About
from pages.view.table import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(
    table: Table, found: About, t: Texts, *, stem: str, key: str, chart: alt.Chart | None = None, said: str = ""
) -> None:
    """Buttons for XLSX, and for PNG and SVG where there is a chart. stem: name of the files; said: the chart in words."""
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [("xlsx", XLSX, lambda: _xlsx(table, found, t))]
    if chart is not None:
        kinds.append(("png", "image/png", lambda: _png(chart, found, said)))
        kinds.append(("svg", "image/svg+xml", lambda: _svg(chart, found, said)))
    for kind, mime, make in kinds:
        st.download_button(
            t("export." + kind), make, file_name=f"{stem}.{kind}", mime=mime, key=f"{kind}_{key}", on_click="ignore",
            icon=":material/download:",
        )  # fmt: skip


# What makes workbooks and pictures takes half a second to import: whoever asks for a file waits for it, not every reader.


def _xlsx(table: Table, found: About, t: Texts) -> bytes:
    from pages.downloads.workbook import to_xlsx

    return to_xlsx(table, found, t)


def _png(chart: alt.Chart, found: About, said: str) -> bytes:
    from pages.downloads.image import to_png

    return to_png(chart, found, said)


def _svg(chart: alt.Chart, found: About, said: str) -> bytes:
    from pages.downloads.image import to_svg

    return to_svg(chart, found, said)

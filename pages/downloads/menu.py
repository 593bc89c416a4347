"""Download buttons of a figure; a file is generated only when its button is clicked."""

from __future__ import annotations

from collections.abc import Callable

from data.texts import Texts
from pages.charts.template import Plot
from pages.downloads.about import About
from pages.shell import noting
from pages.view.table import Table

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def offer(
    table: Table, found: About, t: Texts, *, stem: str, key: str, chart: Plot | None = None, alt_text: str = ""
) -> None:
    """Draw buttons for XLSX, and for PNG and SVG where there is a chart.

    stem: file name without ending; key: unique on the page; alt_text: description of the chart for screen readers.
    """
    kinds: list[tuple[str, str, Callable[[], bytes]]] = [("xlsx", XLSX, lambda: _xlsx(table, found, t))]
    if chart is not None:
        kinds.append(("png", "image/png", lambda: _png(chart, found, alt_text)))
        kinds.append(("svg", "image/svg+xml", lambda: _svg(chart, found, alt_text)))
    for kind, mime, make in kinds:
        noting.download(t("export." + kind), make, file_name=f"{stem}.{kind}", mime=mime, key=f"{kind}_{key}")


# Imported on use: the libraries take half a second to import, which only those who download should wait for.


def _xlsx(table: Table, found: About, t: Texts) -> bytes:
    from pages.downloads.workbook import to_xlsx

    return to_xlsx(table, found, t)


def _png(chart: Plot, found: About, alt_text: str) -> bytes:
    from pages.downloads.image import to_png

    return to_png(chart, found, alt_text)


def _svg(chart: Plot, found: About, alt_text: str) -> bytes:
    from pages.downloads.image import to_svg

    return to_svg(chart, found, alt_text)

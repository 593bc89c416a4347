"""Heat maps of the page Tavoittavuus: languages by municipality, ages by sex, channels by municipality."""

from __future__ import annotations

from collections.abc import Sequence

from pages.figures import breakdowns, lacking_marks
from pages.figures.figure import Figure
from pages.shell.page import Page
from pages.view.points import DataPoint, known_first, largest_label, series_of, x_of


def languages(page: Page) -> None:
    """Draw reach by language and municipality, without languages that have no published value."""
    t = page.t
    found = page.ask("reach_per_1000", by=("language", "municipality"))
    cells = lacking_marks.cells(page, found.rows, found.answer, x="municipality", series="language")
    seen = {cell.series for cell in cells if cell.value is not None}
    size = {row.codes["language"]: row.n or 0 for row in page.ask("reach_per_1000", by=("language",)).rows}
    rows = [code for code in sorted(size, key=lambda code: -size[code]) if code in seen]
    columns = {row.codes["municipality"]: row.n or 0 for row in page.ask("reach_per_1000", by=("municipality",)).rows}
    across = sorted(columns, key=lambda code: -columns[code])
    alt = t("reach.languages.alt", largest=_largest(cells))
    shown = Figure("languages", t("reach.languages"), alt, t("reach.unit.residents"), (t("reach.languages.note"),))
    breakdowns.heat(
        page,
        shown,
        found,
        cells,
        rows=rows,
        columns=across,
        corner=t("demand.language"),
        of=("municipality", "language"),
    )


def persons(page: Page) -> None:
    """Draw clients by age and sex, the youngest first."""
    t = page.t
    found = page.ask("clients", by=("age_band", "sex"))
    cells = page.cells(found.rows, x="sex", series="age_band")
    alt = t("reach.persons.alt", largest=_largest(cells))
    shown = Figure("persons", t("reach.persons"), alt, t("unit.clients"), (t("reach.persons.note"),))
    rows, columns = (tuple(page.labels("clients", name)) for name in ("age_band", "sex"))
    breakdowns.heat(
        page, shown, found, cells, rows=rows, columns=columns, corner=t("dimension.age_band"), of=("sex", "age_band")
    )


def _largest(cells: Sequence[DataPoint]) -> str:
    """Return the row and column of the cell with the largest value."""
    largest = max((cell for cell in cells if cell.value is not None), key=lambda cell: cell.value or 0, default=None)
    return f"{largest.series_label}, {largest.x_label}" if largest else "–"


def channels(page: Page, metrics: Sequence[str]) -> None:
    """Draw the shares of channels by municipality. metrics: the shares."""
    t = page.t
    found = page.ask(*metrics, by=("municipality",))
    cells = lacking_marks.cells(page, found.rows, found.answer, x="metric", series="municipality")
    rows = known_first(cells, series_of)
    alt = t("reach.channels_by.alt", largest=largest_label(cells, x_of))
    shown = Figure("channels_by", t("reach.channels_by"), alt, t("reach.unit.encounters"))
    breakdowns.heat(
        page,
        shown,
        found,
        cells,
        rows=rows,
        columns=metrics,
        corner=t("demand.municipality"),
        of=("metric", "municipality"),
    )

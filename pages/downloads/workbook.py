"""A figure's values as an XLSX workbook: typed numbers, a sheet of definitions, and no formulas."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from data.texts import Texts
from pages.downloads.about import About, definition_rows
from pages.theme.colours import light
from pages.view.table import Table
from pages.view.values import Value

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_WIDEST, _NARROWEST = 60, 10
MARK_COLOUR = light("mark")


@dataclass(frozen=True)
class SheetColumn:
    """A column of values. unit: common unit of all its numbers, None when they differ, empty for none."""

    name: str
    values: tuple[Value, ...]
    unit: str | None

    @property
    def has_intervals(self) -> bool:
        """Whether any value has an interval."""
        return any(value.interval for value in self.values)


def to_xlsx(table: Table, found: About, t: Texts) -> bytes:
    """Return a workbook with three sheets: values, metadata and definitions. A suppressed value is a text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": found.title, "author": "Tilannekuva", "comments": "\n".join(found.lines)})
        looks = _Looks(book)
        _values(book.add_worksheet(t("export.values")), table, looks, t)
        about = book.add_worksheet(t("export.about"))
        about.set_column(0, 0, 110)
        for line, text in enumerate((found.title, *found.lines)):
            about.write_string(line, 0, text, looks.bold if line == 0 or text == found.mark else looks.wrapped)
        defined = book.add_worksheet(t("export.definitions"))
        defined.set_column(0, 2, 20)
        defined.set_column(3, 6, 50)
        for line, row in enumerate(definition_rows(found, t)):
            for column, text in enumerate(row):
                if line and column == 2:
                    defined.write_number(line, column, int(text), looks.wrapped)
                else:
                    defined.write_string(line, column, text, looks.wrapped if line else looks.bold)
        for sheet in book.worksheets():
            sheet.set_landscape()
            sheet.fit_to_pages(1, 0)
            if found.mark:
                # Marked on the printed page and on the tab, so that exact values are always recognised as such.
                sheet.set_header("&L&B" + found.mark)
                sheet.set_tab_color(MARK_COLOUR)
    return out.getvalue()


class _Looks:
    """Cell formats of a workbook, each created once."""

    def __init__(self, book: xlsxwriter.Workbook) -> None:
        self.bold = book.add_format({"bold": True, "text_wrap": True})
        self.wrapped = book.add_format({"text_wrap": True, "valign": "top"})
        self.hidden = book.add_format({"align": "right"})
        self._numbers: dict[str, Format] = {}
        self._book = book

    def number(self, value: Value, unit: str | None) -> Format:
        """Return the format of a number; in a column of several units it includes the number's own unit."""
        form = "#,##0" + ("." + "0" * value.decimals if value.decimals else "")
        if unit is None and value.unit:
            form += f'" {value.unit.replace(chr(34), "")}"'
        if form not in self._numbers:
            self._numbers[form] = self._book.add_format({"num_format": form})
        return self._numbers[form]


def _values(sheet: Worksheet, table: Table, looks: _Looks, t: Texts) -> None:
    """Write the names, then each column of values with its unit in the heading, and its intervals in two more columns."""
    sheet.freeze_panes(1, 1)
    names = [table.header[0], *(line.name for line in table.lines)]
    for line, name in enumerate(names):
        sheet.write_string(line, 0, name, None if line else looks.bold)
    sheet.set_column(0, 0, _width(names))
    place = 1
    for column in columns(table):
        heading = f"{column.name} ({column.unit})" if column.unit else column.name
        sheet.write_string(0, place, heading, looks.bold)
        for line, value in enumerate(column.values, 1):
            if value.number is None:
                sheet.write_string(line, place, value.text, looks.hidden)
            else:
                sheet.write_number(line, place, value.number, looks.number(value, column.unit))
        sheet.set_column(place, place, _width([heading, *(value.text for value in column.values)]))
        place += 1
        if column.has_intervals:
            _intervals(sheet, column, place, looks, t)
            place += 2


def _intervals(sheet: Worksheet, column: SheetColumn, place: int, looks: _Looks, t: Texts) -> None:
    for end, name in enumerate(("lower", "upper")):
        sheet.write_string(0, place + end, t("export." + name, name=column.name), looks.bold)
        for line, value in enumerate(column.values, 1):
            if value.interval:
                sheet.write_number(line, place + end, value.interval[end])
    sheet.set_column(place, place + 1, _NARROWEST + 6)


def _width(texts: Sequence[str]) -> int:
    """Return the width of a column by its longest text, in characters."""
    return min(max(max(map(len, texts)) + 2, _NARROWEST), _WIDEST)


def columns(table: Table) -> tuple[SheetColumn, ...]:
    """Return the columns of values of a table, without the names."""
    made = []
    for place, name in enumerate(table.header[1:]):
        values = tuple(line.values[place] for line in table.lines)
        made.append(SheetColumn(name, values, _common(values)))
    return tuple(made)


def _common(values: Sequence[Value]) -> str | None:
    units = {value.unit for value in values if value.number is not None}
    return units.pop() if len(units) == 1 else None if units else ""

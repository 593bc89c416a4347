"""A figure's values as a workbook: numbers that are numbers, a sheet of definitions, and nothing that is ever computed."""

from __future__ import annotations

import io

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from pages.parts.exports.about import About, definition_rows
from pages.parts.tables import Table
from pages.parts.texts import Texts

_OPTIONS = {"in_memory": True, "strings_to_formulas": False, "strings_to_numbers": False, "strings_to_urls": False}
_WIDEST, _NARROWEST = 60, 10


def to_xlsx(table: Table, found: About, t: Texts) -> bytes:
    """Three sheets: the values, what they stand on, and the definitions. A hidden value is its text."""
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, _OPTIONS) as book:
        book.set_properties({"title": found.title, "author": "Tilannekuva"})
        bold, wrapped = (
            book.add_format({"bold": True, "text_wrap": True}),
            book.add_format({"text_wrap": True, "valign": "top"}),
        )
        whole, one, percent = (book.add_format({"num_format": form}) for form in ("#,##0", "#,##0.0", '0" %"'))
        values = book.add_worksheet(t("export.values"))
        for column, name in enumerate(table.header):
            values.write_string(0, column, name, bold)
        for line, (texts, numbers) in enumerate(zip(table.rows, table.numbers, strict=True), 1):
            values.write_string(line, 0, texts[0])
            for column, (text, number) in enumerate(zip(texts[1:], numbers, strict=True), 1):
                if number is None:
                    values.write_string(line, column, text)
                else:
                    is_whole = float(number).is_integer()
                    form = percent if text.rstrip().endswith("%") and is_whole else whole if is_whole else one
                    values.write_number(line, column, number, form)
        values.freeze_panes(1, 1)
        _fit(values, [table.header, *table.rows])
        said = book.add_worksheet(t("export.about"))
        said.set_column(0, 0, 110)
        for line, text in enumerate((found.title, *found.lines)):
            said.write_string(line, 0, text, bold if line == 0 else wrapped)
        meant = book.add_worksheet(t("export.definitions"))
        meant.set_column(0, 2, 20)
        meant.set_column(3, 6, 50)
        for line, row in enumerate(definition_rows(found, t)):
            for column, text in enumerate(row):
                if line and column == 2:
                    meant.write_number(line, column, int(text), wrapped)
                else:
                    meant.write_string(line, column, text, wrapped if line else bold)
    return out.getvalue()


def _fit(sheet: Worksheet, rows: list[tuple[str, ...]]) -> None:
    """Columns as wide as their longest text."""
    for column in range(len(rows[0])):
        longest = max(len(row[column]) for row in rows)
        sheet.set_column(column, column, min(max(longest + 2, _NARROWEST), _WIDEST))

"""Empty workbooks to fill in, made from the record models: one sheet per table, a list to choose from in every coded column."""

from __future__ import annotations

from io import BytesIO

import xlsxwriter
from xlsxwriter.worksheet import Worksheet

from data.codes import code_list
from data.model.records import TABLES
from data.model.schema import Column, field_column
from data.texts import message

ROWS = 2_000
"""Rows with lists to choose from; more can be added by copying one."""

_WIDTH = 18
_LISTS = "codes"


def template(lang: str, tables: tuple[str, ...] = tuple(TABLES)) -> bytes:
    """An XLSX workbook with a sheet for each table, headed by the names of its fields; the import knows it as it is.

    Required columns are bold. A coded column offers the labels of its list; a column of several codes takes them with ; between.
    """
    out = BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True}) as book:
        bold = book.add_format({"bold": True, "text_wrap": True, "valign": "top"})
        plain = book.add_format({"text_wrap": True, "valign": "top"})
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        text = book.add_format({"num_format": "@"})
        # The lists come last but are filled as the tables need them.
        sheets = [(table, book.add_worksheet(_sheet_name(table, lang))) for table in tables]
        lists = book.add_worksheet(_LISTS)
        lists.hide()
        places: dict[str, int] = {}
        for table, sheet in sheets:
            sheet.freeze_panes(1, 0)
            for place, field in enumerate(TABLES[table].model_fields):
                column = field_column(TABLES[table], field)
                form = day if column.type == "DATE" else text if column.identity else None
                sheet.set_column(place, place, _WIDTH, form)
                sheet.write_string(0, place, message(f"field.{field}", lang), bold if column.required else plain)
                _offer(sheet, lists, places, place, column, lang)
    return out.getvalue()


def _offer(
    sheet: Worksheet, lists: Worksheet, places: dict[str, int], place: int, column: Column, lang: str
) -> None:  # fmt: skip
    """A list of labels in a coded column, a note where several may stand in a cell."""
    if not column.code_list:
        return
    codes = code_list(column.code_list)
    if column.code_list not in places:
        places[column.code_list] = len(places)
        lists.write_column(0, places[column.code_list], [codes.label(code, lang) for code in codes.ids])
    letters = xlsxwriter.utility.xl_col_to_name(places[column.code_list])
    rule: dict[str, object] = {"validate": "list", "source": f"={_LISTS}!${letters}$1:${letters}${len(codes)}"}
    if column.is_list:
        # Several at once are typed: the list shows the words, and warns of no other text.
        rule |= {"show_error": False, "input_message": message("template.several", lang)}
    sheet.data_validation(1, place, ROWS, place, rule)


def _sheet_name(table: str, lang: str) -> str:
    """The table's name as a sheet may be called: at most 31 letters."""
    return message(f"table.{table}", lang)[:31]

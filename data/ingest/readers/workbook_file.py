"""Excel workbooks: every visible sheet that holds a table, with values as calamine reads them (macros never run)."""

from collections.abc import Sequence
from pathlib import Path

import fastexcel
import polars as pl

from data.ingest.readers import workbook_check
from data.ingest.readers.header import SAMPLE_ROWS, filled, find_header
from data.ingest.readers.sheet import FileRefused, Progress, Sheet, file_name
from data.ingest.readers.table import assemble
from data.ingest.readers.workbook_check import Merged

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, progress: Progress | None = None) -> tuple[Sheet, ...]:
    """The sheets of a workbook; empty and hidden ones are skipped and told in the notes of the first one read.

    Raises FileRefused: `not_a_workbook`, `password`, `too_large`, `too_large_area`, `empty_file`, `header_only`.
    """
    file = file_name(path)
    merged = {} if _is_old_format(path) else workbook_check.check(path)
    try:
        book = fastexcel.read_excel(path)
        names = list(book.sheet_names)
    except fastexcel.FastExcelError:
        raise FileRefused(file, "not_a_workbook") from None
    sheets: list[Sheet] = []
    skipped: list[str] = []
    refused = FileRefused(file, "empty_file")
    for done, name in enumerate(names):
        try:
            loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            frame = loaded.to_polars() if loaded.visible == "visible" else None
        except fastexcel.FastExcelError:
            raise FileRefused(file, "not_a_workbook") from None
        if frame is None:
            skipped.append(f"hidden_sheet:{name}")
            continue
        try:
            sheets.append(_sheet(file, name, frame, merged.get(name, ())))
        except FileRefused as reason:
            refused = reason if reason.reason == "header_only" else refused
            skipped.append(f"empty_sheet:{name}")
        if progress:
            progress((done + 1) / len(names))
    if not sheets:
        raise refused
    if not skipped:
        return tuple(sheets)
    first = sheets[0]
    told = Sheet(file, first.name, first.header, first.rows, first.broken, (*first.notes, *skipped), first.titles)
    return (told, *sheets[1:])


def _is_old_format(path: Path) -> bool:
    """Whether this is a workbook of Excel 97–2003; a workbook with a password hides in the same container."""
    data = path.read_bytes()
    if not data.startswith(OLE_MARK):
        return False
    if _ENCRYPTED in data:
        raise FileRefused(file_name(path), "password")
    return True


def _sheet(file: str, name: str, frame: pl.DataFrame, merged: Sequence[Merged]) -> Sheet:
    """The sheet under its header; frame row 0 is row 1 of the spreadsheet."""
    frame = frame.rename({column: f"c{index}" for index, column in enumerate(frame.columns)})
    frame = _fill_down(frame, merged).with_columns(_iso(pl.all()))
    head = frame.head(SAMPLE_ROWS).rows()
    index = find_header(head)
    if index is None:
        raise FileRefused(file, "empty_file")
    # A header of two storeys: what names a column alone is merged over both, so the lower one is the whole header.
    index = max([index, *(area.bottom - 1 for area in merged if area.top - 1 == index)])
    if index >= len(head) or not filled(head[index]):
        raise FileRefused(file, "header_only")
    header = list(head[index])
    for area in merged:
        if area.top - 1 <= index <= area.bottom - 1:
            header[area.left : area.right + 1] = [header[area.left]] * len(header[area.left : area.right + 1])
    return assemble(
        file=file,
        name=name,
        header=header,
        frame=frame.with_row_index("row", offset=1).slice(index + 1),
        notes=(f"header_row:{index + 1}",),
        above=head[:index],
    )


def _fill_down(frame: pl.DataFrame, merged: Sequence[Merged]) -> pl.DataFrame:
    """A cell merged over several rows says the same of each of them, while the file holds it in the first only."""
    tall = [area for area in merged if area.bottom > area.top and 0 <= area.left < frame.width]
    for left in sorted({area.left for area in tall}):
        column = frame[f"c{left}"]
        values = column.to_list()
        for area in tall:
            if area.left == left and area.top <= len(values):
                below = slice(area.top, min(area.bottom, len(values)))
                values[below] = [values[area.top - 1]] * (below.stop - below.start)
        frame = frame.with_columns(pl.Series(column.name, values, pl.String()))
    return frame


def _iso(cells: pl.Expr) -> pl.Expr:
    """Real dates without the midnight, times of day without the day Excel counts from."""
    dates = cells.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
    return dates.str.replace(r"^1899-12-3[01] (\d{2}:\d{2}:\d{2})$", "$1")

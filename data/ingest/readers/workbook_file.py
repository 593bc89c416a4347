"""Workbooks of Excel and OpenDocument: every visible sheet that holds a table, with values as calamine reads them.

Macros never run.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import fastexcel
import polars as pl

from data.ingest.readers import ods_check, workbook_check
from data.ingest.readers.header import SAMPLE_ROWS, filled, find_header, name_of
from data.ingest.readers.sheet import NO_RESULTS, FileRefused, Sheet
from data.ingest.readers.table import assemble
from data.ingest.readers.workbook_check import CellLayout, Merged

_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")


def read_workbook(path: Path, file: str) -> tuple[Sheet, ...]:
    """The sheets of an XLSX workbook; empty and hidden ones are skipped and told in the notes of the first one read.

    Raises FileRefused: `not_a_workbook`, `password`, `too_large`, `too_large_area`, `long_cell`, `empty_file`, `header_only`.
    """
    return _sheets(path, file, workbook_check.check(path, file))


def read_ods(path: Path, file: str) -> tuple[Sheet, ...]:
    """The sheets of an OpenDocument spreadsheet; otherwise as `read_workbook`."""
    return _sheets(path, file, ods_check.check(path, file))


def read_old_workbook(path: Path, file: str) -> tuple[Sheet, ...]:
    """The sheets of a workbook of Excel 97–2003, which has at most 65 536 rows of 256 columns; otherwise as `read_workbook`.

    A workbook of any age that has a password hides in the same container.
    """
    if _ENCRYPTED in path.read_bytes():
        raise FileRefused(file, "password")
    return _sheets(path, file, {})


def _sheets(path: Path, file: str, layouts: Mapping[str, CellLayout]) -> tuple[Sheet, ...]:
    size = path.stat().st_size
    with _refusing(file):
        book = fastexcel.read_excel(path)
        names = list(book.sheet_names)
    sheets: list[Sheet] = []
    skipped: list[str] = []
    refused = FileRefused(file, "empty_file")
    for name in names:
        with _refusing(file):
            loaded = book.load_sheet(name, header_row=None, skip_rows=0, dtypes="string")
            frame = loaded.to_polars() if loaded.visible == "visible" else None
        if frame is None:
            skipped.append(f"hidden_sheet:{name}")
            continue
        try:
            sheets.append(_sheet(file, name, size, frame, layouts.get(name, CellLayout())))
        except FileRefused as reason:
            if reason.reason not in ("empty_file", "header_only"):
                raise
            refused = reason if reason.reason == "header_only" else refused
            skipped.append(f"empty_sheet:{name}")
    if not sheets:
        raise refused
    return (replace(sheets[0], notes=(*sheets[0].notes, *skipped)), *sheets[1:])


@contextmanager
def _refusing(file: str) -> Iterator[None]:
    try:
        yield
    except fastexcel.FastExcelError:
        raise FileRefused(file, "not_a_workbook") from None
    except BaseException as error:
        # What a library in Rust panics with is no Exception; it means damage that the library did not expect.
        if type(error).__name__ != "PanicException":
            raise
        raise FileRefused(file, "not_a_workbook") from None


def _sheet(file: str, name: str, size: int, frame: pl.DataFrame, layout: CellLayout) -> Sheet:
    """The sheet under its header; frame row 0 is row 1 of the spreadsheet."""
    merged = layout.merged
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
    sheet = assemble(
        file=file,
        name=name,
        size=size,
        header=header,
        frame=frame.with_row_index("row", offset=1).slice(index + 1),
        notes=(f"header_row:{index + 1}",),
        above=head[:index],
    )
    lacking = (name_of(header[place]) for place in _without_results(frame.slice(index + 1), layout, index + 1))
    return replace(sheet, notes=(*sheet.notes, *(f"{NO_RESULTS}:{one}" for one in lacking if one in sheet.header)))


def _without_results(rows: pl.DataFrame, layout: CellLayout, above: int) -> list[int]:
    """Columns with formulas on several rows that the file has no results of: a program wrote it, and Excel never opened it.

    above: number of the rows that the sheet has above these.
    """
    found = []
    for place, numbers in layout.formulas.items():
        below = [number - above - 1 for number in numbers if above < number <= above + rows.height]
        if 0 <= place < rows.width and below and rows[f"c{place}"].gather(below).null_count() > 1:
            found.append(place)
    return found


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
    """Real dates without the midnight, times of day without the day Excel counts from: 1900's or, of old Macs, 1904's."""
    dates = cells.str.replace(r"^(\d{4}-\d{2}-\d{2}) 00:00:00$", "$1")
    return dates.str.replace(r"^(?:1899-12-3[01]|1904-01-01) (\d{2}:\d{2}:\d{2})$", "$1")

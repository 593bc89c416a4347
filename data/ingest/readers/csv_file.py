"""Text with separated cells: Polars for the well-formed, the csv module for the rest, the same cells from both."""

import csv
import io
import itertools
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO

import polars as pl

from data.ingest.readers.encoding import to_utf8
from data.ingest.readers.header import BLANKS, clean, filled, find_header
from data.ingest.readers.limits import LONGEST_LINE, MOST_COLUMNS, check_area
from data.ingest.readers.quotes import by_line, swallowed_row
from data.ingest.readers.separator import find_separator, sample_rows
from data.ingest.readers.sheet import BrokenRow, FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble

_SAMPLE_BYTES = 1_000_000
_MOST_BROKEN = 2_000_000
"""Cells of rows that do not fit, which are kept one by one; a large file may have one for every four bytes."""
_END = "\x1eend of file"
"""Fed after the last line: when it does not come out as a row of its own, a quotation mark was never closed."""


def read_csv(path: Path, name: str | None = None) -> Sheet:
    """The one sheet of a text file. Raises FileRefused: see `csv_sheet`."""
    file = name or file_name(path)
    with path.open("rb") as stream:
        check_lines(stream, file)  # before any of it is kept
        stream.seek(0)
        return csv_sheet(stream.read(), file)


def check_lines(stream: IO[bytes], file: str) -> None:
    """Raises FileRefused for what is no text with lines: `long_line`, `nul_bytes`."""
    while block := stream.read(LONGEST_LINE):
        if len(block) == LONGEST_LINE and b"\n" not in block and b"\r" not in block:
            raise FileRefused(file, "nul_bytes" if b"\0" in block else "long_line")
        if b"\0" in block and block.count(b"\0") > 0.9 * len(block):  # no encoding has so many
            raise FileRefused(file, "nul_bytes")


def csv_sheet(data: bytes, file: str, name: str | None = None) -> Sheet:
    """The sheet of a text. name: what to call it, when it is one of several.

    Raises FileRefused: `empty_file`, `header_only`, `nul_bytes`, `unknown_encoding`, `no_separator`, `unclosed_quote`,
    `quoted_rows`, `long_cell`, `too_large_area`.
    """
    size = len(data)
    data, encoding = to_utf8(data, file)
    if not data[:1000].strip() and not data.strip():
        raise FileRefused(file, "empty_file")
    data, separator = _declared_separator(data)
    sample = data[:_SAMPLE_BYTES].decode(errors="ignore")  # the cut may fall inside a character
    separator = separator or find_separator(sample)
    if separator is None:
        raise FileRefused(file, "no_separator")
    rows = sample_rows(sample, separator)
    index = find_header(rows)
    if index is None:
        raise FileRefused(file, "empty_file")

    header = rows[index]
    if len(header) > 10:  # a file has no more rows than bytes, so few columns need no counting
        lines = data.count(b"\n") + (data.count(b"\r") if b"\r" in data else 0)
        check_area(file, "text", lines, len(header), size)
    frame = _fast(data, separator, index, header)
    broken: list[BrokenRow] = []
    if frame is None:
        try:
            frame, broken = _slow(data, separator, index, len(header), file)
        except FileRefused as refused:
            if refused.reason != "unclosed_quote" or (frame := by_line(data, separator, index, header)) is None:
                raise
    if b'"' in data and (row := swallowed_row(frame, broken, data, separator)):
        frame, broken = by_line(data, separator, index, header), []
        if frame is None:
            raise FileRefused(file, "quoted_rows", row=row)
    return assemble(
        file=file,
        name=name,
        size=size,
        header=header,
        frame=frame,
        broken=broken,
        notes=(f"encoding:{encoding}", f"separator:{separator}", f"header_row:{index + 1}"),
        above=rows[:index],
        blanks="".join(blank for blank in BLANKS if _may_hold(data, blank)),
    )


def _may_hold(data: bytes, blank: str) -> bool:
    """Whether a text holds a blank, or begins a character as it does: one byte is found ten times as fast as several."""
    if blank in "\r\n" and b'"' not in data:
        return False  # without quotation marks they end a row
    return blank.encode()[:1] in data and blank.encode() in data


def _declared_separator(data: bytes) -> tuple[bytes, str | None]:
    """Excel's own `sep=;` line says the separator; Excel does not show it as a row, so it does not count as one."""
    declared = re.match(rb'"?sep=([;,\t|])"?\r?\n', data, re.IGNORECASE)
    return (data[declared.end() :], declared[1].decode()) if declared else (data, None)


def _fast(data: bytes, separator: str, index: int, header: list[str]) -> pl.DataFrame | None:
    """All rows under the header by Polars, or None when only the csv module can be trusted with the file."""
    quotes = data.count(b'"') if b'"' in data else 0  # looking for one is ten times as fast as counting
    if quotes % 2 or (b"\r" in data and data.count(b"\r") != data.count(b"\r\n")):
        return None
    start = 0
    for line in data[:_SAMPLE_BYTES].splitlines(keepends=True)[:index]:
        if b'"' in line and line.count(b'"') % 2:
            return None  # a title with a line break in it
        start += len(line)
    body = data[start:] if start else data
    columns = [f"c{number}" for number in range(len(header))]
    try:
        frame = pl.read_csv(
            body,
            has_header=False,
            schema=dict.fromkeys(columns, pl.String()),
            separator=separator,
            infer_schema=False,
            row_index_name="row",
            row_index_offset=index + 1,
        )
    except pl.exceptions.PolarsError:
        return None  # its message quotes the cell, and rows that are too long have to be told one by one
    if [clean(cell) for cell in frame.row(0)[1:]] != [clean(cell) for cell in header]:
        return None
    if quotes and not _quotes_understood(body, frame.select(columns), separator):
        return None
    return frame.slice(1).with_columns(pl.col("row").cast(pl.UInt32))


def _quotes_understood(body: bytes, cells: pl.DataFrame, separator: str) -> bool:
    """Whether every quotation mark opens or closes a cell: the two readers understand all others differently.

    A cell that holds a mark, or begins or ends with what separates cells, would blur the count.
    """
    mark = re.escape(separator)
    if cells.select(pl.any_horizontal(pl.all().str.contains(f'"|^[{mark}\r\n]|[{mark}\r\n]$').any())).item():
        return False
    between = separator.encode()
    opening = body.startswith(b'"') + body.count(b'\n"') + body.count(between + b'"')
    closing = body.endswith(b'"') + body.count(b'"\n') + body.count(b'"\r\n') + body.count(b'"' + between)
    return opening + closing == body.count(b'"')


def _slow(data: bytes, separator: str, index: int, width: int, file: str) -> tuple[pl.DataFrame, list[BrokenRow]]:
    """All rows under the header by the csv module; rows with cells beyond the header are broken, short ones padded."""
    numbers: list[int] = []
    columns: list[list[str | None]] = [[] for _ in range(width)]
    broken: list[BrokenRow] = []
    beyond = 0
    for number, row in _records(data, separator, file):
        if number <= index + 1 or not row:
            continue
        if len(row) > width and filled(row[width:]):
            beyond += len(row)
            if len(row) > MOST_COLUMNS or beyond > max(_MOST_BROKEN, len(data) // 4):
                raise FileRefused(file, "too_large_area", rows=number, columns=len(row))
            broken.append(BrokenRow(number, "too_many_cells", tuple(row)))
            continue
        numbers.append(number)
        for column, cell in zip(columns, itertools.chain(row, itertools.repeat(None)), strict=False):
            column.append(cell)
    series = [pl.Series(f"c{position}", cells, pl.String()) for position, cells in enumerate(columns)]
    return pl.DataFrame([pl.Series("row", numbers, pl.UInt32()), *series]), broken


def _records(data: bytes, separator: str, file: str) -> Iterator[tuple[int, list[str]]]:
    """Records with their numbers, which are the row numbers of a spreadsheet whatever lines a quoted cell spans."""
    text = io.TextIOWrapper(io.BytesIO(data), encoding="utf-8", newline="")
    lines = itertools.chain(text, ("\n",) if data[-1:] not in (b"\r", b"\n") else (), (_END,))
    reader = csv.reader(lines, delimiter=separator)
    number = 0
    row: list[str] = []
    try:
        for number, row in enumerate(reader, start=1):
            if row != [_END]:
                yield number, row
    except csv.Error:
        number, row = number + 1, []
    if row != [_END]:
        raise FileRefused(file, "unclosed_quote", row=max(number, 1))

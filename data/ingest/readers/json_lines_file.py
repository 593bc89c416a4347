"""JSON lines: one flat object per line, its names the header; lists of plain values are joined by `|`."""

import json
from pathlib import Path
from typing import Any

import polars as pl

from data.ingest.readers.csv_file import check_lines
from data.ingest.readers.encoding import to_utf8
from data.ingest.readers.limits import check_area
from data.ingest.readers.parquet_file import LIST_MARK
from data.ingest.readers.sheet import FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble


def read_json_lines(path: Path, name: str | None = None) -> Sheet:
    """The one sheet of a file of JSON lines; `row` is the number of the line. Columns stand in the order they first appear.

    Raises FileRefused: `not_json_lines` (with the line), `nested_columns`, `empty_file`, and what text in general is refused for.
    """
    file = name or file_name(path)
    with path.open("rb") as stream:
        check_lines(stream, file)
        stream.seek(0)
        raw = stream.read()
    data, encoding = to_utf8(raw, file)
    columns: dict[str, list[str | None]] = {}
    numbers: list[int] = []
    known = 0
    for number, line in enumerate(data.split(b"\n"), 1):
        if not line.strip():
            continue
        for name, value in _object(line, number, file).items():
            column = columns.setdefault(name, [])
            column += [None] * (len(numbers) - len(column))
            column.append(_text(value, file))
        numbers.append(number)
        if len(columns) > known:  # each new name is a cell in every row
            known = len(columns)
            check_area(file, "json_lines", len(numbers), known, len(raw))
    if not columns:
        raise FileRefused(file, "empty_file")
    check_area(file, "json_lines", len(numbers), len(columns), len(raw))
    series = [
        pl.Series(f"c{place}", cells + [None] * (len(numbers) - len(cells)), pl.String())
        for place, cells in enumerate(columns.values())
    ]
    return assemble(
        file=file,
        name=None,
        size=len(raw),
        header=list(columns),
        frame=pl.DataFrame([pl.Series("row", numbers, pl.UInt32()), *series]),
        notes=(f"encoding:{encoding}", "header_row:1"),
    )


def _object(line: bytes, number: int, file: str) -> dict[str, Any]:
    try:
        # Numbers stay as they are written: 0.50 is a text here as in every other kind of file.
        found = json.loads(line, parse_float=str, parse_int=str, parse_constant=str)
    except (ValueError, RecursionError):
        raise FileRefused(file, "not_json_lines", row=number) from None
    if not isinstance(found, dict):
        raise FileRefused(file, "not_json_lines", row=number)
    return found


def _text(value: Any, file: str) -> str | None:
    if isinstance(value, list) and not any(isinstance(one, list | dict) for one in value):
        return LIST_MARK.join(text for one in value if (text := _text(one, file)) is not None)
    if isinstance(value, list | dict):
        raise FileRefused(file, "nested_columns")
    if isinstance(value, bool):
        return "true" if value else "false"
    # A lone surrogate is JSON but no text.
    return None if value is None else str(value).encode("utf-8", "replace").decode()

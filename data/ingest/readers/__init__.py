"""Reading files as municipalities hand them over: CSV, workbooks, Parquet, PX, JSON lines and zips become sheets of text cells.

`read` reads in this process: files of strangers go through `isolated.Door`, which calls it in another.
"""

from collections.abc import Callable
from pathlib import Path

from data.ingest.readers.csv_file import read_csv
from data.ingest.readers.json_lines_file import read_json_lines
from data.ingest.readers.kind import kind_of
from data.ingest.readers.limits import Kind
from data.ingest.readers.parquet_file import read_parquet
from data.ingest.readers.px_file import read_px
from data.ingest.readers.sheet import BrokenRow, FileRefused, Sheet, file_name
from data.ingest.readers.workbook_file import read_ods, read_old_workbook, read_workbook
from data.ingest.readers.zip_file import read_zip

_ONE_SHEET: dict[Kind, Callable[[Path, str], Sheet]] = {
    "text": read_csv,
    "json_lines": read_json_lines,
    "px": read_px,
    "parquet": read_parquet,
}
_SEVERAL: dict[Kind, Callable[[Path, str], tuple[Sheet, ...]]] = {
    "workbook": read_workbook,
    "old_workbook": read_old_workbook,
    "ods": read_ods,
    "zip": read_zip,
}


def read(path: Path, name: str | None = None) -> tuple[Sheet, ...]:
    """The sheets of a file, whose kind is told by its content. name: what to call it, when not by its own name.

    Raises FileRefused for a file that cannot be read; an OSError of the file system (no such file, no right to read) passes
    through as FileRefused `cannot_open`.
    """
    file = name or file_name(path)
    try:
        kind = kind_of(path, file)
        return (_ONE_SHEET[kind](path, file),) if kind in _ONE_SHEET else _SEVERAL[kind](path, file)
    except OSError:
        raise FileRefused(file, "cannot_open") from None


__all__ = ["BrokenRow", "FileRefused", "Sheet", "file_name", "read"]

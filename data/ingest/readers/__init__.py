"""Reading files as municipalities hand them over: CSV, Excel, Parquet and PX become sheets of text cells."""

from pathlib import Path

from data.ingest.readers.csv_file import read_csv
from data.ingest.readers.parquet_file import PARQUET_MARK, read_parquet
from data.ingest.readers.px_file import PX_MARKS, read_px
from data.ingest.readers.sheet import BrokenRow, FileRefused, Progress, Sheet, file_name
from data.ingest.readers.workbook_file import OLE_MARK, read_workbook

_ZIP_MARK = b"PK\x03\x04"
_WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods"}
"""Without the content of a workbook these are refused, and not tried as text."""


def read(path: Path, *, progress: Progress | None = None) -> tuple[Sheet, ...]:
    """The sheets of a file, whose kind is told by its content and not by its name.

    `progress` is told the share read so far. Raises FileRefused for a file that cannot be read; an OSError of the
    file system (no such file, no right to read) passes through as FileRefused `cannot_open`.
    """
    file = file_name(path)
    try:
        with path.open("rb") as stream:
            mark = stream.read(8)
        if mark.startswith(_ZIP_MARK) or mark == OLE_MARK:
            sheets = read_workbook(path, progress)
        elif not mark:
            raise FileRefused(file, "empty_file")
        elif mark.startswith(PARQUET_MARK) or path.suffix.lower() == ".parquet":
            sheets = (read_parquet(path),)
        elif mark.startswith(PX_MARKS) or path.suffix.lower() == ".px":
            sheets = (read_px(path),)
        elif path.suffix.lower() in _WORKBOOK_ENDINGS:
            raise FileRefused(file, "not_a_workbook")
        else:
            sheets = (read_csv(path),)
    except OSError:
        raise FileRefused(file, "cannot_open") from None
    if progress:
        progress(1.0)
    return sheets


__all__ = ["BrokenRow", "FileRefused", "Progress", "Sheet", "file_name", "read"]

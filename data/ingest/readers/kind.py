"""Which kind of file it is, told by its content; the ending of its name decides only between kinds of text."""

from __future__ import annotations

import zipfile
from pathlib import Path

from data.ingest.readers.limits import Kind
from data.ingest.readers.sheet import FileRefused

OLE_MARK = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""Excel 97–2003, and any workbook with a password."""

_ZIP_MARK = b"PK\x03\x04"
_EMPTY_ZIP_MARK = b"PK\x05\x06"
_PARQUET_MARK = b"PAR1"
_PX_MARKS = (b"CHARSET=", b"AXIS-VER")
_WORKBOOK_ENDINGS = {".xlsx", ".xlsm", ".xltx", ".xltm", ".xlsb", ".xls", ".ods"}
"""Without the content of a workbook these are refused, and not tried as text."""
_BY_ENDING: dict[str, Kind] = {".parquet": "parquet", ".px": "px", ".jsonl": "json_lines", ".ndjson": "json_lines"}


def kind_of(path: Path, file: str) -> Kind:
    """The kind of a file. Raises FileRefused (`empty_file`, `not_a_workbook`) and OSError."""
    with path.open("rb") as stream:
        mark = stream.read(8)
    ending = path.suffix.lower()
    if not mark:
        raise FileRefused(file, "empty_file")
    if mark == OLE_MARK:
        return "old_workbook"
    if mark.startswith((_ZIP_MARK, _EMPTY_ZIP_MARK)):
        return _packed(path, ending, file)
    if mark.startswith(_PARQUET_MARK):
        return "parquet"
    if mark.startswith(_PX_MARKS):
        return "px"
    if ending in _WORKBOOK_ENDINGS:
        raise FileRefused(file, "not_a_workbook")
    return _BY_ENDING.get(ending) or ("json_lines" if mark.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b'{"') else "text")


def _packed(path: Path, ending: str, file: str) -> Kind:
    """A workbook of Excel, one of OpenDocument, or files packed together."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = set(archive.namelist())
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise FileRefused(file, "not_a_zip" if ending == ".zip" else "not_a_workbook") from None
    if names & {"xl/workbook.xml", "[Content_Types].xml"}:
        return "workbook"
    if {"mimetype", "content.xml"} <= names:
        return "ods"
    return "workbook" if ending in _WORKBOOK_ENDINGS else "zip"

"""Looking into a workbook before it is unpacked into memory: its size, its honesty, and where its merged cells are."""

import re
import zipfile
import zlib
from collections.abc import Iterator
from copy import copy
from dataclasses import dataclass
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from data.ingest.readers.sheet import FileRefused, file_name

MAX_BYTES = 1_000_000_000
"""Unpacked size. 300 000 rows of 14 columns are about 220 MB; Excel's row limit with the same columns is 750 MB."""

MAX_RATIO = 100
"""Unpacked to packed. Real sheets pack 5–20 times, very repetitive ones 40; a bomb comes near the format's 1 032."""

SMALL_BYTES = 20_000_000
"""Below this the ratio does not matter: the file is harmless however well it packs."""

MAX_CELLS = 50_000_000
"""Rows × columns of the used area: the reader reserves memory for all of it, and one stray far cell makes it huge."""

_BLOCK = 1 << 20
_OVERLAP = 64
_MAX_ROWS = 1_048_576
_WIDE = re.compile(rb"r=[\"']([A-Z]{2,3})\d")
_ROW = re.compile(rb"r=[\"'][A-Z]{0,3}(\d+)[\"']")
_CELL = re.compile(rb"<(?:\w+:)?c\b[^>]*?\br=[\"']([A-Z]+)\d+[\"'][^>]*(?<!/)>")
_MERGED = re.compile(rb"<(?:\w+:)?mergeCell\b[^>]*?\bref=[\"']([A-Z]+)(\d+):([A-Z]+)(\d+)[\"']")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


@dataclass(frozen=True)
class Merged:
    """A merged area of a sheet: rows as a spreadsheet numbers them, columns from 0 at the first used column."""

    top: int
    bottom: int
    left: int
    right: int


def check(path: Path) -> dict[str, tuple[Merged, ...]]:
    """Merged areas of each sheet of an XLSX workbook by the sheet's name, once the file has been found fit to read.

    Raises FileRefused: `not_a_workbook` (damaged, cut short or something else), `too_large` (unpacked).
    """
    file = file_name(path)
    try:
        with zipfile.ZipFile(path) as archive:
            _check_sizes(archive, file)
            parts = {member.filename: _scan(archive, member, file) for member in archive.infolist()}
            sheets = _sheet_parts(archive)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, KeyError, ValueError):
        # RuntimeError is how zipfile says that a member is encrypted, NotImplementedError an unknown packing.
        raise FileRefused(file, "not_a_workbook") from None
    except ElementTree.ParseError:
        raise FileRefused(file, "not_a_workbook") from None
    return {name: parts.get(part, ()) for name, part in sheets.items()}


def _check_sizes(archive: zipfile.ZipFile, file: str) -> None:
    members = archive.infolist()
    unpacked = sum(member.file_size for member in members)
    packed = sum(member.compress_size for member in members)
    if unpacked > MAX_BYTES or (unpacked > SMALL_BYTES and unpacked > MAX_RATIO * packed):
        raise FileRefused(file, "too_large", megabytes=unpacked // 1_000_000)


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str) -> tuple[Merged, ...]:
    """Reads a member block by block, keeping none of it: it must unpack whole, to the size it says, to few cells.

    Every member is looked at as if it were a sheet, since a sheet may lie anywhere in the archive.
    """
    said = member.file_size
    member = copy(member)
    member.file_size = said + 1  # else zipfile stops at the size the directory says, and a lie would not show
    size, widest = 0, 26
    merged: list[tuple[int, int, int, int]] = []
    for block, text in _blocks(archive, member):
        size += block
        if size > said:
            raise FileRefused(file, "not_a_workbook")
        widest = max([widest, *(_column(letters) + 1 for letters in set(_WIDE.findall(text)))])
        if b"mergeCell" in text:
            found = _MERGED.findall(text)
            merged += [(int(top), int(bottom), _column(a), _column(b)) for a, top, b, bottom in found]
    # Rows are counted only where the columns alone do not keep the area small: it takes as long as reading the file.
    if widest * _MAX_ROWS > MAX_CELLS:
        rows = max(
            (max(map(int, set(_ROW.findall(text))), default=0) for _, text in _blocks(archive, member)), default=0
        )
        if widest * rows > MAX_CELLS:
            raise FileRefused(file, "too_large_area", rows=rows, columns=widest)
    first = 0
    if merged:
        letters = set[bytes]().union(*(_CELL.findall(text) for _, text in _blocks(archive, member)))
        first = min(map(_column, letters), default=0)
    return tuple(Merged(top, bottom, left - first, right - first) for top, bottom, left, right in dict.fromkeys(merged))


def _blocks(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[tuple[int, bytes]]:
    """A member block by block: its size, and its text after the end of the one before, so that no tag is cut in two."""
    tail = b""
    with archive.open(member) as stream:
        while block := stream.read(_BLOCK):
            yield len(block), tail + block
            tail = block[-_OVERLAP:]


def _column(letters: bytes) -> int:
    """Index of a column: A = 0, Z = 25, AA = 26."""
    index = 0
    for letter in letters:
        index = index * 26 + letter - 64
    return index - 1


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive holds which sheet. Raises KeyError for another kind of workbook (ODS, XLSB).

    Those are not read: the area they make the reader reserve memory for cannot be told beforehand.
    """
    relations = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return {
        sheet.get("name", ""): normpath(join("xl", targets.get(sheet.get(_RELATION)) or "")).removeprefix("/")
        for sheet in book.iter()
        if sheet.tag.rpartition("}")[2] == "sheet"
    }

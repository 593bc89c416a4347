"""Looking into a workbook before it is unpacked into memory: its size, its honesty, its merged cells and its formulas."""

import re
import zipfile
from array import array
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from posixpath import join, normpath
from xml.etree import ElementTree

from data.ingest.readers.limits import check_area
from data.ingest.readers.sheet import FileRefused
from data.ingest.readers.unpacking import blocks, check_sizes, refusing
from data.ingest.readers.xml_scan import local, scan

_REFERENCE = re.compile(r"([A-Za-z]{1,3})([0-9]{1,7})")
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_MOST_MERGED = 200_000
_SMALL_PART = 5_000_000
"""Bytes; the list of sheets and the relations of a workbook are a few thousand."""


@dataclass(frozen=True)
class Merged:
    """A merged area of a sheet: rows as a spreadsheet numbers them, columns from 0 at the first used column."""

    top: int
    bottom: int
    left: int
    right: int


@dataclass(frozen=True)
class CellLayout:
    """What the cells of a sheet do not say. formulas: by column, numbered as in Merged, the rows of those that must have a number
    as their stored result.
    """

    merged: tuple[Merged, ...] = ()
    formulas: Mapping[int, Sequence[int]] = field(default_factory=dict)


@dataclass
class _Used:
    """What the reader will reserve memory for: the area between the outermost cells that hold something."""

    row: int = 0
    column: int = -1
    rows: int = 0
    columns: int = 0
    first: int = 1 << 30
    """Leftmost column that holds something."""
    merged: dict[tuple[int, int, int, int], None] = field(default_factory=dict)
    is_number: bool = False
    """The cell holds no text, error or truth value: a formula in it without any result is written so, too."""
    formulas: dict[int, "array[int]"] = field(default_factory=dict)

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """An element of a sheet: a row, a cell, its value, a merged area. What has no reference comes after the one before."""
        name = local(name)
        if name == "c":
            said = attributes.get("r")
            self.is_number = attributes.get("t", "n") == "n"
            if said is None:
                self.column += 1
            else:
                self.row, self.column = _place(said)
        elif name in ("v", "is"):
            self.rows = max(self.rows, self.row)
            self.columns = max(self.columns, self.column + 1)
            self.first = min(self.first, self.column)
        elif name == "f" and self.is_number:
            self.formulas.setdefault(self.column, array("I")).append(self.row)
        elif name == "row":
            self.row = int(attributes.get("r", self.row + 1))
            self.column = -1
        elif name == "mergeCell":
            top_left, _, bottom_right = attributes.get("ref", "").partition(":")
            if bottom_right:
                (top, left), (bottom, right) = _place(top_left), _place(bottom_right)
                self.merged[top, bottom, left, right] = None


def check(path: Path, file: str) -> dict[str, CellLayout]:
    """The layout of each sheet of an XLSX workbook by the sheet's name, once the file has been found fit to read.

    Raises FileRefused: `not_a_workbook` (damaged, cut short or something else), `password`, `too_large` (unpacked),
    `too_large_area`.
    """
    size = path.stat().st_size
    with refusing(file, "not_a_workbook"), zipfile.ZipFile(path) as archive:
        check_sizes(archive, file)
        sheets = _sheet_parts(archive)
        parts = {
            member.filename: _scan(archive, member, file, size)
            for member in archive.infolist()
            if member.filename.lower().endswith(".xml") or member.filename in sheets.values()
        }
        for member in archive.infolist():
            if member.filename not in parts:
                for _ in blocks(archive, member):
                    pass  # it only has to unpack whole
    return {name: parts.get(part, CellLayout()) for name, part in sheets.items()}


def _scan(archive: zipfile.ZipFile, member: zipfile.ZipInfo, file: str, size: int) -> CellLayout:
    """Every part is looked at as if it were a sheet, since a sheet may lie anywhere in the archive."""
    used = _Used()
    scan(blocks(archive, member), used.element)
    check_area(file, "workbook", used.rows, used.columns, size)
    if len(used.merged) > _MOST_MERGED:
        raise FileRefused(file, "too_large_area", rows=used.rows, columns=used.columns)
    first = used.first if used.columns else 0
    return CellLayout(
        tuple(Merged(top, bottom, left - first, right - first) for top, bottom, left, right in used.merged),
        {column - first: rows for column, rows in used.formulas.items()},
    )


def _place(reference: str) -> tuple[int, int]:
    """Row and column of a reference: C2 = (2, 2), rows from 1 and columns from 0. Raises ValueError."""
    said = _REFERENCE.fullmatch(reference)
    if not said:
        raise ValueError("no reference")
    column = 0
    for letter in said[1].upper():
        column = column * 26 + ord(letter) - 64
    return int(said[2]), column - 1


def _sheet_parts(archive: zipfile.ZipFile) -> dict[str, str]:
    """Which part of the archive holds which sheet. Raises KeyError for another kind of workbook (XLSB), ValueError for damage.

    Those are not read: the area they make the reader reserve memory for cannot be told beforehand.
    """
    relations = _small(archive, "xl/_rels/workbook.xml.rels")
    targets = {relation.get("Id"): relation.get("Target", "") for relation in relations}
    return {
        sheet.get("name", ""): normpath(join("xl", targets.get(sheet.get(_RELATION)) or "")).removeprefix("/")
        for sheet in _small(archive, "xl/workbook.xml").iter()
        if sheet.tag.rpartition("}")[2] == "sheet"
    }


def _small(archive: zipfile.ZipFile, name: str) -> ElementTree.Element:
    """A small part as a tree, once it has been found to be harmless."""
    member = archive.getinfo(name)
    if member.file_size > _SMALL_PART:
        raise ValueError(name)
    content = b"".join(blocks(archive, member))
    scan([content], lambda *_: None)
    return ElementTree.fromstring(content)  # noqa: S314  (`scan` lets no declaration of a document type or an entity through)

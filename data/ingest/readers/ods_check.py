"""Looking into an OpenDocument spreadsheet before it is unpacked: a cell can say that it stands there a million times."""

import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from data.ingest.readers.limits import check_area
from data.ingest.readers.sheet import FileRefused
from data.ingest.readers.unpacking import blocks, check_sizes, refusing
from data.ingest.readers.workbook_check import CellLayout, Merged
from data.ingest.readers.xml_scan import local, scan

_CELLS = {"table-cell", "covered-table-cell"}


@dataclass
class _Table:
    """One sheet: the area up to its last cells that hold something, in rows and columns counted with their repetitions."""

    name: str = ""
    next_row: int = 1
    row: int = 1
    next_column: int = 0
    column: int = 0
    rows: int = 0
    columns: int = 0
    first: int = 1 << 30
    """Leftmost column that holds something."""
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)


class _Tables:
    """The sheets of a document, told element by element."""

    def __init__(self) -> None:
        self.found: list[_Table] = []

    def element(self, name: str, attributes: dict[str, str]) -> None:
        """An element of the document."""
        name = local(name)
        said = {local(key): value for key, value in attributes.items()} if name.startswith(("table", "covered")) else {}
        if name == "table":
            self.found.append(_Table(said.get("name", "")))
        elif not self.found:
            return
        table = self.found[-1]
        if name == "table-row":
            table.row, table.next_row = table.next_row, table.next_row + int(said.get("number-rows-repeated", 1))
            table.next_column = 0
        elif name in _CELLS:
            table.column = table.next_column
            table.next_column += int(said.get("number-columns-repeated", 1))
            if "value-type" in said:
                _holds(table)
            tall, wide = int(said.get("number-rows-spanned", 1)), int(said.get("number-columns-spanned", 1))
            if tall > 1 or wide > 1:
                table.merged.append((table.row, table.row + tall - 1, table.column, table.column + wide - 1))
        elif name == "p":
            _holds(table)


def check(path: Path, file: str) -> dict[str, CellLayout]:
    """The merged areas of each sheet by its name, once the document has been found fit to read.

    Raises FileRefused: `not_a_workbook`, `password`, `too_large` (unpacked), `too_large_area`.
    """
    size = path.stat().st_size
    tables = _Tables()
    with refusing(file, "not_a_workbook"), zipfile.ZipFile(path) as archive:
        check_sizes(archive, file)
        for member in archive.infolist():
            if member.filename == "content.xml":
                scan(blocks(archive, member), tables.element)
            else:
                for block in blocks(archive, member):  # it only has to unpack whole
                    if member.filename == "META-INF/manifest.xml" and b"encryption-data" in block:
                        raise FileRefused(file, "password")
    cells = 0
    for table in tables.found:
        cells += table.rows * table.columns
        check_area(file, "ods", table.rows, table.columns, size, cells=cells)
    return {table.name: CellLayout(tuple(_merged(table))) for table in tables.found}


def _merged(table: _Table) -> Iterator[Merged]:
    first = table.first if table.columns else 0
    for top, bottom, left, right in table.merged:
        yield Merged(top, bottom, left - first, right - first)


def _holds(table: _Table) -> None:
    table.rows = max(table.rows, table.next_row - 1)
    table.columns = max(table.columns, table.next_column)
    table.first = min(table.first, table.column)

"""Looking for personal values in a sheet: every one is told by row, column and class, never by the value itself."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import islice

import polars as pl

from data.ingest.readers.sheet import Sheet
from data.personal import SHAPES, Kind, kinds

ROWS_TOLD = 20
"""Rows told per column and class; a person corrects the whole column, not row by row."""

_BLOCK = 100_000


@dataclass(frozen=True)
class PersonalDataFinding:
    """A place where a personal value stands."""

    row: int
    """Row number as a spreadsheet shows it; 0 = the name of the sheet or of the file."""
    column_header: str
    """Header of the column, or `column N` when the header itself is personal; empty above the header."""
    kind: Kind
    """Class of the value."""
    total: int = 1
    """Rows with this class in this column; at most ROWS_TOLD of them have a finding of their own."""


def scan(sheet: Sheet, client_columns: frozenset[str] = frozenset()) -> tuple[PersonalDataFinding, ...]:
    """Every personal value of a sheet outside the columns (by header) that identify the client.

    Those are exempt whatever they hold, because only their keyed hash is stored. Also looked at: the headers, what
    stands above them, rows left out as broken, and the names of the sheet and of the file.
    """
    names = [f"column {index + 1}" if kinds(text) else text for index, text in enumerate(sheet.header)]
    findings = [
        *_in_names(sheet),
        *(
            PersonalDataFinding(sheet.header_row, names[index], kind)
            for index, text in enumerate(sheet.header)
            for kind in kinds(text)
        ),
    ]
    for index, text in enumerate(sheet.header):
        if text not in client_columns:
            findings += _in_column(sheet, index, names[index])
    return (*findings, *_in_broken(sheet, names, client_columns))


def _in_names(sheet: Sheet) -> Iterator[PersonalDataFinding]:
    for text in (sheet.file, sheet.name or "", *sheet.notes):  # notes name the sheets that were skipped
        for kind in kinds(text):
            yield PersonalDataFinding(0, "", kind)
    for row, text in sheet.titles:
        for kind in kinds(text):
            yield PersonalDataFinding(row, "", kind)


def _in_column(sheet: Sheet, index: int, name: str) -> Iterator[PersonalDataFinding]:
    """Findings of one column: each distinct suspicious value is looked at once, however many rows hold it."""
    texts = sheet.texts(f"c{index}")
    suspicious = texts.filter(texts.str.contains(SHAPES)).unique()
    found: dict[Kind, list[str]] = {}
    for value in suspicious:
        for kind in kinds(value):
            found.setdefault(kind, []).append(value)
    for kind, values in found.items():
        rows = sheet.rows.filter(pl.col(f"c{index}").is_in(values))["row"]
        for row in rows.head(ROWS_TOLD):
            yield PersonalDataFinding(row, name, kind, rows.len())


def _in_broken(sheet: Sheet, names: list[str], client_columns: frozenset[str]) -> Iterator[PersonalDataFinding]:
    exempt = {index for index, header in enumerate(sheet.header) if header in client_columns}
    cells = (
        (index, row.row, text)
        for row in sheet.broken
        for index, text in enumerate(row.cells)
        if text and index not in exempt
    )
    schema = {"index": pl.UInt32, "row": pl.UInt32, "text": pl.String}
    places: dict[tuple[str, Kind], list[int]] = {}
    while block := list(islice(cells, _BLOCK)):
        suspicious = pl.DataFrame(block, schema=schema, orient="row").filter(pl.col("text").str.contains(SHAPES))
        for index, row, text in suspicious.iter_rows():
            name = names[index] if index < len(names) else f"column {index + 1}"
            for kind in kinds(text):
                places.setdefault((name, kind), []).append(row)
    for (name, kind), rows in places.items():
        for row in rows[:ROWS_TOLD]:
            yield PersonalDataFinding(row, name, kind, len(rows))

"""Sheets already recognised, for tests of checking: their columns are fields, their headers `H` and the field."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

import polars as pl

from data.ingest.checking import Checked, ValueCount
from data.ingest.readers.sheet import Sheet
from data.ingest.recognise.recognised import ColumnMatch, Recognised

DAY = "10.3.2025"

# What a row of each table needs beside its pair of dates.
NEEDED: dict[str, dict[str, str]] = {
    "encounter": {"encounter_id": "K1", "topics": "Työ", "occurred_on": "10.3.2025"},
    "referral": {"referral_id": "O1", "to_service": "Kela", "referred_on": "10.3.2025"},
    "enrolment": {"client_id": "AS-1", "centre": "Espoo", "started_on": "10.3.2025"},
    "training": {"client_id": "AS-1", "kind": "language", "started_on": "10.3.2025"},
    "outcome": {"client_id": "AS-1", "kind": "employment_open", "started_on": "10.3.2025"},
    "service_point": {"code": "omena", "name_fi": "Iso Omena", "opened_on": "10.3.2025"},
}


def sheet_of(table: str, columns: Mapping[str, Sequence[str | None]], **sheet: Any) -> Recognised:
    """A sheet with rows from 2 on. Its columns are fields, marks of one (`topics:work`), or another of one (`topics+2`)."""
    names = {name: f"c{place}" for place, name in enumerate(columns)}
    height = len(next(iter(columns.values())))
    rows = pl.DataFrame(
        {"row": pl.Series(range(2, height + 2), dtype=pl.UInt32)}
        | {names[name]: pl.Series(list(cells), dtype=pl.String) for name, cells in columns.items()}
    )
    header = tuple(f"H {name}" for name in columns)
    matches = tuple(
        ColumnMatch(
            names[name],
            f"H {name}",
            re.split("[:+]", name)[0],
            "header",
            mark=name.partition(":")[2].partition("+")[0] or None,
        )
        for name in columns
    )
    made = Sheet(file="f.csv", name=None, header=header, rows=rows, **sheet)
    return Recognised(made, table, matches, ())


def row_of(table: str, **values: str | None) -> Recognised:
    return sheet_of(table, {name: [value] for name, value in (NEEDED[table] | values).items()})


def reasons(found: Checked) -> list[tuple[int, str, str, str]]:
    return [tuple(row) for row in found.rejected.select("row", "column", "field", "reason").rows()]


def visits(rows: int, columns: Mapping[str, Sequence[str | None]]) -> Recognised:
    """So many encounters, whole but for the columns given."""
    whole: dict[str, Sequence[str | None]] = {
        "encounter_id": [f"K{number}" for number in range(rows)], "occurred_on": [DAY] * rows, "topics": ["Työ"] * rows,
    }  # fmt: skip
    if any(name.startswith("topics:") for name in columns):
        del whole["topics"]
    return sheet_of("encounter", whole | dict(columns))


def outcomes(clients: Sequence[str | None], **columns: Sequence[str | None]) -> Recognised:
    """An outcome of each client, whole but for the columns given."""
    rows = len(clients)
    whole = {"client_id": clients, "kind": ["employment_open"] * rows, "started_on": [DAY] * rows}
    return sheet_of("outcome", whole | columns)


def values_of(found: Checked, field: str) -> set[ValueCount]:
    return {value for value in found.values if value.field == field}

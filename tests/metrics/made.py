"""Stores made by hand for tests: a few rows given as dictionaries, so that every expected number can be counted by eye."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

from data.model.records import TABLES
from data.model.schema import columns
from data.store.store import Store

DEFAULTS: dict[str, dict[str, Any]] = {
    "encounter": {"topics": ["work"], "occurred_on": date(2025, 1, 15)},
    "referral": {"to_service": "kela", "referred_on": date(2025, 1, 15)},
    "enrolment": {"centre": "049", "started_on": date(2025, 1, 15)},
    "outcome": {"kind": "employment_open", "started_on": date(2025, 1, 15)},
}


def store_of(path: Path, tables: Mapping[str, Sequence[Mapping[str, Any]]]) -> Store:
    """A published store holding the given rows; `client` is a plain number (negative = anonymous), `record` is counted up."""
    store = Store(path)
    with store.next_generation("made by hand") as connection:
        clients = {abs(row["client"]) for rows in tables.values() for row in rows if row.get("client", -1) > 0}
        if clients:
            connection.executemany("INSERT INTO client VALUES (?, ?)", [[c, f"p{c}"] for c in sorted(clients)])
        for table, rows in tables.items():
            names = [column.name for column in columns(TABLES[table])]
            defaults = {
                c.name: list(c.default) if isinstance(c.default, tuple) else c.default for c in columns(TABLES[table])
            }
            marks = ", ".join("?" * (len(names) + 1))
            filled = [
                defaults | DEFAULTS.get(table, {}) | {"record": number} | dict(row)
                for number, row in enumerate(rows, 1)
            ]
            connection.executemany(
                f"INSERT INTO {table} (record, {', '.join(names)}) VALUES ({marks})",
                [[row["record"], *(row[name] for name in names)] for row in filled],
            )
    return store

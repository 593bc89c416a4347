"""Rows of a generation in slices, as they lie in a folder: `<table>/slice=<number>/`, what is not of clients `<table>/all/`."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from data.model.schema import client_tables, schema_version
from data.store.sealed import sealed, unsealed

MANIFEST = "rows.json"
ALL = "all"
SLICE = "slice="
OF_OTHERS = {"encounter_of_others": "encounter", "referral_of_others": "referral"}
"""Tables of rows of other slices' clients, by which table they belong to."""
_FORM = 1


@dataclass(frozen=True)
class WrittenRows:
    """What is written of a generation, whose token it has. rows: by table, how many in each slice, or of all in one number."""

    token: str
    schema: str
    slices: int
    rows: Mapping[str, tuple[int, ...]]

    def text(self) -> str:
        """Return what stands in the file."""
        rows = {table: list(numbers) for table, numbers in self.rows.items()}
        about = {"form": _FORM, "token": self.token, "schema": self.schema, "slices": self.slices}
        return sealed({**about, "rows": rows})

    @classmethod
    def read(cls, text: str) -> WrittenRows:
        """Return what `text` says. Raises ValueError when it is not whole, or of another version of the program."""
        try:
            said = unsealed(text)
            rows = {str(table): tuple(map(int, numbers)) for table, numbers in said["rows"].items()}
            found = cls(str(said["token"]), str(said["schema"]), int(said["slices"]), rows)
        except (KeyError, TypeError, AttributeError, RecursionError):
            raise ValueError("not what was written") from None
        if said.get("form") != _FORM or found.schema != schema_version():
            raise ValueError("of another version")
        return found

    def missing(self, there: Iterable[tuple[str, str]]) -> str | None:
        """Return the first part that lacks; None when all are there. there: tables and parts of the files."""
        found = set(there)
        for table, numbers in self.rows.items():
            for number, rows in enumerate(numbers):
                part = part_of(table, number)
                if (rows or part == ALL) and (table, part) not in found:
                    return f"{table}/{part}"
        return None

    def expected(self, table: str, numbers: Iterable[int]) -> int:
        """Return how many rows of a table these slices hold."""
        rows = self.rows[table]
        return sum(rows[number] for number in numbers) if table in in_slices() else rows[0]


def in_slices() -> tuple[str, ...]:
    """Return the tables that are written in slices."""
    return (*client_tables(), *OF_OTHERS)


def part_of(table: str, number: int) -> str:
    """Return the name of a table's folder for a slice."""
    return f"{SLICE}{number}" if table in in_slices() else ALL


def place_of(path: str) -> tuple[str, str]:
    """Return the table and the part that a file is of.

    >>> place_of("s3a://rows/000007-5f0c/encounter/slice=3/data_0.parquet")
    ('encounter', 'slice=3')
    """
    table, part = path.split("/")[-3:-1]
    return table, part

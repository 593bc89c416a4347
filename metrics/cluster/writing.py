"""The rows of a generation written in slices, for a cluster: as they are in the store, without pseudonyms and names of files.

A slice holds all rows of its clients, and of others what these refer to: the encounter that a referral came of, and the referrals
that came of an encounter. The condition of a slice leaves others' out where something is counted.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import duckdb

from data.model.records import TABLES
from data.model.schema import DELIVERY_COLUMNS, columns, plain_type, schema_version
from data.store.generation import Generation
from data.store.store import Store
from data.store.trouble import told
from data.store.workspace import quoted
from metrics.cluster.errors import ClusterError
from metrics.cluster.manifest import ALL, MANIFEST, OF_OTHERS, WrittenRows, in_slices
from metrics.model.facts.of_all import OF_ALL

_OF_NOBODY = ("service_point", "staff", "cost", "population")
"""Tables without clients that facts are joined to, besides `delivery`."""
_NOT_NEEDED = ("file", "sheet", "digest")
_ENCOUNTERS = """SELECT one.*, other.slice FROM encounter one
    JOIN (SELECT DISTINCT encounter, abs(client) % {slices} AS slice FROM referral) other ON other.encounter = one.record
    WHERE other.slice <> abs(one.client) % {slices}"""
_REFERRALS = """SELECT one.*, abs(other.client) % {slices} AS slice FROM referral one
    JOIN encounter other ON other.record = one.encounter WHERE abs(other.client) % {slices} <> abs(one.client) % {slices}"""


def write(store: Store, generation: Generation, folder: Path, slices: int) -> Path:
    """Write a generation's rows into a folder of their own in `folder`, and return it; it takes the place of an earlier one.

    Nobody but its owner may read it. Raises StoreError, ClusterError("old_store").
    """
    if generation.schema_version != schema_version():
        raise ClusterError("old_store")
    name = store.cube_path(generation).name
    made, draft = folder / name, folder / f".{name}.draft"
    with store.reading(generation) as cursor, told(folder, "", writing=True):
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        shutil.rmtree(draft, ignore_errors=True)
        draft.mkdir(mode=0o700)
        try:
            rows = {table: _of_slices(cursor, table, draft, slices) for table in in_slices()}
            rows |= {table: (_of_all(cursor, table, query, draft),) for table, query in _queries_of_all()}
            (draft / MANIFEST).write_text(WrittenRows(generation.token, schema_version(), slices, rows).text(), "utf-8")
            for path in draft.rglob("*"):
                path.chmod(0o700 if path.is_dir() else 0o600)
            shutil.rmtree(made, ignore_errors=True)
            draft.rename(made)
        finally:
            shutil.rmtree(draft, ignore_errors=True)
    return made


def _of_slices(cursor: duckdb.DuckDBPyConnection, name: str, folder: Path, slices: int) -> tuple[int, ...]:
    """Write a table's rows, and return how many each slice has."""
    table = OF_OTHERS.get(name, name)
    of_others = {"encounter_of_others": _ENCOUNTERS, "referral_of_others": _REFERRALS}
    rows = of_others.get(name, "SELECT *, abs(client) % {slices} AS slice FROM " + table).format(slices=slices)
    fields = (f'"{c.name}"::{plain_type(c)} AS "{c.name}"' for c in columns(TABLES[table]))
    options = "FORMAT parquet, COMPRESSION zstd, PARTITION_BY (slice)"
    query = f"SELECT record, delivery, {', '.join(fields)}, slice FROM ({rows})"
    cursor.execute(f"COPY ({query}) TO {quoted(folder / name)} ({options})")
    found = dict(cursor.execute(f"SELECT slice, count(*) FROM ({rows}) GROUP BY ALL").fetchall())
    return tuple(found.get(number, 0) for number in range(slices))


def _queries_of_all() -> Iterator[tuple[str, str]]:
    """Yield the tables that every slice needs whole, with their queries."""
    for table in _OF_NOBODY:
        names = ", ".join(f'"{c.name}"::{plain_type(c)} AS "{c.name}"' for c in columns(TABLES[table]))
        yield table, f"SELECT record, delivery, {names} FROM {table}"
    emptied = ", ".join(f"'' AS {name}" for name in DELIVERY_COLUMNS if name in _NOT_NEEDED)
    yield "delivery", f"SELECT * REPLACE ({emptied}) FROM delivery"
    yield from OF_ALL.items()


def _of_all(cursor: duckdb.DuckDBPyConnection, table: str, query: str, folder: Path) -> int:
    (folder / table / ALL).mkdir(parents=True, mode=0o700)
    cursor.execute(
        f"COPY ({query}) TO {quoted(folder / table / ALL / 'rows.parquet')} (FORMAT parquet, COMPRESSION zstd)"
    )
    row = cursor.execute(f"SELECT count(*) FROM ({query})").fetchone()
    return int(row[0]) if row else 0

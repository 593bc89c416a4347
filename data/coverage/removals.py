"""Taking data out: a source's rows or those of a period, in a new generation; a delivery is undone by `data.coverage.undoing`.

STORE/sources/removals.jsonl says what was removed, when and how much, and never of whom. What was deleted, undone or too old
stands in a list beside the key file too (`store.keys.removals`), where no backup of the store can bring back an older one.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Literal

import duckdb
from pydantic import BaseModel, ConfigDict

from data.codes import normalise
from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.sources import Source, SourceError, Sources, name_of
from data.model.records import TABLES
from data.model.schema import client_tables, field_column
from data.refusal import Refusal
from data.store.acting import record
from data.store.durable import write_durably
from data.store.generation import Generation
from data.store.json_lines import text
from data.store.keys import key_path
from data.store.ledger import Log
from data.store.releases import after_change
from data.store.store import Store, StoreError
from data.texts import LANGUAGES

REMOVALS = "sources/removals.jsonl"


class RemovalError(Refusal):
    """Nothing is removed.

    `reason`: `no_rows`, `no_delivery`, `would_lose`; of a client `no_client`, `other_writing`, `several_registers`,
    `not_forgotten`, `release_damaged`.
    """

    family = "removal"


class Removal(BaseModel):
    """A line of the log: what was removed and how much of it. A client is never named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    what: Literal["client", "source", "delivery", "age"]
    source: str = ""
    first_day: date | None = None
    last_day: date | None = None
    delivery: int | None = None
    made: datetime | None = None
    """Of the delivery: numbers are given again after one has gone back to an earlier version."""
    generation: int = 0
    """The version without it; 0: every version is."""
    rows: int
    returned: int = 0
    """Rows that are again as they were before a delivery."""


def removals(store: Path) -> Log[Removal]:
    """The log of a store."""
    return Log(store / REMOVALS, Removal, is_act=False)


def removal_of(**content: object) -> Removal:
    """A line of the log."""
    return Removal.model_validate({"time": datetime.now(UTC).replace(microsecond=0), **content})


def note(store: Store, **content: object) -> None:
    """Write a line to the log, and to the list beside the keys, without which the deletion is made all the same."""
    line = removals(store.path).append(removal_of(generation=store.serving().number, **content))
    note_beside_keys(store.path, [line])


def list_beside_keys(store: Path) -> Path:
    """The list beside the key file of a store."""
    keys = key_path(store)
    return keys.with_name(keys.name + ".removals")


def removals_in(path: Path) -> tuple[Removal, ...]:
    """The deletions of a list, oldest first; none when there is none. Raises StoreError."""
    if path.exists() and not path.stat().st_size:
        return ()  # the last one was taken back
    return Log(path, Removal).lines()


def note_beside_keys(store: Path, lines: Iterable[Removal]) -> bool:
    """Add deletions to the list beside the keys of a store. False where it cannot be read or written."""
    return change_beside_keys(store, lambda before: (*before, *(line for line in lines if line not in before)))


def change_beside_keys(store: Path, change: Callable[[tuple[Removal, ...]], tuple[Removal, ...]]) -> bool:
    """Write what becomes of the list beside the keys. False where it cannot be read or written."""
    path = list_beside_keys(store)
    try:
        before = removals_in(path)
        after = change(before)
        if after != before:
            write_durably(path, text([line.model_dump(mode="json") for line in after]) if after else "")
    except (OSError, StoreError):
        return False
    return True


def find_source(store: Store, name: str) -> Source:
    """A source by its id, or by the name it has or is shown by. Raises SourceError("unknown")."""
    wanted = normalise(name)
    for source in Sources.of(store.path).all():
        if wanted in {
            normalise(one) for one in (source.id, source.name, *(name_of(source, lang) for lang in LANGUAGES))
        }:
            return source
    raise SourceError("unknown", name=name)


def delete_source(store: Store, source: Source, period: tuple[date, date] | None = None) -> tuple[Generation, int]:
    """Publish a generation without a source's rows, or without those of a period; also how many went.

    Tables without days are left alone when a period is given. Raises RemovalError("no_rows"), StoreError.
    """
    days = "" if period is None else f" {period[0].isoformat()}..{period[1].isoformat()}"
    rows = 0
    with store.next_generation(f"delete: {source.id}{days}") as connection:
        known = deliveries.read(connection)
        numbers = {one.number for one in known if one.source == source.number}
        numbers |= {0} if source.number == 0 else set()
        for table in TABLES:
            rows += _delete(connection, table, numbers, period)
        if not rows:
            raise RemovalError("no_rows", source=source.title)
        set_deliveries(connection, [kept for one in known for kept in _without(one, source, period)])
        forget_unmentioned(connection)
    note(
        store, what="source", source=source.id, rows=rows,
        first_day=period[0] if period else None, last_day=period[1] if period else None,
    )  # fmt: skip
    record(store.path, "deleted", {"source": source.id, **({"period": days.strip()} if days else {})})
    after_change(store)
    return store.serving(), rows


def forget_unmentioned(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop pseudonyms that no record mentions any more."""
    mentioned = " UNION ".join(f"SELECT client FROM {table} WHERE client > 0" for table in client_tables())
    connection.execute(f"DELETE FROM client WHERE client NOT IN ({mentioned})")


def set_deliveries(connection: duckdb.DuckDBPyConnection, kept: list[Delivery]) -> None:
    """Make these the deliveries of the generation being made."""
    connection.execute("DELETE FROM delivery")
    for one in kept:
        deliveries.write(connection, one)


def _delete(
    connection: duckdb.DuckDBPyConnection, table: str, numbers: set[int], period: tuple[date, date] | None
) -> int:
    day = TABLES[table].day
    if not numbers or (period is not None and day is None):
        return 0
    where = f"delivery IN ({', '.join(map(str, sorted(numbers)))})"
    values: list[date] = []
    if period is not None and day is not None:
        where += f' AND "{field_column(TABLES[table], day).name}" BETWEEN ? AND ?'
        values = [*period]
    return int(connection.execute(f"DELETE FROM {table} WHERE {where}", values).fetchall()[0][0])


def _without(one: Delivery, source: Source, period: tuple[date, date] | None) -> Iterator[Delivery]:
    """What is left of a delivery's period once a source's rows of a period are gone: nothing, all, or one or two parts."""
    if one.source != source.number:
        yield one
        return
    if period is None:
        return
    first, last = period
    if one.first_day is None or one.last_day is None or last < one.first_day or one.last_day < first:
        yield one
        return
    if one.first_day < first:
        yield replace(one, last_day=first - timedelta(days=1))
    if last < one.last_day:
        yield replace(one, first_day=last + timedelta(days=1))

"""The rows of earlier generations: what a delivery replaced or removed, as it was before."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.model.records import TABLES
from data.model.schema import columns, field_column, plain_type
from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.store import Store, StoreError


@dataclass(frozen=True)
class Past:
    """What the generation before a delivery gives back.

    rows: rows of its table; clients: pseudonyms of theirs; replaced: how many of `rows` take the place of a row of the delivery;
    lost: as in `Undoing`.
    """

    rows: tuple[pl.DataFrame, ...] = field(default=(), repr=False)
    clients: tuple[pl.DataFrame, ...] = field(default=(), repr=False)
    replaced: int = 0
    lost: int = 0


def around_delivery(store: Store, delivery: Delivery) -> tuple[Generation, Generation] | None:
    """The generation before the one that a delivery came in, and that one; None when they are not kept or it came first."""
    after = store.serving()
    while after.parent is not None:
        try:
            before = store.generation(after.parent)
            with store.reading(before) as connection:
                if not any(_same(one, delivery) for one in deliveries.read(connection)):
                    return before, after
        except StoreError:
            return None
        after = before
    return None


def past_of(
    store: Store, connection: duckdb.DuckDBPyConnection, found: Delivery, mine: pl.DataFrame,
    around: tuple[Generation, Generation],
) -> Past:  # fmt: skip
    """What there was before a delivery. mine: records whose rows it wrote; around: from `around_delivery`. Raises StoreError."""
    before, after = around
    table = found.table
    with store.reading(after) as cursor:
        together = [one for one in deliveries.read(cursor) if one.table == table and not _same(one, found)]
        still = cursor.sql(f"SELECT record FROM {table}").pl() if found.gone else None
    with store.reading(before) as old:
        then = deliveries.read(old)
        came_with = [one for one in together if not any(_same(one, other) for other in then)]
        had = _rows(old, table, mine).select("record")
        matched = had.height
        if still is not None:
            gone = _rows(old, table, still, missing=True)
            if any(one.gone for one in came_with):
                gone = _of(gone, found, then)
            here = connection.sql(f"SELECT record FROM {table}").pl()
            had = pl.concat([had, gone.select("record").join(here, on="record", how="anti")])
    rows, clients, unknown = _latest(store, table, had, before, deliveries.read(connection))
    # What an earlier file of the same import brought, no generation has.
    earlier = any(one.number < found.number for one in came_with)
    lost = min(max(found.replaced - matched, 0), mine.height - matched) if earlier else 0
    replaced = sum(frame.join(mine, on="record", how="semi").height for frame in rows)
    return Past(rows, clients, replaced, lost + unknown)


def _latest(
    store: Store, table: str, records: pl.DataFrame, start: Generation, now: Sequence[Delivery]
) -> tuple[tuple[pl.DataFrame, ...], tuple[pl.DataFrame, ...], int]:
    """Rows as they were last in a generation or one before it, without what deliveries wrote that are no more; their clients.

    Then how many of the records may have been there in a generation that is not kept any more.
    """
    rows, clients = [], []
    generation: Generation | None = start
    while generation is not None and records.height:
        try:
            with store.reading(generation) as old:
                found = _still_delivered(_rows(old, table, records), table, deliveries.read(old), now)
                rows.append(found)
                if "client" in found.columns:
                    old.register("wanted", found.select("client").unique())
                    clients.append(old.sql("SELECT client, pseudonym FROM client SEMI JOIN wanted USING (client)").pl())
                    old.unregister("wanted")
            records = records.join(found, on="record", how="anti")
            generation = store.generation(generation.parent) if generation.parent is not None else None
        except StoreError:
            return tuple(rows), tuple(clients), records.height
    return tuple(rows), tuple(clients), 0


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, records: pl.DataFrame, *, missing: bool = False
) -> pl.DataFrame:
    """The rows of a table with these records, or with all others: `record`, `delivery`, and the columns with codes as words."""
    there = columns_there(connection, table)
    delivery = "delivery" if "delivery" in there else "0::UINTEGER AS delivery"
    values = [
        f'CAST("{one.name}" AS {plain_type(one)}) AS "{one.name}"'
        for one in columns(TABLES[table])
        if one.name in there
    ]
    connection.register("wanted", records)
    try:
        listed, join = ", ".join(["record", delivery, *values]), "ANTI" if missing else "SEMI"
        found: pl.DataFrame = connection.sql(f"SELECT {listed} FROM {table} {join} JOIN wanted USING (record)").pl()
    finally:
        connection.unregister("wanted")
    return found


def _of(rows: pl.DataFrame, found: Delivery, then: Sequence[Delivery]) -> pl.DataFrame:
    """Rows of the source and period of a delivery."""
    numbers = [one.number for one in then if one.source == found.source] + ([0] if found.source == 0 else [])
    rows = rows.filter(pl.col("delivery").is_in(numbers))
    day = TABLES[found.table].day
    if day is None or found.first_day is None or found.last_day is None:
        return rows
    return rows.filter(pl.col(field_column(TABLES[found.table], day).name).is_between(found.first_day, found.last_day))


def _still_delivered(rows: pl.DataFrame, table: str, then: Sequence[Delivery], now: Sequence[Delivery]) -> pl.DataFrame:
    """Rows whose own delivery has not been undone or deleted meanwhile."""
    day = TABLES[table].day
    kept = pl.col("delivery") == 0
    for one in {found.number: found for found in then}.values():
        mine = pl.col("delivery") == one.number
        spans = [(other.first_day, other.last_day) for other in now if _same(one, other)]
        if spans and ((one.first_day, one.last_day) in spans or day is None):
            kept |= mine
        for first, last in spans:
            if day is not None and first is not None and last is not None:
                kept |= mine & pl.col(field_column(TABLES[table], day).name).is_between(first, last)
    return rows.filter(kept)


def _same(one: Delivery, other: Delivery) -> bool:
    """One delivery in two generations; after going back to an earlier one its number may be another's."""
    return (one.number, one.made, one.digest) == (other.number, other.made, other.digest)

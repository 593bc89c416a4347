"""Undoing a delivery: its rows leave, and what it had replaced or removed comes back from the generation before it.

Only the generations that are kept can give rows back. Where one cannot, `Undoing.lost` says so before anything is done.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.removals import RemovalError, forget_unmentioned, note, set_deliveries
from data.model.records import TABLES
from data.model.schema import columns, field_column, plain_type
from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.store import Store, StoreError
from data.texts import message


@dataclass(frozen=True)
class Undoing:
    """What undoing a delivery does, in rows.

    leaving: rows of the delivery that leave for good; returning: rows that it had replaced or removed and that are again as they
    were before it; lost: rows, at most, that were there before it and leave all the same or do not return, because no kept
    generation has them any more; later: later deliveries of the same source and table that had rows of it unchanged, and lose
    them too.
    """

    delivery: Delivery
    leaving: int
    returning: int
    lost: int
    later: int


@dataclass(frozen=True)
class _Past:
    """What the generation before a delivery gives back.

    rows: rows of its table; clients: pseudonyms of theirs; places: codes of the service points there were, None when that
    generation is not kept; replaced: how many of `rows` take the place of a row of the delivery; lost: as in `Undoing`.
    """

    rows: pl.DataFrame | None = field(default=None, repr=False)
    clients: pl.DataFrame | None = field(default=None, repr=False)
    places: frozenset[str] | None = None
    replaced: int = 0
    lost: int = 0


def what_undoing_does(store: Store, number: int) -> Undoing:
    """What `undo_delivery` would do now. Raises RemovalError("no_delivery"), StoreError."""
    with store.reading() as connection:
        return _undoing(store, connection, number)[0]


def undoing_lines(undoing: Undoing, lang: str) -> list[str]:
    """What undoing does, in words: a line for each thing that it does to some rows."""
    counted = {name: getattr(undoing, name) for name in ("leaving", "returning", "lost", "later")}
    told = [message(f"removal.undo.{name}", lang, count=count) for name, count in counted.items() if count]
    return told or [message("removal.undo.nothing", lang)]


def undo_delivery(store: Store, number: int, *, accepted: int = 0) -> tuple[Generation, Undoing]:
    """Publish a generation without the rows that a delivery wrote, and with those that it had replaced as they were.

    accepted: so many lost rows are agreed to. Raises RemovalError: `no_delivery`, `would_lose` (`count`); StoreError.
    """
    with store.next_generation(f"undo: delivery {number}") as connection:
        done, past = _undoing(store, connection, number)
        if done.lost > accepted:
            raise RemovalError("would_lose", count=done.lost)
        table = done.delivery.table
        connection.execute(f"DELETE FROM {table} WHERE delivery = {number:d}")
        if past.rows is not None and past.rows.height:
            _insert(connection, table, past.rows, past.clients)
        set_deliveries(connection, [one for one in deliveries.read(connection) if one.number != number])
        if past.places is not None:
            _drop_unnamed_places(connection, past.places)
        forget_unmentioned(connection)
    note(store, what="delivery", delivery=number, rows=done.leaving, returned=done.returning)
    return store.serving(), done


def _undoing(store: Store, connection: duckdb.DuckDBPyConnection, number: int) -> tuple[Undoing, _Past]:
    """What is to be done upon a connection to the serving generation or a draft of the next."""
    known = deliveries.read(connection)
    found = next((one for one in known if one.number == number), None)
    if found is None:
        raise RemovalError("no_delivery", number=number)
    mine = connection.sql(f"SELECT record FROM {found.table} WHERE delivery = {number:d}").pl()
    around = _around(store, found)
    if around is None:
        past = _Past(lost=min(found.replaced, mine.height) + found.gone)
    else:
        past = _past(store, connection, found, mine, around)
    of_same = [one for one in known if (one.source, one.table) == (found.source, found.table)]
    later = sum(one.number > number and one.unchanged > 0 and _overlap(one, found) for one in of_same)
    returning = past.rows.height if past.rows is not None else 0
    return Undoing(found, mine.height - past.replaced, returning, past.lost, later), past


def _around(store: Store, delivery: Delivery) -> tuple[Generation, Generation] | None:
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


def _past(
    store: Store, connection: duckdb.DuckDBPyConnection, found: Delivery, mine: pl.DataFrame,
    around: tuple[Generation, Generation],
) -> _Past:  # fmt: skip
    before, after = around
    table = found.table
    with store.reading(after) as cursor:
        together = [one for one in deliveries.read(cursor) if one.table == table and not _same(one, found)]
        still = cursor.sql(f"SELECT record FROM {table}").pl() if found.gone else None
    with store.reading(before) as old:
        then = deliveries.read(old)
        came_with = [one for one in together if not any(_same(one, other) for other in then)]
        had = _rows(old, table, mine)
        matched = had.height
        if still is not None:
            gone = _rows(old, table, still, missing=True)
            if any(one.gone for one in came_with):
                gone = _of(gone, found, then)
            here = connection.sql(f"SELECT record FROM {table}").pl()
            had = pl.concat([had, gone.join(here, on="record", how="anti")])
        rows = _still_delivered(had, table, then, deliveries.read(connection))
        clients = None
        if "client" in rows.columns:
            old.register("wanted", rows.select("client").unique())
            clients = old.sql("SELECT client, pseudonym FROM client SEMI JOIN wanted USING (client)").pl()
            old.unregister("wanted")
        places = frozenset(str(code) for (code,) in old.execute("SELECT code FROM service_point").fetchall())
    # What an earlier file of the same import brought, no generation has.
    earlier = any(one.number < found.number for one in came_with)
    lost = min(max(found.replaced - matched, 0), mine.height - matched) if earlier else 0
    replaced = rows.join(mine, on="record", how="semi").height
    return _Past(rows, clients, places, replaced, lost)


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


def _insert(
    connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame, clients: pl.DataFrame | None
) -> None:
    there = [column for column in columns(TABLES[table]) if column.name in rows.columns]
    names = ", ".join(f'"{column.name}"' for column in there)
    values = ", ".join(f'CAST("{column.name}" AS {column.type})' for column in there)
    connection.register("returned", rows)
    connection.execute(
        f"INSERT INTO {table} (record, delivery, {names}) SELECT record, delivery, {values} FROM returned"
    )
    connection.unregister("returned")
    if clients is not None and clients.height:
        connection.register("returned", clients)
        connection.execute("INSERT INTO client (client, pseudonym) FROM returned ANTI JOIN client USING (client)")
        connection.unregister("returned")


def _drop_unnamed_places(connection: duckdb.DuckDBPyConnection, before: frozenset[str]) -> None:
    """Service points that were made because a row named them, when no row does any more."""
    named = {
        str(code)
        for (code,) in connection.execute(
            "SELECT service_point FROM encounter UNION SELECT service_point FROM staff"
        ).fetchall()
    }
    made = connection.execute("SELECT record, code FROM service_point WHERE delivery = 0").fetchall()
    for record, code in made:
        if code not in named | before:
            connection.execute("DELETE FROM service_point WHERE record = ?", [record])


def _same(one: Delivery, other: Delivery) -> bool:
    """One delivery in two generations; after going back to an earlier one its number may be another's."""
    return (one.number, one.made, one.digest) == (other.number, other.made, other.digest)


def _overlap(one: Delivery, other: Delivery) -> bool:
    if one.first_day is None or one.last_day is None or other.first_day is None or other.last_day is None:
        return True
    return one.first_day <= other.last_day and other.first_day <= one.last_day

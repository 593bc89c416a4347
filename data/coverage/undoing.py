"""Undoing a delivery: its rows leave, and what it had replaced or removed comes back from the generation before it.

Only the generations that are kept can give rows back. Where one cannot, `Undoing.lost` says so before anything is done.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import polars as pl

from data.coverage import deliveries
from data.coverage.deliveries import Delivery, overlaps
from data.coverage.past_rows import Past, around_delivery, past_of
from data.coverage.removal_log import named, note
from data.coverage.removals import RemovalError, forget_unmentioned, set_deliveries
from data.model.records import TABLES
from data.model.schema import Column, columns
from data.store import acting
from data.store.generation import Generation
from data.store.releases import after_change
from data.store.store import Store
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
        for rows in past.rows:
            _insert(connection, table, rows)
        for clients in past.clients:
            connection.register("returned", clients)
            connection.execute("INSERT INTO client (client, pseudonym) FROM returned ANTI JOIN client USING (client)")
            connection.unregister("returned")
        set_deliveries(connection, [one for one in deliveries.read(connection) if one.number != number])
        forget_unmentioned(connection)
    note(
        store,
        what="delivery",
        delivery=number,
        deliveries=(named(done.delivery),),
        rows=done.leaving,
        returned=done.returning,
    )
    acting.record(store.path, "undone", {"delivery": number})
    after_change(store)
    return store.serving(), done


def _undoing(store: Store, connection: duckdb.DuckDBPyConnection, number: int) -> tuple[Undoing, Past]:
    """What is to be done upon a connection to the serving generation or a draft of the next."""
    known = deliveries.read(connection)
    found = next((one for one in known if one.number == number), None)
    if found is None:
        raise RemovalError("no_delivery", number=number)
    mine = connection.sql(f"SELECT record FROM {found.table} WHERE delivery = {number:d}").pl()
    around = around_delivery(store, found)
    if around is None:
        past = Past(lost=min(found.replaced, mine.height) + found.gone)
    else:
        past = past_of(store, connection, found, mine, around)
    of_same = [one for one in known if (one.source, one.table) == (found.source, found.table)]
    later = sum(
        one.number > number and one.unchanged > 0 and overlaps(one, found.first_day, found.last_day) for one in of_same
    )
    returning = sum(rows.height for rows in past.rows)
    return Undoing(found, mine.height - past.replaced, returning, past.lost, later), past


def _insert(connection: duckdb.DuckDBPyConnection, table: str, rows: pl.DataFrame) -> None:
    """Rows of a generation of any version; columns that it lacks get their defaults."""
    every = columns(TABLES[table])
    names = ", ".join(f'"{column.name}"' for column in every)
    values = ", ".join(f"CAST({_value(column, rows)} AS {column.type})" for column in every)
    connection.register("returned", rows)
    connection.execute(
        f"INSERT INTO {table} (record, delivery, {names}) SELECT record, delivery, {values} FROM returned"
    )
    connection.unregister("returned")


def _value(column: Column, rows: pl.DataFrame) -> str:
    if column.name in rows.columns:
        return f'"{column.name}"'
    if column.default is None:
        return "NULL"
    return "[]" if column.is_list else f"'{column.default}'"

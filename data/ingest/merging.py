"""Checked rows against those of a store: which are new, changed or the same, and writing them into a draft."""

from collections.abc import Sequence

import duckdb
import polars as pl

from data.model.records import TABLES
from data.model.schema import Column, columns, schema_version

LOADED, REPLACED, UNCHANGED = 0, 1, 2
STATE = "_state"
"""Column that says which of the three a row is."""


def classify(
    connection: duckdb.DuckDBPyConnection | None, table: str, frame: pl.DataFrame, pending: pl.DataFrame | None = None
) -> pl.DataFrame:
    """The frame with STATE. `pending` are rows of the same table that earlier files of the same import bring."""
    found = [] if connection is None else [_matches(connection, table, frame)]
    if pending is not None and pending.height:
        with duckdb.connect() as scratch:
            scratch.register("pending", pending)
            newer = _compare(scratch, "pending", columns(TABLES[table]), frame, as_text=True)
        found = [older.join(newer, on="record", how="anti") for older in found] + [newer]
    known = pl.concat(found) if found else pl.DataFrame(schema={"record": pl.UInt64, "same": pl.Boolean})
    if not known.height:
        return frame.with_columns(pl.lit(LOADED, dtype=pl.UInt8).alias(STATE))
    state = (
        pl.when(pl.col("same").is_null()).then(LOADED).when(pl.col("same")).then(UNCHANGED).otherwise(REPLACED)
    ).cast(pl.UInt8)  # fmt: skip
    joined = frame.join(known, on="record", how="left", maintain_order="left")
    return joined.with_columns(state.alias(STATE)).drop("same")


def newest(pending: pl.DataFrame | None, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that earlier files bring, with those of one more file in place of rows of the same record."""
    if pending is None:
        return frame
    return pl.concat([pending.join(frame.select("record"), on="record", how="anti"), frame])


def write(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, clients: pl.DataFrame) -> None:
    """Insert new rows and put changed ones in place of the old, within the draft's transaction."""
    changed = frame.filter(pl.col(STATE) == REPLACED).select("record")
    if changed.height:
        connection.register("changed", changed)
        connection.execute(f"DELETE FROM {table} WHERE record IN (SELECT record FROM changed)")
        connection.unregister("changed")
    fresh = frame.filter(pl.col(STATE) != UNCHANGED) if (frame[STATE] == UNCHANGED).any() else frame
    if fresh.height:
        names = ", ".join(f'"{column.name}"' for column in columns(TABLES[table]))
        values = ", ".join(f'CAST("{column.name}" AS {column.type})' for column in columns(TABLES[table]))
        connection.register("fresh", fresh)
        connection.execute(f"INSERT INTO {table} (record, {names}) SELECT record, {values} FROM fresh")
        connection.unregister("fresh")
    if clients.height:
        connection.register("arrivals", clients)
        connection.execute(
            "INSERT INTO client (client, pseudonym) SELECT client, pseudonym FROM arrivals "
            "ANTI JOIN client USING (client)"
        )
        connection.unregister("arrivals")


def forget_lost_clients(connection: duckdb.DuckDBPyConnection) -> None:
    """Drop pseudonyms that no record mentions any more, as after a correction of a client identifier."""
    mentioned = " UNION ".join(
        f"SELECT client FROM {table} WHERE client > 0"
        for table, model in TABLES.items()
        if any(column.identity == "client" for column in columns(model))
    )
    connection.execute(f"DELETE FROM client WHERE client NOT IN ({mentioned})")


def _matches(connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> pl.DataFrame:
    """Records of the frame that the store has, and whether they are the same there."""
    there = connection.execute(
        "SELECT column_name FROM duckdb_columns() WHERE table_name = ? AND NOT internal", [table]
    ).fetchall()
    names = {name for (name,) in there}
    if "record" not in names:
        return pl.DataFrame(schema={"record": pl.UInt64, "same": pl.Boolean})
    version = connection.execute("SELECT schema_version FROM about").fetchall()
    known = [column for column in columns(TABLES[table]) if column.name in names]
    return _compare(connection, table, known, frame, as_text=version != [(schema_version(),)])


def _compare(
    connection: duckdb.DuckDBPyConnection, source: str, known: Sequence[Column], frame: pl.DataFrame, *, as_text: bool
) -> pl.DataFrame:
    """Compare codes `as_text` with a source of other code lists, or of none: the words are still the same."""
    same = " AND ".join(
        f'CAST(mine."{column.name}" AS {_common(column, as_text)}) IS NOT DISTINCT FROM '
        f'CAST(theirs."{column.name}" AS {_common(column, as_text)})'
        for column in known
    )
    connection.register("mine", frame)
    try:
        found: pl.DataFrame = connection.sql(
            f"SELECT theirs.record, {same or 'true'} AS same FROM {source} theirs "
            "JOIN mine ON mine.record = theirs.record"
        ).pl()
    finally:
        connection.unregister("mine")
    return found


def _common(column: Column, as_text: bool) -> str:
    if column.code_list and as_text:
        return "VARCHAR[]" if column.is_list else "VARCHAR"
    return column.type

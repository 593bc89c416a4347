"""Checked rows against those of a store: which are new, changed or the same, and writing them into a draft."""

from collections.abc import Collection, Sequence

import duckdb
import polars as pl

from data.model.records import TABLES
from data.model.schema import Column, columns, schema_version
from data.store.reading import columns_there

LOADED, REPLACED, UNCHANGED = 0, 1, 2
STATE = "_state"
"""Column that says which of the three a row is."""

STATUS = {"referral": ("status_on", ("status", "status_on", "started_on"))}
"""By table: the day a status became known, and the columns that belong to it. An older status never replaces a newer one."""


def classify(
    connection: duckdb.DuckDBPyConnection | None, table: str, frame: pl.DataFrame, pending: pl.DataFrame | None = None,
    given: Collection[str] | None = None,
) -> pl.DataFrame:  # fmt: skip
    """The frame with STATE, its changed rows completed by what they leave alone in the store.

    pending: rows of the same table that earlier files of the same import bring; given: fields that the file has columns for
    (None: all). What it has no column for keeps its value, and so does a newer status.
    """
    kept = _kept_columns(table, given)
    if connection is not None and (known := _known(connection, table)):
        old_codes = connection.execute("SELECT schema_version FROM about").fetchall() != [(schema_version(),)]
        older = _compared(connection, table, table, known, frame, kept, as_text=old_codes)
        frame = older if older is not None else frame
    if pending is not None and pending.height:
        with duckdb.connect() as scratch:
            scratch.register("pending", pending)
            newer = _compared(scratch, "pending", table, columns(TABLES[table]), frame, kept, as_text=True)
            frame = newer if newer is not None else frame
    return frame if STATE in frame.columns else frame.with_columns(pl.lit(LOADED, dtype=pl.UInt8).alias(STATE))


def has_table(connection: duckdb.DuckDBPyConnection, table: str) -> bool:
    """Whether a generation has a table; one of an earlier version may lack it."""
    return bool(_known(connection, table))


def among(connection: duckdb.DuckDBPyConnection, table: str, records: pl.Series) -> pl.Series:
    """Those of some record keys that a table of a generation has."""
    connection.register("wanted", pl.DataFrame({"record": records}))
    try:
        found: pl.DataFrame = connection.sql(f"SELECT record FROM {table} SEMI JOIN wanted USING (record)").pl()
        return found["record"]
    finally:
        connection.unregister("wanted")


def newest(pending: pl.DataFrame | None, frame: pl.DataFrame) -> pl.DataFrame:
    """Rows that earlier files bring, with those of one more file in place of rows of the same record."""
    bare = frame.drop(STATE, strict=False)
    if pending is None:
        return bare
    return pl.concat([pending.join(bare.select("record"), on="record", how="anti"), bare])


def write(
    connection: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame, clients: pl.DataFrame, delivery: int = 0
) -> None:
    """Insert new rows and put changed ones in place of the old, within the draft's transaction. delivery: who brings them."""
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
        connection.execute(
            f"INSERT INTO {table} (record, delivery, {names}) SELECT record, {delivery:d}, {values} FROM fresh"
        )
        connection.unregister("fresh")
    if clients.height:
        connection.register("arrivals", clients)
        connection.execute(
            "INSERT INTO client (client, pseudonym) SELECT client, pseudonym FROM arrivals "
            "ANTI JOIN client USING (client)"
        )
        connection.unregister("arrivals")


def remove(connection: duckdb.DuckDBPyConnection, table: str, records: pl.Series) -> None:
    """Delete rows by their record keys, within the draft's transaction."""
    connection.register("removed", pl.DataFrame({"record": records}))
    connection.execute(f"DELETE FROM {table} WHERE record IN (SELECT record FROM removed)")
    connection.unregister("removed")


def _kept_columns(table: str, given: Collection[str] | None) -> tuple[str, ...]:
    """Columns that a file says nothing about."""
    if given is None:
        return ()
    return tuple(
        column.name for column in columns(TABLES[table]) if column.field not in given and column.name != "client"
    )


def _known(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[Column, ...]:
    """The columns of a table that a generation has; none of a table it has not."""
    names = columns_there(connection, table)
    return tuple(column for column in columns(TABLES[table]) if column.name in names) if "record" in names else ()


def _compared(
    connection: duckdb.DuckDBPyConnection, source: str, table: str, known: Sequence[Column], frame: pl.DataFrame,
    kept: Collection[str], *, as_text: bool,
) -> pl.DataFrame | None:  # fmt: skip
    """The frame with STATE against the rows of a source, completed by it; None when it has none of them.

    Codes are compared `as_text` with a source of other code lists, or of none: the words are still the same.
    """
    current = [(column, f'theirs."{column.name}"', _mine(table, column, kept)) for column in known]
    same = " AND ".join(
        f"CAST({mine} AS {_common(column, as_text)}) IS NOT DISTINCT FROM CAST({theirs} AS {_common(column, as_text)})"
        for column, theirs, mine in current
    )
    replaced = [(column, mine) for column, _, mine in current if mine != f'mine."{column.name}"']
    values = "".join(f', {_plain(column, mine)} AS "{column.name}"' for column, mine in replaced)
    connection.register("mine", frame)
    try:
        found = connection.sql(
            f"SELECT theirs.record, {same or 'true'} AS same{values} FROM {source} theirs "
            "JOIN mine ON mine.record = theirs.record"
        ).pl()
    finally:
        connection.unregister("mine")
    if not found.height:
        return None
    # Of a row that an earlier source has changed already, a later one that has it too decides anew.
    earlier = pl.col(STATE) if STATE in frame.columns else pl.lit(LOADED, dtype=pl.UInt8)
    state = pl.when(pl.col("same").is_null()).then(earlier).when(pl.col("same")).then(UNCHANGED).otherwise(REPLACED)
    joined = frame.join(found, on="record", how="left", maintain_order="left", suffix="_old")
    taken = [
        pl.when(pl.col("same").is_null()).then(column.name).otherwise(pl.col(f"{column.name}_old").cast(frame.schema[column.name]))
        .alias(column.name)
        for column, _ in replaced
    ]  # fmt: skip
    names = [name for name in frame.columns if name != STATE]
    return joined.with_columns(*taken, state.cast(pl.UInt8).alias(STATE)).select(*names, STATE)


def _mine(table: str, column: Column, kept: Collection[str]) -> str:
    """The value a changed row will have: its own, the source's where the file says nothing, or that of the newer status."""
    own, old = f'mine."{column.name}"', f'theirs."{column.name}"'
    if column.name in kept:
        return old
    day, belonging = STATUS.get(table, ("", ()))
    if column.name not in belonging or day in kept:
        return own
    kind = "VARCHAR" if column.code_list else column.type
    return f'CASE WHEN theirs."{day}" > mine."{day}" THEN CAST({old} AS {kind}) ELSE CAST({own} AS {kind}) END'


def _plain(column: Column, value: str) -> str:
    """A value in a type that Polars and every schema version read alike."""
    return f"CAST({value} AS {_common(column, as_text=True)})"


def _common(column: Column, as_text: bool) -> str:
    if column.code_list and as_text:
        return "VARCHAR[]" if column.is_list else "VARCHAR"
    return column.type

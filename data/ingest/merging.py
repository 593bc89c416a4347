"""Checked rows against those of a store: which are new, changed or the same, and writing them into a draft."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date

import duckdb
import polars as pl

from data import clock
from data.coverage.deliveries import has_deliveries
from data.ingest.checking import Checked
from data.ingest.merged_values import AS_OF, PROGRESS, Merging
from data.model.records import TABLES, Record
from data.model.schema import Column, columns, plain_type, schema_version
from data.model.unknown import is_unknown
from data.store.reading import columns_there
from data.store.workspace import in_pieces, workspace

LOADED, REPLACED, UNCHANGED = 0, 1, 2
STATE = "_state"
"""Column that says which of the three a row is."""


@dataclass(frozen=True)
class Completed:
    """What a file's rows become beside those that are there.

    frame: the rows with STATE, completed by what is known; kept: by field, known values that stay because the file has nothing
    there; outdated: rows whose status is older than the one that is known.
    """

    frame: pl.DataFrame
    kept: Mapping[str, int] = field(default_factory=dict)
    outdated: int = 0


def classify(
    connection: duckdb.DuckDBPyConnection | None, table: str, frame: pl.DataFrame, pending: pl.DataFrame | None = None,
    given: Collection[str] | None = None, as_of: date | None = None,
) -> Completed:  # fmt: skip
    """Which rows of a frame are new, changed or the same, and what the changed ones will hold (see `data.ingest.merged_values`).

    pending: rows of the same table that earlier files of the same import bring; given: fields that the file has columns for
    (None: all); as_of: the day the file reaches. NULL stands for what a row does not tell, in every column.
    """
    kept = _kept_columns(table, given)
    if table in PROGRESS:
        frame = frame.with_columns(pl.lit(as_of, dtype=pl.Date).alias(AS_OF))
    merged = Completed(frame)
    if connection is not None and (known := _known(connection, table)):
        old_codes = connection.execute("SELECT schema_version FROM about").fetchall() != [(schema_version(),)]
        merged = _compared(connection, _dated(connection, table), table, known, merged, kept, as_text=old_codes)
    if pending is not None and pending.height:
        with workspace() as scratch:
            scratch.register("pending", pending)
            merged = _compared(scratch, "pending", table, columns(TABLES[table]), merged, kept, as_text=True)
    return replace(merged, frame=_complete(merged.frame, table))


def without_assumed(frame: pl.DataFrame, checked: Checked) -> pl.DataFrame:
    """A sheet's keyed rows (in the order of `checked.frame`), with NULL for the codes that stand where a cell told nothing."""
    assumed = [
        pl.when(checked.frame["row"].is_in(rows.implode())).then(None).otherwise(pl.col(name)).alias(name)
        for name, rows in checked.assumed.items()
        if name in frame.columns
    ]
    return frame.with_columns(assumed) if assumed else frame


def reached(period: tuple[date | None, date | None]) -> date:
    """The day a delivery of a period reaches: the last one it covers, else the day it is imported."""
    return period[1] or clock.today()


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


def under_own_keys(frame: pl.DataFrame, moved: pl.DataFrame) -> pl.DataFrame:
    """Rows compared under the records they have been known under, with their state, under those of their own numbers.

    moved: rows that change records: `known`, and `record`, their own. They are written anew, whether they have changed or not.
    """
    if moved.is_empty():
        return frame
    joined = frame.join(moved, left_on="record", right_on="known", how="left", maintain_order="left", suffix="_own")
    state = pl.when(pl.col("record_own").is_null()).then(STATE).otherwise(pl.lit(REPLACED, dtype=pl.UInt8)).alias(STATE)
    return joined.with_columns(pl.coalesce("record_own", "record").alias("record"), state).select(frame.columns)


def newest(pending: pl.DataFrame | None, frame: pl.DataFrame, moved: pl.DataFrame | None = None) -> pl.DataFrame:
    """Rows that earlier files bring, with those of one more file in place of rows of the same record; moved: as above."""
    bare = frame.drop(STATE, strict=False)
    if pending is None:
        return bare
    gone = bare["record"] if moved is None else pl.concat([bare["record"], moved["known"]])
    return pl.concat([pending.filter(~pl.col("record").is_in(gone.implode())), bare])


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
        values = ", ".join(_value(column, fresh[column.name]) for column in columns(TABLES[table]))
        connection.register("fresh", in_pieces(fresh))
        connection.execute(
            f"INSERT INTO {table} (record, delivery, {names}) SELECT record, {delivery:d}, {values} FROM fresh"
        )
        connection.unregister("fresh")
    if clients.height:
        connection.register("arrivals", in_pieces(clients))
        connection.execute(
            "INSERT INTO client (client, pseudonym) SELECT client, pseudonym FROM arrivals "
            "ANTI JOIN client USING (client)"
        )
        connection.unregister("arrivals")


def _value(column: Column, cells: pl.Series) -> str:
    """SQL for the values of a column; for one code, or nothing, on every row a constant, which costs half as much to write."""
    value = f'"{column.name}"'
    if cells.null_count() == cells.len():
        value = "NULL"
    elif isinstance(cells.dtype, pl.Enum) and not cells.null_count() and (cells == cells[0]).all():
        value = f"'{cells[0]}'"
    return f"CAST({value} AS {column.type})"


def remove(connection: duckdb.DuckDBPyConnection, table: str, records: pl.Series) -> None:
    """Delete rows by their record keys, within the draft's transaction."""
    connection.register("removed", pl.DataFrame({"record": records}))
    connection.execute(f"DELETE FROM {table} WHERE record IN (SELECT record FROM removed)")
    connection.unregister("removed")


def _kept_columns(table: str, given: Collection[str] | None) -> tuple[str, ...]:
    """Columns that a file says nothing about."""
    if given is None:
        return ()
    return tuple(column.name for column in columns(TABLES[table]) if column.field not in given)


def _known(connection: duckdb.DuckDBPyConnection, table: str) -> tuple[Column, ...]:
    """The columns of a table that a generation has; none of a table it has not."""
    names = columns_there(connection, table)
    return tuple(column for column in columns(TABLES[table]) if column.name in names) if "record" in names else ()


def _dated(connection: duckdb.DuckDBPyConnection, table: str) -> str:
    """The rows of a table of the store, with the day their delivery reaches where that matters."""
    if table not in PROGRESS:
        return table
    if not {"delivery", "record"} <= columns_there(connection, table) or not has_deliveries(connection):
        return f'(SELECT *, NULL::DATE AS "{AS_OF}" FROM {table})'
    day = f"coalesce(last_day, {clock.day_in_sql('made')})"
    reached = f'SELECT delivery, max({day}) AS "{AS_OF}" FROM delivery GROUP BY delivery'
    return f"(SELECT * FROM {table} LEFT JOIN ({reached}) USING (delivery))"


def _complete(frame: pl.DataFrame, table: str) -> pl.DataFrame:
    """The frame with STATE, and with the default code where neither the file nor the store tells one."""
    defaults = [
        pl.col(column.name).fill_null(pl.lit(column.default).cast(frame.schema[column.name]))
        for column in columns(TABLES[table])
        if isinstance(column.default, str) and frame[column.name].null_count()
    ]
    state = [] if STATE in frame.columns else [pl.lit(LOADED, dtype=pl.UInt8).alias(STATE)]
    return frame.with_columns(*defaults, *state) if defaults or state else frame


def _compared(
    connection: duckdb.DuckDBPyConnection, source: str, table: str, known: Sequence[Column], merged: Completed,
    kept: Collection[str], *, as_text: bool,
) -> Completed:  # fmt: skip
    """The same after a look at the rows of a source, a table or a query.

    Codes are compared `as_text` with a source of other code lists, or of none: the words are still the same.
    """
    frame = merged.frame
    merging = Merging(table, known, kept)
    unknown = frame.select(is_unknown(column).any().alias(column.name) for column in known)
    gaps = {name for name, has_some in unknown.row(0, named=True).items() if has_some}
    made = {column.name: merging.value(column.name) for column in known if merging.may_differ(column.name, gaps)}
    current = [
        (made.get(one.name, f'mine."{one.name}"'), f'theirs."{one.name}"', _common(one, as_text)) for one in known
    ]
    same = " AND ".join(f"CAST({m} AS {kind}) IS NOT DISTINCT FROM CAST({t} AS {kind})" for m, t, kind in current)
    values = "".join(f', {value} AS "{name}"' for name, value in made.items())
    connection.register("mine", frame)
    try:
        found = connection.sql(
            f"SELECT theirs.record, {same or 'true'} AS same, {merging.is_outdated()} AS outdated{values} "
            f"FROM {source} theirs JOIN mine ON mine.record = theirs.record"
        ).pl()
    finally:
        connection.unregister("mine")
    if not found.height:
        return merged
    # Of a row that an earlier source has changed already, a later one that has it too decides anew.
    earlier = pl.col(STATE) if STATE in frame.columns else pl.lit(LOADED, dtype=pl.UInt8)
    state = pl.when(pl.col("same").is_null()).then(earlier).when(pl.col("same")).then(UNCHANGED).otherwise(REPLACED)
    joined = frame.join(found, on="record", how="left", maintain_order="left", suffix="_old")
    there = pl.col("same").is_not_null()
    taken = [
        pl.when(there).then(pl.col(f"{name}_old").cast(frame.schema[name])).otherwise(name).alias(name) for name in made
    ]
    completed = _in_order(joined.with_columns(*taken, state.cast(pl.UInt8).alias(STATE)), frame, TABLES[table])
    names = [name for name in frame.columns if name != STATE]
    return Completed(
        completed.select(*names, STATE),
        _added(
            merged.kept, _values_kept(frame, completed, [merging.columns[name] for name in made if name not in kept])
        ),
        merged.outdated + int(found["outdated"].sum()),
    )


def _in_order(completed: pl.DataFrame, frame: pl.DataFrame, model: type[Record]) -> pl.DataFrame:
    """Without dates that go backwards because one of them was kept: then those of the file hold, which are in order."""
    for pair in model.ordered:
        if all(name in completed.columns for name in pair):
            reversed_rows = completed[pair[1]] < completed[pair[0]]
            if reversed_rows.any():
                completed = completed.with_columns(
                    pl.when(reversed_rows.fill_null(value=False)).then(frame[name]).otherwise(name).alias(name)
                    for name in pair
                )
    return completed


def _values_kept(frame: pl.DataFrame, completed: pl.DataFrame, filled: Sequence[Column]) -> dict[str, int]:
    """By field, how many values the rows have now and did not have in the file."""
    if not filled:
        return {}
    empty, still = (of.select(is_unknown(column).alias(column.field) for column in filled) for of in (frame, completed))
    return {name: count for name in empty.columns if (count := int((empty[name] & ~still[name]).sum()))}


def _added(one: Mapping[str, int], other: Mapping[str, int]) -> dict[str, int]:
    return {name: one.get(name, 0) + other.get(name, 0) for name in {**one, **other}}


def _common(column: Column, as_text: bool) -> str:
    return plain_type(column) if as_text else column.type

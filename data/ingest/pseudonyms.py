"""Identifiers become keys: record keys, pseudonyms and client keys, set-wise in DuckDB; the identifiers go no further.

They come here cleaned (see `data.model.identifiers`): what differs here is another record or another client.
"""

from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.ingest.checking import Checked, distinct_values, without_duplicates
from data.model.records import TABLES, Record
from data.model.schema import columns
from data.store import keys as k

_JOINT = "\x1f"
"""Between the parts of a natural key: no identifier holds it, for control characters are left out of them."""


@dataclass(frozen=True)
class Keyed:
    """Rows as the store holds them (`record`, then the table's columns), and the pseudonyms of their clients."""

    frame: pl.DataFrame = field(repr=False)
    clients: pl.DataFrame = field(repr=False)
    """`client`, `pseudonym`; each client once."""


def key(checked: Checked, keys: k.Keys) -> tuple[Checked, Keyed]:
    """Key the good rows of a sheet; rows that repeat an earlier row's identity are rejected on the way."""
    table = checked.recognised.table
    model = TABLES[table]
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        records = _hashed(connection, _identity(checked.frame, model), keys, table)
        checked, records = without_duplicates(checked, records)
        frame = checked.frame.with_columns(records.alias("record"))
        clients = pl.DataFrame(schema={"client": pl.Int64, "pseudonym": pl.String})
        for column in columns(model):
            if column.identity == "client":
                client, clients = _clients(connection, frame[column.field], keys)
                frame = frame.with_columns(_with_anonymous(connection, client, frame["record"], keys, table))
            elif column.identity:
                hashed = _hashed(connection, frame[column.field], keys, column.identity)
                frame = frame.with_columns(hashed.alias(column.name))
    return checked, Keyed(frame.select("record", *(column.name for column in columns(model))), clients)


def place_rows(names: dict[str, str], keys: k.Keys) -> Keyed:
    """Rows for service points that encounters name: code → name as given."""
    frame = pl.DataFrame(
        {"code": list(names), "name_fi": list(names.values())}, schema={"code": pl.String, "name_fi": pl.String}
    )
    with duckdb.connect() as connection:
        records = _hashed(connection, frame["code"], keys, "service_point")
    missing = []
    for column in columns(TABLES["service_point"]):
        if column.name not in frame.columns:
            missing.append(pl.lit(column.default).alias(column.name))
    ordered = ["record", *(column.name for column in columns(TABLES["service_point"]))]
    return Keyed(frame.with_columns(records.alias("record"), *missing).select(ordered), pl.DataFrame())


def _identity(frame: pl.DataFrame, model: type[Record]) -> pl.Series:
    """The text that tells a record apart."""
    parts = [pl.col(name).cast(pl.String) for name in model.identity]
    if len(parts) == 1:
        return frame.select(parts[0].alias("text"))["text"]
    return frame.select(pl.concat_str(parts, separator=_JOINT).alias("text"))["text"]


def _hashed(connection: duckdb.DuckDBPyConnection, texts: pl.Series, keys: k.Keys, kind: str) -> pl.Series:
    """Record keys of a column of texts, in its order (DuckDB keeps the order of a plain projection)."""
    return _query(connection, texts, k.record_sql(keys, "text", kind))


def _clients(
    connection: duckdb.DuckDBPyConnection, identifiers: pl.Series, keys: k.Keys
) -> tuple[pl.Series, pl.DataFrame]:
    places, texts = distinct_values(identifiers)
    pseudonyms = _query(connection, texts, k.pseudonym_sql(keys, "text"))
    rkeys = _query(connection, pseudonyms, k.rkey_sql(keys, "text"))
    clients = pl.DataFrame({"client": rkeys, "pseudonym": pseudonyms}).unique("client", maintain_order=True)
    return rkeys.gather(places).alias("client"), clients


def _with_anonymous(
    connection: duckdb.DuckDBPyConnection, clients: pl.Series, records: pl.Series, keys: k.Keys, table: str
) -> pl.Series:
    """A visitor without an identifier is a protection unit of its own: a negative key made of the record's key."""
    nobody = clients.is_null()
    if not nobody.any():
        return clients
    texts = records.filter(nobody).cast(pl.String)
    own = -_query(connection, texts, k.rkey_sql(keys, f"'anonymous{_JOINT}{table}{_JOINT}' || text"))
    return clients.scatter(nobody.arg_true(), own)


def _query(connection: duckdb.DuckDBPyConnection, texts: pl.Series, expression: str) -> pl.Series:
    connection.register("texts", pl.DataFrame({"text": texts}))
    try:
        found: pl.DataFrame = connection.sql(f"SELECT {expression} AS value FROM texts").pl()
    finally:
        connection.unregister("texts")
    return found["value"]

"""Identifiers become keys: record keys, pseudonyms and client keys, set-wise in DuckDB; the identifiers go no further.

They come here cleaned (see `data.model.identifiers`): what differs here is another record or another client. A row's key is made
of its source and its own number; without a number, of its source, its content and its place among rows of the same content.
"""

from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.coverage.sources import Source
from data.ingest.checking import Checked, distinct_values
from data.ingest.duplicates import without_duplicates
from data.model.identifiers import IDENTITY_CODE, row_numbers
from data.model.records import TABLES, Record
from data.model.schema import columns
from data.store import keys as k

JOINT = "\x1f"
"""Between the parts of a natural key: no identifier holds it, for control characters are left out of them."""

NUMBERED_ELSEWHERE = frozenset({"service_point", "staff", "cost", "population"})
"""Tables about places and years: whoever delivers them, their rows are the same."""


@dataclass(frozen=True)
class Keyed:
    """Rows as the store holds them (`record`, then the table's columns), and the pseudonyms of their clients."""

    frame: pl.DataFrame = field(repr=False)
    clients: pl.DataFrame = field(repr=False)
    """`client`, `pseudonym`; each client once."""


@dataclass(frozen=True)
class KeyedSheet:
    """The rows of a sheet keyed as those of a source. checked: the sheet without its repeated rows; repeated: their number."""

    source: Source
    checked: Checked
    keyed: Keyed
    repeated: int


def key(checked: Checked, keys: k.Keys, source: Source) -> KeyedSheet:
    """Key the good rows of a sheet of a source."""
    table = checked.recognised.table
    model = TABLES[table]
    with duckdb.connect() as connection:
        connection.execute("SET enable_progress_bar = false")
        records = _hashed(connection, _identity(checked, model, source), keys, table)
        checked, records, repeated = without_duplicates(checked, records)
        frame = checked.frame.with_columns(records.alias("record"))
        clients = pl.DataFrame(schema={"client": pl.Int64, "pseudonym": pl.String})
        for column in columns(model):
            if column.identity == "client":
                client, clients = _clients(connection, _in_register(frame[column.field], source), keys)
                frame = frame.with_columns(_with_anonymous(connection, client, frame["record"], keys, table))
            elif column.identity:
                texts = _numbered(frame, frame[column.field], model, source)
                frame = frame.with_columns(_hashed(connection, texts, keys, column.identity).alias(column.name))
    rows = frame.select("record", *(column.name for column in columns(model)))
    return KeyedSheet(source, checked, Keyed(rows, clients), repeated)


def numbered_records(numbers: pl.Series, keys: k.Keys, source: Source, table: str) -> pl.Series:
    """Record keys of a source's own row numbers (cleaned, none missing) that do not begin anew each year."""
    with duckdb.connect() as connection:
        return _hashed(connection, _in_space(row_numbers(numbers), source), keys, table)


def client_keys(identifier: str, registers: tuple[str, ...], keys: k.Keys) -> tuple[int, ...]:
    """The keys one client identifier (cleaned) has in the store's registers."""
    texts = pl.Series([f"{register}{JOINT}{identifier}" if register else identifier for register in registers])
    with duckdb.connect() as connection:
        pseudonyms = _query(connection, texts, k.pseudonym_sql(keys, "text"))
        return tuple(_query(connection, pseudonyms, k.rkey_sql(keys, "text")).to_list())


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


def _identity(checked: Checked, model: type[Record], source: Source) -> pl.Series:
    """The text that tells a record apart within its table."""
    frame = checked.frame
    own: pl.Series | None = None
    if model.own_number is not None and checked.recognised.of_field(model.own_number):
        own = _numbered(frame, frame[model.own_number], model, source)
        if not own.null_count():
            return own
    parts = [_as_text(frame, name) for name in model.identity]
    natural = pl.concat_str(parts, separator=JOINT, ignore_nulls=False) if len(parts) > 1 else parts[0]
    texts = frame.select(natural.alias("text"))["text"]
    if model.table in NUMBERED_ELSEWHERE:
        return texts
    if not model.is_told_apart:
        texts = _with_ordinal(texts)
    texts = _in_space(texts, source)
    if own is None:
        return texts
    return pl.DataFrame({"own": own, "text": texts}).select(pl.coalesce("own", "text").alias("text"))["text"]


def _as_text(frame: pl.DataFrame, name: str) -> pl.Expr:
    if isinstance(frame.schema[name], pl.List):
        return pl.col(name).cast(pl.List(pl.String)).list.sort().list.join(",").fill_null("")
    return pl.col(name).cast(pl.String).fill_null("")


def _with_ordinal(texts: pl.Series) -> pl.Series:
    """Rows of equal content are told apart by their order; marked, so that no content is ever a number of its own."""
    ordinal = pl.int_range(pl.len()).over("text").cast(pl.String)
    made = pl.concat_str(pl.lit("content"), "text", ordinal, separator=JOINT)
    return pl.DataFrame({"text": texts}).select(made.alias("text"))["text"]


def _numbered(frame: pl.DataFrame, numbers: pl.Series, model: type[Record], source: Source) -> pl.Series:
    """Row numbers with their source before them, and the year where they begin anew each year; null where there is none."""
    texts = row_numbers(numbers).alias("text")
    if source.yearly_from is not None and model.day is not None:
        year = frame[model.day].dt.year()
        marked = pl.when(pl.col("year") >= source.yearly_from).then(
            pl.concat_str(pl.col("year").cast(pl.String), pl.lit(JOINT), "text")
        )
        texts = pl.DataFrame({"text": texts, "year": year}).select(marked.otherwise("text").alias("text"))["text"]
    return _in_space(texts, source)


def _in_space(texts: pl.Series, source: Source) -> pl.Series:
    return texts if source.number == 0 else (source.id + JOINT + texts)


def _in_register(identifiers: pl.Series, source: Source) -> pl.Series:
    """Client numbers of a register of their own with its name before them; personal identity codes are everybody's."""
    if not source.client_register:
        return identifiers
    column = pl.col("text")
    marked = (
        pl.when(column.str.contains(IDENTITY_CODE))
        .then(column)
        .otherwise(pl.lit(source.client_register + JOINT) + column)
    )
    return pl.DataFrame({"text": identifiers}).select(marked.alias("text"))["text"]


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
    own = -_query(connection, texts, k.rkey_sql(keys, f"'anonymous{JOINT}{table}{JOINT}' || text"))
    return clients.scatter(nobody.arg_true(), own)


def _query(connection: duckdb.DuckDBPyConnection, texts: pl.Series, expression: str) -> pl.Series:
    connection.register("texts", pl.DataFrame({"text": texts}))
    try:
        found: pl.DataFrame = connection.sql(f"SELECT {expression} AS value FROM texts").pl()
    finally:
        connection.unregister("texts")
    return found["value"]

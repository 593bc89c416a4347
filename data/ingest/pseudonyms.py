"""Identifiers become keys: record keys, pseudonyms and client keys, set-wise in DuckDB; the identifiers go no further.

They come here cleaned (see `data.model.identifiers`): what differs here is another record or another client. A row's key is made
of its source and its own number; without a number, of its source, its content and its place among rows of the same content.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace

import duckdb
import polars as pl

from data.codes import code_list
from data.coverage.sources import Source
from data.ingest.checking import Checked, distinct_values
from data.ingest.client_numbers import WIDEST, width_of, with_width
from data.ingest.duplicates import without_duplicates
from data.model.identifiers import IDENTITY_CODE, row_numbers
from data.model.records import TABLES, Record
from data.model.schema import columns
from data.store import keys as k
from data.store.workspace import in_pieces, workspace

JOINT = "\x1f"
"""Between the parts of a natural key: no identifier holds it, for control characters are left out of them."""

APART = "."
"""Between the name of a register and what tells people of one number apart: no name holds it."""

_LOOKED_UP = 500
"""Client numbers of a file that are looked up in the store to see how it has them."""

_FEW = 1_000
"""Texts that DuckDB gets as a parameter, which takes half the time of registering a frame."""

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
    """The rows of a sheet keyed as those of a source.

    checked: the sheet without its repeated rows; repeated: their number; known: the record that each row has been known under so
    far, its own where it is new; is_edition: a person said that the rows are the ones that are there, corrected.
    """

    source: Source
    checked: Checked
    keyed: Keyed
    repeated: int
    known: pl.Series = field(repr=False)
    is_edition: bool = False

    @property
    def moved(self) -> pl.DataFrame:
        """Rows that have been known under another record than the one of their own number: `known`, and `record`, their own."""
        both = pl.DataFrame([self.known.alias("known"), self.keyed.frame["record"]])
        return both.filter(pl.col("known") != pl.col("record"))


def key(checked: Checked, keys: k.Keys, source: Source) -> KeyedSheet:
    """Key the good rows of a sheet of a source."""
    table = checked.recognised.table
    model = TABLES[table]
    with workspace() as connection:
        connection.execute("SET enable_progress_bar = false")
        records = _hashed(connection, _identity(checked, model, source), keys, table)
        checked, records, repeated = without_duplicates(checked, records)
        frame = checked.frame.with_columns(records.alias("record"))
        clients = pl.DataFrame(schema={"client": pl.Int64, "pseudonym": pl.String})
        for column in columns(model):
            if column.identity == "client":
                client, clients = _clients(connection, _in_register(frame, column.field, source), keys)
                frame = frame.with_columns(_with_anonymous(connection, client, frame["record"], keys, table))
            elif column.identity:
                texts = _numbered(frame, frame[column.field], model, source)
                frame = frame.with_columns(_hashed(connection, texts, keys, column.identity).alias(column.name))
    rows = frame.select("record", *(column.name for column in columns(model)))
    return KeyedSheet(source, checked, Keyed(rows, clients), repeated, rows["record"])


def with_known(
    sheet: KeyedSheet, pairs: pl.DataFrame, is_taken: Callable[[pl.Series], pl.Series], keys: k.Keys
) -> KeyedSheet:
    """A sheet some of whose rows are known under other records: `record` and `known`, one each.

    A row with a number of its own keeps the key of that, unless numbers have passed from row to row; another gets the key it is
    known under. New rows then get keys that no row has yet. is_taken: tells of record keys whether some row has them.
    """
    recognised = sheet.checked.recognised
    model, frame = TABLES[recognised.table], sheet.keyed.frame
    own = frame["record"]
    joined = frame.select("record").join(pairs, on="record", how="left", maintain_order="left")["known"]
    has_numbers = model.own_number is not None and bool(recognised.of_field(model.own_number))
    if has_numbers and not joined.filter(joined != own).is_in(own.implode()).any():
        return replace(sheet, known=joined.fill_null(own).alias("record"))
    with workspace() as connection:
        records = joined.fill_null(own).alias("record")
        if has_numbers or not model.is_told_apart:
            new = joined.is_null()
            records = records.scatter(new.arg_true(), _unused(connection, sheet, records, new, is_taken, keys))
        if "client" in frame.columns and (frame["client"] < 0).any():
            nobody = frame["client"].set(frame["client"] < 0, None)
            frame = frame.with_columns(
                _with_anonymous(connection, nobody, records, keys, recognised.table).alias("client")
            )
    frame = frame.with_columns(records)
    return replace(sheet, keyed=replace(sheet.keyed, frame=frame), known=records)


def numbered_records(numbers: pl.Series, keys: k.Keys, source: Source, table: str) -> pl.Series:
    """Record keys of a source's own row numbers (cleaned, none missing) that do not begin anew."""
    with workspace() as connection:
        return _hashed(connection, _in_space(row_numbers(numbers), source), keys, table)


def client_keys(identifier: str, registers: tuple[str, ...], keys: k.Keys) -> tuple[int, ...]:
    """The keys one client identifier (cleaned) has in the store's registers."""
    texts = pl.Series([f"{register}{JOINT}{identifier}" if register else identifier for register in registers])
    with workspace() as connection:
        pseudonyms = _query(connection, texts, k.pseudonym_sql(keys, "text"), pl.String)
        return tuple(_query(connection, pseudonyms, k.rkey_sql(keys, "text"), pl.Int64).to_list())


def width_in(
    connection: duckdb.DuckDBPyConnection, numbers: pl.Series, own: int, source: Source, keys: k.Keys
) -> int:  # fmt: skip
    """The digits that client numbers have been filled with zeros to before they were hashed, as the clients of a store show.

    own: those of the numbers as they are, which hold when none of them is known.
    """
    some = numbers.drop_nulls().unique().sort().head(_LOOKED_UP)
    known: dict[int, int] = {}
    for width in dict.fromkeys((own, 0, *range(2, WIDEST + 1))):
        texts = _in_register(pl.DataFrame({"number": with_width(some, width)}), "number", source)
        with workspace() as scratch:
            pseudonyms = _query(scratch, texts, k.pseudonym_sql(keys, "text"), pl.String)
            connection.register(
                "looked_up", pl.DataFrame({"client": _query(scratch, pseudonyms, k.rkey_sql(keys, "text"), pl.Int64)})
            )
        try:
            found = connection.execute("SELECT count(*) FROM looked_up SEMI JOIN client USING (client)").fetchall()
        finally:
            connection.unregister("looked_up")
        known[width] = int(found[0][0])
    return max(known, key=known.__getitem__)


def registers_of(sources: Iterable[Source]) -> tuple[str, ...]:
    """The registers of the client numbers of some sources; where a number is several people's, one for each who may have it."""
    found = []
    for source in sources:
        found.append(source.client_register)
        found += [source.client_register + APART + told for told in _tellings(source.clients_by)]
    return tuple(dict.fromkeys(found))


def _tellings(name: str) -> Iterable[str]:
    """Every value of a field that may tell people apart."""
    if not name:
        return ()
    if name == "arrived_on":
        return ("", *(f"{year}-{month:02}-01" for year in range(1900, 2100) for month in range(1, 13)))
    return ("", *code_list(name).ids)


def place_rows(names: dict[str, str], keys: k.Keys) -> Keyed:
    """Rows for service points that encounters name: code → name as given."""
    frame = pl.DataFrame(
        {"code": list(names), "name_fi": list(names.values())}, schema={"code": pl.String, "name_fi": pl.String}
    )
    with workspace() as connection:
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
    texts = _content(frame, model)
    if model.table in NUMBERED_ELSEWHERE:
        return texts
    if not model.is_told_apart:
        texts = _with_ordinal(texts)
    texts = _in_space(texts, source)
    if own is None:
        return texts
    return pl.DataFrame({"own": own, "text": texts}).select(pl.coalesce("own", "text").alias("text"))["text"]


def _content(frame: pl.DataFrame, model: type[Record]) -> pl.Series:
    """What tells rows without numbers apart, as one text."""
    parts = [_as_text(frame, name) for name in model.identity]
    natural = pl.concat_str(parts, separator=JOINT, ignore_nulls=False) if len(parts) > 1 else parts[0]
    return frame.select(natural.alias("text"))["text"]


def _unused(
    connection: duckdb.DuckDBPyConnection, sheet: KeyedSheet, records: pl.Series, new: pl.Series,
    is_taken: Callable[[pl.Series], pl.Series], keys: k.Keys,
) -> pl.Series:  # fmt: skip
    """Keys for the new rows of a sheet without numbers: their own, or where a row of equal content has that, of a later place.

    The nth try looks from the 2ⁿ-fold of the sheet's own equal rows on, so that no two tries meet.
    """
    table = sheet.checked.recognised.table
    found, others = records.filter(new), records.filter(~new)
    clash = is_taken(found) | found.is_in(others.implode())
    if not clash.any():
        return found
    texts = _content(sheet.checked.frame, TABLES[table])
    equal = pl.DataFrame({"text": texts}).select(pl.len().over("text").alias("equal"))["equal"]
    rows = pl.DataFrame({"text": texts.filter(new), "equal": equal.filter(new)}).with_row_index("place")
    start = 1
    while clash.any():
        nth = pl.int_range(pl.len()).over("text")
        again = rows.filter(clash).with_columns((start * pl.col("equal") + nth).alias("ordinal"))
        made = pl.concat_str(pl.lit("content"), "text", pl.col("ordinal").cast(pl.String), separator=JOINT)
        fresh = _in_space(again.select(made.alias("text"))["text"], sheet.source)
        found = found.scatter(again["place"], _hashed(connection, fresh, keys, table))
        clash = is_taken(found) | found.is_in(others.implode())
        start *= 2
    return found


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
    """Row numbers with their source before them, and the year or month with which they begin anew; null where there is none."""
    texts = row_numbers(numbers).alias("text")
    if model.day is not None and not source.is_one_series:
        day = pl.col("day")
        never = pl.lit(value=False)
        by_month = never if source.monthly_from is None else day >= source.monthly_from
        by_year = never if source.yearly_from is None else day.dt.year() >= source.yearly_from
        series = pl.when(by_month).then(day.dt.strftime("%Y-%m")).when(by_year).then(day.dt.strftime("%Y"))
        marked = pl.coalesce(pl.concat_str(series, pl.lit(JOINT), "text"), "text")
        texts = pl.DataFrame({"text": texts, "day": frame[model.day]}).select(marked.alias("text"))["text"]
    return _in_space(texts, source)


def _in_space(texts: pl.Series, source: Source) -> pl.Series:
    return texts if source.number == 0 else (source.id + JOINT + texts)


def _in_register(frame: pl.DataFrame, name: str, source: Source) -> pl.Series:
    """Client numbers in the form of their source, and with the name of a register of their own before them.

    Where one number is several people's, what tells them apart is part of the register. Personal identity codes are everybody's.
    """
    identifiers = frame[name]
    if source.client_width is not None and width_of(identifiers) is not None:
        identifiers = with_width(identifiers, source.client_width)
    if not source.client_register:
        return identifiers
    register = pl.lit(source.client_register)
    if source.clients_by:
        told = (
            pl.col(source.clients_by).cast(pl.String).fill_null("")
            if source.clients_by in frame.columns
            else pl.lit("")
        )
        register = pl.concat_str(register, pl.lit(APART), told)
    column = pl.col(name)
    marked = (
        pl.when(column.str.contains(IDENTITY_CODE))
        .then(column)
        .otherwise(pl.concat_str(register, pl.lit(JOINT), column))
    )
    return frame.with_columns(identifiers.alias(name)).select(marked.alias("text"))["text"]


def _hashed(connection: duckdb.DuckDBPyConnection, texts: pl.Series, keys: k.Keys, kind: str) -> pl.Series:
    """Record keys of a column of texts, in its order (DuckDB keeps the order of a plain projection)."""
    return _query(connection, texts, k.record_sql(keys, "text", kind), pl.UInt64)


def _clients(
    connection: duckdb.DuckDBPyConnection, identifiers: pl.Series, keys: k.Keys
) -> tuple[pl.Series, pl.DataFrame]:
    places, texts = distinct_values(identifiers)
    pseudonyms = _query(connection, texts, k.pseudonym_sql(keys, "text"), pl.String)
    rkeys = _query(connection, pseudonyms, k.rkey_sql(keys, "text"), pl.Int64)
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
    own = -_query(connection, texts, k.rkey_sql(keys, f"'anonymous{JOINT}{table}{JOINT}' || text"), pl.Int64)
    return clients.scatter(nobody.arg_true(), own)


def _query(
    connection: duckdb.DuckDBPyConnection, texts: pl.Series, expression: str, held: type[pl.DataType]
) -> pl.Series:
    """What an expression makes of each text. held: the type of it."""
    if texts.len() <= _FEW:
        # A statement that is run is planned once; a relation once for its columns and once more for its rows.
        listed = f"SELECT {expression} FROM (SELECT unnest(?::VARCHAR[]) AS text)"
        found = connection.execute(listed, [texts.to_list()]).fetchall()
        return pl.Series("value", [value for (value,) in found], held)
    connection.register("texts", in_pieces(pl.DataFrame({"text": texts})))
    try:
        many: pl.DataFrame = connection.sql(f"SELECT {expression} AS value FROM texts").pl()
    finally:
        connection.unregister("texts")
    return many["value"]

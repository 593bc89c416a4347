"""Making a generation's file: a copy of the one before, or a rebuild when tables or code lists have changed."""

import secrets
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import duckdb

from data.model.schema import enum_types, schema_version, tables
from data.store.copying import copy
from data.store.earlier_form import filled, lacking
from data.store.errors import StoreError
from data.store.workspace import looking_into, quoted, writing_into

_empty: dict[str, bytes] = {}
"""An empty file by version of the schema, half a megabyte: what a process makes first is kept."""


@contextmanager
def draft(path: Path, parent: Path | None) -> Iterator[duckdb.DuckDBPyConnection]:
    """A writable draft at `path`, holding what `parent` holds and a token of its own.

    The block runs in one transaction, then a checkpoint.
    """
    same = parent is not None and version_of(parent) == schema_version()
    if parent is not None and same:
        copy(parent, path)
    else:
        _make_empty(path)
    with writing_into(path) as connection:
        path.chmod(0o600)
        if parent is not None and not same:
            _carry_over(connection, parent)
        connection.execute("BEGIN")
        connection.execute("ALTER TABLE about ADD COLUMN IF NOT EXISTS token VARCHAR")
        connection.execute("UPDATE about SET token = ?", [secrets.token_hex(16)])
        yield connection
        connection.execute("COMMIT")
        connection.execute("CHECKPOINT")


def rewrite(path: Path, source: Path, change: Callable[[duckdb.DuckDBPyConnection], None]) -> None:
    """A file at `path` that holds what `source` holds after `change`, and nothing of what it held before.

    Deleted rows stay in the free blocks of a DuckDB file, so what is left is copied row by row into a new one. Its token is new.
    """
    between = path.with_name(path.name + ".between.draft")
    copy(source, between)
    try:
        between.chmod(0o600)
        with writing_into(between) as connection:
            change(connection)
            connection.execute("ALTER TABLE about ADD COLUMN IF NOT EXISTS token VARCHAR")
            connection.execute("UPDATE about SET token = ?", [secrets.token_hex(16)])
            connection.execute("CHECKPOINT")
        with writing_into(path) as connection:
            connection.execute(f"ATTACH {quoted(between)} AS changed (READ_ONLY)")
            connection.execute("COPY FROM DATABASE changed TO written")
            connection.execute("DETACH changed")
            connection.execute("CHECKPOINT")
        path.chmod(0o600)
    finally:
        between.unlink(missing_ok=True)


def _make_empty(path: Path) -> None:
    """A file of the present schema that holds nothing. Forty statements take longer than a small import: they are run once."""
    version = schema_version()
    if version not in _empty:
        with writing_into(path) as connection:
            # In one transaction: each has to reach the disk, and forty times that is most of what a small import waits for.
            connection.execute("BEGIN")
            for statement in (*enum_types().values(), *tables().values()):
                connection.execute(statement)
            connection.execute("CREATE TABLE about (schema_version VARCHAR, token VARCHAR)")
            connection.execute("INSERT INTO about (schema_version) VALUES (?)", [version])
            connection.execute("COMMIT")
        _empty[version] = path.read_bytes()
    else:
        path.write_bytes(_empty[version])


def version_of(path: Path) -> str:
    """The version of the schema that a file has."""
    with looking_into(path) as connection:
        row = connection.execute("SELECT schema_version FROM about").fetchone()
    return str(row[0]) if row else ""


def _carry_over(connection: duckdb.DuckDBPyConnection, parent: Path) -> None:
    """Copy every column both schemas know, and say of new ones that nothing is known.

    A code goes over by its name, so a removed code in use stops the rebuild. Raises StoreError("another_form").
    """
    connection.execute(f"ATTACH {quoted(parent)} AS parent (READ_ONLY)")
    new = lacking(connection, "parent")
    for table in tables():
        values = shared_columns(connection, "parent", table)
        if values:
            values = filled(connection, table, new.get(table, {}) | values)
            names = ", ".join(f'"{name}"' for name in values)
            try:
                connection.execute(
                    f"INSERT INTO {table} ({names}) SELECT {', '.join(values.values())} FROM parent.{table} theirs"
                )
            except (duckdb.ConversionException, duckdb.ConstraintException) as error:
                column = next((name for name in values if not _goes_over(connection, table, values[name])), "")
                where = f"{table}.{column}" if column else table
                raise StoreError("another_form", parent.parent.parent, where) from error
    connection.execute("DETACH parent")


def _goes_over(connection: duckdb.DuckDBPyConnection, table: str, value: str) -> bool:
    try:
        connection.execute(f"SELECT bit_xor(hash({value})) FROM parent.{table} theirs").fetchall()
    except duckdb.ConversionException:
        return False
    return True


def shared_columns(connection: duckdb.DuckDBPyConnection, other: str, table: str) -> dict[str, str]:
    """The columns that a file and an attached one both have in a table, with SQL for the latter's value, of a row `theirs`.

    A code goes over by its name, for the files may number codes differently.
    """
    kinds = connection.execute(
        "SELECT mine.column_name, mine.data_type FROM duckdb_columns() mine JOIN duckdb_columns() theirs "
        "ON theirs.database_name = ? AND theirs.table_name = mine.table_name AND theirs.column_name = mine.column_name "
        "WHERE mine.database_name = current_database() AND mine.table_name = ? ORDER BY mine.column_index",
        [other, table],
    ).fetchall()
    return {name: f'CAST(CAST(theirs."{name}" AS {_text(kind)}) AS {kind})' for name, kind in kinds}


def _text(kind: str) -> str:
    return "VARCHAR[]" if kind.endswith("[]") else "VARCHAR"

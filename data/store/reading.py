"""Reading generations: one connection for each file as it stands on disk, shared by a whole process."""

import threading
from collections.abc import Iterable
from pathlib import Path
from weakref import WeakKeyDictionary

import duckdb

from data.store.earlier_form import complete, lacking
from data.store.generation import Generation, file_state, token_in
from data.store.resources import database, spill_of
from data.store.workspace import quoted

_HELD = 4
"""Connections kept open: the serving generation's, and those people have just come from."""

_Opened = tuple[duckdb.DuckDBPyConnection, str | None, dict[str, dict[str, str]]]
_connections: dict[tuple[Path, tuple[int, ...]], _Opened] = {}
# By the file's state too: a store made anew or restored in the same folder has the same file names.
_lock = threading.Lock()
_columns: WeakKeyDictionary[duckdb.DuckDBPyConnection, dict[str, frozenset[str]]] = WeakKeyDictionary()
"""What has been asked of a connection before: no columns come or go where rows are read or written."""


def cursor(file: Path, generation: Generation) -> duckdb.DuckDBPyConnection | None:
    """A read-only cursor over a generation's file, None when the file is another generation's. FileNotFoundError."""
    with _lock:
        key = (file, file_state(file))
        _let_go_of_what_has_gone()
        if key not in _connections:
            opened = _open(file)
            if file_state(file) != key[1]:
                return None  # it was replaced while it was being opened
            while len(_connections) >= _HELD:
                _connections.pop(next(iter(_connections)))
            _connections[key] = opened
        connection, token, missing = _connections[key] = _connections.pop(key)  # the last to be let go
        if (token or generation.token_of_state(key[1])) != generation.token:
            return None
        found = connection.cursor()
    found.execute("USE generation")
    complete(found, "generation", missing)
    return found


def read_through(connection: duckdb.DuckDBPyConnection) -> None:
    """Read every block of every table: DuckDB looks at a block's checksum when a query comes to it, not when it opens a file.

    In one statement, of tables that have blocks: of a small store, each takes longer to plan than to run.
    """
    query = """SELECT table_name FROM duckdb_tables()
        WHERE database_name = current_database() AND NOT internal AND estimated_size > 0"""
    tables = [str(table) for (table,) in connection.execute(query).fetchall()]
    reads = (f'SELECT bit_xor(hash(theirs)) FROM "{table}" theirs' for table in tables)
    if tables:
        connection.execute(" UNION ALL ".join(reads)).fetchall()


def columns_there(connection: duckdb.DuckDBPyConnection, table: str) -> frozenset[str]:
    """Names of the columns that a generation, of whatever version, has in a table; none when it lacks the table."""
    known = _columns.setdefault(connection, {})
    if table not in known:
        query = "SELECT column_name FROM duckdb_columns() WHERE database_name = current_database() AND table_name = ?"
        known[table] = frozenset(str(name) for (name,) in connection.execute(query, [table]).fetchall())
    return known[table]


def forget(file: Path) -> None:
    """Let go of a file that is about to be deleted; cursors already handed out stay good."""
    with _lock:
        _let_go(key for key in _connections if key[0] == file)


def let_go_of_what_has_gone() -> None:
    """Let go of files that another process has deleted or replaced: a connection may hold rows of somebody forgotten since."""
    with _lock:
        _let_go_of_what_has_gone()


def _let_go_of_what_has_gone() -> None:
    _let_go(key for key in _connections if not _is_as_it_was(*key))


def _let_go(keys: Iterable[tuple[Path, tuple[int, ...]]]) -> None:
    # Not closed: that would close the cursors other visitors are reading with. The last of them closes the file.
    for key in tuple(keys):
        del _connections[key]


def _is_as_it_was(file: Path, state: tuple[int, ...]) -> bool:
    try:
        return file_state(file) == state
    except OSError:
        return False


def _open(file: Path) -> _Opened:
    """A connection with the file attached, the token it holds, None in a file of an earlier version, and what such a file lacks.

    Attached to a database of its own, because `duckdb.connect(file)` hands out the database that is already open under
    this name in the process, though the file may be another one by now.
    """
    connection = database()
    connection.execute(f"SET temp_directory = {quoted(spill_of(file))}")
    connection.execute(f"ATTACH {quoted(file)} AS generation (READ_ONLY)")
    connection.execute("USE generation")
    if file.stat().st_size < _least_size(connection):
        connection.close()
        raise duckdb.IOException("the end of the file is missing")
    return connection, token_in(connection), lacking(connection, "generation")


def _least_size(connection: duckdb.DuckDBPyConnection) -> int:
    """Bytes of a file with its headers and the blocks in use. DuckDB opens a shorter one and fails at a block it lacks."""
    row = connection.execute(
        "SELECT block_size * used_blocks FROM pragma_database_size() WHERE database_name = 'generation'"
    ).fetchone()
    return 3 * 4096 + int(row[0]) if row else 0

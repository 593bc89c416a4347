"""Rows of facts that stay with a connection, from the second time on that they are asked for.

Every set of cells is counted from the rows of a fact. Where windows and long joins find these, that was some 40 % of a scan. So
they are kept in a database in memory beside the generation's file, compressed, as long as its connection. The first question
does without: to find all columns takes longer than to find those of one question.
"""

import logging
import threading

import duckdb

from metrics.model.facts.fact import Fact
from metrics.model.facts.materialised import all_columns, is_derived, read_from

_MOST = 256
_TABLE = "every_row"
_asked: dict[tuple[str, str], bool] = {}
"""What has been asked for before, by token of a generation and name of a fact: whether there is room to keep it."""
_lock = threading.Lock()
log = logging.getLogger(__name__)


def kept(
    fact: Fact, names: tuple[str, ...], cursor: duckdb.DuckDBPyConnection, token: str, where: str = "true"
) -> Fact:
    """Return a fact over its kept rows; the fact itself where it is asked for the first time, or its rows are those of a table.

    names: the columns that are needed; token: of the generation that the cursor reads; where: which rows are counted, always the
    same over one connection.
    """
    if not is_derived(fact, names):
        return fact
    database = f"rows_of_{fact.name}"
    with _lock:
        if _is_new(token, fact):
            return fact
        if not _asked[token, fact.name]:
            return fact
        if not _is_there(database, cursor):
            try:
                _make(f"SELECT * FROM ({all_columns(fact)}) WHERE {where}", database, cursor)
            except (duckdb.OutOfMemoryException, duckdb.IOException):
                # Neither memory nor disk has room for all columns, or one is damaged: those of the question may do without.
                log.warning("No room to keep the rows of %s: they are found for each count.", fact.name)
                _asked[token, fact.name] = False
                return fact
    return read_from(fact, f"{database}.main.{_TABLE}")


def keep(fact: Fact, token: str) -> None:
    """Let the rows of a fact be kept from the first question on, because several are about to be asked. token: as of `kept`."""
    with _lock:
        _is_new(token, fact)


def is_asked_for(fact: Fact, token: str) -> bool:
    """Return whether a fact has been asked for before, or is about to be several times. token: as of `kept`."""
    return (token, fact.name) in _asked


def _is_new(token: str, fact: Fact) -> bool:
    """Return whether a fact is asked for the first time, and note that it has been."""
    if (token, fact.name) in _asked:
        return False
    while len(_asked) >= _MOST:
        _asked.pop(next(iter(_asked)))
    _asked[token, fact.name] = True
    return True


def _is_there(database: str, cursor: duckdb.DuckDBPyConnection) -> bool:
    query = "FROM duckdb_tables() WHERE database_name = ? AND table_name = ?"
    return bool(cursor.execute(query, [database, _TABLE]).fetchall())


def _make(rows: str, database: str, cursor: duckdb.DuckDBPyConnection) -> None:
    cursor.execute(f"ATTACH ':memory:' AS {database} (COMPRESS)")
    try:
        cursor.execute(f"CREATE TABLE {database}.main.{_TABLE} AS {rows}")
        cursor.execute(f"CHECKPOINT {database}")  # which compresses it; nobody reads it yet
    except BaseException:
        cursor.execute(f"DETACH {database}")
        raise

"""Rows and clients of a file against those of the same number that are there already: do they contradict each other?

Two municipalities, two years or two sheets may number their rows from 1; two client systems may number their clients from 1.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import astuple, dataclass

import duckdb
import polars as pl

from data.model.records import TABLES
from data.model.schema import Column, columns, field_column
from data.model.unknown import unknown_sql

_TELLING = (
    "occurred_on", "referred_on", "started_on", "recognised_on", "client", "municipality", "language", "service_point",
    "to_service", "centre", "kind",
)  # fmt: skip
"""Columns that a correction seldom changes, and never two of them in many rows at once."""

_FEW, _SHARE = 3, 0.1
"""Contradicting rows are many from so many on and from this share of the rows of equal number; or when they are half of them."""

CLIENT_COLUMNS = ("language", "arrived_on", "municipality")
"""What a client number says of a person and seldom changes."""

_MANY_CHANGED = 10
"""Rows from which on nobody has corrected the day, client or municipality of half of them."""

_FAR_DAYS = 31
"""A row of another day this far away is no correction, unless it is the same client's."""

_FEW_CLIENTS, _CLIENT_SHARE, _MOVED_SHARE = 3, 0.3, 0.8
"""Contradicting clients are many from so many on and from this share; people move, so the greater one for municipalities."""


@dataclass(frozen=True)
class Likeness:
    """Rows (or clients) with the same number on both sides: how many there are, and how many contradict each other.

    changed: rows that differ in one and the same telling column, of the column where they are most; far: rows of another time,
    over a month away, and not of the same client.
    """

    same: int = 0
    contradicting: int = 0
    changed: int = 0
    far: int = 0

    def __add__(self, other: Likeness) -> Likeness:
        both = zip(astuple(self), astuple(other), strict=True)
        return Likeness(*(one + more for one, more in both))

    @property
    def is_another_space(self) -> bool:
        """So many contradict that their numbers cannot be of one series."""
        many = self.contradicting >= _FEW and self.contradicting >= _SHARE * self.same
        many = many or self.is_another_time
        many = many or (self.changed >= _MANY_CHANGED and 2 * self.changed >= self.same)
        return many or (self.contradicting > 0 and 2 * self.contradicting >= self.same)

    @property
    def is_another_time(self) -> bool:
        """So many are of another time that the numbers have begun anew, or are somebody else's."""
        return self.far >= _FEW or (self.far > 0 and 2 * self.far >= self.same)


def rows_alike(connection: duckdb.DuckDBPyConnection, source: str, table: str, frame: pl.DataFrame) -> Likeness:
    """Rows of a frame (`record`, columns) against the rows of equal record in `source`, a table or registered frame.

    Two rows contradict each other when two telling columns that both have differ: day and client, municipality and day, … or the
    day alone where both are of visitors without a number and nothing else can be compared.
    """
    found = _comparable(connection, source, _TELLING, frame, table)
    if not found:
        return Likeness()
    compared = [f"({_known('mine', one)} AND {_known('theirs', one)})" for one in found]
    differ = [
        f"({both} AND {_text('mine', one.name)} <> {_text('theirs', one.name)})"
        for one, both in zip(found, compared, strict=True)
    ]
    enough = f"greatest(1, least(2, {_sum(compared)}))"
    alone = ", ".join(f"count(*) FILTER ({one})" for one in differ)
    names = [one.name for one in found]
    far = _far(table, names)
    connection.register("mine", frame.select("record", *names))
    try:
        row = connection.execute(
            f"SELECT count(*), count(*) FILTER ({_sum(differ)} >= {enough}), greatest({alone}), count(*) FILTER ({far}) "
            f"FROM mine JOIN {source} theirs USING (record)"
        ).fetchall()[0]
    finally:
        connection.unregister("mine")
    return Likeness(*map(int, row))


def clients_alike(
    connection: duckdb.DuckDBPyConnection, other: str, source: str, frame: pl.DataFrame, table: str
) -> dict[str, Likeness]:
    """Clients of a frame of `table` against those of equal key in the rows of the table `other`, by what is compared.

    source: where the rows of `other` are, a table or registered frame.
    """
    found = dict.fromkeys(CLIENT_COLUMNS, Likeness())
    mine = {one.name: one for one in _comparable(connection, source, (*CLIENT_COLUMNS, "client"), frame, table)}
    if "client" not in mine:
        return found
    theirs = {one.name: one for one in columns(TABLES[other])}
    connection.register("mine", frame.select(*mine))
    try:
        for name in set(mine) - {"client"}:
            # Of a store of millions only the file's own clients are gathered.
            row = connection.execute(
                "SELECT count(*), count(*) FILTER (NOT list_has_any(mine.said, theirs.said)) "
                f"FROM ({_by_client('mine', mine[name])}) mine "
                f"JOIN ({_by_client(source, theirs[name], 'SEMI JOIN mine USING (client)')}) theirs USING (client)"
            ).fetchall()[0]
            found[name] = Likeness(*map(int, row))
    finally:
        connection.unregister("mine")
    return found


def is_another_register(found: dict[str, Likeness]) -> bool:
    """So many clients of equal number contradict each other that the numbers are of two client systems."""
    return any(
        one.contradicting >= _FEW_CLIENTS
        and one.contradicting >= one.same * (_MOVED_SHARE if name == "municipality" else _CLIENT_SHARE)
        for name, one in found.items()
    )


def _by_client(source: str, column: Column, only: str = "") -> str:
    """Every client with all that is said of it in a column. only: a join that leaves some of them."""
    return (
        f"SELECT client, list(DISTINCT {_text('one', column.name)}) AS said FROM {source} one {only} "
        f"WHERE client > 0 AND {_known('one', column)} GROUP BY client"
    )


def _far(table: str, names: list[str]) -> str:
    """Whether two rows are of quite another time, and not of the same client."""
    model = TABLES[table]
    day = field_column(model, model.day).name if model.day else ""
    if day not in names:
        return "false"
    far = f'abs(date_diff(\'day\', mine."{day}", theirs."{day}")) > {_FAR_DAYS}'
    return f"({far} AND NOT (mine.client > 0 AND mine.client = theirs.client))" if "client" in names else f"({far})"


def _sum(conditions: Iterable[str]) -> str:
    return "(" + " + ".join(f"{one}::INTEGER" for one in conditions) + ")"


def _text(side: str, name: str) -> str:
    return f'{side}."{name}"::VARCHAR'


def _known(side: str, column: Column) -> str:
    """Whether a column says something, as an SQL condition that is never NULL."""
    value = f'{side}."{column.name}"'
    return f"(NOT {unknown_sql(column, value)})"


def _comparable(
    connection: duckdb.DuckDBPyConnection, source: str, names: Iterable[str], frame: pl.DataFrame, table: str
) -> tuple[Column, ...]:
    """The columns among `names` that both sides have."""
    there = {str(row[0]) for row in connection.execute(f"DESCRIBE {source}").fetchall()}
    wanted = there & set(frame.columns) & set(names)
    return tuple(column for column in columns(TABLES[table]) if column.name in wanted)

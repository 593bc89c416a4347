"""What a generation says about itself: when it was made, from what, and how much it holds. Never a personal value."""

import hashlib
import json
import re
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Annotated, Literal

import duckdb
from pydantic import Field, TypeAdapter

from data.clock import day_of
from data.model.records import TABLES
from data.model.schema import schema_version
from data.store.durable import write_durably
from data.store.earlier_form import columns_in
from data.store.sealed import sealed, unsealed
from data.store.small_file import text_of
from data.store.workspace import looking_into

MANY = 10
"""Fewest people by whom a release, or a file in it, reaches further (`data.store.release_reach`)."""
PERIOD_COLUMN = {
    "encounter": "occurred_on",
    "referral": "referred_on",
    "enrolment": "started_on",
    "outcome": "started_on",
}
"""The day that places a record in a period, by table."""


Count = Annotated[int, Field(ge=0)]


Reason = Literal["opened", "month", "quarter", "year", "bundle", "rollback", "now"]


@dataclass(frozen=True)
class Released:
    """That a generation is a release: its number, why it was made, of how many people it tells otherwise than the last one."""

    number: Annotated[int, Field(ge=1)]
    reason: Reason
    people: Annotated[int, Field(ge=0)]


@dataclass(frozen=True)
class Generation:
    """A published state of the store. `rows` by table; `data_until` the last day seen by table; `covered_until` the last day that
    deliveries of encounters cover, None where they do not tell of all.

    token: unlike that of any other generation ever made. Number, path and time are not: a store made anew or restored in
    the same folder has them again. Whatever is kept of a generation is kept under its token, or under the generation
    itself, whose hash it is. release: of one made for visitors, whose `number` is that of the generation it was made from.
    """

    number: Annotated[int, Field(ge=1)]
    parent: int | None
    created: datetime
    cause: str
    schema_version: str
    rows: dict[str, Count]
    clients: Count
    first_day: date | None
    data_until: dict[str, date]
    token: str
    covered_until: date | None = None
    release: Released | None = None

    def __hash__(self) -> int:
        return hash(self.token)

    @property
    def last_day(self) -> date | None:
        """The last day any table has seen."""
        return max(self.data_until.values(), default=None)

    @property
    def closed_until(self) -> date:
        """The last day of the last closed month: the one answer for every page, cell, watch, briefing and answer.

        A month is closed when a later one has begun by the time of publication, and deliveries of encounters cover its last day;
        where they do not tell, when the encounters have reached it (any table, when there are no encounters). Where other tables
        reach further, their later months are open too: a month is not whole before guidance is in it, and the protected
        audience sees no part of an open month. Without data, the month before publication.
        """
        published = day_of(self.created)
        until = self.data_until.get("encounter") or self.last_day or published
        if self.covered_until is not None:
            after_data = (self.covered_until + timedelta(days=1)).replace(day=1)
        else:
            after_data = date(until.year + until.month // 12, until.month % 12 + 1, 1)
        return min(published.replace(day=1), after_data) - timedelta(days=1)

    @property
    def stem(self) -> str:
        """Its files' name in the store, without an ending."""
        return f"releases/{self.release.number:06d}" if self.release else f"generations/{self.number:06d}"

    def text(self) -> str:
        """What stands beside the generation's file."""
        return sealed(_adapter().dump_python(self, mode="json"))

    def write(self, path: Path) -> None:
        """Save beside the generation's file."""
        write_durably(path, self.text())

    @classmethod
    def read(cls, path: Path) -> "Generation":
        """Read what `text` says. Raises OSError, and ValueError when it is not whole: other types, or no day of a table."""
        raw = unsealed(text_of(path))
        has_token = isinstance(raw.get("token"), str) and _TOKEN.fullmatch(raw["token"])
        found = _adapter().validate_json(json.dumps(raw if has_token else raw | {"token": ""}), strict=True)
        if any(found.rows.get(table) and table not in found.data_until for table in PERIOD_COLUMN):
            raise ValueError("a table with rows has seen a day")
        if has_token:
            return found
        # Made by an earlier version: the file's own state tells it from others, at the price of new cells after a copy.
        file = path.with_suffix(".duckdb")
        return replace(found, token=found.token_of_state(file_state(file) if file.exists() else ()))

    def token_of_state(self, state: tuple[int, ...]) -> str:
        """The token of a generation whose file holds none, when the file is in this state."""
        what = repr((self.number, self.created.isoformat("T", "seconds"), state))
        return hashlib.sha256(what.encode()).hexdigest()[:32]


_TOKEN = re.compile("[0-9a-f]{32}")


def file_state(file: Path) -> tuple[int, ...]:
    """Tells a file from another one of the same name. FileNotFoundError when there is none."""
    found = file.stat()
    return found.st_ino, found.st_mtime_ns, found.st_size


def token_in(connection: duckdb.DuckDBPyConnection) -> str | None:
    """The token that a generation's file holds; None in one that an earlier version has made."""
    try:
        row = connection.execute("SELECT token FROM about").fetchone()
    except (duckdb.BinderException, duckdb.CatalogException):
        return None
    return str(row[0]) if row and row[0] else None


@cache
def _adapter() -> TypeAdapter[Generation]:
    return TypeAdapter(Generation)


def describe(file: Path, number: int, parent: Generation | None, cause: str) -> Generation:
    """Count what a finished generation file holds."""
    with looking_into(file) as connection:
        return described(connection, number, parent, cause)


def described(connection: duckdb.DuckDBPyConnection, number: int, parent: Generation | None, cause: str) -> Generation:
    """Count what a generation holds that a connection looks into, or is making."""
    # That of the file: one of an earlier version of the program stays what it is when people are forgotten in it.
    (schema,) = connection.execute("SELECT schema_version FROM about").fetchall()[0]
    # One of an earlier version lacks what has come since.
    there = None if schema == schema_version() else columns_in(connection)
    tables = [table for table in (*TABLES, "client") if there is None or table in there]
    # In one statement: a small store takes longer to plan than to count.
    counted = (
        f"SELECT '{table}', count(*), min({day}), max({day}) FROM {table}"
        for table, day in ((table, PERIOD_COLUMN.get(table, "NULL::DATE")) for table in tables)
    )
    found = connection.execute(" UNION ALL ".join(counted)).fetchall()
    rows: dict[str, int] = {table: count for table, count, *_ in found}
    clients = rows.pop("client")
    spans = {table: (first, last) for table, _, first, last in found if table in PERIOD_COLUMN}
    # One of an earlier version has none, and is told by the state of its file once it is read.
    token = token_in(connection) or ""
    knows = there is None or ("delivery" in there and "delivery" in there.get("encounter", ()))
    covered = _last_covered(connection) if knows else None
    return Generation(
        number=number,
        parent=parent.number if parent else None,
        # Not before its parent, also when the clock has been set back.
        created=max(datetime.now().replace(microsecond=0), parent.created if parent else datetime.min),
        cause=cause,
        schema_version=schema,
        rows=rows,
        clients=clients,
        first_day=min((first for first, _ in spans.values() if first is not None), default=None),
        data_until={table: last for table, (_, last) in spans.items() if last is not None},
        token=token,
        covered_until=covered,
    )


def _last_covered(connection: duckdb.DuckDBPyConnection) -> date | None:
    if connection.execute("SELECT 1 FROM encounter WHERE delivery = 0 LIMIT 1").fetchone():
        return None  # some came before deliveries were kept
    query = "SELECT max(last_day) FROM delivery WHERE data_table = 'encounter'"
    found: date | None = connection.execute(query).fetchall()[0][0]
    return found

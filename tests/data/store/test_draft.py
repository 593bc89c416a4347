"""Drafts of new stores begin with the same empty file; what a finished one holds is counted table by table."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import pytest

from data.coverage.deliveries import Delivery, write
from data.model.records import TABLES
from data.model.schema import schema_version, tables
from data.store import draft as drafts
from data.store.draft import draft
from data.store.generation import describe, described, token_in
from data.store.reading import read_through
from data.store.workspace import looking_into

DELIVERY = Delivery(
    number=1, source=0, made=datetime(2025, 4, 1), file="a.csv", sheet=None, digest="", table="encounter",
    first_day=date(2025, 3, 1), last_day=date(2025, 3, 31), fields=(), read=2, loaded=2, replaced=0, unchanged=0, gone=0,
    rejected=0,
)  # fmt: skip


def add(connection: duckdb.DuckDBPyConnection, table: str, **told: object) -> None:
    """A row of a table; where it must say something and nothing is told, the first code, or nothing."""
    values = {"record": 1, "client": 1, **told}
    for _, name, kind, needed, *_ in connection.execute(f"PRAGMA table_info({table})").fetchall():
        if needed and name not in values:
            query = f"SELECT enum_first(NULL::{kind})" if kind.startswith("ENUM") and kind[-1] == ")" else "SELECT ''"
            values[name] = [] if kind.endswith("[]") else connection.execute(query).fetchall()[0][0]
    marks = ", ".join("?" * len(values))
    connection.execute(f"INSERT INTO {table} ({', '.join(values)}) VALUES ({marks})", list(values.values()))


def test_new_stores_of_one_process_share_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drafts, "_empty", {})
    for name in ("first", "second", "third"):
        with draft(tmp_path / name, None) as connection:
            connection.execute("INSERT INTO client VALUES (?, ?)", [len(name), name])
    tokens = set()
    for name in ("first", "second", "third"):
        assert (tmp_path / name).stat().st_mode & 0o777 == 0o600
        with looking_into(tmp_path / name) as connection:
            assert connection.execute("SELECT client, pseudonym FROM client").fetchall() == [(len(name), name)]
            assert {table for (table,) in connection.execute("SHOW TABLES").fetchall()} == {*tables(), "about"}
            assert connection.execute("SELECT schema_version FROM about").fetchall() == [(schema_version(),)]
            tokens.add(token_in(connection))
    assert None not in tokens
    assert len(tokens) == 3


def test_an_empty_file_of_another_schema_is_made_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with draft(tmp_path / "now", None):
        pass
    monkeypatch.setattr(drafts, "_empty", {})  # another test may have made one of a version called the same
    monkeypatch.setattr(drafts, "schema_version", lambda: "newer")
    monkeypatch.setattr(drafts, "tables", lambda: {**tables(), "added": "CREATE TABLE added (one INTEGER)"})
    with draft(tmp_path / "newer", tmp_path / "now") as connection:
        assert connection.execute("SELECT count(*) FROM added").fetchall() == [(0,)]
        assert connection.execute("SELECT schema_version FROM about").fetchall() == [("newer",)]


def test_each_table_is_described_by_its_own_rows_and_days(tmp_path: Path) -> None:
    file = tmp_path / "one"
    with draft(file, None) as connection:
        connection.execute("INSERT INTO client VALUES (1, 'a'), (2, 'b'), (3, 'c')")
        for day in ("2025-02-03", "2025-05-06", "2025-04-05"):
            add(connection, "enrolment", delivery=1, started_on=day)
        write(connection, DELIVERY)
    found = describe(file, 7, None, "test")
    assert found.rows == {**dict.fromkeys(TABLES, 0), "enrolment": 3}
    assert (found.clients, found.first_day) == (3, date(2025, 2, 3))
    assert found.data_until == {"enrolment": date(2025, 5, 6)}
    assert found.covered_until == date(2025, 3, 31)


@pytest.mark.parametrize(("delivery", "covered"), [(1, date(2025, 3, 31)), (0, None)])
def test_encounters_of_no_delivery_leave_open_what_is_covered(
    tmp_path: Path, delivery: int, covered: date | None
) -> None:
    with draft(tmp_path / "one", None) as connection:
        write(connection, DELIVERY)
        for number in (1, delivery):
            add(connection, "encounter", delivery=number, occurred_on="2025-03-04")
    assert describe(tmp_path / "one", 1, None, "test").covered_until == covered


def test_a_draft_is_described_as_the_file_that_it_becomes(tmp_path: Path) -> None:
    with draft(tmp_path / "one", None) as connection:
        connection.execute("INSERT INTO client VALUES (1, 'a')")
        add(connection, "enrolment", delivery=1, started_on="2025-02-03")
        write(connection, DELIVERY)
        made = described(connection, 7, None, "test")
    assert replace(describe(tmp_path / "one", 7, None, "test"), created=made.created) == made
    assert made.token


def test_every_table_with_rows_is_read_through(tmp_path: Path) -> None:
    """In one statement: each takes longer to plan than to run over a small store."""
    with draft(tmp_path / "one", None) as connection:
        connection.execute("INSERT INTO client VALUES (1, 'a')")
        add(connection, "enrolment", delivery=1, started_on="2025-02-03")
    said = list[str]()

    class Heard:
        def __init__(self, connection: duckdb.DuckDBPyConnection) -> None:
            self.connection = connection

        def execute(self, query: str) -> duckdb.DuckDBPyConnection:
            said.append(query)
            return self.connection.execute(query)

    with looking_into(tmp_path / "one") as connection:
        read_through(Heard(connection))  # type: ignore[arg-type]
    assert len(said) == 2
    assert set(re.findall(r'"(\w+)"', said[1])) == {"about", "client", "enrolment"}

"""The day that people see is Finland's, just before midnight in UTC, in winter and in summer, wherever the server is."""

from __future__ import annotations

import ast
import time
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple, cast

import duckdb
import pytest
from pydantic import TypeAdapter, ValidationError

from data import clock
from data.commands.auditing import in_words
from data.ingest import merging
from data.model.fields import PastDay
from data.store.acting import record
from data.store.audit import AuditLog
from data.store.generation import Generation
from data.store.releases import open_to_others
from data.store.shown_to import shown_releases
from metrics.grammar.question import QuestionError
from metrics.model.facts.reach import REACH
from metrics.packages.manifest import PackageManifest
from metrics.packages.opening import Package
from metrics.packages.signing import Publisher
from metrics.sums.asking import check_periods
from pages.i18n import formats
from tests.conftest import ROOT
from tests.metrics.made import store_of
from tests.test_architecture import house


class Night(NamedTuple):
    """A moment, the day that it already is in Finland, and the last day of the month that is over there."""

    moment: datetime
    day: date
    over: date


NIGHTS = (
    Night(datetime(2026, 11, 30, 23, 30, tzinfo=UTC), date(2026, 12, 1), date(2026, 11, 30)),
    Night(datetime(2026, 6, 30, 23, 30, tzinfo=UTC), date(2026, 7, 1), date(2026, 6, 30)),
)


@pytest.fixture(params=["UTC", "Europe/Helsinki"])
def server(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The zone of the server."""
    with monkeypatch.context() as changed:
        changed.setenv("TZ", request.param)
        time.tzset()
        yield request.param
    time.tzset()


@pytest.fixture(params=NIGHTS, ids=["winter", "summer"])
def night(request: pytest.FixtureRequest, server: str, monkeypatch: pytest.MonkeyPatch) -> Night:
    """The clock at half past eleven in UTC."""
    monkeypatch.setattr(clock, "now", lambda: request.param.moment)
    found: Night = request.param
    return found


def of_server(night: Night) -> datetime:
    """The moment as the server's own time, which is how generations and deliveries keep it."""
    return night.moment.astimezone().replace(tzinfo=None)


def test_it_is_the_day_of_finland(night: Night) -> None:
    assert clock.today() == night.day
    assert clock.day_of(night.moment) == clock.day_of(of_server(night)) == night.day


def test_pages_write_the_day_of_finland(night: Night) -> None:
    written = formats.day(night.day, "fi")
    assert formats.day(night.moment, "fi") == formats.day(of_server(night), "fi") == written


def test_the_month_is_closed_when_it_is_over_in_finland(night: Night) -> None:
    made = Generation(1, None, of_server(night), "test", "v", {}, 0, None, {"encounter": night.over}, "0" * 32)
    assert made.closed_until == night.over
    before = Generation(
        1, None, of_server(night) - timedelta(hours=4), "test", "v", {}, 0, None, {"encounter": night.over}, "0" * 32
    )
    assert before.closed_until == night.over.replace(day=1) - timedelta(days=1)


def test_what_happened_today_in_finland_is_no_day_to_come(night: Night) -> None:
    kind: TypeAdapter[date] = TypeAdapter(PastDay)
    assert kind.validate_python(night.day) == night.day
    with pytest.raises(ValidationError, match="future"):
        kind.validate_python(night.day + timedelta(days=1))


def test_a_month_over_in_finland_can_be_asked_of_others(night: Night) -> None:
    check_periods((f"{night.over:%Y-%m}",), clock.today())
    with pytest.raises(QuestionError):
        check_periods((f"{night.day:%Y-%m}",), clock.today())


def test_a_delivery_without_days_reaches_the_day_it_came(night: Night) -> None:
    with duckdb.connect() as connection:
        connection.execute("CREATE TABLE delivery (made TIMESTAMP)")
        connection.execute("INSERT INTO delivery VALUES (?)", [of_server(night)])
        (kept,) = connection.execute(f"SELECT {clock.day_in_sql('made')} FROM delivery").fetchall()
    assert kept == (merging.reached((None, None)),) == (night.day,)


def test_the_log_tells_the_time_of_finland(night: Night, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made = store_of(tmp_path / "store", {"encounter": [{"client": 1, "occurred_on": date(2025, 12, 1)}]})
    monkeypatch.setattr("data.store.releases.now", lambda: night.moment, raising=False)
    monkeypatch.setattr("data.store.acting.now", lambda: night.moment)
    open_to_others(made)
    record(made.path, "asked", {"question": "clients", "release": 1}, "visitor")
    *_, last = AuditLog(made.path).lines()
    assert str(night.day) in in_words(last, "fi")
    assert [one.made for one in shown_releases(made.path, 1)] == [night.day]


@pytest.mark.parametrize("zone", ["UTC", "Europe/Helsinki", "Asia/Tokyo", "America/New_York"])
def test_a_package_is_of_the_day_it_was_made(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    day = date(2026, 7, 1)
    about = SimpleNamespace(
        release=1, made=day, first_day=None, data_until={"encounter": date(2026, 6, 30)}, until=date(2026, 6, 30)
    )
    with monkeypatch.context() as changed:
        changed.setenv("TZ", zone)
        time.tzset()
        opened = Package("a", b"", {}, cast(PackageManifest, about), cast(Publisher, None))
        opened.__dict__["id"] = "0" * 32
        assert clock.day_of(opened.generation.created) == day
        assert opened.generation.closed_until == date(2026, 6, 30)
    time.tzset()


OTHERWISE = {
    # Of a moment in a file: already the time of Finland.
    *("data/ingest/recognise/dates.py", "data/ingest/recognise/spans.py"),
    # Months of the log are those of UTC, and so is the day on which they are old.
    "data/store/audit.py",
}


def test_nothing_else_takes_the_day_of_the_server() -> None:
    found = []
    for name in set(house()) - OTHERWISE - {"data/clock.py"}:
        for node in ast.walk(ast.parse((ROOT / name).read_text(encoding="utf-8"))):
            if not isinstance(node, ast.Call) or not isinstance(node.func, ast.Attribute) or node.args or node.keywords:
                continue
            called = ast.unparse(node.func)
            if called in ("date.today", "datetime.today") or called.endswith(".date"):
                found.append(f"{name}:{node.lineno}: {called}()")
    assert found == []


def test_a_follow_up_of_the_day_in_finland_is_no_plan(night: Night) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            """CREATE TABLE delivery
            (delivery INT, source INT, data_table VARCHAR, made TIMESTAMP, last_day DATE, fields VARCHAR[])"""
        )
        connection.execute("CREATE TABLE enrolment (delivery INT, client INT, followed_until DATE)")
        for table in ("outcome", "training", "recognition"):
            connection.execute(f"CREATE TABLE {table} (delivery INT, client INT, kind VARCHAR, ended_on DATE)")
        connection.execute("INSERT INTO delivery VALUES (1, 1, 'enrolment', ?, '2025-01-01', [])", [of_server(night)])
        connection.execute("INSERT INTO enrolment VALUES (1, 1, ?)", [night.day])
        assert connection.sql(f"SELECT until FROM ({REACH})").fetchall() == [(night.day,)]

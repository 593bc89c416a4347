"""A release that changes published figures says which, from what to what and why; and nothing of it outlasts a person."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.store.releases import follow, open_to_others
from data.store.rewriting import rewrite
from data.store.store import Store
from data.texts import LANGUAGES
from metrics.cli import main
from metrics.model.definition import Definition, definitions, put_in_force
from metrics.registry.folder import read_registry
from metrics.registry.shelf import DefinitionShelf
from metrics.revisions import log as revision_log
from metrics.revisions import snapshot
from metrics.revisions.log import Revision, RevisionLog
from metrics.revisions.snapshot import taken
from tests.conftest import own_copy
from tests.metrics.made import add_rows, store_of
from tests.metrics.registry.conftest import folder_of, started_in_90

WIDE = {
    "source": 1,
    "made": date(2026, 1, 5),
    "file": "x",
    "sheet": None,
    "digest": "d",
    "fields": ["client_id", "municipality", "occurred_on"],
}
COUNTS = {"read": 1, "loaded": 1, "replaced": 0, "unchanged": 0, "gone": 0, "rejected": 0}


def visits(clients: range, day: date, delivery: int = 1) -> list[dict[str, Any]]:
    return [
        {
            "client": one,
            "occurred_on": day,
            "municipality": "049",
            "record": 1000 * delivery + one,
            "delivery": delivery,
        }
        for one in clients
    ]


def delivered(number: int, first: date, last: date, **more: int) -> dict[str, Any]:
    return {
        "delivery": number,
        "data_table": "encounter",
        "first_day": first,
        "last_day": last,
        **WIDE,
        **COUNTS,
        **more,
    }


@pytest.fixture(autouse=True)
def few_metrics(monkeypatch: pytest.MonkeyPatch) -> None:
    """Those of all metrics take a quarter of a minute each time."""

    def few() -> dict[str, Definition]:
        return {one: definitions()[one] for one in ("clients", "encounters", "referral_started_share")}

    monkeypatch.setattr(snapshot, "definitions", few)


def without_one(connection: duckdb.DuckDBPyConnection) -> None:
    connection.execute("DELETE FROM encounter WHERE client = 7")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    made = store_of(
        tmp_path / "store",
        {
            "encounter": visits(range(1, 121), date(2025, 3, 10)) + visits(range(1, 61), date(2026, 1, 31), 2),
            "delivery": [
                delivered(1, date(2025, 1, 1), date(2025, 12, 31)), delivered(2, date(2026, 1, 1), date(2026, 1, 31)),
            ],
        },
    )  # fmt: skip
    _ = made.keys
    open_to_others(made)
    return made


def comes(store: Store, number: int, day: date, **more: int) -> None:
    """Sixty more people of one day, by a delivery, and the release that follows."""
    with store.next_generation("late") as connection:
        add_rows(connection, "delivery", [delivered(number, day.replace(day=1), day, **more)])
        add_rows(connection, "encounter", visits(range(200, 260), day, number))
    follow(store, "now")


def of(found: tuple[Revision, ...], metric: str = "clients", period: str = "2025") -> list[Revision]:
    return [one for one in found if (one.after.metric, one.after.period) == (metric, period)]


def test_figures_of_the_first_release_revise_nothing(store: Store) -> None:
    log = RevisionLog(store)
    assert (log.note(), log.note(), log.lines()) == (0, 0, ())


@pytest.mark.parametrize(("counts", "why"), [({}, "late"), ({"replaced": 3}, "mended")])
def test_late_and_mended_data(store: Store, counts: dict[str, int], why: str) -> None:
    log = RevisionLog(store)
    log.note()
    comes(store, 3, date(2025, 3, 31), **counts)
    assert log.note() > 0
    (year,), (month,) = (of(log.lines(), period=period) for period in ("2025", "2025-03"))
    assert (year.before.value, year.after.value) == (120, 180)
    assert {year.why, month.why} == {why}
    assert (year.release_before, year.release) == (1, 2)
    assert of(log.lines(), period="2026-01") == []
    assert log.note() == 0


def test_what_has_not_been_published_before_is_no_revision(store: Store) -> None:
    log = RevisionLog(store)
    log.note()
    comes(store, 3, date(2026, 2, 28))
    log.note()
    assert [one for one in log.lines() if one.after.metric == "clients"] == []


def test_a_delivery_that_is_gone(store: Store) -> None:
    comes(store, 3, date(2025, 3, 31))
    log = RevisionLog(store)
    log.note()
    with store.next_generation("undo") as connection:
        connection.execute("DELETE FROM encounter WHERE delivery = 3")
        connection.execute("DELETE FROM delivery WHERE delivery = 3")
    follow(store, "now")
    log.note()
    (year,) = of(log.lines())
    assert (year.before.value, year.after.value, year.why) == (180, 120, "withdrawn")


def test_another_definition(sample_store: Path, tmp_path: Path) -> None:
    store = Store(own_copy(sample_store, tmp_path / "store"))
    if store.release() is None:
        open_to_others(store)
    log = RevisionLog(store)
    log.note()
    DefinitionShelf(store).take(read_registry(folder_of(tmp_path / "r", referral_started_share=started_in_90())))
    try:
        assert log.note() > 0
        assert {(one.after.metric, one.why) for one in log.lines()} == {("referral_started_share", "definition")}
        assert {one.release_before for one in log.lines()} == {one.release for one in log.lines()} == {1}
    finally:
        put_in_force(None)


def test_only_what_visitors_are_told_is_kept(store: Store) -> None:
    figures = taken(store, store.released()).figures
    assert all(one.value is None or one.value % 5 == 0 for one in figures if one.metric in ("clients", "encounters"))
    assert {one.period for one in figures if one.metric == "clients"} >= {"2025", "2025-03", "2026-01"}
    assert "2026" not in {one.period for one in figures}, "a year that goes on"


def test_whoever_is_forgotten_leaves_no_figures_from_before(store: Store) -> None:
    log = RevisionLog(store)
    log.note()
    comes(store, 3, date(2025, 3, 31))
    log.note()
    assert log.lines()
    rewrite(store, without_one)
    assert not log.folder.exists()
    assert (log.note(), log.lines()) == (0, ())


def test_figures_of_before_that_were_read_meanwhile_are_not_kept(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def slow(*args: Any) -> Any:
        found = taken(*args)
        rewrite(store, without_one)
        return found

    monkeypatch.setattr(revision_log, "taken", slow)
    assert RevisionLog(store).note() == 0
    assert not [*RevisionLog(store).folder.glob("*.json*")]


def test_the_command_says_them(store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    line = ["revisions", "--store", str(store.path)]
    for lang in LANGUAGES:
        assert main([*line, "--lang", lang]) == 0
        assert len(capsys.readouterr().out.splitlines()) == 1
    comes(store, 3, date(2025, 3, 31))
    assert main([*line, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    (year,) = [one for one in told if (one["metric"], one["period"]) == ("clients", "2025")]
    assert (year["before"]["value"], year["after"]["value"], year["why"]) == (120, 180, "late")
    for lang in LANGUAGES:
        assert main([*line, "--lang", lang]) == 0
        assert "120" in capsys.readouterr().out


def test_a_store_that_is_not_open_has_none(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    made = store_of(tmp_path / "own", {"encounter": visits(range(1, 20), date(2025, 3, 10))})
    _ = made.keys
    assert RevisionLog(made).note() == 0
    assert not RevisionLog(made).folder.exists()
    assert main(["revisions", "--store", str(made.path)]) == 2
    assert capsys.readouterr().err

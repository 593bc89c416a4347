"""Rows that stay with a connection: cells are the same, and never those of other data."""

from __future__ import annotations

import copy
import random
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from typing import Any

import duckdb
import pytest

from data.store.store import Store
from metrics.cube import kept_rows
from metrics.cube.kept_rows import kept
from metrics.cube.scan import Job, OneScan
from metrics.grammar.question import Question
from metrics.measures import lacking
from metrics.model.definition import Definition
from metrics.model.facts import FACTS
from metrics.model.facts.fact import Fact
from metrics.together import count_together
from tests.conftest import own_copy
from tests.metrics.cube.jobs import drawn, jobs_of, one_of_each_kind, rows_of

CASE = FACTS["referral_case"]


@pytest.fixture(autouse=True)
def nothing_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(kept_rows, "_asked", {})


def attached(store: Store) -> set[str]:
    with store.reading() as cursor:
        return {name for (name,) in cursor.execute("SELECT database_name FROM duckdb_databases()").fetchall()}


@pytest.mark.parametrize("definition", one_of_each_kind(), ids=lambda one: one.id)
def test_cells_are_the_same(definition: Definition, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store, chance = Store(sample_store), random.Random(definition.id)
    for job in jobs_of(definition, drawn(chance, definition, store)):
        with monkeypatch.context() as patch:
            patch.setattr(Job, "over_kept_rows", lambda job, *_: job)
            found = rows_of(job, OneScan(), store)
        assert [rows_of(job, OneScan(), store) for _ in range(3)] == [found] * 3


def test_they_are_kept_from_the_second_time_on(sample_store: Path, tmp_path: Path) -> None:
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    with store.reading() as cursor:
        assert kept(CASE, (), cursor, "token") is CASE
        assert "rows_of_referral_case" not in attached(store)
        again = kept(CASE, (), cursor, "token")
        assert again.source.startswith("rows_of_referral_case.")
        assert kept(CASE, (), cursor, "token").source == again.source
        assert (
            kept(replace(CASE, columns={}), (), cursor, "token").source == CASE.source
        )  # somebody's own, under the name
    assert "rows_of_referral_case" in attached(store)  # for whoever reads it next, over another cursor


def test_they_are_kept_from_the_first_time_on_where_several_scans_are_coming(
    sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lacking, "_takers", [lambda *_: None])
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    returns = [Question(("return_share",), by=(name,), period="2026-ytd-09") for name in ("topic", "from_service")]
    count_together(returns[:1], store, store.serving())
    assert "rows_of_referral_case" not in attached(store)
    other = Store(own_copy(sample_store, tmp_path / "other", cells=False))
    monkeypatch.setattr(kept_rows, "_asked", {})
    found: list[Fact] = []

    def noted(*given: Any) -> Fact:
        found.append(kept(*given))
        return found[-1]

    monkeypatch.setattr("metrics.cube.scan.kept", noted)
    count_together(returns, other, other.serving())
    assert len(found) == 2
    assert all(fact.source.startswith("rows_of_referral_case.") for fact in found)


def test_a_fact_that_was_sent_to_another_process_is_the_same(sample_store: Path) -> None:
    case = copy.deepcopy(CASE)
    assert case is not CASE
    with Store(sample_store).reading() as cursor:
        assert [kept(case, (), cursor, "token") is case for _ in range(2)] == [True, False]


def test_another_generation_has_its_own(sample_store: Path, tmp_path: Path) -> None:
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    query = "SELECT count(*) FROM ({})"

    def cases() -> int:
        with store.reading() as cursor:
            for _ in range(2):
                fact = kept(CASE, (), cursor, "the same token")
            assert fact is not CASE
            return int(cursor.execute(query.format(fact.select(()))).fetchall()[0][0])

    before = cases()
    with store.next_generation("test") as connection:
        connection.execute("DELETE FROM referral WHERE client % 2 = 0")
    assert 0 < cases() < before


def test_many_at_once_make_them_once(sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    made, make, barrier = list[str](), kept_rows._make, threading.Barrier(4)

    def counted(rows: str, database: str, cursor: duckdb.DuckDBPyConnection) -> None:
        made.append(database)
        make(rows, database, cursor)

    monkeypatch.setattr(kept_rows, "_make", counted)

    def one(_: int) -> int:
        with store.reading() as cursor:
            barrier.wait()
            for _ in range(3):
                fact = kept(CASE, (), cursor, "token")
            return len(cursor.execute(fact.select(("language",))).fetchall())

    with ThreadPoolExecutor(4) as pool:
        assert len(set(pool.map(one, range(4)))) == 1
    assert made == ["rows_of_referral_case"]


@pytest.mark.parametrize("full_of", [duckdb.OutOfMemoryException, duckdb.IOException], ids=["memory", "disk"])
def test_without_room_for_them_they_are_found_each_time(
    full_of: type[duckdb.Error],
    sample_store: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    tried = list[object]()

    def full(fact: object) -> str:
        tried.append(fact)
        raise full_of("full")

    store = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    monkeypatch.setattr(kept_rows, "all_columns", full)
    with store.reading() as cursor:
        assert [kept(CASE, (), cursor, "token") for _ in range(3)] == [CASE] * 3
    assert "rows_of_referral_case" not in attached(store)
    assert "No room" in caplog.text
    assert tried == [CASE], "once: to try takes as long as to make them"

"""Status changes are counted several at a time: against plain Python, and what it is for."""

import random
from collections.abc import Mapping
from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest

from data.store.release_file import AHEAD
from data.store.releases import follow, open_to_others
from data.store.store import Store
from metrics.ask import ask
from metrics.cube import cube
from metrics.cube.batching import changes_counted_at
from metrics.cube.chains import NEVER
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.gate import BASE, EMPTY, TOGETHER_FROM, Cell, enough_from
from metrics.grammar.question import Question
from metrics.model.facts import FACTS
from tests.metrics.made import add_rows, store_of

MANNERS = ("warm", "booked")


Change = tuple[int, int, int, int]
"""Place, client, month and what is added."""


def in_plain_python(changes: list[Change], codes: list[list[int]], together: int) -> list[int]:
    """When each change is counted."""
    found = dict[Change, int]()
    for place in {one[0] for one in changes}:
        of_codes = [[one for one in changes if of[one[0]] == of[place]] for of in codes] if len(codes) > 1 else []
        waiting, since = list[Change](), [set[int]() for _ in of_codes]
        for month in sorted({one[2] for one in changes}):
            waiting += [one for one in changes if one[0] == place and one[2] == month]
            for people, rows in zip(since, of_codes, strict=True):
                people |= {one[1] for one in rows if one[2] == month}
            if all(len(people) >= enough_from(together) for people in since):
                since = [set[int]() for _ in of_codes]
                clients = {one[1] for one in waiting}
                if sum(sum(one[3] for one in waiting if one[1] == client) != 0 for client in clients) >= together:
                    found |= dict.fromkeys(waiting, month)
                    waiting = []
    return [found.get(one, NEVER) for one in changes]


@pytest.mark.parametrize(
    "codes", [[], [[0, 0, 0, 1, 1, 1, 2, 2, 2], [0, 1, 2, 0, 1, 2, 0, 1, 2]]], ids=["alone", "two codes"]
)
def test_when_each_is_counted_equals_plain_python(codes: list[list[int]]) -> None:
    """Some change back."""
    chance = random.Random(2)
    places = {(chance.randrange(9), chance.randrange(1, 60), chance.randrange(24_000, 24_030)) for _ in range(500)}
    changes = [(*one, chance.choice((-1, 1))) for one in sorted(places, key=lambda _: chance.random())]
    frame = pl.DataFrame(changes, ["place", "client", "added_at", "change"], orient="row")
    months = min(at for _, _, at, _ in changes), max(at for _, _, at, _ in changes)
    totals = np.zeros(9, int)
    found = changes_counted_at(frame, [np.array(of) for of in codes], totals, TOGETHER_FROM, months)
    counted = found["counted_at"].to_list()
    assert counted == in_plain_python(changes, codes, TOGETHER_FROM)
    assert NEVER in counted
    assert len(set(counted)) > 10


def test_those_of_a_part_are_counted_when_they_are_several() -> None:
    """Among those whose changes are counted, and never before these; all of them at once where all are of the part."""
    chance = random.Random(4)
    places = sorted(
        {(chance.randrange(4), chance.randrange(1, 90), 24_000 + at) for at in range(30) for _ in range(25)}
    )
    rows = [(*one, 1, int(chance.random() < 0.2), 1) for one in places]
    frame = pl.DataFrame(rows, ["place", "client", "added_at", "change", "few", "every"], orient="row")
    codes = [np.array([0, 0, 1, 1]), np.array([0, 1, 0, 1])]
    found = changes_counted_at(
        frame,
        codes,
        np.arange(4) * 0,
        TOGETHER_FROM,
        (24_000, 24_029),
        parts={"counted_few": "few", "counted_every": "every"},
    )
    assert found["counted_at"].equals(found["counted_every"])
    counted = pl.concat([frame, found], how="horizontal").filter(pl.col("counted_few") < NEVER)
    assert (counted["counted_few"] >= counted["counted_at"]).all()
    assert (counted["few"] == 1).all()
    groups = counted.group_by("place", "counted_few").agg(pl.col("client").n_unique())
    assert len(groups) > 5
    assert (groups["client"] >= TOGETHER_FROM).all()


def end_of(month: int) -> date:
    return date(2025 + month // 12, month % 12 + 1, 1) - timedelta(1)


def spring(chance: random.Random) -> list[dict[str, Any]]:
    """Two hundred referrals of January of Somali speakers, sent."""
    return [
        {
            "client": one * 7_919_001_002_003, "record": one, "encounter": one, "referred_on": date(2025, 1, 1 + one % 28),
            "status": "sent", "manner": chance.choice(MANNERS), "to_service": chance.choice(("kela", "ngo")),
        }
        for one in range(1, 201)
    ]  # fmt: skip


def others(month: int) -> list[dict[str, Any]]:
    """Sixty referrals of another language, which make the next release due."""
    day = end_of(month)
    return [
        {"client": 10**15 + month * 100 + one, "record": month * 1000 + one, "encounter": month * 1000 + one,
         "referred_on": day, "status": "sent", "manner": "information", "to_service": "kela"}
        for one in range(60)
    ]  # fmt: skip


def met(referrals: list[dict[str, Any]], language: str) -> list[dict[str, Any]]:
    return [
        {"client": one["client"], "record": one["record"], "occurred_on": one["referred_on"], "language": language}
        for one in referrals
    ]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Released at the end of June: all of January are old enough."""
    mine, rest = spring(random.Random(3)), [row for month in range(1, 7) for row in others(month)]
    return store_of(tmp_path / "store", {"referral": mine + rest, "encounter": met(mine, "so") + met(rest, "ar")})


def shown(store: Store) -> dict[tuple[str, ...], tuple[float | None, float | None]]:
    """Numerator and denominator of those of whom nothing came, of January, by language and one attribute."""
    found = dict[tuple[str, ...], tuple[float | None, float | None]]()
    for name in ("manner", "to_service"):
        for period in ("2025-01", "2025-Q1", "2025-ytd-02", "all"):
            for row in ask(Question(("referral_lost_share",), ("language", name), period=period), store).rows:
                if row.codes["language"] == "so":
                    found[period, name, row.codes[name]] = (row.numerator, row.denominator)
    return found


def next_month(store: Store, month: int, started: range) -> None:
    """A month in which these referrals of January are said to have started."""
    with store.next_generation(f"month {month}") as connection:
        add_rows(connection, "encounter", met(others(month), "ar"))
        add_rows(connection, "referral", others(month))
        connection.execute(
            f"""UPDATE referral SET status = 'started', started_on = '2025-{month:02d}-15', status_on = '2025-{month:02d}-16'
                WHERE record BETWEEN {started.start} AND {started.stop - 1}"""
        )
    follow(store)
    assert store.released().closed_until == end_of(month)


@pytest.mark.parametrize(("together", "moves"), [(1, True), (TOGETHER_FROM, False)], ids=["control", "waiting"])
def test_whose_referral_started_is_not_counted_alone(
    together: int, store: Store, monkeypatch: pytest.MonkeyPatch, *, moves: bool
) -> None:
    """One a month leaves the numerator: the cells that move would have their attributes in common."""
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    open_to_others(store)
    seen = [shown(store)]
    assert any(numerator for numerator, _ in seen[0].values())
    for month in (7, 8, 9, 10):
        next_month(store, month, range(month, month + 1))
        seen.append(shown(store))
    assert any(before != after for before, after in pairwise(seen)) == moves


def test_those_pending_are_counted_when_they_are_several(store: Store) -> None:
    open_to_others(store)
    before = shown(store)
    next_month(store, 7, range(1, 41))
    after = shown(store)
    assert before.keys() == after.keys()
    # Of the two parts of the denominator, each rounded by itself.
    assert all(abs((after[key][1] or 0) - (before[key][1] or 0)) < 2 * BASE for key in before)
    moved = [after[key][0] for key in before if before[key][0]]
    assert len(moved) > 10
    assert all((new or 0) < (before[key][0] or 0) for key, (new, _) in after.items() if before[key][0])


LOST, WHOLE = "(mature_90) AND (status = 'sent')", "mature_90"


def of_all_time(
    path: Path, rows: list[dict[str, Any]], until: date, names: tuple[str, ...]
) -> Mapping[str, list[Cell]]:
    """By code, the cells of those of whom nothing came and of all old enough, in a store that ends on a day."""
    last = {"client": -1, "record": 9999, "referred_on": until, "manner": "information"}
    store = store_of(path, {"referral": [*(row for row in rows if row["referred_on"] <= until), last]})
    both = tuple(Counting(FACTS["referral"], where, beside=(LOST, WHOLE)) for where in (LOST, WHOLE))
    found = Cube(store, store.serving()).counts(both, names, batched=True)
    of = [index.cells("all", open_too=False) for index in found]
    return {codes[0] if codes else "": [cells.get(codes, EMPTY) for cells in of] for codes in of[1]}


@pytest.mark.parametrize(("together", "least"), [(1, 1), (TOGETHER_FROM, TOGETHER_FROM)], ids=["control", "waiting"])
@pytest.mark.parametrize("names", [(), ("manner",)], ids=["total", "breakdown"])
def test_who_becomes_old_enough_is_not_counted_alone(
    names: tuple[str, ...], together: int, least: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A hundred of January, then one a month. Nothing comes of anybody, so that who is not yet known would be a no if the
    denominator ran ahead of the numerator."""
    monkeypatch.setattr(cube, "TOGETHER_FROM", together)
    rows = spring(random.Random(3))[:100]
    rows += [
        row | {"record": 300 + at, "client": 9 * 10**15 + at, "referred_on": date(2025, 2, 3) + timedelta(30 * at)}
        for at, row in enumerate(rows[:12])
    ]
    grown = set[int]()
    before: Mapping[str, list[Cell]] = {}
    for months in range(5, 16):
        year, month = 2025 + months // 12, months % 12 + 1
        until = date(year + month // 12, month % 12 + 1, 1) - timedelta(1)
        found = of_all_time(tmp_path / f"{months}", rows, until, names)
        for code, (lost, whole) in found.items():
            assert lost == whole
            if before:
                grown.add(whole.n - before[code][1].n)
        before = found
    assert 0 in grown or together == 1
    assert min(grown - {0}) == least if together == 1 else min(grown - {0}) >= least


def test_a_status_changes_in_a_breakdown_when_the_year_is_whole(store: Store) -> None:
    """By status somebody would leave one cell and enter another; it is not known, not a no, until then."""
    open_to_others(store)
    next_month(store, 7, range(1, 81))
    for row in ask(Question(("referrals",), ("status",), period="2025-01"), store).rows:
        assert row.value is None or row.codes["status"] == "unknown"
    for month in (8, 9, 10, 11, 12):
        next_month(store, month, range(1, 1))
    shown = {
        row.codes["status"]: row.value
        for row in ask(Question(("referrals",), ("status",), period="2025-01"), store).rows
    }
    assert (shown["started"] or 0) >= 75


def test_every_column_that_looks_ahead_changes_on_a_day() -> None:
    """A new column that waits for the end of data, or holds what comes after its row, must say since when it is as it is.

    Not: what curves are made of, in which everybody moves with each month.
    """
    curves = {"duration", "ended_by", "first_days", "first_time", "first_cause", "open_time", "open_cause", "positive_time",
              "positive_cause"}  # fmt: skip
    counted_when_mature = {"followed_183", "followed_365", "lasted_183", "lasted_365", "centre_minutes"}
    for fact in FACTS.values():
        ahead = {name for days in AHEAD.get(fact.of_table, {}).values() for name in days}
        for name, sql in fact.columns.items():
            looks = "{end}" in sql or "data_until" in sql or any(f".{one}" in sql for one in ahead)
            if looks and name not in curves | counted_when_mature:
                assert name in fact.statuses, (fact.name, name)

"""Visitors' periods begin where so many people have come as may be told; whoever sees exact values has the first row's day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import pytest

from data.coverage.deliveries import Delivery
from data.coverage.extent import Extent
from data.ingest.batch import Wishes
from data.store.store import Store
from metrics.ask import ask, ask_change, lacking
from metrics.audience import INTERNAL, PROTECTED
from metrics.gate import FILES_FROM
from metrics.grammar.question import Question
from metrics.measures.evidence import extent_told
from metrics.model.beginning import first_told
from pages.shell.serving import Serving, serving
from tests.data.ingest.imports import GOOD, encounters, load
from tests.metrics.measures.delivering import deliver

Visit = tuple[int, date]
MANY = [(n, date(2025, 2 + n % 2, 3)) for n in range(60)]
ALONE = (1000, date(2023, 6, 17))


def store_of(folder: Path, visits: Sequence[Visit], until: date | None = None) -> Store:
    """A store of guidance of clients, by number, on days. until: to which day its file tells, by default none tells of it."""
    folder.mkdir(exist_ok=True)
    store = Store(folder / "store")
    load(store, encounters(folder, GOOD))
    with store.next_generation("test") as connection:
        connection.execute("CREATE TEMP TABLE one AS FROM encounter")
        connection.execute("DELETE FROM encounter")
        values = ", ".join(f"({number}, {client}, DATE '{day}')" for number, (client, day) in enumerate(visits, 1))
        connection.execute(
            "INSERT INTO encounter BY NAME SELECT one.* REPLACE (x.record AS record, x.client * 7919 + 10_000_000 AS client, "
            f"x.day AS occurred_on) FROM one, (VALUES {values}) x(record, client, day)"
        )
        if until is None:
            connection.execute("UPDATE encounter SET delivery = 0")
        else:
            connection.execute(f"UPDATE delivery SET last_day = DATE '{until}'")
    return store


def seen_by(store: Store, monkeypatch: pytest.MonkeyPatch) -> Serving:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    found = serving(newest=False)
    assert found is not None
    return found


def test_one_old_row_moves_nothing_that_visitors_see(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = []
    for name, visits in (("without", MANY), ("with", [*MANY, ALONE])):
        store = store_of(tmp_path / name, visits)
        seen = seen_by(store, monkeypatch)
        each = ask(Question(("clients", "encounters"), period="all", each="month"), store).rows
        before = ask_change(Question(("clients",), period="2024-03"), "year", store).side.begins
        told.append((seen.begins, seen.known(PROTECTED).periods, [row.period for row in each], before))
    assert told[0] == told[1]
    assert told[0][0] == date(2025, 2, 1)
    assert told[0][2] == ["2025-02", "2025-03"] * 2
    # Whoever sees exact values sees all of them.
    assert first_told(store, store.serving(), INTERNAL) == ALONE[1]
    exact = ask(Question(("clients",), period="all", each="month", audience=INTERNAL), store).rows
    assert exact[0].period == "2023-06"
    assert exact[0].value == 1


def test_few_who_come_often_are_few(tmp_path: Path) -> None:
    """Three people come every month for two years: rows do not count."""
    months = [date(2023 + number // 12, number % 12 + 1, 4) for number in range(24)]
    store = store_of(tmp_path, [(client, day) for day in months for client in range(3)])
    assert first_told(store, store.serving(), PROTECTED) is None
    assert ask(Question(("encounters",), period="all", each="month"), store).rows == ()


def test_people_add_up_over_months(tmp_path: Path) -> None:
    store = store_of(tmp_path, [(n, date(2024, 1 + n // 3, 4 + n % 3)) for n in range(30)])
    # Of six and of nine the gate tells or does not, by chance; of twelve it always does.
    assert date(2024, 2, 1) <= (first_told(store, store.serving(), PROTECTED) or date.max) <= date(2024, 4, 1)


def test_the_last_month_has_a_row_whether_anybody_came_in_it_or_not(tmp_path: Path) -> None:
    told = {}
    for name, last in (("nobody", []), ("somebody", [(1, date(2025, 4, 28))])):
        store = store_of(tmp_path / name, [*MANY, *last], until=date(2025, 4, 30))
        assert store.serving().closed_until == date(2025, 4, 30)
        rows = ask(Question(("clients",), period="2025", each="month"), store).rows
        told[name] = [(row.period, row.state) for row in rows]
        assert [period for period, _ in told[name]] == ["2025-02", "2025-03", "2025-04"]
    assert told["nobody"] == told["somebody"]


def test_a_file_begins_for_visitors_where_many_have_come(tmp_path: Path) -> None:
    """One row long before all others of a large file: its day stood in what is said to lack, of all time too."""
    told, exact = [], []
    for name, alone in (("without", []), ("with", [date(2025, 6, 17)])):
        (tmp_path / name).mkdir()
        store = Store(tmp_path / name / "store")
        days = [date(2025, month, 1 + n % 30) for month in (9, 10, 11) for n in range(90)]
        lines = [
            f"T-{number};A-{number % 90};{day:%d.%m.%Y};49;Arabia;Työ"
            for number, day in enumerate([*days, *alone], start=1000)
        ]
        header = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
        deliver(store, tmp_path / name / "kohtaamiset.csv", [header, *lines], Wishes(source="Espoo"))
        seen = store.serving()
        asked = [
            Question(("clients", "new_clients"), period=period) for period in ("2025-06", "2025-Q2", "2025-Q3", "all")
        ]
        told.append([(ask(one, store).rows, lacking(one, store, seen)) for one in asked])
        (first,) = extent_told(store, seen, exact=True).deliveries["encounter"]
        exact.append(first.first_day)
    assert told[0] == told[1]
    assert exact == [date(2025, 9, 1), date(2025, 6, 17)]


def test_a_source_of_few_rows_a_month_tells_of_its_first_month() -> None:
    """What it lacks cannot be told from where nobody came, so that a later beginning would only take away."""
    one = Delivery(
        1,
        7,
        datetime(2026, 1, 2),
        "a",
        None,
        "",
        "outcome",
        date(2025, 1, 5),
        date(2025, 12, 31),
        (),
        60,
        60,
        0,
        0,
        0,
        0,
    )
    begins = {("outcome", 7): date(2025, 4, 1)}
    assert Extent({"outcome": (one,)}).beginning(begins, FILES_FROM).deliveries["outcome"] == (one,)
    many = replace(one, loaded=600)
    (later,) = Extent({"outcome": (many,)}).beginning(begins, FILES_FROM).deliveries["outcome"]
    assert (later.first_day, later.last_day) == (date(2025, 4, 1), date(2025, 12, 31))

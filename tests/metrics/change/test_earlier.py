"""What a figure is compared with: a year, a month or an import before; never another import for the protected audience."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask_change
from metrics.change.decision import decide, stored_totals
from metrics.change.earlier import Against, earlier, on_known_ground, previous_import
from metrics.gate import State
from metrics.grammar.answer import Row
from metrics.grammar.question import Question, QuestionError
from tests.metrics.made import store_of


def visits(year: int, clients: int, first: int = 1, municipality: str = "049") -> list[dict[str, Any]]:
    """A visit a client, over all months of a year."""
    days = [date(year, 1, 1) + timedelta(days=365 * n // clients) for n in range(clients)]
    return [{"client": first + n, "occurred_on": day, "municipality": municipality} for n, day in enumerate(days)]


def imported(store: Store, rows: list[dict[str, Any]]) -> None:
    """One more import of encounters."""
    with store.next_generation("import") as connection:
        (last,) = connection.execute("SELECT max(record) FROM encounter").fetchall()[0]
        for number, one in enumerate(rows, 1):
            values = [one["client"], f"p{one['client']}"]
            connection.execute("INSERT INTO client (client, pseudonym) VALUES (?, ?)", values)
            connection.execute(
                "INSERT INTO encounter SELECT * REPLACE (?::UBIGINT AS record, ?::BIGINT AS client, ?::DATE AS occurred_on) "
                "FROM encounter LIMIT 1",
                [last + number, one["client"], one["occurred_on"]],
            )


def refused(against: Against, period: str, store: Store, audience: Any = "internal") -> str:
    with pytest.raises(QuestionError) as caught:
        earlier(against, period, audience, store, store.serving())
    return caught.value.reason


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """100 clients in 2023 and 200 in 2024; the second import brought 50 of the latter."""
    path = tmp_path_factory.mktemp("earlier") / "store"
    made = store_of(path, {"encounter": [*visits(2023, 100), *visits(2024, 150, 1001)]})
    imported(made, visits(2024, 50, 2001))
    return made


@pytest.mark.parametrize(
    ("against", "period", "before"),
    [
        ("year", "2024", "2023"),
        ("year", "2024-Q2", "2023-Q2"),
        ("month", "2024-01", "2023-12"),
        ("month", "2024-03", "2024-02"),
    ],
)
def test_the_year_and_the_month_before(against: Against, period: str, before: str, store: Store) -> None:
    side = earlier(against, period, "protected", store, store.serving())
    assert (side.period, side.generation, side.is_called) == (before, store.serving(), True)


def test_what_cannot_be_compared_is_refused(store: Store) -> None:
    assert refused("year", "all", store) == "compare_all"
    for period in ("2024", "2024-Q1", "2024-ytd-03", "all"):
        assert refused("month", period, store) == "compare_month"
    # Two imports that differ by one client show that client.
    for period in ("all", "2024", "2024-03"):
        assert refused("import", period, store, "protected") == "compare_protected"
    with pytest.raises(QuestionError) as caught:
        ask_change(Question(("clients",), period="2024", each="month"), "year", store)
    assert caught.value.reason == "compare_each"


def test_the_last_import_is_the_same_question_to_the_generation_before(store: Store) -> None:
    found = ask_change(Question(("clients",), period="2024", audience="internal"), "import", store)
    (row,) = found.rows
    assert row.before is not None
    assert (row.now.value, row.before.value, row.way) == (200, 150, "unclear")
    assert found.side.generation == previous_import(store, store.serving()) == store.generation(1)
    assert previous_import(store, store.generation(1)) is None


def test_the_first_import_has_none_before_it(tmp_path: Path) -> None:
    assert refused("import", "2024", store_of(tmp_path / "store", {"encounter": visits(2024, 5)})) == "compare_first"


def test_a_period_that_was_not_whole_at_the_last_import_is_not_called(tmp_path: Path) -> None:
    made = store_of(
        tmp_path / "store", {"encounter": [one for one in visits(2024, 300) if one["occurred_on"].month < 7]}
    )
    imported(made, visits(2024, 500, 5001))
    (row,) = ask_change(Question(("clients",), period="2024-ytd-11", audience="internal"), "import", made).rows
    assert row.before is not None
    assert row.now.value is not None
    assert row.before.value is not None
    assert row.now.value > 4 * row.before.value > 0
    assert row.way is None


def test_a_growth_is_called_against_the_year_before(store: Store) -> None:
    for audience in ("internal", "protected"):
        (row,) = ask_change(Question(("clients",), period="2024", audience=audience), "year", store).rows
        assert row.way == "up"


@pytest.mark.parametrize("audience", ["internal", "protected"])
def test_a_year_without_data_is_not_compared(audience: Any, store: Store) -> None:
    """Not with zero, nor with "under ten": the store knows nothing of 2022."""
    for metric in ("clients", "encounters", "understood_language_share", "referrals"):
        (row,) = ask_change(Question((metric,), period="2023", audience=audience), "year", store).rows
        assert (row.before, row.way) == (None, None), metric
    by_language = ask_change(Question(("clients",), by=("language",), period="2023", audience=audience), "year", store)
    assert {row.before for row in by_language.rows} == {None}


def test_a_year_of_which_the_first_months_are_not_known_is_not_compared(tmp_path: Path) -> None:
    late = [one for one in visits(2023, 300) if one["occurred_on"].month >= 7]
    made = store_of(tmp_path / "store", {"encounter": [*late, *visits(2024, 300, 1001)]})
    question = Question(("clients",), period="2024")
    assert ask_change(question, "year", made).rows[0].before is None
    # The half year that both have is compared.
    assert ask_change(Question(("clients",), period="2024-Q4"), "year", made).rows[0].before is not None


def test_what_files_leave_open_is_nothing_to_compare_with(store: Store) -> None:
    """A suppressed number is; the other states say that the files do not tell."""
    side = earlier("year", "2024", "protected", store, store.serving())
    states: tuple[State, ...] = ("small", "no_data", "not_recorded", "immature")
    rows = [Row("clients", {}, "2023", None, "clients", state) for state in states]
    assert [row.state for row in on_known_ground(rows, side)] == ["small"]


def test_a_count_that_is_not_known_is_not_taken_for_a_small_one() -> None:
    now, before = (
        Row("clients", {}, "2024", 420, "clients", n=420),
        Row("clients", {}, "2023", None, "clients", "no_data"),
    )
    assert decide(now, before, stored_totals(()), exact=False, small=True) is None
    assert decide(now, replace(before, state="small"), stored_totals(()), exact=False, small=True) == "up"

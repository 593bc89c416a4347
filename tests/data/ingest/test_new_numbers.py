"""New client numbers on rows that are there already: the same people would be drawn anew, so the import asks first."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from data.ingest.question_words import option_text, question_text
from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from tests.data.ingest.imports import encounters, rows
from tests.data.ingest.shapes import asked, load

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
LANGUAGES = ("Arabia", "Venäjä", "Somali", "Ukraina")
PEOPLE = "SELECT record, client FROM encounter ORDER BY record"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def visits(name: str, count: int, *, first: int = 1, topic: str = "Työ", own: bool = True) -> list[str]:
    """Two visits of each client, the clients called by a name and a number."""
    return [
        f"{f'K{client}-{visit};' if own else ''}{name}{client};{client % 27 + 1}.{visit}.2025;49;"
        f"{LANGUAGES[client % len(LANGUAGES)]};{topic}"
        for client in range(first, first + count)
        for visit in (2, 3)
    ]


def published(store: Store) -> list[tuple[object, ...]]:
    """What visitors see of the clients, by language and month."""
    answer = ask(Question(("clients",), by=("language",), period="2025", each="month", audience="protected"), store)
    return [(row.codes, row.period, row.value, row.bound) for row in answer.rows]


@pytest.mark.parametrize("own", [True, False], ids=["row numbers", "no row numbers"])
def test_new_client_numbers_of_rows_that_are_there_are_asked_about(own: bool, store: Store, tmp_path: Path) -> None:
    header = HEADER if own else HEADER.removeprefix("Tunnus;")
    load(store, encounters(tmp_path, *visits("A", 60, own=own), name="a.csv", header=header))
    before, figures = rows(store, PEOPLE), published(store)
    other = encounters(tmp_path, *visits("B", 60, own=own), name="b.csv", header=header)
    corrections: dict[str, Any] = {"numbers": "corrections", "rewritten": "same_rows"}
    waiting = load(store, other, **corrections)
    assert asked(waiting) == [("new_numbers", "")]
    assert rows(store, PEOPLE) == before
    load(store, other, yes=True, **corrections)
    assert (rows(store, PEOPLE), published(store)) == (before, figures)
    assert rows(store, "SELECT count(*) FROM client") == [(60,)]


def test_the_question_says_what_each_answer_does(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *visits("A", 20), name="a.csv", header=HEADER))
    waiting = load(store, encounters(tmp_path, *visits("B", 20), name="b.csv", header=HEADER), numbers="corrections")
    question = next(one.question for one in waiting.open_questions if one.question.kind == "new_numbers")
    for lang in ("fi", "sv", "en"):
        assert "40" in question_text(question, lang)
        assert "20" in question_text(question, lang)
        assert len({option_text(question, option, lang) for option in question.options}) == 2
        assert "question" not in option_text(question, question.default, lang)


def test_what_else_a_row_corrects_is_taken_and_new_rows_follow_their_number(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *visits("A", 40), name="a.csv", header=HEADER))
    people = rows(store, PEOPLE)
    newer = [*visits("B", 40, topic="Asuminen"), "K1-4;B1;5.4.2025;49;Arabia;Työ", "K99-2;B99;5.4.2025;49;Arabia;Työ"]
    path = encounters(tmp_path, *newer, name="b.csv", header=HEADER)
    load(store, path, numbers="corrections", new_numbers="keep_numbers")
    assert set(people) < set(rows(store, PEOPLE))
    assert rows(store, "SELECT count(*) FROM encounter WHERE topics::VARCHAR LIKE '%housing%'") == [(80,)]
    # The new visit of B1 is of the client whose number that is; B99 is somebody new.
    assert rows(store, "SELECT count(*) FROM client") == [(41,)]
    assert rows(store, "SELECT max(n) FROM (SELECT count(*) n FROM encounter GROUP BY client)") == [(3,)]


def test_new_numbers_are_taken_when_a_person_says_so_and_the_next_ones_are_asked_about(
    store: Store, tmp_path: Path
) -> None:
    load(store, encounters(tmp_path, *visits("A", 30), name="a.csv", header=HEADER))
    for name in "BC":
        path = encounters(tmp_path, *visits(name, 30), name=f"{name}.csv", header=HEADER)
        assert asked(load(store, path, numbers="corrections")) == [("new_numbers", "")]
        before = rows(store, PEOPLE)
        load(store, path, numbers="corrections", new_numbers="new_numbers")
        assert rows(store, PEOPLE) != before


def test_kept_numbers_are_kept_for_the_next_file_of_the_source_too(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *visits("A", 30), name="a.csv", header=HEADER))
    before = rows(store, PEOPLE)
    path = encounters(tmp_path, *visits("B", 30), name="b.csv", header=HEADER)
    load(store, path, numbers="corrections", new_numbers="keep_numbers")
    again = load(store, path, numbers="corrections")
    assert (asked(again), rows(store, PEOPLE)) == ([], before)


@pytest.mark.parametrize("changed", [1, 2, 14])
def test_corrections_of_a_few_clients_are_not_asked_about(changed: int, store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *visits("A", 30), name="a.csv", header=HEADER))
    mended = [*visits("B", changed), *visits("A", 30 - changed, first=changed + 1)]
    done = load(store, encounters(tmp_path, *mended, name="b.csv", header=HEADER), numbers="corrections")
    assert "new_numbers" not in [one.question.kind for one in done.decisions]


def test_visits_of_another_day_are_no_renumbered_clients(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *visits("A", 30), name="a.csv", header=HEADER))
    later = [line.replace(".2.2025", ".6.2025").replace(".3.2025", ".7.2025") for line in visits("B", 30)]
    done = load(store, encounters(tmp_path, *later, name="b.csv", header=HEADER), numbers="corrections")
    assert "new_numbers" not in [one.question.kind for one in done.decisions]

"""Row numbers of another time, client numbers of two people or written in two ways, and files of a place not known yet."""

from __future__ import annotations

import random
from itertools import product
from pathlib import Path

import pytest

from data.coverage.sources import Sources
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.forgetting import forget_client
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.question_words import option_text, question_text
from data.ingest.report import lines as report_lines
from data.store.store import Store
from tests.data.ingest.imports import encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
LANGUAGES = ("Arabia", "Venäjä", "Somali", "Ukraina", "Persia")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def load(store: Store, *paths: Path, yes: bool = False, source: str | None = None, **given: str) -> Prepared:
    answers = Answers({f"{kind}|encounter||": answer for kind, answer in given.items()})
    prepared = prepare(paths, store, wishes=Wishes(answers=answers, source=source))
    return publish(prepared.with_defaults() if yes else prepared, store, "test")[0]


def asked(prepared: Prepared) -> list[str]:
    return [one.question.kind for one in prepared.decisions]


def count(store: Store, what: str = "encounter") -> object:
    return rows(store, f"SELECT count(*) FROM {what}")[0][0]


def made(folder: Path, name: str, lines: list[str], header: str = HEADER) -> Path:
    return encounters(folder, *lines, name=name, header=header)


# Row numbers of another time


def numbered(first: int, number: int, year: int, client: str = "", municipality: str = "49") -> list[str]:
    return [
        f"{place};{client and f'{client}{place}'};{place % 27 + 1}.2.{year};{municipality};Arabia;Työ"
        for place in range(first, first + number)
    ]


@pytest.mark.parametrize(
    ("year", "client", "overlap"),
    [*product([2026], ["", "AS-"], [1, 3, 4, 6]), (2024, "", 6), (2024, "AS-", 1)],
)  # fmt: skip
def test_a_few_numbers_that_overlap_those_of_another_year_are_asked_about(
    year: int, client: str, overlap: int, store: Store, tmp_path: Path
) -> None:
    load(store, made(tmp_path, "a.csv", numbered(1, 100, 2025, client)))
    other = made(tmp_path, "b.csv", numbered(101 - overlap, 60, year, client and "AT-"))
    assert "numbers" in asked(load(store, other))
    assert load(store, other, yes=True).exit_code == 0
    assert count(store) == 160


@pytest.mark.parametrize("overlap", [3, 6])
def test_they_are_beside_many_rows_that_are_the_same(overlap: int, store: Store, tmp_path: Path) -> None:
    old = numbered(1, 300, 2025)
    load(store, made(tmp_path, "a.csv", old))
    other = made(tmp_path, "b.csv", old[:-overlap] + numbered(301 - overlap, overlap + 20, 2026))
    assert "numbers" in asked(load(store, other))


def test_they_are_of_a_source_that_is_named_too(store: Store, tmp_path: Path) -> None:
    load(store, made(tmp_path, "a.csv", numbered(1, 100, 2025)), source="espoo")
    other = made(tmp_path, "b.csv", numbered(1, 100, 2026))
    done = load(store, other, source="espoo", yes=True)
    assert [(one.question.kind, one.answer) for one in done.decisions] == [("numbers", "yearly")]
    assert count(store) == 200


def test_a_few_years_corrected_for_the_same_clients_are_corrections(store: Store, tmp_path: Path) -> None:
    old = numbered(1, 100, 2025, "AS-")
    load(store, made(tmp_path, "a.csv", old))
    done = load(store, made(tmp_path, "b.csv", numbered(1, 4, 2024, "AS-") + old[4:]))
    assert (asked(done), done.files[0].counts.replaced, count(store)) == ([], 4, 100)


# Two people with one number in one sheet


def two_people(number: int, *, municipalities: tuple[str, str], shared: int) -> list[str]:
    """Two rows of each client, `shared` of whom are two people of other languages."""
    found = []
    for place in range(number):
        for turn in (0, 1):
            other = turn if place < shared else 0
            language = LANGUAGES[(place + other) % 5]
            found.append(
                f"{place}{turn};C{place};{place % 27 + 1}.{turn + 1}.2025;{municipalities[other]};{language};Työ"
            )
    return found


@pytest.mark.parametrize(
    ("municipalities", "field"), [(("49", "92"), "municipality"), (("49", "49"), "language")], ids=["places", "languages"]
)  # fmt: skip
def test_client_numbers_of_two_people_in_one_sheet_are_asked_about(
    municipalities: tuple[str, str], field: str, store: Store, tmp_path: Path
) -> None:
    path = made(tmp_path, "a.csv", two_people(30, municipalities=municipalities, shared=20))
    refused = load(store, path)
    (one,) = refused.open_questions
    assert (one.question.kind, one.question.rows, one.question.params["field"]) == ("reused", 20, field)
    assert load(store, path, yes=True).exit_code == 0
    assert count(store, "client") == 50
    assert [one.clients_by for one in Sources.of(store.path).all()][1:] == [field]
    again = load(store, path)
    assert (again.exit_code, again.changes, asked(again)) == (0, False, [])
    assert forget_client(store, "C3").removal.rows == 2
    same = Store(tmp_path / "same")
    assert load(same, path, reused="same_person").exit_code == 0
    assert count(same, "client") == 30
    again = load(same, path)
    assert (again.exit_code, again.changes) == (0, False)


def test_a_few_such_numbers_are_told_of(store: Store, tmp_path: Path) -> None:
    done = load(store, made(tmp_path, "a.csv", two_people(30, municipalities=("49", "49"), shared=2)))
    assert (done.exit_code, asked(done)) == (0, [])
    assert [(one.reason, one.rows) for one in done.files[0].parts[0].odd] == [("two_people", 4)]
    assert any("eri äidinkieli" in line and "sama ihminen" in line for line in report_lines(done, "fi"))


def test_identity_codes_are_one_person_whatever_is_said_of_them(store: Store, tmp_path: Path) -> None:
    lines = [
        f"{place};131052-308T;{place}.2.2025;49;{language};Työ" for place, language in enumerate(LANGUAGES, 1)
    ]  # fmt: skip
    assert [one.reason for one in load(store, made(tmp_path, "a.csv", lines)).files[0].parts[0].odd] == []


# Leading zeros


FORMS = (("{:04}", "{}"), ("{}", "{:04}"), ("{}", "{}.0"), ("{:06}", "{},0"), ("{:04}", "{:06}"))
WAYS = [(False, True, *form) for form in FORMS]
WAYS += [
    (together, own, *form) for together, own in ((False, False), (True, False), (True, True)) for form in FORMS[:2]
]


@pytest.mark.parametrize(("together", "is_numbered", "first", "second"), WAYS)
def test_client_numbers_of_digits_are_the_same_however_zeros_are_written(
    together: bool, is_numbered: bool, first: str, second: str, store: Store, tmp_path: Path
) -> None:
    chance = random.Random(1)
    rest = [f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.2025;49;Arabia;Työ" for _ in range(80)]
    paths = []
    for name, form in (("a", first), ("b", second)):
        lines = [
            f"{f'K{place};' if is_numbered else ''}{form.format(place % 40 + 5)};{one}"
            for place, one in enumerate(rest)
        ]
        paths.append(made(tmp_path, f"{name}.csv", lines, HEADER if is_numbered else HEADER.removeprefix("Tunnus;")))
    for call in [paths] if together else [[path] for path in paths]:
        done = load(store, *call)
        assert (done.exit_code, asked(done)) == (0, [])
    assert (count(store), count(store, "client")) == (80, 40)
    again = load(store, *paths)
    assert (again.exit_code, again.changes) == (0, False)
    if together:
        return  # the same store, whose clients are forgotten below
    for number in ("0005", "12", second.format(6)):
        forgotten = forget_client(store, number)
        assert (forgotten.removal.rows, forgotten.other_writings) == (2, ())


def test_clients_stored_before_zeros_were_looked_at_keep_their_keys(store: Store, tmp_path: Path) -> None:
    lines = [f"K{place};{place % 40 + 5:05};{place % 28 + 1}.2.2025;49;Arabia;Työ" for place in range(80)]
    load(store, made(tmp_path, "a.csv", lines))
    known = Sources.of(store.path)
    known.save({one.id: one.model_copy(update={"client_width": None}) for one in known.all()})
    bare = [line.replace(";000", ";") for line in lines]
    new = [f"N{place};{place % 40 + 5};{place % 28 + 1}.3.2025;49;Arabia;Työ" for place in range(80)]
    assert not load(store, made(tmp_path, "b.csv", bare)).changes
    load(store, made(tmp_path, "c.csv", new))
    assert (count(store), count(store, "client")) == (160, 40)


def test_numbers_with_letters_and_identity_codes_stay_as_they_are(store: Store, tmp_path: Path) -> None:
    numbers = ("A012", "A12", "0012", "12", "010190-999R", "1.0")
    lines = [f"K{place};{number};{place + 1}.2.2025;49;Arabia;Työ" for place, number in enumerate(numbers)]
    load(store, made(tmp_path, "a.csv", lines))
    assert count(store, "client") == 6


# Files of a place not known yet


def place_file(folder: Path, name: str, municipality: str, first: int) -> Path:
    return made(folder, name, numbered(first, 20, 2025, municipality=municipality))


def test_a_third_place_is_a_new_source_by_default(store: Store, tmp_path: Path) -> None:
    load(store, place_file(tmp_path, "a.csv", "49", 1))
    load(store, place_file(tmp_path, "b.csv", "92", 101), source="Vantaa")
    third = place_file(tmp_path, "c.csv", "235", 201)
    (one,) = load(store, third).open_questions
    assert (one.question.kind, one.question.options) == ("source", ("new", "main", "vantaa"))
    assert load(store, third, yes=True).files[0].parts[0].source.organisation == "235"
    nowhere = made(tmp_path, "d.csv", [line.replace(";49;", ";;") for line in numbered(301, 20, 2025)])
    (one,) = load(store, nowhere).open_questions
    assert one.question.options[0] != "new", "no place tells that it is another one"


@pytest.mark.parametrize(
    ("lang", "main"), [("fi", "Nimetön aineisto"), ("sv", "Källan utan namn"), ("en", "The source without a name")]
)
def test_sources_are_called_by_their_names(lang: str, main: str, store: Store, tmp_path: Path) -> None:
    load(store, place_file(tmp_path, "a.csv", "49", 1))
    load(store, place_file(tmp_path, "b.csv", "92", 101), source="Vantaan järjestelmä")
    (one,) = load(store, place_file(tmp_path, "c.csv", "235", 201)).open_questions
    assert f"{main}, Vantaan järjestelmä" in question_text(one.question, lang)
    told = [option_text(one.question, option, lang) for option in one.question.options]
    assert told[1:] == [main, "Vantaan järjestelmä"]

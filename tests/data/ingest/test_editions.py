"""Rows without numbers: equal ones of two places stay two, and the same file again, grown or changed, doubles nothing."""

from __future__ import annotations

import random
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from data.coverage.sources import Sources
from data.coverage.undoing import undo_delivery
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.store.store import Store
from tests.data.ingest.imports import encounters, rows

SHORT = "Pvm;Aiheet"
LONG = "Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Kesto_h"
TOPICS = ("Työ", "Asuminen", "Kieliopinnot", "Oleskelulupa")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def short(seed: str, number: int, month: int = 3) -> list[str]:
    """Rows of a day and a topic: those of two places are often equal."""
    chance = random.Random(seed)
    return sorted(f"{chance.randint(1, 20)}.{month}.2025;{chance.choice(TOPICS)}" for _ in range(number))


def long(seed: str, number: int, month: int = 3) -> list[str]:
    """Rows of clients."""
    chance = random.Random(seed)
    days = [f"AS-{place % 37};{chance.randint(1, 28)}.{month}.2025" for place in range(number)]
    return [f"{day};49;Arabia;{chance.choice(TOPICS)};0,{chance.randint(1, 9)}" for day in days]


def book(folder: Path, name: str, sheets: dict[str, Sequence[str]], header: str = SHORT) -> Path:
    made = openpyxl.Workbook()
    del made["Sheet"]
    for title, lines in sheets.items():
        sheet = made.create_sheet(title)
        for line in (header, *lines):
            sheet.append(line.split(";"))
    path = folder / name
    made.save(path)
    return path


def load(store: Store, *paths: Path, yes: bool = False, **given: str) -> Prepared:
    answers = Answers({f"{kind}|encounter||": answer for kind, answer in given.items()})
    prepared = prepare(paths, store, wishes=Wishes(answers=answers))
    return publish(prepared.with_defaults() if yes else prepared, store, "test")[0]


def asked(prepared: Prepared) -> list[str]:
    return [one.question.kind for one in prepared.decisions]


def total(store: Store) -> int:
    ((count,),) = rows(store, "SELECT count(*) FROM encounter")
    assert isinstance(count, int)
    return count


def nothing_changes(store: Store, *paths: Path) -> None:
    before = rows(store, "SELECT record, * FROM encounter ORDER BY 1")
    again = load(store, *paths)
    assert (again.exit_code, again.changes, asked(again)) == (0, False, [])
    assert rows(store, "SELECT record, * FROM encounter ORDER BY 1") == before


# Two places


def test_sheets_of_one_workbook_without_numbers_are_counted_on_together(store: Store, tmp_path: Path) -> None:
    path = book(
        tmp_path, "kunnat.xlsx", {"Espoo": short("e", 60), "Vantaa": short("v", 40), "Kauniainen": short("k", 3)}
    )
    done = load(store, path)
    assert (done.exit_code, asked(done), total(store)) == (0, [], 103)
    nothing_changes(store, path)


@pytest.mark.parametrize(("first", "second"), [(60, 40), (300, 30), (30, 300), (3, 3)])
def test_files_of_one_import_without_numbers_are_counted_on_together(
    first: int, second: int, store: Store, tmp_path: Path
) -> None:
    paths = [
        encounters(tmp_path, *short(name, number), name=f"{name}.csv", header=SHORT)
        for name, number in (("espoo", first), ("vantaa", second))
    ]
    assert load(store, *paths).exit_code == 0
    assert total(store) == first + second
    nothing_changes(store, *paths)
    nothing_changes(store, *reversed(paths))
    for path in paths:
        nothing_changes(store, path)


@pytest.mark.parametrize(
    ("first", "second", "answer", "sources"),
    [
        (60, 40, None, 2), (300, 30, None, 2), (30, 300, None, 2), (5, 5, None, 2), (3, 3, None, 2), (2000, 2000, None, 2),
        (60, 40, "other_source", 2), (60, 40, "addition", 1), (30, 300, "addition", 1), (3, 3, "addition", 1),
    ],
)  # fmt: skip
def test_files_of_two_imports_that_are_partly_equal_are_asked_about(
    first: int, second: int, answer: str | None, sources: int, store: Store, tmp_path: Path
) -> None:
    lines = short("v", second)
    if first <= 5:
        lines[:2] = short("e", first)[:2]
    one = encounters(tmp_path, *short("e", first), name="espoo.csv", header=SHORT)
    other = encounters(tmp_path, *lines, name="vantaa.csv", header=SHORT)
    load(store, one)
    refused = load(store, other)
    assert [one.question.kind for one in refused.open_questions] == ["again"]
    done = load(store, other, again=answer) if answer else load(store, other, yes=True)
    assert done.exit_code == 0
    assert total(store) == first + second
    assert len(Sources.of(store.path).all()) == sources
    nothing_changes(store, other)
    nothing_changes(store, one)


def test_a_partly_corrected_file_replaces_when_a_person_says_so(store: Store, tmp_path: Path) -> None:
    lines = short("e", 60)
    load(store, encounters(tmp_path, *lines, name="a.csv", header=SHORT))
    other = dict(zip(TOPICS, (*TOPICS[1:], TOPICS[0]), strict=True))
    split = [line.split(";") for line in lines]
    changed = [f"{day};{other[topic] if place % 3 == 0 else topic}" for place, (day, topic) in enumerate(split)]
    path = encounters(tmp_path, *changed, name="b.csv", header=SHORT)
    assert "again" in asked(load(store, path))
    done = load(store, path, again="same_rows", gone="remove")
    assert (done.exit_code, total(store)) == (0, 60)
    nothing_changes(store, path)


def test_a_workbook_of_which_one_sheet_is_there_already_adds_the_other(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *short("e", 60), name="espoo.csv", header=SHORT))
    done = load(store, book(tmp_path, "kunnat.xlsx", {"Espoo": short("e", 60), "Vantaa": short("v", 40)}))
    assert (done.exit_code, asked(done), total(store)) == (0, [], 100)


def test_the_next_month_of_a_place_is_of_its_source_by_default(store: Store, tmp_path: Path) -> None:
    for month in (1, 2, 3):
        for name in ("espoo", "vantaa"):
            path = encounters(tmp_path, *short(name, 40, month), name=f"{name}_2025-0{month}.csv", header=SHORT)
            assert load(store, path, yes=True).exit_code == 0
    assert rows(store, "SELECT source, count(*) FROM encounter JOIN delivery USING (delivery) GROUP BY 1 ORDER BY 1") == [
        (0, 120), (1, 120)
    ]  # fmt: skip


# The same source again


@pytest.mark.parametrize(("make", "header"), [(short, SHORT), (long, LONG)])
@pytest.mark.parametrize("together", [True, False])
def test_a_cumulative_export_changes_nothing_of_its_old_rows(
    make: object, header: str, together: bool, store: Store, tmp_path: Path
) -> None:
    assert callable(make)
    months = [make(f"m{month}", 40, month) for month in (1, 2, 3)]
    paths = [
        encounters(tmp_path, *(line for month in months[:end] for line in month), name=f"{end}.csv", header=header)
        for end in (1, 2, 3)
    ]
    for place in range(3):
        done = load(store, *(paths[: place + 1] if together else paths[place : place + 1]))
        assert (done.exit_code, asked(done)) == (0, [])
        assert done.files[-1].counts.loaded == 40
        assert total(store) == 40 * (place + 1)
    nothing_changes(store, *paths)
    nothing_changes(store, *reversed(paths))


def test_a_file_of_both_places_again_and_grown_asks_nothing(store: Store, tmp_path: Path) -> None:
    first: dict[str, Sequence[str]] = {"Espoo": short("e", 60, 1), "Vantaa": short("v", 40, 1)}
    load(store, book(tmp_path, "tammi.xlsx", first))
    grown: dict[str, Sequence[str]] = {name: [*lines, *short(name, 30, 2)] for name, lines in first.items()}
    path = book(tmp_path, "helmi.xlsx", grown)
    done = load(store, path)
    assert (done.exit_code, asked(done), total(store)) == (0, [], 160)
    nothing_changes(store, path)


def test_a_part_of_a_file_adds_nothing(store: Store, tmp_path: Path) -> None:
    lines = long("e", 100)
    load(store, encounters(tmp_path, *lines, name="a.csv", header=LONG))
    nothing_changes(store, encounters(tmp_path, *lines[10:40], name="b.csv", header=LONG))


# Other columns and numbers


def without(lines: Sequence[str], *columns: int) -> list[str]:
    return [";".join(cell for place, cell in enumerate(line.split(";")) if place not in columns) for line in lines]


@pytest.mark.parametrize("dropped", [True, False], ids=["dropped", "added"])
@pytest.mark.parametrize(
    ("left_out", "together"),
    [((2,), False), ((3,), False), ((5,), False), ((5,), True), ((2, 3), True), ((0,), False), ((0,), True)],
    ids=["place", "language", "time", "time at once", "two at once", "client", "client at once"],
)  # fmt: skip
def test_a_column_more_or_less_doubles_nothing(
    left_out: tuple[int, ...], together: bool, dropped: bool, store: Store, tmp_path: Path
) -> None:
    lines = long("e", 80)
    whole = encounters(tmp_path, *lines, name="a.csv", header=LONG)
    short_one = encounters(tmp_path, *without(lines, *left_out), name="b.csv", header=without([LONG], *left_out)[0])
    first, second = (whole, short_one) if dropped else (short_one, whole)
    for paths in [[first, second]] if together else [[first], [second]]:
        assert load(store, *paths, yes=True).exit_code == 0
    assert total(store) == 80
    if left_out != (0,):
        assert rows(store, "SELECT count(*) FROM encounter WHERE language <> 'ar' OR municipality <> '049'") == [(0,)]
    nothing_changes(store, second)


@pytest.mark.parametrize("together", [True, False])
@pytest.mark.parametrize("numbered_first", [True, False])
def test_numbers_in_one_export_only_double_nothing(
    numbered_first: bool, together: bool, store: Store, tmp_path: Path
) -> None:
    lines = long("e", 80)
    numbered = [f"K{place};{line}" for place, line in enumerate(lines)]
    bare = encounters(tmp_path, *lines, name="a.csv", header=LONG)
    with_numbers = encounters(tmp_path, *numbered, name="b.csv", header=f"Tunnus;{LONG}")
    first, second = (with_numbers, bare) if numbered_first else (bare, with_numbers)
    for paths in [[first, second]] if together else [[first], [second]]:
        done = load(store, *paths)
        assert (done.exit_code, asked(done)) == (0, [])
    assert total(store) == 80
    nothing_changes(store, second)
    nothing_changes(store, first)
    # From then on their numbers hold.
    changed = [line.replace("Työ", "Asuminen") for line in numbered]
    load(store, encounters(tmp_path, *changed, name="c.csv", header=f"Tunnus;{LONG}"))
    assert total(store) == 80


@pytest.mark.parametrize("is_numbered", [True, False])
def test_a_file_of_another_shape_finds_the_source_that_has_its_rows(
    is_numbered: bool, store: Store, tmp_path: Path
) -> None:
    lines = [f"K{place};{line}" for place, line in enumerate(long("e", 80))]
    few = without(lines, 3, 4, 6)
    if not is_numbered:
        lines, few = without(lines, 0), without(few, 0)
    header = f"Tunnus;{LONG}" if is_numbered else LONG
    load(store, encounters(tmp_path, *short("x", 30, 5), name="x.csv", header=SHORT))
    whole = encounters(tmp_path, *lines, name="a.csv", header=header)
    publish(prepare([whole], store, wishes=Wishes(source="vantaa")), store, "test")
    other_header = "Tunnus;Asiakas;Pvm;Aiheet" if is_numbered else "Asiakas;Pvm;Aiheet"
    nothing_changes(store, encounters(tmp_path, *few, name="b.csv", header=other_header))


def test_undoing_a_delivery_with_numbers_brings_back_the_rows_without(store: Store, tmp_path: Path) -> None:
    lines = long("e", 80)
    load(store, encounters(tmp_path, *lines, name="a.csv", header=LONG))
    before = rows(store, "SELECT record, * FROM encounter ORDER BY 1")
    numbered = [f"K{place};{line}" for place, line in enumerate(lines)]
    load(store, encounters(tmp_path, *numbered, name="b.csv", header=f"Tunnus;{LONG}"))
    assert rows(store, "SELECT record, * FROM encounter ORDER BY 1") != before
    undo_delivery(store, 2)
    assert rows(store, "SELECT record, * FROM encounter ORDER BY 1") == before


def test_enrolments_with_and_without_numbers_are_the_same(store: Store, tmp_path: Path) -> None:
    lines = [f"AS-{number};Espoo;{number % 28 + 1}.2.2025" for number in range(30)]
    bare = encounters(tmp_path, *lines, name="e.csv", header="Asiakas;Osaamiskeskus;Alkoi")
    numbered = [f"J{place};{line}" for place, line in enumerate(lines)]
    with_numbers = encounters(tmp_path, *numbered, name="j.csv", header="Jakson tunnus;Asiakas;Osaamiskeskus;Alkoi")
    for paths in ([bare], [with_numbers], [bare], [with_numbers, bare]):
        assert load(store, *paths).exit_code == 0
        assert rows(store, "SELECT count(*) FROM enrolment") == [(30,)]


def test_rows_that_have_been_numbered_anew_are_asked_about(store: Store, tmp_path: Path) -> None:
    lines = long("e", 80)
    old = [f"K{place};{line}" for place, line in enumerate(lines)]
    new = [f"R{place};{line}" for place, line in enumerate(reversed(lines))]
    load(store, encounters(tmp_path, *old, name="a.csv", header=f"Tunnus;{LONG}"))
    path = encounters(tmp_path, *new, name="b.csv", header=f"Tunnus;{LONG}")
    assert [(one.question.kind, one.answer) for one in load(store, path).open_questions] == [("rewritten", "same_rows")]
    assert load(store, path, yes=True).exit_code == 0
    assert total(store) == 80
    nothing_changes(store, path)


def test_new_rows_with_new_numbers_ask_nothing(store: Store, tmp_path: Path) -> None:
    header = f"Tunnus;{SHORT}"
    for name, prefix in (("a", "A"), ("b", "B")):
        lines = [f"{prefix}{place};{line}" for place, line in enumerate(short(name, 60))]
        done = load(store, encounters(tmp_path, *lines, name=f"{name}.csv", header=header))
        assert (done.exit_code, asked(done)) == (0, [])
    assert total(store) == 120


@pytest.mark.parametrize(
    ("place", "changed"), [(0, "C{}"), (2, "92"), (3, "Somali"), (4, "Raha-asiat"), (5, "0,95")],
    ids=["clients", "municipality", "language", "topics", "time"],
)  # fmt: skip
def test_a_column_that_has_changed_throughout_is_asked_about(
    place: int, changed: str, store: Store, tmp_path: Path
) -> None:
    lines = long("e", 80)
    load(store, encounters(tmp_path, *lines, name="a.csv", header=LONG))
    cells = [line.split(";") for line in lines]
    for line in cells:
        line[place] = changed.format(line[place])
    path = encounters(tmp_path, *(";".join(line) for line in cells), name="b.csv", header=LONG)
    assert ("rewritten", "same_rows") in [(one.question.kind, one.answer) for one in load(store, path).open_questions]
    assert load(store, path, yes=True).exit_code == 0
    assert total(store) == 80
    if place:  # rows that keep their client numbers bring nothing, so that the file is asked about again
        nothing_changes(store, path)


def test_the_same_file_read_otherwise_replaces_its_rows(store: Store, tmp_path: Path) -> None:
    lines = [line.replace("Työ", "Kummallinen aihe") for line in long("e", 80)]
    path = encounters(tmp_path, *lines, name="a.csv", header=LONG)
    load(store, path, yes=True)
    answers = Answers({"value|encounter|aiheet|kummallinen aihe": "work"})
    done = publish(prepare([path], store, wishes=Wishes(answers=answers)), store, "test")[0]
    assert (done.exit_code, total(store)) == (0, 80)
    assert rows(store, "SELECT count(*) FROM encounter WHERE list_contains(topics, 'other')") == [(0,)]

"""Whose rows these are: numbers of two municipalities, years or sheets never replace each other, and nothing is guessed."""

from __future__ import annotations

import random
import re
from dataclasses import replace
from pathlib import Path

import pytest

from data.coverage import deliveries
from data.coverage.sources import Sources
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.store.store import Store
from tests.data.ingest.imports import encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
LANGUAGES = ("Arabia", "Venäjä", "Somali", "Ukraina", "Persia")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def hundred(
    folder: Path, name: str, municipality: str, year: int, *, anonymous: bool = False, numbered: bool = True
) -> Path:
    """A file of a hundred encounters numbered from 1, of fifty clients numbered from 1 as well."""
    chance = random.Random(name)
    speaks = [chance.choice(LANGUAGES) for _ in range(51)]
    lines = [
        f"{number if numbered else ''};{'' if anonymous else number // 2 + 1};"
        f"{chance.randint(1, 28)}.{chance.randint(1, 12)}.{year};{municipality};{speaks[number // 2]};Työ"
        for number in range(1, 101)
    ]
    header = HEADER if numbered else HEADER.removeprefix("Tunnus;")
    lines = lines if numbered else [line.removeprefix(";") for line in lines]
    return encounters(folder, *lines, name=name, header=header)


def load(store: Store, *paths: Path, wishes: Wishes | None = None, yes: bool = False) -> Prepared:
    prepared = prepare(paths, store, wishes=wishes)
    return publish(prepared.with_defaults() if yes else prepared, store, "test")[0]


def asked(prepared: Prepared) -> list[tuple[str, str]]:
    return [(one.question.kind, one.how) for one in prepared.decisions]


def answers(**given: str) -> Wishes:
    return Wishes(answers=Answers({f"{kind}|encounter||": answer for kind, answer in given.items()}))


def total(store: Store) -> int:
    ((count,),) = rows(store, "SELECT count(*) FROM encounter")
    assert isinstance(count, int)
    return count


OTHERS = [
    pytest.param({"municipality": "92", "year": 2025}, {}, id="another municipality"),
    pytest.param({"municipality": "49", "year": 2024}, {}, id="another year"),
    pytest.param({"municipality": "92", "year": 2025}, {"anonymous": True}, id="another municipality, no clients"),
    pytest.param({"municipality": "49", "year": 2024}, {"anonymous": True}, id="another year, no clients"),
]


@pytest.mark.parametrize(("other", "kind"), OTHERS)
@pytest.mark.parametrize("together", [True, False])
def test_rows_numbered_from_one_in_two_files_are_two_hundred(
    other: dict[str, object], kind: dict[str, bool], together: bool, store: Store, tmp_path: Path
) -> None:
    first = hundred(tmp_path, "a.csv", "49", 2025, **kind)
    second = hundred(tmp_path, "b.csv", str(other["municipality"]), int(str(other["year"])), **kind)
    calls = [[first, second]] if together else [[first], [second]]
    for paths in calls[:-1]:
        load(store, *paths)
    refused = load(store, *calls[-1])
    assert refused.exit_code == 4
    assert ("numbers", "default") in asked(refused)
    assert (total(store) if store.current() else 0) == (0 if together else 100)
    assert load(store, *calls[-1], yes=True).exit_code == 0
    assert total(store) == 200
    # The same files again, in any order, ask nothing and change nothing.
    again = load(store, second, first)
    assert (again.exit_code, again.changes, asked(again)) == (0, False, [])
    assert len(store.history()) == len(calls)


def test_two_sheets_of_one_workbook_are_two_sources(store: Store, tmp_path: Path) -> None:
    import openpyxl

    book = openpyxl.Workbook()
    del book["Sheet"]
    for name, code in (("Espoo", "49"), ("Vantaa", "92")):
        sheet = book.create_sheet(name)
        for line in hundred(tmp_path, f"{name}.csv", code, 2025).read_text("utf-8").splitlines():
            sheet.append(line.split(";"))
    path = tmp_path / "kunnat.xlsx"
    book.save(path)
    assert load(store, path).exit_code == 4
    assert load(store, path, yes=True).exit_code == 0
    assert total(store) == 200


def test_numbers_that_begin_anew_each_year(store: Store, tmp_path: Path) -> None:
    old = hundred(tmp_path, "a.csv", "49", 2023, anonymous=True)
    new = hundred(tmp_path, "b.csv", "49", 2024, anonymous=True)
    load(store, old)
    assert load(store, new, wishes=answers(numbers="yearly")).exit_code == 0
    assert total(store) == 200
    newer = hundred(tmp_path, "c.csv", "49", 2025, anonymous=True)
    assert load(store, newer).exit_code == 0, "known of the source by now"
    assert total(store) == 300
    assert not load(store, old, new, newer).changes
    assert [source.id for source in Sources.of(store.path).all()] == ["main"]


def test_corrections_replace_when_a_person_says_that_they_are(store: Store, tmp_path: Path) -> None:
    load(store, hundred(tmp_path, "a.csv", "49", 2025, anonymous=True))
    done = load(
        store, hundred(tmp_path, "b.csv", "92", 2025, anonymous=True), wishes=answers(numbers="corrections")
    )  # fmt: skip
    assert (done.exit_code, done.files[0].counts.replaced) == (0, 100)
    assert rows(store, "SELECT municipality::VARCHAR, count(*) FROM encounter GROUP BY 1") == [("092", 100)]


def test_a_few_corrected_rows_ask_nothing(store: Store, tmp_path: Path) -> None:
    path = hundred(tmp_path, "a.csv", "49", 2025)
    load(store, path)
    lines = path.read_text("utf-8").splitlines()
    lines[1:6] = [line.replace(";49;", ";92;") for line in lines[1:6]]
    lines[7] = re.sub(r"\.\d+\.2025", lambda month: ".5.2025" if month[0] != ".5.2025" else ".6.2025", lines[7])
    path.write_text("\n".join(lines), "utf-8")
    done = load(store, path)
    assert (done.exit_code, done.files[0].counts.replaced, asked(done)) == (0, 6, [])


def test_client_numbers_of_another_register_are_other_people(store: Store, tmp_path: Path) -> None:
    first, second = hundred(tmp_path, "a.csv", "49", 2025), hundred(tmp_path, "b.csv", "92", 2025)
    load(store, first)
    refused = load(store, second, wishes=answers(numbers="other_source"))
    assert (refused.exit_code, [one.question.kind for one in refused.open_questions]) == (4, ["register"])
    load(store, second, wishes=answers(numbers="other_source", register="other_register"))
    assert rows(store, "SELECT count(*) FROM client") == [(102,)]
    same = Store(tmp_path / "same")
    load(same, first)
    load(same, second, wishes=answers(numbers="other_source", register="same_register"))
    assert rows(same, "SELECT count(*) FROM client") == [(51,)]
    assert total(same) == 200


def test_personal_identity_codes_are_everybodys(store: Store, tmp_path: Path) -> None:
    codes = ("131052-308T", "010190-999R")
    for name in ("espoo", "vantaa"):
        lines = [f"{number};{code};{number}.2.2025;49;Arabia;Työ" for number, code in enumerate(codes, 1)]
        path = encounters(tmp_path, *lines, name=f"{name}.csv", header=HEADER)
        source = Sources.of(store.path)
        load(store, path, wishes=Wishes(source=name))
        known = {one.id: one for one in source.all()}
        source.save({name: known[name].model_copy(update={"client_register": name})})
    third = encounters(tmp_path, f"3;{codes[0]};3.3.2025;49;Arabia;Työ", name="c.csv", header=HEADER)
    load(store, third, wishes=Wishes(source="vantaa"))
    assert rows(store, "SELECT count(*) FROM client") == [(2,)]


def test_a_source_that_is_named_keeps_its_numbers_apart(store: Store, tmp_path: Path) -> None:
    load(store, hundred(tmp_path, "a.csv", "49", 2025, anonymous=True))
    wishes = Wishes(source="Vantaan järjestelmä")
    done = load(store, hundred(tmp_path, "b.csv", "92", 2025, anonymous=True), wishes=wishes)
    assert (done.exit_code, total(store)) == (0, 200)
    made = Sources.of(store.path).all()[1]
    assert (made.name, made.number, made.organisation) == ("Vantaan järjestelmä", 1, "092")
    with store.read() as connection:
        found = deliveries.read(connection)
    assert [(one.source, one.file, one.loaded) for one in found] == [(0, "a.csv", 100), (1, "b.csv", 100)]


def test_a_new_month_of_a_place_goes_to_the_source_of_the_place(store: Store, tmp_path: Path) -> None:
    load(store, hundred(tmp_path, "a.csv", "49", 2025, anonymous=True), wishes=Wishes(source="espoo"))
    load(store, hundred(tmp_path, "b.csv", "92", 2025, anonymous=True), wishes=Wishes(source="vantaa"))
    lines = [f"{number};;3.3.2026;92;Arabia;Työ" for number in range(101, 120)]
    done = load(store, encounters(tmp_path, *lines, name="c.csv", header=HEADER))
    assert (done.exit_code, done.files[0].parts[0].source.id) == (0, "vantaa")
    nowhere = encounters(tmp_path, *[line.replace(";92;", ";;") for line in lines], name="d.csv", header=HEADER)
    unsure = load(store, nowhere.rename(tmp_path / "e.csv"))
    assert unsure.files[0].parts[0].source.id == "vantaa", "these very rows are there"
    other = encounters(
        tmp_path, *[line.replace(";92;", ";;").replace("1", "7", 1) for line in lines], name="f.csv", header=HEADER
    )
    assert [one.question.kind for one in load(store, other).open_questions] == ["source"]


def test_rows_without_numbers_are_told_apart_by_content_and_order(store: Store, tmp_path: Path) -> None:
    header = "Pvm;Kunta;Kieli;Aiheet"
    same = ["3.2.2025;Espoo;Arabia;Työ"] * 3
    path = encounters(tmp_path, *same, "4.2.2025;Espoo;Arabia;Työ", name="a.csv", header=header)
    assert load(store, path).exit_code == 0
    assert total(store) == 4
    assert not load(store, path).changes
    more = encounters(tmp_path, *same, same[0], "4.2.2025;Espoo;Arabia;Työ", name="b.csv", header=header)
    assert load(store, more).files[0].counts.loaded == 1
    assert total(store) == 5


@pytest.mark.parametrize("number", ["1", "01", "0001", "1.0", "1,0", " 1 ", "１"])
def test_a_row_number_is_the_same_however_a_spreadsheet_writes_it(number: str, store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, "1;7;3.2.2025;49;Arabia;Työ", header=HEADER))
    done = load(store, encounters(tmp_path, f"{number};7;3.2.2025;49;Arabia;Asuminen", header=HEADER))
    assert done.files[0].counts.replaced == 1
    assert total(store) == 1


def test_a_column_that_is_missing_empties_nothing(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, "1;7;3.2.2025;49;Arabia;Työ", "2;8;3.2.2025;49;Somali;Työ", header=HEADER))
    done = load(
        store, encounters(tmp_path, "1;7;3.2.2025;Asuminen", "2;8;3.2.2025;Työ", header="Tunnus;Asiakas;Pvm;Aiheet")
    )
    assert (done.files[0].counts.replaced, done.files[0].counts.unchanged) == (1, 1)
    query = "SELECT language::VARCHAR, municipality::VARCHAR, topics::VARCHAR[] FROM encounter ORDER BY 1"
    assert rows(store, query) == [("ar", "049", ["housing"]), ("so", "049", ["work"])]


def test_an_older_status_never_replaces_a_newer_one(store: Store, tmp_path: Path) -> None:
    header = "Ohjaus;Asiakas;Mihin;Ohjattu;Tila;Tilan pvm;Alkanut"
    newer = "O1;7;Kela;1.2.2025;Palvelu alkoi;10.3.2025;9.3.2025"
    older = "O1;7;TE-palvelut;1.2.2025;Lähetetty;5.2.2025;"
    for first, second in ((newer, older), (older, newer)):
        one = Store(tmp_path / first[3:9] / second[5:8])
        for line in (first, second):
            assert load(one, encounters(tmp_path, line, name="ohjaukset.csv", header=header)).exit_code == 0
        found = rows(one, "SELECT status::VARCHAR, status_on::VARCHAR, started_on::VARCHAR FROM referral")
        assert found == [("started", "2025-03-10", "2025-03-09")]


def test_rows_that_a_later_export_lacks_leave_on_a_yes(store: Store, tmp_path: Path) -> None:
    path = hundred(tmp_path, "a.csv", "49", 2025)
    load(store, path)
    lines = path.read_text("utf-8").splitlines()
    path.write_text("\n".join(lines[:-5]), "utf-8")
    refused = load(store, path)
    assert [(one.question.kind, one.question.rows) for one in refused.open_questions] == [("gone", 5)]
    assert load(store, path, yes=True).exit_code == 0
    assert total(store) == 100, "the safe default keeps them"
    done = load(store, path, wishes=answers(gone="remove"))
    assert (done.exit_code, done.files[0].counts.gone, total(store)) == (0, 5, 95)


def test_the_next_month_takes_nothing_away(store: Store, tmp_path: Path) -> None:
    load(store, encounters(tmp_path, *(f"{day};;{day}.1.2025;49;Arabia;Työ" for day in range(1, 31)), header=HEADER))
    later = [f"{day};;{day}.1.2025;49;Arabia;Työ" for day in (29, 30)]
    later += [f"{30 + day};;{day}.2.2025;49;Arabia;Työ" for day in range(1, 20)]
    done = load(store, encounters(tmp_path, *later, header=HEADER))
    assert (done.exit_code, total(store)) == (0, 49)


def test_a_file_that_is_said_to_cover_a_period_is_the_whole_of_it(store: Store, tmp_path: Path) -> None:
    from datetime import date

    load(store, encounters(tmp_path, *(f"{day};;{day}.1.2025;49;Arabia;Työ" for day in range(1, 31)), header=HEADER))
    wishes = replace(answers(gone="remove"), covers=(date(2025, 1, 1), date(2025, 1, 31)))
    done = load(store, encounters(tmp_path, "99;;3.1.2025;49;Arabia;Työ", header=HEADER), wishes=wishes)
    assert (done.files[0].counts.gone, total(store)) == (30, 1)


# Rows of one file with one number


def test_topics_in_several_rows_of_one_number_are_joined(store: Store, tmp_path: Path) -> None:
    lines = ["1;7;3.2.2025;49;Arabia;Työ", "1;7;3.2.2025;49;Arabia;Asuminen", "2;7;3.2.2025;49;Arabia;Työ"]
    done = load(store, encounters(tmp_path, *lines, header=HEADER))
    assert (done.exit_code, done.files[0].counts.repeated) == (0, 1)
    assert rows(store, "SELECT topics::VARCHAR[] FROM encounter ORDER BY len(topics) DESC") == [
        (["work", "housing"],), (["work"],)
    ]  # fmt: skip


def test_rows_of_one_number_that_differ_are_all_rejected_with_the_fields_that_differ(
    store: Store, tmp_path: Path
) -> None:
    lines = ["Espoo;Arabia;2024;70", "Espoo;Arabia;2024;30", "Espoo;Somali;2024;12"]
    done = load(store, encounters(tmp_path, *lines, name="v.csv", header="Kunta;Kieli;Vuosi;Väestö"))
    found = [(one.row, one.reason, one.params) for one in done.files[0].rejected]
    assert found == [(row, "duplicate_id", {"fields": "residents"}) for row in (2, 3)]
    assert rows(store, "SELECT language::VARCHAR, residents FROM population") == [("so", 12)]

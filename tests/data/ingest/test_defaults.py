"""What `--yes` takes is kept with the source as taken, asks nothing again, stays visible, and gives way to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from data.coverage.sources import MAIN, Sources
from data.ingest.answers import Answers, read_answers, write_questions
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.ingest.question_words import default_text
from data.ingest.recognise.asking import question_key
from data.ingest.report import question_lines
from data.store.store import Store
from tests.data.ingest.imports import encounters, rows
from tests.data.ingest.shapes import Grid, csv, visits, workbook

WORD = question_key("value", "encounter", "Kanava", "Velhopallo")


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def balls(folder: Path, letter: str, *, name: str = "a.csv") -> Path:
    lines = [
        f"{letter}{number};AS-1;{number + 1}.3.2025;49;Arabia;Etätulkki;Velhopallo;Työ;0,50;Ratkesi"
        for number in range(5)
    ]
    return encounters(folder, *lines, name=name)


def load(store: Store, *paths: Path, yes: bool = False, answers: Mapping[str, str] | None = None) -> Prepared:
    prepared = prepare(paths, store, wishes=Wishes(answers=Answers(answers or {})))
    return publish(prepared.with_defaults() if yes else prepared, store, "test")[0]


def how(prepared: Prepared) -> dict[str, tuple[str, str]]:
    return {one.question.key: (one.answer, one.how) for one in prepared.decisions}


def kept(store: Store) -> tuple[dict[str, str], tuple[str, ...]]:
    source = next(one for one in Sources.of(store.path).all() if one.id == MAIN)
    return dict(source.answers), source.defaults


def test_a_default_taken_is_not_asked_again_and_is_told_every_time(store: Store, tmp_path: Path) -> None:
    first = load(store, balls(tmp_path, "K"), yes=True)
    assert (first.exit_code, how(first)) == (0, {WORD: ("not_known", "default")})
    assert kept(store) == ({WORD: "not_known"}, (WORD,))
    again = load(store, balls(tmp_path, "L"))
    assert (again.exit_code, how(again)) == (0, {WORD: ("not_known", "taken")})
    [line] = question_lines(again, "fi")
    assert "oletus, otettu aiemmassa tuonnissa" in line
    assert rows(store, "SELECT count(*) FROM encounter") == [(10,)]


def test_a_default_is_kept_only_when_it_was_taken(store: Store, tmp_path: Path) -> None:
    assert load(store, balls(tmp_path, "K")).exit_code == 4
    assert kept(store) == ({}, ())
    publish(prepare([balls(tmp_path, "K")], store), store, "test")  # asked on, whatever was prepared before
    assert how(prepare([balls(tmp_path, "K")], store)) == {WORD: ("not_known", "default")}


def test_every_file_of_an_import_is_asked_about_although_the_first_one_has_a_default(
    store: Store, tmp_path: Path
) -> None:
    prepared = prepare([balls(tmp_path, "K"), balls(tmp_path, "L", name="b.csv")], store)
    assert [one.how for one in prepared.decisions] == ["default", "default"]


def test_a_later_answer_replaces_a_default_and_no_default_replaces_an_answer(store: Store, tmp_path: Path) -> None:
    load(store, balls(tmp_path, "K"), yes=True)
    load(store, balls(tmp_path, "L"), answers={WORD: "phone"})
    assert kept(store) == ({WORD: "phone"}, ())
    last = load(store, balls(tmp_path, "M"), yes=True)
    assert how(last) == {WORD: ("phone", "remembered")}
    assert kept(store) == ({WORD: "phone"}, ())


def test_an_answer_to_a_file_that_brings_nothing_new_is_kept(store: Store, tmp_path: Path) -> None:
    load(store, balls(tmp_path, "K"), yes=True)
    load(
        store,
        balls(tmp_path, "K"),
        answers={question_key("value", "encounter", "Kanava", "Muu"): "phone", WORD: "not_known"},
    )
    assert kept(store) == ({WORD: "not_known"}, ())


def test_what_was_taken_is_written_among_the_questions(store: Store, tmp_path: Path) -> None:
    load(store, balls(tmp_path, "K"), yes=True)
    later = prepare([balls(tmp_path, "L")], store)
    path = tmp_path / "questions.json"
    write_questions(path, later.unanswered, "fi")
    path.write_text(path.read_text("utf-8").replace('"answer": null', '"answer": "phone"'), "utf-8")
    answered = prepare([balls(tmp_path, "L")], store, wishes=Wishes(answers=read_answers(path)))
    assert how(answered) == {WORD: ("phone", "answered")}


NOTES: Grid = [["Päivä", "Asia"], *([f"{n + 1}.3.2025", f"muista kokous numero {n}"] for n in range(9))]
VISITS: Grid = [["Tunnus", "Pvm", "Aihe"], *visits(12, "id", "day", "topic")]
SHEET = question_key("table", "encounter")


@pytest.mark.parametrize("yes", [True, False])
def test_a_sheet_that_is_left_out_is_not_asked_about_again(store: Store, tmp_path: Path, yes: bool) -> None:
    path = workbook(tmp_path, {"Kohtaamiset": VISITS, "Muistio": NOTES})
    answers = Answers() if yes else Answers().with_answer(path.name, "Muistio", SHEET, "-")
    prepared = prepare([path], store, wishes=Wishes(answers=answers))
    first = publish(prepared.with_defaults() if yes else prepared, store, "test")[0]
    assert (first.exit_code, first.files[0].counts.loaded) == (0, 12)
    later = prepare([workbook(tmp_path, {"Kohtaamiset": VISITS, "Muistio": NOTES}, name="b.xlsx")], store)
    assert how(later) == {SHEET: ("-", "taken" if yes else "remembered")}
    assert "muista" not in (store.path / "sources" / "sources.jsonl").read_text("utf-8")


def test_an_answer_about_a_sheet_holds_for_no_other_shape(store: Store, tmp_path: Path) -> None:
    load(store, workbook(tmp_path, {"Kohtaamiset": VISITS, "Muistio": NOTES}), yes=True, answers={SHEET: "take"})
    assert kept(store)[0][SHEET] == "take"
    other: Grid = [
        ["Pvm", "Aihe", "Huone", "Kesto"],
        *([f"{n + 1}.3.2025", f"palaveri numero {n}", "B2", 30] for n in range(9)),
    ]
    asked = prepare([csv(tmp_path, other)], store)
    assert how(asked)[SHEET] == ("-", "default")


def test_a_default_is_worded_from_its_key() -> None:
    assert default_text(WORD, "not_known", "fi") == ("kanava: ”velhopallo”", "ei tiedossa")
    assert default_text(question_key("value", "encounter", "Aihe", "Koira"), "other", "fi") == ("aihe: ”koira”", "muu")
    assert default_text(question_key("date_order", "encounter", "Pvm"), "reject", "fi") == ("pvm", "hylkää rivit")
    assert default_text(f"sheet 0123|{SHEET}", "-", "en") == ("encounters", "No, leave the sheet out")

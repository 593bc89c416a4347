"""A file said to be of a system whose layout is not published is asked about; its columns are not guessed unasked."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare
from data.ingest.question_words import question_text
from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import Grid, asked, csv, load, workbook

CELLS: Grid = [["Pvm", "Kieli", "Aihe"], ["3.4.2025", "arabia", "Asuminen"], ["4.4.2025", "somali", "Kela"]]


def said(tmp_path: Path) -> dict[str, tuple[Path, Wishes]]:
    plain = csv(tmp_path, CELLS, name="kaynnit.csv")
    return {
        "file": (csv(tmp_path, CELLS, name="Koto-AJ_2025.csv"), Wishes()),
        "file in one word": (csv(tmp_path, CELLS, name="kotoaj export.csv"), Wishes()),
        "sheet": (workbook(tmp_path, {"Koto AJ": CELLS}), Wishes()),
        "title": (csv(tmp_path, [["Raportti: Koto-AJ", None, None], *CELLS], name="a.csv"), Wishes()),
        "profile": (plain, Wishes(profile="koto_aj")),
    }


@pytest.mark.parametrize("how", ["file", "file in one word", "sheet", "title", "profile"])
def test_a_file_said_to_be_of_it_is_asked_about(how: str, tmp_path: Path) -> None:
    path, wishes = said(tmp_path)[how]
    prepared = prepare([path], Store(tmp_path / "s"), wishes=wishes)
    assert [kind for kind, _ in asked(prepared)] == ["unpublished"]
    assert prepared.with_defaults().files[0].counts.loaded == 0
    text = question_text(prepared.open_questions[0].question, "en")
    assert (
        text
        == "The file is said to be from Koto-AJ, whose layout is not published yet. Shall its 2 rows be read by their headers?"
    )


def test_the_steward_may_have_it_read_by_its_headers(tmp_path: Path) -> None:
    store = Store(tmp_path / "s")
    load(store, csv(tmp_path, CELLS, name="Koto-AJ.csv"), unpublished="take")
    assert rows(store, "SELECT count(*) FROM encounter") == [(2,)]


@pytest.mark.parametrize("name", ["Kotoajo.csv", "kotoutuminen.csv", "koto_ajat.csv"])
def test_other_names_are_not_its(name: str, tmp_path: Path) -> None:
    assert asked(load(Store(tmp_path / "s"), csv(tmp_path, CELLS, name=name))) == []

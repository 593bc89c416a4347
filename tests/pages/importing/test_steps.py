"""Tietojen tuonti step by step: each step is there in its place, and whoever waits sees what for."""

from __future__ import annotations

from pathlib import Path
from threading import Event

import pytest
import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from data.store import ready
from data.texts import Language
from pages.importing import waiting
from pages.importing.session import ImportSession
from pages.shell import publishing
from tests.data.ingest.imports import GOOD
from tests.pages.drawn import each_language, said
from tests.pages.importing.test_importing import OTHER, Steward, csv


@each_language
def test_no_number_of_a_step_is_left_out_where_nothing_is_asked(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(GOOD, OTHER))
    headings = [heading.value for heading in steward.app.header]
    assert [heading[:2] for heading in headings] == ["1.", "2.", "3."]
    assert steward.t("import.questions") not in said(steward.app)


@each_language
def test_one_row_is_said_in_the_singular(lang: Language, folder: Path) -> None:
    steward = Steward(folder, lang)
    steward.choose(csv(GOOD, OTHER.replace("Somali", "Klingon")))
    asked = {box.label for box in (*steward.app.selectbox, *steward.app.radio)}
    assert steward.t("import.questions.word", word="Klingon", rows="1", count=1) in asked
    # Questions are of the second step, and have no number of their own.
    assert steward.t("import.questions") in [heading.value for heading in steward.app.subheader]
    assert [heading.value[:2] for heading in steward.app.header][:2] == ["1.", "2."]
    for key in ("import.word", "import.column.filled", "import.questions.word", "import.questions.word_several"):
        one, two = (steward.t(key, column="Kieli", word="x", rows="1", count=count) for count in (1, 2))
        assert one != two


def test_whoever_loads_the_page_anew_is_told_of_an_import_under_way(folder: Path) -> None:
    assert Steward(folder).app.info == []
    folder.mkdir(exist_ok=True)
    (folder / ready._STEPS).write_text("322/906", encoding="ascii")
    steward = Steward(folder)
    assert [info.value for info in steward.app.info] == [steward.t("import.under_way", done=322, of=906)]


def test_only_what_is_waited_for_is_shown_while_something_is_published(monkeypatch: pytest.MonkeyPatch) -> None:
    emptied: list[bool] = []
    may_end = Event()

    def empty() -> DeltaGenerator:
        emptied.append(True)
        return st.container()

    monkeypatch.setattr(st, "session_state", {})
    monkeypatch.setattr(st, "empty", empty)
    waiting.places(ImportSession())
    assert emptied == []
    publishing.begin("import_publishing", may_end.wait)
    waiting.places(ImportSession())
    may_end.set()
    assert emptied == [True]

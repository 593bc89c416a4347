"""What goes out is what visitors see of the release: the report of its last month, and what is watched."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pikepdf
import pytest
from pptx import Presentation

from data import clock
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.question import Question, QuestionError
from metrics.watching.evaluation import evaluate
from metrics.watching.sentences import sentence
from metrics.watching.watch import Watches
from pages.i18n import formats
from pages.sending.mailing import mailing_of
from pages.sending.settings import ReportList
from pages.view.sentences import protected_explained
from tests.conftest import own_copy
from tests.metrics.made import store_of
from tests.pages.drawn import each_language


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Store:
    return Store(own_copy(sample_store, tmp_path / "own"))


def test_slides_have_the_protected_numbers_of_the_area_and_the_last_month(store: Store) -> None:
    made = mailing_of(ReportList(name="turku", area="Turku", format="pptx"), store, store.released())
    assert made.file.name == "tilannekuva-2026-10-turku-0.pptx"
    assert made.question == "report --period 2026-10 --area 853"
    asked = Question(("clients",), where=(("municipality", ("853",)),), period="2026-10")
    slide = Presentation(io.BytesIO(made.file.content)).slides[1]
    told = [shape.text_frame.text for shape in slide.shapes if shape.has_text_frame]
    assert formats.value_text(ask(asked, store).rows[0], texts("fi")) in told


@each_language
def test_the_letter_says_what_is_watched_and_how_figures_are_protected(lang: Language, store: Store) -> None:
    watches, t = Watches.of(store.path), texts(lang)
    one = ReportList(lang=lang)
    watches.set(metric="clients", rule="above", value=10)
    watches.set(metric="clients", rule="below", value=1)
    made = mailing_of(one, store, store.released())
    fired, quiet = evaluate(store)
    assert f"{t('watch.alerts', count=1)}:\n- {sentence(fired, lang)}" in made.letter
    assert sentence(quiet, lang) not in made.letter
    assert protected_explained(t) in made.letter
    assert formats.day(date(2026, 10, 31), lang) in made.letter
    with pikepdf.open(io.BytesIO(made.file.content)) as pdf:
        assert str(pdf.Root.Lang) == lang


def test_a_store_of_an_open_month_alone_has_no_report(tmp_path: Path) -> None:
    today = clock.today()
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1, "occurred_on": today}]})
    open_to_others(store)
    with pytest.raises(QuestionError):
        mailing_of(ReportList(), store, store.released())

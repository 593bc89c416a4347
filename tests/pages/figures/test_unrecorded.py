"""A tile without a number says at the page's foot why: since when files go back far enough, or which column they lack."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data import clock
from data.ingest.batch import Wishes
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.model.definition import definitions
from pages.i18n import formats
from tests.metrics.measures.delivering import deliver
from tests.once import once
from tests.pages.drawn import each_language, open_page, said
from tests.pages.questions.test_answers import question_page


@once
def short(folder: Path) -> Store:
    """Nine months of visits, of which nobody has told how long they took."""
    store = Store(folder / "store")
    lines = [
        f"{month}-{number};A{number};{1 + number % 28}.{month}.2026;Espoo;arabia;työ;ohjaus"
        for month in range(1, 10) for number in range(120)
    ]  # fmt: skip
    deliver(store, folder / "a.csv", ["Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Palvelu", *lines], Wishes())
    open_to_others(store)
    return store


@pytest.fixture(autouse=True)
def _served(short: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(short.path))


def foot(page: str, lang: Language, **params: str) -> str:
    app = open_page(page, lang, **params)
    assert not app.error
    return said(app)


@each_language
def test_a_tile_says_from_which_month_on_it_has_a_number(lang: Language) -> None:
    t = texts(lang)
    from_then = t("state.past_lacks.from", month=formats.period_label("2027-01", lang))
    shown = foot("overview", lang, period="2026-ytd-09")
    names = t("key.new_clients")
    assert shown.count(f"{t('state.past_lacks', names=names)} {from_then}") == 1
    assert t("state.note.not_recorded") not in shown


def test_tiles_of_quality_say_which_column_lacks() -> None:
    t = texts("fi")
    shown = foot("quality", "fi", period="2026-ytd-09")
    name = definitions()["solved_share"].name["fi"]
    start, middle = t("state.fields_lack", names="|", fields="|").split("|")[:2]
    line = next(one for one in shown.splitlines() if name in one and middle in one)
    assert line.count(start) >= 1


def test_a_table_of_metrics_says_it_too(monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as in the answer to a question in plain words."""
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 10, 12, 12, tzinfo=UTC))
    t = texts("fi")
    app = AppTest.from_function(question_page, args=("", "fi", False), default_timeout=60).run()
    app.text_input[0].set_value("uudet asiakkaat syyskuussa 2026").run()
    assert t("state.past_lacks", names=definitions()["new_clients"].name["fi"]) in said(app)

"""Pages of a store that lacks a table: said once, with what is missing, and never as if it were too little to show."""

from pathlib import Path

import pytest

from data.model.records import TABLES
from data.texts import LANGUAGES, texts
from metrics.model.definition import definitions
from metrics.model.needs import needs
from pages.figures.key_figures import KeyFigure
from pages.overview import KEYS
from tests.lacking import lacking
from tests.pages.drawn import open_page, said

PAGES = ("overview", "demand", "reach", "flows", "outcomes", "quality", "compare")
ABOUT = {
    "encounter": ("overview", "demand", "reach", "quality", "compare"),
    "referral": ("flows", "quality", "compare"),
    "enrolment": ("outcomes",),
    "outcome": ("outcomes",),
    "population": ("reach",),
}
"""Pages that have a figure of nothing but the table; elsewhere a tile or a bar says it."""


@pytest.mark.parametrize("table", TABLES)
def test_a_page_says_once_which_data_it_lacks(
    table: str, sample_store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    lang = LANGUAGES[list(TABLES).index(table) % len(LANGUAGES)]
    t = texts(lang)
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, table)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    for page_id in PAGES:
        app = open_page(page_id, lang, period="2025")
        assert not app.error
        assert not app.exception
        told = [info.value for info in app.info if t("table." + table) in info.value]
        assert len(told) == len(set(told)), page_id
        assert bool(told) >= (page_id in ABOUT.get(table, ())), page_id
        assert t("figure.no_data") not in said(app), page_id
        # A sentence about a value is not said of a value that is not there ("there were no data clients").
        assert not [one.value for one in app.header if t("state.no_data") in one.value], page_id
        small = {one.value for one in app.info} & {t("state.note.small"), t("state.note.bounded")}
        assert not (page_id in ABOUT.get(table, ()) and table in ("encounter", "referral", "enrolment") and small), (
            page_id
        )


@pytest.mark.parametrize("table", TABLES)
def test_a_tile_without_its_table_has_no_data(
    table: str, sample_store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, table)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    tiles = {tile.label: (tile.value, tile.delta) for tile in open_page("overview", "fi", period="2025").metric}
    t = texts("fi")
    for key in KEYS:
        assert isinstance(key, KeyFigure)
        lacks = table in needs(definitions()[key.metric]).every_table
        told = ("–", t("state.no_data").capitalize())
        assert (tiles[t("key." + key.metric)] == told) is lacks, key.metric

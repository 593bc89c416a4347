"""Pages of a store that lacks a table: said once, with what is missing, and never as if it were too little to show."""

from pathlib import Path

import pytest
from streamlit.testing.v1 import AppTest

from data.model.records import TABLES
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
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


TOGETHER: tuple[tuple[str, ...], ...] = (
    ("encounter",), ("referral",), ("enrolment",), ("outcome",),
    ("population", "staff", "cost", "training", "recognition", "service_point"),
)  # fmt: skip
"""Tables that are missing at once. The last ones have tiles and bars on the same pages, each of which names its own."""


def without(tables: tuple[str, ...], base: Path, sample_store: Path) -> Store:
    return lacking(base, sample_store, tables[0], beside=tables[1:])


def test_every_table_is_missing_once() -> None:
    assert sorted(table for tables in TOGETHER for table in tables) == sorted(TABLES)


def showing(tables: tuple[str, ...]) -> tuple[str, ...]:
    """Pages with a figure that may need one of the tables, the overview first. Others are the same with and without it."""
    needing = {one.page for one in definitions().values() if {*needs(one).every_table} & {*tables}}
    about = {page for table in tables for page in ABOUT.get(table, ())}
    return tuple(page for page in PAGES if page == "overview" or page in needing | about)


def test_a_figure_of_every_page_needs_a_table() -> None:
    assert {page for tables in TOGETHER for page in showing(tables)} == {*PAGES}
    assert showing(("population",)) == ("overview", "reach")


@pytest.mark.parametrize("tables", TOGETHER, ids="-".join)
def test_a_page_says_once_which_data_it_lacks(
    tables: tuple[str, ...],
    sample_store: Path,
    tmp_path_factory: pytest.TempPathFactory,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    lang = LANGUAGES[TOGETHER.index(tables) % len(LANGUAGES)]
    t = texts(lang)
    store = without(tables, tmp_path_factory.getbasetemp(), sample_store)
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    for page_id in showing(tables):
        app = open_page(page_id, lang, period="2025")
        assert not app.error
        assert not app.exception
        for table in tables:
            told = [info.value for info in app.info if t("table." + table) in info.value]
            assert len(told) == len(set(told)), page_id
            assert bool(told) >= (page_id in ABOUT.get(table, ())), page_id
        assert t("figure.no_data") not in said(app), page_id
        # A sentence about a value is not said of a value that is not there ("there were no data clients").
        assert not [one.value for one in app.header if t("state.no_data") in one.value], page_id
        small = {one.value for one in app.info} & {t("state.note.small"), t("state.note.bounded")}
        (table, *_) = tables
        assert not (page_id in ABOUT.get(table, ()) and table in ("encounter", "referral", "enrolment") and small), (
            page_id
        )
        # A tab that is open is never empty.
        for tab in app.tabs:
            assert [*tab.children.values()], (page_id, tab.label)
        if page_id == "overview":
            a_tile_without_its_table_has_no_data(app, tables, lang)


def a_tile_without_its_table_has_no_data(app: AppTest, tables: tuple[str, ...], lang: Language) -> None:
    t, tiles = texts(lang), {tile.label: (tile.value, tile.delta) for tile in app.metric}
    for key in KEYS:
        assert isinstance(key, KeyFigure)
        lacks = any(table in needs(definitions()[key.metric]).every_table for table in tables)
        told = ("–", t("state.no_data").capitalize())
        assert (tiles[t("key." + key.metric)] == told) is lacks, key.metric

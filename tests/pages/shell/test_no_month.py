"""A store whose first month is not whole yet: pages say so once, in words, and show no empty figures."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import Language, texts
from metrics.grammar.period import Period
from pages.i18n import formats
from pages.shell.serving import serving
from tests.data.ingest.imports import GOOD, encounters, load
from tests.pages.drawn import in_turn, open_page, said
from tests.pages.rights import with_rights

PAGES = ("overview", "demand", "reach", "flows", "outcomes", "quality", "compare")


@pytest.fixture
def begun(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store of forty encounters of one day in February."""
    rows = [GOOD.replace("K1", f"K{n}").replace("AS-1", f"AS-{n}") for n in range(40)]
    store = Store(tmp_path / "store")
    load(store, encounters(tmp_path, *rows))
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    return store


@in_turn("page_id", PAGES)
def test_pages_say_that_no_month_is_whole_yet(page_id: str, lang: Language, begun: Store) -> None:
    t, month = texts(lang), Period.parse("2025-02").label(lang)
    app = open_page(page_id, lang)
    assert [one.value for one in app.info] == [t("page.no_month", month=month)]
    assert (list(app.warning), list(app.error), list(app.metric)) == ([], [], [])
    assert t("state.no_data") not in said(app)


def test_the_machine_itself_may_look_at_the_month_that_has_begun(begun: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    t, day = texts("fi"), formats.day(begun_day(), "fi")
    assert [one.value for one in open_page("overview", audience="internal").info] == [
        t("page.no_month.exact", first=day, last=day)
    ]
    app = open_page("overview", audience="internal", period="2025-02")
    assert app.metric[0].value == "40"
    assert any(t("page.period_open", day="|").partition("|")[0] in one.value for one in app.info)


def begun_day() -> date:
    served = serving(newest=False)
    assert served is not None
    assert served.generation.first_day == served.generation.last_day
    return served.generation.first_day or date.min

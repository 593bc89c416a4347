"""The fifth characteristic on Laatu: how old the data are, and for the steward alone who has been shown which release."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from data.clock import day_of
from data.store.acting import record
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from metrics.model.definition import definitions
from pages.i18n import formats
from pages.quality.characteristics import CHARACTERISTICS
from tests.pages.drawn import each_language, open_page, said, tables
from tests.pages.rights import with_rights, without_rights


@pytest.fixture
def store(own_store: Path) -> Store:
    found = Store(own_store)
    open_to_others(found)
    for who in ("visitor", "entra:one"):
        record(found.path, "asked", {"question": "clients", "release": 1}, who)
    return found


@each_language
def test_the_steward_sees_how_many_have_seen_a_release_and_others_how_old_it_is(
    lang: Language, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    t, released = texts(lang), store.released()
    days = (day_of(released.created) - released.closed_until).days
    made = formats.day(day_of(released.created), lang)
    age = t("quality.release_age", number=1, made=made, count=days)
    app = open_page("quality", lang)
    (shown,) = [one for one in tables(app) if t("quality.shown.visitors") in one]
    assert re.findall(r">([^<]*)</t[dh]>", shown)[-8:] == [
        "1", made, formats.day(released.closed_until, lang), str(days), "1", "1", "0", "0",
    ]  # fmt: skip
    assert "entra" not in said(app) + shown
    assert age in said(app)
    without_rights(monkeypatch)
    app = open_page("quality", lang)
    assert not [one for one in tables(app) if t("quality.shown.visitors") in one]
    assert t("quality.shown") not in said(app)
    assert age in said(app)


def test_a_store_that_is_not_open_says_so(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    assert texts("fi")("quality.shown.none") in said(open_page("quality"))


@pytest.mark.parametrize(("source", "key"), [("T2", "integration"), ("T4", "reliable")])
def test_every_figure_of_a_characteristic_stands_under_it(source: str, key: str) -> None:
    under = next({figure.metric for figure in one.figures} for one in CHARACTERISTICS if one.key == key)
    assert {one.id for one in definitions().values() if source in one.sources} - under == set()

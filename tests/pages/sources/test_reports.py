"""The steward sees on Aineistot what has become of reports, and sends what has not arrived."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import Language, texts
from pages.sending import sending
from pages.sending.sending import send
from pages.sending.settings import FOLDER, reports, reports_once
from pages.sources import reports as section
from pages.view.sentences import plain
from tests.metrics.made import store_of
from tests.pages.drawn import each_language, open_page, said
from tests.pages.rights import with_rights, without_rights
from tests.pages.sending.test_sending import MADE

BUTTON = "sources_reports"


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Store:
    rows = [{"client": 1 + number, "occurred_on": date(2025, 12, 1 + number % 31)} for number in range(60)]
    found = store_of(tmp_path / "own" / "store", {"encounter": rows})
    open_to_others(found)
    (tmp_path / "out").mkdir()
    monkeypatch.setenv("TILANNEKUVA_STORE", str(found.path))
    monkeypatch.setenv(FOLDER, str(tmp_path / "out"))
    for module in (section, sending):
        monkeypatch.setattr(module, "reports_once", reports, raising=False)
    monkeypatch.setattr(sending, "mailing_of", lambda *_: MADE)
    with_rights(monkeypatch)
    return found


@each_language
def test_what_has_failed_is_told_and_sent_again(lang: Language, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    t = texts(lang)
    with monkeypatch.context() as broken:
        broken.setattr(sending, "mailing_of", lambda *_: 1 / 0)
        send(store, reports())
    app = open_page("sources", lang)
    assert plain(t("sending.folder.failed", reason=t("sending.reason.report"))) in said(app)
    app.button(key=BUTTON).click().run()
    assert t("sending.done", count=1) in "\n".join(one.value for one in app.success)
    assert not [one for one in app.button if one.key == BUTTON]


def test_whoever_has_lost_the_right_sends_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    app = open_page("sources")
    without_rights(monkeypatch)
    app.button(key=BUTTON).click().run()
    assert [*(tmp_path / "out").iterdir()] == []
    assert texts("fi")("sources.reports") not in said(open_page("sources"))


def test_nothing_is_said_of_reports_where_none_go_out(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(FOLDER)
    reports_once.cache_clear()
    assert texts("fi")("sources.reports") not in said(open_page("sources"))

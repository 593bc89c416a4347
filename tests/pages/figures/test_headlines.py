"""Every page of figures begins with what it answers, also where the number is not told: then with which number, and why not."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.texts import Language, texts
from metrics.model.definition import PAGES, definitions
from tests.metrics.made import store_of
from tests.pages.drawn import in_turn, open_page

FEW = [
    {"client": n, "language": "ar", "municipality": "049", "occurred_on": date(2026, 1, n), "minutes": 30}
    for n in range(1, 5)
]
SENT = [
    {
        "client": n,
        "from_service": "guidance",
        "to_service": "kela",
        "referred_on": date(2025, 9, n),
        "municipality": "049",
    }
    for n in range(1, 5)
]


@pytest.fixture
def few(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store_of(tmp_path / "few", {"encounter": FEW}).path))


@in_turn("page", PAGES)
def test_a_page_without_its_number_says_which_and_why(page: str, lang: Language, few: None) -> None:
    app = open_page(page, lang, period="2026-01")
    assert not app.exception
    assert app.header or app.info, "no headline, and no table that is lacking"
    assert all(one.value.strip() for one in app.header)


def test_what_is_small_is_not_called_missing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    store = store_of(tmp_path / "few", {"encounter": FEW, "referral": SENT})
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app = open_page("flows", period="2025-09")
    assert app.header[0].value == f"{definitions()['referral_started_share'].name['fi']}: {texts('fi')('state.small')}"


@pytest.mark.usefixtures("few")
def test_demand_of_one_language_and_topic_says_how_much_there_is() -> None:
    (headline,) = [one.value for one in open_page("demand", period="2026-01", language="ar", topic="work").header]
    assert headline == f"{definitions()['encounters'].name['fi']}: alle 10"

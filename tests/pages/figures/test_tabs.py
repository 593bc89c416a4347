"""Tabs: the open one alone is asked for and drawn, and stands in the address."""

from __future__ import annotations

import re

import pytest

from data.texts import Language, texts
from pages.figures import side_by_side
from pages.shell import gathering
from tests.conftest import ROOT
from tests.pages.drawn import Open, each_language, in_turn, said

IN_TABS = ("demand", "reach", "flows", "centre", "outcomes", "quality", "compare")


@pytest.fixture(autouse=True)
def as_for_readers(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(side_by_side, "_is_open", lambda tab: bool(tab.open))


def asked(page: str, tab: str = "") -> set[gathering.Wish]:
    return set(gathering._wishes[page, tab])


@in_turn("page", IN_TABS)
def test_the_open_tab_alone_is_drawn(page: str, lang: Language, opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    labels = [tab.label for tab in opened(page, lang).tabs]
    of_first, wishes_of_first = said(opened(page, lang)), asked(page)
    assert len(labels) > 1
    with monkeypatch.context() as patch:
        patch.setattr(side_by_side, "_is_open", lambda _: True)
        everything = opened(page, lang)
        assert [tab.label for tab in everything.tabs] == labels
        assert len(of_first) < len(said(everything)) or wishes_of_first < asked(page)


@each_language
def test_a_tab_opens_by_its_code_in_every_language(lang: Language, opened: Open) -> None:
    t = texts(lang)
    week = opened("demand", lang, tab="week")
    drawn = [bool(tab.children) for tab in week.tabs]
    assert drawn == [False, False, True]
    assert [tab.label for tab in week.tabs] == [t(f"demand.tab.{code}") for code in ("places", "topics", "week")]
    assert not week.warning
    assert any("load_by_weekday_hour" in wish.metrics for wish in asked("demand", "week"))
    opened("demand", lang)
    assert not any("load_by_weekday_hour" in wish.metrics for wish in asked("demand"))


def test_what_is_shared_opens_the_same_tab(opened: Open) -> None:
    app = opened("flows", tab="routes")
    assert any("tab=routes" in code.value for code in app.code)
    assert not any("tab=" in code.value for code in opened("flows").code)


def test_an_unknown_tab_is_said_and_the_first_opens(opened: Open) -> None:
    app = opened("flows", tab="<b>")
    (warning,) = app.warning
    assert texts("fi")("parameter.tab") in warning.value
    assert texts("fi")("flows.tab.services") in warning.value
    assert [bool(tab.children) for tab in app.tabs][:2] == [True, False]
    assert ("flows", "<b>") not in gathering._wishes, "nobody fills the memory with tabs that there are not"


def test_the_tab_of_a_metric_that_is_compared_no_more_opens_the_first_without_a_word(opened: Open) -> None:
    app = opened("compare", metrics="solved_share,clients", tab="clients")
    assert [bool(tab.children) for tab in app.tabs] == [False, True]
    app = opened("compare", metrics="solved_share,reach_per_1000", tab="clients")
    assert [bool(tab.children) for tab in app.tabs] == [True, False]
    assert not app.warning


def test_all_pages_with_tabs_are_tested() -> None:
    with_tabs = re.compile(r"^@page\([^)]*\bTAB\b", re.MULTILINE)
    there = [path for path in (ROOT / "pages").rglob("*.py") if with_tabs.search(path.read_text(encoding="utf-8"))]
    assert len(there) == len(IN_TABS)


def test_of_several_tabs_in_the_address_the_first_is_open_and_the_other_is_told_of(opened: Open) -> None:
    app = opened("flows", tab=["routes", "one"])
    assert any("tab=routes" in code.value for code in app.code)
    assert any("”one”" in warning.value and "”routes”" in warning.value for warning in app.warning)


def test_of_several_briefings_in_the_address_the_first_is_open_and_the_other_is_told_of(opened: Open) -> None:
    app = opened("briefings", briefing=["director", "council"])
    assert any("director" in warning.value and "council" in warning.value for warning in app.warning)

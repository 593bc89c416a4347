"""What is clicked in a chart becomes a filter, where there is such a filter and such a code."""

from __future__ import annotations

import pytest
import streamlit as st

from data.texts import texts
from metrics.audience import PROTECTED
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.state import View
from tests.pages.address import Parameters


@pytest.fixture
def page(served: Serving, monkeypatch: pytest.MonkeyPatch) -> Page:
    monkeypatch.setattr(st, "query_params", Parameters(series="8", other="1"))
    monkeypatch.setattr(st, "session_state", {})
    known = served.known(PROTECTED)
    view = View("fi", known.default_period)
    return Page("demand", texts("fi"), view, served, known, ("series",))


@pytest.mark.parametrize(
    ("dimension", "code"),
    [("language", "ar"), ("municipality", "049"), ("topic", "work"), ("sex", "female"), ("age_group", "under_25")],
)
def test_a_code_becomes_a_filter_and_the_pages_own_choices_stay(dimension: str, code: str, page: Page) -> None:
    pick = page.picking(dimension)
    assert pick
    pick(code)
    assert dict(st.query_params) == {"lang": "fi", dimension: code, "series": ["8"]}


@pytest.mark.parametrize(
    ("dimension", "code"),
    [("language", "<script>"), ("language", "unknown"), ("service_point", "nowhere"), ("topic", "")],
)
def test_what_is_no_code_or_not_known_changes_nothing(dimension: str, code: str, page: Page) -> None:
    pick = page.picking(dimension)
    assert pick
    before = dict(st.query_params)
    pick(code)
    assert dict(st.query_params) == before


def test_what_has_no_filter_cannot_be_clicked(page: Page) -> None:
    assert page.picking("from_service") is None
    assert page.picking("period") is None


def test_a_cell_of_two_dimensions_becomes_two_filters(page: Page) -> None:
    pick = page.picking("municipality", "language")
    assert pick
    pick("049", "ar")
    assert dict(st.query_params) == {"lang": "fi", "municipality": "049", "language": "ar", "series": ["8"]}


def test_of_a_cell_only_what_has_a_filter_and_is_known_counts(page: Page) -> None:
    pick = page.picking("channel", "topic")
    assert pick
    pick("phone", "work")
    assert dict(st.query_params) == {"lang": "fi", "topic": "work", "series": ["8"]}
    before = dict(st.query_params)
    pick("phone", "no such topic")
    assert dict(st.query_params) == before
    assert page.picking("hour", "weekday") is None

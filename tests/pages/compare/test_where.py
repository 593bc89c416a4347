"""The map of the comparison: all municipalities large enough to be compared, and a click that adds one."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
import streamlit as st

from data.texts import texts
from metrics.ask import ask
from metrics.gate import COMPARED_FROM
from metrics.grammar.question import Question
from pages.charts.frame import MOST_SERIES
from pages.compare import areas, where
from pages.compare.areas import Area
from pages.shell.serving import Serving
from tests.pages.address import Parameters
from tests.pages.drawn import Open, charts, said, sent_rows

T = texts("fi")
TURKU, SALO = Area("853", "Turku", "municipality", "853"), Area("734", "Salo", "municipality", "734")
KNOWN = (Area(areas.WHOLE, "Kaikki"), TURKU, SALO)


def on_the_map(app: Any, place: int = 1) -> dict[str, dict[str, Any]]:
    return {row["x"]: row for row in sent_rows(charts(app)[place]) if row.get("x")}


def test_it_has_the_published_values_of_those_large_enough_to_be_compared(opened: Open, served: Serving) -> None:
    question = Question(("solved_share",), by=("municipality",), period=str(served.default_period))
    rows = {row.codes["municipality"]: row for row in ask(question, served.store).rows}
    drawn = on_the_map(opened("compare", metrics="solved_share", areas="all"))
    assert drawn.keys() == rows.keys() - {"000"}
    large = {code for code, row in rows.items() if row.value is not None and (row.n or 0) >= COMPARED_FROM}
    assert large < drawn.keys()
    assert {code: row["value"] for code, row in drawn.items() if not row["hidden"]} == {
        code: rows[code].value for code in large
    }
    few = T("compare.few", count=COMPARED_FROM)
    assert {row["text"] for row in drawn.values() if row["hidden"]} <= {few, T("state.small")}


def test_those_compared_have_a_thick_edge_and_the_others_are_beside_them(opened: Open) -> None:
    drawn = on_the_map(opened("compare", metrics="solved_share", areas="853,202"))
    assert {code for code, row in drawn.items() if row["marked"]} == {"853", "202"}
    app = opened("compare", metrics="solved_share", areas="853,202")
    assert "734" not in on_the_map(app)
    assert "Salo" in next(text for text in said(app).splitlines() if T("map.outside", names="", count=1)[:12] in text)


def test_an_area_is_its_municipalities() -> None:
    found = where._codes([Area("region-02", "Varsinais-Suomi", "region", "02"), TURKU, KNOWN[0]])
    assert {"853", "734", "202"} <= set(found)
    assert "091" not in found
    assert where._codes([replace(TURKU, packages=("package",))]) == []  # type: ignore[arg-type]


def test_a_click_adds_a_municipality_to_the_comparison(monkeypatch: pytest.MonkeyPatch) -> None:
    address = Parameters()
    monkeypatch.setattr(st, "query_params", address)
    monkeypatch.setattr(st, "session_state", {})
    pick = where._adding([KNOWN[0], TURKU], KNOWN)
    assert pick is not None
    pick("999")
    assert address == {}
    pick("734")
    assert address == {"areas": "all,853,734"}


def test_nothing_can_be_added_when_all_are_there_or_there_is_no_room() -> None:
    assert where._adding(KNOWN, KNOWN) is None
    full = [replace(TURKU, token=str(number)) for number in range(MOST_SERIES)]
    assert where._adding(full, KNOWN) is None


def test_without_two_municipalities_large_enough_there_is_no_map(opened: Open) -> None:
    app = opened("compare", metrics="solved_share", areas="all", period="2026-01", language="so")
    assert T("map.credit") not in said(app)

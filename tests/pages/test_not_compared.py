"""The overview compares only what stands on whole data of both periods, and says whose data fall short."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from data.store.store import Store
from data.texts import Language, texts
from metrics.audience import INTERNAL, PROTECTED
from metrics.change.earlier import earlier
from pages.figures.changes import nothing_before
from tests.metrics.measures.delivering import uneven_october
from tests.pages.drawn import each_language, open_page, said

T = texts("fi")
POWER = T("power.percent", size="|", change="|", chance="|").split("|")[0]


@pytest.fixture(scope="module")
def uneven(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return uneven_october(tmp_path_factory.mktemp("uneven")).path


@pytest.fixture(autouse=True)
def _served(uneven: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(uneven))


def test_a_part_of_a_period_is_no_change(uneven: Path) -> None:
    text = said(open_page("overview", period="2026-10"))
    assert T("overview.changes.ends", area="Vantaa", day="20.10.2026") in text
    assert T("overview.changes.not_compared") in text
    assert not [line for line in text.splitlines() if line.startswith("- ") and "Vantaa" in line]
    assert T("overview.changes.chance") not in text
    assert POWER not in text


def test_a_whole_period_is_compared() -> None:
    for params in ({"period": "2026-09"}, {"period": "2026-10", "municipality": "049"}):
        text = said(open_page("overview", "fi", **params))
        assert "Vantaa: " not in text
        assert T("overview.changes.not_compared") not in text
        assert POWER in text
        assert T("overview.spark.change", when=T("when.year")) in text


def test_a_part_of_an_area_alone_is_not_compared_at_all() -> None:
    text = said(open_page("overview", period="2026-10", municipality="092"))
    assert T("overview.changes.ends", area="Vantaa", day="20.10.2026") in text
    assert T("overview.changes.how") not in text
    assert POWER not in text
    assert T("overview.spark.change", when=T("when.year")) not in text


@each_language
def test_an_earlier_period_that_the_data_cover_in_part_is_not_without_data(lang: Language) -> None:
    t = texts(lang)
    text = said(open_page("overview", lang, period="2026-ytd-10"))
    start = t("overview.changes.part", period="|", day="|").split("|")
    assert all(part in text for part in start)
    assert "2025" in text.partition(start[1])[2].partition(start[2])[0]
    text = said(open_page("overview", lang, period="2025-10"))
    assert t("overview.changes.no_data", period="|").split("|")[0] in text


@pytest.mark.parametrize(("is_exact", "day"), [(False, "1.9.2025"), (True, "12.9.2025")])
def test_the_first_day_of_data_is_told_to_no_visitor(is_exact: bool, day: str, uneven: Path) -> None:
    """It is the day on which the first one came: visitors are told the month."""
    store = Store(uneven)
    begun = replace(store.serving(), first_day=date(2025, 9, 12))
    side = earlier("year", "2026-ytd-10", INTERNAL if is_exact else PROTECTED, store, begun)
    assert f" {day} " in nothing_before(cast(Any, SimpleNamespace(t=T)), side)

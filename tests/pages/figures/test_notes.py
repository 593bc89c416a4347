"""Notes under figures: marks that are drawn are explained, and ones that are not are not."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest

from data.texts import Language, texts
from metrics.grammar.answer import Row
from pages.figures import figure
from pages.i18n import formats
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.points import DataPoint
from pages.view.standing import known_range
from pages.view.values import Value
from tests.pages.drawn import Open, each_language, said, tables
from tests.pages.rights import with_rights

SHOWN = DataPoint("2026-01", "tammi", "a", "A", 5, Value("5", 5))
HIDDEN = DataPoint("2026-02", "helmi", "a", "A", None, Value("alle 10", short="<10"), state="small")


@each_language
def test_the_triangle_below_a_line_is_explained_where_there_is_one(lang: Language) -> None:
    t = texts(lang)
    page = cast("Any", SimpleNamespace(t=t))
    assert figure.line_marks([SHOWN, HIDDEN], page) == (t("figure.triangle"),)
    assert figure.line_marks([SHOWN], page) == ()


def test_the_ticks_of_steps_are_explained(opened: Open, served: Serving) -> None:
    t = texts("fi")
    before = sentences.period_text(str(served.default_period.year_before()), t)
    (note,) = (one.value for one in opened("centre").caption if t("centre.steps.note") in one.value)
    assert note.endswith(t("figure.before", period=before))


def test_a_chart_without_bars_explains_no_ticks(opened: Open) -> None:
    app = opened("reach", municipality="734", language="so", period="2026-01")
    assert texts("fi")("figure.before", period="").rstrip(". ") not in said(app)


@pytest.mark.parametrize("page_id", ["demand", "centre"])
def test_where_no_tick_is_drawn_that_is_said(page_id: str, opened: Open) -> None:
    t, place = texts("fi"), {"against": "place", "municipality": "853"}
    with_lines = said(opened(page_id, **place, other="734"))
    assert t("figure.before", period="Salo") in with_lines
    without = said(opened(page_id, **place, other="049"))  # of which this municipality has no figures
    assert t("figure.before", period="Espoo") not in without
    assert t("figure.before_none", period="Espoo") in without


def test_a_number_of_a_thousand_is_not_read_as_thousands() -> None:
    row = Row("reach_per_1000", {}, "2026", 99, "per_1000")
    told = [formats.value_text(row, texts(lang), unit=True) for lang in ("fi", "sv", "en")]
    assert told == ["99 / 1\xa0000", "99 / 1\xa0000", "99 / 1,000"]


def test_the_range_of_a_share_has_one_sign() -> None:
    row = Row("solved_share", {}, "2026", 89, "%", numerator=890, denominator=985, whole=1000)
    assert known_range(row, texts("fi")) == ["tuntemattomat mukaan lukien 89–90\xa0%"]


def test_the_history_of_the_example_is_in_the_readers_language(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    shown = "".join(tables(opened("importing")))
    assert texts("fi")("import.history.made_up") in shown
    assert "encounters, seed" not in shown


def test_headings_of_the_tables_of_sources_have_a_capital_letter(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    shown = "".join(tables(opened("sources")))
    assert ">Toimitus</th>" in shown
    assert ">toimitus</th>" not in shown


def test_what_marks_mean_is_not_said_where_no_chart_is_drawn(opened: Open) -> None:
    t = texts("fi")
    assert t("outcomes.interval") in said(opened("outcomes"))
    without = said(opened("outcomes", municipality="734", language="so"))
    assert not [key for key in ("outcomes.interval", "figure.triangle", "figure.hollow") if t(key) in without]

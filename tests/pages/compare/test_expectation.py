"""Vertailu beside what is expected: numbers of the page are those of the method, and what cannot be told is said."""

from __future__ import annotations

import pytest

from data.texts import Language, texts
from metrics.ask import ask
from metrics.change.decision import queried_totals, spread_behind
from metrics.expected.expected import background, compare
from metrics.grammar.answer import Answer
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.compare import areas
from pages.i18n import formats
from pages.shell.serving import Serving
from tests.pages.compare.test_compare import cells_of
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables
from tests.rounds import some

METRIC = "own_language_share"


@each_language
def test_the_numbers_are_those_of_the_method(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    period = str(served.default_period)

    def asking(question: Question) -> Answer:
        return ask(question, served.store)

    found = compare(
        METRIC, "municipality", background(METRIC),
        lambda by: asking(Question((METRIC,), by=by, period=period)).rows,
        lambda row: spread_behind(row, queried_totals(asking, "protected")), exact=False,
    )  # fmt: skip
    one = next(area for area in found.areas if area.row.codes["municipality"] == "853")
    assert one.expected is not None
    assert one.ratio is not None
    app = opened("compare", lang, step="expected", metrics=METRIC, areas="all,853")
    name = label(None, "municipality", "853", lang, served.places)
    told = next(table for table in tables(app) if t("compare.expected.ratio") in table)
    observed, expected, ratio, _, clear, _ = cells_of(told, name)
    assert expected == formats.percent(one.expected, lang)
    assert ratio == formats.number(one.ratio, lang, 2)
    assert clear == t(f"compare.expected.{one.direction}")
    (row,) = sent_rows(charts(app)[0])
    assert (row["text"], row["before_text"]) == (observed, expected)
    assert t("compare.expected.note") in said(app)


def test_a_share_of_every_fact_has_an_expectation_or_says_why_not(opened: Open) -> None:
    shares = [metric for metric in areas.metrics() if background(metric)]
    assert len(shares) > 15
    one_each = {definitions()[metric].fact: metric for metric in shares}
    assert len(one_each) > 3
    asked = [*some(one_each.values(), 2), "clients"]
    app = opened("compare", step="expected", metrics=",".join(asked), areas="853,680")
    assert not app.exception
    assert said(app).count(texts("fi")("compare.expected.none.kind")) == 1, "of clients"
    assert len(charts(app)) > 0


@pytest.mark.parametrize(
    ("chosen", "why"),
    [
        ({"language": "so", "topic": "work"}, "filters"),
        ({"areas": "all"}, "areas"),
        ({"metrics": "clients"}, "kind"),
    ],
)
def test_why_there_is_no_expectation_is_said(chosen: dict[str, str], why: str, opened: Open) -> None:
    given = {"step": "expected", "metrics": METRIC, "areas": "853"} | chosen
    assert texts("fi")(f"compare.expected.none.{why}") in said(opened("compare", **given))


@each_language
def test_the_page_begins_with_what_differs_from_the_expected(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    app = opened("compare", lang, step="expected", metrics=f"reach_per_1000,{METRIC}", areas="all,853,734,680")
    header = app.main.header[0].value
    told = next(table for table in tables(app) if t("compare.expected.ratio") in table)
    rows = [cells_of(told, label(None, "municipality", code, lang, served.places)) for code in ("853", "734", "680")]
    judged = [row for row in rows if row[4] != t("compare.expected.unclear.none")]
    apart = [row for row in judged if row[4] != t("compare.expected.unclear")]
    key = "headline" if apart else "alike_all"
    assert judged
    assert header == t(f"compare.expected.{key}", count=len(apart), of=len(judged))
    assert t("compare.rule.title") not in [one.label for one in app.expander], "of changes"
    for row in apart:
        assert t("compare.expected.values", observed=row[0], expected=row[1]) in said(app)


def test_the_first_tab_is_of_a_metric_with_an_expectation(opened: Open) -> None:
    app = opened("compare", step="expected", metrics=f"reach_per_1000,clients,{METRIC}", areas="853")
    names = [definitions()[metric].name.fi for metric in (METRIC, "reach_per_1000", "clients")]
    assert [tab.label for tab in app.tabs] == names
    assert [tab.label for tab in opened("compare", metrics=f"clients,{METRIC}", areas="853").tabs] == [
        names[2],
        names[0],
    ]


def test_where_nothing_can_be_expected_the_page_begins_with_that(opened: Open) -> None:
    app = opened("compare", step="expected", metrics=METRIC, areas="all")
    assert app.main.header[0].value == texts("fi")("compare.expected.untold")

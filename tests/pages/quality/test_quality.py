"""Laatu: tiles are the answers, better and worse are said in words, and only when rounding cannot make them."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from data import clock
from data.steward.targets_and_notes import Ledger
from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions, value_limits
from pages.figures.key_figures import KeyFigure
from pages.i18n import formats
from pages.quality.characteristics import CHARACTERISTICS
from pages.quality.page import headline
from pages.quality.tiles import QualityFigure, ask_figure, verdict
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view import states
from pages.view.points import drawn
from tests.conftest import own_copy
from tests.lacking import lacking
from tests.pages.drawn import Open, charts, each_language, open_page, said, sent_rows, tables
from tests.pages.rights import with_rights

KEYS = [key for one in CHARACTERISTICS for key in one.figures]


def protected_page() -> Page:
    """As much of a page as the decision of a change needs."""
    nowhere = Serving(cast(Any, None), cast(Any, None), {}, None)
    compared = SimpleNamespace(is_called=True, generation=None)
    view = SimpleNamespace(audience="protected", exact=False)
    return cast(Page, SimpleNamespace(view=view, serving=nowhere, earlier=compared))


def row(metric: str, value: float | None, unit: str, n: float) -> Row:
    top = None if value is None else value * n / 100
    return Row(metric, {}, "2025", value, unit, n=n, numerator=top, denominator=n)


def answer(served: Serving, key: KeyFigure, *, before: bool = False) -> Row:
    period = served.default_period.year_before() if before else served.default_period
    asked = Question((key.metric,), period="all" if key.matured else str(period))
    rows = ask(asked, served.store).rows
    return next(r for r in rows if r.quantile == key.quantile and (key.horizon is None or r.horizon == key.horizon))


@each_language
def test_the_tiles_are_the_published_answers(lang: Language, opened: Open, served: Serving) -> None:
    t = texts(lang)
    app = opened("quality", lang)
    assert len(app.metric) == len(KEYS)
    for tile, key in zip(app.metric, KEYS, strict=True):
        found = answer(served, key)
        assert tile.label == definitions()[key.metric].name[lang]
        said = states.is_said(found)
        assert tile.value == (formats.value_text(found, t, unit=found.unit != "%") if said else "–")


def test_the_change_is_in_points_against_the_same_months_a_year_before(opened: Open, served: Serving) -> None:
    key = KeyFigure("understood_language_share")
    now, before = answer(served, key), answer(served, key, before=True)
    assert now.value
    assert before.value
    assert now.value != before.value
    points = round(now.value - before.value)
    expected = texts("fi")("change.points", change=f"{points:+d}".replace("-", formats.MINUS))
    assert opened("quality").metric[KEYS.index(key)].delta == expected


@each_language
def test_every_tile_says_which_way_good_lies(lang: Language, opened: Open) -> None:
    t = texts(lang)
    under = [caption.value for caption in opened("quality", lang).caption if t("quality.good.high") in caption.value]
    high = [key for key in KEYS if definitions()[key.metric].good == "high"]
    assert len(under) == len(high) > 3


@each_language
def test_a_figure_of_those_who_started_says_after_how_long(lang: Language, opened: Open) -> None:
    t = texts(lang)
    under = [caption.value for caption in opened("quality", lang).caption if t("quality.everyone") in caption.value]
    assert len(under) == 2
    assert under[1].startswith(t("quality.after", months=t("months", count=12)))


@pytest.mark.parametrize("one", CHARACTERISTICS, ids=lambda one: one.key)
def test_a_characteristic_has_three_to_six_figures_and_a_course(one: Any) -> None:
    assert 3 <= len(one.figures) <= 6
    assert len({definitions()[metric].fact for metric in one.course}) == 1
    assert {definitions()[metric].unit for metric in one.course} == {"%"}


@pytest.mark.parametrize(("number", "one"), list(enumerate(CHARACTERISTICS[:4], 1)), ids=lambda one: str(one)[:8])
def test_the_figures_of_a_characteristic_name_it_as_their_source(number: int, one: Any) -> None:
    for key in one.figures:
        assert f"T{number}" in definitions()[key.metric].sources


@pytest.mark.parametrize(
    ("metric", "now", "before", "unit", "expected"),
    [
        ("solved_share", 60, 50, "%", "better"),
        ("solved_share", 50, 60, "%", "worse"),
        ("language_unmet_share", 5, 12, "%", "better"),
        ("interpreted_share", 30, 20, "%", "no_side"),
        ("solved_share", 51, 50, "%", "unclear"),
        ("satisfaction", 4.4, 4.0, "points", "none"),
        ("wait_days", 30, 20, "days", "none"),
        ("solved_share", None, 50, "%", "none"),
    ],
)
def test_better_and_worse(
    metric: str, now: float | None, before: float, unit: str, expected: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """5 005 encounters of 2 500 clients a year."""

    def answer_to(_: object, question: Question) -> Answer:
        return Answer(question, (Row("encounters", {}, question.period, 5005, "encounters", n=2500),), 1, None, None)

    monkeypatch.setattr("pages.shell.asking.answer_to", answer_to)
    page = protected_page()
    told = QualityFigure(KeyFigure(metric), row(metric, now, unit, n=5005), row(metric, before, unit, n=5005))
    assert verdict(page, told) == expected


def test_a_share_of_few_is_not_compared() -> None:
    page = protected_page()
    few = QualityFigure(KeyFigure("newcomer_share"), *[row("newcomer_share", value, "%", n=60) for value in (90, 20)])  # type: ignore[arg-type]
    assert verdict(page, few) == "none"


def test_charts_carry_published_shares_only(opened: Open, served: Serving) -> None:
    found = charts(opened("quality"))
    assert len(found) == len(CHARACTERISTICS)
    for one, chart in zip(CHARACTERISTICS, found, strict=True):
        rows = ask(Question(one.course, period=str(served.default_period), each="month"), served.store).rows
        sent = {(r["series"], r["x"]): r["value"] for r in sent_rows(chart)}
        assert sent == {(r.metric, r.period): drawn(r) for r in rows}


@each_language
def test_a_filter_that_a_figure_does_not_know_is_said_in_its_tile(lang: Language, opened: Open) -> None:
    app = opened("quality", lang, topic="work")
    assert not app.error
    training = definitions()["training_days_per_person_year"].name[lang]
    assert training in [tile.label for tile in app.metric]
    under = [
        c.value for c in app.caption if "filter_alt_off" in c.value and texts(lang)("quality.good.high") in c.value
    ]
    assert under


def test_a_target_is_said_in_its_tile_only(
    opened: Open, served: Serving, sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    own = own_copy(sample_store, tmp_path / "own")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(own))
    year = served.default_period.year
    assert year
    Ledger.of(own).set_target("solved_share", year, 62.5, known=value_limits())
    wanted = texts("fi")("marks.target", value=formats.percent(62.5, "fi", 1)) + "."
    assert sum(wanted in caption.value for caption in opened("quality").caption) == 1
    assert not any(wanted in caption.value for caption in opened("quality", topic="work").caption)


def test_a_figure_that_cannot_be_asked_says_so() -> None:
    def refuse(*args: object, **kwargs: object) -> None:
        raise QuestionError("dimension_twice", dimension="language")

    page = cast(Page, SimpleNamespace(ask=refuse, t=texts("fi")))
    assert ask_figure(page, KeyFigure("solved_share")).refused == "Tieto kieli on kysymyksessä kahdesti."


@each_language
def test_hidden_figures_are_said_not_shown(lang: Language, opened: Open) -> None:
    app = opened("quality", lang, municipality="734", language="so", period="2026-01")
    assert not app.error
    assert "–" in [tile.value for tile in app.metric]
    assert any(texts(lang)("state.small").capitalize() + "." in one.value for one in app.caption)
    assert texts(lang)("state.note.small") in said(app)


def test_each_section_has_a_table_of_its_tiles(opened: Open) -> None:
    t = texts("sv")
    every = tables(opened("quality", "sv"))
    for one in CHARACTERISTICS:
        table = next(found for found in every if f"<caption>{t('quality.' + one.key)}</caption>" in found)
        assert table.count("<tr>") == len(one.figures) + 1


def test_an_empty_store_has_no_tiles(opened: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "nothing"))
    app = opened("quality")
    assert app.info[0].value == texts("fi")("page.empty")
    assert not app.metric


@each_language
def test_to_whoever_sees_exact_values_nothing_is_too_small(
    lang: Language, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No client speaks Zulu: the protected view says that figures are too small, the exact one that there are none."""
    t = texts(lang)
    with_rights(monkeypatch)
    for audience, said_so, other in (("internal", "no_cases", "small"), ("protected", "small", "no_cases")):
        told = said(opened("quality", lang, language="zu", period="2025", audience=audience))
        assert t("state.note." + said_so) in told
        for page_id in ("quality", "demand", "overview", "reach"):
            told = said(opened(page_id, lang, language="zu", period="2025", audience=audience))
            assert t("state.note." + other) not in told


@pytest.mark.parametrize(
    ("verdicts", "expected"),
    [
        (
            ["better", "worse", "worse", "none"],
            "Yksi luku on selvästi parempi kuin vuotta aiemmin, 2 selvästi huonompia.",
        ),
        (["better", "better"], "2 lukua on selvästi parempia kuin vuotta aiemmin, mikään ei selvästi huonompi."),
        (["worse", "unclear"], "Yksi luku on selvästi huonompi kuin vuotta aiemmin, mikään ei selvästi parempi."),
        (["unclear", "no_side", "none"], "Mikään luku ei ole selvästi parempi eikä huonompi kuin vuotta aiemmin."),
        (["none", "none"], None),
    ],
)
def test_the_headline_counts_what_changed_clearly(verdicts: list[str], expected: str | None) -> None:
    assert headline(verdicts, texts("fi"), "vuotta aiemmin") == expected


@each_language
def test_the_age_of_the_data_is_told(lang: Language, opened: Open, served: Serving) -> None:
    t, age = texts(lang), (clock.today() - served.closed_until).days
    until = formats.day(served.closed_until, lang)
    assert t("quality.age", state=t("export.data", day=until), days=age) in said(opened("quality", lang))


@pytest.mark.parametrize("said_of_all", ["same", "none", "better", "worse"])
def test_lists_of_better_and_worse_stand_only_where_one_of_them_has_something(
    said_of_all: str, opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("pages.quality.page.verdict", lambda *_: said_of_all)
    t, heads = texts("sv"), [one.value for one in opened("quality", "sv").subheader]
    lists = {t("quality.list.better"), t("quality.list.worse")}
    assert lists & set(heads) == (lists if said_of_all in ("better", "worse") else set())


def test_a_line_that_no_file_tells_of_is_named_and_not_drawn_as_hidden(
    sample_store: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = lacking(tmp_path_factory.getbasetemp(), sample_store, "staff")
    monkeypatch.setenv("TILANNEKUVA_STORE", str(store.path))
    app, metric = open_page("quality", "fi", period="2025"), "staff_language_cover"
    drawn_there = [row["series"] for chart in charts(app) for row in sent_rows(chart) if "series" in row]
    assert "own_language_share" in drawn_there
    assert metric not in drawn_there
    assert texts("fi")("figure.without_data", names=definitions()[metric].name["fi"]) in said(app)

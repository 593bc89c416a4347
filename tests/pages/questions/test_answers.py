"""A question in plain words is answered in place, with what was understood; or said not to be understood, without a value."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from data import clock
from data.ingest.batch import Wishes
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from metrics.ask import ask
from metrics.grammar.answer import is_main
from metrics.grammar.period import Each
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.i18n import formats
from pages.questions.answer import MOST_LINES
from pages.shell.serving import Serving
from tests.metrics.measures.delivering import deliver
from tests.pages.drawn import charts, said, sent_rows, tables
from tests.pages.rights import with_rights


def question_page(page_id: str, lang: str, exact: bool) -> None:
    """An otherwise empty page with the field for a question."""
    from pages.questions import bar
    from pages.shell.opening import UNDER_HEADING, over_store
    from pages.view.address import language_of

    UNDER_HEADING.set(bar.show)
    language = language_of(lang)
    bar.field(page_id, language)
    over_store("catalogue", newest=lambda: exact)(lambda served, t: None)(language)


@pytest.fixture
def asked(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Ask a question on an otherwise empty page, in the month after the last of the sample."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    monkeypatch.setattr(clock, "now", lambda: datetime(2026, 11, 12, 12, tzinfo=UTC))

    def ask_it(text: str, lang: Language = "fi", *, exact: bool = False, **params: str) -> AppTest:
        app = AppTest.from_function(question_page, args=("", lang, exact), default_timeout=60)
        app.query_params["lang"] = lang
        for name, value in params.items():
            app.query_params[name] = value
        app.run()
        assert not app.exception
        app.text_input[0].set_value(text).run()
        assert not app.error
        assert not app.exception
        return app

    return ask_it


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fi", "arabiankieliset Turussa viime vuonna"),
        ("sv", "arabiskspråkiga i Åbo i fjol"),
        ("en", "Arabic speakers in Turku last year"),
    ],
)
def test_one_number(lang: Language, text: str, asked: Any, served: Serving) -> None:
    app, t = asked(text, lang), texts(lang)
    where = (("municipality", ("853",)), ("language", ("ar",)))
    year = str(served.default_period.year - 1)
    (row,) = ask(Question(("clients",), (), where, year), served.store).rows
    assert f"<td>{formats.value_text(row, t, unit=True)}</td>" in "".join(tables(app))
    assert year in said(app)
    assert definitions()["clients"].name[lang] in said(app)


def test_a_course_and_a_breakdown(asked: Any, served: Serving) -> None:
    period = str(served.default_period)
    (chart,) = charts(asked("arabiankieliset kuukausittain"))
    rows = ask(Question(("clients",), (), (("language", ("ar",)),), period, each="month"), served.store).rows
    assert [row["value"] for row in sent_rows(chart)] == [row.value for row in rows]
    app = asked("odotusaika kunnittain")
    (chart,) = charts(app)
    rows = ask(Question(("wait_days",), ("municipality",), period=period), served.store).rows
    drawn = {row["x"]: row["value"] for row in sent_rows(chart) if not row["hidden"]}
    assert all(row["before"] is not None for row in sent_rows(chart) if row["hidden"]), (
        "those of which only that is told"
    )
    assert drawn == {row.codes["municipality"]: row.value for row in rows if is_main(row) and row.value is not None}
    table = "".join(tables(app))
    assert all(label(None, "municipality", row.codes["municipality"], "fi", {}) in table for row in rows)
    assert len(sent_rows(chart)) == len({row["x"] for row in sent_rows(chart)}), "one bar each, of the median"


@pytest.mark.parametrize(
    ("lang", "text", "metric", "by"),
    [
        ("fi", "asiakkaat kielittäin kuukausittain", "clients", "language"),
        ("sv", "besök per språk per månad", "encounters", "language"),
        ("en", "visits by sex by quarter", "encounters", "sex"),
    ],
)
def test_a_breakdown_over_time_has_a_line_of_each_code(
    lang: Language, text: str, metric: str, by: str, asked: Any, served: Serving
) -> None:
    app = asked(text, lang)
    (chart,) = charts(app)
    each: Each = "quarter" if "quarter" in text else "month"
    period = "all" if each == "quarter" else str(served.default_period)
    rows = ask(Question((metric,), (by,), period=period, each=each), served.store).rows
    true = {(row.codes[by], row.period): row.value for row in rows}
    drawn = {(row["series"], row["x"]): row["value"] for row in sent_rows(chart)}
    assert drawn.items() <= true.items()
    series = {code for code, _ in drawn}
    assert len(series) == min(MOST_LINES, len({code for code, _ in true})) > 1
    assert texts(lang)("dimension." + by) in said(app)
    assert texts(lang)("question.each." + each) in said(app)


def test_a_course_is_of_the_period_that_is_said(asked: Any, served: Serving) -> None:
    year = served.default_period.year - 1
    (chart,) = charts(asked(f"asiakkaat kuukausittain {year} q3"))
    assert [row["x"] for row in sent_rows(chart)] == [f"{year}-{month:02d}" for month in (7, 8, 9)]
    app = asked(f"asiakkaat kuukausittain elokuu {year}")
    assert app.info, "a month has no months"
    assert not charts(app)


def test_the_filters_of_the_page_play_no_part(asked: Any) -> None:
    app = asked("asiakkaat", municipality="853", language="so")
    assert texts("fi")("sentence.everyone").capitalize() in said(app)
    assert "Turku" not in said(app)


@pytest.mark.parametrize("text", ["kaikki paitsi somalinkieliset", "Turku Espoo", "**lihava** [x](http://x.fi)", "ja"])
def test_no_value_of_a_question_that_was_not_understood(text: str, asked: Any) -> None:
    app = asked(text)
    assert app.warning
    assert not tables(app)
    assert not charts(app)
    assert texts("fi")("question.can") in said(app)
    assert "[x](http" not in said(app)


def test_a_time_without_data_is_said(asked: Any) -> None:
    app = asked("asiakkaat 1999")
    assert "vielä" not in said(app)
    assert texts("fi")("question.no_period", period="vuosi 1999") + " Tiedot 31.10.2026 asti." in said(app)
    assert not tables(app)


def test_half_a_month_is_said_beside_its_number(asked: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = [f"A{number};{1 + number % 17}.{8 + number // 51}.2026;Kokkola;arabia;työ" for number in range(153)]
    rows += ["B;31.10.2026;Kokkola;arabia;työ"]
    deliver(Store(tmp_path), tmp_path / "a.csv", ["Asiakas;Pvm;Kunta;Kieli;Aihe", *rows[:51]], Wishes())
    deliver(Store(tmp_path), tmp_path / "b.csv", ["Asiakas;Pvm;Kunta;Kieli;Aihe", *rows[51:]], Wishes())
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path))
    t = texts("fi")
    told = t("gaps", tables=t("gaps.table", table=t("table.encounter"), months=t("gaps.part", month="elokuu 2026")))
    assert [one.value for one in asked("asiakkaat elokuussa").info] == [told]
    assert not asked("asiakkaat syyskuussa").info
    (of_year,) = [one.value for one in asked("asiakkaat q4 2026").info]
    assert of_year == t("page.period_open", day="31.10.2026"), "a quarter of which one month has come"


def test_what_cannot_be_divided_so_is_said(asked: Any) -> None:
    app = asked("ohjauksen hinta asiakasta kohden kielittäin 2025")
    assert app.info
    assert not charts(app)


def test_every_metric_is_answered_or_said_why_not(asked: Any) -> None:
    for one in definitions().values():
        app = asked(one.name.fi)
        assert not app.exception, one.id
        assert tables(app) or charts(app) or app.info, one.id


def test_an_exact_answer_is_marked(asked: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    mark = texts("fi")("audience.internal_mark")
    assert mark not in said(asked("asiakkaat"))
    with_rights(monkeypatch)
    assert mark in said(asked("asiakkaat", exact=True, audience="internal"))
    assert mark not in said(asked("asiakkaat", audience="internal")), "a page for an audience shows nothing exact"


def test_closing_takes_the_answer_away(asked: Any) -> None:
    app = asked("asiakkaat")
    assert tables(app)
    app.button(key="question_close").click().run()
    assert not tables(app)
    assert app.text_input[0].value == ""


def test_every_part_that_may_be_said_twice_has_a_name() -> None:
    from metrics.spoken.lexicon import FAMILIES

    for lang in LANGUAGES:
        for part in (*FAMILIES.values(), "metric", "by", "each", "time", "year", "month", "quarter", "period"):
            assert texts(lang).has("question.part." + part)


def test_several_words_that_are_not_known_are_said_in_one_sentence(asked: Any) -> None:
    found = said(asked("onko palvelu hyvää"))
    assert "Sanoja ”onko”, ”palvelu” ja ”hyvää” ei ymmärretty, joten kysymykseen ei vastattu." in found
    assert found.count("ei vastattu") == 1


@pytest.mark.parametrize("text", ["131052-308T", "kuka on 040 123 4567", "matti.meikalainen@example.fi Espoossa"])
def test_a_personal_value_is_not_said_again(text: str, asked: Any) -> None:
    app = asked(text)
    assert [one.value for one in app.warning] == [texts("fi")("question.personal")]
    assert not any(word in said(app) for word in text.split() if word[0].isdigit() or "@" in word)

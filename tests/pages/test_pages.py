"""Pages drawn without a browser, over the sample municipality: their numbers are the answers' numbers, in three languages."""

from __future__ import annotations

from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import Language, texts
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.model.dimensions import label
from pages.i18n import formats
from pages.shell.registry import PAGES
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.sentences import protected_explained
from tests.pages.drawn import Open, charts, each_language, said, sent_rows, tables, values
from tests.pages.rights import with_rights, without_rights

SENT = {
    *("x", "x_label", "series", "series_label", "value", "text", "hidden"),
    *("before", "before_text", "marked", "shown_text", "dark", "short", "start", "end", "middle", "needs"),
}
"""Fields of a chart's rows: keys, labels, published values and what is made of them."""


WITHOUT_FIGURES = ("importing", "sources", "targets", "briefings", "hypotheses")
"""Pages that answer no view's question by themselves; each has tests of its own."""


@pytest.mark.usefixtures("checked_charts")
@each_language
@pytest.mark.parametrize("page_id", [spec.id for spec in PAGES if spec.id not in WITHOUT_FIGURES])
def test_a_page_speaks_its_language_and_fails_nowhere(
    page_id: str, lang: Language, opened: Open, served: Serving
) -> None:
    app = opened(page_id, lang)
    t = texts(lang)
    assert not app.exception
    assert not app.error
    assert not app.warning
    assert app.title[0].value == t("page." + page_id)
    period = sentences.period_text(str(served.default_period), t)
    assert period in said(app)
    assert protected_explained(t) in said(app)
    assert len(charts(app)) <= 12
    assert charts(app) or page_id == "catalogue", "a catalogue of words has a figure only where a metric is opened"
    assert all(len(chart.alt) > 40 for chart in charts(app))


@each_language
def test_key_figures_are_the_answers(lang: Language, opened: Open, served: Serving) -> None:
    app, t = opened("overview", lang), texts(lang)
    shown = {tile.label: tile.value for tile in app.metric}
    for metric in ("clients", "encounters", "new_clients", "understood_language_share", "solved_share"):
        row = ask(Question((metric,), period=str(served.default_period)), served.store).rows[0]
        assert shown[t("key." + metric)] == formats.value_text(row, t)
    assert len(shown) == 8
    clients = ask(Question(("clients",), period=str(served.default_period)), served.store).rows[0]
    assert formats.value_text(clients, t) in app.header[0].value


def test_the_change_is_that_of_the_same_period_a_year_before(opened: Open, served: Serving) -> None:
    period = served.default_period
    now, before = (
        ask(Question(("encounters",), period=str(p)), served.store).rows[0] for p in (period, period.year_before())
    )
    change = sentences.relative_text(now, before, texts("fi"))
    tile = next(tile for tile in opened("overview").metric if tile.label == texts("fi")("key.encounters"))
    assert change
    assert tile.delta == change


def test_charts_hold_published_values_only(opened: Open) -> None:
    for page_id in ("overview", "demand"):
        for chart in charts(opened(page_id)):
            numbers = values(chart)
            assert numbers
            assert all(number >= 10 and number % 5 == 0 for number in numbers)
            for row in sent_rows(chart):
                assert row.keys() <= SENT
                assert all(row.get(name) is None or row[name] >= 10 for name in ("before", "place"))
                assert not row.get("hidden") or (row["value"] is None and row["text"] == "alle 10")


def test_bars_are_the_answers_and_sorted_by_them(opened: Open, served: Serving) -> None:
    rows = ask(Question(("clients",), by=("municipality",), period=str(served.default_period)), served.store).rows
    expected = sorted((row.value for row in rows if row.value is not None), reverse=True)
    title = texts("fi")("demand.municipalities")
    app = opened("demand")
    at = [heading.value for heading in app.subheader].index(title)
    drawn = values(charts(app)[at])
    assert drawn == expected
    table = next(table for table in tables(app) if title in table)
    for row in rows:
        name = label(None, "municipality", row.codes["municipality"], "fi", served.places)
        assert f'<th scope="row">{name}</th><td>{formats.value_text(row, texts("fi"))}</td>' in table


def test_filters_are_in_force_and_said(opened: Open, served: Serving) -> None:
    where = (("language", ("ar",)),)
    row = ask(Question(("encounters",), where=where, period="2025"), served.store).rows[0]
    app = opened("overview", "sv", language="ar", period="2025")
    assert "Arabiskspråkiga, år 2025, jämfört med år 2024" in said(app)
    t = texts("sv")
    assert {tile.label: tile.value for tile in app.metric}[t("key.encounters")] == formats.value_text(row, t)


def test_a_filter_without_room_is_said_beside_the_figure(opened: Open, served: Serving) -> None:
    place = next(code for code in served.places if code != "unknown")
    app = opened("demand", "fi", municipality="853", language="ar", topic="work", service_point=place)
    notes = [
        caption.value
        for caption in app.caption
        if "ei ole voimassa" in caption.value or "eivät ole voimassa" in caption.value
    ]
    assert len(notes) == 7
    assert any("Arabiankieliset" in note and "aihe Työ" in note for note in notes)


@each_language
def test_a_bad_address_is_said_not_swallowed(lang: Language, opened: Open) -> None:
    app = opened("demand", lang, period="2031", municipality="999", colour="red")
    assert len(app.warning) == 1
    for part in ("2031", "999", "colour"):
        assert part in app.warning[0].value
    assert not app.error


def test_choosing_in_the_bar_writes_the_address(opened: Open) -> None:
    app = opened("overview", "sv")
    app.selectbox(key="filter_language").select("language=ar").run()
    assert app.query_params["language"] == "ar"
    assert app.query_params["lang"] == "sv"
    assert "Arabiskspråkiga" in said(app)
    app.button(key="filter_clear").click().run()
    assert "language" not in app.query_params
    assert app.selectbox(key="filter_language").value == ""


def test_the_bar_offers_only_codes_with_a_published_number(opened: Open, served: Serving) -> None:
    rows = ask(Question(("encounters",), by=("language",)), served.store).rows
    expected = {f"language={row.codes['language']}" for row in rows if row.value and row.codes["language"] != "und"}
    options = opened("overview").selectbox(key="filter_language")
    labels = set(options.options)
    assert {texts("fi")("filter.all.language")} < labels
    names = {label(None, "language", token.partition("=")[2], "fi", served.places) for token in expected}
    assert names <= labels


def test_exact_values_are_marked_and_need_the_right(
    opened: Open, monkeypatch: pytest.MonkeyPatch, served: Serving
) -> None:
    without_rights(monkeypatch)
    app = opened("overview", audience="internal")
    assert "oikeutta" in app.warning[0].value
    assert not app.radio
    with_rights(monkeypatch)
    app = opened("overview", audience="internal", period="2025")
    assert texts("fi")("audience.internal_mark") in "".join(str(m.value) for m in app.markdown)
    exact = ask(Question(("clients",), period="2025", audience="internal"), served.store).rows[0]
    assert app.metric[0].value == formats.value_text(exact, texts("fi"))
    assert app.radio(key="filter_audience").value == "internal"


def test_a_period_that_goes_on_is_not_compared(opened: Open, served: Serving) -> None:
    if served.closed_until.month == 12:
        pytest.skip("the sample ends with a year")
    app = opened("overview", period=str(served.closed_until.year))
    assert "kesken" in said(app)
    assert "verrattuna" not in said(app)


def test_a_failure_is_a_sentence_without_details(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*args: object) -> None:
        raise RuntimeError("Maija Meikäläinen")

    monkeypatch.setattr("pages.figures.key_figures.show", fail)
    app = opened("overview", "sv")
    assert app.error[0].value == texts("sv")("page.failed")
    assert "Maija" not in said(app)


def test_the_service_has_one_store(sample_store: Path, served: Serving) -> None:
    assert served.store == Store(sample_store)

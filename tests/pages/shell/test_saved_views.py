"""Views saved by name on a page: whoever may saves and removes them, everybody opens them."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from urllib.parse import parse_qsl, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from data.steward.saved_views import SavedViews
from data.texts import texts
from metrics.audience import INTERNAL
from pages.shell.serving import serving
from pages.shell.sharing import for_visitors, link, query_of
from pages.view.state import Choice, View
from tests.pages.drawn import Open, each_language, open_page, said
from tests.pages.rights import with_rights, without_rights


def submit(app: AppTest, name: str) -> AppTest:
    app.text_input(key="saved_view_name").set_value(name)
    next(button for button in app.button if button.label == texts("fi")("saved.save")).click().run()
    return app


def the_links(app: AppTest) -> list[str]:
    title = texts("fi")("saved.title")
    return [one.value for one in app.markdown if title in one.value]


def test_a_view_is_saved_and_leads_back_to_itself(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app = submit(open_page("compare", language="ar", areas="all,853", metrics="clients", audience="internal"), "Turku")
    assert [one.value for one in app.success] == [texts("fi")("saved.done", name="Turku")]
    (view,) = SavedViews.of(own_store).all()
    assert view.page == "compare"
    kept = dict(parse_qsl(view.query))
    assert kept["language"] == "ar"
    assert kept["metrics"] == "clients"
    assert "audience" not in kept
    assert "period" not in kept, "in the default period it follows the data"
    without_rights(monkeypatch)
    (told,) = the_links(open_page("overview"))
    address = urlsplit(told.split("](")[1].rstrip(")"))
    assert address.path == "vertailu"
    again = open_page("compare", "fi", **{k: v for k, v in parse_qsl(address.query) if k != "lang"})
    assert not again.exception
    assert again.multiselect(key="own_compare_metrics").value == ["clients"]
    assert not [button for button in again.button if button.label == texts("fi")("saved.save")], "visitors save nothing"


def test_a_chosen_period_is_kept(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    submit(open_page("demand", period="2025"), "Vuosi 2025")
    assert SavedViews.of(own_store).all()[0].query == "period=2025"


def test_a_personal_value_is_refused_and_a_view_is_removed(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app = submit(open_page("overview"), "Asiakas 131052-308T")
    assert texts("fi")("refusal.steward.personal") in said(app)
    assert SavedViews.of(own_store).all() == ()
    submit(app, "Etusivu [x](http://evil.example) <b>")
    (told,) = the_links(app)
    assert "](http" not in told
    app.button(key="saved_view_remove").click().run()
    assert SavedViews.of(own_store).all() == ()
    assert the_links(app) == []


def test_without_the_right_nothing_is_saved_any_more(own_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app = open_page("overview")
    without_rights(monkeypatch)
    submit(app, "Liian myöhään")
    assert SavedViews.of(own_store).all() == ()


@each_language
def test_nothing_is_said_of_saved_views_where_there_are_none(lang: str, opened: Open) -> None:
    assert texts(lang)("saved.title") not in said(opened("overview", lang))


def test_a_damaged_line_is_said_with_its_place(own_store: Path) -> None:
    """And the page is there all the same."""
    SavedViews.of(own_store).save("Kuvio", "demand", "")
    file = own_store / "steward" / "views.jsonl"
    file.write_text(file.read_text(encoding="utf-8") + "{\n", encoding="utf-8")
    app = open_page("overview")
    assert "views.jsonl" in " ".join(one.value for one in app.error)
    assert app.header


def test_what_visitors_do_not_know_of_is_neither_saved_nor_linked(own_store: Path) -> None:
    """A service point of a few encounters, and an open month."""
    newest = serving(newest=True)
    assert newest is not None
    named = dict.fromkeys(("fi", "sv", "en"), "Kolmas")
    newest = replace(newest, places={**newest.places, "kolmas": named})
    known = replace(newest.known(INTERNAL), open_periods=("2026-11",))
    point, language = Choice("service_point", "kolmas"), Choice("language", "so")
    seen = View("fi", "2026-11", language=language, service_point=point, audience=INTERNAL)
    public, visitors = for_visitors(seen, known, newest)
    assert query_of(public, visitors, {}) == "language=so"
    assert "kolmas" not in link("https://kunta.example/kysynta", public, visitors, {})
    listed = next(iter(newest.for_visitors().places))
    public, visitors = for_visitors(replace(seen, service_point=Choice("service_point", listed)), known, newest)
    assert query_of(public, visitors, {}) == f"language=so&service_point={listed}"


def test_what_somebody_has_typed_to_search_for_is_not_saved(own_store: Path) -> None:
    submit(open_page("catalogue", q="puhelin"), "Haku")
    assert [one.query for one in SavedViews.of(own_store).all()] == [""]

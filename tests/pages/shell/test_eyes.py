"""Another's eyes (*Näytä kuten*) stay until one goes back by hand: over a new load, links and Back. Nobody gets more."""

from __future__ import annotations

import re
from urllib.parse import parse_qs, urlsplit

import pytest
from streamlit.testing.v1 import AppTest

from data.texts import Language, texts
from pages.access.rights import READER, ROLES, STEWARD, Rights, rights_of
from pages.view.state import EYES
from tests.pages.drawn import Open, each_language, in_turn, said
from tests.pages.rights import with_rights


def _script(lang: str) -> None:
    import streamlit as st

    from data.texts import texts
    from pages.access import session
    from pages.shell import eyes, on_top

    t = texts(lang)
    eyes.keep()
    on_top.begin()
    eyes.mark(t)
    st.write(f"exact: {session.rights().sees_exact}, acts: {len(session.rights().acts)}")
    eyes.choice(t)


def looked(lang: Language, wanted: str = "") -> AppTest:
    app = AppTest.from_function(_script, args=(lang,))
    if wanted:
        app.query_params["as"] = wanted
    return app.run()


def in_address(app: AppTest, name: str) -> str:
    value = app.query_params.get(name, "")
    return value if isinstance(value, str) else value[0]


def has_all(app: AppTest) -> bool:
    return "exact: True, acts: 3" in said(app)


@each_language
def test_another_eyes_outlive_a_new_load_and_are_marked(lang: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app, t = looked(lang), texts(lang)
    assert has_all(app)
    assert not app.button
    app.selectbox(key="seen_as").select_index(1).run()
    assert in_address(app, "as") == "reader"
    for seen in (app, looked(lang, "reader")):  # the second is what a reload of the address draws
        assert "exact: False, acts: 0" in said(seen)
        assert t("access.seen_now", role=t("access.role.reader")) in said(seen)
        seen.button(key="seen_as_end").click().run()
        assert has_all(seen)
        assert "as" not in seen.query_params
        assert not seen.button
        assert seen.selectbox(key="seen_as").value == ""


def test_an_address_without_them_does_not_give_ones_own_rights_back(monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app = looked("fi", "developer")
    del app.query_params["as"]  # as by Back, to where one had not lowered them yet
    app.run()
    assert "exact: False, acts: 1" in said(app)
    assert in_address(app, "as") == "developer"


@in_turn("held", [READER, STEWARD, rights_of("manager", ["049"]), rights_of("developer")])
def test_an_address_never_raises_rights_and_what_it_cannot_mean_lowers_them_most(
    held: Rights, lang: Language, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch, held)
    for wanted in (*EYES, "steward", "internal", "Ä"):
        seen = rights_of(wanted) if wanted in EYES else READER
        app = looked(lang, wanted)
        assert f"exact: {held.sees_exact and seen.sees_exact}, acts: {len(held.acts & seen.acts)}" in said(app)
        assert bool(app.button) == bool(app.selectbox) == (held != READER)


def test_addresses_in_the_app_keep_them_and_those_for_others_do_not(
    opened: Open, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_rights(monkeypatch)
    app = opened("catalogue", **{"as": "reader", "audience": "internal"})
    links = [urlsplit(url) for url in _addresses(app)]
    assert links
    assert all(parse_qs(one.query).get("as") == ["reader"] for one in links)
    (shared,) = [one.value for one in app.code if "lang=" in one.value]
    assert "as" not in parse_qs(urlsplit(shared).query)


def _addresses(app: AppTest) -> list[str]:
    """Addresses of pages of the app in the tables of a page."""
    bodies = [str(one.proto.body) for one in app.get("html")]
    return [url.replace("&amp;", "&") for body in bodies for url in re.findall(r'href="([a-z]*\?[^"]*)"', body)]


def test_a_role_that_is_none_of_them_is_said(opened: Open) -> None:
    assert ROLES[:-1] == EYES
    t = texts("sv")
    (warning,) = opened("demand", "sv", **{"as": "boss"}).warning
    assert "boss" in warning.value
    assert t("access.role.reader") in warning.value


def test_a_change_of_a_filter_keeps_them(opened: Open, monkeypatch: pytest.MonkeyPatch) -> None:
    with_rights(monkeypatch)
    app = opened("demand", **{"as": "reader"})
    app.selectbox(key="filter_period").set_value("2025").run()
    assert in_address(app, "as") == "reader"
    assert in_address(app, "period") == "2025"

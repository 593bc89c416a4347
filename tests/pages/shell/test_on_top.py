"""Changes by hand that come before the browser has heard of the last one: each is made on top of the other."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunException
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData

from pages.shell import on_top as of_address
from pages.shell.on_top import begin, choose, drawn, on_top
from tests.pages.address import Parameters


@pytest.fixture
def streamlit(monkeypatch: pytest.MonkeyPatch) -> SimpleNamespace:
    fake = SimpleNamespace(query_params=Parameters(lang="fi"), session_state={})
    monkeypatch.setattr(of_address, "st", fake)
    return fake


class _Coordinator:
    """What Streamlit makes anew for each run."""


def sent(streamlit: SimpleNamespace, **address: str) -> None:
    streamlit.query_params.from_dict(address)


def setting(streamlit: SimpleNamespace, name: str, value: str) -> None:
    on_top(lambda: streamlit.query_params.update({name: value}))()


def said(streamlit: SimpleNamespace) -> dict[str, str]:
    return {name: streamlit.query_params.get_all(name)[0] for name in streamlit.query_params}


def test_a_click_with_the_former_address_is_made_on_the_new_one(streamlit: SimpleNamespace) -> None:
    setting(streamlit, "language", "ar")
    begin()
    for name, value in (("topic", "work"), ("tab", "week")):
        sent(streamlit, lang="fi")
        setting(streamlit, name, value)
        begin()
    assert said(streamlit) == {"lang": "fi", "language": "ar", "topic": "work", "tab": "week"}


def test_two_changes_of_one_run_are_both_made(streamlit: SimpleNamespace) -> None:
    setting(streamlit, "language", "ar")
    setting(streamlit, "topic", "work")
    begin()
    sent(streamlit, lang="fi")
    setting(streamlit, "sex", "female")
    assert said(streamlit) == {"lang": "fi", "language": "ar", "topic": "work", "sex": "female"}


def by_history(monkeypatch: pytest.MonkeyPatch, *, so: bool = True) -> None:
    run = SimpleNamespace(parallel_coordinator=_Coordinator(), is_history_navigation=so)
    monkeypatch.setattr(of_address, "get_script_run_ctx", lambda **_: run)


def later(streamlit: SimpleNamespace) -> None:
    """Time goes by: the browser has heard of everything."""
    made = streamlit.session_state["address_made"]
    streamlit.session_state["address_made"] = replace(made, at=made.at - 60)


def told(streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, list[str]]]:
    """Return the addresses that the browser is told from now on."""
    every = list[dict[str, list[str]]]()
    write = streamlit.query_params.from_dict

    def tell(_: Parameters, address: dict[str, list[str]]) -> None:
        every.append(address)
        write(address)

    monkeypatch.setattr(Parameters, "from_dict", tell)
    return every


def test_a_page_drawn_at_a_former_address_again_begins_anew(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(streamlit, "language", "ar")
    begin()
    sent(streamlit, lang="fi")
    by_history(monkeypatch)
    begin()
    by_history(monkeypatch, so=False)
    setting(streamlit, "topic", "work")
    assert said(streamlit) == {"lang": "fi", "topic": "work"}


@pytest.mark.parametrize("changed", [{"lang": "en"}, {"lang": "fi", "language": "ar"}])
def test_a_link_that_was_drawn_before_a_change_leads_to_a_page_with_it(
    streamlit: SimpleNamespace, changed: dict[str, str]
) -> None:
    """And with no tab or other choice of the page it was on."""
    sent(streamlit, lang="fi", tab="week")
    on_top(lambda: streamlit.query_params.from_dict({**changed, "tab": "week"}))()
    begin()
    sent(streamlit, lang="fi", metric="clients")
    begin()
    assert said(streamlit) == {**changed, "metric": "clients"}
    setting(streamlit, "topic", "work")
    assert said(streamlit) == {**changed, "metric": "clients", "topic": "work"}


def test_a_link_of_other_filters_leads_where_it_says_and_so_does_one_of_former_ones_later(
    streamlit: SimpleNamespace,
) -> None:
    setting(streamlit, "language", "ar")
    begin()
    later(streamlit)
    sent(streamlit, lang="fi")
    begin()
    assert said(streamlit) == {"lang": "fi"}
    setting(streamlit, "language", "ar")
    begin()
    sent(streamlit, lang="fi", municipality="853")
    begin()
    assert said(streamlit) == {"lang": "fi", "municipality": "853"}


def test_back_right_after_a_change_takes_the_address_back_that_the_browser_is_told_of_late(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(streamlit, "tab", "week")
    sent(streamlit, lang="fi")
    by_history(monkeypatch)
    every = told(streamlit, monkeypatch)
    begin()
    assert every == [{"lang": ["fi"]}]
    begin()
    assert len(every) == 1


def test_an_address_that_is_told_is_in_its_own_order_or_in_that_of_filters(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another order would be another address to the browser, and one more step of Back."""
    sent(streamlit, lang="fi", municipality="853", language="ar")
    on_top(lambda: streamlit.query_params.pop("municipality"))()
    every = told(streamlit, monkeypatch)
    sent(streamlit, lang="fi", municipality="853", language="ar")
    every.clear()
    begin()
    assert [list(one) for one in every] == [["lang", "language"]]
    by_history(monkeypatch)
    sent(streamlit, lang="fi", topic="work", municipality="853")
    every.clear()
    begin()
    assert [list(one) for one in every] == [["lang", "topic", "municipality"]]


def test_back_twice_right_after_a_change_leaves_each_page_its_address(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(streamlit, "tab", "week")
    by_history(monkeypatch)
    every = told(streamlit, monkeypatch)
    for language in ("sv", "en"):
        sent(streamlit, lang=language)
        every.clear()
        begin()
        assert every == [{"lang": [language]}]


def test_back_of_a_browser_that_has_heard_of_everything_writes_no_address(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    setting(streamlit, "tab", "week")
    begin()
    later(streamlit)
    sent(streamlit, lang="fi")
    by_history(monkeypatch)
    every = told(streamlit, monkeypatch)
    begin()
    assert every == []


def choice(streamlit: SimpleNamespace, value: str) -> None:
    """The browser sends a value of the choice of a language, which is not that of the page that is drawn."""
    streamlit.session_state["language"] = value
    choose("language", lambda: streamlit.query_params.update({"language": value}))


def with_arabic_taken_away(streamlit: SimpleNamespace) -> None:
    sent(streamlit, lang="fi", language="ar", topic="work")
    streamlit.session_state["language"] = "ar"
    begin()
    drawn("language")
    on_top(lambda: streamlit.query_params.pop("language"))()
    begin()
    streamlit.session_state["language"] = ""
    drawn("language")


@pytest.mark.parametrize("is_first", [True, False])
@pytest.mark.parametrize(
    "address", [{"lang": "fi", "topic": "work"}, {"lang": "fi", "topic": "work", "language": "ar"}]
)
def test_a_choice_that_the_browser_has_not_redrawn_is_not_made_again_by_another_click(
    streamlit: SimpleNamespace, address: dict[str, str], is_first: bool
) -> None:
    with_arabic_taken_away(streamlit)
    sent(streamlit, **address)
    if is_first:
        choice(streamlit, "ar")
    on_top(lambda: streamlit.query_params.pop("topic"))()
    if not is_first:
        choice(streamlit, "ar")
    begin()
    assert said(streamlit) == {"lang": "fi"}


def test_a_run_that_is_stopped_before_it_begins_takes_no_choice_from_the_next_one(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tabs clicked fast: the second click stops the run of the first, and is not done by it."""
    with_arabic_taken_away(streamlit)
    for is_choice in (False, True):
        run = SimpleNamespace(parallel_coordinator=_Coordinator(), is_history_navigation=False)
        monkeypatch.setattr(of_address, "get_script_run_ctx", lambda run=run, **_: run)
        sent(streamlit, lang="fi", topic="work")
        choice(streamlit, "ar") if is_choice else setting(streamlit, "sex", "female")
    begin()
    assert said(streamlit) == {"lang": "fi", "topic": "work", "sex": "female", "language": "ar"}


@pytest.mark.parametrize("in_doubt", [True, False])
def test_what_a_stopped_run_was_to_do_is_done_by_the_next_one(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch, in_doubt: bool
) -> None:
    with_arabic_taken_away(streamlit)
    for place in range(2):
        run = SimpleNamespace(parallel_coordinator=_Coordinator(), is_history_navigation=False)
        monkeypatch.setattr(of_address, "get_script_run_ctx", lambda run=run, **_: run)
        sent(streamlit, lang="fi", topic="work")
        if place:
            setting(streamlit, "tab", "week")
        else:
            choice(streamlit, "ar")
            if not in_doubt:
                setting(streamlit, "sex", "female")
    begin()
    done = {"language": "ar"} if in_doubt else {"sex": "female"}
    assert said(streamlit) == {"lang": "fi", "topic": "work", "tab": "week"} | done
    begin()
    assert "address_run" not in streamlit.session_state


def test_what_a_stopped_run_was_to_do_is_done_once_if_the_next_click_interrupts_it(
    streamlit: SimpleNamespace, monkeypatch: pytest.MonkeyPatch
) -> None:
    with_arabic_taken_away(streamlit)
    done = list[str]()

    def act() -> None:
        done.append("chosen")
        streamlit.query_params.update({"language": "ar"})
        raise RerunException(RerunData())

    for is_next in (False, True):
        run = SimpleNamespace(parallel_coordinator=_Coordinator(), is_history_navigation=False)
        monkeypatch.setattr(of_address, "get_script_run_ctx", lambda run=run, **_: run)
        sent(streamlit, lang="fi", topic="work")
        if is_next:
            with pytest.raises(RerunException):
                setting(streamlit, "tab", "week")
        else:
            streamlit.session_state["language"] = "ar"
            choose("language", act)
    begin()
    assert done == ["chosen"]
    assert said(streamlit) == {"lang": "fi", "topic": "work", "language": "ar", "tab": "week"}


def test_what_was_taken_away_can_be_chosen_again_at_once(streamlit: SimpleNamespace) -> None:
    with_arabic_taken_away(streamlit)
    choice(streamlit, "ar")
    begin()
    assert said(streamlit) == {"lang": "fi", "topic": "work", "language": "ar"}


def test_what_the_next_click_interrupts_is_done_and_then_gives_way(streamlit: SimpleNamespace) -> None:
    interrupted = list[str]()

    def change() -> None:
        if not interrupted:
            interrupted.append("before")
            raise RerunException(RerunData())
        streamlit.query_params["slide"] = str(int(streamlit.query_params.get("slide", "1")) + 1)
        interrupted.append("after")
        raise RerunException(RerunData())

    with pytest.raises(RerunException):
        on_top(change)()
    assert streamlit.query_params["slide"] == "2"
    assert interrupted == ["before", "after"]

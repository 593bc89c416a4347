"""What only looks like a change by hand changes nothing: a choice sent after Back, or a label of the language before."""

from __future__ import annotations

import ast
from collections.abc import Callable
from contextlib import suppress
from functools import partial
from types import SimpleNamespace

import pytest
from streamlit.runtime.scriptrunner import RerunData, RerunException, StopException

from pages.shell import by_hand as of_hand
from pages.shell import on_top
from pages.shell.by_hand import by_hand, show, tell_in, telling
from pages.view import address as of_address
from pages.view.address import put_in_address
from tests.conftest import ROOT
from tests.pages.address import Parameters


@pytest.mark.parametrize(
    ("context", "acts"),
    [
        (None, True),
        (SimpleNamespace(is_history_navigation=False), True),
        (SimpleNamespace(is_history_navigation=True), False),
    ],
)
def test_what_is_chosen_acts_unless_the_browser_has_gone_back(
    context: object, acts: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(of_hand, "get_script_run_ctx", lambda **_: context)
    acted = list[bool]()
    by_hand("text")(lambda: acted.append(True))()
    assert acted == ([True] if acts else [])


class _Session(dict[str, object]):
    """A session's state that notes what is set in it, as Streamlit sends all of it to the browser."""

    def __init__(self, **sent: object) -> None:
        super().__init__(sent)
        self.set = list[str]()

    def __setitem__(self, key: str, value: object) -> None:
        self.set.append(key)
        super().__setitem__(key, value)


@pytest.mark.parametrize(
    ("sent", "is_set"),
    [({}, True), ({"tab": None}, True), ({"tab": "who"}, True), ({"tab": "topics"}, False)],
    ids=str,
)
def test_a_choice_that_shows_a_value_is_not_set_to_it(
    sent: dict[str, object], is_set: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = _Session(**sent, choices_at=("", ""), choices_told={"tab"})
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))
    show("tab", "topics")
    assert session["tab"] == "topics"
    assert session.set == (["tab"] if is_set else [])


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], list[str]]:
    """What is set for a filter when a page of a name is drawn, one after another in one session."""
    session = _Session()
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))

    def draw(
        name: str, *, lang: str = "fi", stops: BaseException | None = None, stops_at_once: bool = False
    ) -> list[str]:
        monkeypatch.setattr(of_hand, "get_script_run_ctx", lambda **_: SimpleNamespace(page_script_hash=name))
        session.set.clear()
        with suppress(BaseException), telling(lambda: lang):
            if stops_at_once:
                raise RerunException(RerunData())
            show("language", "ar")
            if stops:
                raise stops
        return [key for key in session.set if key == "language"]

    return draw


def test_a_choice_of_the_same_name_on_another_page_is_told_too(pages: Callable[..., list[str]]) -> None:
    """To the browser it is another one: it would show all languages, over figures of one."""
    assert [pages(name) for name in ("one", "one", "other", "other", "one")] == [
        ["language"],
        [],
        ["language"],
        [],
        ["language"],
    ]


def test_a_choice_is_told_anew_in_another_language(pages: Callable[..., list[str]]) -> None:
    """The browser has its label: it would stay that of the language before."""
    assert [pages("one", lang=lang) for lang in ("fi", "en", "en", "fi", "sv")] == [
        ["language"],
        ["language"],
        [],
        ["language"],
        ["language"],
    ]


def test_a_choice_is_told_in_the_language_that_is_settled_when_the_page_has_begun(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Of a language chosen and taken back it is in doubt which one is meant until all changes have come."""
    session = _Session()
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))

    def drawn(begins: str, settled: str) -> list[str]:
        session.set.clear()
        languages = iter((begins, settled))
        with telling(lambda: next(languages)):
            tell_in(settled)
            show("language", "ar")
        return [key for key in session.set if key == "language"]

    assert [drawn(*one) for one in (("fi", "fi"), ("fi", "en"), ("en", "en"), ("en", "fi"))] == [
        ["language"],
        ["language"],
        [],
        ["language"],
    ]


@pytest.mark.parametrize(("later", "told"), [(0.2, ["language", "free"]), (60.0, [])])
def test_what_is_chosen_before_the_page_in_another_language_has_come_is_told_after_it(
    later: float, told: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Turku is Turku in English too: it is known, and what the page on its way shows would stand over it."""
    session, clock = _Session(free="a"), [0.0]
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))
    monkeypatch.setattr(of_hand, "time", SimpleNamespace(monotonic=lambda: clock[0]))

    def drawn(lang: str, value: str) -> list[str]:
        session.set.clear()
        with telling(lambda: lang):
            show("language", value)
        return [key for key in session.set if key in ("language", "free")]

    assert (drawn("fi", ""), drawn("en", "")) == (["language"], ["free", "language"])
    clock[0] += later
    session.update(language="so", free="b")  # the browser sends it, and the address has it
    assert sorted(drawn("en", "so")) == sorted(told)
    assert drawn("en", "so") == []


@pytest.mark.parametrize(("later", "hears"), [(0.2, True), (60.0, False), (60.0, True)])
@pytest.mark.parametrize("clicks_on", [True, False])
def test_a_tab_that_a_late_reply_has_opened_is_chosen_by_nobody_who_clicks_on_something_else(
    later: float, hears: bool, clicks_on: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tabs are told with every drawing. hears: whether the browser has heard which tab was clicked last."""
    fake, clock = SimpleNamespace(query_params=Parameters(lang="fi"), session_state={}), SimpleNamespace(now=0.0)
    for module in (of_hand, on_top, of_address):
        monkeypatch.setattr(module, "st", fake)
    for module in (of_hand, on_top):
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: clock.now))

    def sent(*, language: str = "", **address: str) -> None:
        """The browser sends its address, and a filter that is chosen there."""
        fake.query_params.from_dict({"lang": "fi", **address})
        before = fake.query_params.get("tab", "first")
        if (now := fake.session_state.get("tab", before)) != shown[-1]:
            by_hand("tab", ("first", "second"), is_told_anyhow=True)(partial(put_in_address, "tab", now, "first"))()
        if language:
            on_top.on_top(partial(put_in_address, "language", language, ""))()
        on_top.begin()
        with telling(lambda: "fi"):
            shown.append(fake.query_params.get("tab", "first"))
            show("tab", shown[-1], is_told_anyhow=True)
            by_hand("tab", ("first", "second"))

    shown = ["first"]
    sent()
    clock.now += 60.0  # the page has been there for a while
    for tab in ("second", "first"):
        fake.session_state["tab"] = tab
        sent()
    assert shown[-2:] == ["second", "first"]
    clock.now += later
    fake.session_state["tab"] = "second"
    sent(language="ar" if clicks_on else "", **({} if hears else {"tab": "second"}))
    is_chosen = not clicks_on or (hears and later > on_top.ON_ITS_WAY)
    assert fake.query_params.get_all("tab") == (["second"] if is_chosen else [])
    assert ("language" in fake.query_params) == clicks_on


def test_what_a_stopped_run_has_told_is_told_again(pages: Callable[..., list[str]]) -> None:
    assert pages("one", stops=RerunException(RerunData())) == ["language"]
    assert pages("one", stops=StopException()) == ["language"], "the page ends early, and is drawn as it is"
    assert pages("one") == []


def test_back_and_forward_in_a_row_leave_every_choice_told(pages: Callable[..., list[str]]) -> None:
    """The browser has begun with another page and forgotten the choices of this one, though that page was never drawn."""
    pages("one")
    assert pages("other", stops_at_once=True) == []
    assert pages("one") == ["language"]


@pytest.mark.parametrize("chosen", ["kysynta", "Kysyntä", ["kysynta"], ["kysynta", "Kysyntä"], []])
def test_what_a_page_has_no_more_is_not_chosen(chosen: str | list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Such as a label of the language before."""
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state={"choice": chosen}))
    acted = list[bool]()
    by_hand("choice", ("kysynta",))(lambda: acted.append(True))()
    assert bool(acted) == ("Kysyntä" not in chosen)


def test_every_choice_that_acts_at_once_acts_by_hand() -> None:
    found = 0
    for path in (ROOT / "pages").rglob("*.py"):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
        used = {ast.unparse(word.value) for call in calls for word in call.keywords if word.arg == "on_change"}
        made = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef) and node.name in used]
        found += len(made)
        assert used == {one.name for one in made}, path
        assert [
            one.lineno for one in made if not any(ast.unparse(by).startswith("by_hand(") for by in one.decorator_list)
        ] == [], path
    assert found > 10


@pytest.mark.parametrize(
    ("value", "is_told"),
    [("clients", True), (2, True), (("a", "b"), True), (["a"], True), (None, False), (True, False), ([], False)],
    ids=str,
)
def test_what_is_chosen_is_told_again_once_in_the_words_of_another_language(
    value: object, is_told: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    session = _Session(choice=value)
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))
    monkeypatch.setattr(on_top, "st", SimpleNamespace(session_state=session, query_params={}))
    for language, told in (("fi", False), ("fi", False), ("en", is_told), ("en", False)):
        session.set.clear()
        with telling(partial(str, language)):
            assert ("choice" in session.set) == told
    with pytest.raises(RerunException), telling(lambda: "sv"):
        raise RerunException(RerunData())
    session.set.clear()
    with telling(lambda: "sv"):
        assert ("choice" in session.set) == is_told, "the browser may not have heard of the run that was stopped"

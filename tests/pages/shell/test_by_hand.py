"""What only looks like a change by hand changes nothing: a choice sent after Back, or a label of the language before."""

from __future__ import annotations

import ast
from types import SimpleNamespace

import pytest

from pages.shell import by_hand as of_hand
from pages.shell.by_hand import by_hand, show
from tests.conftest import ROOT


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
    session = _Session(**sent)
    monkeypatch.setattr(of_hand, "st", SimpleNamespace(session_state=session))
    show("tab", "topics")
    assert session == {"tab": "topics"}
    assert session.set == (["tab"] if is_set else [])


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

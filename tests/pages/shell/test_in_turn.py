"""Clicks are taken in turn: each does what it changes, and none waits long for the one before."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any, cast

import pytest
from blinker import Signal
from streamlit import config
from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import RerunException, ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequests, ScriptRequestType
from streamlit.runtime.state import SCRIPT_RUN_WITHOUT_ERRORS_KEY, SessionState
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.shell import in_turn


@pytest.fixture
def requested(monkeypatch: pytest.MonkeyPatch) -> list[ClientState | None]:
    """What Streamlit itself is asked for from now on."""
    asked = list[ClientState | None]()
    for owner, name in (
        (SafeSessionState, "on_script_will_rerun"),
        (AppSession, "request_rerun"),
        (ScriptRunner, "_run_script"),
        (ScriptRunner, "_maybe_handle_execution_control_request"),
    ):
        monkeypatch.setattr(owner, name, getattr(owner, name))
    monkeypatch.setattr(in_turn, "_request_rerun", lambda _, state: asked.append(state))
    return asked


@pytest.mark.usefixtures("requested")
def test_a_click_is_heard_though_the_next_one_has_come(monkeypatch: pytest.MonkeyPatch) -> None:
    heard = list[object]()

    def next_click() -> None:
        raise RerunException(RerunData())

    monkeypatch.setattr(SessionState, "on_script_will_rerun", lambda _, clicked, **__: heard.append(clicked))
    safe = SafeSessionState(SessionState(), next_click)
    with pytest.raises(RerunException):
        safe.on_script_will_rerun(WidgetStates())
    assert heard == []
    in_turn.take_in_turn()
    safe.on_script_will_rerun(clicked := WidgetStates(), is_history_navigation=False)
    assert heard == [clicked]
    assert config.get_option("runner.fastReruns") is False


class Runner:
    """What runs the app for a visitor, as far as clicks are taken from it."""

    def __init__(self) -> None:
        self._requests, self._session_state = ScriptRequests(), dict[str, object]()
        self.on_event = Signal()


@pytest.mark.usefixtures("requested")
def test_the_first_click_of_an_unknown_visitor_is_taken_after_the_page_is_drawn_for_nobody(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    ran, looked, heard = list[RerunData](), list[object](), list[object]()
    runner: Any = Runner()
    runner.on_event.connect(lambda _, event: heard.append(event), weak=False)

    def run(self: Any, data: RerunData) -> None:
        ran.append(data)
        in_turn._look_when_drawn(self)
        self.on_event.send(self, event=data.query_string)
        self._session_state[SCRIPT_RUN_WITHOUT_ERRORS_KEY] = True

    monkeypatch.setattr(in_turn, "_run_script", run)
    monkeypatch.setattr(in_turn, "_look_for_clicks", looked.append)
    click = RerunData(
        query_string="lang=fi", widget_states=WidgetStates(widgets=[WidgetState(id="one", bool_value=True)])
    )
    in_turn._draw_first(runner, click)
    (first,) = ran
    assert (first.query_string, first.widget_states) == ("lang=fi", None)
    assert looked == heard == [], "neither stopped by the click nor seen"
    again = runner._requests.on_scriptrunner_ready()
    assert again.rerun_data.widget_states == click.widget_states
    in_turn._draw_first(runner, again.rerun_data)
    assert ran[1:] == [again.rerun_data]
    assert (looked, heard) == ([runner], ["lang=fi"])


@pytest.mark.parametrize("is_taken", [True, False])
def test_a_click_waits_no_longer_for_a_run_that_counts(requested: list[ClientState | None], is_taken: bool) -> None:
    later, begun = list[tuple[Any, ...]](), list[RerunData]()
    runner = Runner()
    session = SimpleNamespace(
        _scriptrunner=runner,
        _event_loop=SimpleNamespace(call_later=lambda seconds, *call: later.append((seconds, *call))),
        _create_scriptrunner=begun.append,
    )
    in_turn.take_in_turn()
    AppSession.request_rerun(cast(AppSession, session), clicked := ClientState())
    runner._requests.request_rerun(wanted := RerunData(query_string="lang=fi"))
    if is_taken:
        runner._requests.on_scriptrunner_yield()
    assert requested == [clicked]
    [(seconds, call, *given)] = later
    assert seconds == in_turn.PATIENCE
    call(*given)
    assert begun == ([] if is_taken else [wanted])
    assert runner._requests.on_scriptrunner_ready().type is ScriptRequestType.STOP
    assert (session._scriptrunner is runner) == is_taken
    call(*given)
    assert len(begun) == (not is_taken)

"""Clicks of one person in turn: each does what it changes before the next one stops its run.

Streamlit would begin the run of the next click beside that of the last one (`runner.fastReruns`, off in
`.streamlit/config.toml`), which then stops wherever it is, also within what it changes; or before that, and then nobody knows of
a button that was pressed.

The first click at a server that has been started since the page was drawn, or that has forgotten the visitor, comes from choices
of which that server knows nothing: Streamlit would take them all for what has always been chosen, and do nothing. The page
is drawn once more as its address says, for nobody to see, and only then the click is taken.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final
from weakref import WeakSet

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import RerunData, ScriptRequestType
from streamlit.runtime.state import SCRIPT_RUN_WITHOUT_ERRORS_KEY
from streamlit.runtime.state.safe_session_state import SafeSessionState

from pages.shell.by_hand import forget_told

PATIENCE: Final = 1.0
"""Seconds after which a click waits no longer for a run that counts: whoever leaves a page need not wait until it is there."""
_request_rerun = AppSession.request_rerun
_run_script = ScriptRunner._run_script
_look_for_clicks = ScriptRunner._maybe_handle_execution_control_request
_drawing_first: Final = WeakSet[ScriptRunner]()
"""Those that draw a page before they take a click on it."""


def take_in_turn() -> None:
    """Let clicks be taken in turn from now on."""
    SafeSessionState.on_script_will_rerun = _change_first  # type: ignore[method-assign]
    AppSession.request_rerun = _request_patiently  # type: ignore[method-assign]
    ScriptRunner._run_script = _draw_first  # type: ignore[method-assign]
    ScriptRunner._maybe_handle_execution_control_request = _look_when_drawn  # type: ignore[method-assign]


def _change_first(self: SafeSessionState, *given: Any, **named: Any) -> None:
    # Without Streamlit's look for the next click before it.
    with self._lock:
        self._state.on_script_will_rerun(*given, **named)


def _draw_first(self: ScriptRunner, rerun_data: RerunData) -> None:
    chosen = rerun_data.widget_states
    if chosen is None or not chosen.widgets or SCRIPT_RUN_WITHOUT_ERRORS_KEY in self._session_state:
        return _run_script(self, rerun_data)
    # Back into the queue, where Streamlit joins it with what is clicked meanwhile.
    self._requests.request_rerun(rerun_data)
    _drawing_first.add(self)
    # Without a listener: the browser has drawn it, and what it would be told of its choices would undo the click on one.
    listened, self.on_event = self.on_event, type(self.on_event)()
    try:
        _run_script(self, replace(rerun_data, widget_states=None))
    finally:
        self.on_event = listened
        forget_told(self._session_state)
        _drawing_first.discard(self)


def _look_when_drawn(self: ScriptRunner) -> None:
    if self not in _drawing_first or self._requests._state is ScriptRequestType.STOP:
        _look_for_clicks(self)


def _request_patiently(self: AppSession, client_state: ClientState | None) -> None:
    _request_rerun(self, client_state)
    if (runner := self._scriptrunner) is not None:
        self._event_loop.call_later(PATIENCE, _wait_no_longer, self, runner)


def _wait_no_longer(session: AppSession, runner: ScriptRunner) -> None:
    """Begin the run of a click that still waits for the one before, which ends where it next looks for clicks."""
    if session._scriptrunner is not runner or runner in _drawing_first:
        return
    requests = runner._requests
    with requests._lock:
        waiting = requests._rerun_data
        if requests._state is not ScriptRequestType.RERUN or waiting.fragment_id_queue:
            return
        requests._state = ScriptRequestType.STOP
    session._scriptrunner = None
    session._create_scriptrunner(waiting)

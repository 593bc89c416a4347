"""Clicks of one person in turn: each does what it changes before the next one stops its run.

Streamlit would begin the run of the next click beside that of the last one (`runner.fastReruns`, off in
`.streamlit/config.toml`), which then stops wherever it is, also within what it changes; or before that, and then nobody knows of
a button that was pressed.
"""

from __future__ import annotations

from typing import Any, Final

from streamlit.proto.ClientState_pb2 import ClientState
from streamlit.runtime.app_session import AppSession
from streamlit.runtime.scriptrunner import ScriptRunner
from streamlit.runtime.scriptrunner_utils.script_requests import ScriptRequestType
from streamlit.runtime.state.safe_session_state import SafeSessionState

PATIENCE: Final = 1.0
"""Seconds after which a click waits no longer for a run that counts: whoever leaves a page need not wait until it is there."""
_request_rerun = AppSession.request_rerun


def take_in_turn() -> None:
    """Let clicks be taken in turn from now on."""
    SafeSessionState.on_script_will_rerun = _change_first  # type: ignore[method-assign]
    AppSession.request_rerun = _request_patiently  # type: ignore[method-assign]


def _change_first(self: SafeSessionState, *given: Any, **named: Any) -> None:
    # Without Streamlit's look for the next click before it.
    with self._lock:
        self._state.on_script_will_rerun(*given, **named)


def _request_patiently(self: AppSession, client_state: ClientState | None) -> None:
    _request_rerun(self, client_state)
    if (runner := self._scriptrunner) is not None:
        self._event_loop.call_later(PATIENCE, _wait_no_longer, self, runner)


def _wait_no_longer(session: AppSession, runner: ScriptRunner) -> None:
    """Begin the run of a click that still waits for the one before, which ends where it next looks for clicks."""
    if session._scriptrunner is not runner:
        return
    requests = runner._requests
    with requests._lock:
        waiting = requests._rerun_data
        if requests._state is not ScriptRequestType.RERUN or waiting.fragment_id_queue:
            return
        requests._state = ScriptRequestType.STOP
    session._scriptrunner = None
    session._create_scriptrunner(waiting)

"""What a change by hand does, and a way through the browser's history does not.

The address says what every choice of a page is. Back and Forward send the address together with the choices as they still stand
in the browser; where the page has just been set to others, because Back was pressed twice, the older ones look like a change.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps

from streamlit.runtime.scriptrunner import get_script_run_ctx


def by_hand(act: Callable[[], None]) -> Callable[[], None]:
    """Return what acts on a change of a choice, unless the browser has gone back or forward: then the address holds."""

    @wraps(act)
    def changed() -> None:
        if not _goes_through_history():
            act()

    return changed


def _goes_through_history() -> bool:
    context = get_script_run_ctx(suppress_warning=True)
    return context is not None and context.is_history_navigation

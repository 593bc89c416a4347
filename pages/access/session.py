"""The rights of whoever looks at the page now. Asked anew on every run and at every act, and never cached."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Final, Literal
from uuid import uuid4

import streamlit as st
from streamlit import runtime
from streamlit.runtime.scriptrunner import get_script_run_ctx

from data.store import acting
from data.store.allowance import VISITOR
from metrics.audience import is_exact
from pages.access import mode, signed_in
from pages.access.closing import is_from_elsewhere
from pages.access.ended import ENDED
from pages.access.local_door import DOOR
from pages.access.mode import pass_name
from pages.access.rights import READER, STEWARD, Act, Rights, as_seen_by
from pages.view.address import in_address
from pages.view.state import EYES, SEEN_AS, Eyes

SELF: Final = "server"
"""Who the program itself is, where it acts or looks without anybody."""
OWN: Final = str(uuid4())
"""Id of the session that the server holds with itself (`pages.shell.first_visit`): nobody sees what is drawn there. It stays its
own: a page may be drawn still when that session has been closed.
"""
KEPT = "seen_as_kept"
"""Session state: the role through whose eyes this session looks, for addresses that do not say it; empty for their own."""


def held() -> Rights:
    """Return the rights that this session has proof of."""
    return still_held()()


def still_held() -> Callable[[], Rights]:
    """Return what tells later, and in any thread, which rights the proof that this session has now gives then."""
    match mode.current():
        case "local":
            cookies, headers = dict(st.context.cookies), dict(st.context.headers)
            return lambda: local(cookies, headers)
        case "sign_in":
            claims = st.user.to_dict()
            return lambda: signed_in.rights_from(claims, time.time(), ENDED)
    return lambda: READER


def who() -> str | None:
    """Return whose session this is: `visitor`, `local` (who has opened the door), or `provider:id` of someone signed in; never a
    name; `server` for the server itself. None outside of the app.
    """
    drawing = get_script_run_ctx(suppress_warning=True)
    if drawing is None:
        return SELF if runtime.exists() else None
    if drawing.session_id == OWN:
        return SELF
    if mode.current() == "sign_in":
        return signed_in.subject() or VISITOR
    return "local" if held() != READER else VISITOR


acting.known_by(who)


def rights() -> Rights:
    """Return the rights that this session uses: those it holds, or fewer while its user looks through another's eyes."""
    found, role = held(), seen_as()
    return as_seen_by(found, role) if role else found


def seen_as() -> Eyes | Literal[""]:
    """Return the role through whose eyes the session looks, empty for its own.

    An address that names none of them may have been meant to lower rights, and has the fewest.
    """
    wanted = in_address(SEEN_AS) or st.session_state.get(KEPT, "")
    return next((role for role in EYES if role == wanted), EYES[0]) if wanted else ""


def may(act: Act) -> bool:
    """Return whether this session may do an act."""
    return act in rights().acts


def local(cookies: dict[str, str], headers: dict[str, str]) -> Rights:
    """Return the rights of a browser on this machine: the steward's, if it has opened the door and no header closes it."""
    opened = DOOR.lets_in(cookies.get(pass_name()))
    return STEWARD if opened and not is_from_elsewhere(headers) else READER


def asks_newest() -> bool:
    """Return whether the address asks for exact values and this session may see those of everybody, and so every import.

    Whoever sees exact values of some municipalities gets those of the release that others see: protected values of the newest
    import, beside those of the release, would tell who came between.
    """
    return is_exact(in_address("audience")) and rights().sees_all

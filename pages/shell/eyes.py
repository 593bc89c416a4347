"""Looking through another's eyes (*Näytä kuten*): the choice, its mark on every page, and the way back.

Whose eyes they are stands in the address, so a page that is loaded again and a link that the app makes show no more than before.
A session remembers them as well: an address without them, such as Back's, does not give one's own rights back. Only the way back
does. Links for others have none of it; and whoever follows one with it sees less, never more.
"""

from __future__ import annotations

import streamlit as st

from data.texts import Texts
from pages.access import session
from pages.access.rights import READER
from pages.shell.by_hand import by_hand, show
from pages.shell.on_top import on_top
from pages.shell.screen_only import screen_only
from pages.view.address import in_address, put_in_address
from pages.view.state import EYES, SEEN_AS

_KEY = "seen_as"
_OWN = ""


def keep() -> None:
    """Keep the eyes of the address for the session, and put them into an address that lacks them: before all else of a run."""
    if in_address(SEEN_AS):
        st.session_state[session.KEPT] = session.seen_as()
    elif session.seen_as():
        on_top(_put)(session.seen_as())


def mark(t: Texts) -> None:
    """Draw that one looks through another's eyes, and the way back; nothing for who sees with their own."""
    role = session.seen_as()
    if not role or session.held() == READER:
        return
    with screen_only("seen_as"), st.container(horizontal=True, vertical_alignment="center", key="seen_as_mark"):
        st.badge(t("access.seen_now", role=t("access.role." + role)), icon=":material/visibility:", color="orange")
        st.button(
            t("access.seen_end"), key="seen_as_end", icon=":material/close:", type="tertiary", on_click=on_top(_put), args=(_OWN,)
        )  # fmt: skip


def choice(t: Texts) -> None:
    """Draw the choice of whose eyes to look through, for who has more than everybody: so the steward sees what others see."""
    if session.held() == READER:
        return
    options = (_OWN, *EYES)
    show(_KEY, session.seen_as())

    @by_hand(_KEY, options)
    def changed() -> None:
        _put(st.session_state[_KEY])

    st.selectbox(
        t("access.seen_as"),
        options,
        key=_KEY,
        on_change=changed,
        format_func=lambda role: t("access.role." + role) if role else t("access.role.own"),
    )


def _put(role: str) -> None:
    st.session_state[session.KEPT] = role
    put_in_address(SEEN_AS, role, _OWN)

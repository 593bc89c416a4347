"""The frame's word on whose rights are in use: sign in and out, and lock."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import streamlit as st

from data.store import acting
from data.store.audit import What
from data.store.store import default_store
from data.texts import Texts
from pages.access import mode, session, signed_in
from pages.access.closing import is_from_elsewhere
from pages.access.ended import ENDED
from pages.access.local_door import DOOR
from pages.access.rights import READER
from pages.access.settings import providers, secrets
from pages.access.signed_in import is_over, sign_in_id
from pages.view.sentences import plain

_seen: dict[str, None] = {}
"""Digests of sign-ins that the log knows, the latest last."""
_MOST_SEEN = 10_000


def offer(t: Texts) -> None:
    """Draw the doors in, for who has not signed in where people sign in."""
    if mode.current() != "sign_in" or _is_known(st.user.to_dict()):
        return
    auth, _ = secrets()
    names = providers(auth)
    for name in names:
        label = t("access.sign_in") if len(names) == 1 else t("access.sign_in_with", name=name.capitalize())
        st.button(label, key=f"access_in_{name}", icon=":material/login:", on_click=st.login, args=(name,))


def show(t: Texts) -> None:
    """Draw who is here, and the doors out."""
    match mode.current():
        case "local":
            _local(t)
        case "sign_in":
            _sign_in(t)


def _local(t: Texts) -> None:
    if session.held() != READER:
        st.caption(t("access.local.open"))
        st.button(t("access.lock"), key="access_lock", icon=":material/lock:", on_click=_lock)
    elif not is_from_elsewhere(dict(st.context.headers)):
        st.caption(t("access.local.closed"))


def _lock() -> None:
    _note("door_locked", "local")
    DOOR.close(st.context.cookies.get(mode.pass_name()))


def _sign_in(t: Texts) -> None:
    claims = st.user.to_dict()
    if not _is_known(claims):
        return
    _note_sign_in(claims)
    # Half a letter, as of a name that was cut elsewhere, cannot be sent to a page.
    who = str(claims.get("name") or claims.get("email") or "").encode("utf-8", "replace").decode()
    if is_over():
        st.warning(t("access.over"), icon=":material/schedule:")
    elif session.held() == READER:
        st.caption(t("access.no_role", who=plain(who)))
    else:
        st.caption(t("access.signed_in", who=plain(who)))
    st.button(t("access.sign_out"), key="access_out", icon=":material/logout:", on_click=_sign_out)


def _is_known(claims: Mapping[str, Any]) -> bool:
    return claims.get("is_logged_in") is True


def _sign_out() -> None:
    claims = st.user.to_dict()
    if subject := signed_in.subject():
        _note("signed_out", subject, sign_in_id(claims))
    ENDED.end(sign_in_id(claims))
    st.logout()


def _note_sign_in(claims: Mapping[str, Any]) -> None:
    """Tell the log of a sign-in that this server sees for the first time."""
    digest, subject = sign_in_id(claims), signed_in.subject()
    if subject and digest not in _seen:
        _seen[digest] = None
        while len(_seen) > _MOST_SEEN:
            del _seen[next(iter(_seen))]
        _note("signed_in", subject, digest)


def _note(what: What, by: str, digest: str = "") -> None:
    about: acting.About = {"sign_in": digest[:12]} if digest else {}
    acting.WAITING.note(default_store().path, what, lambda: about, by)

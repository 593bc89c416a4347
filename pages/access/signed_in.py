"""Rights of someone who has signed in with OpenID Connect: from the claims of the ID token, which Streamlit has verified.

Streamlit's own cookie lives for 30 days and knows no end; here a sign-in ends after some hours, or when its user signs out,
in every window and for every copy of the cookie.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from typing import Any

import streamlit as st

from pages.access.ended import ENDED, Ended
from pages.access.rights import READER, Rights, together
from pages.access.settings import Access, client_of, secrets
from pages.access.whole import is_whole, values_of

_SKEW = 300
"""Seconds by which the clock of a provider may be ahead."""
_FAR = 2**40
"""No second of a clock lies beyond it."""
_LONGEST_SUBJECT = 255
"""Letters of the id by which a provider knows a person, at most (OpenID Connect Core 1.0, section 2)."""


def rights_from(claims: Mapping[str, Any], now: float, ended: Ended) -> Rights:
    """Return the rights that claims give at a time, none when anything about them is unclear. ended: sign-ins that are over.

    Raises AccessError.
    """
    auth, access = secrets()
    if not is_valid(claims, auth, access, now) or ended.is_over(sign_in_id(claims), claims["iat"]):
        return READER
    mine = values_of(claims, access.claim)
    said_by = ("", claims["provider"])
    return together(rule.rights for rule in access.rules if rule.value in mine and rule.provider in said_by)


def subject() -> str | None:
    """Return who this session's user is to the provider, as `provider:id`; None when nobody is signed in. Raises AccessError."""
    claims: Mapping[str, Any] = st.user.to_dict()
    auth, access = secrets()
    if not is_valid(claims, auth, access, time.time()) or ENDED.is_over(sign_in_id(claims), claims["iat"]):
        return None
    return f"{claims['provider']}:{claims['sub']}"


def is_over() -> bool:
    """Return whether this session's user did sign in, but the sign-in has run out or has been ended. Raises AccessError."""
    claims: Mapping[str, Any] = st.user.to_dict()
    auth, access = secrets()
    since = claims.get("iat")
    if isinstance(since, bool) or not isinstance(since, int | float) or not is_valid(claims, auth, access, since):
        return False
    return not is_valid(claims, auth, access, time.time()) or ENDED.is_over(sign_in_id(claims), since)


def is_valid(claims: Mapping[str, Any], auth: Mapping[str, Any], access: Access, now: float) -> bool:
    """Return whether claims are of one sign-in to this app that has not run out."""
    if claims.get("is_logged_in") is not True or not is_whole(claims, auth):
        return False
    client = client_of(auth, str(claims.get("provider", "")))
    audience = claims.get("aud")
    if client is None or client not in (audience if isinstance(audience, list) else [audience]):
        return False
    who, since = claims.get("sub"), claims.get("iat")
    # Without an id nobody could be told from another: neither in the log, nor when a sign-in is ended.
    if not isinstance(who, str) or not who.strip() or not who.isprintable() or len(who) > _LONGEST_SUBJECT:
        return False
    if isinstance(since, bool) or not isinstance(since, int | float):
        return False
    return 0 < since < _FAR and -_SKEW <= now - since < access.hours * 3600


def sign_in_id(claims: Mapping[str, Any]) -> str:
    """Return a digest that stands for one sign-in of one person, and tells neither."""
    parts = (claims.get(name) for name in ("iss", "sub", "iat", "nonce", "jti"))
    return hashlib.sha256(repr(tuple(parts)).encode()).hexdigest()[:32]

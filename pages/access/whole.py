"""Whether a sign-in is one: Streamlit cuts a long cookie into pieces that are signed each by itself, and by nothing together.

So pieces of two sign-ins would fit together: the new time of one and the roles that the other had before they were taken away, or
a name that goes on as a role where the next piece begins. A proof over all claims, put in at sign-in, shows that they are of one.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from pages.access.settings import secrets

PROOF: Final = "tilannekuva_proof"
"""The claim with the proof."""
_OF_STREAMLIT: Final = frozenset((PROOF, "origin", "is_logged_in", "tokens"))
"""What Streamlit puts beside the provider's claims, or takes from them."""


def proof_of(claims: Mapping[str, Any], secret: str) -> str:
    """Return the proof that these claims came together. secret: that of the cookies."""
    told = {name: value for name, value in claims.items() if name not in _OF_STREAMLIT}
    return hmac.new(secret.encode(), b"one sign-in\0" + json.dumps(told, sort_keys=True).encode(), "sha256").hexdigest()


def is_whole(claims: Mapping[str, Any], auth: Mapping[str, Any]) -> bool:
    """Return whether claims are all of one sign-in. auth: the section of that name."""
    proof, secret = claims.get(PROOF), auth.get("cookie_secret")
    if not isinstance(proof, str) or not isinstance(secret, str):
        return False
    return hmac.compare_digest(proof.encode("utf-8", "replace"), proof_of(claims, secret).encode())


def prove_sign_ins() -> None:
    """Put the proof into the cookie of every sign-in from now on."""
    routes.set_cookie_with_chunks = _with_proof  # type: ignore[attr-defined, assignment]


def _with_proof(
    set_one: Callable[[str, str], None],
    sign: Callable[[str, str], bytes],
    cookie_name: str,
    value: dict[str, Any],
    *,
    cookie_attr_size: int,
) -> None:
    if cookie_name == USER_COOKIE_NAME:
        value = {**value, PROOF: proof_of(value, secrets()[0]["cookie_secret"])}
    set_cookie_with_chunks(set_one, sign, cookie_name, value, cookie_attr_size=cookie_attr_size)

"""Whether a sign-in is one: Streamlit cuts a long cookie into pieces that are signed each by itself, and by nothing together.

So pieces of two sign-ins would fit together: the new time of one and the roles that the other had before they were taken away, or
a name that goes on as a role where the next piece begins. A proof over all claims, put in at sign-in, shows that they are of one.

Of what a provider tells, the cookies keep what is needed. Somebody with a hundred groups would else send more with each request
than a proxy takes, or the server: they would see no page at all until the cookies are gone.
"""

from __future__ import annotations

import hmac
import json
from collections.abc import Callable, Mapping
from typing import Any, Final

from streamlit.auth_util import set_cookie_with_chunks
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from pages.access.settings import Access, client_of, secrets

PROOF: Final = "tilannekuva_proof"
"""The claim with the proof."""
KEPT: Final = ("iss", "sub", "aud", "iat", "exp", "nonce", "jti", "name", "email", "origin", "is_logged_in", "provider")
"""Claims that are kept besides those of the rules."""
LONGEST: Final = 300
"""Letters of a claim that are kept; ids that are longer are none (`pages.access.signed_in`)."""
_LONGEST_TOKEN: Final = 2_000
"""Letters of an ID token that is kept, to name the sign-in when it is ended; a provider without it asks whom to sign out."""
_MOST: Final = 20
"""Texts of a claim that is a list."""
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


def needed(claims: Mapping[str, Any], access: Access, client: str | None) -> dict[str, Any]:
    """Return what is needed of the claims of a sign-in: who it is, until when, and of their groups those that rules name.

    client: by which the provider knows this app; of all whom a token is for, it alone is kept.
    """
    kept = {name: _cut(claims[name]) for name in KEPT if name in claims}
    mine = values_of(claims, access.claim) & {rule.value for rule in access.rules}
    if access.claim == "email" and str(claims.get("email_verified")).lower() == "false":
        # Whoever writes an address into an account does not own it, as the provider says itself.
        kept, mine = {**kept, "email": None}, frozenset()
    if client is not None and isinstance(claims.get("aud"), list) and client in claims["aud"]:
        kept["aud"] = client
    return {access.claim: sorted(mine), **kept}


def _cut(value: Any) -> Any:
    """Return a claim no longer than is kept, None for one that is neither a text nor a number nor a list of few texts."""
    if isinstance(value, list):
        return [one for one in map(_cut, value[:_MOST]) if isinstance(one, str)]
    return value[:LONGEST] if isinstance(value, str) else value if isinstance(value, bool | int | float) else None


def values_of(claims: Mapping[str, Any], path: str) -> frozenset[str]:
    """Return the texts of a claim, which may be one text or a list of them; dots lead into claims within claims.

    >>> sorted(values_of({"realm_access": {"roles": ["a", "b"]}}, "realm_access.roles"))
    ['a', 'b']
    """
    found: Any = claims
    # A name with dots of its own, such as an address, goes before a way inwards.
    for step in [path] if path in claims else path.split("."):
        found = found.get(step) if isinstance(found, Mapping) else None
    listed = found if isinstance(found, list) else [found]
    return frozenset(one for one in listed if isinstance(one, str))


def _with_proof(
    set_one: Callable[[str, str], None],
    sign: Callable[[str, str], bytes],
    cookie_name: str,
    value: dict[str, Any],
    *,
    cookie_attr_size: int,
) -> None:
    if cookie_name == USER_COOKIE_NAME:
        auth, access = secrets()
        value = needed(value, access, client_of(auth, str(value.get("provider", ""))))
        value = {**value, PROOF: proof_of(value, auth["cookie_secret"])}
    elif cookie_name == TOKENS_COOKIE_NAME:
        token = value.get("id_token")
        value = {"id_token": token} if isinstance(token, str) and len(token) <= _LONGEST_TOKEN else {}
    set_cookie_with_chunks(set_one, sign, cookie_name, value, cookie_attr_size=cookie_attr_size)

"""Pieces of two sign-ins do not make a third one, however well their seams fit."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import USER_COOKIE_NAME

from pages.access import ended, requests, signed_in, whole
from pages.access.rights import READER, STEWARD, Rights
from pages.access.settings import read

CUT = "set_cookie_with_chunks"
SECRET = "abcdefghijklmnopqrstuvwxyz012345"
AUTH = {"cookie_secret": SECRET, "client_id": "app"}
NOW = 1_800_000_000
RULES = {"claim": "roles", "rules": [{"value": "steward-group", "role": "steward"}]}


@pytest.fixture(autouse=True)
def signing_in(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("pages.access.mode.current", lambda: "sign_in")
    for module in (signed_in, whole):
        monkeypatch.setattr(module, "secrets", lambda: (AUTH, read(RULES)))
    monkeypatch.setattr(starlette_websocket, "get_cookie_secret", lambda: SECRET)
    monkeypatch.setattr(requests, "ENDED", ended.Ended(tmp_path / "ended.json"))
    monkeypatch.setattr("pages.access.requests.time.time", lambda: NOW + 60.0)
    monkeypatch.setattr(routes, CUT, getattr(routes, CUT))
    whole.prove_sign_ins()


def cookies(**claims: Any) -> dict[str, str]:
    """What a browser is given at a sign-in."""
    given: dict[str, str] = {}

    def sign(name: str, value: str) -> bytes:
        return create_signed_value(SECRET, name, value)

    getattr(routes, CUT)(
        lambda name, value: given.update({name: sign(name, value).decode()}), sign, USER_COOKIE_NAME,
        {"sub": "7", "aud": "app", "iat": NOW} | claims | {"origin": "https://t.fi", "is_logged_in": True, "provider": "default"},
        cookie_attr_size=60,
    )  # fmt: skip
    return given


def rights(given: dict[str, str]) -> Rights:
    return requests.rights_of({"cookie": "; ".join(f"{name}={value}" for name, value in given.items())})


LONG = random.Random(7).randbytes(4_000).hex()
"""Longer than a browser's largest cookie, also when it is compressed."""


def test_a_short_and_a_long_sign_in_count() -> None:
    assert rights(cookies(roles=["steward-group"])) == STEWARD
    long = cookies(address=LONG, roles=["steward-group"])
    assert len(long) > 3
    assert rights(long) == STEWARD
    assert rights(cookies(address=LONG, roles=["liikunta"])) == READER


def test_roles_of_a_former_sign_in_are_not_joined_to_a_new_one() -> None:
    former = cookies(iat=NOW - 20 * 86_400, address=LONG, roles=["steward-group"])
    new = cookies(address=LONG, roles=["formersteward"])
    assert (rights(former), rights(new)) == (READER, READER)
    for seam in range(2, len(former)):
        joined = {name: (new if at < seam else former)[name] for at, name in enumerate(former)}
        claims = requests._claims(joined)
        assert (claims["iat"], claims["roles"]) == (NOW, ["steward-group"]), "the seam does not fit: nothing is tested"
        assert rights(joined) == READER


def test_what_was_changed_in_a_claim_is_no_sign_in() -> None:
    claims = {"sub": "7", "roles": ["a"]}
    proved = claims | {whole.PROOF: whole.proof_of(claims, SECRET)}
    assert whole.is_whole(proved, AUTH)
    assert whole.is_whole(proved | {"is_logged_in": True, "origin": "x", "tokens": {}}, AUTH)
    for other in ({"roles": ["b"]}, {"more": 1}, {whole.PROOF: ""}, {whole.PROOF: None}, {whole.PROOF: "ä"}):
        assert not whole.is_whole(proved | other, AUTH)
    assert not whole.is_whole(claims, AUTH)
    assert not whole.is_whole(proved, {"cookie_secret": SECRET[::-1]})
    assert not whole.is_whole(proved, {})

"""Pieces of two sign-ins do not make a third one, however well their seams fit."""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Any

import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest
from streamlit.web.server.starlette import starlette_auth_routes as routes
from streamlit.web.server.starlette import starlette_websocket
from streamlit.web.server.starlette.starlette_app_utils import create_signed_value
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME

from pages.access import ended, requests, sign_in, signed_in, whole
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


@pytest.fixture
def all_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    """Cookies with all claims, as an earlier version made them."""
    monkeypatch.setattr(whole, "needed", lambda claims, access, client: claims)


def test_of_many_groups_only_those_of_the_rules_are_kept() -> None:
    """Fifteen hundred groups were 110 kB with each request, which the server does not take: no page any more, for a month."""
    draw = random.Random(3)
    groups = [draw.randbytes(16).hex() for _ in range(1_500)]
    given = cookies(groups=groups, roles=[*groups, "steward-group"], name="Ä" * 3_000, picture=LONG, sub="7" * 255)
    assert rights(given) == STEWARD
    assert sum(map(len, (*given, *given.values()))) < 4_000
    assert requests._claims(given)["roles"] == ["steward-group"]
    assert rights(cookies(sub="7" * 5_000, roles=["steward-group"])) == READER
    assert rights(cookies(roles=groups)) == READER


def test_groups_within_another_claim_and_an_address_as_one_are_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    inside = {"roles": ["other", "steward-group"]}
    for claim, told in (("realm.roles", {"realm": inside}), ("email", {"email": "steward-group"})):
        settings = AUTH, read(RULES | {"claim": claim})
        for module in (signed_in, whole):
            monkeypatch.setattr(module, "secrets", lambda settings=settings: settings)
        given = cookies(**told)
        assert rights(given) == STEWARD
        assert "other" not in str(requests._claims(given))


def by_rules_of(monkeypatch: pytest.MonkeyPatch, **other: Any) -> None:
    settings = AUTH, read(RULES | other)
    for module in (signed_in, whole):
        monkeypatch.setattr(module, "secrets", lambda: settings)


@pytest.mark.parametrize(("verified", "opens"), [(False, False), ("false", False), (True, True), (None, True)])
def test_an_address_of_which_the_provider_says_that_it_is_not_theirs_gives_nothing(
    monkeypatch: pytest.MonkeyPatch, verified: object, opens: bool
) -> None:
    """Whoever may register with the provider could else write the steward's address into their account."""
    by_rules_of(monkeypatch, claim="email")
    told = {"email": "steward-group"} | ({} if verified is None else {"email_verified": verified})
    given = cookies(**told)
    assert rights(given) == (STEWARD if opens else READER)
    by_rules_of(monkeypatch)
    assert rights(cookies(email="a@t.fi", email_verified=False, roles=["steward-group"])) == STEWARD


def test_a_token_for_many_apps_is_for_this_one_too() -> None:
    many = [f"app-{number}" for number in range(40)]
    given = cookies(aud=[*many, "app"], roles=["steward-group"])
    assert rights(given) == STEWARD
    assert requests._claims(given)["aud"] == "app"
    assert rights(cookies(aud=many, roles=["steward-group"])) == READER


@pytest.mark.parametrize("other", ['consent={"a":1,"b":[2]}', "a b=c", "x[y]=1", "näin=ä", "path=/", "a", ""], ids=str)
def test_a_cookie_of_another_app_does_not_hide_a_sign_in(other: str) -> None:
    """Pages saw the sign-in, but files were refused, and Back from the first page was told as a sign-in that had failed."""
    given = cookies(roles=["steward-group"])
    own = "; ".join(f"{name}={value}" for name, value in given.items())
    assert requests.rights_of({"cookie": f"{other}; {own}"}) == STEWARD
    apart = {"headers": [(b"cookie", other.encode("latin-1")), (b"Cookie", own.encode())]}
    assert requests.rights_of(requests.headers_of(apart)) == STEWARD


@pytest.mark.parametrize(
    ("token", "kept"), [("x" * 900, {"id_token": "x" * 900}), ("x" * 9_000, {}), (None, {}), ([], {})]
)
def test_of_the_tokens_a_short_one_that_names_the_sign_in_is_kept(token: object, kept: dict[str, str]) -> None:
    seen: list[str] = []
    getattr(routes, CUT)(
        lambda name, value: seen.append(value), lambda name, value: value.encode(), TOKENS_COOKIE_NAME,
        {"id_token": token, "access_token": LONG}, cookie_attr_size=60,
    )  # fmt: skip
    assert [json.loads(value) for value in seen] == [kept]


@pytest.mark.usefixtures("all_kept")
def test_a_short_and_a_long_sign_in_count() -> None:
    assert rights(cookies(roles=["steward-group"])) == STEWARD
    long = cookies(address=LONG, roles=["steward-group"])
    assert len(long) > 3
    assert rights(long) == STEWARD
    assert rights(cookies(address=LONG, roles=["liikunta"])) == READER


@pytest.mark.usefixtures("all_kept")
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


def test_half_a_letter_of_a_name_is_no_fault(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """A provider that cuts a name may leave half of it, which no page can be sent."""
    claims = requests._claims(cookies(name="Aino \ud83d", roles=["steward-group"]))
    monkeypatch.setattr(type(st.user), "to_dict", lambda _: claims)
    for module in (signed_in, sign_in):
        monkeypatch.setattr(module, "ENDED", ended.Ended(tmp_path / "ended.json"))
    monkeypatch.setattr(sign_in, "_note_sign_in", lambda _: None)

    def script() -> None:
        from data.texts import texts
        from pages.access import sign_in

        sign_in.show(texts("fi"))

    app = AppTest.from_function(script).run()
    assert not app.exception
    assert "Aino ?" in (*app.caption, *app.warning)[0].value

"""What each role may see and do, in one table; several roles add up, and another's eyes never see more."""

from __future__ import annotations

import time
from itertools import product
from pathlib import Path
from typing import Any

import pytest
import streamlit as st

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, message
from metrics.audience import INTERNAL, PROTECTED
from pages.access import ended as ended_ones
from pages.access.announcing import announce
from pages.access.ended import Ended
from pages.access.mode import Mode, decided
from pages.access.rights import READER, ROLES, STEWARD, Rights, Role, as_seen_by, rights_of, together
from pages.access.settings import Access, AccessError, _read, read
from pages.access.signed_in import is_valid, rights_from
from pages.access.whole import PROOF, proof_of, values_of

MANAGER = rights_of("manager", ["049", "092"])


@pytest.mark.parametrize(
    ("role", "exact", "acts"),
    [
        ("reader", PROTECTED, set()),
        ("manager", INTERNAL, {"briefings"}),
        ("developer", PROTECTED, {"hypotheses"}),
        ("steward", INTERNAL, {"steward", "briefings", "hypotheses"}),
    ],
)
def test_the_table_of_roles(role: Role, exact: str, acts: set[str]) -> None:
    assert rights_of(role) == Rights(exact, frozenset(acts))  # type: ignore[arg-type]


def test_roles_add_up() -> None:
    assert together([]) == READER
    assert together([rights_of("developer"), MANAGER]) == Rights(
        "internal:049+092", frozenset({"hypotheses", "briefings"})
    )
    assert together([MANAGER, rights_of("manager", ["235"])]).exact == "internal:049+092+235"
    assert together([MANAGER, rights_of("manager")]).exact == INTERNAL
    assert together([STEWARD, READER]) == STEWARD


@pytest.mark.parametrize(("held", "role"), [*product((READER, STEWARD, MANAGER, rights_of("developer")), ROLES)])
def test_anothers_eyes_never_see_more(held: Rights, role: Role) -> None:
    seen = as_seen_by(held, role)
    assert seen.acts <= held.acts & rights_of(role).acts
    assert seen.exact in (PROTECTED, held.exact)
    assert not (seen.sees_exact and not rights_of(role).sees_exact)


@pytest.mark.parametrize(
    ("address", "has_sign_in", "switch", "found"),
    [
        ("127.0.0.1", False, None, "local"),
        ("localhost", False, None, "local"),
        ("127.0.0.1", False, "1", "local"),
        ("[::1]", False, None, "local"),
        ("127.0.0.1", False, "0", "closed"),
        ("127.0.0.1", True, "0", "closed"),
        ("127.0.0.1", True, None, "sign_in"),
        ("0.0.0.0", True, None, "sign_in"),
        ("0.0.0.0", False, None, "closed"),
        ("192.168.1.4", False, "1", "closed"),
        (None, False, None, "closed"),
        ("", False, None, "closed"),
    ],
)
def test_the_mode_follows_from_the_settings(
    address: str | None, has_sign_in: bool, switch: str | None, found: Mode
) -> None:
    assert decided(address, has_sign_in=has_sign_in, switch=switch) == found


FIRST = "[[access.rules]] 1"


@pytest.mark.parametrize(
    ("section", "reason", "place"),
    [
        ({"claim": ""}, "claim", "[access] claim"),
        ({"claim": ["a"]}, "claim", "[access] claim"),
        ({"hours": 0}, "hours", "[access] hours"),
        ({"hours": 1000}, "hours", "[access] hours"),
        ({"hours": "8"}, "hours", "[access] hours"),
        ({"hours": True}, "hours", "[access] hours"),
        ({"hours": "secret-value"}, "hours", "[access] hours"),
        ({"groups": "secret-value"}, "unknown_key", "[access] groups"),
        ("secret-value", "unknown_key", "[access]"),
        ({"rules": [{"value": "x", "role": "steward", "area": "secret-value"}]}, "unknown_key", f"{FIRST}: area"),
        ({"rules": [{"value": "x", "role": "secret-value"}]}, "role", f"{FIRST}: role"),
        ({"rules": [{"value": "x"}]}, "role", f"{FIRST}: role"),
        ({"rules": [{"value": "", "role": "steward"}]}, "value", f"{FIRST}: value"),
        ({"rules": [{"value": "x", "role": "manager"}]}, "areas_missing", FIRST),
        ({"rules": [{"value": "x", "role": "steward", "municipalities": ["049"]}]}, "areas_extra", FIRST),
        ({"rules": [{"value": "x", "role": "manager", "municipalities": ["049", "*"]}]}, "areas_unknown", FIRST),
        ({"rules": [{"value": "x", "role": "manager", "municipalities": ["secret-value"]}]}, "areas_unknown", FIRST),
        ({"rules": [{"value": "x", "role": "manager", "municipalities": "049"}]}, "areas_unknown", f"{FIRST}: municipalities"),
        ({"rules": [{"value": "x", "role": "manager", "municipalities": [49]}]}, "areas_unknown", f"{FIRST}: municipalities"),
        ({"rules": [{"value": "x", "role": "steward", "provider": 7}]}, "provider", f"{FIRST}: provider"),
        ({"rules": "secret-value"}, "rules", "[access] rules"),
        ({"rules": ["secret-value"]}, "rules", FIRST),
    ],
)  # fmt: skip
def test_each_mistake_is_told_by_a_sentence_of_its_own_and_never_by_value(
    section: Any, reason: str, place: str
) -> None:
    with pytest.raises(AccessError) as refused:
        read(section)
    error = refused.value
    assert (error.reason, error.params["place"], error.others) == (reason, place, ())
    for lang in LANGUAGES:
        assert place in error.text(lang)
        assert "secret-value" not in error.text(lang) + str(error)


def test_all_mistakes_are_told_at_once() -> None:
    rules = [{"value": "x", "role": "steward"}, {"value": "", "role": "boss"}, {"value": "x", "role": "manager"}]
    with pytest.raises(AccessError) as refused:
        read({"hours": 48, "rules": rules})
    assert [line.partition(": ")[0] for line in refused.value.text("en").splitlines()] == [
        "secrets.toml, [access] hours", "secrets.toml, [[access.rules]] 2", "secrets.toml, [[access.rules]] 2",
        "secrets.toml, [[access.rules]] 3",
    ]  # fmt: skip


@pytest.mark.parametrize("is_json", [False, True])
@pytest.mark.parametrize("rules", [[], [{"value": "x", "role": "steward"}]])
def test_a_sign_in_that_gives_nobody_anything_is_told_at_the_start(
    rules: list[dict[str, str]], is_json: bool, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for module in ("mode", "announcing"):
        monkeypatch.setattr(f"pages.access.{module}.secrets", lambda: ({"client_id": "app"}, read({"rules": rules})))
    monkeypatch.setattr("pages.access.logs.is_json", lambda: is_json)
    warned: list[str] = []
    monkeypatch.setattr("pages.access.announcing.log.warning", warned.append)
    announce()
    said = capsys.readouterr().out
    assert bool(warned) is (is_json and not rules)
    assert (message("run.for_nobody", DEFAULT_LANGUAGE) in said) is (not is_json and not rules)


@pytest.mark.parametrize(
    ("names", "provider", "clear"),
    [
        (("default",), "", True), (("default",), "default", True), (("default",), "entra", False), (("entra",), "", True),
        (("entra", "keycloak"), "", False), (("entra", "keycloak"), "keycloak", True), (("entra", "keycloak"), "Entra", False),
    ],
)  # fmt: skip
def test_of_several_providers_each_rule_names_its_own(names: tuple[str, ...], provider: str, clear: bool) -> None:
    section = {"rules": [{"value": "x", "role": "steward", "provider": provider}]}
    if clear:
        assert read(section, names).rules[0].provider == provider
        return
    with pytest.raises(AccessError) as refused:
        read(section, names)
    assert (refused.value.reason, refused.value.params) == ("provider", {"place": f"{FIRST}: provider"})


def test_a_role_is_given_by_its_own_provider_alone(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    auth = {"cookie_secret": "x" * 32, "entra": {"client_id": "app"}, "keycloak": {"client_id": "app"}}
    rules = [{"value": "x", "role": "steward", "provider": "entra"}]
    monkeypatch.setattr("pages.access.signed_in.secrets", lambda: (auth, read({"rules": rules}, tuple(auth))))
    ended = Ended(tmp_path / "ended.json")
    for provider, rights in (("entra", STEWARD), ("keycloak", READER)):
        assert rights_from(proved(CLAIMS | {"provider": provider, "groups": ["x"]}), NOW, ended) == rights


SECRET = "abcdefghijklmnopqrstuvwxyz012345"
WHOLE = f"""
[auth]
redirect_uri = "https://t.fi/oauth2callback"
cookie_secret = "{SECRET}"
client_id = "app"
client_secret = "s"
server_metadata_url = "https://id.fi/.well-known/openid-configuration"
[access]
rules = []
"""


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (WHOLE, ""),
        ("", ""),
        ("[other]\nx = 1", ""),
        ("[auth", "unreadable"),
        ("\ufeff" + WHOLE, "unreadable"),
        (WHOLE.replace("[auth]", "[Auth]"), "auth"),
        (WHOLE.replace('client_secret = "s"', ""), "auth"),
        (WHOLE.replace("server_metadata_url", "url"), "auth"),
        (WHOLE.replace("/oauth2callback", "/"), "auth"),
        (WHOLE.replace(SECRET, "x" * 32), "auth"),
        (WHOLE.replace(SECRET, SECRET[:31]), "auth"),
        (None, "unreadable"),
    ],
)
def test_a_file_that_is_not_clear_opens_nothing_and_stops_the_start(
    text: str | None, reason: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Also one that is named and not there: sign-in must not be off without a word."""
    file, real = tmp_path / "secrets.toml", st.get_option
    if text is not None:
        file.write_text(text, encoding="utf-8")
    monkeypatch.setenv("STREAMLIT_SECRETS_FILES", str(file))
    monkeypatch.setattr(st, "get_option", lambda name: [str(file)] if name == "secrets.files" else real(name))
    if not reason:
        assert bool(_read()[0]) is ("[auth]" in (text or ""))
        return
    with pytest.raises(AccessError) as refused:
        _read()
    assert refused.value.reason == reason


@pytest.mark.parametrize("text", ["{", "", "[]", "7", '{"one": "x"}', '{"one": 1' + "0" * 400 + "}", "[" * 100_000])
def test_a_sign_out_outlives_a_restart_and_damage_ends_them_all(text: str, tmp_path: Path) -> None:
    file, now = tmp_path / "ended.json", time.time()
    Ended(file).end("one")
    assert [Ended(file).is_over(who, now) for who in ("one", "other")] == [True, False]
    file.write_text(text, encoding="utf-8")
    assert Ended(file).is_over("other", now - 1)
    assert not Ended(file).is_over("other", time.time() + 60)


def test_a_sign_out_that_found_no_room_is_written_down_once_there_is(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file, now = tmp_path / "no folder yet" / "ended.json", time.time()
    monkeypatch.setattr(ended_ones, "_PAUSE", 0.0)
    ended = Ended(file)
    ended.end("one")
    assert ended.is_over("one", now)
    file.parent.mkdir()
    assert ended.is_over("one", now)
    assert Ended(file).is_over("one", now), "also after a restart"


def test_clear_settings_become_rights() -> None:
    found = read({"claim": "roles", "rules": [{"value": "j", "role": "manager", "municipalities": ["049"]}]})
    assert found.rules[0].rights.exact == "internal:049"
    assert (
        read({"rules": [{"value": "j", "role": "manager", "municipalities": ["*"]}]}).rules[0].rights.exact == INTERNAL
    )
    assert read({}) == Access()


AUTH = {"redirect_uri": "https://t.fi/oauth2callback", "cookie_secret": "x" * 32, "client_id": "app"}
NOW = 1_800_000_000.0
CLAIMS: dict[str, Any] = {
    "is_logged_in": True, "provider": "default", "aud": "app", "sub": "248289761001", "iat": int(NOW) - 60
}  # fmt: skip


def proved(claims: dict[str, Any]) -> dict[str, Any]:
    return claims | {PROOF: proof_of(claims, AUTH["cookie_secret"])}


@pytest.mark.parametrize(
    ("other", "valid"),
    [
        ({}, True),
        ({"aud": ["other", "app"]}, True),
        ({"iat": int(NOW) - 8 * 3600 + 1}, True),
        ({"iat": int(NOW) - 8 * 3600}, False),
        ({"iat": int(NOW) + 299}, True),
        ({"iat": int(NOW) + 301}, False),
        ({"iat": None}, False),
        ({"iat": True}, False),
        ({"iat": "1800000000"}, False),
        ({"iat": 10**400}, False),
        ({"iat": -(10**400)}, False),
        ({"iat": float("nan")}, False),
        ({"aud": "other"}, False),
        ({"aud": ["other"]}, False),
        ({"aud": None}, False),
        ({"aud": "application"}, False),
        ({"provider": "entra"}, False),
        ({"provider": None}, False),
        ({"sub": "x" * 255}, True),
        ({"sub": "Äiti 7|entra@kunta.fi"}, True),
        ({"sub": "x" * 256}, False),
        ({"sub": ""}, False),
        ({"sub": " "}, False),
        ({"sub": "a\nb"}, False),
        ({"sub": None}, False),
        ({"sub": 7}, False),
        ({"sub": ["a"]}, False),
        ({"sub": {"a": "b"}}, False),
        ({"is_logged_in": False}, False),
        ({"is_logged_in": "true"}, False),
    ],
)
def test_claims_are_of_this_app_and_have_not_run_out(other: dict[str, Any], valid: bool) -> None:
    assert is_valid(proved(CLAIMS | other), AUTH, Access(), NOW) is valid


def test_each_provider_has_its_own_client() -> None:
    auth = {"cookie_secret": "x" * 32, "entra": {"client_id": "a"}, "suomi": {"client_id": "b"}}
    assert is_valid(proved(CLAIMS | {"provider": "entra", "aud": "a"}), auth, Access(), NOW)
    assert not is_valid(proved(CLAIMS | {"provider": "suomi", "aud": "a"}), auth, Access(), NOW)
    assert not is_valid(proved(CLAIMS | {"provider": "cookie_secret", "aud": "x" * 32}), auth, Access(), NOW)


@pytest.mark.parametrize(
    ("claims", "path", "found"),
    [
        ({"groups": ["a", "b"]}, "groups", {"a", "b"}),
        ({"groups": "a"}, "groups", {"a"}),
        ({"groups": ["a", 1, None, ["b"]]}, "groups", {"a"}),
        ({"https://kunta.fi/groups": ["a"]}, "https://kunta.fi/groups", {"a"}),
        ({"a": {"b": {"c": ["x"]}}}, "a.b.c", {"x"}),
        ({"a": "b"}, "a.b", set()),
        ({}, "groups", set()),
        ({"groups": {"a": True}}, "groups", set()),
    ],
)
def test_values_of_a_claim(claims: dict[str, Any], path: str, found: set[str]) -> None:
    assert values_of(claims, path) == found

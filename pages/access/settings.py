"""Who gets which role: the section `[access]` of Streamlit's secrets.toml, beside `[auth]` which says where people sign in.

[access]
claim = "groups"            # the claim of the ID token that lists a person's groups; dots lead inwards
hours = 8                   # how long a sign-in lasts

[[access.rules]]
value = "tilannekuva-espoo"
role = "manager"
municipalities = ["049"]    # codes of Statistics Finland; ["*"] is all
"""

from __future__ import annotations

import logging
import os
import tomllib
from collections.abc import Collection, Iterable, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any, Final, Literal

import streamlit as st
from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
from pydantic_core import ErrorDetails

from data.codes import code_list
from data.refusal import Refusal
from data.texts import Language, message
from pages.access.rights import ROLES, Rights, rights_of

log = logging.getLogger(__name__)

NAMED = "STREAMLIT_SECRETS_FILES"
"""Environment variable of Streamlit that names the files; those it names have to be there."""
_NEEDED = ("client_id", "client_secret", "server_metadata_url")
EVERY = "*"
DEFAULT = "default"
"""What Streamlit calls the provider whose settings stand in `[auth]` itself."""
MOST_HOURS = 24


class AccessError(Refusal):
    """Settings that do not say clearly who may do what.

    Reasons: auth, unreadable; of `[access]`, with `place`: claim, hours, rules, value, role (with `roles`), areas_missing,
    areas_extra, areas_unknown, provider, unknown_key (`known`). others: what else is wrong.
    """

    family = "access"

    def __init__(self, reason: str, others: Sequence[AccessError] = (), **params: object) -> None:
        super().__init__(reason, (), **params)
        self.others = tuple(others)

    def text(self, lang: Language) -> str:
        """Return all that is wrong, a line for each mistake."""
        return "\n".join(message(one.key, lang, **one.params) for one in (self, *self.others))


class _Model(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class Rule(_Model):
    """Whoever has a value in the claim has a role.

    municipalities: of a manager; codes, or `*` alone for all. provider: of `[auth]`, whose word it is; it may be left out where
    there is one alone, for whoever rules another could else give the same role.
    """

    value: str = Field(min_length=1)
    role: Literal["manager", "developer", "steward"]
    municipalities: tuple[str, ...] = ()
    provider: str = ""

    @model_validator(mode="after")
    def _areas(self) -> Rule:
        areas = code_list("municipality")
        if (self.role == "manager") != bool(self.municipalities):
            raise ValueError("areas_missing" if self.role == "manager" else "areas_extra")
        if self.municipalities != (EVERY,):
            known = {code.id for code in areas.codes} - {areas.unknown}
            if not known.issuperset(self.municipalities):
                raise ValueError("areas_unknown")
        return self

    @property
    def rights(self) -> Rights:
        """What the rule gives."""
        return rights_of(self.role, None if self.municipalities == (EVERY,) else self.municipalities)


class Access(_Model):
    """Rules by which claims become rights. claim: where a person's groups stand; hours: how long a sign-in lasts."""

    claim: str = Field(default="groups", min_length=1)
    hours: float = Field(default=8, gt=0, le=MOST_HOURS, strict=True)
    rules: tuple[Rule, ...] = ()


def read(section: Mapping[str, Any], names: Collection[str] = (DEFAULT,)) -> Access:
    """Return settings from the section `[access]`. names: of the providers of `[auth]`.

    Raises AccessError that names the places at fault, never their values.
    """
    try:
        found = Access.model_validate(section)
    except ValidationError as error:
        # Of several things wrong in one place, one is told.
        raise _together({_where(one["loc"]): _mistake(one) for one in error.errors()}.values()) from None
    unclear = [
        AccessError("provider", place=_where(("rules", place, "provider")))
        for place, rule in enumerate(found.rules)
        if (rule.provider or len(names) > 1) and rule.provider not in names
    ]
    if unclear:
        raise _together(unclear)
    return found


_REASONS: Final = {
    "claim": "claim",
    "hours": "hours",
    "rules": "rules",
    "value": "value",
    "role": "role",
    "municipalities": "areas_unknown",
    "provider": "provider",
}
"""What to say when a setting is not of its kind."""


def _together(mistakes: Iterable[AccessError]) -> AccessError:
    first, *others = mistakes
    return AccessError(first.reason, others, **first.params)


def _mistake(found: ErrorDetails) -> AccessError:
    """What to say of one mistake that was found."""
    loc, place = found["loc"], _where(found["loc"])
    if not loc or found["type"] == "extra_forbidden":
        model = Rule if len(loc) > 2 else Access
        return AccessError("unknown_key", place=place, known=", ".join(model.model_fields))
    if found["type"] == "value_error":
        return AccessError(str(found["ctx"]["error"]), place=place)
    reason = _REASONS[str(loc[2] if len(loc) > 2 else loc[0])]
    return AccessError(reason, place=place, roles=", ".join(ROLES[1:]))


def _where(loc: Sequence[str | int]) -> str:
    """Return a place as it is found in the file.

    >>> _where(("hours",)), _where(("rules", 0, "role"))
    ('[access] hours', '[[access.rules]] 1: role')
    """
    if len(loc) > 1:
        return f"[[access.rules]] {int(loc[1]) + 1}" + (f": {loc[2]}" if len(loc) > 2 else "")
    return " ".join(("[access]", *map(str, loc)))


def client_of(auth: Mapping[str, Any], provider: str) -> str | None:
    """Return the id by which a provider of `[auth]` knows this app, None for a provider that is not there."""
    section = auth if provider == DEFAULT and "client_id" in auth else auth.get(provider)
    wanted = section.get("client_id") if isinstance(section, Mapping) else None
    return wanted if isinstance(wanted, str) and wanted else None


def providers(auth: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the names of the providers of `[auth]` that people can sign in with."""
    named = [name for name, section in auth.items() if isinstance(section, Mapping)]
    return tuple(one for one in (DEFAULT, *named) if client_of(auth, one))


Sections = tuple[Mapping[str, Any], Access]


def secrets() -> Sections:
    """Return the section `[auth]`, empty when there is none, and the settings. Raises AccessError."""
    found = _read_once()
    if isinstance(found, AccessError):
        raise found
    return found


@cache
def _read_once() -> Sections | AccessError:
    """Return what is read at first use, or what is wrong with it, logged once: a change needs a restart."""
    try:
        return _read()
    except AccessError as error:
        log.error("secrets.toml: %s", error)
        return error


def section(name: str) -> Mapping[str, Any]:
    """Return another section as it stands in the files now, empty when there is none. Raises AccessError: `unreadable`."""
    found = _whole(_files(), must=NAMED in os.environ).get(name, {})
    if not isinstance(found, Mapping):
        raise AccessError("unreadable")
    return found


def _files() -> list[Path]:
    """Return the files of secrets. Streamlit reads the variable in its own command alone, and others are asked too."""
    return [Path(name) for name in os.environ.get(NAMED, "").split() or st.get_option("secrets.files")]


def _read() -> Sections:
    whole = _whole(_files(), must=NAMED in os.environ)
    auth, access = whole.get("auth", {}), whole.get("access", {})
    if (auth or access) and not is_complete(auth):
        raise AccessError("auth")
    return auth, read(access, providers(auth) or (DEFAULT,))


def _whole(files: Sequence[Path], *, must: bool) -> dict[str, Any]:
    """Return what all files say together, the later ones first. must: each has to be there.

    Read here, because Streamlit passes over a file that it cannot read: sign-in would be off without a word.
    """
    whole: dict[str, Any] = {}
    for file in files:
        try:
            whole |= tomllib.loads(file.read_text(encoding="utf-8"))
        except FileNotFoundError:
            if must:
                raise AccessError("unreadable") from None
        except (OSError, ValueError):
            raise AccessError("unreadable") from None
    return whole


def is_complete(auth: Any) -> bool:
    """Return whether the section `[auth]` has all that sign-in needs, for every provider."""
    if not isinstance(auth, Mapping) or not (names := providers(auth)):
        return False
    secret, back = auth.get("cookie_secret"), auth.get("redirect_uri")
    sections = [auth if name == DEFAULT else auth[name] for name in names]
    return (
        isinstance(secret, str)
        and len(secret) >= 32
        and len(set(secret)) > 8
        and isinstance(back, str)
        and back.endswith("/oauth2callback")
        and all(isinstance(one.get(key), str) and one[key] for one in sections for key in _NEEDED)
    )

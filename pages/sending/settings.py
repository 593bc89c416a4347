"""Who gets the report of each release: the section `[reports]` of secrets.toml, and the folder that `TILANNEKUVA_REPORTS` names.

[reports]
server = "smtp.kunta.fi"
port = 587
security = "starttls"           # or "tls"; "none" only to this machine itself, without a password
from = "tilannekuva@kunta.fi"
user = "tilannekuva"            # both may be left out
password = "…"

[[reports.lists]]
name = "johto"
lang = "fi"
area = "Espoo"                  # a municipality, region or employment area; all of them when left out
format = "pdf"                  # or "pptx"
to = ["etunimi.sukunimi@kunta.fi"]
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Annotated, Any, Final, Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, StringConstraints, ValidationError, model_validator

from data.refusal import Refusal
from data.texts import Language
from metrics.grammar.question import QuestionError
from pages.access.closing import is_loopback
from pages.access.settings import AccessError, section
from pages.briefings.places import place_of

FOLDER: Final = "TILANNEKUVA_REPORTS"
"""Environment variable: the folder that reports are written into."""
SECTION: Final = "reports"

# As browsers take an address for one (HTML standard): no blank, no line feed, nothing but ASCII.
Address = Annotated[
    str,
    StringConstraints(
        max_length=254, pattern=r"^[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9-]{1,63}(\.[A-Za-z0-9-]{1,63})+$"
    ),
]


class SendingError(Refusal):
    """Reports cannot be sent.

    `reason`: settings (with `place`), unreadable, not_set, not_open, sample, folder, folder_inside, busy.
    """

    family = "sending"


class _Section(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ReportList(_Section):
    """People who get the same report. name: of the list, which stands in names of files and in no message."""

    name: Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]{0,29}$")] = "all"
    lang: Language = "fi"
    area: str | None = None
    format: Literal["pdf", "pptx"] = "pdf"
    to: tuple[Address, ...] = ()

    @model_validator(mode="after")
    def _area_exists(self) -> ReportList:
        try:
            _ = self.place
        except QuestionError:
            raise ValueError("area") from None
        return self

    @property
    def place(self) -> tuple[str, str] | None:
        """The dimension and code of its area."""
        return None if self.area is None else place_of(self.area, self.lang)


class MailServer(_Section):
    """The server that takes e-mail on its way. ca: a file with the certificates that its own is checked by."""

    server: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9.:-]{1,253}$")]
    port: int = Field(default=587, gt=0, lt=65_536)
    security: Literal["starttls", "tls", "none"] = "starttls"
    sender: Address = Field(alias="from")
    user: str = ""
    password: SecretStr = SecretStr("")
    ca: Path | None = None

    @model_validator(mode="after")
    def _is_safe(self) -> MailServer:
        if self.security == "none" and (self.user or not is_loopback(self.server)):
            raise ValueError("security")
        return self


class Reports(_Section):
    """What goes out of each release: `lists`, by `mail` and into `folder`."""

    lists: tuple[ReportList, ...] = ()
    mail: MailServer | None = None
    folder: Path | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether anything goes out at all."""
        return self.folder is not None or any(one.to for one in self.lists)


def reports() -> Reports:
    """Return the settings of this machine. Raises SendingError."""
    try:
        found = section(SECTION)
    except AccessError:
        raise SendingError("unreadable") from None
    folder = os.environ.get(FOLDER, "").strip()
    return read(found, Path(folder) if folder else None)


@cache
def reports_once() -> Reports:
    """Return the settings as they are at first use: a change needs a restart, as of all of secrets.toml. Raises SendingError."""
    return reports()


def read(found: Mapping[str, Any], folder: Path | None = None) -> Reports:
    """Return settings from the section. Raises SendingError that names the place at fault, never a value or an address.

    With a folder and without lists, the report of everybody in Finnish is written.
    """
    rest = {name: value for name, value in found.items() if name != "lists"}
    try:
        mail = MailServer.model_validate(rest) if rest else None
        lists = Reports.model_validate({"lists": found.get("lists", ())}).lists
    except ValidationError as error:
        raise SendingError("settings", place=_where(error)) from None
    names = [one.name for one in lists]
    if len(set(names)) < len(names):
        raise SendingError("settings", place="[[reports.lists]]: name")
    if mail is None and any(one.to for one in lists):
        raise SendingError("settings", place=f"[{SECTION}] server")
    if not lists and folder:
        lists = (ReportList(),)
    return Reports(lists=lists, mail=mail, folder=folder)


def _where(error: ValidationError) -> str:
    """Return the first place as it is found in the file."""
    first = error.errors(include_input=False, include_context=False)[0]
    loc, said = first["loc"], first["msg"].removeprefix("Value error, ")
    if loc[:1] != ("lists",):
        return f"[{SECTION}] {loc[0] if loc else said}"
    if len(loc) == 1:
        return f"[[{SECTION}.lists]]"
    return f"[[{SECTION}.lists]] {int(loc[1]) + 1}: {loc[2] if len(loc) > 2 else said}"

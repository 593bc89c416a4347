"""Profiles: a file's shape, corrected once by a person and saved, that recognises the next file of the same shape."""

import re
import tomllib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise.columns import ColumnMatch, Ignored, Recognised, missing_fields
from data.ingest.recognise.population import long_table
from data.ingest.recognise.values import Reading
from data.model.records import TABLES
from data.personal import kinds
from data.refusal import Refusal
from data.store.durable import write_durably

_SHIPPED = Path(__file__).with_name("profiles")
_NAME = re.compile(r"[\w-]{1,60}")


class ProfileError(Refusal):
    """A profile cannot be used. `reason`: `unknown`, `damaged`, `name`, `personal`, `misfit`."""

    family = "profile"

    def __init__(self, reason: str, name: str) -> None:
        super().__init__(reason, name="" if kinds(name) else name)


class ProfileColumn(BaseModel):
    """One column of a saved shape: its header, and either a field or nothing (ignored)."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    header: Annotated[str, StringConstraints(min_length=1)]
    field: str | None = None
    unit: (
        Literal[
            "minutes", "hours", "day_fractions", "months", "years", "days",
            "euros", "thousand_euros", "million_euros", "person_years",
        ]
        | None
    ) = None  # fmt: skip
    separators: str | None = None
    mark: str | None = None
    values: dict[str, str] = {}


class ProfileSheet(BaseModel):
    """The saved shape of one sheet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    table: str
    column: tuple[ProfileColumn, ...]

    @model_validator(mode="after")
    def _fields_exist(self) -> Self:
        if self.table not in TABLES:
            raise ValueError("no such table")
        if any(column.field and column.field not in TABLES[self.table].model_fields for column in self.column):
            raise ValueError("no such field")
        return self

    def fits(self, sheet: Sheet) -> bool:
        """The sheet has the same headers, in any order."""
        return {normalise(column.header) for column in self.column} == {normalise(header) for header in sheet.header}

    def apply(self, sheet: Sheet, name: str) -> Recognised:
        """The sheet recognised by this shape."""
        known = {normalise(column.header): column for column in self.column}
        matches: list[ColumnMatch] = []
        ignored: list[Ignored] = []
        for index, header in enumerate(sheet.header):
            column = known.get(normalise(header))
            if column is None or column.field is None:
                ignored.append(Ignored(f"c{index}", header, "profile_ignores" if column else "unknown_header"))
                continue
            reading = Reading(unit=column.unit, separators=column.separators, overrides=column.values)
            matches.append(ColumnMatch(f"c{index}", header, column.field, "profile", reading, column.mark))
        return Recognised(sheet, self.table, tuple(matches), tuple(ignored), profile=name)


class FileProfile(BaseModel):
    """A saved shape of a file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheet: tuple[ProfileSheet, ...]


@dataclass(frozen=True)
class Profiles:
    """The profiles that may recognise a sheet; a forced one is the only one, and must fit."""

    known: dict[str, FileProfile]
    forced: str | None = None

    @classmethod
    def of_store(cls, store: Path, *, forced: str | None = None) -> Self:
        """The store's own profiles before those that ship with the program. Raises ProfileError."""
        if forced is not None and kinds(forced):
            raise ProfileError("personal", forced)
        known: dict[str, FileProfile] = {}
        for folder in (store / "profiles", _SHIPPED):
            for path in sorted(folder.glob("*.toml")):
                if path.stem not in known and forced in (None, path.stem):
                    known[path.stem] = load(path)
        if forced is not None and forced not in known:
            raise ProfileError("unknown", forced)
        return cls(known, forced)

    def recognise(self, sheet: Sheet) -> Recognised | None:
        """The sheet by the first profile that fits; by a forced one also when its headers are only partly there."""
        population = long_table(sheet)
        plain = population.sheet if population else sheet
        for name, profile in self.known.items():
            for shape in profile.sheet:
                found = shape.apply(plain, name)
                if shape.fits(plain) or (self.forced and not missing_fields(found)):
                    return replace(found, dropped=population.dropped if population else 0)
        if self.forced:
            raise ProfileError("misfit", self.forced)
        return None


def load(path: Path) -> FileProfile:
    """Read a profile. Raises ProfileError."""
    try:
        return FileProfile.model_validate(tomllib.loads(path.read_text("utf-8")))
    except (OSError, ValueError, ValidationError):
        raise ProfileError("damaged", path.stem) from None


def check_name(name: str) -> None:
    """Raises ProfileError for a name that no profile can be saved under: `name`, `personal`."""
    if kinds(name):
        raise ProfileError("personal", name)
    if not _NAME.fullmatch(name):
        raise ProfileError("name", name)


def save(store: Path, name: str, shapes: Sequence[tuple[str, Sequence[ColumnMatch], Sequence[Ignored]]]) -> Path:
    """Save recognised sheets (table, columns, ignored columns) as a profile of the store. Raises ProfileError."""
    check_name(name)
    lines = []
    for table, columns, ignored in shapes:
        lines += ["[[sheet]]", f"table = {_quoted(table)}", ""]
        for match in columns:
            lines += ["[[sheet.column]]", f"header = {_quoted(match.header)}", f"field = {_quoted(match.field)}"]
            extras = {"unit": match.reading.unit, "separators": match.reading.separators, "mark": match.mark}
            lines += [f"{key} = {_quoted(value)}" for key, value in extras.items() if value]
            if match.reading.overrides:
                pairs = ", ".join(
                    f"{_quoted(text)} = {_quoted(code)}" for text, code in match.reading.overrides.items()
                )
                lines.append(f"values = {{ {pairs} }}")
            lines.append("")
        for item in ignored:
            lines += ["[[sheet.column]]", f"header = {_quoted(item.header)}", ""]
    folder = store / "profiles"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{name}.toml"
    write_durably(path, "\n".join(lines))
    return path


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'

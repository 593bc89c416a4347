"""Profiles: a file's shape, corrected once by a person and saved, that recognises the next file of the same shape."""

import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError, model_validator

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.evidence import TAKE
from data.ingest.recognise.naming import Naming, in_order
from data.ingest.recognise.other_texts import without_free_text
from data.ingest.recognise.population import long_table
from data.ingest.recognise.recognised import ColumnMatch, Ignored, NoTable, Recognised, missing_fields
from data.ingest.recognise.values import Reading
from data.model.records import TABLES
from data.personal import kinds
from data.refusal import Refusal
from data.store.acting import record
from data.store.durable import write_durably
from data.store.small_file import text_of

_SHIPPED = Path(__file__).with_name("profiles")
_NAME = re.compile(r"[\w-]{1,60}")
_ALIKE = 0.5
"""Share of columns in common from which a sheet is of a profile's shape and not of a larger one that happens to include it."""


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
        """The sheet has every column that the shape gives a field, in any order; others may be more or fewer."""
        there = {normalise(header) for header in sheet.header}
        given = {normalise(column.header) for column in self.column if column.field}
        return bool(given) and given <= there

    def likeness(self, sheet: Sheet) -> float:
        """Share of columns that the sheet and the shape have in common, 0–1."""
        there, known = ({normalise(text) for text in texts} for texts in (sheet.header, self._headers()))
        return len(there & known) / len(there | known)

    def apply(self, sheet: Sheet, name: str, asking: Asking | None = None) -> Recognised:
        """The sheet recognised by this shape; columns that it does not know by their names. What the steward answers of a column
        goes first.
        """
        asking = asking or Asking(sheet.file, sheet.name)
        known = {normalise(column.header): column for column in self.column}
        matches: list[ColumnMatch] = []
        ignored: list[Ignored] = []
        others: list[tuple[str, str]] = []
        for index, header in enumerate(sheet.header):
            column = known.get(normalise(header))
            if column is None or asking.answered("column", table=self.table, about=header):
                others.append((f"c{index}", header))
            elif column.field is None:
                ignored.append(Ignored(f"c{index}", header, "profile_ignores"))
            else:
                reading = Reading(unit=column.unit, separators=column.separators, overrides=column.values)
                matches.append(ColumnMatch(f"c{index}", header, column.field, "profile", reading, column.mark))
        naming = Naming(self.table, sheet, asking, (match.field for match in matches))
        more, rest = naming.all(others)
        # What the steward says of a column is said instead of what the profile says of others.
        said = {match.field for match in more if match.how == "answer"}
        ignored += [Ignored(match.column, match.header, "field_taken") for match in matches if match.field in said]
        matches = [match for match in matches if match.field not in said]
        return Recognised(sheet, self.table, in_order((*matches, *more)), in_order((*ignored, *rest)), profile=name)

    def _headers(self) -> tuple[str, ...]:
        return tuple(column.header for column in self.column)


class FileProfile(BaseModel):
    """A saved shape of a file, or the name of a system whose layout is not published yet."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    sheet: tuple[ProfileSheet, ...] = ()
    system: Annotated[str, StringConstraints(min_length=1)] | None = None

    @model_validator(mode="after")
    def _says_something(self) -> Self:
        if not self.sheet and not self.system:
            raise ValueError("no sheet")
        return self

    def is_awaited_by(self, texts: Iterable[str]) -> bool:
        """Some text names the system, and its layout is not known."""
        if self.sheet or not self.system:
            return False
        name = normalise(self.system)
        names = {f" {name} ", f" {name.replace(' ', '')} "}
        return any(one in f" {normalise(text)} " for text in texts for one in names)


@dataclass(frozen=True)
class Profiles:
    """The profiles that may recognise a sheet; a forced one is the only one, and must fit."""

    known: dict[str, FileProfile]
    forced: str | None = None
    said: str = ""
    """What the import says of its files' source."""
    damaged: tuple[str, ...] = ()
    """Files of profiles that could not be read and were set aside, by the names they have now."""

    @classmethod
    def of_store(cls, store: Path, *, forced: str | None = None, said: str = "") -> Self:
        """The store's own profiles before those that ship with the program. A damaged one of the store is set aside.

        Raises ProfileError when the forced one is damaged or unknown.
        """
        if forced is not None and kinds(forced):
            raise ProfileError("personal", forced)
        known: dict[str, FileProfile] = {}
        damaged: list[str] = []
        for folder in (store / "profiles", _SHIPPED):
            for path in sorted(folder.glob("*.toml")):
                if path.stem in known or forced not in (None, path.stem):
                    continue
                try:
                    known[path.stem] = _shipped(path) if folder == _SHIPPED else load(path)
                except ProfileError:
                    if forced is not None:
                        raise
                    damaged.append(_set_aside(path))
        if forced is not None and forced not in known:
            raise ProfileError("unknown", forced)
        return cls(known, forced, said, tuple(damaged))

    def recognise(self, sheet: Sheet, asking: Asking | None = None) -> Recognised | None:
        """The sheet by the profile of the most likeness that fits, the store's own first; by a forced one also when its headers
        are only partly there. asking: answers of the steward, and questions about columns that the profile does not know.

        Raises NoTable for a sheet of a system whose layout is not published, unless the steward has it read by its headers.
        """
        if self._is_of_unpublished(sheet, asking or Asking(sheet.file, sheet.name)):
            return None
        population = long_table(sheet)
        plain = population.sheet if population else sheet
        shapes = [(name, shape) for name, profile in self.known.items() for shape in profile.sheet]
        fitting = [(name, shape) for name, shape in shapes if shape.fits(plain)]
        if not fitting and self.forced:
            fitting = [(name, shape) for name, shape in shapes if not missing_fields(shape.apply(plain, name))]
            if not fitting:
                raise ProfileError("misfit", self.forced)
        if not self.forced:
            fitting = [(name, shape) for name, shape in fitting if shape.likeness(plain) >= _ALIKE]
        if not fitting:
            return None
        name, shape = max(fitting, key=lambda one: one[1].likeness(plain))  # the first of equals
        found = shape.apply(plain, name, asking)
        return replace(without_free_text(found), dropped=population.dropped if population else 0)

    def _is_of_unpublished(self, sheet: Sheet, asking: Asking) -> bool:
        """The sheet is said to be of a system of unknown layout, and is to be read by its headers. Raises NoTable."""
        texts = (sheet.file, sheet.name or "", self.said, *(text for _, text in sheet.titles))
        for name, profile in self.known.items():
            if profile.system and (profile.is_awaited_by(texts) or (name == self.forced and not profile.sheet)):
                answer = asking.decide(
                    "unpublished", (LEAVE_OUT, TAKE), value=profile.system, rows=sheet.rows.height, lasting=False
                )
                if answer == LEAVE_OUT:
                    raise NoTable("encounter", (), 0, "left_out")
                return True
        return False


def _set_aside(path: Path) -> str:
    """Rename a damaged profile, so that the next import does not meet it; the name it has now."""
    aside = path.with_suffix(".toml.damaged")
    path.replace(aside)
    return aside.name


def load(path: Path) -> FileProfile:
    """Read a profile. Raises ProfileError."""
    try:
        return FileProfile.model_validate(tomllib.loads(text_of(path)))
    except (OSError, ValueError, ValidationError, RecursionError):
        raise ProfileError("damaged", path.stem) from None


@cache
def _shipped(path: Path) -> FileProfile:
    """A profile that ships with the program and stays as it is. Raises ProfileError."""
    return load(path)


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
        for match in (match for match in columns if match.how not in ("counts", "times")):  # made anew in each file
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
    record(store, "wrote", {"file": f"profiles/{path.name}"})
    return path


def _quoted(text: str) -> str:
    """A TOML basic string."""
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c >= " " and c != "\x7f" else f"\\u{ord(c):04x}" for c in escaped) + '"'

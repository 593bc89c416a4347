"""Lines that are only ever added: what people write beside the numbers (targets, notes, briefings, hypotheses, watches).

One JSON object per line, oldest first; a later line on the same thing replaces or withdraws the earlier one, and nothing is
erased. A ledger belongs to the store, not to a generation: an import or a rollback leaves it alone.
"""

import re
from collections.abc import Iterable, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import ClassVar, Generic, Literal, Self, TypeVar

from pydantic import BaseModel, ConfigDict

from data.store import json_lines
from data.store.acting import record
from data.store.durable import write_durably
from data.store.lock import locked, locked_file
from data.store.small_file import text_of
from data.store.trouble import told

_PATIENCE = 30
"""Seconds to wait for another writer, who needs a fraction of one."""


class Act(BaseModel):
    """A line on a thing that can be set anew and withdrawn."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    what: Literal["set", "withdrawn"] = "set"

    @property
    def key(self) -> str:
        """What a later line replaces."""
        raise NotImplementedError


L = TypeVar("L", bound=BaseModel)
A = TypeVar("A", bound=Act)


@dataclass(frozen=True)
class Log(Generic[L]):
    """A file of lines. Cheap to make; reads its file when asked."""

    path: Path
    model: type[L]
    is_act: bool = True
    """Whether a line is somebody's act, which the log of the store tells, too."""

    def lines(self) -> tuple[L, ...]:
        """Every line ever written, oldest first; none when there is no file. Raises StoreError (see `json_lines.read`)."""
        return json_lines.read(self.path, self.model.model_validate_json)

    def append(self, line: L) -> L:
        """Add a line: the file is written anew beside the old one and takes its place, so that no crash can tear it.

        Raises StoreError: `busy`, `unwritable`, `no_room`, and what `lines` raises: what cannot be read is not built upon.
        """
        with alone(self.path.parent), told(self.path.parent, "", writing=True):
            write_durably(self.path, self.text_with(line))
        if self.is_act:
            self._tell(line)
        return line

    def _tell(self, line: L) -> None:
        folder, name = self.path.parent, getattr(line, "key", "") or getattr(line, "id", "")
        state = {"state": "withdrawn"} if getattr(line, "what", "") == "withdrawn" else {}
        record(folder.parent, "wrote", {"file": f"{folder.name}/{self.path.name}", "id": str(name), **state})

    def text_with(self, line: L) -> str:
        """The whole file with one more line. Raises what `lines` raises."""
        self.lines()
        before = text_of(self.path) if self.path.exists() else ""
        if before and not before.endswith("\n"):  # as an editor may leave it
            before += "\n"
        return before + json_lines.text([line.model_dump(mode="json")])


@dataclass(frozen=True)
class LogFolder:
    """A folder of a store that logs stand in. Cheap to make; files are read on every call."""

    folder: Path
    NAME: ClassVar[str]
    """Of the folder."""

    @classmethod
    def of(cls, store: Path) -> Self:
        """Return that of a store folder."""
        return cls(store / cls.NAME)


class ActLog(Log[A]):
    """A log of things that are set, set anew and withdrawn."""

    def in_force(self) -> tuple[A, ...]:
        """The latest line on every thing that has not been withdrawn, in the order the things first came."""
        return in_force(self.lines())

    def withdraw(self, key: str, **changes: object) -> A | None:
        """Withdraw what is in force by this key; the line written, with `changes` to it. None when there is no such thing."""
        with alone(self.path.parent):
            found = next((line for line in self.in_force() if line.key == key), None)
            if found is None:
                return None
            return self.append(found.model_copy(update={"time": now(), "what": "withdrawn", **changes}))


def alone(folder: Path) -> AbstractContextManager[None]:
    """Nobody else writes to the logs of a folder meanwhile. Raises StoreError: `busy`, `unwritable`, `not_a_folder`.

    A lock of the folder's own, so that a long import keeps nobody from writing; it may be taken again within itself.
    """
    return locked(folder, _PATIENCE)


def alone_with(file: Path) -> AbstractContextManager[None]:
    """Nobody else changes a list beside the keys meanwhile, which several stores may share. Raises as `alone`."""
    return locked_file(file, _PATIENCE)


def in_force(lines: Sequence[A]) -> tuple[A, ...]:
    """The latest line on every thing that has not been withdrawn, in the order the things first came."""
    latest = {line.key: line for line in lines}
    return tuple(line for line in latest.values() if line.what == "set")


def next_number(ids: Iterable[str]) -> int:
    """One more than the greatest number that an id ends in, so that no id is used twice.

    >>> next_number(["W-2", "W-10"]), next_number([])
    (11, 1)
    """
    return 1 + max((int(found[0]) for one in ids if (found := re.search(r"\d+$", one))), default=0)


def now() -> datetime:
    """The time of a line: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)

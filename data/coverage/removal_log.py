"""What was taken out, when and how much, and never of whom: in a log of the store, and in a list beside its key file.

No backup of the store can bring back an older list (`store.keys.removals`), so that a restore makes deletions again that it does
not know of (`data.coverage.repeating`). Stores may share a key file, and so a list: a line names the deliveries it was about.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from contextlib import nullcontext, suppress
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict

from data.coverage.deliveries import Delivery
from data.store.durable import write_durably
from data.store.json_lines import text
from data.store.keys import file_beside_keys
from data.store.ledger import Log, alone, alone_with
from data.store.store import Store, StoreError

REMOVALS = "sources/removals.jsonl"


class Removal(BaseModel):
    """A line of the log: what was removed and how much of it. A client is never named."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    what: Literal["client", "source", "delivery", "age"]
    source: str = ""
    first_day: date | None = None
    last_day: date | None = None
    delivery: int | None = None
    deliveries: tuple[tuple[int, datetime, str], ...] = ()
    """Number, time and the beginning of the digest of those it was about: numbers alone are given again."""
    generation: int = 0
    """The version without it; 0: every version is."""
    taken_back: bool = False
    """Whether an earlier version serves again. It is kept: the later one may come back, too."""
    rows: int
    returned: int = 0
    """Rows that are again as they were before a delivery."""

    @property
    def deletion(self) -> tuple[object, ...]:
        """What tells one from every other, whether it has been taken back or not."""
        return self.time, self.what, self.source, self.first_day, self.last_day, self.delivery, self.generation


Change = Callable[[tuple[Removal, ...]], tuple[Removal, ...]]


def removals(store: Path) -> Log[Removal]:
    """The log of a store."""
    return Log(store / REMOVALS, Removal, is_act=False)


def removal_of(**content: object) -> Removal:
    """A line of the log."""
    return Removal.model_validate({"time": datetime.now(UTC).replace(microsecond=0), **content})


def note(store: Store, **content: object) -> None:
    """Write a line to the log, and to the list beside the keys, without which the deletion is made all the same."""
    removals(store.path).append(removal_of(generation=store.serving().number, **content))
    is_listed(store.path)


def named(one: Delivery) -> tuple[int, datetime, str]:
    """How a line names a delivery."""
    return one.number, one.made, one.digest[:16]


def list_beside_keys(store: Path) -> Path:
    """The list beside the key file of a store."""
    return file_beside_keys(store, ".removals")


def removals_in(path: Path) -> tuple[Removal, ...]:
    """The deletions of a list, oldest first; none when there is none. Raises StoreError, also for an empty one."""
    return Log(path, Removal).lines()


def is_listed(store: Path) -> bool:
    """Add to the list beside the keys what it lacks of the store's own log. False where it cannot be read or written."""
    return list_too(store, removals(store).lines())


def list_too(store: Path, lines: Iterable[Removal]) -> bool:
    """Add deletions to the list beside the keys, unless they are there; who was forgotten has a list of their own.

    False where it cannot be read or written.
    """
    wanted = {line.deletion: line for line in lines if line.what != "client"}
    return _changed_beside(store, lambda before: (*before, *_lacking(wanted, before))) if wanted else True


def change_lists(store: Path, change: Change) -> None:
    """Change the lines of the log and of the list beside the keys, as far as they can be read and written."""
    own = store / REMOVALS
    with suppress(StoreError), alone(own.parent) if own.exists() else nullcontext():
        if own.exists():
            _changed(own, change)
        if list_beside_keys(store).exists():
            _changed_beside(store, change)


def _changed_beside(store: Path, change: Change) -> bool:
    """Change the list beside the keys, which several stores may share. False where it cannot be."""
    path = list_beside_keys(store)
    try:
        with alone_with(path):
            return _changed(path, change)
    except StoreError:
        return False


def _changed(path: Path, change: Change) -> bool:
    try:
        before = removals_in(path)
        after = change(before)
        if after != before:
            write_durably(path, text([line.model_dump(mode="json") for line in after]))
    except (OSError, StoreError):
        return False
    return True


def _lacking(wanted: dict[tuple[object, ...], Removal], before: Iterable[Removal]) -> list[Removal]:
    there = {line.deletion for line in before}
    return [line for deletion, line in wanted.items() if deletion not in there]

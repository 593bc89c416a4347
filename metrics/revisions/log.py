"""The log of revisions: STORE/revisions/. It goes with whoever is forgotten, since figures from before would tell of them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict

from data import clock
from data.store import json_lines
from data.store.durable import write_durably
from data.store.generation import Generation
from data.store.lock import locked
from data.store.sealed import sealed, unsealed
from data.store.small_file import text_of
from data.store.store import Store
from data.store.trouble import told
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from metrics.model.needs import Needs, needs
from metrics.revisions.snapshot import FollowedDelivery, FollowedFigure, Snapshot, taken

FOLDER: Final = "revisions"
"""One of `data.store.rewriting.TOLD_OF_NOBODY`."""
MOST_LINES = 5_000
"""The oldest go."""
_PATIENCE = 15
Why = Literal["definition", "program", "rollback", "withdrawn", "mended", "late", "followed", "other"]


class Revision(BaseModel):
    """A published figure that another release, or another definition, has changed. day: when that was noticed."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    day: date
    release_before: int
    release: int
    why: Why
    before: FollowedFigure
    after: FollowedFigure


@dataclass(frozen=True)
class RevisionLog:
    """What is kept of a store's revisions."""

    store: Store

    @property
    def folder(self) -> Path:
        """Where it is."""
        return self.store.path / FOLDER

    def lines(self) -> tuple[Revision, ...]:
        """Return all revisions, the newest first. Raises StoreError."""
        file = self.folder / "log.jsonl"
        found = file.stat() if file.is_file() else None  # what is no file is told by whoever reads it
        return _lines(file, found.st_mtime_ns, found.st_size) if found else _read(file)

    def note(self) -> int:
        """Look at what visitors see now, and note which figures it revises; the result is their number.

        Nothing is noted of a store that is not open to others: nobody has been told its figures. Raises StoreError, KeyFileError.
        """
        release = self.store.release()
        if release is None:
            return 0
        self.folder.mkdir(exist_ok=True, mode=0o700)
        with locked(self.folder, _PATIENCE):
            before = self._snapshot()
            if before is not None and before.is_of(release):
                return 0
            now = taken(self.store, release)
            if not self._still_shows(now):
                return 0
            found = [*revised(before, now, release)] if before is not None else []
            with told(self.store.path, "", writing=True):
                if found:
                    kept = json_lines.read(self.folder / "log.jsonl", Revision.model_validate_json)
                    lines = [one.model_dump(mode="json") for one in (*kept, *found)][-MOST_LINES:]
                    write_durably(self.folder / "log.jsonl", json_lines.text(lines))
                write_durably(self.folder / "newest.json", sealed(now.model_dump(mode="json")))
            if not self._still_shows(now):
                for name in ("log.jsonl", "newest.json"):
                    (self.folder / name).unlink(missing_ok=True)
                return 0
        return len(found)

    def _still_shows(self, now: Snapshot) -> bool:
        """Whether visitors still see it; else somebody has been forgotten meanwhile, and these figures tell of them."""
        seen = self.store.release()
        return seen is not None and seen.token == now.token

    def _snapshot(self) -> Snapshot | None:
        """The figures that were looked at last; None where there are none, or none that can be read: then it begins anew."""
        try:
            return Snapshot.model_validate(unsealed(text_of(self.folder / "newest.json")))
        except (OSError, ValueError, RecursionError):
            return None


@lru_cache(maxsize=4)
def _lines(file: Path, _changed: int, _size: int) -> tuple[Revision, ...]:
    return _read(file)


def _read(file: Path) -> tuple[Revision, ...]:
    return tuple(sorted(json_lines.read(file, Revision.model_validate_json), key=_order))


def revised(before: Snapshot, now: Snapshot, release: Generation) -> Iterator[Revision]:
    """Yield the figures that both tell, and tell otherwise.

    Of one release that has another token somebody was forgotten, or a store has taken the place of another: nothing is told.
    """
    if before.release > now.release or (before.release == now.release and before.token != now.token):
        return
    known = {one.key: one for one in before.figures}
    today = clock.today()
    for one in now.figures:
        old = known.get(one.key)
        if old is not None and old.told != one.told:
            yield Revision(
                day=today, release_before=before.release, release=now.release, why=_why(one, before, now, release),
                before=old, after=one,
            )  # fmt: skip


def _why(figure: FollowedFigure, before: Snapshot, now: Snapshot, release: Generation) -> Why:
    """Return the first reason that there is, from the surest to what is only likely."""
    if before.marks.get(figure.metric) != now.marks[figure.metric]:
        return "definition"
    if before.counting != now.counting:
        return "program"
    if release.release is not None and release.release.reason == "rollback":
        return "rollback"
    needed = needs(definitions()[figure.metric])
    there, then = set(now.deliveries), set(before.deliveries)
    numbers = {one.number for one in there}
    if any(one.number not in numbers and _bears_upon(one, figure, needed) for one in then):
        return "withdrawn"
    known = {one.number for one in then}
    came = [one for one in there if one.number not in known and _bears_upon(one, figure, needed)]
    if came:
        return "mended" if any(one.mends for one in came) else "late"
    return "followed" if needed.matures or definitions()[figure.metric].kind == "time_to_event" else "other"


def _bears_upon(delivery: FollowedDelivery, figure: FollowedFigure, needed: Needs) -> bool:
    """Whether rows of a delivery may be counted in a figure: of its period, of days that it looks back to, or that follow."""
    period, back = Period.parse(figure.period), dict(needed.looks_back)
    if delivery.table not in {*needed.every_table, *back}:
        return False
    if period.first_day is None or period.last_day is None or not delivery.first_day or not delivery.last_day:
        return True
    first = period.first_day - timedelta(back.get(delivery.table, 0))
    return delivery.first_day <= period.last_day + timedelta(needed.matures) and first <= delivery.last_day


def _order(one: Revision) -> tuple[object, ...]:
    figure = one.after
    last = Period.parse(figure.period).last_day or date.max
    return -one.release, -one.day.toordinal(), len(figure.period), figure.metric, -last.toordinal()

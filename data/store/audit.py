"""The log: who asked, took out, brought in, published, forgot and signed in, and when. Lines are only ever added.

STORE/log/2026-11.jsonl, a file for each month, one hash chain through all of them (`data.store.chain`). A line tells what was
done and with what (metrics, codes, periods, files, numbers of generations), never a value or whom it is about. log/newest.json
holds the number and hash of the newest line, without which lines missing at the end would not show.
"""

from __future__ import annotations

import hashlib
import logging
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Final, Literal

from data.store.chain import FIRST, ChainLine, canonical
from data.store.durable import fsync, write_durably
from data.store.json_lines import lines_of
from data.store.lock import locked
from data.store.sealed import sealed, unsealed
from data.store.small_file import content_of, opened, text_of
from data.store.trouble import told

FOLDER: Final = "log"
MARK: Final = "newest.json"
DAYS: Final = "TILANNEKUVA_LOG_DAYS"
"""Environment variable: after how many days a month's lines are removed."""
_DEFAULT_DAYS = 730
_PATIENCE = 30
"""Seconds to wait for another writer, who needs a fraction of one."""
_TAIL = 1 << 20
"""Bytes at the end of a file that hold its last line for sure."""

What = Literal[
    "asked", "exported", "imported", "published", "released", "rolled_back", "forgot", "welcomed", "deleted", "undone",
    "backed_up", "restored", "sliced", "expired", "held", "repaired", "wrote", "sent",
    "signed_in", "signed_out", "door_opened", "door_locked", "key_refused",
    "removed", "resumed", "mark_lost", "missed",
]  # fmt: skip
"""What a line can tell. `removed`: lines that were too old; `resumed`: the line before was left unfinished; `mark_lost`: the
number of the newest line was not there; `missed`: lines that could not be kept, or of visitors more than an hour's part."""

log = logging.getLogger(__name__)


class LogLine(ChainLine):
    """A line of the log. number: from 1, without gaps; who: never a name; about: ids, codes and numbers by name."""

    number: int
    what: What
    who: str
    about: dict[str, str | int]

    def text(self) -> str:
        """The one way in which this line is written."""
        return canonical(self.model_dump(mode="json"))


@dataclass(frozen=True)
class Noted:
    """What is to become a line."""

    what: What
    who: str
    about: Mapping[str, str | int]
    time: datetime


@dataclass(frozen=True)
class End:
    """Where the chain ends. torn: what a writer that was stopped has left of a line, which may lack its line feed alone
    (`needs_feed`); is_marked: whether the number of the newest line was there.
    """

    number: int = 0
    hash: str = FIRST
    torn: bytes = b""
    needs_feed: bool = False
    is_marked: bool = True


@dataclass(frozen=True)
class AuditLog:
    """The log of a store folder. Cheap to make; files are read on every call."""

    store: Path

    @property
    def folder(self) -> Path:
        """Where its files are."""
        return self.store / FOLDER

    @property
    def is_wanted(self) -> bool:
        """Whether there is anything to keep a log of: no folder and an empty one stay as they are."""
        try:
            return any(self.store.iterdir())
        except OSError:
            return False

    def files(self) -> tuple[Path, ...]:
        """The file of each month, oldest first."""
        return tuple(sorted(self.folder.glob("[0-9][0-9][0-9][0-9]-[0-9][0-9].jsonl")))

    def unreadable(self) -> Iterator[Path]:
        """Its files that cannot be read, or are none: nobody can act while there are such."""
        for file in (*self.files(), self.folder / MARK):
            try:
                opened(file).close()
            except FileNotFoundError:
                continue
            except OSError:
                yield file

    def lines(self) -> Iterator[LogLine]:
        """Every line that can be read, oldest first; `data.store.audit_check` tells whether any is missing. Raises StoreError."""
        for file in self.files():
            with told(self.store, f"{FOLDER}/{file.name}"):
                content = content_of(file)
            yield from (line for raw in lines_of(content) if (line := parsed(raw)))

    def append(self, notes: Sequence[Noted]) -> None:
        """Add lines, and remove months that are too old; nothing where there is no store. Raises StoreError: `busy`,
        `unwritable`, `no_room`.
        """
        if not notes or not self.is_wanted:
            return
        with locked(self.folder, _PATIENCE), told(self.store, "", writing=True):
            end, files = self._end(), self.files()
            month = max([f"{datetime.now(UTC):%Y-%m}", *(file.stem for file in files)])
            file = self.folder / f"{month}.jsonl"
            gone = [one for one in files if one != file and _last_day(one) < _oldest_day()]
            lines = chained(end, [*_of_itself(end), *notes, *_removals(gone, [*files, file])])
            if not end.number and end.is_marked:
                self._mark(0, FIRST)  # first, so that a log without it has lost it
            feed = b"\n" if end.needs_feed and file == files[-1] else b""
            _add(file, feed + b"".join(line.text().encode() + b"\n" for line in lines))
            self._mark(lines[-1].number, lines[-1].hash)
            for one in gone:  # the oldest first: what is left begins where a line says that it does
                one.unlink()

    def newest(self) -> tuple[int, str] | None:
        """Number and hash of the newest line as written beside the lines; None when it is not there or is damaged."""
        try:
            found = unsealed(text_of(self.folder / MARK))
            return int(found["number"]), str(found["hash"])
        except (OSError, ValueError, KeyError, TypeError, RecursionError):
            return None

    def _mark(self, number: int, digest: str) -> None:
        write_durably(self.folder / MARK, sealed({"number": number, "hash": digest}))

    def _end(self) -> End:
        """The end of the chain: the newest line, unless a later one is known to have been there, whose lack then shows."""
        mark, files = self.newest(), self.files()
        last: LogLine | None = None
        torn, needs_feed = b"", False
        for file in reversed(files):
            with opened(file) as content:
                content.seek(max(0, file.stat().st_size - _TAIL))
                tail = content.read()
            lines = lines_of(tail)
            # From the end: the last whole line is nearly always the last one, and every line written comes by here.
            place, last = next(
                ((place, line) for place in range(len(lines) - 1, -1, -1) if (line := parsed(lines[place]))), (-1, None)
            )
            if file == files[-1]:
                torn = b"\n".join(lines[place + 1 :])
                needs_feed = bool(tail) and not tail.endswith(b"\n")
            if last:
                break
        number, digest = (last.number, last.hash) if last else (0, FIRST)
        if mark and (mark[0] > number or (mark[0] == number and mark[1] != digest)):
            return End(*mark, torn, needs_feed)
        return End(number, digest, torn, needs_feed, is_marked=mark is not None or not files)


def parsed(raw: bytes) -> LogLine | None:
    """A line as it was written, None for anything else."""
    try:
        line = LogLine.model_validate_json(raw)
    except ValueError:
        return None
    return line if line.text().encode("utf-8", "replace") == raw and line.hash == line.fingerprint() else None


def chained(end: End, notes: Sequence[Noted]) -> list[LogLine]:
    """Lines that follow the end of a chain."""
    made: list[LogLine] = []
    number, previous = end.number, end.hash
    for note in notes:
        about = {name: _clean(value) for name, value in note.about.items()}
        number += 1
        line = LogLine(
            time=note.time, previous=previous, number=number, what=note.what, who=str(_clean(note.who)), about=about
        )
        made.append(line.with_hash())
        previous = made[-1].hash
    return made


def torn_digest(torn: bytes) -> str:
    """What a `resumed` line tells of the unfinished line before it."""
    return hashlib.sha256(torn).hexdigest()


def days_kept() -> int:
    """After how many days a month's lines are removed; what cannot be understood removes nothing sooner than the default."""
    given = os.environ.get(DAYS, "").strip()
    if not given:
        return _DEFAULT_DAYS
    if given.isdecimal() and 0 < int(given) < 100_000:
        return int(given)
    log.warning("%s is not a number of days: %d is used", DAYS, _DEFAULT_DAYS)
    return _DEFAULT_DAYS


def now() -> datetime:
    """The time of a line: UTC, whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)


def _of_itself(end: End) -> Iterator[Noted]:
    """What the log tells of its own state before it goes on."""
    if end.torn:
        yield Noted("resumed", "log", {"torn": torn_digest(end.torn)}, now())
    if not end.is_marked:
        yield Noted("mark_lost", "log", {}, now())


def _removals(gone: Sequence[Path], files: Sequence[Path]) -> Iterator[Noted]:
    """For each month that goes: where the chain begins when it has gone."""
    for file in gone:
        follower = next(one for one in files if one.stem > file.stem)
        raw = lines_of(content_of(follower)) if follower.exists() else []
        first = next((line for one in raw if (line := parsed(one))), None)
        if first is None:  # the month has not begun, or is damaged: the last line of the one that goes must do
            found = [line for one in lines_of(content_of(file)) if (line := parsed(one))]
            until, last = (found[-1].number, found[-1].hash) if found else (0, FIRST)
        else:
            until, last = first.number - 1, first.previous
        yield Noted("removed", "log", {"month": file.stem, "until": until, "last": last}, now())


def _last_day(file: Path) -> date:
    year, month = map(int, file.stem.split("-"))
    return date(year + month // 12, month % 12 + 1, 1) - timedelta(days=1)


def _oldest_day() -> date:
    return datetime.now(UTC).date() - timedelta(days=days_kept())


def _clean(value: str | int) -> str | int:
    """A text on one line that UTF-8 knows and that is not endless."""
    if isinstance(value, int):
        return value
    line = "".join(char if char.isprintable() else " " for char in value)
    return line[:4000].encode("utf-8", "replace").decode()


def _add(file: Path, content: bytes) -> None:
    """Add to a file and make it last; on failure it is as it was before."""
    descriptor = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0), 0o600)
    try:
        before, written = os.fstat(descriptor).st_size, 0
        try:
            while written < len(content):
                written += os.write(descriptor, content[written:])
            os.fsync(descriptor)
        except OSError:
            os.ftruncate(descriptor, before)
            raise
    finally:
        os.close(descriptor)
    if not before:
        fsync(file.parent)

"""Which releases have been shown to whom, from the log: how many, and never who."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

from data.clock import day_of
from data.store.allowance import VISITOR
from data.store.audit import AuditLog
from data.store.small_file import opened
from data.store.trouble import told

MOST_BYTES = 20_000_000
"""Of the log that are read, from its end: a hundred thousand lines, in a second."""
_LOCAL = ("command line:", "local", "server", "log")
_TELLING = frozenset({"asked", "exported", "sent", "released"})


@dataclass
class ShownRelease:
    """A release and its readers. made: when it was made; until: its last day, where the log tells; visitors: questions that
    visitors have asked (the same one once an hour); people: those who have signed in; files: taken out; recipients: of reports.
    """

    number: int
    made: date | None = None
    until: date | None = None
    visitors: int = 0
    files: int = 0
    recipients: int = 0
    _people: set[str] = field(default_factory=set, repr=False)

    @property
    def people(self) -> int:
        """How many people have asked or taken out something after signing in."""
        return len(self._people)

    @property
    def days(self) -> int | None:
        """How old its data were when it was made."""
        return (self.made - self.until).days if self.made and self.until else None

    def add(self, line: dict[str, Any]) -> None:
        """Count a line of the log."""
        what, who, about = line["what"], str(line["who"]), line["about"]
        if what == "released":
            self.made = day_of(datetime.fromisoformat(str(line["time"])))
            self.until = date.fromisoformat(about["data_until"]) if "data_until" in about else None
            return
        if what == "sent":
            self.recipients += int(about.get("recipients", 0))
        elif what == "exported":
            self.files += 1
        elif who == VISITOR:
            self.visitors += 1
        if what != "sent" and who != VISITOR and not who.startswith(_LOCAL):
            self._people.add(who)


def shown_releases(store: Path, most: int) -> tuple[ShownRelease, ...]:
    """Return the latest releases that the log tells of, the newest first, `most` of them. Raises StoreError."""
    found: dict[int, ShownRelease] = {}
    for line in _lines(store):
        try:
            number = int(line["about"]["release"])
            found.setdefault(number, ShownRelease(number)).add(line)
        except (
            KeyError,
            ValueError,
            TypeError,
            AttributeError,
            OverflowError,
        ):  # no line of a release; whether the log is whole is told elsewhere
            continue
    return tuple(sorted(found.values(), key=lambda one: -one.number)[:most])


def _lines(store: Path) -> Iterator[dict[str, Any]]:
    """Lines that may tell of a release, the newest month first, as far back as is read."""
    left = MOST_BYTES
    for file in reversed(AuditLog(store).files()):
        if left <= 0:
            return
        with told(store, f"log/{file.name}"), opened(file) as content:
            size = content.seek(0, os.SEEK_END)
            content.seek(max(0, size - left))
            raw = content.read(left)
        left -= size
        for line in raw.split(b"\n"):
            if b'"release":' not in line:
                continue
            try:
                parsed = json.loads(line)
            except ValueError:  # the first one may be cut
                continue
            if isinstance(parsed, dict) and parsed.get("what") in _TELLING:
                yield parsed

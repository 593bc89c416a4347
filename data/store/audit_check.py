"""Whether the log is whole: every change, gap, insertion and cut that the files themselves can tell of."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from data.store.audit import FOLDER, AuditLog, LogLine, parsed, torn_digest
from data.store.chain import FIRST
from data.store.json_lines import lines_of
from data.store.small_file import content_of
from data.store.trouble import told

Kind = Literal["broken", "start", "cut", "mark", "mark_lost", "torn"]


@dataclass(frozen=True)
class Finding:
    """Something about the log: a `broken` place, lines that lack at the `start` or the end (`cut`), no number of the newest line
    (`mark`), one that was lost before a line (`mark_lost`); a line that a stop has left unfinished (`torn`), which is no fault.
    """

    kind: Kind
    file: str = ""
    place: int = 0
    number: int = 0
    expected: int = 0


@dataclass(frozen=True)
class LogState:
    """What was found. lines: how many there are; number, hash: of the newest line, which is worth keeping elsewhere."""

    lines: int
    number: int
    hash: str
    findings: tuple[Finding, ...]

    @property
    def is_whole(self) -> bool:
        """Whether nothing was changed or is missing, as far as the files tell."""
        return all(finding.kind == "torn" for finding in self.findings)


@dataclass
class _Walk:
    """What is known of the chain while it is read."""

    found: list[Finding] = field(default_factory=list)
    first: LogLine | None = None
    last: LogLine | None = None
    count: int = 0
    torn: list[tuple[str, int, bytes]] = field(default_factory=list)
    """What is no line, since the last line."""
    starts: set[tuple[int | str, int | str]] = field(default_factory=lambda: {(0, FIRST)})
    """Number and hash of lines after which the log may begin."""

    def broken(self, file: str, place: int) -> None:
        self.found.append(Finding("broken", file, place))

    def take(self, file: str, place: int, line: LogLine) -> None:
        before = self.last
        if before and (line.number, line.previous) != (before.number + 1, before.hash):
            self.broken(file, place)
        if self.torn or line.what == "resumed":
            self._resume(file, place, line)
        if line.what == "mark_lost":
            self.found.append(Finding("mark_lost", file, place, line.number))
        if line.what == "removed":
            self.starts.add((line.about.get("until", -1), line.about.get("last", "")))
        self.first, self.last, self.count = self.first or line, line, self.count + 1

    def _resume(self, file: str, place: int, line: LogLine) -> None:
        """Whether a line says of what stands before it that it was left unfinished."""
        said = line.about.get("torn") if line.what == "resumed" else None
        if self.torn and said == torn_digest(b"\n".join(raw for _, _, raw in self.torn)):
            self.found += [Finding("torn", name, at) for name, at, _ in self.torn]
        else:
            self.broken(*(self.torn[0][:2] if self.torn else (file, place)))
        self.torn.clear()


def check(store: Path) -> LogState:
    """Read the whole log. Raises StoreError when a file cannot be read."""
    log, walk = AuditLog(store), _Walk()
    mark = log.newest()  # before the lines: whoever writes now adds lines first
    marked = FIRST if mark and not mark[0] else ""
    is_ended = True
    for file in log.files():
        with told(store, f"{FOLDER}/{file.name}"):
            content = content_of(file)
        is_ended = not content or content.endswith(b"\n")
        for place, raw in enumerate(lines_of(content) if content else [], 1):
            line = parsed(raw)
            if line is None:
                walk.torn.append((file.name, place, raw))
                continue
            walk.take(file.name, place, line)
            if mark and line.number == mark[0]:
                marked = line.hash
    if walk.torn:
        # A writer that was stopped leaves one line without its end, and nothing after it.
        kind: Kind = "torn" if len(walk.torn) == 1 and not is_ended else "broken"
        walk.found.append(Finding(kind, *walk.torn[0][:2]))
    walk.found += _ends(walk, mark, marked)
    last = walk.last
    return LogState(walk.count, last.number if last else 0, last.hash if last else FIRST, tuple(walk.found))


def _ends(walk: _Walk, mark: tuple[int, str] | None, marked: str) -> Iterator[Finding]:
    first, last = walk.first, walk.last
    if first and (first.number - 1, first.previous) not in walk.starts:
        yield Finding("start", number=first.number)
    if mark is None:
        if last or walk.torn:
            yield Finding("mark")
    elif mark[0] > (last.number if last else 0):
        yield Finding("cut", number=last.number if last else 0, expected=mark[0])
    elif mark[1] != marked and not (first and mark[0] < first.number):
        yield Finding("broken", number=mark[0])

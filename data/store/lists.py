"""The lists that a store keeps: files of lines, of whatever room they are, and which of their lines are damaged.

That a line is whole its checksum tells; that it is a line of this list only those know whose it is (`knows`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from data.refusal import Refusal
from data.store.audit import FOLDER
from data.store.durable import write_durably
from data.store.errors import StoreError
from data.store.json_lines import StrangeLineError, known, lines_of
from data.store.sealed import unsealed_mark
from data.store.small_file import content_of
from data.store.trouble import told

ASIDE = "damaged"
"""Folder of what a repair has set aside."""
MARKS = "sources/forgotten.txt"
"""The one list that is not of JSON: who is to be forgotten."""
_ELSEWHERE = (ASIDE, FOLDER, "cube")
"""Folders without such lists; the log tells itself whether it is whole (`data.store.audit_check`)."""
Parse = Callable[[bytes], object]


@dataclass(frozen=True)
class Kinds:
    """What a room keeps in a store. lines: by the pattern of a file what makes something of a line without its checksum, or
    raises ValueError or TypeError; others: what is wrong with its other files; replaced: those of them that are damaged, and that
    nobody needs any more.
    """

    lines: Mapping[str, Parse]
    others: Callable[[Path], Iterable[Refusal]] = lambda _store: ()
    replaced: Callable[[Path], Iterable[Path]] = lambda _store: ()


_known: dict[str, Callable[[], Kinds]] = {}


def knows(room: str, kinds: Callable[[], Kinds]) -> None:
    """From now on a check knows what a room keeps."""
    _known[room] = kinds


def every_kind() -> tuple[Kinds, ...]:
    """Return what is known of the rooms."""
    return tuple(load() for load in _known.values())


def lists(store: Path) -> list[Path]:
    """Everything that stands where a list does, also what is no file."""
    marks = store / MARKS
    found = (*store.glob("*/*.jsonl"), *([marks] if marks.exists() or marks.is_symlink() else []))
    return sorted(file for file in found if file.parent.name not in _ELSEWHERE)


@dataclass(frozen=True)
class BadLines:
    """Numbers of the lines of a list that are damaged, and of those that are whole and not known."""

    damaged: tuple[int, ...] = ()
    strange: tuple[int, ...] = ()


def bad_lines(store: Path, file: Path, kinds: Iterable[Kinds]) -> BadLines:
    """Look at every line of a list. Raises StoreError: `unreadable`."""
    name = file.relative_to(store).as_posix()
    with told(store, name):
        try:
            content = content_of(file)
        except FileNotFoundError:  # somebody has just removed it
            return BadLines()
    if not content and file.suffix == ".txt":  # the last mark may have been taken off the list
        return BadLines()
    parse = next((parse for one in kinds for form, parse in one.lines.items() if fnmatch(name, form)), bytes)
    damaged, strange = [], []
    for number, line in enumerate(lines_of(content), 1):
        try:
            unsealed_mark(line) if file.suffix == ".txt" else known(line, parse)
        except StrangeLineError:
            strange.append(number)
        except (ValueError, TypeError, RecursionError):
            damaged.append(number)
    return BadLines(tuple(damaged), tuple(strange))


def refusals(store: Path, kinds: Iterable[Kinds]) -> Iterable[StoreError]:
    """Yield the first damaged line of each list, and the first that is not known; what stands in the place of a list."""
    for file in lists(store):
        try:
            found = bad_lines(store, file, kinds)
        except StoreError as error:
            yield error
            continue
        for reason, numbers in (("damaged_line", found.damaged), ("strange_line", found.strange)):
            if numbers:
                yield StoreError(reason, file, str(numbers[0]))


def without(file: Path, bad: Iterable[int]) -> None:
    """Move lines of a list into another file beside it, where they are before they are gone here. Raises OSError."""
    lines, gone = lines_of(content_of(file)), set(bad)
    aside = file.with_name(file.name + ".damaged")
    before = content_of(aside) if aside.exists() else b""
    write_durably(aside, before + b"".join(lines[number - 1] + b"\n" for number in sorted(gone)))
    kept = [line for number, line in enumerate(lines, 1) if number not in gone]
    if kept:
        write_durably(file, b"".join(line + b"\n" for line in kept))
    else:
        file.unlink()

"""How much of the log those may fill whom nobody knows: a flood of questions must not fill the disk, nor hide other lines."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final

VISITOR: Final = "visitor"
"""Who the log says it was when nobody has signed in."""
MOST_LINES: Final = 1_000
MOST_BYTES: Final = 1_000_000
"""Of all visitors together, in an hour."""
_HOUR = 3600.0
_AROUND = 320
"""Bytes of a line besides what it tells: number, time, who and two hashes."""


class Allowance:
    """What visitors have left of the hour, and how many lines were left out that the log has not told of yet."""

    def __init__(self, clock: Callable[[], float]) -> None:
        self._clock = clock
        self._ends = 0.0
        self._lines = self._bytes = self._left_out = 0
        self._is_told = False

    def has_room(self) -> bool:
        """Return whether another line may be written; where not, count it as left out."""
        if self._clock() >= self._ends:
            self._ends = self._clock() + _HOUR
            self._lines = self._bytes = 0
            self._is_told = False
        if self._lines < MOST_LINES and self._bytes < MOST_BYTES:
            return True
        self._left_out += 1
        return False

    def take(self, about: Mapping[str, str | int]) -> None:
        """A line is written that tells this."""
        self._lines += 1
        self._bytes += _AROUND + sum(len(f"{name}{value}".encode("utf-8", "replace")) for name, value in about.items())

    def left_out(self, *, at_end: bool) -> int:
        """Return how many left out lines are to be told of now: as soon as there is one, then at the end of the hour.

        at_end: of the program, when all are told of.
        """
        if not self._left_out or (self._is_told and not at_end and self._clock() < self._ends):
            return 0
        found, self._left_out, self._is_told = self._left_out, 0, True
        return found

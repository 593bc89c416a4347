"""Events that repeat without end, as when somebody sends what no page would send: a log must not grow by what visitors do."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from typing import Final

MOST: Final = 20
"""How often the same event is told in an hour."""
_HOUR = 3600.0
_MOST_KINDS = 500
"""Events that are told apart; beyond it the oldest begins anew."""
LEFT_OUT: Final = "left_out"
"""Attribute of a record: how many like it were not told since the last one."""


class Seldom:
    """A filter of records: of those from one place, of one level and one kind of error, some an hour are told."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._told: dict[object, tuple[float, int, int]] = {}

    def __call__(self, record: logging.LogRecord) -> bool:
        """Return whether a record is told. Handlers call this one at a time."""
        error = record.exc_info[0] if record.exc_info else None
        kind = (record.name, record.pathname, record.lineno, record.levelno, error)
        since, count, left_out = self._told.get(kind, (self._clock(), 0, 0))
        if self._clock() - since >= _HOUR:
            since, count = self._clock(), 0
        is_told = count < MOST
        if is_told and left_out:
            setattr(record, LEFT_OUT, left_out)
        self._told[kind] = since, count + 1, 0 if is_told else left_out + 1
        while len(self._told) > _MOST_KINDS:
            del self._told[next(iter(self._told))]
        return is_told

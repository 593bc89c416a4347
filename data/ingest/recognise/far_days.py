"""Days far from all others of a file: one row of 2052 or of 1970 is a slip of the pen and would move the end of the data."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import polars as pl

from data.ingest.recognise.asking import REJECT, Asking

KEEP = "keep"
"""Answer: the rows are as they should be."""

LEAST_ROWS, FEW_ROWS = 4, 20
"""Fewer rows tell nothing of each other; up to FEW_ROWS only years apart are far."""

FAR, FAR_OF_FEW = timedelta(days=183), timedelta(days=3 * 365)
"""The least distance from all other days."""

_TIMES = 10
"""How many times the usual distance between the days of the file."""

_TOLD = 3
"""Days named in the question."""

_SHARE = 0.02
"""Most rows that a slip of the pen is in, as a share of all; one at least."""


def rejected_days(days: pl.Series, header: str, table: str, asking: Asking) -> frozenset[date]:
    """The days whose rows are rejected: those far from all others, unless the steward says that they are right."""
    far = far_days(days)
    if not far:
        return far
    is_far = days.is_in(far).fill_null(value=False)
    others = days.filter(~is_far).drop_nulls()
    answer = asking.decide(
        "far_dates", (REJECT, KEEP), table=table, about=header, rows=int(is_far.sum()), lasting=False,
        days=", ".join(_written(day) for day in sorted(far)[:_TOLD]), first=_written(others.min()), last=_written(others.max()),
    )  # fmt: skip
    return far if answer == REJECT else frozenset()


def far_days(days: pl.Series) -> frozenset[date]:
    """The days of few rows that lie far before or after all others. days: one per row, null where there is none.

    >>> some = [date(2025, 3, number % 28 + 1) for number in range(40)]
    >>> far_days(pl.Series([*some, date(2052, 3, 3)])), far_days(pl.Series([*some, date(2025, 4, 3)]))
    (frozenset({datetime.date(2052, 3, 3)}), frozenset())
    """
    counted = days.drop_nulls().value_counts(name="rows").sort(days.name)
    different, rows = counted[days.name].to_list(), counted["rows"].to_list()
    total = sum(rows)
    if total < LEAST_ROWS:
        return frozenset()
    most = max(1, int(_SHARE * total))
    last = _beyond(different, rows, most, total)
    first = _beyond(different[::-1], rows[::-1], most, total)
    return frozenset((*last, *first))


def _beyond(different: Sequence[date], rows: Sequence[int], most: int, total: int) -> Sequence[date]:
    """The days at the end of the list that are far from those before them; in the order of the list, whichever way it goes."""
    counted = 0
    for place in range(len(different) - 1, 0, -1):
        counted += rows[place]
        if counted > most:
            break
        usual = abs(different[place - 1] - different[0]) / max(1, place - 1)
        least = max(FAR_OF_FEW if total <= FEW_ROWS else FAR, _TIMES * usual)
        if abs(different[place] - different[place - 1]) > least:
            return different[place:]
    return ()


def _written(day: Any) -> str:
    return f"{day.day}.{day.month}.{day.year}"

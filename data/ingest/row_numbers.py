"""Columns of clients' numbers that number the rows: each is the next one, of the whole list or of a day."""

from __future__ import annotations

import polars as pl

from data.ingest.anonymous import ANONYMOUS, SAME
from data.ingest.recognise.asking import Asking

_ROWS = 20
"""Rows with a number from which on they tell that it is the row's: fewer follow each other by chance, or were all new."""
_STEPS = 0.95
"""The least part of the rows whose number is the next one, or the first one again."""
_NEXT = 0.5
"""The least part whose number is the next one: a 1 on every row is everybody's number, which is another question."""
_DIGITS = r"^[0-9]{1,9}(?:[.,]0+)?$"


def without_row_numbers(cells: pl.Series, header: str, table: str, asking: Asking) -> tuple[pl.Series, int]:
    """Cleaned identifiers, or none where they number the rows, unless the steward says that they are clients' all the same; the
    rows that had one.
    """
    if not _follow_each_other(cells.drop_nulls()):
        return cells, 0
    rows = cells.len() - cells.null_count()
    if asking.decide("row_numbers", (ANONYMOUS, SAME), table=table, about=header, rows=rows) == SAME:
        return cells, 0
    return cells.clear(cells.len()), rows


def _follow_each_other(known: pl.Series) -> bool:
    """Whether the numbers rise or fall by one from row to row, or begin again from one.

    >>> lists = ([*range(1, 31)], [1, 2, 3] * 10, [7] * 30, [3, 9, 4] * 9)
    >>> [_follow_each_other(pl.Series(map(str, numbers))) for numbers in lists]
    [True, True, False, False]
    """
    if known.len() < _ROWS or not known.str.contains(_DIGITS).all():
        return False
    numbers = known.str.replace(r"[.,]0+$", "").cast(pl.Int64)
    for way in (numbers, numbers.reverse()):
        step = way.diff().slice(1)
        is_next, begins = step == 1, (way.slice(1) == 1) & (step != 1)
        if ((step < 1) & ~begins).any():
            continue  # somebody who was there has come again
        if is_next.mean() >= _NEXT and (is_next | begins).mean() >= _STEPS:  # type: ignore[operator]
            return True
    return False

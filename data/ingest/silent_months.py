"""Months of which a file says nothing between others of which it does, without rows or any value in a column, or not all: some of
the rows were rejected.

An export may have a column that nobody filled in before the summer, or lack the spring: both look like nobody. What so few rows
say that it may be chance is left as it is.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from statistics import median

import polars as pl

from data.coverage.deliveries import months_of, short_month
from data.ingest import rejects
from data.ingest.checking import Checked
from data.ingest.merged_values import PROGRESS
from data.ingest.recognise.asking import Asking, Decision
from data.model.records import TABLES
from data.model.schema import columns
from data.model.unknown import is_of_every_row, is_unknown

LACKING, NONE = "lacking", "none"
"""Answers: the file lacks rows of these months, or there were none."""

_STEADY = ("encounter", "referral")
"""Tables of which rows come every month; what begins once in a term has months without any."""

_EXPECTED = 12
"""How many rows with a value would be expected at least in months that have none: fewer are none by chance."""

_PART = 10
"""A month with fewer rows, or values, than the usual number by this is as one without any: a stray one tells of no month."""

_STEADY_FROM = 6
"""Months with rows from which on they tell how many rows are usual, however long there are none. Fewer tell it of as many months
without as there are of them: a file of a March and a September has its own reasons, a quarter may lack its February."""

_LOST_PART, _LOST_ROWS = 0.05, 3
"""A month of which a part of the rows was rejected is known in part: from a twentieth of them, and three, on. A month of 400 rows
differs by as much from the next one by chance, and one of few by more; what is larger may look like a change that is none."""

_MONTH, _ROWS, _TOLD, _BAD = "month", "rows", "told", "bad"
_SILENT, _REJECTED = "silent_months", "silent_months_rejected"
"""Questions: of months without rows, and of those where rows were rejected that may be of these months."""


@dataclass(frozen=True)
class RejectedMonths:
    """months: those in which every row of a sheet was rejected; undated: rejected rows of which no day could be read; rows: all
    rows of each month, and the rejected ones among them."""

    months: tuple[date, ...] = ()
    undated: int = 0
    rows: tuple[tuple[date, int, int], ...] = ()

    def parts(self, undated: int) -> Iterator[tuple[date, float]]:
        """Yield the months known in part (`_LOST_PART`) with the share of their rows that was rejected.

        undated: rows without a day that may be of any of the months: of each, as many as it has of all rows with one.
        """
        every = sum(rows for _, rows, _ in self.rows)
        for month, rows, bad in self.rows:
            without_day = undated * rows / every
            part = (bad + without_day) / (rows + without_day)
            if bad < rows and bad + without_day >= _LOST_ROWS and part >= _LOST_PART:
                yield month, part


def rejected_months(checked: Checked) -> RejectedMonths:
    """Return the months of which a sheet has rows and none that is good: nothing is known of them, however few the rows are."""
    day = TABLES[checked.recognised.table].day
    if day is None or checked.rejected.is_empty():
        return RejectedMonths()
    bad = checked.rejected.select(rejects.INDEX).unique().drop_nulls().with_columns(pl.lit(True).alias(_BAD))
    rows = checked.days.join(bad, on=rejects.INDEX, how="left").with_columns(
        pl.col(_BAD).fill_null(value=False), pl.col(day).dt.truncate("1mo").alias(_MONTH)
    )  # fmt: skip
    undated = rows.filter(_BAD, pl.col(_MONTH).is_null()).height + len(checked.recognised.sheet.broken)
    dated = rows.drop_nulls(_MONTH)
    months = dated.group_by(_MONTH).agg(pl.len().alias(_ROWS), pl.col(_BAD).sum()).sort(_MONTH)
    counted = tuple(months.select(_MONTH, _ROWS, _BAD).iter_rows())
    return RejectedMonths(tuple(month for month, of_month, bad in counted if bad == of_month), undated, counted)


def silent_months(
    frame: pl.DataFrame, table: str, given: Collection[str], header: str, asking: Asking,
    lost: RejectedMonths = RejectedMonths(), said: tuple[date, date] | None = None,
) -> tuple[str, ...]:  # fmt: skip
    """Return what a sheet does not tell of which months, as `Delivery.silent`.

    frame: its rows as they are stored; given: the fields that it has columns for; header: of its day; asking: takes the question
    whether rows lack; lost: what was rejected of it; said: the period that was said of the sheet, in which no rows lack unless
    some were rejected without a day.
    """
    day = TABLES[table].day
    if day is None or frame.is_empty():
        return ()
    months = frame.with_columns(pl.col(day).dt.truncate("1mo").alias(_MONTH))
    found = [_written(month) for month in lost.months]
    lacking = _without_rows(months, table, header, asking, lost, said) if said is None or lost.undated else []
    found += [_written(month) for month in lacking]
    # Rows without a day are those of months without any, where such lack.
    parts = lost.parts(0 if lacking else lost.undated)
    found += [short_month(month, part) for month, part in parts if month not in lacking]
    later = PROGRESS[table].columns if table in PROGRESS else ()
    for column in columns(TABLES[table]):
        if column.field in given and column.name in frame.columns and is_of_every_row(column, later):
            told = months.group_by(_MONTH).agg(
                pl.len().alias(_ROWS), is_unknown(column).not_().sum().alias(_TOLD)
            ).sort(_MONTH)  # fmt: skip
            found += [f"{_written(month)} {column.field}" for month in _without_value(told)]
    return tuple(found)


def has_none(one: Decision) -> bool:
    """Whether a person has said that there were no rows in months without any, so that the file tells of these."""
    return one.question.kind in (_SILENT, _REJECTED) and one.answer == NONE


def _without_value(months: pl.DataFrame) -> Iterator[date]:
    """Yield months in which nobody filled a column in, where it would have been in enough rows at the rate of the others.

    A month without rows between two of these is one, too: else it alone would seem to have the column, and tell that nobody came.
    """
    rows, told = int(months[_ROWS].sum()), int(months[_TOLD].sum())
    for run in _runs(months, told / rows):
        of_run, told_of_run = sum(count for _, count, _ in run), sum(few for *_, few in run)
        rate = (told - told_of_run) / (rows - of_run) if told > told_of_run else 1.0
        if of_run * rate >= _EXPECTED:
            yield from months_of(run[0][0], run[-1][0])


def _runs(months: pl.DataFrame, usual: float) -> Iterator[Sequence[tuple[date, int, int]]]:
    """The runs of months with hardly a value, each month with its rows and those with one. usual: part of all that has one."""
    run: list[tuple[date, int, int]] = []
    for month, rows, told in months.select(_MONTH, _ROWS, _TOLD).iter_rows():
        if told * _PART >= rows * usual and told:
            yield run
            run = []
        else:
            run.append((month, rows, told))
    yield run


def _without_rows(
    months: pl.DataFrame, table: str, header: str, asking: Asking, lost: RejectedMonths, said: tuple[date, date] | None
) -> list[date]:
    counted = dict(months.group_by(_MONTH).len().sort(_MONTH).iter_rows())
    there = [month for month, rows in counted.items() if rows * _PART >= median(counted.values())]
    if table not in _STEADY or len(there) < 2:
        return []
    longest = len(there) if len(there) < _STEADY_FROM else None
    usual, holes, known = (
        sum(counted[month] for month in there) / len(there),
        list[list[date]](),
        {*there, *lost.months},
    )
    for is_there, run in groupby(months_of(*(said or (min(counted), max(counted)))), known.__contains__):
        hole = [] if is_there else list(run)
        is_between = bool(hole) and there[0] < hole[0] < there[-1]
        if len(hole) * usual >= _EXPECTED and (longest is None or (is_between and len(hole) <= longest)):
            holes.append(hole)
    if not holes:
        return []
    named = ", ".join(map(_said, holes))
    answer = asking.decide(
        _REJECTED if lost.undated else _SILENT, (LACKING, NONE), table=table, about=header, value=named, rows=lost.undated,
        lasting=False, months=named,
    )  # fmt: skip
    return [month for hole in holes for month in hole] if answer == LACKING else []


def _said(hole: Sequence[date]) -> str:
    ends = [f"{month.month}/{month.year}" for month in (hole[0], hole[-1])]
    return "–".join(dict.fromkeys(ends))


def _written(month: date) -> str:
    return f"{month:%Y-%m}"

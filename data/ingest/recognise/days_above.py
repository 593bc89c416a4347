"""Days written on the first row of each group only: whether the day above is meant is asked, and no row gets one unasked."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data.ingest.recognise.asking import REJECT, Asking
from data.ingest.recognise.recognised import Recognised
from data.model.records import TABLES

ABOVE = "above"
"""Answer: a row without a day is of the day above it."""

_MANY, _LEAST = 0.2, 2
"""Rows without a day below one with a day, as a share and as a number, that are more than slips of the pen."""


def with_days_above(found: Recognised, asking: Asking) -> Recognised:
    """The sheet with the days that the steward says are meant. Rows without one are rejected otherwise."""
    day = TABLES[found.table].day
    matches = found.of_field(day) if day else ()
    rows = found.sheet.rows
    if not matches or not rows.height:
        return found
    column = matches[0].column
    filled = rows.with_columns(pl.col(column).forward_fill())
    empty = rows[column].null_count() - filled[column].null_count()
    if empty < max(_LEAST, _MANY * rows.height):
        return found
    answer = asking.decide(
        "day_above", (REJECT, ABOVE), table=found.table, about=matches[0].header, rows=empty, total=rows.height
    )
    return replace(found, sheet=replace(found.sheet, rows=filled)) if answer == ABOVE else found

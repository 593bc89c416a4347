"""Totals that have a day and no name: nothing else but numbers, each of them the sum of the rows above it."""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data.ingest.recognise import signs
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import Recognised
from data.model.records import TABLES
from data.model.schema import field_column

_NEAR = 1e-6


def sums_above(found: Recognised) -> pl.Expr | None:
    """A condition of the rows that are such totals; None when there is none.

    A sum is of the rows since the last total or of all of them. A row whose numbers are no sums is none, whatever it lacks.
    """
    model = TABLES[found.table]
    rows = found.sheet.rows
    days = [match.column for match in found.of_field(model.day)] if model.day else []
    naming = _naming(found, days)
    others = [name for name in rows.columns[1:] if name not in (*naming, *days)]
    if not days or not naming or not others or not all(rows[name].null_count() for name in naming):
        return None
    likely = rows.select(
        pl.all_horizontal(pl.col(name).is_null() for name in naming)
        & pl.all_horizontal(pl.col(name).is_not_null() for name in days)
        & pl.all_horizontal(pl.col(name).is_null() | pl.col(name).str.contains(r"^[\d., ]+$") for name in others)
        & pl.any_horizontal(pl.col(name).is_not_null() for name in others)
    ).to_series()
    totals = _summing(rows.select(others), likely.arg_true().to_list())
    return pl.col("row").is_in(rows["row"].gather(totals).to_list()) if totals else None


def _naming(found: Recognised, days: Sequence[str]) -> list[str]:
    """The columns besides the day that a record cannot be without, and those of its numbers and its client's."""
    model = TABLES[found.table]
    return [
        match.column
        for match in found.columns
        if match.column not in days
        and not match.mark
        and (model.model_fields[match.field].is_required() or field_column(model, match.field).identity)
    ]


def _summing(cells: pl.DataFrame, likely: Sequence[int]) -> list[int]:
    """The places of the likely rows whose every number is a sum of rows above."""
    found: list[int] = []
    if not likely:
        return found
    columns = [cells[name].to_list() for name in cells.columns]
    for place in likely:
        since = found[-1] + 1 if found else 0
        if any(
            all(_is_sum(column, place, [one for one in above if one not in found]) for column in columns)
            for above in (range(since, place), range(place))
        ):
            found.append(place)
    return found


def _is_sum(column: Sequence[str | None], place: int, above: Sequence[int]) -> bool:
    """The cell is empty, or the sum of two cells or more."""
    total = column[place]
    if total is None:
        return True
    numbers = [signs.number(text) for row in (*above, place) if (text := column[row]) is not None]
    known = [number for number in numbers if not isinstance(number, Problem)]
    return len(known) == len(numbers) > 2 and abs(sum(known[:-1]) - known[-1]) < _NEAR

"""Questions about a column: how it is called, and what of its values may be told: counts, never a value."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import polars as pl

from data.ingest.readers import Sheet
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.groups import own_text


def column_asked(asking: Asking, table: str, sheet: Sheet, header: str, field: str, options: tuple[str, ...]) -> str:
    """What a column is: a field of the table or LEAVE_OUT. field: what it looks like, empty when it may be of several."""
    column = f"c{sheet.header.index(header)}"
    params: dict[str, Any] = {"field": field} if field else {}
    params |= {"column": called(sheet, column, header)} | counts_of(sheet.rows[column])
    return asking.decide("column", options, table=table, about=header, rows=sheet.rows.height, **params)


def columns_asked(asking: Asking, table: str, sheet: Sheet, field: str, headers: Sequence[str]) -> str:
    """Which of several columns, by header, is a field; LEAVE_OUT for none, and until the steward says so. The likeliest first."""
    params: dict[str, Any] = {}
    for place, header in enumerate(headers):
        column = f"c{sheet.header.index(header)}"
        params[f"name.{place}"] = called(sheet, column, header)
        params |= {f"{name}.{place}": count for name, count in counts_of(sheet.rows[column]).items()}
    return asking.decide(
        "columns", (LEAVE_OUT, *headers), table=table, about=field, rows=sheet.rows.height, field=field,
        names=", ".join(headers), **params,
    )  # fmt: skip


def called(sheet: Sheet, column: str, header: str) -> str:
    """A column's header under that of its group, if it has one."""
    group = sheet.groups[int(column[1:])] if sheet.groups else ""
    return f"{group} › {own_text(group, header)}" if group else header


def counts_of(cells: pl.Series) -> dict[str, int]:
    """What a question may tell of a column: rows with a value (`filled`) and how many values are different."""
    known = cells.drop_nulls()
    return {"filled": known.len(), "different": known.n_unique()}

"""A second table under the first one, whose header names the same columns in another order; its cells go under theirs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import polars as pl

from data.ingest.readers import Sheet

_MOST = 0.5
"""Part of the sheet's headers that a row of nothing but headers must name."""


def under_first_header(sheet: Sheet) -> Sheet:
    """The sheet with all its rows under its own header. Rows that repeat it stay, and are left out as such later."""
    names, rows = sheet.rows.columns[1:], sheet.rows
    if not names or not any(sheet.texts(name).is_in(sheet.header).any() for name in names):
        return sheet
    named = pl.sum_horizontal(pl.col(name).is_in(sheet.header).fill_null(value=False) for name in names)
    filled = pl.sum_horizontal(pl.col(name).is_not_null() for name in names)
    least = max(2, _MOST * len(names))
    found = rows.with_row_index("_at").filter((named == filled) & (named >= least))
    starts = [
        (int(row["_at"]), order)
        for row in found.iter_rows(named=True)
        if len(order := {row[name]: name for name in names if row[name]})
        == sum(row[name] is not None for name in names)
    ]
    if all(sheet.header[int(name[1:])] == text for _, order in starts for text, name in order.items()):
        return sheet
    parts = [rows.head(starts[0][0])]
    for (start, order), (end, _) in pairwise([*starts, (rows.height, {})]):
        own = [
            (pl.col(order[text]) if text in order else pl.lit(None, pl.String)).alias(name)
            for name, text in zip(names, sheet.header, strict=True)
        ]
        parts.append(rows.slice(start, end - start).select("row", *own))
    return replace(sheet, rows=pl.concat(parts))

"""Cells that say that they are as the one above (`sama kuin yllä`, `-"-`): they hold what that one holds."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data.ingest.readers import Sheet
from data.ingest.recognise.row_words import words

_MARKS = ('"', "”", "“", "„", "''", '""', "〃", '-"-', "-”-", '- " -', "- ” -", "-''-", '—"—', "–”–", '–"–')
_BLANK = "\0"
"""A cell without a value, while values are carried down: what is as a blank one is blank."""


def without_dittos(sheet: Sheet) -> Sheet:
    """The sheet with the values themselves, and how many cells said so; a ditto with nothing above it stays what it is."""
    said = [*_MARKS, *words("ditto", "said")]
    filled, cells = [], 0
    for name in sheet.rows.columns[1:]:
        if not _plain(sheet.texts(name)).is_in(said).any():
            continue
        is_ditto = _plain(sheet.rows[name]).is_in(said).fill_null(value=False)
        carried = sheet.rows.select(
            pl.when(is_ditto).then(None).otherwise(pl.col(name).fill_null(_BLANK)).forward_fill().alias(name)
        )[name]
        is_known = is_ditto & carried.is_not_null()
        cells += int(is_known.sum())
        value = pl.when(carried == _BLANK).then(None).otherwise(carried)
        filled.append(pl.when(is_known).then(value).otherwise(pl.col(name)).alias(name))
    if not cells:
        return sheet
    return replace(sheet, rows=sheet.rows.with_columns(filled), notes=(*sheet.notes, f"dittos:{cells}"))


def _plain(cells: pl.Series) -> pl.Series:
    return cells.str.replace_all(r"[.:\s]+", " ").str.strip_chars(" ()").str.to_lowercase()

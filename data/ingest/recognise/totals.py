"""Rows of totals: they say once more what the rows above them say, and are never records."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data.ingest.recognise.recognised import Recognised
from data.model.records import TABLES
from data.model.schema import field_column

_WORDS = ["yhteensä", "yht.", "summa", "totalt", "total", "sammanlagt", "subtotal", "grand total"]
"""What a total row may say; looked for as they stand, then by `_TOTAL`."""
_TOTAL = (
    r"(?i)^\W*(?:(?:kaikki|koko|alle?|alla)\s+)*(?:yhteensä|yht\.|(?:loppu|väli|kokonais)?summa|(?:del|slut|total)?summa|totalt|totals?|"
    r"sammanlagt|sub-?total|grand total)\W*$|^[\w .:-]{1,40}\s(?:yhteensä|totalt|total)\W*$"
)
_SUMMED = frozenset({"person_years", "euros", "residents", "minutes"})
_PLACES = frozenset({"municipality", "service_point"})
_NUMBER = r"^[+\-−–]?\d[\d\s\u00a0.,]*(?:€|%|h|min|kpl|st)?$"


def without_totals(found: Recognised) -> Recognised:
    """The sheet without its rows of totals, which are counted."""
    rows = found.sheet.rows
    conditions = [*_saying_so(found), *_sums_only(found)]
    if not conditions:
        return found
    kept = rows.filter(~pl.any_horizontal(conditions).fill_null(value=False))
    return replace(found, sheet=replace(found.sheet, rows=kept), dropped=found.dropped + rows.height - kept.height)


def _saying_so(found: Recognised) -> list[pl.Expr]:
    """Columns where some row says that it is a total: the first one, those a row must have, and where it was."""
    fields = TABLES[found.table].model_fields
    labels = ["c0"] + [
        match.column
        for match in found.columns
        if not match.mark
        and match.field not in _SUMMED
        and (fields[match.field].is_required() or match.field in _PLACES)
    ]
    return [
        pl.col(name).str.contains(_TOTAL)
        for name in dict.fromkeys(labels)
        # Looked for plainly first, which costs a tenth of the pattern.
        if found.sheet.rows[name].str.contains_any(_WORDS, ascii_case_insensitive=True).any()
    ]


def _sums_only(found: Recognised) -> list[pl.Expr]:
    """Nothing but numbers, and none in a column that names a row, a client or a day."""
    model = TABLES[found.table]
    naming = [
        match.column
        for match in found.columns
        if model.model_fields[match.field].is_required() or field_column(model, match.field).identity or match.mark
    ]
    needed = [
        match.column for match in found.columns if model.model_fields[match.field].is_required() and not match.mark
    ]
    naming = [column for column in naming if column not in {m.column for m in found.columns if m.field in _SUMMED}]
    others = [name for name in found.sheet.rows.columns[1:] if name not in naming]
    # A column without an empty cell has no total row under it: most files are done with here.
    if not others or not needed or not any(found.sheet.rows[name].null_count() for name in needed if name in naming):
        return []
    empty = pl.all_horizontal(pl.col(name).is_null() for name in naming)
    numbers = pl.all_horizontal(pl.col(name).is_null() | pl.col(name).str.contains(_NUMBER) for name in others)
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in others)
    return [empty & numbers & some]

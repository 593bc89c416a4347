"""Rows of totals: they say once more what the rows above them say, and are never records."""

from __future__ import annotations

import re
from dataclasses import replace
from functools import cache

import polars as pl

from data.codes import code_list, normalise
from data.ingest.readers import Sheet
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.cancelled import COUNT
from data.ingest.recognise.dates import days
from data.ingest.recognise.evidence import month_words
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import Recognised
from data.ingest.recognise.row_words import holding, plain_parts, times_said, words
from data.ingest.recognise.sums_above import sums_above
from data.model.records import TABLES
from data.model.schema import field_column

_SUMMED = frozenset({"person_years", "euros", "residents", "minutes"})
_PLACES = frozenset({"municipality", "service_point"})
_NUMBER = r"^[+\-−–]?\d[\d\s\u00a0.,]*(?:€|%|h|min|kpl|st)?$"
_MORE_THAN_ONE = r"^0*(?:[2-9]|[1-9]\d+)$"
_LONGEST = 60
"""Letters of the name of a total."""

_BEFORE = 40
"""Letters that may stand before the word of a sum."""

_BESIDE = (*words("totals", "beside"), *month_words())
_OF_ROWS = (
    *words("totals", "figures"), *_BESIDE, "vk", "vko", "vecka", "week", "quarter", "neljännes", "kvartal"
)  # fmt: skip
"""Words for a time or for what is counted, beside the number of a group of rows."""


def without_totals(found: Recognised, asking: Asking) -> Recognised:
    """The sheet without its rows of totals, which are counted. Asked about where a row may be a record of all of something."""
    certain, likely = _saying_so(found)
    found = _dropped(found, [*certain, *_sums_only(found)])
    if (above := sums_above(found)) is not None:
        found = _dropped(found, [above])
    for header, is_total_row in likely:
        rows = int(found.sheet.rows.select(is_total_row.sum()).item())
        if rows:
            answer = asking.decide("totals", (LEAVE_OUT, COUNT), table=found.table, about=header, rows=rows)
            found = _dropped(found, [is_total_row]) if answer == LEAVE_OUT else found
    return found


def without_named_totals(sheet: Sheet) -> Sheet:
    """The sheet without rows whose first cell says that they are totals, or is empty; whole when no other is left."""
    named = [text for text in _likely(sheet.texts("c0")) if says_total(text)]
    rows = sheet.rows.filter(pl.col("c0").is_not_null() & ~pl.col("c0").is_in(named))
    return replace(sheet, rows=rows) if rows.height else sheet


def certain_totals(found: Recognised) -> list[pl.Expr]:
    """Conditions of the rows that are totals beyond doubt."""
    return [*_saying_so(found)[0], *_sums_only(found)]


def says_total(text: str) -> bool:
    """The text says that its row is a sum, an average or the like.

    >>> [says_total(text) for text in ("YHTEENSÄ:", "Maaliskuu yhteensä", "Total 2025", "Summa (kpl)", "Summa-aukio")]
    [True, True, True, True, False]
    """
    return "Σ" in text or (len(text) <= _LONGEST and _is_sum(normalise(text)))


def _is_sum(form: str) -> bool:
    """The words of a sum, behind others or before a time or a unit."""
    parts = form.split(" ")
    ends = (" ".join(parts[start:]) for start in range(len(parts)) if len(" ".join(parts[:start])) <= _BEFORE)
    return any(max(times_said(end, words("totals", "sums"), _BESIDE, numbers=True), default=0) > 0 for end in ends)


def says_whole(text: str) -> bool:
    """The text stands for all places, all languages, …

    >>> [says_whole(text) for text in ("Kaikki kunnat", "Koko Espoo", "Kaikki kotona")]
    [True, True, False]
    """
    form = normalise(text)
    name = re.sub(r"^(koko|hela|whole|all of) ", "", form)
    return form in words("totals", "whole") or (name != form and code_list("municipality").find(name) is not None)


def _dropped(found: Recognised, conditions: list[pl.Expr]) -> Recognised:
    if not conditions:
        return found
    rows = found.sheet.rows
    kept = rows.filter(~pl.any_horizontal(conditions).fill_null(value=False))
    return replace(found, sheet=replace(found.sheet, rows=kept), dropped=found.dropped + rows.height - kept.height)


def _saying_so(found: Recognised) -> tuple[list[pl.Expr], list[tuple[str, pl.Expr]]]:
    """Rows whose names say that they are totals, and, by header, those that may be records of all of a place."""
    model = TABLES[found.table]
    lacking = pl.any_horizontal(*(pl.col(name).is_null() for name in _required(found)), pl.lit(value=False))
    conditions, wholes, likely = [], [], []
    for column, header, is_of_it in _labels(found):
        texts = _likely(found.sheet.texts(column))
        if said := [text for text in texts if says_total(text)]:
            conditions.append(pl.col(column).is_in(said))
        if said := [text for text in texts if says_whole(text)]:
            is_whole = pl.col(column).is_in(said).fill_null(value=False)
            wholes.append(is_whole)
            if is_of_it == "identity" or (is_of_it == "name" and model.day is None):
                conditions.append(is_whole)
            elif is_of_it == "name":
                likely.append((header, is_whole))
    if wholes:
        conditions += [pl.any_horizontal(wholes) & lacking, pl.sum_horizontal(wholes) > 1]
    return conditions, likely


def _labels(found: Recognised) -> list[tuple[str, str, str]]:
    """Columns in which a total has its name: column, header, and whether they are of an `identity`, the `name` of something or a
    `list`, which may well be about all; empty for a first column of no field.
    """
    fields = TABLES[found.table].model_fields
    labels = {"c0": ("c0", found.sheet.header[0], "")}
    for match in found.columns:
        column = field_column(TABLES[found.table], match.field)
        is_needed = fields[match.field].is_required() or match.field in _PLACES or column.identity == "client"
        if match.mark or match.field in _SUMMED or not (is_needed or match.column == "c0"):
            continue
        kind = "list" if column.is_list else "identity" if column.identity == "client" else "name"
        labels[match.column] = (match.column, match.header, "" if column.identity not in (None, "client") else kind)
    return list(labels.values())


def _likely(texts: pl.Series) -> list[str]:
    """The texts of a column that hold a part of a word of a total, and are worth a close look."""
    return holding(texts, _parts())


@cache
def _parts() -> tuple[str, ...]:
    listed = (*words("totals", "sums"), *words("totals", "whole"), "koko", "hela", "whole")
    return (*plain_parts(listed), "Σ")


def _sums_only(found: Recognised) -> list[pl.Expr]:
    """Nothing but numbers, and none in a column that names a row, a client or a day; in the first one perhaps a word."""
    model = TABLES[found.table]
    summed = {match.column for match in found.columns if match.field in _SUMMED}
    naming = [
        match.column
        for match in found.columns
        if not match.mark
        and (model.model_fields[match.field].is_required() or field_column(model, match.field).identity)
    ]
    naming = [column for column in naming if column not in summed]
    others = [name for name in found.sheet.rows.columns[1:] if name not in naming and name != "c0"]
    # A column without an empty cell has no total row under it: most files are done with here.
    needed = [name for name in _required(found) if name in naming]
    if not others or not any(found.sheet.rows[name].null_count() for name in needed):
        return []
    numbers = pl.all_horizontal(pl.col(name).is_null() | pl.col(name).str.contains(_NUMBER) for name in others)
    some = pl.any_horizontal(pl.col(name).is_not_null() for name in others)
    marks = [match.column for match in found.columns if match.mark]
    # A 1 under marks is a mark like others.
    unmarked = pl.all_horizontal(pl.col(name).is_null() for name in marks) if marks else pl.lit(value=True)
    summed_marks = pl.any_horizontal(
        pl.lit(value=False), *(pl.col(name).str.contains(_MORE_THAN_ONE) for name in marks)
    )
    empty = pl.all_horizontal(*(pl.col(name).is_null() for name in naming if name != "c0"), pl.lit(value=True))
    labelled = empty & numbers & some & (unmarked | summed_marks.fill_null(value=False))
    if "c0" in needed and len(needed) == 1:
        return [labelled & pl.col("c0").is_null()]
    first = found.sheet.rows.filter(labelled)["c0"].drop_nulls().unique()
    names = [text for text in first if _is_name_of_some(text)]
    bare = pl.col("c0").is_null() if "c0" in naming else pl.col("c0").is_null() | pl.col("c0").str.contains(_NUMBER)
    return [labelled & (bare | pl.col("c0").is_in(names))]


def _is_name_of_some(text: str) -> bool:
    """A word for a group of rows: a month, a week, `Lukumäärä`; not the number of a row, nor a day, which may be a record's."""
    if not isinstance(days([text])[0], Problem):
        return False
    return not any(one.isdigit() for one in text) or bool(times_said(normalise(text), (), _OF_ROWS, numbers=True))


def _required(found: Recognised) -> list[str]:
    fields = TABLES[found.table].model_fields
    return [match.column for match in found.columns if fields[match.field].is_required() and not match.mark]

"""Headings, notes and rules among the rows of a sheet: what a report prints over, between and under them, and no record."""

from __future__ import annotations

import re

import polars as pl

from data.codes import normalise
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import ColumnMatch, Recognised
from data.ingest.recognise.row_words import any_of, words
from data.ingest.recognise.values import parse
from data.model.records import TABLES
from data.model.schema import field_column

_FEW = 2
"""Cells of a row of notes; a record has more."""

_RULE = re.compile(r"[\s\-–—−_=*.#~+|]+")
_RULERS = ["-", "=", "_", "*", "~", "#", "–", "—"]
_LETTER = re.compile(r"[^\W\d_]")
_DATED = re.compile(r"\d{1,2}\.\d{1,2}\.(?:\d{2,4})?|\d{4}-\d\d|\d{1,2}/\d{1,2}/\d{2,4}|\d+\s*/\s*\d+|:\s*\S|\b\d+\b")

_BEGUN = re.compile(rf"(?:\d+ )?{any_of(words('footers', 'words'))}(?: |$)")
_DAY = re.compile(r"^(?:\d{8}|\d{1,2}\.\d{1,2}\.\d{4}|\d{4}-\d\d-\d\d)\b")


def without_notes(found: Recognised) -> Recognised:
    """The sheet without such rows, which are counted."""
    rows = found.sheet.rows
    names = rows.columns[1:]
    required = [
        match.column
        for match in found.columns
        if TABLES[found.table].model_fields[match.field].is_required() and not match.mark
    ]
    conditions = [pl.col(name) == found.sheet.header[int(name[1:])] for name in dict.fromkeys(("c0", *required))]
    conditions.append(pl.col("c0").str.slice(0, 1).is_in(_RULERS))
    # Only rows that lack something are looked at closer: most files have none.
    lacks = [pl.col(name).is_null() for name in required if rows[name].null_count()]
    if lacks or TABLES[found.table].day is None:
        few = pl.sum_horizontal(pl.col(name).is_not_null() for name in names) <= _FEW
        conditions.append(few & pl.any_horizontal(*lacks, pl.lit(value=TABLES[found.table].day is None)))
    likely = rows.select(pl.any_horizontal(conditions).fill_null(value=False).alias("likely"))["likely"]
    if not likely.any():
        return found
    match = next((one for one in found.columns if one.column == "c0"), None)
    notes = [
        int(row["row"])
        for row in rows.filter(likely).iter_rows(named=True)
        if _is_note(found, {name: row[name] for name in names if row[name] is not None}, required, match)
    ]
    return found.leaving_out("footer", rows["row"].is_in(notes), is_withdrawn=False) if notes else found


def _is_note(found: Recognised, cells: dict[str, str], required: list[str], first: ColumnMatch | None) -> bool:
    if all(_RULE.fullmatch(text) for text in cells.values()):
        return len(cells) > 1 or len(next(iter(cells.values()))) > 1
    if len(cells) > 1 and all(text == found.sheet.header[int(name[1:])] for name, text in cells.items()):
        return True
    if len(cells) > _FEW or len(cells) == len(found.sheet.header):
        return False
    name, text = next(iter(cells.items()))
    rest = " ".join(list(cells.values())[1:])
    is_begun = _BEGUN.match(normalise(text)) is not None
    if all(column in cells for column in required):
        # A place may be called anything; a note says when, how many or what.
        return is_begun and (_DATED.search(text) is not None or _DAY.search(rest) is not None)
    if is_begun and (not rest or text.rstrip().endswith(":") or _DATED.search(rest)):
        return True
    return len(cells) == 1 and name == "c0" and _is_text(text) and not _is_readable(found, first, text)


def _is_text(text: str) -> bool:
    """Words, and not the number of a row or of a client."""
    return _LETTER.search(text) is not None and (" " in text or not any(one.isdigit() for one in text))


def _is_readable(found: Recognised, match: ColumnMatch | None, text: str) -> bool:
    """The first column may have it as a value: the rest of the row is missing, which is for the steward to see."""
    if match is None:
        return False
    column = field_column(TABLES[found.table], match.field)
    if column.identity or (column.type == "VARCHAR" and not column.code_list):
        return False
    return not isinstance(parse(found.table, match.field, [text], match.reading)[0], Problem)

"""Codes of clients under headers nobody has listed (`Koodi`, `Id`): such as come again in other rows, and are asked about.

Without their numbers every row is an anonymous visitor's, and nobody is counted as a client.
"""

from __future__ import annotations

from collections.abc import Sequence

import polars as pl

from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.column_questions import column_asked
from data.ingest.recognise.numbering import is_of_other_things
from data.ingest.recognise.recognised import ColumnMatch, Ignored, Recognised
from data.ingest.recognise.whose import is_of_another
from data.model.identifiers import identifiers
from data.model.schema import client_tables

_FIELD = "client_id"
_CODE = r"^(?:[0-9]{4,12}|[0-9A-Z._/#-]{0,19}(?:[A-Z][._/#-]*[0-9]|[0-9][._/#-]*[A-Z])[0-9A-Z._/#-]{0,19})$"
"""A cleaned identifier of a register: letters beside digits, or many digits, no word, day, amount or time of day."""
_CODES = 0.95
"""The least part of a column's values that must be such."""
_ROWS, _DIFFERENT = 20, 10
"""Rows with a value, and different ones, from which on they tell whose they are."""
_MOST, _LEAST = 0.9, 0.1
"""Different values for each row: more number rows, or come too seldom again; fewer are kinds, rooms or other things."""


def by_clients(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> tuple[list[ColumnMatch], set[str]]:
    """The column of unknown header whose codes may be the clients', where no other has their numbers, if the steward says so;
    columns that the steward leaves out.
    """
    if found.table not in client_tables() or found.of_field(_FIELD):
        return [], set()
    asked: set[str] = set()
    for item in unknown:
        if is_of_another(item.header) or is_of_other_things(item.header):
            continue
        if not _come_again(found.sheet.rows[item.column]):
            continue
        if column_asked(asking, found.table, found.sheet, item.header, _FIELD, (LEAVE_OUT, _FIELD)) == _FIELD:
            return [ColumnMatch(item.column, item.header, _FIELD, "values")], asked
        asked.add(item.column)
    return [], asked


def _come_again(cells: pl.Series) -> bool:
    """Whether the values are codes of which many come on some rows each."""
    known = cells.drop_nulls()
    if known.len() < _ROWS:
        return False
    different = known.n_unique()
    if different < _DIFFERENT or not _LEAST <= different / known.len() <= _MOST:
        return False
    codes = identifiers(known.unique())
    return int(codes.str.contains(_CODE).sum()) >= _CODES * codes.len()

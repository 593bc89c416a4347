"""Cells of a client column that hold the numbers of several clients: nobody is the client of all of them together."""

from __future__ import annotations

import re

import polars as pl

_JOINTS = re.compile(r"\s*[;+&]\s*|,\s+|,(?=\D)|\s+(?:ja|sekä|och|samt|and)\s+", re.IGNORECASE)
"""Between two numbers in a cell; a comma between two digits may be of one number."""
_MAY_JOIN = r"[;+&,\s]"
_LOOKED_AT = 2_000
"""Cells that show how the column's numbers are written."""


def without_several(cells: pl.Series, given: pl.Series) -> tuple[pl.Series, int]:
    """Cleaned client numbers with null for cells that hold several (`AS-1, AS-2`), and the number of rows that had such.

    given: the same cells as the file has them. Each of the numbers is written like those that stand alone in the column.

    >>> cells = pl.Series(["AS-1,AS-2", "AS-3", "AS-4JAAS-5"])
    >>> without_several(cells, pl.Series(["AS-1, AS-2", "AS-3", "AS-4 ja AS-5"]))[0].to_list()
    [None, 'AS-3', None]
    """
    lengths = cells.str.len_bytes()
    least = lengths.min()
    is_long = (lengths > 2 * least).fill_null(value=False) if isinstance(least, int) else lengths.is_null()
    if least is None or not is_long.any():  # millions of numbers of one length are not worth a look
        return cells, 0
    texts = given.filter(is_long & cells.is_not_null()).drop_nulls().unique()
    alone = {_written(text) for text in given.filter(~is_long).drop_nulls().head(_LOOKED_AT)} - {""}
    several = [
        text
        for text in texts.filter(texts.str.contains(_MAY_JOIN))
        if len(parts := _JOINTS.split(text)) > 1 and all(_written(part) in alone for part in parts)
    ]
    if not several:
        return cells, 0
    is_several = given.is_in(several).fill_null(value=False)
    return cells.set(is_several, None), int(is_several.sum())


def _written(text: str) -> str:
    """How a number is written: one sign for any digits, one letter for any letters, and its signs; a word is no number."""
    form = re.sub(r"[^\W\d_]+", "A", re.sub(r"\d+", "#", text.strip()))
    return form if "#" in form else ""

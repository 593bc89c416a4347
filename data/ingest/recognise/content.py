"""What the values of a column tell about it: do they fit a field, are they marks, can they be of one field only."""

import re
from collections.abc import Iterable
from functools import cache

import polars as pl

from data.codes import code_list, normalise
from data.ingest.recognise.numbers import MARKED, TEXT_OR_EMOJI, UNMARKED
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.values import Reading, parse
from data.model.records import TABLES
from data.model.schema import field_column

LOOKED_AT = 500
"""Distinct values looked at; what a column is shows in far fewer."""

GLIMPSED_ROWS = 2_000
"""Rows looked at before the whole column is: most guesses fail there."""

FITS = 0.9
"""Share of distinct values that must be readable: rejected values are told row by row, but a wrong column shows at once."""

_COMMON_LISTS = frozenset({"municipality", "language", "service"})
"""Lists too general to recognise a field by: a column of municipalities may be where someone was born."""

_LETTER = re.compile(r"[^\W\d_]")
_IN_BRACKETS = re.compile(r"[\[(]([^\[\]()]+)[\])]\s*$")


def fits(table: str, name: str, cells: pl.Series, reading: Reading | None = None) -> bool:
    """Nearly all distinct values can be read as the field."""
    return share_read(table, name, cells, reading) >= FITS


def all_fit(table: str, name: str, cells: pl.Series) -> bool:
    """Every distinct value looked at can be read as the field."""
    return share_read(table, name, cells) == 1


def share_read(table: str, name: str, cells: pl.Series, reading: Reading | None = None) -> float:
    """Share of the distinct values looked at that can be read as the field; 0 for identifiers and empty columns."""
    column = field_column(TABLES[table], name)
    texts = _glimpse(cells) or _texts(cells)
    if column.identity or not texts:
        return 0.0
    return sum(not isinstance(value, Problem) for value in parse(table, name, texts, reading)) / len(texts)


def distinct(cells: pl.Series) -> int:
    """How many distinct values were looked at."""
    return len(_glimpse(cells) or _texts(cells))


def only_marks(cells: pl.Series) -> bool:
    """Crosses, yes and no, and nothing else; at least one of them says yes."""
    words = {_word(text) for texts in (_glimpse(cells), _texts(cells)) for text in texts}
    return bool(words & MARKED) and words <= MARKED | UNMARKED


def list_fields(table: str) -> tuple[tuple[str, str], ...]:
    """Fields of a table that hold several codes, with their code lists."""
    columns = (field_column(TABLES[table], name) for name in TABLES[table].model_fields)
    return tuple((column.field, column.code_list) for column in columns if column.is_list and column.code_list)


def code_in(list_name: str, header: str) -> str | None:
    """The code that a column of marks is of by its header: `Työ`, `Aihe: Työ`, `Mitä asia koski? [Työ]`."""
    codes = code_list(list_name)
    code = next((found for text in _labels(header) if (found := codes.find(text))), None)
    return None if code == codes.unknown else code


def are_marks(list_name: str, code: str, cells: pl.Series) -> bool:
    """Every text says yes or no: x, 1, Kyllä, Valittu, or the label of the code."""
    return all(
        is_mark(list_name, code, text) or is_no_mark(text)
        for texts in (_glimpse(cells), _texts(cells))
        for text in texts
    )


def is_mark(list_name: str, code: str, text: str) -> bool:
    """The text says that the code applies: a yes of some kind, or the code's own label."""
    return _word(text) in MARKED or code_list(list_name).find(text) == code


def is_no_mark(text: str) -> bool:
    """The text says that the code does not apply.

    >>> is_no_mark("Ei valittu"), is_no_mark("-"), is_no_mark("x")
    (True, True, False)
    """
    return _word(text) in UNMARKED


def _word(text: str) -> str:
    return normalise(text) or text.strip().rstrip(TEXT_OR_EMOJI)


def unmistakable(table: str, taken: Iterable[str], cells: pl.Series) -> str | None:
    """The one field without a column whose codes are all the values, two or more and not all numbers; None if none or several."""
    candidates = _all_fit(table, _telling_fields(table), _glimpse(cells))
    texts = _texts(cells) if candidates else []
    if len(texts) < 2 or len(texts) == LOOKED_AT or not any(map(_LETTER.search, texts)):
        return None  # numbers may be of anything
    found = _all_fit(table, candidates, texts)
    return found[0] if len(found) == 1 and found[0] not in set(taken) else None


def _all_fit(table: str, names: Iterable[str], texts: list[str]) -> tuple[str, ...]:
    """The fields as which every text can be read."""
    return tuple(name for name in names if not any(isinstance(value, Problem) for value in parse(table, name, texts)))


@cache
def _telling_fields(table: str) -> tuple[str, ...]:
    """Coded fields whose list no other field of the table has and that is not a common one."""
    columns = [field_column(TABLES[table], name) for name in TABLES[table].model_fields]
    lists = [column.code_list for column in columns]
    return tuple(
        column.field
        for column in columns
        if column.code_list and column.code_list not in _COMMON_LISTS and lists.count(column.code_list) == 1
    )


def _labels(header: str) -> Iterable[str]:
    yield header
    if match := _IN_BRACKETS.search(header):
        yield match[1]
    for joint in (":", " - ", " – ", "?", "/", "_"):
        if joint in header:
            yield header.rpartition(joint)[2]


def _texts(cells: pl.Series) -> list[str]:
    return cells.drop_nulls().unique(maintain_order=True).head(LOOKED_AT).to_list()


def _glimpse(cells: pl.Series) -> list[str]:
    """Distinct texts of the first rows: enough to see that a column is something else, whatever its length."""
    return _texts(cells.head(GLIMPSED_ROWS))

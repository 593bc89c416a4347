"""Several records side by side in one row: the periods of a client (`1. jakso alkoi`, `2. jakso alkoi`), two tables on one sheet.

Read as one row, all but the first of them would vanish, and lists would be joined over the others' columns.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import content, headers
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.dates import days
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.problem import Problem
from data.model.identifiers import LONGEST_IDENTIFIER
from data.model.records import TABLES

EACH, FIRST = "each", "first"
"""Answers: every group of columns is a record of its own, or only the first one is read."""

_ORDINALS = (
    ("ensimmäinen", "ensimmäisen", "första", "first"), ("toinen", "toisen", "andra", "second"),
    ("kolmas", "kolmannen", "tredje", "third"), ("neljäs", "neljännen", "fjärde", "fourth"),
)  # fmt: skip
_NUMBER = {word: place for place, words in enumerate(_ORDINALS, 1) for word in words}
_PLACE = re.compile(
    rf"(?<![^\W_])(?:(\d{{1,2}})\b\.?|({'|'.join(_NUMBER)})\b)|(?<=[^\W\d_])(\d{{1,2}})$", re.IGNORECASE
)
_AGAIN = re.compile(r" \((\d{1,2})\)$")
"""What a reader puts after a header that stands there already."""
_MOST = 0.5
"""Part of the cells that must be days."""

_OF_THE_LAST = frozenset({"end_reason", "language_level_end"})
_OF_THE_FIRST = frozenset({"months_unemployed", "language_level_start"})
"""What one column says for all periods of a row is of the last, or of the first of them."""


def each_in_its_row(sheet: Sheet, asking: Asking) -> Sheet:
    """The sheet with one record in a row, unless the steward says that only the first one is meant."""
    places: dict[str, dict[int, str]] = {}
    for index, header in enumerate(sheet.header):
        name, number = _numbered(header)
        places.setdefault(name, {}).setdefault(number, f"c{index}")
    repeated = {name: those for name, those in places.items() if {1, 2} <= those.keys()}
    tables = {table for name, those in repeated.items() for table in TABLES if _are_days(sheet, table, name, those)}
    if not tables or (len(repeated) < 2 and any(_AGAIN.search(header) for header in sheet.header)):
        return sheet
    days_of = [those for name, those in repeated.items() if any(_names_day(table, name) for table in tables)]
    shown = ", ".join(sheet.header[int(column[1:])] for those in days_of for column in those.values())
    most = max(max(those) for those in repeated.values())
    rows = sum(sheet.rows.height - sheet.rows[those[2]].null_count() for those in days_of[:1])
    if asking.decide("several_in_row", (EACH, FIRST), about=shown, rows=rows) == FIRST:
        return _without_later(sheet, repeated)
    parts = [_part(sheet, repeated, number, tables) for number in range(1, most + 1)]
    frame = pl.concat([part for part in parts if part.height], how="vertical").sort("row", maintain_order=True)
    kept = _without_later(replace(sheet, rows=frame), repeated)
    return replace(kept, notes=(*sheet.notes, f"several_in_row:{shown}"))


def _numbered(header: str) -> tuple[str, int]:
    """A header without its number, and that; 1 when it has none.

    >>> [_numbered(text) for text in ("1. jakso alkoi", "Jakso 2 alku", "Pvm (2)", "Pvm", "Andra perioden börjar")]
    [('jakso alkoi', 1), ('jakso alku', 2), ('pvm', 2), ('pvm', 1), ('perioden börjar', 2)]
    """
    match = _AGAIN.search(header) or _PLACE.search(header)
    if match is None:
        return normalise(header), 1
    rest = normalise(" ".join((header[: match.start()], header[match.end() :])))
    word = next(text for text in match.groups() if text)
    return (rest, int(word) if word.isdigit() else _NUMBER[word.casefold()]) if rest else (normalise(header), 1)


def _names_day(table: str, name: str) -> bool:
    day, named = TABLES[table].day, headers.field_of(table, name)
    return bool(day and named and named[0] == day and headers.rank_of(table, name) != Rank.STAMP)


def _are_days(sheet: Sheet, table: str, name: str, those: Mapping[int, str]) -> bool:
    """Two columns of days of the table's records, the second of which says something else than the first."""
    if not _names_day(table, name):
        return False
    first, second = (sheet.rows[those[number]] for number in (1, 2))
    both = pl.DataFrame([first.alias("a"), second.alias("b")]).drop_nulls("b")
    if both.is_empty() or both["a"].equals(both["b"], null_equal=True):
        return False
    read = days(second.drop_nulls().head(content.LOOKED_AT).to_list())
    return sum(not isinstance(one, Problem) for one in read) >= _MOST * len(read)


def _part(sheet: Sheet, repeated: Mapping[str, Mapping[int, str]], number: int, tables: set[str]) -> pl.DataFrame:
    """The records of one number, in the columns of the first ones; rows without any are left out."""
    own = {those[1]: those.get(number) for those in repeated.values()}
    own_columns = [column for column in own.values() if column]
    later = [column for those in repeated.values() for place, column in those.items() if place > number]
    changed = [(pl.col(column) if column else pl.lit(None, pl.String)).alias(to) for to, column in own.items()]
    shared = [
        (f"c{index}", header)
        for index, header in enumerate(sheet.header)
        if all(f"c{index}" not in those.values() for those in repeated.values())
    ]
    for column, header in shared:
        fields = {named[0] for table in tables if (named := headers.field_of(table, header))}
        if fields & _OF_THE_LAST and later:
            is_last = pl.all_horizontal(pl.col(one).is_null() for one in later)
            changed.append(pl.when(is_last).then(pl.col(column)).otherwise(None).alias(column))
        elif fields & _OF_THE_FIRST and number > 1:
            changed.append(pl.lit(None, pl.String).alias(column))
        elif number > 1 and fields & {TABLES[table].own_number for table in tables}:
            text = pl.concat_str(pl.col(column), pl.lit(f" ({number})")).str.tail(LONGEST_IDENTIFIER)
            changed.append(text.alias(column))
    rows = sheet.rows
    if number > 1:
        rows = rows.filter(pl.any_horizontal(pl.col(column).is_not_null() for column in own_columns))
    else:
        # What stands beside a longer table is no record of the shorter one.
        others = [pl.col(one).is_not_null() for one in later]
        rows = rows.filter(
            pl.any_horizontal(pl.col(one).is_not_null() for one in own_columns) | ~pl.any_horizontal(others)
        )
    return rows.with_columns(changed)


def _without_later(sheet: Sheet, repeated: Mapping[str, Mapping[int, str]]) -> Sheet:
    """The sheet without the columns of the second record of a row, and those after it."""
    gone = {column for those in repeated.values() for number, column in those.items() if number > 1}
    kept = [index for index in range(len(sheet.header)) if f"c{index}" not in gone]
    columns = [pl.col(f"c{index}").alias(f"c{place}") for place, index in enumerate(kept)]
    firsts = {those[1]: name for name, those in repeated.items()}
    names = []
    for index in kept:
        header = sheet.header[index]
        is_numbered = f"c{index}" in firsts and _numbered(header)[0] != normalise(header)
        names.append(firsts[f"c{index}"] if is_numbered else header)
    return replace(
        sheet, rows=sheet.rows.select("row", *columns), header=tuple(names),
        groups=tuple(sheet.groups[index] for index in kept) if sheet.groups else (),
    )  # fmt: skip

"""What a table is accepted on besides its headers, and what looks like a table of records and is none: pivots and summaries."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cache

import polars as pl
from babel.dates import get_month_names

from data.codes import code_list, normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import content, headers
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.people import look_like_people
from data.ingest.recognise.recognised import ColumnMatch, NoTable, Recognised
from data.model.records import TABLES
from data.model.schema import field_column

_CODE_OF_A_PLACE = frozenset({"koodi", "lyhenne", "kod", "short name"})
"""Words for a code that people do not have."""

TAKE = "take"
"""Answer: the sheet is what it looks like."""

_READABLE = 0.5
"""Share of the distinct values of a coded column that must be known words for the table to be accepted unasked."""

_POPULATION = re.compile(r"väestö|väkiluku|asuka|asukkaa|befolkning|invånar|folkmängd|population|residents|inhabitants")
_AREA_CODE = r"^(?:KU)?\d{3} \S|^KU\d{3}$"
_PIVOT = re.compile(
    r"^(riviotsikot|rivien (nimet|otsikot)|sarakeotsikot|sarakkeiden (nimet|otsikot)|row labels|column labels|radetiketter|"
    r"kolumnetiketter)$|^(määrä|lukumäärä|laskuri|summa|keskiarvo) ?[/:] ?\w|^(antal|summa|medelvärde) av \w|"
    r"^(count|sum|average) of \w"
)
"""Texts that Excel writes into a pivot table."""
_SUMMARY = re.compile(r"\b(yhteenve|summary|sammanfatt|sammandrag|tunnuslu|kooste|koonti|pivot|tilasto|statisti)")
_WHOLE = re.compile(r"\d{1,3}(?:[ \u00a0]?\d{3})*(?:[.,]0+)?")
_CROSSED = ("topic", "channel", "language", "municipality", "service", "resolution", "language_support", "found_via")
"""Code lists whose codes head the columns of a cross table."""


def table(found: Recognised, asking: Asking) -> None:
    """Ask where the headers alone are too little. Raises NoTable when the sheet is left out."""
    if found.table == "service_point":
        _accepted(found, asking, "place_list", _only_general(found))
    elif asking.answered("table", table=found.table) or _is_unreadable(found):
        _accepted(found, asking, "table", is_asked=True)


def chosen(fitting: Sequence[Recognised], asking: Asking) -> Recognised:
    """Of the tables that a sheet fits, the likeliest first, the one it is: asked when no column tells the first from another.

    Raises NoTable when the sheet is left out.
    """
    found = fitting[0]
    others = [
        one.table
        for one in fitting[1:]
        if one.table != "service_point" and len(_fields(one)) + 1 >= len(_fields(found)) and not _told_apart(found, one)
    ]
    if not others or found.table in _named(found.sheet):
        return found
    options = (found.table, *others, LEAVE_OUT)
    answer = asking.decide("which_table", options, rows=found.sheet.rows.height)
    if answer == LEAVE_OUT:
        raise NoTable(found.table, (), len(found.columns), "left_out")
    return next(one for one in fitting if one.table == answer)


def _told_apart(found: Recognised, other: Recognised) -> bool:
    """Some column is of the one table alone and named by more than a general word, and none that must be there of the other."""
    needed = {name for name, info in TABLES[other.table].model_fields.items() if info.is_required()}
    against = [match for match in _specific(other) if match.field in needed and not _has(found, match.column)]
    return not against and any(not _has(other, match.column) for match in _specific(found))


def _specific(found: Recognised) -> list[ColumnMatch]:
    return [
        match
        for match in found.columns
        if match.how != "header" or headers.rank_of(found.table, match.header) <= Rank.SPECIFIC
    ]


def _has(found: Recognised, column: str) -> bool:
    return any(match.column == column for match in found.columns)


def _fields(found: Recognised) -> set[str]:
    return {match.field for match in found.columns}


def population(found: Recognised, original: Sheet, asking: Asking) -> None:
    """A table of residents is coded as Statistics Finland's or calls itself one; others may count anything. Raises NoTable."""
    texts = (original.file, original.name or "", *original.header, *(text for _, text in original.titles))
    is_called_so = any(_POPULATION.search(text.casefold()) for text in texts)
    areas = [found.sheet.rows[match.column] for match in found.of_field("municipality")]
    is_coded = any(cells.drop_nulls().head(content.GLIMPSED_ROWS).str.contains(_AREA_CODE).all() for cells in areas)
    own_names = {normalise(text) for text in original.header} >= {
        normalise(name) for name in TABLES["population"].model_fields
    }
    _accepted(found, asking, "population", not (is_called_so or is_coded or own_names))


def with_codes_of_places(found: Recognised) -> Recognised:
    """A list of places without codes: their names make them, as they do in encounters."""
    if found.of_field("code") or not found.of_field("name_fi"):
        return found
    name = found.of_field("name_fi")[0]
    return replace(found, columns=(*found.columns, replace(name, field="code")))


def is_pivot(sheet: Sheet) -> bool:
    """A cross table of counts: Excel's own words for one, or columns headed by codes, days, months or years with counts below."""
    words = (*sheet.header, *(text for _, text in sheet.titles))
    if any(_PIVOT.search(" ".join(text.casefold().split())) for text in words):
        return True
    counted = [index for index in range(len(sheet.header)) if _holds_counts(sheet.rows[f"c{index}"])]
    if len(counted) < 2:
        return False
    return any(len(heads) > 1 and len(heads) >= len(counted) - 2 for heads in _heads(sheet, counted))


def is_summary(sheet: Sheet) -> bool:
    """Labels with numbers beside them, or a sheet called so."""
    if _SUMMARY.search(normalise(sheet.name or "")):
        return True
    cells = [sheet.rows[name] for name in sheet.rows.columns[1:]]
    return len(cells) == 2 and not _holds_counts(cells[0]) and _holds_counts(cells[1])


def _accepted(found: Recognised, asking: Asking, kind: str, is_asked: bool) -> None:
    if not is_asked:
        return
    answer = asking.decide(kind, (LEAVE_OUT, TAKE), table=found.table, rows=found.sheet.rows.height)
    if answer == LEAVE_OUT:
        raise NoTable(found.table, (), len(found.columns), "left_out")


def _only_general(found: Recognised) -> bool:
    """No header says that the names are those of places."""
    if headers.table_of_sheet(found.sheet.name) == found.table:
        return False
    of_names = (*found.of_field("code"), *found.of_field("name_fi"))
    is_coded = any(normalise(match.header) in _CODE_OF_A_PLACE for match in of_names)
    if is_coded and not any(look_like_people(found.sheet.rows[match.column]) for match in found.of_field("name_fi")):
        return False
    return all(
        match.how == "header" and headers.rank_of(found.table, match.header) == Rank.GENERAL for match in of_names
    )


def _named(sheet: Sheet) -> set[str | None]:
    """Tables that the name of the sheet, or a word of the file's name, means."""
    words = normalise(sheet.file.rpartition(".")[0]).split()
    return {headers.table_of_sheet(name) for name in (sheet.name, *words)}


def _is_unreadable(found: Recognised) -> bool:
    """Most words of a coded field that the table must have are no codes: any sheet with a day and a free text looks like that."""
    for match in found.columns:
        info = TABLES[found.table].model_fields[match.field]
        column = field_column(TABLES[found.table], match.field)
        if not info.is_required() or not column.code_list or match.mark or match.how == "answer":
            continue
        cells = found.sheet.rows[match.column]
        if content.distinct(cells) > 1 and content.share_read(found.table, match.field, cells) < _READABLE:
            return True
    return False


def _heads(sheet: Sheet, counted: list[int]) -> Iterator[list[int]]:
    """Columns of counts whose headers are codes of one list, months or years, and name no field."""
    counted = [index for index in counted if not any(headers.field_of(name, sheet.header[index]) for name in TABLES)]
    named = {field[0] for text in sheet.header if (field := headers.field_of("encounter", text))}
    # Rows of a day and a topic each, with numbers by channel, are records counted together.
    lists = [name for name in _CROSSED if name != "channel" or not {"occurred_on", "topics"} <= named]
    for name in lists:
        codes = code_list(name)
        # Short codes are abbreviations of something else as often (`ID`, `Nr`), and some words name fields (`Palvelu`).
        yield [index for index in counted if len(sheet.header[index]) > 2 and codes.find(sheet.header[index])]
    yield [index for index in counted if _is_time(sheet.header[index])]


def _is_time(header: str) -> bool:
    return (
        re.fullmatch(
            r"(?:19|20)\d\d(?:[-/ ]?\d\d)?|\d\d?[./](?:19|20)\d\d|\d\d?\.\d\d?\.(?:(?:19|20)?\d\d)?|(?:19|20)\d\d-\d\d-\d\d",
            header.strip(),
        )
        is not None
        or normalise(header).split(" ")[0] in month_words()
    )


@cache
def month_words() -> frozenset[str]:
    """Names of months in three languages, whole and short."""
    names = (get_month_names(width, context, lang) for width in ("wide", "abbreviated") for context in ("stand-alone", "format")
             for lang in ("fi", "sv", "en"))  # fmt: skip
    return frozenset(normalise(name) for every in names for name in every.values())


def _holds_counts(cells: pl.Series) -> bool:
    """Whole numbers, some of them more than one."""
    texts = cells.drop_nulls().head(content.GLIMPSED_ROWS).unique().to_list()
    return (
        bool(texts)
        and all(_WHOLE.fullmatch(text) or text in ("-", "–") for text in texts)
        and not {*texts} <= {"0", "1", "-"}
    )

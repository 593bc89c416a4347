"""Header texts and the fields they name: synonyms in Finnish, Swedish and English, and the unit a header states."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from enum import IntEnum
from functools import cache
from pathlib import Path

from data.codes import code_list, normalise
from data.ingest.recognise import units
from data.model.records import TABLES
from data.model.schema import field_column

_PARENTHESES = re.compile(r"\([^)]*(?:\)|$)|\[[^\]]*(?:\]|$)")
_NUMBERING = re.compile(r"^\s*(?:[kqf]?\d{1,3}[.):]|\d{1,3}\s)\s*", re.IGNORECASE)


@cache
def field_words(table: str) -> Mapping[str, str]:
    """Normalised word → field, for one table; its own words go before those of every table."""
    known = _synonyms()
    words: dict[str, str] = {}
    for field in TABLES[table].model_fields:
        for word in (field, *known.get(table, {}).get(field, ())):
            words.setdefault(normalise(word), field)
    for field in TABLES[table].model_fields:
        for word in known["every"].get(field, ()):
            words.setdefault(normalise(word), field)
    return words


class Rank(IntEnum):
    """How well a header names its field; of two columns for one field the lower rank is the better one."""

    EXACT = 0
    SPECIFIC = 1
    GENERAL = 2
    STAMP = 3
    """A time that a form or a list writes by itself (`Luotu`, `Completion time`)."""


def rank(table: str, word: str) -> Rank:
    """How specific a word of a table is; whether the table knows it at all is for `field_of`.

    >>> [rank("encounter", word).name for word in ("served_in", "Asiointikieli", "Pvm", "Luotu")]
    ['EXACT', 'SPECIFIC', 'GENERAL', 'STAMP']
    """
    form = normalise(word)
    if form in map(normalise, TABLES[table].model_fields):
        return Rank.EXACT
    if form in _ranked("stamp", table):
        return Rank.STAMP
    return Rank.GENERAL if form in _ranked("general", table) else Rank.SPECIFIC


def is_general(table: str, word: str) -> bool:
    """The word fits so many columns of any table that a more specific one goes before it.

    >>> is_general("encounter", "Kieli"), is_general("encounter", "Äidinkieli")
    (True, False)
    """
    return rank(table, word) >= Rank.GENERAL


@cache
def client_words() -> frozenset[str]:
    """Normalised headers that mean the client identifier in some table."""
    return frozenset(word for table in TABLES for word, field in field_words(table).items() if field == "client_id")


@cache
def table_of_sheet(name: str | None) -> str | None:
    """The table a sheet's name means, if it means one."""
    wanted = normalise(name or "")
    return next((table for table, words in _sheets().items() if wanted in words), None)


def field_of(table: str, header: str) -> tuple[str, str | None] | None:
    """The field a header names in a table, and the unit it states (None = the field's own); None if it names none.

    >>> field_of("encounter", "Kesto_h"), field_of("encounter", "Lempiväri")
    (('minutes', 'hours'), None)
    """
    words = field_words(table)
    for form in _forms(header):
        field = words.get(form)
        if field:
            return None if _names_a_code(table, field, header) else (field, units.in_header(header, field))
        # Fields that have units: the header may end in one.
        field = next((field for field in units.UNITS if words.get(units.without(form, field)) == field), None)
        if field:
            return field, units.in_header(header, field)
    return None


def rank_of(table: str, header: str) -> Rank:
    """The rank of a header that names a field, however it is numbered and whatever stands in parentheses.

    >>> rank_of("encounter", "3. Kieli *").name, rank_of("encounter", "Kesto (min)").name
    ('GENERAL', 'GENERAL')
    """
    words = field_words(table)
    for form in _forms(header):
        bare = (units.without(form, field) for field in units.UNITS)
        known = next((word for word in (form, *bare) if word in words), None)
        if known:
            return rank(table, known)
    return Rank.GENERAL


def phrase_in(table: str, header: str) -> tuple[str, Rank] | None:
    """The one field whose synonym of several letters stands inside a longer header, and the best rank of such a synonym; None if
    there is none or several.
    """
    text = f" {normalise(header)} "
    found = [(field, word) for word, field in field_words(table).items() if len(word) > 4 and f" {word} " in text]
    if len({field for field, _ in found}) != 1:
        return None
    return found[0][0], min(rank(table, word) for _, word in found)


def _forms(header: str) -> Iterator[str]:
    """The header as it stands, then without numbering and parentheses."""
    header = units.spelled(header)
    yield normalise(header)
    bare = _NUMBERING.sub("", header)
    yield normalise(bare)
    yield normalise(_PARENTHESES.sub(" ", bare))


def _names_a_code(table: str, field: str, header: str) -> bool:
    """`Mitä asia koski? [Työ]` is the column of marks of one code, not the field itself."""
    column = field_column(TABLES[table], field)
    inside = (text.strip("()[] ") for text in _PARENTHESES.findall(header))
    return column.is_list and any(code_list(column.code_list or "").find(text) for text in inside)


@cache
def _file() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("synonyms.toml").read_text("utf-8"))


def _synonyms() -> Mapping[str, Mapping[str, list[str]]]:
    return {name: fields for name, fields in _file().items() if name in TABLES or name == "every"}


@cache
def _sheets() -> dict[str, frozenset[str]]:
    return {table: frozenset(map(normalise, words)) for table, words in _file()["sheets"].items()}


@cache
def _ranked(name: str, table: str) -> frozenset[str]:
    """Words of `[general]` or `[stamp]` for one table, with those of every table."""
    ranked = _file()[name]
    return frozenset(map(normalise, (*ranked.get(table, ()), *ranked.get("every", ()))))

"""Client columns that hold no client: what people write when there is no number, and numbers that stand for everybody."""

from __future__ import annotations

import polars as pl

from data.codes.codelist import UNKNOWN_WORDS
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.people import are_numbered_names, names_among
from data.model.identifiers import identifier

ANONYMOUS, SAME, CODES = "anonymous", "same", "codes"
"""Answers: rows with such a number are anonymous visitors', or one client's all the same; what looks like names are codes."""

_WORDS = (
    "x xx xxx xxxx ? ?? ??? . .. ... - -- --- – — / * # 0 00 000 0000 00000 000000 0000000 00000000 000000000 0000000000 "
    "99999 999999 9999999 99999999 999999999 9999999999 11111111 12345678 "
    "000000-0000 000000-000X 000000+0000 000000A0000 010101-0000 010101-000X 111111-1111 999999-9999 123456-7890 XXXXXX-XXXX "
    "NULL NUL NONE NAN NA N/A #N/A #NULL! #PUUTTUU! #VALUE! NIL EMPTY BLANK TBD TEST TESTI"
).split()
_SAID = (
    "anonyymi", "anonyymit", "anonyymi asiakas", "anonyymi kävijä", "anonyymisti", "anon", "anon.", "nimetön",
    "nimetön asiakas", "nimettömät", "nimettömänä", "ei nimeä", "ei tiedossa", "ei tietoa", "ei tiedä", "ei tunnettu",
    "tuntematon", "tuntematon asiakas", "ei asiakasnumeroa", "ei asiakasnroa", "ei as.nroa", "ei asiakastunnusta",
    "ei asiakasta", "ei asiakkuutta", "ei asiakas", "ei numeroa", "ei nroa", "ei nro", "ei tunnusta", "ei tunnistetta",
    "ei tunnistettu", "ei tunnistautunut", "ei id", "ei id:tä", "ei hetua", "ei henkilötunnusta",
    "ei suomalaista henkilötunnusta", "ei ole", "ei", "ei kirjattu", "ei merkitty", "ei saatu", "ei annettu",
    "ei halunnut antaa", "ei halua kertoa", "puuttuu", "tyhjä", "satunnainen", "satunnainen kävijä", "kävijä", "vierailija",
    "ilman asiakasnumeroa", "ilman numeroa", "ilman tunnusta", "okänd", "okänt", "okänd klient", "okänd kund", "anonym",
    "anonymt", "anonym klient", "anonym kund", "anonym besökare", "namnlös", "saknas", "inget", "ingen", "inga uppgifter",
    "ingen uppgift", "inget nummer", "inget klientnummer", "inget kundnummer", "inget id", "ingen beteckning",
    "ingen personbeteckning", "inte känd", "ej känd", "ej känt", "ej angiven", "ej angivet", "ej uppgett", "vet ej",
    "vet inte", "utan nummer", "uppgift saknas", "tom", "nej", "unknown client", "anonymous", "anonymous client",
    "anonymous visitor", "no id", "no number", "no client number", "no customer number", "no identifier", "not known",
    "not given", "not available", "not recorded", "not identified", "missing", "unidentified", "nobody", "no",
    "without number", "visitor", "walk-in", "walk in",
)  # fmt: skip
PLACEHOLDERS = tuple(sorted({identifier(text) for text in (*_WORDS, *_SAID, *UNKNOWN_WORDS)}))
"""Cleaned identifiers that are none."""

_LOOKED_AT = 2_000
"""Rows in which it shows whether codes are made of names."""

FEW_ROWS, SHARE, TIMES, LEAST = 40, 0.05, 250, 5
"""A number is asked about on more than SHARE of at least FEW_ROWS rows, when that is more than LEAST, and on more than TIMES."""


def without_placeholders(cells: pl.Series) -> tuple[pl.Series, int]:
    """Cleaned identifiers with null for every placeholder, and the number of rows that had one.

    >>> without_placeholders(pl.Series(["AS-1", "EITIEDOSSA", "0"]))[1]
    2
    """
    nobody = cells.is_in(PLACEHOLDERS).fill_null(value=False)
    rows = int(nobody.sum())
    return (cells.set(nobody, None) if rows else cells), rows


def without_everybody(cells: pl.Series, header: str, table: str, asking: Asking) -> tuple[pl.Series, int]:
    """Cleaned identifiers with null for numbers that too many rows have, unless the steward says that they are one client's.

    The number itself is part of no question.
    """
    known = cells.drop_nulls()
    most = min(TIMES, max(SHARE * cells.len(), LEAST) if cells.len() >= FEW_ROWS else TIMES)
    if known.len() <= most:
        return cells, 0
    hashes = cells.hash()  # numbers are counted faster than texts
    counts = hashes.filter(cells.is_not_null()).value_counts(name="rows").filter(pl.col("rows") > most)
    if counts.is_empty():
        return cells, 0
    rows = int(counts["rows"].sum())
    answer = asking.decide(
        "same_client", (ANONYMOUS, SAME), table=table, about=header, rows=rows, numbers=counts.height
    )  # fmt: skip
    if answer == SAME:
        return cells, 0
    everybody = hashes.is_in(counts[cells.name].implode()) & cells.is_not_null()
    return cells.set(everybody, None), rows


def without_names(
    cells: pl.Series, given: pl.Series, header: str, table: str, asking: Asking
) -> tuple[pl.Series, int]:  # fmt: skip
    """Cleaned identifiers with null for what may be a person's name, unless the steward says that these are codes.

    given: the same cells as the file has them. No name is part of the question.
    """
    texts = given.filter(cells.is_not_null())
    # Digits, and no blank between words: most columns are only codes, and millions of them are looked at at once.
    names = names_among(texts.filter(~texts.str.contains(r"^[^\s@]*\d[^\s@]*$")).unique())
    if are_numbered_names(texts.head(_LOOKED_AT).unique()):
        names += texts.filter(texts.str.contains(r"\pL{4}")).unique().to_list()
    if not names:
        return cells, 0
    is_name = given.is_in(names).fill_null(value=False) & cells.is_not_null()
    rows = int(is_name.sum())
    answer = asking.decide("names", (ANONYMOUS, CODES), table=table, about=header, rows=rows, different=len(set(names)))
    return (cells, 0) if answer == CODES else (cells.set(is_name, None), rows)

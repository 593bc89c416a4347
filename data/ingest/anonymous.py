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
    "without number", "visitor", "walk-in", "walk in", "drop-in", "drop in", "guest", "passer-by", "new", "new client",
    "new customer", "old client", "client", "customer", "person", "someone", "somebody", "anyone", "outsider",
    "not registered", "unregistered", "not a client", "not in system", "no client", "group", "several", "various", "other",
    "name unknown", "no name", "nameless", "asiakas", "asiakkaat", "uusi", "uudet", "uusi asiakas", "uusi as.",
    "uusi kävijä", "vanha", "vanha asiakas", "entinen asiakas", "vakioasiakas", "vakiokävijä", "vakituinen", "tuttu",
    "satunnainen asiakas", "satunnaiskävijä", "satunnaisasiakas", "kertakävijä", "kertaluonteinen", "ulkopuolinen",
    "ulkopuoliset", "ulkopuolinen asiakas", "ei rekisterissä", "ei järjestelmässä", "ei rekisteröity", "ei rekisteröitynyt",
    "ei kirjoilla", "ei asiakkaana", "ei vielä", "ei vielä numeroa", "ei vielä asiakas", "ei kirjausta", "ei kerro",
    "ei kertonut", "ei kertonut nimeä", "ei halua kertoa nimeä", "ei halua antaa tietoja", "henkilö", "joku", "muu",
    "muu asiakas", "muut", "ryhmä", "ryhmäasiakas", "ryhmäasiakkaat", "perhe", "pariskunta", "useita", "monta",
    "usea asiakas", "useampi asiakas", "turisti", "matkailija", "ohikulkija", "läpikulkija", "puhelinasiakas", "puhelin",
    "puhelu", "chat", "sähköposti", "nimi ei tiedossa", "numero puuttuu", "nro puuttuu", "tunnus puuttuu",
    "ilman ajanvarausta", "ilman nimeä", "asioija", "vieras", "soittaja", "kund", "kunder", "klient", "klienter", "besökare",
    "ny kund", "ny klient", "ny besökare", "nya kunder", "gammal kund", "stamkund", "tillfällig", "tillfällig kund",
    "tillfällig besökare", "gäst", "utomstående", "ej kund", "inte kund", "ej klient", "inte klient", "ej registrerad",
    "inte registrerad", "ej i systemet", "inget namn", "utan namn", "någon", "grupp", "familj", "flera", "övrig", "annan",
    "förbipasserande", "turist", "telefon", "e-post", "nummer saknas", "saknar nummer",
)  # fmt: skip
PLACEHOLDERS = tuple(sorted({identifier(text) for text in (*_WORDS, *_SAID, *UNKNOWN_WORDS)}))
"""Cleaned identifiers that are none."""

_LOOKED_AT = 2_000
"""Rows in which it shows whether codes are made of names."""
_BASES = tuple(word for word in PLACEHOLDERS if len(word) > 3 and not any(letter.isdigit() for letter in word))
"""Those that a short number may follow: `uusi 1`, `Anonyymi2`."""

FEW_ROWS, SHARE, TIMES, LEAST = 40, 0.05, 250, 5
"""A number is asked about on more than SHARE of at least FEW_ROWS rows, when that is more than LEAST, and on more than TIMES."""

SMALL_SHARE, OUTSTANDING = 0.2, 3
"""Of fewer rows a number is asked about on more than SMALL_SHARE of them, when it is on OUTSTANDING times the rows of the next
one: a client who comes often is not alone in that.
"""

_NUMBERED = r"^(?:[^\d]{0,6}\d+(?:[-/.]\d+)*[A-Z]?|[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z])$"
"""Numbers of a register, with a mark before or after them, and identity codes."""

_SERIES, _LOOKED_AT = 0.9, 500
"""Share of the identifiers looked at that are numbers for the column to be one of numbers."""

_NOTHING = r"^[^\d]{1,4}0+$"
"""No register has a client 0, but a series may begin with one, and in codes such as `a0` and `b0` each letter does: then it comes
less often than OUTSTANDING times as every other.
"""

_SMALL_NUMBER = r"[-_.#(]*\d{1,3}\)?$"

_FEW_NUMBERED = 10
"""Different ones; more of them are clients who are called so."""

_DIGITS = list("0123456789")
_FEW_WORDS = 3
"""Different words among numbers that stand for nobody for sure; more of them may be another way of writing clients."""


def without_placeholders(cells: pl.Series) -> tuple[pl.Series, int]:
    """Cleaned identifiers with null for every placeholder, and the number of rows that had one.

    >>> without_placeholders(pl.Series(["AS-1", "EITIEDOSSA", "0"]))[1]
    2
    """
    nobody = cells.is_in(PLACEHOLDERS).fill_null(value=False)
    rows = int(nobody.sum())
    return (cells.set(nobody, None) if rows else cells), rows


def without_words(cells: pl.Series) -> tuple[pl.Series, int]:
    """Cleaned identifiers with null for words among numbers, numbered placeholders (`UUSI1`) and the number 0 of a series; the
    rows that had one.

    A word without any digit in a column of numbers is no client's number, whatever it says. Many different ones may be names:
    `without_names` asks.
    """
    has_digit = cells.str.contains_any(_DIGITS).fill_null(value=True)
    numbers = cells.filter(has_digit).drop_nulls()
    looked_at = numbers.head(_LOOKED_AT).unique()
    if looked_at.is_empty():
        return cells, 0
    nobody = _numbered_placeholders(cells, numbers, looked_at) | _nothing(cells, numbers)
    words = cells.filter(~has_digit).unique()
    if not words.is_empty() and words.len() <= min(_FEW_WORDS, looked_at.len()) and _is_series(looked_at):
        nobody = nobody | ~has_digit
    rows = int(nobody.sum())
    return (cells.set(nobody, None) if rows else cells), rows


def _is_series(numbers: pl.Series) -> bool:
    return int(numbers.str.contains(_NUMBERED).sum()) >= max(_SERIES * numbers.len(), 2)


def _numbered_placeholders(cells: pl.Series, numbers: pl.Series, looked_at: pl.Series) -> pl.Series:
    """Rows of a placeholder with a small number behind it, unless clients of the column are called so."""
    none = pl.repeat(value=False, n=cells.len(), eager=True)
    if not numbers.str.contains_any(list(_BASES)).any():
        return none
    called = looked_at.filter(looked_at.str.replace(_SMALL_NUMBER, "").is_in(_BASES))
    if called.len() > _FEW_NUMBERED or 2 * called.len() >= looked_at.len():
        return none
    return cells.str.replace(_SMALL_NUMBER, "").is_in(_BASES).fill_null(value=False)


def _nothing(cells: pl.Series, numbers: pl.Series) -> pl.Series:
    """Rows of the number 0 behind a mark (`AS-000`), when it comes many times as often as every other number."""
    is_nothing = cells.str.contains(_NOTHING).fill_null(value=False)
    if not is_nothing.any():
        return is_nothing
    bare = pl.when(numbers.str.contains(_NOTHING)).then(numbers.str.replace("0+$", "0")).otherwise(numbers)
    counts = pl.select(bare.alias("number")).to_series().value_counts(name="rows", sort=True)
    most, next_one = counts["number"][0], int(counts["rows"][1]) if counts.height > 1 else 0
    if int(counts["rows"][0]) < OUTSTANDING * next_one:
        return pl.repeat(value=False, n=cells.len(), eager=True)
    is_most: pl.Series = (cells.str.replace("0+$", "0") == most).fill_null(value=False)
    return is_most & is_nothing


def without_everybody(
    cells: pl.Series, header: str, table: str, asking: Asking, *, are_codes: bool = False
) -> tuple[pl.Series, int]:  # fmt: skip
    """Cleaned identifiers with null for numbers that too many rows have, unless the steward says that they are one client's.

    The number itself is part of no question. are_codes: the steward has said that words of the column are clients' codes.
    """
    known = cells.drop_nulls()
    if known.len() <= LEAST:
        return cells, 0
    hashes = cells.hash()  # numbers are counted faster than texts
    counts = hashes.filter(cells.is_not_null()).value_counts(name="rows")
    counts = counts.filter(pl.col("rows") > _most(cells, counts["rows"], are_codes=are_codes))
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
) -> tuple[pl.Series, int, bool]:  # fmt: skip
    """Cleaned identifiers with null for what may be a person's name, unless the steward says that these are codes; the rows that
    had one; whether the steward says so.

    given: the same cells as the file has them. No name is part of the question.
    """
    texts = given.filter(cells.is_not_null())
    # Digits, and no blank between words: most columns are only codes, and millions of them are looked at at once.
    names = names_among(texts.filter(~texts.str.contains(r"^[^\s@]*\d[^\s@]*$")).unique())
    if are_numbered_names(texts.head(_LOOKED_AT).unique()):
        names += texts.filter(texts.str.contains(r"\pL{4}")).unique().to_list()
    if not names:
        return cells, 0, False
    is_name = given.is_in(names).fill_null(value=False) & cells.is_not_null()
    rows = int(is_name.sum())
    answer = asking.decide("names", (ANONYMOUS, CODES), table=table, about=header, rows=rows, different=len(set(names)))
    return (cells, 0, True) if answer == CODES else (cells.set(is_name, None), rows, False)


def _most(cells: pl.Series, counts: pl.Series, *, are_codes: bool) -> float:
    """Rows up to which a number is taken for a client's unasked."""
    if cells.len() >= FEW_ROWS:
        return min(TIMES, max(SHARE * cells.len(), LEAST))
    if not are_codes and not cells.str.contains_any(_DIGITS).any() and counts.len() * LEAST <= cells.len():
        return 1  # a few words again and again: a kind of client, not a client
    next_one = int(counts.sort(descending=True)[1]) if counts.len() > 1 else 0
    return max(SMALL_SHARE * cells.len(), LEAST, OUTSTANDING * next_one - 1)

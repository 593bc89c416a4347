"""People's names: columns of them, and sheets that are lists of people."""

from __future__ import annotations

import re
from collections.abc import Iterable

import polars as pl

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import headers

_OF_A_PERSON = re.compile(
    r"\b(etunim|sukunim|kutsumanim|koko nimi|(asiakkaan|henkilön|kävijän|osallistujan|hakijan) nimi|tyttönimi|henkilön nimi|"
    r"förnamn|efternamn|tilltalsnamn|fullständigt namn|(kundens|klientens|personens) namn|"
    r"(first|last|full|family|given|middle) name|surname|forename|((client|customer|person) )?s? ?name of (the )?(client|person)|"
    r"(client|customer|person)s? (s )?name)"
)
_OF_ANYTHING = frozenset({"nimi", "namn", "name", "nimet", "names", "henkilö", "person"})

_OF_A_CLIENT = re.compile(
    r"\b(asiakas|asiakkaan|asiakkaat|henkilötun|hetu\b|syntymä|syntynyt|ikä\b|sukupuoli|kansalaisuus|kansallisuus|kund|klient|"
    r"personnummer|personbeteckning|födel|född|ålder\b|kön\b|medborgarskap|client|customer|personal identity|birth|born\b|age\b|"
    r"sex\b|gender|nationality|citizenship|äidinkieli|modersmål|mother tongue|maahantulo|oleskelulupa)"
)

_PLACE = re.compile(
    r"kirjasto|neuvon|piste|keskus|palvelu|talo\b|toimisto|tori\b|info|kulma|koulu|opisto|yhdistys|kunta|kaupun|linja|chat|puhelin|"
    r"bibliotek|rådgiv|centr|kontor|service|hus\b|skola|library|center|office|desk|point|school|house|online|verkko|etä|"
    r"keskusta|asema|halli|tupa|olohuone|pop.?up"
)
_NAME = re.compile(r"[^\W\d_][^\W\d_'’.-]*(?:[-'’.][^\W\d_]+)*\.?(?:,? [^\W\d_][\w'’.-]*){0,3}")
_LOOKED_AT = 200

_RUN = re.compile(r"[^\W\d_]{4,}")
_WORD = re.compile(r"[^\W\d_]{2,}")
_HEXADECIMAL = re.compile(r"[a-f-]{8,}|[A-F-]{8,}")
"""A hexadecimal number that happens to have no digit."""
_ENOUGH, _OWN_WORDS = 5, 0.5
"""Codes of letters and digits share their few words; names with digits each have one of their own."""
_OF_A_CODE = frozenset(
    "asiakas as nro nr no numero id tunnus tunniste koodi viite kund klient nummer kod client customer number code ref "
    "hetu pseudo kävijä besökare visitor henkilö person".split()
)
"""Words that stand beside a number in a client's code."""


def is_header_of_name(header: str) -> bool:
    """The header says that the column holds people's names, or names of something.

    >>> [is_header_of_name(text) for text in ("Sukunimi", "Asiakkaan nimi", "Name", "Toimipisteen nimi")]
    [True, True, True, False]
    """
    form = normalise(header)
    return form in _OF_ANYTHING or _OF_A_PERSON.search(form) is not None


def is_list_of_people(sheet: Sheet) -> bool:
    """Client words beside a column of people's names: a register of clients, not a table of what was done or where."""
    named = [index for index, header in enumerate(sheet.header) if _names_people(sheet, index, header)]
    others = [header for index, header in enumerate(sheet.header) if index not in named]
    firsts = sum(_OF_A_PERSON.search(normalise(sheet.header[index])) is not None for index in named)
    return bool(named) and (firsts > 1 or any(_is_of_client(header) for header in others))


def _names_people(sheet: Sheet, index: int, header: str) -> bool:
    if not is_header_of_name(header):
        return False
    cells = sheet.rows[f"c{index}"].drop_nulls().head(_LOOKED_AT)
    return not cells.is_empty() and (_OF_A_PERSON.search(normalise(header)) is not None or look_like_people(cells))


def look_like_people(cells: pl.Series) -> bool:
    """Most texts are one to four words without digits and without a word of places.

    >>> look_like_people(pl.Series(["Virtanen Matti", "Ali Hassan"])), look_like_people(pl.Series(["Itäkeskuksen kirjasto"]))
    (True, False)
    """
    texts = cells.drop_nulls().unique().head(_LOOKED_AT).to_list()
    likely = sum(_NAME.fullmatch(text) is not None and not is_place(text) for text in texts)
    return bool(texts) and likely >= 0.6 * len(texts)


def is_place(text: str) -> bool:
    """The text holds a word of places."""
    return _PLACE.search(text.casefold()) is not None


def _is_of_client(header: str) -> bool:
    form = normalise(header)
    return form in headers.client_words() or _OF_A_CLIENT.search(form) is not None


def names_among(texts: Iterable[str]) -> list[str]:
    """Of the identifiers of clients those that may be names of people: texts of letters without a digit, whatever their case or
    script; two words that no code has; an address of e-mail.

    >>> names_among(["AS-1", "Maija M.", "virtanenmatti", "Asiakas 12", "Ali Hassan 1980", "a@b.fi", "3f9a"])
    ['Maija M.', 'virtanenmatti', 'Ali Hassan 1980', 'a@b.fi']
    """
    return [text for text in texts if _may_be_name(text)]


def are_numbered_names(texts: Iterable[str]) -> bool:
    """Each text has a long word of its own beside its digits (`Virtanen1`, `Hassan2`), while codes share their few words.

    >>> are_numbered_names(["Virtanen1", "Hassan2", "Petrova3", "Nguyen4", "Laine5"])
    True
    >>> are_numbered_names(["ESPOO1", "ESPOO2", "ESPOO3", "ESPOO4", "ESPOO5"])
    False
    """
    runs = [run[0].casefold() for text in texts if _is_mostly_letters(text) and (run := _RUN.search(text))]
    return len(runs) >= _ENOUGH and len(set(runs)) > _OWN_WORDS * len(runs)


def _may_be_name(text: str) -> bool:
    if "@" in text:
        return True
    words = [word for word in _WORD.findall(text) if normalise(word) not in _OF_A_CODE]
    if not any(letter.isdigit() for letter in text):
        return any(letter.isalpha() for letter in text) and not _HEXADECIMAL.fullmatch(text)
    return len(words) >= 2 and " " in text.strip() and _is_mostly_letters(text)


def _is_mostly_letters(text: str) -> bool:
    letters = sum(letter.isalpha() for letter in text)
    return letters > 2 * sum(letter.isdigit() for letter in text) or letters >= 8

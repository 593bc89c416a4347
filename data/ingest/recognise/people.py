"""People's names: columns of them, and sheets that are lists of people."""

from __future__ import annotations

import re

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
    likely = sum(_NAME.fullmatch(text) is not None and not _PLACE.search(text.casefold()) for text in texts)
    return bool(texts) and likely >= 0.6 * len(texts)


def _is_of_client(header: str) -> bool:
    form = normalise(header)
    return form in headers.client_words() or _OF_A_CLIENT.search(form) is not None

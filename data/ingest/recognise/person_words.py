"""Texts that name a person or tell where one lives, in columns of places and codes: they are neither shown nor kept."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping, Sequence
from functools import cache
from pathlib import Path

from stdnum.fi import hetu

from data.codes import code_list, code_list_names, normalise
from data.ingest.recognise.people import is_place

_CAPITAL = re.compile(r"[^\W\d_]+(?:[-'’][^\W\d_]+)*")
_BLANKS = re.compile(r"[\s,;/()]+")
_BARE_CODE = re.compile(r"(?<![0-9])([0-9]{6})[ ./]?([0-9]{3}[0-9A-Ya-y])(?![0-9A-Za-z])")
_GENITIVE = ("n", "in", "lle", "lla", "lta", "s", "’s", "'s")
_EVERYDAY = frozenset(
    {"anna", "ali", "bo", "joy", "per", "van", "li", "mai", "lan", "mark", "ram", "grace", "said", "eden"}
)
"""First names that are words of another kind in small letters."""

_FEW_ROWS, _MANY_NAMES = 3, 3
"""A label of a form stands in more rows; so many different texts that look like names are no slips of the pen."""
_AS_PEOPLE_ARE_CALLED = frozenset({"language", "municipality", "region", "employment_area"})
"""Lists of which a word may be a family name as well: `Salo`, `Dari`."""


def is_personal(text: str) -> bool:
    """A word of a coded column that may name a person: a first name; two words of which one ends as family names do; a street
    with its number; an identity code without its sign.

    >>> [is_personal(one) for one in ("Olena Kovalenko lupa", "Mannerheimintie 5 A 12", "Kela 1311806938", "mehmet yilmaz")]
    [True, True, True, True]
    >>> [is_personal(one) for one in ("Legal Advice", "Suomen Punainen Risti", "Työ 2025", "anna ohjeita", "Kela 1234567890")]
    [False, False, False, False, False]
    """
    return has_bare_code(text) or _STREET.search(text) is not None or _names_person(text)


def may_be_persons_place(text: str) -> bool:
    """The name of a place that may name a person or the flat of one; a street with its number alone is a place.

    >>> [may_be_persons_place(one) for one in ("Ahmed Hassanin koti", "Anna Aalto", "Satamakatu 3 B 14", "kotikäynti Xu Qe")]
    [True, True, True, True]
    >>> [may_be_persons_place(one) for one in ("Sello", "Iso Omena", "Asiakkaan koti", "Satamakatu 3", "Marian kirjasto")]
    [False, False, False, False, False]
    """
    if has_bare_code(text) or _FLAT.search(text):
        return True
    words = _words(text)
    if any(word.casefold() in _listed("at_home") for word in words):
        return _names_person(text) or any(len(run) > 1 for run in _capital_runs(words))
    return not is_place(text) and _names_person(text)


def has_shape_of_name(text: str) -> bool:
    """Two to four words that begin with a capital, and nothing of a place: a name, if the others of its column are such too.

    >>> [has_shape_of_name(one) for one in ("Bo Berg", "Iso Omena", "Helsinki Info", "Sello", "Espoon Matinkylä")]
    [True, True, False, False, False]
    """
    words = _words(text)
    runs = _capital_runs(words)
    return (
        len(runs) == 1 and 2 <= len(runs[0]) == len(words) <= 4 and not is_place(text) and not _in_municipality(words)
    )


def names_among_words(words: Mapping[str, int]) -> frozenset[str]:
    """Of the unknown words of a coded column (with their rows) those that may be people's names although no list has them: words
    that begin with capitals, none of them a word of any code, in hardly any row or together with many like them.

    >>> sorted(names_among_words({"Quirin Zabel": 1, "Legal Clinic": 1, "Bicycle Repair": 9, "Kirpputori": 1}))
    ['Quirin Zabel']
    """
    shaped = {
        text
        for text in words
        if has_shape_of_name(text)
        and all(map(_CAPITAL.fullmatch, text.split()))
        and not {normalise(word) for word in _words(text)} & _words_of_codes()
    }
    if len(shaped) >= _MANY_NAMES and len(shaped) > len(words) / 2:
        return frozenset(shaped)
    return frozenset(text for text in shaped if words[text] < _FEW_ROWS)


@cache
def _words_of_codes() -> frozenset[str]:
    """Every word of the lists of things."""
    return frozenset(
        word
        for name in code_list_names()
        if name not in _AS_PEOPLE_ARE_CALLED
        for code in code_list(name).codes
        for label in code.words()
        for word in normalise(label).split()
    )


def has_bare_code(text: str) -> bool:
    """A personal identity code written without the sign between its parts."""
    return any(hetu.is_valid(f"{one[1]}{sign}{one[2].upper()}") for one in _BARE_CODE.finditer(text) for sign in "-A")


def _names_person(text: str) -> bool:
    words = _words(text)
    if any(word[0].isupper() and _is_first_name(word) and not _is_loud(text, word) for word in words):
        return True
    if len(words) == 2 and len({_is_small(word) for word in words}) == 1 and any(map(_is_first_name, words)):
        return not any(word.casefold() in _EVERYDAY and _is_small(word) for word in words)
    return any(
        any(len(word) > 4 and word.casefold().endswith(tuple(_listed("family_endings"))) for word in run)
        and not is_place(" ".join(run))
        for run in _capital_runs(words)
        if 2 <= len(run) <= 3
    ) and not _in_municipality(words)


def _is_loud(text: str, word: str) -> bool:
    """An everyday word in a text of nothing but capitals."""
    return text.isupper() and word.casefold() in _EVERYDAY


def _is_small(word: str) -> bool:
    return word == word.lower()


def _is_first_name(word: str) -> bool:
    form = word.casefold()
    names = _listed("first_names")
    if form in names or form.split("-")[0] in names:
        return True
    return any(form.endswith(end) and len(form) - len(end) > 2 and form[: -len(end)] in names for end in _GENITIVE)


def _in_municipality(words: Sequence[str]) -> bool:
    """A word of the text is a municipality, also as Finnish inflects it."""
    codes = code_list("municipality")
    return any(codes.find(form) for word in words for form in (word, *(word.removesuffix(end) for end in ("n", "s"))))


def _words(text: str) -> list[str]:
    return [word for word in (found.strip(".:") for found in _BLANKS.split(text)) if _CAPITAL.fullmatch(word)]


def _capital_runs(words: Sequence[str]) -> list[list[str]]:
    """Words in a row that begin with a capital."""
    runs: list[list[str]] = [[]]
    for word in words:
        if word[0].isupper():
            runs[-1].append(word)
        elif runs[-1]:
            runs.append([])
    return [run for run in runs if run]


@cache
def _listed(name: str) -> frozenset[str]:
    path = Path(__file__).with_name("person_words.toml")
    return frozenset(word.casefold() for word in tomllib.loads(path.read_text("utf-8"))[name])


_STREETS = "|".join(sorted(_listed("streets")))
_STREET = re.compile(
    rf"[^\W\d_](?:{_STREETS})n?,? \d+|\b\d+[a-z]? [^\W\d_]+ (?:street|road|lane|avenue)\b", re.IGNORECASE
)
_FLAT_NUMBER = r"\d+ ?[a-z]?,? ?(?:as\.? ?|bst\.? ?|lgh\.? ?|apt\.? ?|[a-z] ?)\d+"
_FLAT = re.compile(rf"[^\W\d_](?:{_STREETS}),? {_FLAT_NUMBER}\b", re.IGNORECASE)

"""The closed list of words that a question may have in a language, and what each means."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from difflib import get_close_matches
from functools import cache
from pathlib import Path
from typing import Any
from unicodedata import category

from babel import Locale

from data.codes import Code, normalise, with_bare_letters
from data.texts import LANGUAGES, Language
from metrics.grammar.period import Period
from metrics.model.definition import definitions, of_definitions
from metrics.model.dimensions import Places, label, list_of
from metrics.model.labels import as_seen

FAMILIES = {
    "municipality": "area", "region": "area", "employment_area": "area", "language": "language",
    "language_group": "language", "topic": "topic", "service_point": "service_point", "sex": "sex", "age_band": "age",
    "age_group": "age",
}  # fmt: skip
"""Dimensions that a question may be limited by, with what they tell: of each of these there is one in a question."""
GROUPS = {
    "region": "municipality",
    "employment_area": "municipality",
    "language_group": "language",
    "age_group": "age_band",
}
"""Where a group and a member have one name (Turku), the member is meant."""
LONGEST = 7
"""Words of the longest phrase that is looked for."""
_SHORTEST = 4
"""Letters of the shortest word for a code beside its name: shorter ones are codes of files (`som`, `Tre`), and everyday words."""
_NAMED_ALIKE = frozenset({"language", "municipality"})
"""Dimensions whose codes have names of their own in files, not words of some language: those are known beside the labels."""
_NO_NAMES = {("topic", "other"), ("language", "mis")}
"""Codes for whatever else there is, whose names are everyday words ("other") and say nothing."""
_NEAR = 0.75
"""How alike a word and a phrase are that is offered for it, from 0 to 1."""
_MONTH_ENDINGS = ("", "n", "ssa", "lta")
"""Not "sta", since a month."""
_BEFORE, _AFTER = "\"'”“(.,:;", ".,:;?!\"'”“)"
"""Marks before and after a word that say nothing."""
_FILE = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True)
class Meaning:
    """What a phrase means: a part of a question (`metric`, `by`, `each`, `time`, or a dimension) and the code that it takes."""

    part: str
    code: str


@dataclass(frozen=True)
class Lexicon:
    """Phrases of a language with their meanings, words that mean nothing, names of months, and endings of speakers' names.

    origin: words that mean nothing before a place, and before anything else something that cannot be asked (since a time);
    spoken_in: words after which a language is that of the service, and no mother tongue; cases: endings of names of languages
    that say the same; month_word: what all months but the last one of a span leave out.
    """

    lang: Language
    phrases: Mapping[str, Meaning]
    filler: frozenset[str]
    origin: frozenset[str]
    months: Mapping[str, int]
    endings: Mapping[str, str]
    spoken_in: frozenset[str]
    cases: tuple[str, ...]
    month_word: str

    def meanings(self, phrase: str, places: Places) -> tuple[Meaning, ...] | None:
        """Return what a phrase may mean: nothing for a filler, several where it is unclear; None where it is not known.

        places: names of service points by code.
        """
        if phrase in self.phrases:
            return (self.phrases[phrase],)
        if phrase in self.filler:
            return ()
        found = self._codes(phrase) or tuple(
            Meaning("service_point", code) for code, names in places.items() if phrase in map(as_seen, names.values())
        )
        return found or None

    def nearest(self, word: str) -> tuple[str, ...]:
        """Return phrases that are written nearly like a word; where none is, names of which a form is."""
        names = [str(getattr(code, self.lang)) for code in _named()]
        known = dict.fromkeys([*self.phrases, *self.months, *(name.casefold() for name in names)])
        found = get_close_matches(word, known, n=3, cutoff=_NEAR)
        if not found:
            # Of thousands of forms those alone that begin alike and are about as long.
            forms = {
                form: label(None, dimension, code, self.lang, {}).casefold()
                for dimension in _NAMED_ALIKE
                for form, code in _names(self.lang, dimension, self.cases).items()
                if form[:1] == word[:1] and abs(len(form) - len(word)) <= 2
            }
            found = [*dict.fromkeys(forms[one] for one in get_close_matches(word, forms, n=9, cutoff=_NEAR))][:3]
        return tuple(found)

    def _codes(self, phrase: str) -> tuple[Meaning, ...]:
        for ending, usual in self.endings.items():
            phrase = phrase.removesuffix(ending) + usual if phrase.endswith(ending) else phrase
        # Lists are looked up without marks; one that stands alone or before a word may leave that out.
        if category(phrase[0])[0] not in "LN" or not (category(phrase[-1])[0] in "LNM" or phrase[-1] == "+"):
            return ()
        word = normalise(phrase)
        found = {name: _names(self.lang, name, self.cases).get(word) for name in FAMILIES if name != "service_point"}
        there = {name: code for name, code in found.items() if code}
        return tuple(Meaning(name, code) for name, code in there.items() if GROUPS.get(name) not in there)


@of_definitions
def lexicon(lang: Language) -> Lexicon:
    """Return the words of a language."""
    said: dict[str, Any] = _vocabulary()[lang]
    phrases = {normalised(one.name[lang]): Meaning("metric", one.id) for one in definitions().values()}
    for part in ("metric", "by", "each", "time", "quarter", "topic", "sex"):
        for code, words in said[part].items():
            for word in words:
                if phrases.setdefault(normalised(word), Meaning(part, code)) != Meaning(part, code):
                    raise ValueError(f"{lang}: {word!r} means two things")
    return Lexicon(
        lang, phrases, frozenset(said["filler"]), frozenset(said["from"]), _months(lang), said["endings"],
        frozenset(said["spoken_in"]), tuple(said["cases"]), said["month_word"],
    )  # fmt: skip


def normalised(text: str) -> str:
    """Return a text in lower case with single spaces, and without marks between words.

    A mark that may leave out or add something (`-women`, `!women`) stays, so that the word is not known.

    >>> normalised("Kuinka monta  25–34-vuotiasta Espoossa?"), normalised("Språk: somaliska."), normalised("kaikki - naiset")
    ('kuinka monta 25–34-vuotiasta espoossa', 'språk somaliska', 'kaikki - naiset')
    """
    words = (word.rstrip(_AFTER).lstrip(_BEFORE) for word in as_seen(text).split())
    return " ".join(word for word in words if word)


def _months(lang: Language) -> dict[str, int]:
    found: dict[str, int] = {}
    for number in range(1, 13):
        name = Period(2026, number, "month").label(lang).split()[0].casefold()
        found |= dict.fromkeys((name + ending for ending in (_MONTH_ENDINGS if lang == "fi" else ("",))), number)
    return found


@cache
def _names(lang: Language, dimension: str, cases: tuple[str, ...]) -> Mapping[str, str]:
    """Return the names of a dimension's codes in a language, normalised: their labels, and what is written out of the same thing.

    Lists have more words, by which files are read: those of all languages, ids, and words for something near to a code
    ("children" for a visit about them, "Somalia" for Somali). In a question those would stand for what was not asked.
    """
    known = list_of(None, dimension)
    found: dict[str, str] = {}
    labels: dict[str, str] = {}
    for code in known.codes if known else ():
        if not code.unknown and (dimension, code.id) not in _NO_NAMES:
            labels[normalise(getattr(code, lang))] = code.id
            found |= dict.fromkeys([*_said_of(code, dimension), *_said_of_area(code, dimension, lang)], code.id)
    if dimension in _NAMED_ALIKE:
        found = with_bare_letters(found)
    if dimension == "language":
        found = {one: code for one, code in found.items() if one not in _countries() and not one.endswith(cases)}
    return found | labels


def _said_of(code: Code, dimension: str) -> Iterable[str]:
    """Return what a code is called beside its label, normalised."""
    if dimension == "municipality":
        yield from map(normalise, (code.fi, code.sv, code.en))
    if dimension == "age_band":
        # "Over 65" is not "65 or over".
        yield from (normalise(word) for word in code.synonyms if re.match(r"(?:alle )?\d", word))
    if dimension in _NAMED_ALIKE:
        for word in code.synonyms:
            said = normalise(word)
            is_cut = word.endswith(".") or len(said.split()[0]) < _SHORTEST
            if not (is_cut or re.search(r"\d", word)):
                yield said


def _said_of_area(code: Code, dimension: str, lang: Language) -> Iterable[str]:
    """Return the cases of an area's name, and what names it beside another kind of area of the same name, normalised."""
    said, name = _vocabulary()[lang], str(getattr(code, lang))
    if dimension not in said["area_words"]:
        return
    forms = said["area_forms"].get(name, ())
    yield from map(normalise, forms)
    for words in said["area_words"][dimension]:
        if forms or "{genitive}" not in words:
            yield normalise(words.format(name=name, genitive=next(iter(forms), "")))


@cache
def _vocabulary() -> dict[str, Any]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


@cache
def _countries() -> frozenset[str]:
    return frozenset(normalise(name) for lang in LANGUAGES for name in Locale(lang).territories.values())


def _named() -> Iterable[Any]:
    lists = (list_of(None, name) for name in ("language", "municipality", "topic", "region"))
    return (code for one in lists if one for code in one.codes)

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

from data.texts import Language
from metrics.grammar.period import Period
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, is_unknown, list_of
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
_SHORTEST = 3
"""Letters of the shortest name of a code: shorter ones are codes of files, not words."""
_NEAR = 0.75
"""How alike a word and a phrase are that is offered for it, from 0 to 1."""
_MONTH_ENDINGS = ("", "n", "ssa", "lta", "sta")
_FILE = Path(__file__).with_name("vocabulary.toml")


@dataclass(frozen=True)
class Meaning:
    """What a phrase means: a part of a question (`metric`, `by`, `each`, `time`, or a dimension) and the code that it takes."""

    part: str
    code: str


@dataclass(frozen=True)
class Lexicon:
    """Phrases of a language with their meanings, words that mean nothing, names of months, and endings of speakers' names."""

    phrases: Mapping[str, Meaning]
    filler: frozenset[str]
    months: Mapping[str, int]
    endings: Mapping[str, str]

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
        """Return phrases that are written nearly like a word."""
        names = [
            code.fi if self is lexicon("fi") else code.sv if self is lexicon("sv") else code.en for code in _named()
        ]
        known = dict.fromkeys([*self.phrases, *self.months, *(name.casefold() for name in names)])
        return tuple(get_close_matches(word, known, n=3, cutoff=_NEAR))

    def _codes(self, phrase: str) -> tuple[Meaning, ...]:
        if len(phrase) < _SHORTEST or not re.search(r"[^\W\d]|\d\W\d", phrase):
            return ()
        for ending, usual in self.endings.items():
            phrase = phrase.removesuffix(ending) + usual if phrase.endswith(ending) else phrase
        found = {name: _find(name, phrase) for name in FAMILIES if name != "service_point"}
        there = {name: code for name, code in found.items() if code}
        return tuple(Meaning(name, code) for name, code in there.items() if GROUPS.get(name) not in there)


@cache
def lexicon(lang: Language) -> Lexicon:
    """Return the words of a language."""
    said: dict[str, Any] = tomllib.loads(_FILE.read_text(encoding="utf-8"))[lang]
    phrases = {normalised(one.name[lang]): Meaning("metric", one.id) for one in definitions().values()}
    for part in ("metric", "by", "each", "time", "sex"):
        for code, words in said[part].items():
            for word in words:
                if phrases.setdefault(normalised(word), Meaning(part, code)) != Meaning(part, code):
                    raise ValueError(f"{lang}: {word!r} means two things")
    return Lexicon(phrases, frozenset(said["filler"]), _months(lang), said["endings"])


def normalised(text: str) -> str:
    """Return a text in lower case with single spaces, and without marks between words.

    >>> normalised("Kuinka monta  25–34-vuotiasta Espoossa?"), normalised("Språk: somaliska.")
    ('kuinka monta 25–34-vuotiasta espoossa', 'språk somaliska')
    """
    return " ".join(word.strip(".,:;?!\"'”“()-–") for word in as_seen(text).split()).strip()


def _months(lang: Language) -> dict[str, int]:
    found: dict[str, int] = {}
    for number in range(1, 13):
        name = Period(2026, number, "month").label(lang).split()[0].casefold()
        found |= dict.fromkeys((name + ending for ending in (_MONTH_ENDINGS if lang == "fi" else ("",))), number)
    return found


def _find(dimension: str, phrase: str) -> str | None:
    known = list_of(None, dimension)
    code = known.find(phrase) if known else None
    return None if code is None or is_unknown(None, dimension, code) else code


def _named() -> Iterable[Any]:
    lists = (list_of(None, name) for name in ("language", "municipality", "topic", "region"))
    return (code for one in lists if one for code in one.codes)

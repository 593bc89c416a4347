"""What a measure of others may count: what one of the program's own counts, with one comparison changed.

Two conditions that differ by one person show that person in every cell that moves from one to the other, and each further pair of
such conditions shows more. Whoever may join comparisons freely makes as many pairs as there are definitions; the program's own
conditions hardly ever differ by so few. So conditions are closed, as questions are: a code may be another one of its column, a
number another of its ladder, and of other numbers and lists of codes there are few, for good (`MOST_SAYINGS`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Final

from metrics.model.condition import in_one_spelling
from metrics.model.definition import Definition, own_definitions
from metrics.model.facts import FACTS
from metrics.model.facts.fact import KNOWN, Fact
from metrics.model.kinds import Part, ShareAt, ShareOf
from metrics.registry.vocabulary import parts_of

MOST_SAYINGS: Final = 3
"""Lists of codes and numbers beside the program's own, of a column of a fact, in all definitions that a store has ever taken."""
_CHANGING: Final = re.compile(
    r"(?P<column>[a-z]\w*) (?P<codes>= '[^']*'|in \( '[^']*'(?: , '[^']*')* \))"
    r"|(?P<measured>[a-z]\w* (?:<=|>=|=|<|>)) (?P<number>\d+)"
    r"|(?P<stem>[a-z]\w*_)(?P<months>\d+)\b"
)
_KEYS: Final = (
    "numerator",
    "denominator",
    "known",
    "happened",
    "dated",
    "where",
    "value",
    "duration",
    "cause",
    "undated",
)
_Texts = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Pattern:
    """Conditions of a measure without what may change of them.

    said: codes and numbers, in order; times: of columns that have them in their names, such as `mature_30`.
    """

    shape: tuple[tuple[str, str], ...]
    said: tuple[tuple[str, str], ...]
    times: tuple[str, ...]

    def is_nearly(self, own: Pattern) -> bool:
        """Return whether it is the same but for one comparison, and one time throughout."""
        changed = {(mine, theirs) for mine, theirs in zip(self.said, own.said, strict=True) if mine != theirs}
        moved = set(zip(own.times, self.times, strict=True))
        one_time = len({before for before, _ in moved}) == len(moved)
        return len(changed) < 2 and one_time and sum(before != after for before, after in moved) < 2


def against(one: Definition) -> Iterator[str]:
    """Yield what a measure counts that is not as one of the program's own counts it."""
    measure, fact = one.measure, one.of_fact
    if isinstance(measure, ShareOf):
        if measure.where != "true" or measure.known not in ("true", f"{measure.dimension}{KNOWN}"):
            yield f"measure: the shares are of all, or of those with a known {measure.dimension}"
        return
    if isinstance(measure, ShareAt):
        if not any(_plain(measure) == _plain(other.measure) for other in _of(fact)):
            yield "measure: no definition of the program counts that at a horizon"
        return
    if not isinstance(measure, Part):
        texts = _texts(measure)
        if texts and not _has_pattern(texts, _wholes(fact)):
            yield _odd(texts)
    for key, counted in _parts(measure, fact):
        if counted.where != "true" and not _has_pattern(
            (("", counted.where),), _singles(FACTS[counted.fact or fact.name])
        ):
            yield _odd(((key, counted.where),))


def sayings(known: Iterable[Definition]) -> Mapping[tuple[str, str], frozenset[str]]:
    """Return the lists of codes and the numbers, by fact and column, that the program's own definitions do not have."""
    found: dict[tuple[str, str], set[str]] = {}
    for one in known:
        for _, _, fact, text in parts_of(one):
            for column, said in _pattern((("", text),)).said:
                if "," in said or said.isdecimal():
                    found.setdefault((fact.name, column), set()).add(said)
    own = _own_sayings()
    return {key: frozenset(said - own.get(key, set())) for key, said in found.items()}


def too_many(known: Iterable[Definition]) -> Iterator[str]:
    """Yield columns of which more is said than may be."""
    for (fact, column), said in sayings(known).items():
        if len(said) > MOST_SAYINGS:
            yield f"{fact}.{column}: at most {MOST_SAYINGS} lists or numbers beside the program's own"


@cache
def _own_sayings() -> Mapping[tuple[str, str], set[str]]:
    found: dict[tuple[str, str], set[str]] = {}
    for one in own_definitions().values():
        for _, _, fact, text in parts_of(one):
            for column, said in _pattern((("", text),)).said:
                found.setdefault((fact.name, column), set()).add(said)
    return found


def _odd(texts: _Texts) -> str:
    keys = ", ".join(key for key, _ in texts)
    return f"measure.{keys}: as no definition of the program counts; one comparison may be another, no more"


def _has_pattern(texts: _Texts, own: Iterable[Pattern]) -> bool:
    made = _pattern(texts)
    return any(made.shape == other.shape and made.is_nearly(other) for other in own)


@cache
def _wholes(fact: Fact) -> tuple[Pattern, ...]:
    """Return what the program's own measures of a fact count, all parts of one together."""
    measures = [one.measure for one in _of(fact) if not isinstance(one.measure, Part | ShareAt | ShareOf)]
    return tuple(_pattern(_texts(one)) for one in measures)


@cache
def _singles(fact: Fact) -> tuple[Pattern, ...]:
    """Return each condition of the program's own measures by itself."""
    texts = [text for one in own_definitions().values() for _, _, of, text in parts_of(one) if of is fact]
    return tuple(_pattern((("", text),)) for text in dict.fromkeys(texts))


def _of(fact: Fact) -> tuple[Definition, ...]:
    return tuple(one for one in own_definitions().values() if one.of_fact is fact)


def _plain(measure: object) -> tuple[str, ...]:
    return tuple(" ".join(str(getattr(measure, key, "")).split()) for key in ("kind", *_KEYS[:3]))


def _texts(measure: object) -> _Texts:
    found = ((key, getattr(measure, key, None)) for key in _KEYS)
    return tuple((key, text) for key, text in found if isinstance(text, str) and text not in ("", "true"))


def _parts(measure: object, fact: Fact) -> Iterator[tuple[str, Part]]:
    if isinstance(measure, Part):
        yield "where", measure
    for key in ("numerator", "denominator", "count"):
        part = getattr(measure, key, None)
        if isinstance(part, Part):
            yield f"{key}.where", part


@cache
def _pattern(texts: _Texts) -> Pattern:
    said: list[tuple[str, str]] = []
    times: list[str] = []

    def without(found: re.Match[str]) -> str:
        if found["codes"]:
            codes = sorted(set(re.findall(r"'[^']*'", found["codes"])))
            said.append((found["column"], ",".join(codes)))
            return f"{found['column']} ?"
        if found["number"]:
            said.append((found["measured"].split(" ")[0], found["number"]))
            return f"{found['measured']} #"
        times.append(found["months"])
        return f"{found['stem']}#"

    shape = tuple((key, _CHANGING.sub(without, in_one_spelling(text))) for key, text in texts)
    return Pattern(shape, tuple(said), tuple(times))

"""Conditions in metric definitions: a small, validated subset of SQL over the columns of a fact."""

import re
from dataclasses import dataclass

from metrics.model.facts.fact import Fact

KEYWORDS = frozenset("and between case coalesce else end false greatest in is least not null or then true when".split())
_TOKEN = re.compile(
    r"\s*(?:(?P<word>[a-z_][a-z_0-9]*)|(?P<text>'[^']*')|(?P<number>\d+)|(?P<sign><=|>=|<>|[=<>(),+*/-]))",
    re.IGNORECASE,
)
_CODED = re.compile(
    r"(?P<column>[a-z_]+)\s*(?:=|<>|(?:not\s+)?in\s*\()\s*(?P<codes>'[^)]*?')\s*(?:\)|$|and|or|then|else|end)",
    re.IGNORECASE,
)


@dataclass(eq=False)
class ConditionError(ValueError):
    """Raised when a condition is outside the subset. `problem` describes the invalid part."""

    problem: str

    def __str__(self) -> str:
        return self.problem


def columns_of(condition: str, fact: Fact) -> tuple[str, ...]:
    """Return the fact's columns in a condition, in order of appearance. Raises ConditionError when it is invalid.

    >>> from metrics.model.facts import FACTS
    >>> columns_of("channel IN ('phone', 'video') AND identified", FACTS["encounter"])
    ('channel', 'identified')
    """
    found: list[str] = []
    position = 0
    text = condition.rstrip()
    while position < len(text):
        token = _TOKEN.match(text, position)
        if token is None:
            raise ConditionError(f"cannot read {text[position : position + 12]!r}")
        word = token["word"]
        if word and word.lower() not in KEYWORDS:
            if not fact.has(word):
                raise ConditionError(f"{fact.name} has no column {word!r}")
            if word in fact.lists:
                raise ConditionError(f"{word!r} holds several codes; use it as a dimension")
            found.append(word)
        position = token.end()
    _check_codes(text, fact)
    return tuple(dict.fromkeys(found))


def _check_codes(text: str, fact: Fact) -> None:
    """Raise ConditionError for a code that is not in its list, since the comparison would silently always be false."""
    for part in _CODED.finditer(text):
        known = fact.list_of(part["column"]) if part["column"] in fact.dimensions else None
        if known is None:
            continue
        for code in re.findall(r"'([^']*)'", part["codes"]):
            if code not in known:
                raise ConditionError(f"{code!r} is not in the code list {known.name}")

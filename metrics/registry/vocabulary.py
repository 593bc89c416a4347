"""What the program's own definitions compare and measure: the words from which a definition of others is made."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from metrics.model.condition import read_condition
from metrics.model.condition_tree import ComparedColumn
from metrics.model.definition import Definition, conditions_of, own_definitions
from metrics.model.facts.fact import Fact

ALONE = ("weight", "value", "duration", "cause")
"""Parts of a measure that are one column."""


@dataclass(frozen=True)
class Vocabulary:
    """Of one fact. columns: that conditions compare; comparisons: as they stand; alone: columns by the part of a measure."""

    columns: frozenset[str]
    comparisons: frozenset[ComparedColumn]
    alone: Mapping[str, frozenset[str]]


def parts_of(definition: Definition) -> Iterator[tuple[str, str, Fact, str]]:
    """Yield the conditions of a definition: the whole key, its last part, the fact and the text."""
    for key, fact, text in conditions_of(definition.measure, definition.of_fact):
        yield key, key.split(" ")[0].rpartition(".")[2], fact, text


@cache
def vocabulary(fact: Fact) -> Vocabulary:
    """Return the words for a fact."""
    columns, comparisons, alone = set[str](), set[ComparedColumn](), {part: set[str]() for part in ALONE}
    for definition in own_definitions().values():
        for _, part, of, text in parts_of(definition):
            if of is not fact:
                continue
            if part in alone:
                alone[part].add(text)
            else:
                read = read_condition(text, fact)
                columns.update(read.columns)
                comparisons.update(read.comparisons)
    return Vocabulary(frozenset(columns), frozenset(comparisons), {part: frozenset(of) for part, of in alone.items()})

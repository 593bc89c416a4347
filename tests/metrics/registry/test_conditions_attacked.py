"""Of two conditions that differ by one person, every cell that moves is of that person: how many people can be had so.

The attacker chooses among all shares that could be made of what the program's own definitions compare and of codes. Control: the
same without the rule that a measure is as one of the program's own but for one comparison.
"""

from __future__ import annotations

from itertools import product
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.store.store import Store
from metrics.gate import KNOWN_FROM
from metrics.model.condition import columns_of
from metrics.model.definition import Definition, own_definitions
from metrics.model.facts import FACTS
from metrics.model.kinds import Share, both
from metrics.registry import patterns
from metrics.registry.vocabulary import vocabulary

FACT = FACTS["encounter"]
OWN = [one for one in own_definitions().values() if one.of_fact is FACT and isinstance(one.measure, Share)]


def conditions(shares: list[Definition]) -> list[str]:
    """What shares count: their wholes and numerators."""
    measures = [one.measure for one in shares if isinstance(one.measure, Share)]
    return ["true", *dict.fromkeys(text for one in measures for text in (one.base, both(one.base, one.numerator)))]


def all_shares() -> list[Definition]:
    """Every share of the program's wholes and numerators, and of codes."""
    codes = [
        f"{column} = '{code}'"
        for column in sorted(vocabulary(FACT).columns)
        if column in FACT.dimensions and (listed := FACT.list_of(column))
        for code in listed.ids
    ]
    measures = [one.measure for one in OWN if isinstance(one.measure, Share)]
    made = [
        Share(kind="share", numerator=numerator, denominator=of.denominator, known=of.known, known_from=KNOWN_FROM)
        for of, numerator in product(measures, [*(one.numerator for one in measures), *codes])
    ]
    return [OWN[0].model_copy(update={"measure": one}) for one in dict.fromkeys(made)]


def lone(store: Store, counted: list[str]) -> int:
    """How many people are, in a month, all by whom two conditions differ that are shown."""
    columns = tuple(dict.fromkeys(name for text in counted for name in columns_of(text, FACT)))
    met = ", ".join(f"bool_or(coalesce({text}, false))::FLOAT AS met_{i}" for i, text in enumerate(counted))
    with store.reading(store.released()) as cursor:
        people = cursor.sql(
            f"SELECT client, month, {met} FROM ({FACT.select(columns)}) WHERE client > 0 GROUP BY ALL"
        ).pl()
    found = set()
    for (month,), of_month in people.group_by("month"):
        sets = of_month.select(pl.col("^met_.*$")).to_numpy()
        sets = np.unique(sets[:, sets.sum(axis=0) >= 10], axis=1)
        sizes = sets.sum(axis=0)
        for one, other in zip(*np.where(sizes[:, None] + sizes - 2 * (sets.T @ sets) == 1), strict=True):
            found.add((month, int(np.argmax(sets[:, one] != sets[:, other]))))
    return len(found)


@pytest.mark.parametrize("without", [False, True])
def test_conditions_of_others_leave_hardly_more_people_alone_than_the_programs_own(
    published: Path, *, without: bool
) -> None:
    store, every = Store(published), all_shares()
    allowed = [one for one in every if without or not [*patterns.against(one)]]
    own, of_others = lone(store, conditions(OWN)), lone(store, conditions([*OWN, *allowed]))
    assert len(allowed) > len(OWN)
    if without:
        assert of_others > 5 * own
    else:
        assert of_others <= 1.5 * own

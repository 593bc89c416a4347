"""Facts as tables: everything a fact can tell of its rows, found once, to be read as often as cells are counted."""

from dataclasses import replace

from metrics.model.facts import FACTS
from metrics.model.facts.fact import Fact, base_of

_SINCE = "since_"
"""Before the name of a column that may turn: the column of the day since which it is as it is."""
_MANY = "ASOF"
"""In joins that look for the latest row of many."""


def is_derived(fact: Fact, names: tuple[str, ...]) -> bool:
    """Whether it takes windows, groups or long joins to find a fact's rows with these columns; only of our own facts."""
    own = FACTS.get(fact.name)
    if own is None or (own.source, own.columns) != (fact.source, fact.columns):
        return False
    joins = (fact.joins.get(base_of(name), "") for name in names)
    return "(" in fact.source or any(_MANY in join for join in joins)


def all_columns(fact: Fact) -> str:
    """Return SQL of all rows of a fact with its day and all columns, lists as they are, and the days since which they are so."""
    items = {"day": fact.day, **fact.columns}
    items |= {f"{_SINCE}{name}": since for name, (since, _) in fact.statuses.items()}
    return fact.rows([f'{sql} AS "{name}"' for name, sql in items.items()], fact.joins.values())


def read_from(fact: Fact, table: str) -> Fact:
    """Return the same fact over a table made by `all_columns`."""
    return replace(
        fact,
        source=f"{table} x",
        day="x.day",
        columns={name: f'x."{name}"' for name in fact.columns},
        joins={},
        statuses={name: (f'x."{_SINCE}{name}"', before) for name, (_, before) in fact.statuses.items()},
    )

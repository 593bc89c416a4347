"""Which metrics a field of the store is used by: what a steward touches by leaving it empty."""

from __future__ import annotations

import re
from functools import cache

from data.model.records import TABLES
from data.model.schema import field_column
from metrics.model.definition import Definition, definitions, of_definitions
from metrics.model.facts import FACTS
from metrics.model.facts.fact import Fact
from metrics.model.kinds import ShareAt


@of_definitions
def metrics_using(table: str, field: str) -> tuple[str, ...]:
    """Ids of the metrics whose measure reads a field of a table, in the order of the definitions.

    Dimensions do not count: nearly every metric can be seen by municipality.
    """
    name = field_column(TABLES[table], field).name
    return tuple(
        one.id for one in definitions().values() if any(_reads(one, fact, table, name) for fact in FACTS.values())
    )


def _reads(definition: Definition, fact: Fact, table: str, name: str) -> bool:
    """The measure uses a column of the fact whose SQL reads the field."""
    words = _words(definition)
    if fact.name != definition.fact and fact.name not in words:
        return False
    for column in words & set(fact.columns):
        sql = f"{fact.columns[column]} {fact.joins.get(column, '')}"
        aliases = re.findall(rf"\b{table}(?: AS)? (\w+)", f"{fact.source} {fact.joins.get(column, '')}")
        if any(re.search(rf'\b{alias}\."?{name}\b', sql) for alias in (table, *aliases)):
            return True
    return False


@cache
def _words(definition: Definition) -> frozenset[str]:
    """Every word of a metric's measure; columns, codes and operators alike."""
    measure, text = definition.measure, definition.measure.model_dump_json()
    if isinstance(measure, ShareAt):
        text = " ".join(measure.at(months).model_dump_json() for months in measure.horizons)
    return frozenset(re.findall(r"\w+", text))

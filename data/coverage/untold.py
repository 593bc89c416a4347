"""Municipalities that have a service of their own of which no file tells: what others' files say of them is not all of it."""

from __future__ import annotations

from collections.abc import Mapping

import duckdb

from data.coverage.paying import LISTED, years_paid
from data.store.reading import columns_there

Years = frozenset[int] | None
"""Years in which a municipality is known to have the service; None: always."""

OF_GUIDANCE = ("encounter", "referral")
"""Tables of a guidance service. Competence centres serve several municipalities: who has none is told of by that of others."""


def untold(told_of: Mapping[str, frozenset[str]], paying: Mapping[str, frozenset[int]]) -> dict[str, dict[str, Years]]:
    """Return by table the municipalities that no file of it tells of, although they have the service.

    told_of: by table with deliveries, whose its sources are, the empty text where they are of no single municipality: these may
    tell of anybody; paying: the municipalities that pay for guidance at places of their own, with the years. A municipality has
    the service if it pays so, or if it brings files of one of these tables: then the other lacks. It depends on files and costs
    alone, never on how many people there are.
    """
    bringing = frozenset(name for table in OF_GUIDANCE for name in told_of.get(table, ()) if name)
    found: dict[str, dict[str, Years]] = {}
    for table in OF_GUIDANCE:
        there = told_of.get(table, frozenset())
        if there and "" not in there:
            found[table] = {
                name: None if name in bringing else paying[name] for name in sorted((bringing | paying.keys()) - there)
            }
    return found


def payers_with_points(connection: duckdb.DuckDBPyConnection) -> dict[str, frozenset[int]]:
    """Return the municipalities that pay for guidance, with the years; not those that have no place in a list of service points.

    Whoever pays and has no place of its own has its people served at those of others.
    """
    paying = years_paid(connection, "guidance")
    listed = set[str]()
    if "delivery" in columns_there(connection, "service_point"):
        points = connection.execute(f"SELECT DISTINCT municipality::VARCHAR FROM ({LISTED})")
        listed = {place for (place,) in points.fetchall()}
    return {place: years for place, years in paying.items() if not listed or place in listed}

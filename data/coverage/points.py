"""Whose files tell of a service point: the sources that have brought its visits."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache

from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.store import Store

_OWN = 0.1
"""The least part of a point's visits that a source has brought which tells of it; fewer are strays, such as a wrong code."""


def sources_of_point(store: Store, generation: Generation, point: str, least: int) -> frozenset[int] | None:
    """Return the sources that tell of a service point, by number; None where that is not known. Raises StoreError.

    least: of fewer visits nothing is said, because they are those of single people.
    """
    brought = _brought(store, generation).get(point, {})
    total = sum(brought.values())
    if not total or total < least:
        return None
    return frozenset(source for source, rows in brought.items() if rows >= _OWN * total)


@lru_cache(maxsize=32)
def _brought(store: Store, generation: Generation) -> Mapping[str, Mapping[int, int]]:
    """The visits at each service point, by the source that has brought them."""
    found: dict[str, dict[int, int]] = {}
    with store.reading(generation) as connection:
        if "delivery" not in columns_there(connection, "encounter") or not columns_there(connection, "delivery"):
            return {}
        query = """SELECT service_point, source, sum(visits)::BIGINT FROM (
                SELECT service_point, delivery, count(*) AS visits FROM encounter GROUP BY ALL
            ) JOIN delivery USING (delivery) GROUP BY ALL"""
        for point, source, visits in connection.execute(query).fetchall():
            found.setdefault(point, {})[source] = visits
    return found

"""Municipalities whose people the files are about, although none is of that municipality alone."""

from __future__ import annotations

from functools import lru_cache

from data.coverage.extent import Extent
from data.coverage.untold import OF_GUIDANCE, payers
from data.store.generation import Generation
from data.store.reading import columns_there
from data.store.store import Store

_STRAYS = 30
"""Visits of a municipality's people in others' files from which on it counts as served there: fewer come by chance or by a wrong
code, and tell nothing of how many of its residents are reached."""


def is_served(store: Store, generation: Generation, extent: Extent, table: str, place: str) -> bool:
    """Return whether files of a table are about a municipality's people, by whom its residents can be divided.

    Where every file is of one municipality, another one, such as of a table of all residents of the country, is served if it pays
    for guidance or others' files have more than strays of it. Raises StoreError.
    """
    if table not in OF_GUIDANCE or table in extent.unknown or not extent.is_of_single_ones(table):
        return True
    return place in extent.bringing(table, None, None) or place in _elsewhere(store, generation)


@lru_cache(maxsize=32)
def _elsewhere(store: Store, generation: Generation) -> frozenset[str]:
    """The municipalities that pay for guidance, or have been at anybody's more often than by chance."""
    with store.reading(generation) as connection:
        found = set(payers(connection))
        if columns_there(connection, "encounter"):
            query = "SELECT municipality::VARCHAR FROM encounter GROUP BY municipality HAVING count(*) >= ?"
            found |= {place for (place,) in connection.execute(query, [_STRAYS]).fetchall()}
    return frozenset(found)

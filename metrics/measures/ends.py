"""To which day the sources of a generation know what becomes of a fact's rows."""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

from data.store.generation import Generation
from data.store.store import Store
from metrics.model.facts.fact import Fact


@lru_cache(maxsize=128)
def reach_of(store: Store, generation: Generation, fact: Fact) -> Mapping[int, date]:
    """The last day of each source that has one, by its number. Raises StoreError."""
    with store.reading(generation) as connection:
        rows = connection.execute(f"SELECT source, until FROM ({fact.reaches}) WHERE until IS NOT NULL").fetchall()
    return dict(rows)

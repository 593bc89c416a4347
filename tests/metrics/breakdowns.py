"""Cells of every breakdown there is, made ahead for tests that look at all of them."""

from collections.abc import Iterable

from data.store.store import Store
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.measures.inquiry import countings
from metrics.model.definition import definitions


def make_breakdowns(store: Store, metrics: Iterable[str]) -> Store:
    """Make what each metric counts by each dimension it allows, together for all metrics of a fact.

    Asked one metric at a time, the same facts would be scanned ten times as often.
    """
    together: dict[tuple[str, str], list[Counting]] = {}
    for definition in map(definitions().__getitem__, metrics):
        for counting in countings(definition):
            for dimension in definition.allowed:
                if not definition.requires and dimension in counting.fact.dimensions:
                    together.setdefault((counting.fact.name, dimension), []).append(counting)
    cube = Cube(store, store.serving())
    for (_, dimension), measures in together.items():
        cube.counts(tuple(dict.fromkeys(measures)), (dimension,))
    return store

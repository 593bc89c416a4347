"""Jobs that a metric needs, and what comes of them in a form that can be compared."""

from __future__ import annotations

import random
from collections.abc import Iterable, Iterator

import polars as pl

from data.store.store import Store
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.cube import Cube
from metrics.cube.scan import Engine, Job
from metrics.cube.shape import Shape
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.measures.inquiry import countings
from metrics.model.definition import Definition, definitions
from metrics.model.facts.fact import base_of
from metrics.model.kinds import Mean, Quantile, TimeToEvent


def rows_of(job: Job, engine: Engine, store: Store) -> list[object]:
    return cells_in(engine.compute(job, store, store.serving()))


def cells_in(frames: Iterable[pl.DataFrame]) -> list[object]:
    return [frame.columns + sorted(map(repr, frame.select(sorted(frame.columns)).rows())) for frame in frames]


def jobs_of(definition: Definition, shape: Shape) -> Iterator[Job]:
    """Everything that a metric counts."""
    by_fact: dict[str, dict[Counting, None]] = {}
    for counting in countings(definition):
        by_fact.setdefault(counting.fact.name, {})[counting] = None
    yield from (Job(tuple(together), shape) for together in by_fact.values())
    match definition.measure:
        case TimeToEvent(duration=duration, causes=causes):
            yield Job(CumulativeProfile(definition.of_fact, duration, cause=causes), shape)
        case Quantile(value=value, where=where) | Mean(value=value, where=where):
            yield Job(CumulativeProfile(definition.of_fact, value, where), shape)


def drawn(chance: random.Random, definition: Definition, store: Store) -> Shape:
    """Some dimensions, periods and audience."""
    chosen: list[str] = []
    for name in chance.sample(definition.allowed, len(definition.allowed)):
        if len(chosen) < chance.randrange(MOST_DIMENSIONS + 1) and base_of(name) not in map(base_of, chosen):
            chosen.append(name)
    made = Cube(store, store.serving())
    return made._shape(tuple(chosen), chance.choice((None, None, 4)), batched=chance.random() < 0.75)


def one_of_each_kind() -> list[Definition]:
    """A metric of every fact, and one of every kind of measure."""
    by_fact = {one.fact: one for one in definitions().values()}
    by_kind = {one.kind: one for one in definitions().values()}
    return list({one.id: one for one in (*by_fact.values(), *by_kind.values())}.values())

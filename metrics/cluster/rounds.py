"""Many sets of cells of one reading of the rows: what questions want is gathered, counted together, and asked for again."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.cube import computing_with
from metrics.cube.scan import Engine, Job
from metrics.warming import Ahead, Progress, alone

_AT_ONCE = 24
"""Sets of cells of one reading: their cells wait in memory until the questions are asked again."""
_Key = tuple[Generation, Job]


class ManyAtOnce(Engine, Protocol):
    """What computes several sets of cells at a lower price than one after the other."""

    def compute_all(self, jobs: tuple[Job, ...], store: Store, generation: Generation) -> list[list[pl.DataFrame]]:
        """Return for each as `compute`."""


class Later(Exception):  # noqa: N818  (nothing is wrong)
    """The cells are not there yet, and are among those that will be counted."""


@dataclass
class Rounds:
    """An engine that counts nothing when it is asked for the first time, and then all that it has been asked for."""

    engine: ManyAtOnce
    _wanted: dict[_Key, None] = field(default_factory=dict)
    _counted: dict[_Key, list[pl.DataFrame]] = field(default_factory=dict)
    _known: set[_Key] = field(default_factory=set)

    @property
    def is_full(self) -> bool:
        """Whether as much is wanted as is counted at once."""
        return len(self._wanted) >= _AT_ONCE

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """Return as `metrics.cube.scan.Engine`. Raises Later."""
        key = (generation, job)
        if key in self._counted:
            return self._counted.pop(key)
        if key in self._known:  # it could not be kept
            return self.engine.compute(job, store, generation)
        self._wanted[key] = None
        raise Later

    def count(self, store: Store) -> None:
        """Count what is wanted."""
        for generation in dict.fromkeys(generation for generation, _ in self._wanted):
            jobs = tuple(job for of, job in self._wanted if of == generation)
            found = self.engine.compute_all(jobs, store, generation)
            self._counted |= {(generation, job): cells for job, cells in zip(jobs, found, strict=True)}
        self._known |= self._wanted.keys()
        self._wanted.clear()


def make_in_rounds(store: Store, wanted: Iterable[Ahead], engine: ManyAtOnce, progress: Progress | None = None) -> None:
    """Make the cells of questions as `metrics.warming.make`, all with the same engine. Raises as it does, and ClusterError."""
    left, rounds = tuple(wanted), Rounds(engine)
    every = len(left)
    with alone(store), computing_with(rounds):
        while left:
            later: list[Ahead] = []
            for place, step in enumerate(left):
                try:
                    step.make(store)
                except Later:
                    later.append(step)
                if rounds.is_full:
                    later += left[place + 1 :]
                    break
            rounds.count(store)
            left = tuple(later)
            if progress:
                progress(every - len(left), every)

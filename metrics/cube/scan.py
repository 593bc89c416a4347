"""Running the scripts of cells: by one scan of everybody, or by slices of the clients whose cells are then put together."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Protocol

import duckdb

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.agreement import ALONE, Agreement, Meeting
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.kept_rows import kept
from metrics.cube.merge import merged, merged_profile
from metrics.cube.shape import Shape, Slice
from metrics.cube.sql import Statement, accumulated, counting_script, profile_script

if TYPE_CHECKING:
    import polars as pl

    from metrics.model.facts.fact import Fact

Script = tuple[list[Statement], list[str]]


@dataclass(frozen=True)
class Job:
    """Some cells to compute. counted: measures of one fact, or one profile."""

    counted: tuple[Counting, ...] | CumulativeProfile
    shape: Shape

    @property
    def measures(self) -> tuple[Counting | CumulativeProfile, ...]:
        """What is counted, one or several."""
        return self.counted if isinstance(self.counted, tuple) else (self.counted,)

    @property
    def fact(self) -> Fact:
        """The fact that they are all of."""
        return self.measures[0].fact

    def of_slice(self, number: int, slices: int) -> Job:
        """Return the same of a slice of the clients."""
        return self.of_slices((number,), slices)

    def of_slices(self, numbers: tuple[int, ...], slices: int) -> Job:
        """Return the same of some slices of the clients."""
        return replace(self, shape=replace(self.shape, slice=Slice(numbers, slices)))

    def script(self) -> Script:
        """Return statements and queries; of a profile, of what each step adds."""
        if isinstance(self.counted, CumulativeProfile):
            setup, points = profile_script(self.counted, self.shape)
            return setup, [points]
        return counting_script(self.counted, self.shape)

    def over_kept_rows(self, cursor: duckdb.DuckDBPyConnection, token: str, *, of_slice: bool = False) -> Job:
        """Return the same, to be counted from rows that are kept.

        token: of the generation that the cursor reads; of_slice: keep those of its slice alone, which is all that the process
        counts.
        """
        names = tuple(dict.fromkeys((*self.shape.dimensions, *(name for one in self.measures for name in one.columns))))
        where = self.shape.slice.condition if of_slice and self.shape.slice else "true"
        fact = kept(self.fact, names, cursor, token, where)
        if isinstance(self.counted, CumulativeProfile):
            return replace(self, counted=replace(self.counted, fact=fact))
        return replace(self, counted=tuple(replace(one, fact=fact) for one in self.counted))

    def merged(self, parts: Sequence[Sequence[pl.DataFrame]]) -> list[pl.DataFrame]:
        """Return the results for everybody from those of all slices."""
        if isinstance(self.counted, CumulativeProfile):
            return [merged_profile([queries[0] for queries in parts], self.shape.dimensions)]
        return [merged(query, self.shape.dimensions) for query in zip(*parts, strict=True)]


class Engine(Protocol):
    """What computes cells."""

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """Return the results of the queries of `counting_script`, or the cumulative cells of a profile. Raises StoreError."""


class OneScan:
    """Everybody at once, in this process."""

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """As `Engine`."""
        with store.reading(generation) as cursor:
            setup, queries = job.over_kept_rows(cursor, generation.token).script()
            if isinstance(job.counted, CumulativeProfile):
                queries = [accumulated(queries[0], job.shape.dimensions)]
            return run(cursor, (setup, queries), ALONE)


@dataclass(frozen=True)
class Threads:
    """So many slices in threads of this process."""

    slices: int

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """As `Engine`."""
        meeting = Meeting(self.slices)

        def one(number: int) -> list[pl.DataFrame]:
            try:
                with store.reading(generation) as cursor:
                    own = job.of_slice(number, self.slices).over_kept_rows(cursor, generation.token)
                    return run(cursor, own.script(), meeting.seat(number))
            except BaseException:
                meeting.give_up()
                raise

        with ThreadPoolExecutor(self.slices) as pool:
            return job.merged(list(pool.map(one, range(self.slices))))


def run(cursor: duckdb.DuckDBPyConnection, script: Script, agreement: Agreement) -> list[pl.DataFrame]:
    """Return the results of a script's queries."""
    setup, queries = script
    for statement in setup:
        if isinstance(statement, str):
            cursor.execute(statement)
        else:
            statement(cursor, agreement)
    return [_found(cursor, query) for query in queries]


def _found(cursor: duckdb.DuckDBPyConnection, query: str) -> pl.DataFrame:
    """Return the rows of a query. By way of a table: what Polars reads of is planned twice, which is long for such a query."""
    cursor.execute(f"CREATE OR REPLACE TEMP TABLE found AS {query}")
    rows: pl.DataFrame = cursor.table("found").pl()
    return rows

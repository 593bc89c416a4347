"""The cube: cells of a generation, made on first use in one scan, kept beside the generation and served from memory."""

import hashlib
import os
import threading
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import TypeVar

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.cube.index import CellIndex
from metrics.cube.sql import Counting, Profile, Shape, counting_script, profile_script

M = TypeVar("M", Counting, Profile)

CUBE_VERSION = 1
"""Changes when cells are made in another way, so that old files are not read."""

_SLOTS = threading.BoundedSemaphore(2)
_memory: dict[tuple[Path, datetime], CellIndex] = {}
_memory_lock = threading.Lock()
_MEMORY_ROWS = 3_000_000


@dataclass(frozen=True)
class Cube:
    """Cells of one generation of a store. Cheap to make; all of a process share the cells in memory."""

    store: Store
    generation: Generation

    @property
    def closed_month(self) -> int:
        """Last closed month as year × 12 + month − 1."""
        day = self.generation.closed_until
        return day.year * 12 + day.month - 1

    @property
    def last_month(self) -> int:
        """Last month with data, closed or not."""
        last = self.generation.last_day
        return -1 if last is None else last.year * 12 + last.month - 1

    def counts(
        self, measures: Sequence[Counting], dimensions: tuple[str, ...], to_month: int | None = None
    ) -> tuple[CellIndex, ...]:
        """Cells of each measure (columns: see `counting_script`), all of one fact. Missing ones are made in one scan."""
        shape = self._shape(dimensions, to_month)

        def build(missing: Sequence[Counting]) -> list[pl.DataFrame]:
            by_fact: dict[str, list[Counting]] = {}
            for measure in missing:
                by_fact.setdefault(measure.fact.name, []).append(measure)
            made: dict[Counting, pl.DataFrame] = {}
            for together in by_fact.values():
                setup, queries = counting_script(tuple(together), shape)
                made |= dict(zip(together, self._run(setup, queries), strict=True))
            return [made[measure] for measure in missing]

        return self._cells(measures, shape, build)

    def profile(self, measure: Profile, dimensions: tuple[str, ...], to_month: int | None = None) -> CellIndex:
        """Cumulative cells of a profile (columns: see `profile_script`)."""
        shape = self._shape(dimensions, to_month)

        def build(missing: Sequence[Profile]) -> list[pl.DataFrame]:
            setup, query = profile_script(missing[0], shape)
            return self._run(setup, [query])

        return self._cells((measure,), shape, build)[0]

    def _shape(self, dimensions: tuple[str, ...], to_month: int | None) -> Shape:
        return Shape(tuple(sorted(dimensions)), self.closed_month, self.last_month > self.closed_month, to_month)

    def _cells(
        self, measures: Sequence[M], shape: Shape, build: Callable[[Sequence[M]], list[pl.DataFrame]]
    ) -> tuple[CellIndex, ...]:
        paths = [self._path(measure, shape) for measure in measures]
        found = {path: self._held(path, shape) for path in paths}
        if None in found.values():
            with _SLOTS:
                # Another visitor may have made them while this one waited for a slot.
                found = {path: index or self._held(path, shape) for path, index in found.items()}
                missing = {p: m for p, m in zip(paths, measures, strict=True) if found[p] is None}
                for path, frame in zip(missing, build(list(missing.values())) if missing else [], strict=True):
                    _save(path, frame)
                    found[path] = self._keep(path, frame, shape)
        return tuple(index for path in paths if (index := found[path]) is not None)

    def _held(self, path: Path, shape: Shape) -> CellIndex | None:
        index = _memory.get((path, self.generation.created))
        if index is None and path.exists():
            with suppress(pl.exceptions.PolarsError):  # a damaged file is made anew
                index = self._keep(path, pl.read_parquet(path), shape)
        return index

    def _keep(self, path: Path, frame: pl.DataFrame, shape: Shape) -> CellIndex:
        """Hold cells in memory; the oldest go first when there are too many rows in all."""
        with _memory_lock:
            total = sum(index.frame.height for index in _memory.values()) + frame.height
            while _memory and total > _MEMORY_ROWS:
                total -= _memory.pop(next(iter(_memory))).frame.height
            # Created is part of the key: a store made anew in the same folder counts its generations from one again.
            index = _memory[path, self.generation.created] = CellIndex(frame, shape.dimensions)
        return index

    def _path(self, measure: Counting | Profile, shape: Shape) -> Path:
        return self.store.cube_path(self.generation) / _file_name(measure, shape)

    def _run(self, setup: list[str], queries: list[str]) -> list[pl.DataFrame]:
        cursor = self.store.read(self.generation)
        try:
            for statement in setup:
                cursor.execute(statement)
            return [cursor.sql(query).pl() for query in queries]
        finally:
            cursor.close()


@lru_cache(maxsize=4096)
def _file_name(measure: Counting | Profile, shape: Shape) -> str:
    """Readable part, then a digest of all that decides the cells: a changed definition never reads old cells."""
    what = repr((CUBE_VERSION, measure, shape))
    name = "+".join((measure.fact.name, *shape.dimensions))
    return f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}.parquet"


def _save(path: Path, frame: pl.DataFrame) -> None:
    for folder in (path.parent.parent, path.parent):
        folder.mkdir(exist_ok=True, mode=0o700)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.{threading.get_ident()}.tmp")
    frame.write_parquet(temporary)
    temporary.chmod(0o600)
    temporary.replace(path)

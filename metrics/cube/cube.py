"""The cube: cells of a generation, computed on first use in one scan, stored beside the generation and cached in memory."""

from __future__ import annotations

import hashlib
import shutil
import threading
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from functools import lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from data.refusal import Refusal
from data.store.generation import Generation
from data.store.kept import clear_cells, is_kept, kept
from data.store.store import Store
from metrics.cube import files
from metrics.cube.claims import claimed
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.earlier import taken
from metrics.cube.held_parts import HeldParts
from metrics.cube.index import CellIndex
from metrics.cube.packed import PackedCells, packed
from metrics.cube.part import CellPart
from metrics.cube.shape import Shape
from metrics.cube.underway import Underway
from metrics.gate import TOGETHER_FROM
from metrics.memory import Memory, Origin, let_go, origins
from metrics.model.facts.fact import GROUPINGS

if TYPE_CHECKING:
    import polars as pl

    from metrics.cube.scan import Engine, Job

M = TypeVar("M", Counting, CumulativeProfile)

CUBE_VERSION = 9
"""Must change when cells are computed differently, so that old files are not read."""

MOST_BYTES = 400_000_000
"""Most bytes of cells in memory, look-up dictionaries included; evicted cells are read from their files again."""

SCANS = 2
"""Most concurrent scans of the store in a process."""
_SLOTS = threading.BoundedSemaphore(SCANS)
_memory: Memory[Path, CellIndex] = Memory(MOST_BYTES, lambda file: _origin(file.parent))
"""Cached cells by file; the file's folder contains the generation's token."""
_parts = HeldParts()
_underway = Underway()

_engines: list[Engine] = []
"""Ways to compute cells, of which the last is in force; without any, by one scan."""


@contextmanager
def computing_with(engine: Engine) -> Iterator[None]:
    """Compute the cells of this process in another way meanwhile; they are the same."""
    _engines.append(engine)
    try:
        yield
    finally:
        _engines.remove(engine)


def hold_at_most(most: int) -> None:
    """Hold fewer bytes of cells in the memory of this process than `MOST_BYTES`."""
    _memory.bound = most


def let_go_of_what_has_gone() -> None:
    """Let go of what is in memory of generations that their stores have no more: somebody may have been forgotten in them."""
    held = origins()
    for path in {path for path, _ in held}:
        with suppress(Refusal):  # a description is damaged: nobody can tell
            store = Store(path)
            there = {one for kept_one in kept(store) for one in _origins(store, kept_one)}
            let_go({origin for origin in held if origin[0] == path} - there)


def _origins(store: Store, generation: Generation) -> tuple[Origin, Origin]:
    """Return how things in memory tell that they are of a generation: by its token, or its folder of cells."""
    return (store.path, generation.token), _origin(store.cube_path(generation))


def _origin(folder: Path) -> Origin:
    return folder.parent.parent, folder.name


@dataclass(frozen=True)
class Cube:
    """The cells of one generation of a store. Instances are cheap and share the process-wide cache.

    lacking: called where a file of cells is not there, if somebody else makes it meanwhile; whoever asks is then answered from
    what of it is needed. None: whoever asks makes the file.
    """

    store: Store
    generation: Generation
    lacking: Callable[[], None] | None = field(default=None, compare=False)

    @property
    def closed_month(self) -> int:
        """The last closed month as year × 12 + month − 1."""
        day = self.generation.closed_until
        return day.year * 12 + day.month - 1

    @property
    def last_month(self) -> int:
        """The last month with data, closed or not, as year × 12 + month − 1; −1 without data."""
        last = self.generation.last_day
        return -1 if last is None else last.year * 12 + last.month - 1

    def counts(
        self,
        measures: Sequence[Counting],
        dimensions: tuple[str, ...],
        to_month: int | None = None,
        *,
        batched: bool = False,
        part: CellPart | None = None,
    ) -> tuple[CellIndex, ...]:
        """Return the cells of each measure (columns: see `counting_script`); missing ones are computed in one scan per fact.

        dimensions: at most three; to_month: of year-to-date cells, the month (1–12) they end in; batched: people enter when they
        are several, for visitors (`metrics.cube.admission`); part: what of the cells is needed. Raises StoreError.
        """
        shape = self._shape(dimensions, to_month, batched=batched)

        def build(missing: Sequence[Counting], shape: Shape) -> list[pl.DataFrame]:
            # Here, and not above: what counts takes longer to load than a question whose cells are there to answer.
            from metrics.cube.scan import Job
            from metrics.cube.sql import cells_of

            by_fact: dict[str, list[Counting]] = {}
            for measure in missing:
                by_fact.setdefault(measure.fact.name, []).append(measure)
            made: dict[Counting, pl.DataFrame] = {}
            for together in by_fact.values():
                found = self._computed(Job(tuple(together), shape))
                made |= {one: cells_of(found, number, shape.dimensions) for number, one in enumerate(together)}
            return [made[measure] for measure in missing]

        return self._cells(measures, shape, build, part)

    def lacking_of(
        self, measures: Sequence[Counting], dimensions: tuple[str, ...], to_month: int | None, part: CellPart | None,
        *, batched: bool,
    ) -> list[Counting]:  # fmt: skip
        """Return those of some measures of which `counts` would have to compute cells."""
        shape = self._shape(dimensions, to_month, batched=batched)
        paths = {measure: self._path(measure, shape) for measure in measures}
        absent = [measure for measure, path in paths.items() if self._held(path, shape) is None]
        return [measure for measure in absent if not (part and _held_part(paths[measure], part))]

    def profile(
        self,
        measure: CumulativeProfile,
        dimensions: tuple[str, ...],
        to_month: int | None = None,
        *,
        batched: bool = False,
        part: CellPart | None = None,
    ) -> CellIndex:
        """Return the cumulative cells of a profile (columns: see `profile_script`), else as `counts`. Raises StoreError."""
        shape = self._shape(dimensions, to_month, batched=batched)

        def build(missing: Sequence[CumulativeProfile], shape: Shape) -> list[pl.DataFrame]:
            from metrics.cube.scan import Job

            return self._computed(Job(missing[0], shape))

        return self._cells((measure,), shape, build, part)[0]

    def _shape(self, dimensions: tuple[str, ...], to_month: int | None, *, batched: bool) -> Shape:
        batch = TOGETHER_FROM if batched else 0
        has_open = self.last_month > self.closed_month and not batch
        return Shape(tuple(sorted(dimensions)), self.closed_month, has_open, to_month, batch)

    def _cells(
        self, measures: Sequence[M], shape: Shape, build: Callable[[Sequence[M], Shape], list[pl.DataFrame]],
        part: CellPart | None,
    ) -> tuple[CellIndex, ...]:  # fmt: skip
        paths = [self._path(measure, shape) for measure in measures]
        found = {path: self._held(path, shape) for path in paths}
        absent = [path for path, index in found.items() if index is None]
        if absent and part and self.lacking:
            self.lacking()
            found |= self._parts(
                {p: m for p, m in zip(paths, measures, strict=True) if p in absent}, shape, build, part
            )
        elif absent:
            if not self.store.cube_path(self.generation).is_dir():
                clear_cells(self.store)
            with self._outlived(), claimed(absent):
                # Another session may have computed them while this one waited.
                found |= {path: self._held(path, shape) for path in absent}
                missing = {p: m for p, m in zip(paths, measures, strict=True) if found[p] is None}
                found |= self._made(missing, shape, build)
        return tuple(index for path in paths if (index := found[path]) is not None)

    def _parts(
        self, wanted: dict[Path, M], shape: Shape, build: Callable[[Sequence[M], Shape], list[pl.DataFrame]], part: CellPart
    ) -> dict[Path, CellIndex]:  # fmt: skip
        """Return the needed part of cells whose files are not there, kept in memory alone. One of those who ask counts it."""
        found = {path: _held_part(path, part) for path in wanted}
        while absent := [path for path, index in found.items() if index is None]:
            with _underway.claimed(absent, part) as (mine, others):
                if mine:
                    counted = self._counted_part({path: wanted[path] for path in mine}, shape, build, part)
                    for path, index in counted.items():
                        mine[path].index = found[path] = index
            # If whoever counts one fails, the first of those who wait counts it.
            found |= {path: other.wait() for path, other in others.items()}
        return {path: index for path, index in found.items() if index is not None}

    def _counted_part(
        self, wanted: dict[Path, M], shape: Shape, build: Callable[[Sequence[M], Shape], list[pl.DataFrame]], part: CellPart
    ) -> dict[Path, CellIndex]:  # fmt: skip
        partial_shape = replace(shape, part=part)
        with self._outlived():
            with _SLOTS:
                # Others may have computed more than that while this one waited.
                found = {path: index for path in wanted if (index := _held_part(path, part))}
                missing = [path for path in wanted if path not in found]
                frames = build([wanted[path] for path in missing], partial_shape) if missing else []
            for path, frame in zip(missing, frames, strict=True):
                place = self._path(wanted[path], partial_shape)
                found[path] = self._keep(place, packed(frame), shape)
                _parts.add(path, part, place)
        return found

    def _made(
        self, missing: dict[Path, M], shape: Shape, build: Callable[[Sequence[M], Shape], list[pl.DataFrame]]
    ) -> dict[Path, CellIndex]:
        found = self._taken(missing, shape)
        missing = {path: measure for path, measure in missing.items() if path not in found}
        if missing:
            # Acquired after the file locks, so that a session waiting for files does not occupy a slot.
            with _SLOTS:
                frames = build(list(missing.values()), shape)
            made = {path: packed(frame) for path, frame in zip(missing, frames, strict=True)}
            for path, cells in made.items():
                with files.keeping(path):
                    files.save(path, cells)
            files.bound(self.store.cube_path(self.generation), keep=missing)
            found |= {path: self._keep(path, cells, shape) for path, cells in made.items()}
        return found

    @contextmanager
    def _outlived(self) -> Iterator[None]:
        """Leave nothing of a generation that goes meanwhile, perhaps with somebody who was forgotten in it."""
        try:
            yield
        finally:
            if not is_kept(self.store, self.generation):
                shutil.rmtree(self.store.cube_path(self.generation), ignore_errors=True)
                let_go(_origins(self.store, self.generation))

    def _taken(self, missing: dict[Path, M], shape: Shape) -> dict[Path, CellIndex]:
        """Return cells that an earlier generation has, where this process takes them from there."""
        there = [path for path, measure in missing.items() if taken(path, self.generation, measure, shape)]
        return {path: index for path in there if (index := self._held(path, shape)) is not None}

    def _held(self, path: Path, shape: Shape) -> CellIndex | None:
        """Return cells from memory or from their file; None where the file is missing or unreadable."""
        index = _memory.get(path)
        if index is None and path.exists():
            cells = files.load(path)
            if cells is not None:  # a damaged file is computed again
                index = self._keep(path, cells, shape)
        return index

    def _keep(self, path: Path, cells: PackedCells, shape: Shape) -> CellIndex:
        index = CellIndex(cells, shape.dimensions, partial(_memory.grow, path))
        _memory.put(path, index, index.size)
        return index

    def _path(self, measure: Counting | CumulativeProfile, shape: Shape) -> Path:
        return self.store.cube_path(self.generation) / _file_name(measure, shape)

    def _computed(self, job: Job) -> list[pl.DataFrame]:
        from metrics.cube.scan import OneScan

        engine = _engines[-1] if _engines else OneScan()
        return engine.compute(job, self.store, self.generation)


def _held_part(whole: Path, part: CellPart) -> CellIndex | None:
    """Return cells in memory that hold a part of a set; None where there are none."""
    return next((index for place in _parts.with_all_of(whole, part) if (index := _memory.get(place))), None)


@lru_cache(maxsize=4096)
def _file_name(measure: Counting | CumulativeProfile, shape: Shape) -> str:
    """Return a file name with a digest of all that decides the cells, so that a changed definition never reads old cells."""
    names = dict.fromkeys((*shape.dimensions, *measure.columns))
    groups = [(name, GROUPINGS[name].pairs()) for name in names if name in GROUPINGS]
    what = repr((CUBE_VERSION, measure, shape, *((shape.part,) if shape.part else ()), *groups))
    name = "+".join((measure.fact.name, *shape.dimensions))
    return f"{name}-{hashlib.sha256(what.encode()).hexdigest()[:16]}{files.SUFFIX}"

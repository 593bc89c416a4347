"""Tasks of a cluster in threads of this process: all that they do, but for what Spark does."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from threading import Barrier

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.cluster.manifest import ALL, MANIFEST, WrittenRows, place_of
from metrics.cluster.task import Outcome, Seated, TaskOrder, merged, versions, work
from metrics.cube.scan import Job

PATIENCE = 60.0


@dataclass
class Everybody:
    """What Spark's `allGather` does: nobody goes on before all have come."""

    tasks: int
    _told: dict[int, str] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._barrier = Barrier(self.tasks, timeout=PATIENCE)

    def of(self, number: int, text: str) -> list[str]:
        self._told[number] = text
        self._barrier.wait()
        found = [self._told[one] for one in range(self.tasks)]
        self._barrier.wait()
        return found


@dataclass(frozen=True)
class Tasks:
    """An engine of so many tasks, over the slices in a folder. lacking: a part of which no files come."""

    folder: Path
    tasks: int
    key: bytes = b"k" * 32
    lacking: str = ""

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        return self.compute_all((job,), store, generation)[0]

    def compute_all(self, jobs: tuple[Job, ...], store: Store, generation: Generation) -> list[list[pl.DataFrame]]:
        rows = self.folder / store.cube_path(generation).name
        manifest = WrittenRows.read((rows / MANIFEST).read_text(encoding="utf-8"))
        order = self.ordered(jobs, manifest, rows)
        return merged(self.outcomes([order] * self.tasks, rows), jobs, self.tasks)

    def ordered(self, jobs: tuple[Job, ...], manifest: WrittenRows, rows: Path) -> TaskOrder:
        of_all = tuple((table, path.read_bytes()) for table, part, path in self._files(rows) if part == ALL)
        return TaskOrder(jobs, manifest, of_all, self.key, versions())

    def outcomes(self, orders: Sequence[TaskOrder], rows: Path) -> list[Outcome]:
        """What each task yields that is told its order."""
        everybody = Everybody(self.tasks)

        def one(number: int) -> list[Outcome]:
            seated = Seated(number, ["127.0.0.1"] * self.tasks, lambda text: everybody.of(number, text))
            pieces = (
                (table, path.read_bytes())
                for table, part, path in self._files(rows)
                if part != ALL and int(part.partition("=")[2]) % self.tasks == number
            )
            return list(work(orders[number].packed(), seated, pieces))

        with ThreadPoolExecutor(self.tasks) as pool:
            return [outcome for of_task in pool.map(one, range(self.tasks)) for outcome in of_task]

    def _files(self, rows: Path) -> list[tuple[str, str, Path]]:
        found = [(*place_of(str(path)), path) for path in rows.rglob("*.parquet")]
        return [one for one in found if f"{one[0]}/{one[1]}" != self.lacking]

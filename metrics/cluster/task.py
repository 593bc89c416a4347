"""What one task of a cluster does: load its slices, run scripts over them while it meets the others, and give back cells."""

from __future__ import annotations

import os
import pickle
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import duckdb
import polars as pl

from data.refusal import Refusal
from data.store.resources import THREADS, usable
from data.version import version
from metrics.cluster.encoding import table_bytes, table_of
from metrics.cluster.errors import ClusterError
from metrics.cluster.gathering import FAILED, AllGather, Gathering, OtherFailed, gathered
from metrics.cluster.loading import Piece, loaded
from metrics.cluster.manifest import WrittenRows
from metrics.cube.agreement import Agreement, Seat
from metrics.cube.scan import Job, Script, run
from metrics.model.facts.of_all import answered

Outcome = tuple[str, Any, Any, list[bytes]]
"""`cells` with the number of the task and of the job, and its tables; or `failed` with a reason and what it is about."""


@dataclass(frozen=True)
class TaskOrder:
    """What all tasks are told.

    of_all: rows that each needs; key: of this count alone, for what they tell each other; versions: of what counts.
    """

    jobs: tuple[Job, ...]
    manifest: WrittenRows
    of_all: tuple[Piece, ...]
    key: bytes = field(repr=False)
    versions: dict[str, str]

    def packed(self) -> bytes:
        """Return it as bytes."""
        return pickle.dumps(self)


def versions() -> dict[str, str]:
    """Return the versions that must be the same everywhere, or cells might differ."""
    return {"tilannekuva": version(), "duckdb": duckdb.__version__}


@dataclass(frozen=True)
class Seated:
    """One of several tasks that run at once. hosts: by task, on which machine it runs; threads: that it may use."""

    number: int
    hosts: Sequence[str]
    all_gather: AllGather
    threads: int = 1


def work(packed: bytes, task: Seated, pieces: Iterable[Piece]) -> Iterator[Outcome]:
    """Yield the cells of a task's slices: those of its number, and of each number of tasks after it.

    What fails is told without the error's words, which may hold a value; the others end too.
    """
    os.environ[THREADS] = usable(THREADS) or str(task.threads)
    told = False
    try:
        order: TaskOrder = pickle.loads(packed)  # noqa: S301 - of the program that has started this task, and runs its code anyway
        _same_everywhere(order)
        told = True
        with gathered(task.number, len(task.hosts), task.hosts, order.key, task.all_gather) as gathering:
            try:
                yield from _counted(order, task, pieces, gathering)
            except OtherFailed:
                raise
            except Exception:
                gathering.fail()
                raise
    except OtherFailed:
        return
    except Exception as error:
        if not told:
            task.all_gather(FAILED)
        what = error.params if isinstance(error, Refusal) else {"what": type(error).__name__}
        yield "failed", error.reason if isinstance(error, ClusterError) else "stopped", what, []


def _same_everywhere(order: TaskOrder) -> None:
    for name, known in versions().items():
        if order.versions[name] != known:
            raise ClusterError("differs", what=name)


def _counted(order: TaskOrder, task: Seated, pieces: Iterable[Piece], gathering: Gathering) -> Iterator[Outcome]:
    slices = order.manifest.slices
    mine = tuple(range(task.number, slices, len(task.hosts)))
    with loaded((*order.of_all, *pieces), order.manifest, mine) as database:
        agreement = Seat(task.number, gathering)
        done = [_cells(database, job.of_slices(mine, slices), agreement) for job in order.jobs]
    gathering.end()
    yield from (("cells", task.number, place, content) for place, content in enumerate(done))


def _cells(database: duckdb.DuckDBPyConnection, job: Job, agreement: Agreement) -> list[bytes]:
    return [table_bytes(frame) for frame in run(database, _of_slices(job.script()), agreement)]


def _of_slices(script: Script) -> Script:
    setup, queries = script
    return [answered(one) if isinstance(one, str) else one for one in setup], [answered(one) for one in queries]


def merged(outcomes: Iterable[Outcome], jobs: Sequence[Job], tasks: int) -> list[list[pl.DataFrame]]:
    """Return the cells of each job from what all tasks yield. Raises ClusterError for what failed."""
    parts: list[list[list[pl.DataFrame]]] = [[] for _ in jobs]
    for kind, which, what, content in outcomes:
        if kind == "failed":
            raise ClusterError(which, **what)
        parts[what].append([table_of(one) for one in content])
    if any(len(of_job) != tasks for of_job in parts):
        raise ClusterError("stopped", what="EOFError")
    return [job.merged(of_job) for job, of_job in zip(jobs, parts, strict=True)]

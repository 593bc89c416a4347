"""Processes of this machine that count a slice of the clients each, and meet by way of the process that has started them.

Over their pipes go scripts, numbers of people by cell and month, codes, and cells; no client's key.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from multiprocessing.connection import Connection
from multiprocessing.context import SpawnProcess
from pathlib import Path
from typing import Any

import polars as pl

from data.refusal import Refusal
from data.store.generation import Generation
from data.store.resources import MEMORY, THREADS, usable
from data.store.store import Store, StoreError
from metrics.cube.agreement import Combine, Seat
from metrics.cube.scan import Job, run

_PATIENCE = 15.0
"""Seconds that a worker may take to end."""
_MEMORY = 0.8
"""Of the machine's memory for the databases of all workers: what DuckDB thinks fit for one."""


class WorkerError(Refusal):
    """A worker has stopped (`stopped`; `what` is the class of its error, which holds no value of a record), or the process that
    counts beside the app has ended (`ended`).
    """

    family = "worker"


@dataclass(frozen=True)
class Workers:
    """Workers that are started once and run one script after the other, one slice each."""

    pipes: Sequence[Connection]

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """Return as `metrics.cube.scan.Engine`. Raises StoreError, and WorkerError: then the workers are of no more use."""
        for number, pipe in enumerate(self.pipes):
            _tell(pipe, (job.of_slice(number, len(self.pipes)), store.path, generation))
        while True:
            said = [_heard(pipe) for pipe in self.pipes]
            for kind, what in said:
                if kind == "refused":
                    raise StoreError(*what)
                if kind == "stopped":
                    raise WorkerError("stopped", what=what)
            if all(kind == "done" for kind, _ in said):
                return job.merged([what for _, what in said])
            combine = said[0][1][1]
            together = combine([brought for _, (brought, _) in said])
            for pipe in self.pipes:
                _tell(pipe, together)


@contextmanager
def workers(count: int) -> Iterator[Workers]:
    """Start so many workers, and end them. They share the processors and the memory of this machine."""
    context = multiprocessing.get_context("spawn")
    share = share_of(count)
    with ExitStack() as ending:
        pipes = []
        for _ in range(count):
            here, there = context.Pipe()
            process = context.Process(target=_work, args=(there, share), daemon=True)
            process.start()
            there.close()
            ending.callback(_end, process)
            ending.callback(here.close)
            pipes.append(here)
        yield Workers(pipes)


def share_of(count: int) -> dict[str, str]:
    """Return settings of the databases of each of so many workers, unless the environment has others that can be used."""
    return {THREADS: str(max(1, (os.cpu_count() or 1) // count)), MEMORY: f"{max(1, int(100 * _MEMORY / count))}%"}


def _end(process: SpawnProcess) -> None:
    """Wait until a worker, whose pipe is closed, has cleaned up after itself; one that does not end is killed."""
    process.join(_PATIENCE)
    process.kill()
    process.join()


def _tell(pipe: Connection, what: Any) -> None:
    try:
        pipe.send(what)
    except OSError:  # not as it is: a pipe that is broken elsewhere means that a reader has seen enough
        raise WorkerError("stopped", what="EOFError") from None


def _heard(pipe: Connection) -> tuple[str, Any]:
    try:
        said: tuple[str, Any] = pipe.recv()
    except (EOFError, OSError):
        return "stopped", "EOFError"
    return said


@dataclass(frozen=True)
class _Meeting:
    """The meeting, from a worker's side."""

    pipe: Connection

    def meet(self, number: int, brought: Any, combine: Combine) -> Any:
        self.pipe.send(("met", (brought, combine)))
        return self.pipe.recv()


def _work(pipe: Connection, share: Mapping[str, str]) -> None:
    """Run scripts until the other side ends. share: of the machine for its databases, unless the environment says how much."""
    for name, value in share.items():
        os.environ[name] = usable(name) or value
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the command, which then ends its workers
    while True:
        try:
            job, path, generation = pipe.recv()
            pipe.send(_done(job, path, generation, pipe))
        except (EOFError, OSError):
            return


def _done(job: Job, path: Path, generation: Generation, pipe: Connection) -> tuple[str, Any]:
    try:
        with Store(path).reading(generation) as cursor:
            script = job.over_kept_rows(cursor, generation.token, of_slice=True).script()
            return "done", run(cursor, script, Seat(0, _Meeting(pipe)))
    except EOFError:
        raise
    except StoreError as error:
        return "refused", (error.reason, error.path, error.detail)
    except Exception as error:
        return "stopped", type(error).__name__

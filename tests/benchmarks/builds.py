"""What it costs to count cells of a large store: by one scan, and by processes that count a slice of the clients each.

    python -m tests.benchmarks.builds STORE … [--processes 0 2] [--memory 25%]

0 processes are one scan. Every set of cells is made in a fresh process, over the store's own files in a folder beside it.
Prints a line of JSON for each: seconds of the processor of all its processes, seconds by the clock, and the most memory that
one of them took. Cells that are not the same, whoever counts, end the run.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass, field
from pathlib import Path

import polars as pl

from data.store.generation import Generation
from data.store.keys import key_path
from data.store.resources import MEMORY
from data.store.store import Store
from metrics.ask import make_cells
from metrics.audience import INTERNAL, PROTECTED
from metrics.cube.cube import computing_with
from metrics.cube.scan import Engine, Job, OneScan
from metrics.cube.workers import workers
from metrics.grammar.question import Question
from metrics.registry.in_force import use
from tests.conftest import ROOT

SETS = {
    "languages and municipalities, visitors": (
        ("clients", "encounters", "solved_share", "interpreted_share"), ("language", "municipality"), PROTECTED),
    "the same, exact": (
        ("clients", "encounters", "solved_share", "interpreted_share"), ("language", "municipality"), INTERNAL),
    "key figures, visitors": (
        ("clients", "encounters", "new_clients", "solved_share", "minutes_median", "wait_days"), (), PROTECTED),
    "referrals by municipality, visitors": (("referrals", "referral_started_share"), ("municipality",), PROTECTED),
}  # fmt: skip
"""By name: metrics, dimensions, audience."""


@dataclass
class Watched:
    """An engine that takes down what another has counted."""

    engine: Engine
    seen: list[str] = field(default_factory=list)
    rows: int = 0

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """As `Engine`."""
        found = self.engine.compute(job, store, generation)
        self.rows += sum(frame.height for frame in found)
        self.seen += [frame.sort(frame.columns).write_csv() for frame in found]
        return found


def main(arguments: Sequence[str]) -> int:
    """Count every set in every way, each in a process of its own."""
    parser = argparse.ArgumentParser()
    parser.add_argument("stores", type=Path, nargs="+")
    parser.add_argument("--processes", type=int, nargs="+", default=[0, 2])
    parser.add_argument("--memory", default="25%")
    parser.add_argument("--only", choices=tuple(SETS), help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.only:
        print(json.dumps(one(options.stores[0], options.only, options.processes[0])))
        return 0
    for store in options.stores:
        with tempfile.TemporaryDirectory(prefix="builds-", dir=store.resolve().parent) as folder:
            for name in SETS:
                found = [
                    _apart(_linked(store, Path(folder)), name, count, options.memory) for count in options.processes
                ]
                if len({made["digest"] for made in found}) > 1:
                    print(f"{store}: {name}: cells differ", file=sys.stderr)
                    return 1
    return 0


def one(store: Path, name: str, processes: int) -> dict[str, object]:
    """Make a set of cells; what this process and those that it starts have taken."""
    use(Store(store))
    asked, by, audience = SETS[name]
    began = time.monotonic()
    with ExitStack() as stack:
        watched = Watched(stack.enter_context(workers(processes)) if processes else OneScan())
        stack.enter_context(computing_with(watched))
        make_cells(Question(asked, by=by, period="all", audience=audience), Store(store))
    taken = [resource.getrusage(whose) for whose in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    return {
        "set": name, "processes": processes, "cpu_s": round(sum(each.ru_utime + each.ru_stime for each in taken), 1),
        "clock_s": round(time.monotonic() - began, 1), "most_gb": round(max(each.ru_maxrss for each in taken) / 2**20, 2),
        "rows": watched.rows, "digest": hashlib.sha256("".join(sorted(watched.seen)).encode()).hexdigest()[:12],
    }  # fmt: skip


def _linked(store: Path, folder: Path) -> Path:
    """Return the store without cells: its files are large, and only read."""
    own = folder / "store"
    shutil.rmtree(own, ignore_errors=True)
    shutil.copytree(store, own, ignore=shutil.ignore_patterns("cube", "lock"), copy_function=os.link)
    shutil.copy(key_path(store), key_path(own))
    return own


def _apart(store: Path, name: str, processes: int, memory: str) -> dict[str, object]:
    """As `one`, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "tests.benchmarks.builds",
        str(store),
        "--only",
        name,
        "--processes",
        str(processes),
    ]
    ran = subprocess.run(
        command,
        cwd=ROOT,
        env=os.environ | ({MEMORY: memory} if not processes else {}),
        stdout=subprocess.PIPE,
        check=True,
    )
    made: dict[str, object] = json.loads(ran.stdout)
    print(json.dumps(made), flush=True)
    return made


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Compares what a cluster counts with one scan here, and says where it was counted.

    python -m tests.metrics.cluster.counted_there STORE FOLDER MASTER SEED

Prints JSON: machines and whether they see the store, cells, and metrics whose cells differ.
"""

from __future__ import annotations

import json
import random
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from data.store.store import Store
from metrics.cluster.spark import spark
from metrics.cube.scan import OneScan
from tests.metrics.cube.jobs import cells_in, drawn, jobs_of, one_of_each_kind, rows_of


def _where(store: str) -> Callable[[Any], Iterator[tuple[str, bool]]]:
    def of_machine(_part: Any) -> Iterator[tuple[str, bool]]:
        from pathlib import Path
        from socket import gethostname

        yield gethostname(), Path(store, "current").exists()

    return of_machine


def main(path: str, folder: str, master: str, seed: str) -> None:
    """Count a metric of each fact and of each kind of measure."""
    store, chance = Store(Path(path)), random.Random(int(seed))
    serving = store.serving()
    named = [(one.id, job) for one in one_of_each_kind() for job in jobs_of(one, drawn(chance, one, store))]
    jobs = tuple(job for _, job in named)
    with spark(master, folder) as engine:
        machines = engine.session.sparkContext.parallelize(range(2), 2).mapPartitions(_where(path)).collect()
        found = [cells_in(frames) for frames in engine.compute_all(jobs, store, serving)]
    expected = [rows_of(job, OneScan(), store) for job in jobs]
    compared = zip(named, found, expected, strict=True)
    print(
        json.dumps(
            {
                "machines": sorted(machines),
                "cells": sum(len(rows) for one in expected for rows in one),  # type: ignore[arg-type,misc]
                "different": [name for (name, _), there, here in compared if there != here],
            }
        )
    )


if __name__ == "__main__":
    main(*sys.argv[1:])

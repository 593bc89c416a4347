"""One peer in a process of its own: what it makes beforehand, or its first answer and the filter changes after it.

    python -m tests.benchmarks.peers.one STORE NAME FOLDER prepare|answer

Prints JSON. Milliseconds are of the processor (threads and child processes with it) and by the clock; imports are not in them.
"""

from __future__ import annotations

import json
import resource
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from data.store.store import Store
from tests.benchmarks.peers.contestants import CONTESTANTS
from tests.benchmarks.peers.figures import LANGUAGES, Figures

T = TypeVar("T")


@dataclass(frozen=True)
class Cost:
    """Milliseconds of the processor and by the clock."""

    cpu: float
    wall: float


def spent(work: Callable[[], T]) -> tuple[T, Cost]:
    """The result of a work and what it cost."""
    began, clock = _cpu(), time.perf_counter()
    found = work()
    return found, Cost(1000 * (_cpu() - began), 1000 * (time.perf_counter() - clock))


def _cpu() -> float:
    uses = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(use.ru_utime + use.ru_stime for use in uses)


def peak_memory() -> float:
    """The most memory this process has held, in megabytes."""
    status = Path("/proc/self/status").read_text(encoding="utf-8")
    return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) / 1024


def answer(name: str, store: Store, folder: Path) -> dict[str, object]:
    """The first answer, filter changes after it, each to a language that it was not asked about yet, and the figures."""

    def first() -> tuple[Callable[[str], Figures], Figures]:
        asked = CONTESTANTS[name].start(store, folder)
        return asked, asked(LANGUAGES[0])

    (asked, figures), cost = spent(first)
    every, changes = {LANGUAGES[0]: figures}, list[Cost]()
    for language in LANGUAGES[1:]:
        every[language], change = spent(partial(asked, language))
        changes.append(change)
    return {
        "first": asdict(cost),
        "changes": [asdict(change) for change in changes],
        "memory": peak_memory(),
        "figures": {language: written(figures) for language, figures in every.items()},
    }


def written(figures: Figures) -> dict[str, dict[str, float]]:
    """Figures with keys as JSON has them."""
    return {chart: {"\t".join(key): value for key, value in found.items()} for chart, found in figures.items()}


def read(figures: dict[str, dict[str, float]]) -> Figures:
    """Figures that have been written."""
    return {chart: {tuple(key.split("\t")): value for key, value in found.items()} for chart, found in figures.items()}


def main(arguments: Sequence[str]) -> None:
    """Do one of both."""
    path, name, folder, what = arguments
    store = Store(Path(path))
    if what == "prepare":
        print(json.dumps(asdict(spent(lambda: CONTESTANTS[name].prepare(store, Path(folder)))[1])))
    else:
        print(json.dumps(answer(name, store, Path(folder))))


if __name__ == "__main__":
    main(sys.argv[1:])

"""Clicks through the pages in one process: turn-around, processor time and memory, with and without a full collection each.

    python -m tests.benchmarks.clicks STORE [--clicks 300]

Prints the resident memory after every 50 clicks. Each way runs in a process of its own: `before` collects everything after
each click, as Streamlit does by default (AppTest leaves that out, so it is done here), `after` is as the app is set.
"""

from __future__ import annotations

import argparse
import gc
import json
import os
import statistics
import subprocess
import sys
import time
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

PAGES = ("overview", "demand", "reach", "flows", "outcomes", "quality")
FILTERS = tuple((town, language) for town in ("", "049", "853") for language in ("", "ar", "so", "ru"))
"""Municipality and language in the address; empty for all."""
EACH = 50
"""Clicks between two looks at the memory."""


@dataclass(frozen=True)
class Run:
    """One way: milliseconds a click (median, 95th percentile, of the processor), megabytes when warm and after every 50."""

    way: str
    median: float
    p95: float
    cpu: float
    full_rounds: int
    """Rounds of the garbage collector through everything."""
    megabytes: list[float]

    def __str__(self) -> str:
        memory = " ".join(f"{one:.0f}" for one in self.megabytes)
        return (
            f"{self.way:8} {self.median:4.0f} ms a click (p95 {self.p95:.0f}, processor {self.cpu:.0f}), "
            f"{self.full_rounds} full collections; MB when warm and after each {EACH}: {memory}"
        )


def resident() -> float:
    """Megabytes of this process in memory now."""
    pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[1])
    return pages * os.sysconf("SC_PAGE_SIZE") / 1e6


def click(store: Path, clicks: int, way: str) -> Run:
    """Click so often in this process: another page each time, every round with other filters."""
    os.environ["TILANNEKUVA_STORE"] = str(store)
    from streamlit.testing.v1 import AppTest

    from pages.shell.garbage import freeze_startup_objects
    from tests.pages.drawn import open_page

    visitors: dict[str, AppTest] = {page: open_page(page) for page in PAGES}
    if way == "after":
        freeze_startup_objects()

    def turn(number: int) -> float:
        """One click; milliseconds until the server is done with it."""
        page, chosen = PAGES[number % len(PAGES)], FILTERS[number // len(PAGES) % len(FILTERS)]
        app = visitors[page]
        app.query_params.clear()
        app.query_params.update(
            {name: value for name, value in zip(("municipality", "language"), chosen, strict=True) if value}
        )
        start = time.perf_counter()
        app.run()
        if way == "before":
            gc.collect(2)
        spent = 1000 * (time.perf_counter() - start)
        assert not app.exception, page
        return spent

    # Every page with all filters once, so that what is measured is a warm server.
    for number in range(len(PAGES) * len(FILTERS)):
        turn(number)
    times, megabytes, cpu, full = [], [resident()], time.process_time(), gc.get_stats()[2]["collections"]
    for number in range(clicks):
        times.append(turn(number))
        if (number + 1) % EACH == 0:
            megabytes.append(resident())
    return Run(
        way=way, median=statistics.median(times), p95=statistics.quantiles(times, n=20)[-1],
        cpu=1000 * (time.process_time() - cpu) / clicks, full_rounds=gc.get_stats()[2]["collections"] - full,
        megabytes=megabytes,
    )  # fmt: skip


def measure(store: Path, clicks: int, way: str) -> Run:
    """The same in a process of its own."""
    command = [sys.executable, "-m", "tests.benchmarks.clicks", str(store), "--clicks", str(clicks), "--way", way]
    root = Path(__file__).resolve().parents[2]
    done = subprocess.run(command, cwd=root, capture_output=True, text=True, check=True, timeout=1800)
    return Run(**json.loads(done.stdout))


def main(arguments: Sequence[str]) -> None:
    """Measure both ways, or the one named."""
    made = argparse.ArgumentParser(description=__doc__)
    made.add_argument("store", type=Path)
    made.add_argument("--clicks", type=int, default=300)
    made.add_argument("--way", choices=("before", "after"))
    options = made.parse_args(arguments)
    if options.way:
        print(json.dumps(asdict(click(options.store, options.clicks, options.way))))
        return
    for way in ("before", "after"):
        print(measure(options.store.resolve(), options.clicks, way), flush=True)


if __name__ == "__main__":
    main(sys.argv[1:])

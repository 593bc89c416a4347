"""What every test may lean on: steady Hypothesis settings and one sample municipality, made once for all workers.

And the last line of a run: how many tests did not run, and why.
"""

from __future__ import annotations

import gc
import logging
import os
import shutil
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator
from pathlib import Path

# Two workers keep two processors busy: threads of one that wait for each other take time from the other, a sixth of it for the
# cells of a small store. Polars reads this when it is loaded, by what follows. `TEST_THREADS=2` is as on a machine of one's own.
os.environ["POLARS_MAX_THREADS"] = os.environ.get("TEST_THREADS", "1")

# isort: split
import pytest
from filelock import FileLock
from hypothesis import settings

from data.ingest.readers.isolated import Door
from data.store.keys import key_path, load_or_create
from tests.browser import chromium

pytest_plugins = ["tests.steady_keys", "tests.rounds"]

ROOT = Path(__file__).resolve().parent.parent

# Whoever runs the tests may have a store of their own in use: no test may read or write it.
for name in (
    "STORE",
    "KEYS",
    "INTERNAL",
    "LOG",
    "MEMORY",
    "THREADS",
    "SPILL",
    "PUBLISHED",
    "API",
    "PUBLISHER",
    "LICENCE",
    "REPORTS",
):
    os.environ.pop(f"TILANNEKUVA_{name}", None)
os.environ["TILANNEKUVA_THREADS"] = os.environ["POLARS_MAX_THREADS"]

# Servers and commands that tests start leave cells to whoever asks: else each would keep a processor busy for minutes.
os.environ["TILANNEKUVA_CELLS"] = "0"

# Where the machine says not to keep what Python has compiled, every worker and every process that a test starts would compile all
# of it again: a second for each command, seven for each worker.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

# A store writes so that a power cut loses nothing: a small import waits for the disk dozens of times, half of its time. What lies
# in memory waits for nothing. pytest deletes what a test has left there as soon as it has passed (`pyproject.toml`).
MEMORY, ROOM = Path("/dev/shm"), 8 * 10**9  # noqa: S108 - pytest makes a folder there that only its owner can open


def may_hold_all(folder: Path) -> bool:
    """Whether there is such a folder, with enough room, where programs may lie too."""
    return folder.is_dir() and shutil.disk_usage(folder).free > ROOM and not os.statvfs(folder).f_flag & os.ST_NOEXEC


if "TMPDIR" not in os.environ and may_hold_all(MEMORY):
    os.environ["TMPDIR"] = tempfile.tempdir = str(MEMORY)

# Small matrices are slower among threads that wait for each other with the processor busy: four times the time for a regression,
# and more where two workers do it. NumPy and SciPy, which nothing above loads, read this when they are loaded.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

settings.register_profile("steady", deadline=None, derandomize=True)
settings.register_profile("search", deadline=None, max_examples=1000)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "steady"))


def pytest_xdist_auto_num_workers() -> int:
    """Two at least, for a test of a server mostly waits; four at most, for each worker takes over a gigabyte.

    Not one more than there are cores: on two, a third worker made the whole round no shorter.
    """
    return max(2, min(4, os.cpu_count() or 1))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files with slow tests first: whichever worker gets the last file is not long alone."""
    first = {item.path for item in items if item.get_closest_marker("slow") or item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in first)


def pytest_collection_finish() -> None:
    """Let the garbage collector pass over all modules and tests, which stay to the end of the run."""
    gc.collect()
    gc.freeze()


@pytest.fixture(autouse=True)
def main_module() -> Iterator[None]:
    """A page that AppTest has run takes the place of the program, and processes made later would run it again."""
    main = sys.modules["__main__"]
    yield
    sys.modules["__main__"] = main


@pytest.fixture(autouse=True)
def heard_again() -> Iterator[None]:
    """Commands that silence the server's warnings do so for the whole process, which is that of the next test here."""
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="session")
def sample_store(tmp_path_factory: pytest.TempPathFactory, worker_id: str) -> Path:
    """Folder of a published store with 12 000 encounters of the sample municipality. Read it only."""
    base = tmp_path_factory.getbasetemp()
    shared = base if worker_id == "master" else base.parent
    store = shared / "sample-store"
    made = shared / "sample-store.made"
    with FileLock(shared / "sample-store.lock"):
        if not made.exists():
            load_or_create(key_path(store))
            command = [sys.executable, "-m", "data", "sample", "--encounters", "12000", "--until", "2026-10-31"]
            command += ["--store", str(store)]
            subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True, timeout=120)
            made.touch()
    return store


@pytest.fixture(scope="session", autouse=True)
def one_reader() -> Iterator[None]:
    """One process that reads files for all imports of this run; making one for each takes longer than most of the tests."""
    idle: list[Door] = []
    ending = Door.__exit__

    def enter(door: Door) -> Door:
        if idle and idle[0].alive:
            door.__dict__ |= idle.pop().__dict__
        else:
            door.start()
        return door

    def leave(door: Door, *raised: object) -> None:
        if door.alive and not idle:
            spare = Door()
            spare.__dict__ |= door.__dict__
            idle.append(spare)
        else:
            door.end()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Door, "__enter__", enter)
        patched.setattr(Door, "__exit__", leave)
        yield
    for door in idle:
        ending(door, None, None, None)


def own_copy(store: Path, folder: Path, *, cells: bool = True) -> Path:
    """A copy of a store, with its keys, that a test may write to. cells: with those that have been computed so far."""
    # Another test may be writing cells into the shared store at this moment; its unfinished files are none of ours.
    left_out = shutil.ignore_patterns("*.tmp", "*.lock", *(() if cells else ("cube",)))
    shutil.copytree(store, folder, ignore=left_out, copy_function=_copied)
    shutil.copy(key_path(store), key_path(folder))
    return folder


def _copied(source: str, target: str) -> None:
    # Cells are thousands by the end of a run. They may be the same files, for nobody writes into one: new ones take their place.
    (os.link if source.endswith(".cells") else shutil.copy2)(source, target)


def not_run(skipped: Iterable[pytest.TestReport | pytest.CollectReport]) -> str | None:
    """One line about the tests that were skipped: how many, and how many for which reason. None when there are none."""
    reasons = Counter(_reason(report) for report in skipped)
    if not reasons:
        return None
    told = "; ".join(f"{count}: {reason}" for reason, count in reasons.most_common())
    return f"{reasons.total()} test{'s' if reasons.total() > 1 else ''} did not run ({told})"


def _reason(report: pytest.TestReport | pytest.CollectReport) -> str:
    """Why a test was skipped, in one line."""
    text = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
    return text.removeprefix("Skipped: ").strip().partition("\n")[0]


def pytest_unconfigure(config: pytest.Config) -> None:
    """Say it after everything else. Workers have no reporter that anybody reads."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is not None and not hasattr(config, "workerinput"):
        line = not_run(reporter.stats.get("skipped", ()))
        if line is not None:
            reporter.write_line(line)


def pytest_sessionfinish() -> None:
    """Close the Chromium of the browser tests, after all that was made in it: two rooms of tests use it."""
    chromium.end()

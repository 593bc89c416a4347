"""An import killed at any moment leaves the store as it was or as it should become, never between."""

import multiprocessing
import os
import random
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from data.store.store import Store
from tests.data.ingest.imports import encounters, load, rows

KILLS = 50
ROWS = 2_000


def the_file(folder: Path, minutes: int) -> Path:
    """Every row differs from the file before in its minutes, and one row is new."""
    lines = (f"K{number};AS-{number % 700};3.2.2025;49;arabia;Työ;{minutes}" for number in range(ROWS + minutes))
    return encounters(folder, *lines, header="Tunnus;Asiakas;Pvm;Kunta;Kieli;Aiheet;Kesto (min)")


def run_import(store: Path, file: Path) -> None:
    load(Store(store), file)


def totals(store: Path) -> tuple[object, ...]:
    """Totals as a new process would see them: no reader kept open from before."""
    return rows(Store(store), "SELECT count(*), min(minutes), max(minutes), count(DISTINCT record) FROM encounter")[0]


@pytest.mark.slow
@pytest.mark.skipif(os.name != "posix", reason="SIGKILL")
def test_a_killed_import_leaves_the_old_totals_or_the_new(tmp_path: Path) -> None:
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["data.ingest.pipeline", "tests.data.ingest.imports"])
    draw = random.Random(20260930)
    store = tmp_path / "s"
    run_import(store, the_file(tmp_path, 1))

    def start(minutes: int) -> multiprocessing.process.BaseProcess:
        process = context.Process(target=run_import, args=(store, the_file(tmp_path, minutes)))
        process.start()
        return process

    began = time.monotonic()
    for minutes in (2, 3):
        began = time.monotonic()
        start(minutes).join()
    whole = time.monotonic() - began  # the second run, when the server is warm
    assert totals(store) == (ROWS + 3, 3, 3, ROWS + 3)

    killed, old, new, serving, longest = 0, 0, 0, 3, 1.1 * whole
    while killed < KILLS:
        wanted = serving + 1
        process = start(wanted)
        time.sleep(draw.uniform(0, longest))
        if process.is_alive() and process.pid is not None:
            with suppress(ProcessLookupError):  # it may end between the two
                os.kill(process.pid, signal.SIGKILL)
        process.join()
        killed += process.exitcode == -signal.SIGKILL
        found = totals(store)
        assert found in [(ROWS + now, now, now, ROWS + now) for now in (serving, wanted)]
        old += found[1] == serving
        new += found[1] == wanted
        # A machine that has got more to do since then needs longer.
        longest = 1.1 * whole if found[1] == wanted else 1.05 * longest
        serving = int(str(found[1]))
    assert old, "every import finished: nothing was tested"
    assert new, "no import finished: nothing was tested"
    run_import(store, the_file(tmp_path, serving + 1))
    assert totals(store)[1] == serving + 1
    assert not list((store / "generations").glob("*.draft*"))

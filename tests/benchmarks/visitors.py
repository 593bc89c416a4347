"""Many people at once, while data are imported: waiting times, errors, memory, and whether all move to the new figures.

    python -m tests.benchmarks.visitors STORE [--people 20] [--minutes 4] [--think 5]

Works on a copy of the store. People are live connections as browsers have them, each looking at a random page with a random
filter and thinking in between; a third of the way through, a file of encounters is imported by the command line. Prints JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Origin, Subprotocol
from websockets.sync.client import ClientConnection, connect

from data.sample.csv_file import write_csv
from data.sample.plan import Plan
from data.store.keys import key_path
from data.store.sealed import sealed, unsealed
from data.store.store import Store
from data.texts import texts
from metrics.precompute.command import SWITCH
from tests.browser.server import Server, start

PAGES = ("", "kysynta", "tavoittavuus", "ohjautuminen", "tyollistyminen", "laatu", "vertailu", "mittaristo")
FILTERS = (
    "",
    "municipality=049",
    "language=ar",
    "municipality=092&language=so",
    "topic=work",
    "lang=sv",
    "lang=en&language=ru",
)
FAILED = tuple(texts(lang)("page.failed").encode() for lang in ("fi", "sv", "en"))
PATIENCE = 300
AHEAD = {SWITCH: "1"}
"""Cells are made ahead, as where people run it; the tests, whose server this is, leave all to whoever asks."""


@dataclass
class Visitor:
    """One person with a window open.

    waits: seconds from click to finished page; wrong: pages that failed; last: the key figures seen last.
    """

    server: Server
    think: float
    seed: int
    waits: list[float] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    last: tuple[str, ...] = ()

    def stay(self, until: float) -> None:
        """Look around until a time, and at the first page in the end."""
        chance = random.Random(self.seed)
        with self._opened() as stream:
            while time.monotonic() < until:
                self._look(stream, chance.choice(PAGES), chance.choice(FILTERS))
                time.sleep(chance.expovariate(1 / self.think) if self.think else 0)
            self.last = self._look(stream, "", "lang=fi", counts=False)

    def _opened(self) -> ClientConnection:
        address = self.server.url.replace("http", "ws", 1) + "/_stcore/stream"
        return connect(
            address, origin=Origin(self.server.url), subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None
        )

    def _look(self, stream: ClientConnection, page: str, query: str, *, counts: bool = True) -> tuple[str, ...]:
        ask = BackMsg()
        ask.rerun_script.page_name, ask.rerun_script.query_string = page, query
        began, tiles = time.monotonic(), list[str]()
        stream.send(ask.SerializeToString())
        while True:
            frame = stream.recv(timeout=PATIENCE)
            assert isinstance(frame, bytes)
            message = ForwardMsg.FromString(frame)
            if message.HasField("delta"):
                tiles += [message.delta.new_element.metric.body] * message.delta.new_element.HasField("metric")
                if message.delta.new_element.HasField("exception") or any(word in frame for word in FAILED):
                    self.wrong.append(f"/{page}?{query}")
            if message.WhichOneof("type") == "script_finished":
                break
        if counts:
            self.waits.append(time.monotonic() - began)
        return tuple(tiles)


def megabytes(server: Server) -> float:
    """Resident memory of the server."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(store: Path, people: int, minutes: float, think: float) -> dict[str, object]:
    """Let people look at a copy of a store while encounters are imported into it; what they met."""
    with tempfile.TemporaryDirectory(prefix="tilannekuva-visitors-") as folder:
        own = Path(folder) / "store"
        shutil.copytree(store, own)
        shutil.copy(key_path(store), key_path(own))
        about = own / "store.json"  # nobody imports into the sample municipality
        about.write_text(sealed({**unsealed(about.read_text(encoding="utf-8")), "sample": False}), encoding="utf-8")
        file = Path(folder) / "new.csv"
        last = Store(own).serving().closed_until
        write_csv(Plan(encounters=5_000, seed=7, first=last - timedelta(days=300), last=last), file)
        server = start(own, Path(folder) / "server.log", TILANNEKUVA_CELLS=AHEAD[SWITCH])
        try:
            return _measured(server, own, file, people, minutes, think)
        finally:
            server.stop()


def _measured(server: Server, own: Path, file: Path, people: int, minutes: float, think: float) -> dict[str, object]:
    before = Visitor(server, 0, 0)
    before.stay(time.monotonic())
    began, memory = time.monotonic(), [megabytes(server)]
    visitors = [Visitor(server, think, seed) for seed in range(1, people + 1)]
    threads = [threading.Thread(target=one.stay, args=(began + 60 * minutes,)) for one in visitors]
    for thread in threads:
        thread.start()
    time.sleep(20 * minutes)
    command = [
        sys.executable,
        "-m",
        "tilannekuva",
        "import",
        str(file),
        "--store",
        str(own),
        "--yes",
        "--source",
        "new",
    ]
    imported = subprocess.run(command, capture_output=True, check=False, env=os.environ | AHEAD)
    seconds = time.monotonic() - began - 20 * minutes
    while any(thread.is_alive() for thread in threads):
        memory.append(megabytes(server))
        time.sleep(max(1.0, minutes))
    for thread in threads:
        thread.join()
    waits = sorted(wait for one in visitors for wait in one.waits)
    seen = {one.last for one in visitors}
    return {
        "people": people, "minutes": minutes, "looks": len(waits), "looks_a_second": round(len(waits) / (60 * minutes), 2),
        "median": round(statistics.median(waits), 2), "p95": round(waits[int(0.95 * len(waits))], 2),
        "longest": round(waits[-1], 2),
        "import_exit_code": imported.returncode, "import_seconds": round(seconds, 1),
        "wrong": sorted({wrong for one in visitors for wrong in one.wrong}),
        "all_moved": len(seen) == 1 and before.last not in seen,
        "megabytes": [round(one) for one in (memory[0], max(memory), memory[-1])],
        "traceback": "Traceback" in server.log_text(),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--think", type=float, default=5)
    options = parser.parse_args(arguments)
    print(json.dumps(measure(options.store, options.people, options.minutes, options.think), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

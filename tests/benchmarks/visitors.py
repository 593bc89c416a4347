"""Many people at once, while data are imported: waiting times, errors, memory, and whether all move to the new figures.

    python -m tests.benchmarks.visitors STORE [--people 20] [--minutes 4] [--think 5] [--exact] [--without-filters]
        [--seekers N]

Works on a copy of the store. People are live connections as browsers have them, each looking at a random page with a random
filter and thinking in between; a third of the way through, a file of encounters is imported by the command line, and they stay
so long again after its figures are seen. Seekers are more people, who choose filters whose cells nobody has made; their waits are
told by themselves. Prints JSON.
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
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from math import inf
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
from metrics.precompute.switch import SWITCH
from tests.browser.server import Server, pass_of, start

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
SOUGHT = tuple(
    f"language={language}&topic={topic}"
    for language in ("ar", "en", "et", "fa", "ru", "so", "uk", "vi")
    for topic in ("housing", "work", "health", "family")
)
"""What seekers choose: two filters at once, for which no cells are made ahead."""
FAILED = tuple(texts(lang)("page.failed").encode() for lang in ("fi", "sv", "en"))
LANGUAGES = ("lang=fi", "lang=sv", "lang=en")
"""Filters that choose nothing."""
AFTER = 30
"""Seconds after the start of the server, and after the switch to new figures, that are told by themselves."""
PATIENCE = 300
AHEAD = {SWITCH: "1"}
"""Cells are made ahead, as where people run it; the tests, whose server this is, leave all to whoever asks."""


@dataclass(frozen=True)
class Crowd:
    """Who looks: how many, how many more who choose what nobody has made, how long they think, what they choose, and whether they
    see exact figures.
    """

    people: int
    seekers: int
    think: float
    filters: Sequence[str]
    exact: bool

    def headers(self, server: Server) -> dict[str, str]:
        """What each sends when a window is opened."""
        return {"Cookie": pass_of(server.opening())} if self.exact else {}


@dataclass
class Visitor:
    """One person with a window open, until `end` is set.

    waits: when each click was made, and the seconds from it to the finished page; wrong: pages that failed; last: the key figures
    seen last.
    """

    server: Server
    crowd: Crowd
    headers: Mapping[str, str]
    seed: int
    end: threading.Event
    waits: list[tuple[float, float]] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    last: tuple[str, ...] = ()

    def stay(self) -> None:
        """Look around until the end, and at the first page then."""
        chance = random.Random(self.seed)
        with self._opened() as stream:
            while not self.end.is_set():
                self._look(stream, chance.choice(PAGES), chance.choice(self.crowd.filters))
                self.end.wait(chance.expovariate(1 / self.crowd.think) if self.crowd.think else 0)
            self.last = self._look(stream, "", "lang=fi", counts=False)

    def _opened(self) -> ClientConnection:
        address = self.server.url.replace("http", "ws", 1) + "/_stcore/stream"
        return connect(
            address, origin=Origin(self.server.url), subprotocols=[Subprotocol("streamlit")], max_size=None, proxy=None,
            additional_headers=self.headers,
        )  # fmt: skip

    def _look(self, stream: ClientConnection, page: str, query: str, *, counts: bool = True) -> tuple[str, ...]:
        ask = BackMsg()
        seen_as = f"{query}&audience=internal" if self.crowd.exact else query
        ask.rerun_script.page_name, ask.rerun_script.query_string = page, seen_as
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
            self.waits.append((began, time.monotonic() - began))
        return tuple(tiles)


def megabytes(server: Server) -> float:
    """Resident memory of the server."""
    status = Path(f"/proc/{server.process.pid}/status").read_text(encoding="ascii")
    return int(status.split("VmRSS:")[1].split()[0]) / 1024


def measure(store: Path, crowd: Crowd, minutes: float) -> dict[str, object]:
    """Let people look at a copy of a store while encounters are imported into it; what they met."""
    with tempfile.TemporaryDirectory(prefix="tilannekuva-visitors-", dir=store.parent) as folder:
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
            return _measured(server, own, file, crowd, minutes)
        finally:
            server.stop()


def _measured(server: Server, own: Path, file: Path, crowd: Crowd, minutes: float) -> dict[str, object]:
    end, headers = threading.Event(), crowd.headers(server)
    end.set()
    before = Visitor(server, crowd, headers, 0, end)
    before.stay()
    end = threading.Event()
    began, memory = time.monotonic(), [megabytes(server)]
    visitors = [Visitor(server, crowd, headers, seed, end) for seed in range(1, crowd.people + 1)]
    sought = replace(crowd, filters=SOUGHT)
    seekers = [Visitor(server, sought, headers, -seed, end) for seed in range(1, crowd.seekers + 1)]
    threads = [threading.Thread(target=one.stay) for one in (*visitors, *seekers)]
    for thread in threads:
        thread.start()
    time.sleep(20 * minutes)
    importing = time.monotonic()
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
    with subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, env=os.environ | AHEAD
    ) as imported:
        was, seen = Store(own).serving().number, 0.0
        while imported.poll() is None:  # where the store is opened to others, a release of what is due follows
            memory.append(megabytes(server))
            time.sleep(1)
            if not seen and Store(own).serving().number != was:
                seen = time.monotonic()
    seen = seen or time.monotonic()
    while time.monotonic() < max(seen + 20 * minutes, began + 60 * minutes):
        memory.append(megabytes(server))
        time.sleep(1)
    end.set()
    for thread in threads:
        thread.join()
    waits = [wait for one in visitors for wait in one.waits]
    last = {one.last for one in (*visitors, *seekers)}
    return {
        "people": crowd.people, "exact": crowd.exact, "looks": len(waits), "all": _waited(waits),
        f"the first {AFTER} s": _waited(waits, began, began + AFTER),
        "after that, before the import": _waited(waits, began + AFTER, importing),
        "while the import is counted": _waited(waits, importing, seen),
        f"the {AFTER} s after it is seen": _waited(waits, seen, seen + AFTER),
        "after that": _waited(waits, seen + AFTER),
        "seekers before the import": _waited((w for one in seekers for w in one.waits), until=importing),
        "import_exit_code": imported.returncode, "import_seconds": round(seen - importing, 1),
        "wrong": sorted({wrong for one in (*visitors, *seekers) for wrong in one.wrong}),
        "all_moved": len(last) == 1 and before.last not in last,
        "megabytes": [round(one) for one in (memory[0], max(memory), memory[-1])],
        "traceback": "Traceback" in server.log_text(),
    }  # fmt: skip


def _waited(waits: Iterable[tuple[float, float]], since: float = 0, until: float = inf) -> dict[str, float]:
    """The median, the 95th percentile and the longest wait, in seconds, after clicks of a span; and how many these were."""
    found = sorted(wait for at, wait in waits if since <= at < until)
    if not found:
        return {"looks": 0}
    return {
        "looks": len(found), "median": round(statistics.median(found), 2),
        "p95": round(found[int(0.95 * len(found))], 2), "longest": round(found[-1], 2),
    }  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the measurement and print it."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("store", type=Path)
    parser.add_argument("--people", type=int, default=20)
    parser.add_argument("--minutes", type=float, default=4)
    parser.add_argument("--think", type=float, default=5)
    parser.add_argument("--exact", action="store_true", help="stewards, through the local door")
    parser.add_argument("--without-filters", action="store_true", help="only languages are chosen")
    parser.add_argument("--seekers", type=int, default=0, help="people more, with filters that nobody has made")
    options = parser.parse_args(arguments)
    filters = LANGUAGES if options.without_filters else FILTERS
    crowd = Crowd(options.people, options.seekers, options.think, filters, options.exact)
    print(json.dumps(measure(options.store, crowd, options.minutes), indent=1))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Measuring all peers over one store, in turns, and the table of it."""

from __future__ import annotations

import json
import os
import shutil
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from data.store.keys import key_path
from data.store.store import Store
from tests.benchmarks.peers.contestants import CONTESTANTS
from tests.benchmarks.peers.figures import YEAR, differences
from tests.benchmarks.peers.one import read

ROOT = Path(__file__).resolve().parents[3]
FIRST = next(iter(CONTESTANTS))


@dataclass
class Measured:
    """Of one store. prepared and answers: by name, as `one` tells them; differences: in words; missing: not installed."""

    encounters: int
    machine: str
    prepared: dict[str, dict[str, float]] = field(default_factory=dict)
    answers: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    differences: dict[str, list[str]] = field(default_factory=dict)
    missing: list[str] = field(default_factory=list)


def linked(store: Path, copy: Path) -> None:
    """Lay a copy of a store without cells, with its generations linked: they are only read, and may be large."""

    def put(source: str, target: str) -> None:
        if Path(source).suffix == ".duckdb":
            os.link(source, target)
        else:
            shutil.copy2(source, target)

    shutil.copytree(store, copy, ignore=shutil.ignore_patterns("cube", "lock"), copy_function=put)
    shutil.copy2(key_path(Store(store).path), key_path(copy))


def measure(path: Path, names: Sequence[str] = tuple(CONTESTANTS), rounds: int = 3) -> Measured:
    """Measure peers over a store, which stays as it is. Raises ValueError when its data do not end in the year asked about."""
    generation = Store(path).serving()
    if generation.last_day is None or generation.last_day.year != YEAR:
        raise ValueError(f"{path} has no encounters at the end of {YEAR}: make it with --until {YEAR}-10-31")
    here = [name for name in names if CONTESTANTS[name].is_here()]
    with tempfile.TemporaryDirectory(dir=path.resolve().parent, prefix="peers-") as folder:
        copy = Path(folder) / "store"
        linked(path, copy)
        with Store(copy).reading() as cursor:
            (encounters,) = cursor.execute("SELECT count(*) FROM encounter").fetchall()[0]
        found = Measured(encounters, machine(), missing=[name for name in names if name not in here])
        for number, name in enumerate(here):
            own = Path(folder) / str(number)
            own.mkdir()
            found.prepared[name] = _one(copy, name, own, "prepare")
            found.answers[name] = []
        for _ in range(rounds):  # in turns, so that whatever else the machine does meets all of them
            for number, name in enumerate(here):
                found.answers[name].append(_one(copy, name, Path(folder) / str(number), "answer"))
    found.differences = _compared(found)
    return found


def machine() -> str:
    """How many processors there are, and how many processes wanted one in the last minute."""
    return f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}"


def _one(store: Path, name: str, folder: Path, what: str) -> dict[str, Any]:
    command = [sys.executable, "-m", "tests.benchmarks.peers.one", str(store), name, str(folder), what]
    done = subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.PIPE, text=True)
    told: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return told


def _compared(found: Measured) -> dict[str, list[str]]:
    """What peers tell otherwise than our exact figures, in words, by name."""
    if FIRST not in found.answers:
        return {}
    exact = found.answers[FIRST][0]["figures"]
    told: dict[str, list[str]] = {}
    for name, answers in found.answers.items():
        if not CONTESTANTS[name].exact:
            continue
        for language, figures in answers[0]["figures"].items():
            words = differences(read(exact[language]), read(figures))
            told.setdefault(name, []).extend(f"{language}: {word}" for word in words)
    return {name: words for name, words in told.items() if words}


def _median(values: Iterable[float]) -> float:
    return statistics.median(values)


def table(found: Measured) -> str:
    """A table in Markdown: a row for each peer; ratios are of processor times, to the first row."""
    rows = []
    for name, answers in found.answers.items():
        first = {way: _median(one["first"][way] for one in answers) for way in ("cpu", "wall")}
        change = {way: _median(turn[way] for one in answers for turn in one["changes"]) for way in ("cpu", "wall")}
        rows.append((name, found.prepared[name]["cpu"] / 1000, first, change, max(one["memory"] for one in answers)))
    base = rows[0][3]["cpu"] if rows else 1.0
    lines = [
        "| | made beforehand, CPU s | first answer, CPU ms | by the clock "
        "| filter change, CPU ms | by the clock | ratio | peak MB |",
        "|---|" + "---:|" * 7,
    ]
    for name, prepared, first, change, memory in rows:
        times = f"{first['cpu']:.0f} | {first['wall']:.0f} | {change['cpu']:.1f} | {change['wall']:.1f}"
        lines.append(f"| {name} | {prepared:.1f} | {times} | {change['cpu'] / base:.2f} | {memory:.0f} |")
    return "\n".join(lines)

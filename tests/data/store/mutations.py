"""A small store with everything a store has, damaged in one file at a time, and what the commands make of it."""

from __future__ import annotations

import contextlib
import io
import json
import random
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

from data import cli as data_cli
from data.steward.targets_and_notes import Ledger
from data.store.keys import key_path
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import texts
from metrics import cli as metrics_cli
from metrics.cube import cube
from metrics.watching.watch import Watches
from tests.data.ingest.imports import encounters, load

Way = Callable[[random.Random, bytes, list[bytes]], bytes | None]
Line = tuple[Callable[[list[str]], int], list[str]]
HEADER = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aiheet"
FILES = (
    "generations/*",
    "releases/*",
    "cube/*/*.cells",
    "*/*.jsonl",
    "sources/*.txt",
    "current",
    "released",
    "store.json",
)
READING: tuple[Line, ...] = (
    (metrics_cli.main, ["ask", "clients", "--by", "municipality", "--format", "json"]),
    (metrics_cli.main, ["ask", "clients", "--by", "municipality", "--format", "json", "--audience", "internal"]),
    (data_cli.main, ["history"]),
    (data_cli.main, ["rejected"]),
    (data_cli.main, ["targets"]),
    (data_cli.main, ["notes"]),
    (data_cli.main, ["release", "--status"]),
    (data_cli.main, ["undo"]),
    (metrics_cli.main, ["watch"]),
    (data_cli.main, ["check"]),
    (data_cli.main, ["audit", "--verify"]),
)
WRITING: tuple[Line, ...] = (
    (data_cli.main, ["import", "NEW"]),
    (data_cli.main, ["rollback", "2"]),
    (data_cli.main, ["forget", "--client", "AS-9"]),
    (data_cli.main, ["delete", "--source", "main", "--period", "2025-02"]),
    (data_cli.main, ["release", "--now", "--yes"]),
    (data_cli.main, ["check", "--repair"]),
)


def flipped(draw: random.Random, content: bytes, _: list[bytes]) -> bytes:
    """Some bits are others: anywhere, or where the headers are."""
    made = bytearray(content)
    for _time in range(draw.choice((1, 1, 8, 64)) if made else 0):
        made[draw.randrange(min(len(made), draw.choice((400, 4096, 12_288, len(made)))))] ^= 1 << draw.randrange(8)
    return bytes(made)


def cut(draw: random.Random, content: bytes, _: list[bytes]) -> bytes:
    """The end is missing."""
    return content[: draw.randrange(len(content))] if content else content


def blank(draw: random.Random, content: bytes, _: list[bytes]) -> bytes:
    """A page of the disk is zeros."""
    at = draw.randrange(len(content)) if content else 0
    return content[:at] + bytes(len(content[at : at + 4096])) + content[at + 4096 :]


def emptied(_draw: random.Random, _content: bytes, _: list[bytes]) -> bytes:
    """Nothing is left in it."""
    return b""


def swapped(draw: random.Random, _content: bytes, others: list[bytes]) -> bytes:
    """It holds what another file of the store does."""
    return draw.choice(others)


def lost(_draw: random.Random, _content: bytes, _: list[bytes]) -> None:
    """It is gone."""


WAYS: tuple[Way, ...] = (flipped, flipped, flipped, cut, blank, emptied, swapped, lost)


@dataclass
class Mutated:
    """A store of one's own, what it holds when it is whole, and whatever has gone wrong so far."""

    whole: Path
    own: Path
    files: list[Path]
    new: Path
    truths: set[str] = field(default_factory=set)
    faults: list[str] = field(default_factory=list)

    def try_one(self, draw: random.Random) -> None:
        """Damage a file, run a command, and note what should not be."""
        big = [file for file in self.files if file.suffix in (".duckdb", ".cells")]
        name = draw.choice(big if draw.random() < 0.4 else self.files)
        way = draw.choice(WAYS)
        self._write(name, way(draw, (self.whole / name).read_bytes(), self._others(draw)))
        reads = draw.random() < 0.9
        line = draw.choice(READING if reads else WRITING)
        self.check(f"{way.__name__} {name}, {line[1][0]}", line)
        if reads:
            self._write(name, (self.whole / name).read_bytes())
        else:
            self.recover(f"{way.__name__} {name}, {line[1][0]}")
            self.renew()

    def check(self, told: str, line: Line) -> int:
        """Run a command: an exit code, words for people, and figures that are true or none."""
        code, out, err = self.run(line)
        t = texts("fi")
        unexpected = t("cli.unexpected", error="|", place="").partition("|")[0]
        if code not in (0, 1, 2, 3, 4, 5) or unexpected in err or "Traceback" in err or (code == 2 and not err):
            self.faults.append(f"{told}: {code} {err[:300]}")
        if line[1][0] == "ask" and code == 0 and _values(out) not in self.truths:
            self.faults.append(f"{told}: wrong figures")
        return code

    def recover(self, told: str) -> None:
        """Follow what the program says: repair, then the version or release it names; then figures are asked for."""
        self.run((data_cli.main, ["check", "--repair"]))
        for words in ([], ["release", "--now", "--yes"]):
            code, _, err = self.run(READING[0])
            if code == 2 and "rollback" in err:
                self.run((data_cli.main, ["rollback", err.partition("rollback ")[2].split()[0], "--yes"]))
            elif code == 2 and words and "release" in err:
                self.run((data_cli.main, words))
        code, _, err = self.run(READING[0])
        keys = any(word in err for word in (key_path(self.own).name, "store.json"))  # those only a backup brings back
        if code != 0 and not keys:
            self.faults.append(f"{told}: no way back: {err[:300]}")

    def run(self, line: Line) -> tuple[int, str, str]:
        """Exit code and what was said."""
        main, words = line
        cube._memory.clear()
        given = [str(self.new) if word == "NEW" else word for word in words]
        with contextlib.redirect_stdout(io.StringIO()) as out, contextlib.redirect_stderr(io.StringIO()) as err:
            try:
                code = main([*given, "--store", str(self.own)])
            except BaseException as error:
                code = -1
                err.write(f"Traceback: {type(error).__name__} {error}")
        return code, out.getvalue(), err.getvalue()

    def renew(self) -> None:
        """Put the whole store in the place of what there is."""
        shutil.rmtree(self.own.parent, ignore_errors=True)
        shutil.copytree(self.whole.parent, self.own.parent)

    def _others(self, draw: random.Random) -> list[bytes]:
        return [(self.whole / draw.choice(self.files)).read_bytes()]

    def _write(self, name: Path, content: bytes | None) -> None:
        path = self.own / name
        if content is None:
            path.unlink(missing_ok=True)
        else:
            path.write_bytes(content)
            path.chmod(0o600)


def mutated(folder: Path) -> Mutated:
    """A store with three versions, opened after the second, with cells, lists of all kinds, and a client who is forgotten."""
    store = Store(folder / "whole" / "store")
    store.path.parent.mkdir()
    for number in (1, 2, 3):
        rows = [f"K{i};AS-{i % 60};{1 + i % 27}.{1 + i % 3}.2025;49;arabia;Työ" for i in range(100 + 60 * number)]
        load(store, encounters(folder, *rows, f"X{number};AS-1;?;49;arabia;Työ", header=HEADER, name=f"{number}.csv"))
        if number == 2:
            open_to_others(store)
    Ledger.of(store.path).set_target("clients", 2025, 10, known={"clients": (0, 1e9)})
    Ledger.of(store.path).write_note(date(2025, 1, 2), "Laki muuttui")
    Watches.of(store.path).set(metric="clients", rule="above", value=1.0)
    new = encounters(folder, "N1;AS-900;3.2.2025;49;arabia;Työ", header=HEADER, name="new.csv")
    made = Mutated(store.path, folder / "own" / "store", [], new)
    made.own = store.path
    made.run((data_cli.main, ["forget", "--client", "AS-7"]))
    made.run((metrics_cli.main, ["watch"]))
    made.truths = {_values(made.run(line)[1]) for line in READING[:2]}
    made.own = folder / "own" / "store"
    made.files = [*_files(store.path), Path("..") / key_path(store.path).name]
    made.renew()
    return made


def _files(store: Path) -> Iterator[Path]:
    for pattern in FILES:
        yield from sorted(file.relative_to(store) for file in store.glob(pattern) if file.is_file())


def _values(out: str) -> str:
    """The figures of an answer, without where they come from."""
    try:
        found = json.loads(out)
    except ValueError:
        return "none"
    return json.dumps(found["rows"], sort_keys=True)

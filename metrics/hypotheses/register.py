"""The register of hypotheses: registered before they are tested, results only ever added, both as chains of hashes.

STORE/hypotheses/registered.jsonl, results.jsonl: each line holds the hash of its own content and of the line before it, and a
result the hash of the hypothesis it tested, so that a line changed or taken away shows.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Self

from pydantic import BaseModel, ConfigDict

from data.store.generation import Generation
from data.store.ledger import Log, alone, next_number, now
from metrics.hypotheses.hypothesis import Hypothesis, HypothesisError
from metrics.hypotheses.methods import several
from metrics.hypotheses.methods.finding import MethodResult

FIRST = "0" * 64
"""What the first line has for the hash of the line before it."""

Verdict = Literal["kept", "rejected", "undecided"]


class _Link(BaseModel):
    """A line of a chain."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    time: datetime
    previous: str
    hash: str = ""

    def fingerprint(self) -> str:
        """Hash of everything the line says, its place in the chain included."""
        return digest(self.model_dump(mode="json", exclude={"hash"}))

    def sealed(self) -> Self:
        """The line with its hash."""
        return self.model_copy(update={"hash": self.fingerprint()})


class Registered(_Link):
    """A hypothesis in the register."""

    id: str
    hypothesis: Hypothesis


class Side(BaseModel):
    """A group as published: people (clients, and anonymous visitors each as one), events, and its figure where it has one."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    people: int
    events: int | None = None
    value: float | None = None


class Effect(BaseModel):
    """The deciding estimate in the figure's own unit, up being more of it; `people` of a hundred where it is about people."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: float
    lower: float
    upper: float
    p: float
    people: tuple[int, int, int] | None = None


class Result(_Link):
    """One test: what was published of it, from which data, and what it says of the hypothesis as registered."""

    id: str
    registered: str
    """Hash of the hypothesis tested."""
    generation: int
    token: str = ""
    """The generation's token: its number comes again when the store is restored. Empty in lines of earlier versions."""
    definition_version: int
    finding: MethodResult
    sides: tuple[Side, ...]
    effect: Effect
    verdict: Verdict

    def is_of(self, generation: Generation) -> bool:
        """Whether it was tested on this generation; by number where an earlier version has noted no more."""
        return self.token == generation.token if self.token else self.generation == generation.number

    def fingerprint(self) -> str:
        """As of every line; one of an earlier version keeps the hash it was sealed with."""
        return digest(self.model_dump(mode="json", exclude={"hash"} if self.token else {"hash", "token"}))


@dataclass(frozen=True)
class Entry:
    """A hypothesis, its tests, oldest first, and the latest one's p value corrected over everything tested."""

    registered: Registered
    results: tuple[Result, ...] = ()
    holm: float | None = None
    benjamini_hochberg: float | None = None

    @property
    def result(self) -> Result | None:
        """The latest test."""
        return self.results[-1] if self.results else None


@dataclass(frozen=True)
class Register:
    """The register of a store folder. Cheap to make; reads its files when asked."""

    folder: Path

    @classmethod
    def of(cls, store: Path) -> Self:
        """The one of a store."""
        return cls(store / "hypotheses")

    def registered(self) -> tuple[Registered, ...]:
        """Every hypothesis, oldest first. Raises StoreError."""
        return self._registered.lines()

    def results(self) -> tuple[Result, ...]:
        """Every test, oldest first. Raises StoreError."""
        return self._results.lines()

    def register(self, hypothesis: Hypothesis) -> Registered:
        """Write a hypothesis into the register (see `hypothesis.check`). Raises StoreError."""
        with alone(self.folder):
            lines = self.registered()
            number = next_number(line.id for line in lines)
            line = Registered(time=now(), previous=_last(lines), id=f"H-{number}", hypothesis=hypothesis)
            return self._registered.append(line.sealed())

    def find(self, hypothesis_id: str) -> Registered:
        """A registered hypothesis, whose line is as it was written. Raises HypothesisError("unknown"), StoreError."""
        found = next((line for line in self.registered() if line.id == hypothesis_id), None)
        if found is None or found.hash != found.fingerprint():
            raise HypothesisError("unknown")
        return found

    def record(self, tested: Registered, **content: Any) -> Result:
        """Add the result of a test. Raises StoreError."""
        with alone(self.folder):
            line = Result(time=now(), previous=_last(self.results()), id=tested.id, registered=tested.hash, **content)
            return self._results.append(line.sealed())

    def entries(self) -> tuple[Entry, ...]:
        """Everything registered, with p values corrected over every test there has been. Raises StoreError."""
        results = self.results()
        corrected = several.corrected([result.effect.p for result in results])
        entries = []
        for line in self.registered():
            own = [place for place, result in enumerate(results) if result.id == line.id]
            last = own[-1] if own else None
            entries.append(
                Entry(
                    line,
                    tuple(results[place] for place in own),
                    None if last is None else corrected.holm[last],
                    None if last is None else corrected.benjamini_hochberg[last],
                )
            )
        return tuple(entries)

    def broken(self) -> tuple[str, ...]:
        """Where the chains do not hold: `registered 2`, `results 1`; empty when all is as it was written."""
        registered, results = self.registered(), self.results()
        hashes = {line.id: line.hash for line in registered}
        wrong = [f"registered {place}" for place in _torn(registered)]
        torn = set(_torn(results))
        torn |= {place for place, result in enumerate(results, 1) if hashes.get(result.id) != result.registered}
        return (*wrong, *(f"results {place}" for place in sorted(torn)))

    @property
    def _registered(self) -> Log[Registered]:
        return Log(self.folder / "registered.jsonl", Registered)

    @property
    def _results(self) -> Log[Result]:
        return Log(self.folder / "results.jsonl", Result)


def digest(content: object) -> str:
    """SHA-256 of canonical JSON: keys in order, no spaces."""
    text = json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()


def _last(lines: Sequence[_Link]) -> str:
    return lines[-1].hash if lines else FIRST


def _torn(lines: Sequence[_Link]) -> list[int]:
    expected = (FIRST, *(line.hash for line in lines))
    return [
        place
        for place, (line, before) in enumerate(zip(lines, expected, strict=False), 1)
        if line.hash != line.fingerprint() or line.previous != before
    ]

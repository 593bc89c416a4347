"""The register of hypotheses: append-only lists of registrations and results, each secured by a hash chain.

STORE/hypotheses/registered.jsonl, results.jsonl: each line holds the hash of its own content and that of the line
before it; a result also the hash of the hypothesis it tested. A changed or removed line is therefore detected.
"""

from dataclasses import dataclass
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from data.store.chain import ChainLine, digest, invalid_lines, last_hash
from data.store.generation import Generation
from data.store.ledger import Log, LogFolder, alone, next_number, now
from metrics.hypotheses.hypothesis import Hypothesis, HypothesisError
from metrics.hypotheses.methods import several
from metrics.hypotheses.methods.finding import Assumption, Balance, MethodResult

Verdict = Literal["kept", "rejected", "undecided", "incomparable"]
Guarded = Literal["held", "harmed", "unclear", "not_shown"]
PublishedVerdict = Literal["kept", "rejected", "incomparable", "open"]
"""`open`: published figures do not decide, whatever the exact ones do."""
Reason = Literal["adjusted", "not_shown", "unclear", "earlier"]
"""Why published figures do not decide or are not told: background facts are adjusted for, a figure is not published, the interval
is too wide, or the test was of an earlier release (which then decides, by figures that are not shown any more)."""


class Registered(ChainLine):
    """A registered hypothesis with its id, UTC time and hashes."""

    id: str
    hypothesis: Hypothesis


class Side(BaseModel):
    """One group of a comparison as published.

    people: clients and anonymous visitors, the latter one each; 0 when suppressed; events: None when suppressed; value:
    the metric's value in the group, None when suppressed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    people: int
    events: int | None = None
    value: float | None = None


class Effect(BaseModel):
    """The primary estimate in the unit of the metric, positive where the compared side is higher.

    p: two-sided; people: estimate and bounds as people of a hundred, for metrics in percent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    value: float
    lower: float
    upper: float
    p: float
    people: tuple[int, int, int] | None = None


NO_EFFECT = Effect(name="none", value=0.0, lower=0.0, upper=0.0, p=1.0)
"""What stands in a result without an answer."""


class GuardrailResult(BaseModel):
    """A guardrail's figure in the same comparison: held (not worse by its margin), harmed (worse), unclear, or not shown.

    effect: None when it cannot be published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    margin: float
    verdict: Guarded
    effect: Effect | None = None


class PublishedSide(BaseModel):
    """One group of a comparison as visitors see it, from published cells.

    size: clients or events that the value is of; people: clients; value: the metric's value. None where it is not published.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    size: int | None = None
    people: int | None = None
    value: float | None = None


class PublishedResult(BaseModel):
    """What visitors are told of a test, computed from published cells only (`published_result`).

    effect: two significant digits, its p value not rounded but told as one of four classes; None where published cells do not
    tell it; reason: why they do not decide; balance: standardised differences by fact; information: size of the data, of
    one test among several.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    sides: tuple[PublishedSide, ...]
    effect: Effect | None = None
    verdict: PublishedVerdict
    reason: Reason | None = None
    assumptions: tuple[Assumption, ...] = ()
    balance: tuple[Balance, ...] = ()
    guardrails: tuple[GuardrailResult, ...] = ()
    information: float = 0.0


class Result(ChainLine):
    """One test of a hypothesis: the full result for those with the right to internal figures, and what visitors are told.

    effect: `NO_EFFECT` where the method gave no finite estimate, or too few people were left for it; published: None in lines
    of earlier versions, of which visitors are told nothing but that they were tested.
    """

    id: str
    registered: str
    """Hash of the registration that was tested."""
    generation: int
    token: str = ""
    """Token of the generation tested; numbers are reused when a store is restored. Empty in lines of earlier versions."""
    definition_version: int
    finding: MethodResult
    sides: tuple[Side, ...]
    effect: Effect
    verdict: Verdict
    guardrails: tuple[GuardrailResult, ...] = ()
    published: PublishedResult | None = None

    @property
    def has_answer(self) -> bool:
        """Whether the full result has an effect."""
        return self.effect.name != NO_EFFECT.name

    def is_of(self, generation: Generation) -> bool:
        """Return whether this generation was tested, by its token.

        Lines of earlier versions have no token and are compared by number.
        """
        return self.token == generation.token if self.token else self.generation == generation.number

    def fingerprint(self) -> str:
        """Return the SHA-256 hash of the line's content, its `previous` hash included.

        Later fields that are empty are left out of the hash, as lines of earlier versions have none.
        """
        later = {name for name in ("token", "guardrails", "published") if not getattr(self, name)}
        return digest(self.model_dump(mode="json", exclude={"hash", *later}))


@dataclass(frozen=True)
class Entry:
    """A hypothesis with its tests, oldest first, and the latest test's p value corrected for all tests in the register.

    published: the corrected p values of what visitors are told, over all that they are told.
    """

    registered: Registered
    results: tuple[Result, ...] = ()
    holm: float | None = None
    benjamini_hochberg: float | None = None
    published: tuple[float | None, float | None] = (None, None)

    @property
    def result(self) -> Result | None:
        """The latest test, None before the first one."""
        return self.results[-1] if self.results else None


@dataclass(frozen=True)
class Register(LogFolder):
    """The register of hypotheses of a store. Files are read on every call."""

    NAME = "hypotheses"

    def registered(self) -> tuple[Registered, ...]:
        """Return every registered hypothesis, oldest first. Raises StoreError."""
        return self._registered.lines()

    def results(self) -> tuple[Result, ...]:
        """Return every test, oldest first. Raises StoreError."""
        return self._results.lines()

    def register(self, hypothesis: Hypothesis) -> Registered:
        """Append a hypothesis that `hypothesis.check` has accepted, and return its line. Raises StoreError."""
        with alone(self.folder):
            lines = self.registered()
            number = next_number(line.id for line in lines)
            line = Registered(time=now(), previous=last_hash(lines), id=f"H-{number}", hypothesis=hypothesis)
            return self._registered.append(line.with_hash())

    def find(self, hypothesis_id: str) -> Registered:
        """Return a registered hypothesis by its id.

        Raises HypothesisError("unknown") when there is none or its hash does not match its content, StoreError.
        """
        found = next((line for line in self.registered() if line.id == hypothesis_id), None)
        if found is None or found.hash != found.fingerprint():
            raise HypothesisError("unknown")
        return found

    def record(self, tested: Registered, **content: Any) -> Result:
        """Append the result of a test and return its line.

        content: the fields of `Result` besides id, time and hashes. Raises StoreError.
        """
        with alone(self.folder):
            line = Result(
                time=now(), previous=last_hash(self.results()), id=tested.id, registered=tested.hash, **content
            )
            return self._results.append(line.with_hash())

    def entries(self) -> tuple[Entry, ...]:
        """Return every hypothesis with its tests; p values are corrected over all tests in the register. Raises StoreError."""
        results = self.results()
        exact = several.corrected([result.effect.p for result in results])
        published = [_published_p(result) for result in results]
        told = several.corrected([1.0 if p is None else p for p in published])
        entries = []
        for line in self.registered():
            own = [place for place, result in enumerate(results) if result.id == line.id]
            tests = tuple(results[place] for place in own)
            if not own:
                entries.append(Entry(line))
                continue
            last = own[-1]
            both = (None, None) if published[last] is None else (told.holm[last], told.benjamini_hochberg[last])
            entries.append(Entry(line, tests, exact.holm[last], exact.benjamini_hochberg[last], both))
        return tuple(entries)

    def broken(self) -> tuple[str, ...]:
        """Return the lines at which a hash chain is invalid, such as `registered 2`, `results 1`; empty when both are intact.

        Raises StoreError.
        """
        registered, results = self.registered(), self.results()
        hashes = {line.id: line.hash for line in registered}
        wrong = [f"registered {place}" for place in invalid_lines(registered)]
        invalid = set(invalid_lines(results))
        invalid |= {place for place, result in enumerate(results, 1) if hashes.get(result.id) != result.registered}
        return (*wrong, *(f"results {place}" for place in sorted(invalid)))

    @property
    def _registered(self) -> Log[Registered]:
        return Log(self.folder / "registered.jsonl", Registered)

    @property
    def _results(self) -> Log[Result]:
        return Log(self.folder / "results.jsonl", Result)


def _published_p(result: Result) -> float | None:
    effect = result.published.effect if result.published else None
    return effect.p if effect else None

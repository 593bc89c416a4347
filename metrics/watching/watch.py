"""What is watched, and what has been seen: STORE/steward/watches.jsonl and seen.jsonl, lines that are only added."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from data.refusal import Refusal
from data.store.ledger import Act, ActLog, Log, alone, next_number, now
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.dimensions import has_code

Rule = Literal["above", "below", "target", "change"]
Span = Literal["month", "quarter", "to_date"]
State = Literal["fired", "near", "quiet", "hidden", "no_target", "part", "no_rule", "gone"]
Way = Literal["up", "down", ""]
RULES: tuple[Rule, ...] = ("above", "below", "target", "change")
SPANS: tuple[Span, ...] = ("month", "quarter", "to_date")
ALL = "all"


class WatchError(Refusal, ValueError):
    """What was to be watched cannot be. `reason`: metric, municipality, language, value, side, nothing."""

    family = "watch"


class Watch(Act):
    """A figure and the rule it is watched by.

    rule: `above`, `below` a value; on the wrong side of the steward's `target`; a `change` from the year before that is no
    chance. span: the last closed month or quarter, or the year so far. municipality, language: a code, or `all`.
    """

    id: Annotated[str, StringConstraints(pattern=r"^W-[0-9]{1,6}$")]
    metric: str
    rule: Rule
    value: float | None = Field(default=None, ge=0, le=1e9, allow_inf_nan=False)
    span: Span = "month"
    municipality: str = ALL
    language: str = ALL

    @property
    def key(self) -> str:
        """What a later line replaces."""
        return self.id

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The dimensions it fixes."""
        chosen = (("municipality", self.municipality), ("language", self.language))
        return tuple((name, (code,)) for name, code in chosen if code != ALL)


class Observation(BaseModel):
    """What a watch saw in a generation.

    state: `fired`; `near`: past the limit, but by no more than chance and rounding can make; `hidden`: the number may not be
    shown; `part`: a year's target cannot be held against a part of the year; `no_rule`: the metric has no rule for changes;
    `gone`: there is no such metric any more. now, before: the published values; limit: what was passed.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    watch: Watch
    generation: int
    token: str = ""
    """The generation's token: its number comes again when the store is restored. Empty in lines of earlier versions."""
    period: str
    state: State
    way: Way = ""
    now: Row | None = None
    before: Row | None = None
    limit: float | None = None


@dataclass(frozen=True)
class Watches:
    """The watches of a store. Cheap to make; reads its files when asked."""

    folder: Path

    @classmethod
    def of(cls, store: Path) -> Self:
        """Those of a store."""
        return cls(store / "steward")

    def all(self) -> tuple[Watch, ...]:
        """Watches in force, oldest first. Raises StoreError."""
        return self._watches.in_force()

    def history(self) -> tuple[Watch, ...]:
        """Every line ever written, oldest first. Raises StoreError."""
        return self._watches.lines()

    def set(self, **values: object) -> Watch:
        """Watch a figure. Raises WatchError, StoreError."""
        with alone(self.folder):
            number = next_number(line.id for line in self.history())
            try:
                made = Watch.model_validate({"id": f"W-{number}", "time": now(), **values})
            except ValidationError as error:
                first = error.errors(include_input=False)[0]
                raise WatchError(str(first["loc"][0])) from None
            _check(made)
            return self._watches.append(made)

    def withdraw(self, watch_id: str) -> Watch:
        """Watch no more. Raises WatchError("nothing"), StoreError."""
        gone = self._watches.withdraw(watch_id)
        if gone is None:
            raise WatchError("nothing")
        return gone

    def seen(self) -> tuple[Observation, ...]:
        """Everything ever seen, oldest first. Raises StoreError."""
        return self._seen.lines()

    def remember(self, seen: Observation) -> None:
        """Keep what was seen. Raises StoreError."""
        self._seen.append(seen)

    @property
    def _watches(self) -> ActLog[Watch]:
        return ActLog(self.folder / "watches.jsonl", Watch)

    @property
    def _seen(self) -> Log[Observation]:
        return Log(self.folder / "seen.jsonl", Observation)


def _check(watch: Watch) -> None:
    """Refuse what cannot be watched. Only when it is set: a definition may change later, and lines are never changed."""
    metric = definitions().get(watch.metric)
    if metric is None or metric.requires:
        raise WatchError("metric")
    for name in ("municipality", "language"):
        code = getattr(watch, name)
        if code != ALL and (name not in metric.allowed or not has_code(metric.id, name, code, ())):
            raise WatchError(name)
    if (watch.value is not None) != (watch.rule in ("above", "below")):
        raise WatchError("value")
    if watch.rule == "target" and metric.good == "none":
        # Nobody has said on which side of its target such a figure should be.
        raise WatchError("side")

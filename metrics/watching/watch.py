"""Watches and their observations: STORE/steward/watches.jsonl and seen.jsonl, both append-only."""

from dataclasses import dataclass
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from data.refusal import Refusal
from data.store.ledger import Act, ActLog, Log, LogFolder, alone, next_number, now
from metrics.grammar.answer import Row
from metrics.measures.gaps import Lacking
from metrics.model.definition import definitions
from metrics.model.dimensions import has_code

Rule = Literal["above", "below", "target", "change"]
Span = Literal["month", "quarter", "to_date"]
State = Literal["fired", "near", "quiet", "hidden", "no_target", "part", "no_rule", "no_before", "lacking", "gone"]
Way = Literal["up", "down", ""]
RULES: tuple[Rule, ...] = ("above", "below", "target", "change")
SPANS: tuple[Span, ...] = ("month", "quarter", "to_date")
ALL = "all"


class WatchError(Refusal, ValueError):
    """Raised when a watch cannot be set.

    `reason`: metric, municipality, language, value, limits, side, all_languages, nothing (no such watch).
    """

    family = "watch"


class Watch(Act):
    """A metric and the rule for its alerts.

    rule: `above`, `below` a value; on the wrong side of the `target`; a clear `change` from the year before.
    span: the last closed month or quarter, or the year so far. municipality, language: a code, or `all`.
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
        """The id, which identifies the earlier lines that this one replaces."""
        return self.id

    @property
    def where(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """The dimensions it fixes, as in a question."""
        chosen = (("municipality", self.municipality), ("language", self.language))
        return tuple((name, (code,)) for name, code in chosen if code != ALL)


class Observation(BaseModel):
    """The state of a watch in a generation.

    state: `fired`: an alert; `near`: past the limit, but by no more than chance and rounding can cause, or without an
    interval; `quiet`; `hidden`: the value is suppressed; `no_target`: no target is set; `part`: a target for a year
    does not apply to a part of it; `no_rule`: the metric has no rule for changes; `no_before`: the store has no data
    from a year before; `lacking`: a number of which data lack, so that the whole may be on the other side of the limit;
    `gone`: the metric no longer exists.
    now, before: the published values; limit: the limit or target; lacks: what the data lack of the period.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    watch: Watch
    generation: int
    token: str = ""
    """Token of the generation; numbers are reused when a store is restored. Empty in lines of earlier versions."""
    definition_version: int = 0
    """Version of the metric's definition; 0 where there is none, and in lines of earlier versions."""
    period: str
    state: State
    way: Way = ""
    now: Row | None = None
    before: Row | None = None
    limit: float | None = None
    lacks: Lacking = Lacking()


@dataclass(frozen=True)
class Watches(LogFolder):
    """The watches of a store. Files are read on every call."""

    NAME = "steward"

    def all(self) -> tuple[Watch, ...]:
        """Return the watches in force, oldest first. Raises StoreError."""
        return self._watches.in_force()

    def history(self) -> tuple[Watch, ...]:
        """Return every line ever written, oldest first. Raises StoreError."""
        return self._watches.lines()

    def set(self, **values: object) -> Watch:
        """Set a watch from the fields of `Watch` and return it. Raises WatchError, StoreError."""
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
        """Withdraw a watch and return the line written. Raises WatchError("nothing"), StoreError."""
        gone = self._watches.withdraw(watch_id)
        if gone is None:
            raise WatchError("nothing")
        return gone

    def seen(self) -> tuple[Observation, ...]:
        """Return all stored observations, oldest first. Raises StoreError."""
        return self._seen.lines()

    def remember(self, seen: Observation) -> None:
        """Store an observation. Raises StoreError."""
        self._seen.append(seen)

    @property
    def _watches(self) -> ActLog[Watch]:
        return ActLog(self.folder / "watches.jsonl", Watch)

    @property
    def _seen(self) -> Log[Observation]:
        return Log(self.folder / "seen.jsonl", Observation, is_act=False)


def _check(watch: Watch) -> None:
    """Raise WatchError for a watch that cannot be evaluated.

    Checked only when it is set: definitions may change later, but lines of the file are never changed.
    """
    metric = definitions().get(watch.metric)
    if metric is None or metric.requires:
        raise WatchError("metric")
    for name in ("municipality", "language"):
        code = getattr(watch, name)
        if code != ALL and (name not in metric.allowed or not has_code(metric.id, name, code, ())):
            raise WatchError(name)
    if (watch.value is not None) != (watch.rule in ("above", "below")):
        raise WatchError("value")
    least, most = metric.limits
    if watch.value is not None and not least <= watch.value <= most:
        raise WatchError("limits", least=f"{least:g}", most=f"{most:g}")
    if watch.rule == "target" and metric.good == "none":
        # The metric has no direction of good, so no side of its target is wrong.
        raise WatchError("side")
    if watch.rule == "target" and watch.language != ALL:
        raise WatchError("all_languages")

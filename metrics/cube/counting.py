"""What is counted of a fact: events that meet a condition, or events by a value of theirs."""

from dataclasses import dataclass

from metrics.model.condition import columns_of
from metrics.model.facts.fact import Fact


@dataclass(frozen=True)
class Counting:
    """A count of a fact's events that meet `where`, or the sum of `weight` over them.

    beside: the conditions of a metric's other parts, where any of them may change after the event
    (`metrics.cube.status_changes`).
    """

    fact: Fact
    where: str = "true"
    weight: str | None = None
    beside: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the fact that are needed."""
        return (*columns_of(self.where, self.fact), *(columns_of(self.weight, self.fact) if self.weight else ()))

    @property
    def sql(self) -> str:
        """SQL aggregate over a client's events in a cell. By CASE: for each FILTER DuckDB copies the columns of all of them."""
        if self.weight is None:
            return "count(*)::UBIGINT" if self.where == "true" else f"count(CASE WHEN {self.where} THEN 1 END)::UBIGINT"
        return f"coalesce(sum(CASE WHEN {self.where} THEN {self.weight} END), 0)::UBIGINT"

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that are told of together."""
        return self.beside or (self.where,)

    @property
    def of_some(self) -> bool:
        """Whether some are left out, of clients or of anonymous visitors: each of these wait by themselves anyhow."""
        return self.where not in ("true", "identified")

    @property
    def changes_later(self) -> bool:
        """Whether what is counted may change after the event."""
        parts = (*self.conditions, self.weight or "true")
        return any(name in self.fact.statuses for part in parts for name in columns_of(part, self.fact))

    @property
    def added(self) -> str:
        """SQL of what is added over rows with a `sign`."""
        what = f"sign * ({self.weight})" if self.weight else "sign"
        return f"coalesce(sum(CASE WHEN {self.where} THEN {what} END), 0)::BIGINT"


@dataclass(frozen=True)
class CumulativeProfile:
    """Events of a fact that meet `where` by an integer `value` and, for survival, by the `cause` that ended the follow-up."""

    fact: Fact
    value: str
    where: str = "true"
    cause: str = "''"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the fact that are needed."""
        parts = (self.where, self.value, self.cause)
        return tuple(dict.fromkeys(name for part in parts for name in columns_of(part, self.fact)))

    @property
    def changes_later(self) -> bool:
        """Whether an event may get its value after its day."""
        return any(name in self.fact.statuses for name in self.columns)

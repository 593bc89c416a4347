"""Answers: flat rows of published values, and the data they come from."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import date
from itertools import count, takewhile
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, PlainSerializer

from metrics.audience import is_exact
from metrics.gate import Bound, State
from metrics.grammar.question import Question
from metrics.model.facts.months import month_end

MAIN_HORIZON, MAIN_QUANTILE = 12, 0.5
"""Months and quantile shown by default for metrics that have several."""


Codes = Annotated[
    Mapping[str, str], AfterValidator(MappingProxyType), PlainSerializer(dict, return_type=dict[str, str])
]
"""Codes by dimension, read-only, because cached answers are shared by all sessions of a process."""


def _bound(written: Any) -> Any:
    """Return the bound of its short form in a file (`<10`); other values are returned unchanged."""
    return Bound.parse(written) if isinstance(written, str) else written


def _state_of(bound: Bound | None, unit: str) -> State:
    """Return the state of a value that is not shown, as its bound tells."""
    if bound is None or (bound.kind == "under" and unit != "%"):
        return "small"
    return "low" if bound.kind == "under" else "high"


def _written(known: float | Bound | None) -> int | float | str | None:
    """Return a percentage, or the short form of its bound."""
    return str(known) if isinstance(known, Bound) else known


PART = "~"
"""Stands in a row's ground for sources that cover a part of the period only."""


@dataclass(frozen=True, slots=True)
class Row:
    """One published value with its codes.

    `codes` by dimension; `value` in `unit`, None unless `state` is `shown` (`bound` is then its published bound, if any);
    `n` the published number of clients or events behind it; `lower`, `upper` a 95 % interval (survival, quantiles, means);
    `horizon` months, `quantile` 0–1. `whole`: the published number that `denominator` would be if everything were known;
    `known`: the percentage of it that is known, or its bound; both None where nothing can be unknown. `ground`: the sources
    that cover the whole period, by table; `~` for a part of it.
    """

    metric: str
    codes: Codes
    period: str
    value: float | None
    unit: str
    state: State = "shown"
    bound: Annotated[Bound, BeforeValidator(_bound), PlainSerializer(str)] | None = None
    n: float | None = None
    numerator: float | None = None
    denominator: float | None = None
    lower: float | None = None
    upper: float | None = None
    horizon: int | None = None
    quantile: float | None = None
    ground: str = ""
    whole: float | None = None
    known: (
        Annotated[
            float | Bound, BeforeValidator(_bound), PlainSerializer(_written, return_type=int | float | str | None)
        ]
        | None
    ) = None

    def __post_init__(self) -> None:
        _freeze(self, "codes")
        if self.value is None and self.state == "shown":  # of a briefing of an earlier version, which had no states
            object.__setattr__(self, "state", _state_of(self.bound, self.unit))

    @property
    def bounds_if_unknown(self) -> tuple[float, float] | None:
        """The lowest and the highest percentage that the share would be, were all unknown cases known; None where not published.

        All of them without what is counted, and all of them with it.
        """
        if not self.whole or self.numerator is None or self.denominator is None or self.unit != "%":
            return None
        # Rounding may leave the whole below the part of it that is known.
        whole = max(self.whole, self.denominator)
        unknown = whole - self.denominator
        return 100 * min(1.0, self.numerator / whole), 100 * min(1.0, (self.numerator + unknown) / whole)

    def flat(self) -> dict[str, Any]:
        """Return one flat object: dimension codes under the dimension's own name, optional fields only when set."""
        raw = {one.name: getattr(self, one.name) for one in fields(self)}
        raw["bound"] = str(self.bound) if self.bound else None
        raw["known"] = _written(self.known)
        codes = raw.pop("codes")
        raw.pop("ground")
        optional = ("bound", "lower", "upper", "horizon", "quantile", "whole", "known")
        rest = {key: _plain(value) for key, value in raw.items() if key not in optional or value is not None}
        return {"metric": rest.pop("metric"), **codes, **rest}


FLAT_FIELDS = tuple(one.name for one in fields(Row) if one.name not in ("metric", "codes", "ground"))
"""What a flat row may hold besides its metric and codes, in order."""


def same_ground(one: Row, other: Row) -> bool:
    """Return whether two values stand on whole deliveries of the same sources, as far as deliveries tell."""
    if not one.ground or not other.ground:
        return True
    return one.ground == other.ground and PART not in one.ground


def is_main(row: Row, horizon: int = MAIN_HORIZON, quantile: float = MAIN_QUANTILE) -> bool:
    """Return whether a row is the default one of its group, where there are several: share within a year, median."""
    return row.horizon in (None, horizon) and row.quantile in (None, quantile)


@dataclass(frozen=True, slots=True)
class CurvePoint:
    """One step of a cumulative incidence curve: percent by `day`, with its 95 % interval and number at risk."""

    metric: str
    codes: Codes
    period: str
    day: int
    value: float
    lower: float
    upper: float
    at_risk: int

    def __post_init__(self) -> None:
        _freeze(self, "codes")


def month_ends(last: int) -> tuple[int, ...]:
    """Return the days of curves on which months end, to day `last`."""
    return tuple(takewhile(lambda day: day <= last, map(month_end, count(1))))


@dataclass(frozen=True)
class Answer:
    """Rows in the order of metrics, periods and code lists, with the generation they come from.

    data_until: last day of the data, for visitors the last closed day; closed_until: that day; definition_version: version by
    metric id.
    """

    question: Question
    rows: tuple[Row, ...]
    generation: int
    data_until: date | None
    closed_until: date | None
    definition_version: Mapping[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        _freeze(self, "definition_version")

    @property
    def audience(self) -> str:
        """The audience the values are for."""
        return self.question.audience

    @property
    def exact(self) -> bool:
        """Whether the values are exact, which must not be published."""
        return is_exact(self.audience)

    def as_json(self) -> dict[str, Any]:
        """Return the object that `python -m metrics ask --format json` prints."""
        question = asdict(self.question)
        question["where"] = {name: list(codes) for name, codes in self.question.where}
        return {
            "question": question,
            "rows": [row.flat() for row in self.rows],
            "audience": self.audience,
            "generation": self.generation,
            "data_until": self.data_until.isoformat() if self.data_until else None,
            "closed_until": self.closed_until.isoformat() if self.closed_until else None,
            "definition_version": dict(self.definition_version),
        }


def _freeze(thing: Row | CurvePoint | Answer, name: str) -> None:
    """Replace a mapping of a frozen object by a read-only copy."""
    object.__setattr__(thing, name, MappingProxyType(dict(getattr(thing, name))))


def _plain(value: Any) -> Any:
    """Return whole floats as integers, other values unchanged."""
    return int(value) if isinstance(value, float) and value.is_integer() else value

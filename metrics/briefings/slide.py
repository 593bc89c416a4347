"""A slide: questions of the closed grammar, the type of chart of each, and the presenter's notes."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator, model_validator

from data.personal import kinds
from metrics.grammar.period import RELATIVE, Each, Relative, period_at
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.kinds import TimeToEvent

Kind = Literal["number", "bars", "lines", "curve", "heat", "flow", "map", "areas"]
AreaName = Annotated[str, StringConstraints(pattern=r"^[a-z0-9_-]{1,60}$")]
"""Of an area on *Vertailu*, one's own or of a package, as in its address."""
MOST_AREAS = 8
ENDS = ("from_service", "to_service")
"""The breakdown that a flow diagram shows."""
MAPPED = ("municipality",)
"""The breakdown that a map shows."""
_ONLY: Mapping[str, tuple[str, ...]] = {"flow": ENDS, "map": MAPPED}
MOST_NUMBERS = (4, 2, 0)
"""Big numbers that a slide has room for: without a chart, beside one, beside two. More cannot be read from ten metres."""
LONGEST_NOTES = 1000
PLACE = "{municipality}"
"""Placeholder for the municipality that a ready-made briefing is opened for."""


class Slide(BaseModel):
    """One slide: a question and how its answer is shown, and up to three more beside it.

    by: dimensions to break down by; where: codes that others are fixed to; period: a registered period, or one relative
    to the data (`month`: the last closed month, `to_date`: the year so far); follows: the relative period that `period`
    was computed from, so that it can be computed anew from newer data; against: what it is compared with, `month` only of
    a month (never another import, which the protected audience must not compare); horizon (months), quantile: which of
    the metric's rows; areas: those of several publishers, of a chart of the type `areas`; notes: the presenter's own;
    beside: further figures of the slide, which have neither notes nor figures beside them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    metric: str
    kind: Kind
    by: tuple[str, ...] = Field(default=(), max_length=3)
    where: tuple[tuple[str, str], ...] = Field(default=(), max_length=3)
    period: str = "to_date"
    follows: Relative | None = None
    each: Each | None = None
    against: Literal["year", "month"] = "year"
    horizon: int | None = None
    quantile: float | None = None
    areas: tuple[AreaName, ...] = Field(default=(), max_length=MOST_AREAS)
    notes: Annotated[str, StringConstraints(max_length=LONGEST_NOTES, strip_whitespace=True)] = ""
    beside: tuple["Slide", ...] = ()

    @field_validator("metric")
    @classmethod
    def _exists(cls, metric: str) -> str:
        if metric not in definitions():
            raise ValueError("no such metric")
        return metric

    @field_validator("notes")
    @classmethod
    def _is_plain(cls, text: str) -> str:
        if kinds(text):
            raise ValueError("personal")
        return text

    @model_validator(mode="after")
    def _can_be_shown(self) -> Self:
        if self.by != _ONLY.get(self.kind, self.by):
            raise ValueError("this chart has another breakdown")
        if (self.kind == "areas") != bool(self.areas) or (self.areas and (self.by or self.each)):
            raise ValueError("areas of several publishers have a chart of their own, and no breakdown")
        if any(one.beside or one.notes for one in self.beside):
            raise ValueError("a figure beside another has neither notes nor figures beside it")
        if not has_room([one.kind for one in self.figures]):
            raise ValueError("too many figures")
        return self

    @property
    def figures(self) -> tuple["Slide", ...]:
        """The figures of the slide, itself the first, each alone and without notes."""
        return (self.model_copy(update={"beside": (), "notes": ""}), *self.beside)

    def of(self, figures: Sequence["Slide"]) -> "Slide":
        """Return a slide of figures, at least one, with the notes of this one. Raises ValueError when it has no room for them."""
        first, *others = figures
        return Slide.model_validate({**dict(first), "notes": self.notes, "beside": tuple(others)})

    def changed(self, change: Callable[["Slide"], "Slide"]) -> "Slide":
        """Return the slide with each of its figures changed."""
        return self.of([change(one) for one in self.figures])

    def at(self, closed_until: date, places: Mapping[str, str] | None = None) -> "Slide":
        """Return the slide with a registered period and without placeholders.

        closed_until: last closed day of the data; places: codes for the placeholder `{municipality}`, without which its
        filter is dropped.
        """
        return self.changed(lambda one: one._alone_at(closed_until, places))

    def _alone_at(self, closed_until: date, places: Mapping[str, str] | None) -> "Slide":
        where = tuple((name, (places or {}).get(code, code)) for name, code in self.where)
        kept = tuple((name, code) for name, code in where if code != PLACE)
        follows = self.follows or next((one for one in RELATIVE if one == self.period), None)
        period = period_at(follows or self.period, closed_until)
        return self.model_copy(update={"period": period, "follows": follows, "where": kept})

    @property
    def whole(self) -> Question:
        """The question over the whole period, one row for each group."""
        where = tuple((name, (code,)) for name, code in self.where)
        return Question((self.metric,), self.by, where, self.period)

    @property
    def drawn(self) -> Question:
        """The question whose rows are drawn: with a row per `each` where the slide is over time."""
        return Question((self.metric,), self.by, self.whole.where, self.period, self.each)


def has_room(kinds: Sequence[Kind]) -> bool:
    """Return whether a slide has room for figures of these types.

    >>> has_room(["number"] * 4), has_room(["flow", "map"]), has_room(["bars", "number", "number"])
    (True, True, True)
    >>> has_room(["number"] * 5), has_room(["bars"] * 3), has_room(["bars", "lines", "number"])
    (False, False, False)
    """
    numbers = kinds.count("number")
    charts = len(kinds) - numbers
    return charts < len(MOST_NUMBERS) and numbers <= MOST_NUMBERS[charts]


def kind_for(metric: str, by: tuple[str, ...], each: Each | None) -> Kind:
    """Return the default chart type for the answer to a question."""
    if each is not None:
        return "lines"
    if isinstance(definitions()[metric].measure, TimeToEvent):
        return "curve"
    return "heat" if len(by) == 2 and by[0] != "from_service" else "bars" if by else "number"

"""A slide: a question of the closed grammar, the type of its chart, and the presenter's notes."""

from collections.abc import Mapping
from datetime import date
from typing import Annotated, Literal, Self

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, field_validator

from data.personal import kinds
from metrics.grammar.period import RELATIVE, Each, Relative, period_at
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.kinds import TimeToEvent

Kind = Literal["number", "bars", "lines", "curve", "heat"]
LONGEST_NOTES = 1000
PLACE = "{municipality}"
"""Placeholder for the municipality that a ready-made briefing is opened for."""


class Slide(BaseModel):
    """One slide: a question and how its answer is shown.

    by: dimensions to break down by; where: codes that others are fixed to; period: a registered period, or one relative
    to the data (`month`: the last closed month, `to_date`: the year so far); follows: the relative period that `period`
    was computed from, so that it can be computed anew from newer data; against: what it is compared with, `month` only of
    a month (never another import, which the protected audience must not compare); horizon (months), quantile: which of
    the metric's rows; notes: the presenter's own.
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
    notes: Annotated[str, StringConstraints(max_length=LONGEST_NOTES, strip_whitespace=True)] = ""

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

    def at(self, closed_until: date, places: Mapping[str, str] | None = None) -> Self:
        """Return the slide with a registered period and without placeholders.

        closed_until: last closed day of the data; places: codes for the placeholder `{municipality}`, without which its
        filter is dropped.
        """
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


def kind_for(metric: str, by: tuple[str, ...], each: Each | None) -> Kind:
    """Return the default chart type for the answer to a question."""
    if each is not None:
        return "lines"
    if isinstance(definitions()[metric].measure, TimeToEvent):
        return "curve"
    return "heat" if len(by) == 2 and by[0] != "from_service" else "bars" if by else "number"

"""Kinds of metric: the models of the `[measure]` table in a definition."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from metrics.gate import KNOWN_FROM

RateUnit = Literal["ratio", "per_1000", "euros", "days", "per_person_year"]
AmountName = Literal["residents", "euros", "person_years", "training_days"]
AMOUNT_TABLES: dict[AmountName, str] = {
    "residents": "population", "euros": "cost", "person_years": "staff", "training_days": "staff",
}  # fmt: skip
"""The table that holds each amount."""


class Strict(BaseModel):
    """Base of all parts of a definition: immutable, without unknown keys."""

    model_config = ConfigDict(frozen=True, extra="forbid")


def both(one: str, other: str) -> str:
    """The condition that two conditions hold.

    >>> both("true", "a"), both("a", "b OR c")
    ('a', '(a) AND (b OR c)')
    """
    if "true" in (one, other):
        return other if one == "true" else one
    return f"({one}) AND ({other})"


class Part(Strict):
    """A count of clients or events that meet `where`, or the sum of `weight` over them.

    fact: another fact than the metric's own, for a numerator or denominator from there.
    """

    fact: str | None = None
    unit: Literal["clients", "events"] = "events"
    where: str = "true"
    weight: str | None = None


class Count(Part):
    """A number of clients or events; with `weight`, its sum divided by `per` (minutes / 60 = hours)."""

    kind: Literal["count"]
    per: int = Field(1, ge=1)
    weight_unit: Literal["hours"] | None = None


class Share(Strict):
    """The percentage of the denominator's clients or events that also meet the numerator's condition.

    known: condition under which the numerator's is known to be true or false; the others leave the denominator. What part of
    it is known is published beside the share; under `known_from` percent the share itself is not (0 for answers that people
    are asked for and may leave out).
    """

    kind: Literal["share"]
    unit: Literal["clients", "events"] = "events"
    numerator: str
    denominator: str = "true"
    known: str = "true"
    known_from: int = Field(KNOWN_FROM, ge=0, le=100)
    happened: str = ""
    """Where the numerator is of those to whom something has happened within a time: whether it has, at all."""
    dated: str = ""
    """And whether it is recorded when. The others are taken to be as these are."""

    @property
    def base(self) -> str:
        """The condition of the clients or events that the share is of: those of the denominator that are known."""
        return both(self.denominator, self.known)

    @property
    def base_dated(self) -> str:
        """The condition of those of them of whom it is known when it happened, or that it has not."""
        return both(self.base, f"NOT ({self.happened}) OR ({self.dated})") if self.happened else self.base


class ShareAt(Strict):
    """A percentage at each of several horizons. In the conditions `{months}` stands for the months of a horizon.

    denominator: those for whom the data reach the horizon; known: those of them whose state there is known. The others leave the
    denominator, and the known part is published beside the share.
    """

    kind: Literal["share_at"]
    unit: Literal["clients", "events"] = "events"
    numerator: str
    denominator: str
    known: str
    horizons: tuple[Literal[6, 12, 24], ...] = Field(min_length=1)

    def at(self, months: int | str) -> Share:
        """Return the share at a horizon. months: a horizon, or a letter that stands for any."""
        numerator, denominator, known = (
            text.replace("{months}", str(months)) for text in (self.numerator, self.denominator, self.known)
        )
        return Share(
            kind="share",
            unit=self.unit,
            numerator=numerator,
            denominator=denominator,
            known=known,
            known_from=KNOWN_FROM,
        )


class ShareOf(Strict):
    """The percentage of all clients or events that has each code of one dimension. known, known_from: as in `Share`."""

    kind: Literal["share_of"]
    unit: Literal["clients", "events"] = "events"
    where: str = "true"
    dimension: str
    known: str = "true"
    known_from: int = Field(KNOWN_FROM, ge=0, le=100)

    @property
    def base(self) -> str:
        """The condition of the clients or events that the shares are of."""
        return both(self.where, self.known)


class Ratio(Strict):
    """Numerator per `per` of the denominator, from two published counts: encounters per client, referrals per 1 000 clients."""

    kind: Literal["index"]
    numerator: Part
    denominator: Part
    per: int = Field(1, ge=1)
    unit: RateUnit = "ratio"


class Rate(Strict):
    """A published count relative to a public amount: residents, person-years, euros.

    `upside` (the numerator) is the count (reach: clients per 1 000 residents) or the amount (euros per encounter);
    without `count` it is the ratio of two amounts. `service`: the service whose amounts are used.
    """

    kind: Literal["rate"]
    count: Part | None = None
    amount: AmountName
    per_amount: AmountName | None = None
    upside: Literal["count", "amount"] = "count"
    service: Literal["guidance", "competence_centre"] | None = None
    per: int = Field(1, ge=1)
    unit: RateUnit

    @model_validator(mode="after")
    def _has_two_sides(self) -> "Rate":
        if (self.count is None) == (self.per_amount is None):
            raise ValueError("a rate needs count or per_amount, and not both")
        return self


class Mean(Strict):
    """The mean of a value with few whole classes, from the published number in each class."""

    kind: Literal["mean"]
    value: str
    where: str = "true"
    grid: tuple[int, ...] = Field(min_length=2)


class Spread(Strict):
    """An index of distribution, from published numbers.

    `variety`: effective number of the codes of `over`, exp of the Shannon entropy of their shares;
    `evenness`: the lowest rate of the codes of `over` in percent of the highest, among those with 80 clients;
    `gap`: clients missing from the area's own average rate.
    """

    kind: Literal["spread"]
    form: Literal["variety", "evenness", "gap"]
    count: Part
    over: str
    amount: AmountName | None = None


class Quantile(Strict):
    """Quantiles of a value in whole `unit`s; published from cumulative counts at the points of `grid`."""

    kind: Literal["quantile"]
    value: str
    where: str = "true"
    unit: Literal["days", "minutes"]
    quantiles: tuple[float, ...] = (0.5,)
    grid: tuple[int, ...] = Field(min_length=3)

    @model_validator(mode="after")
    def _grid_grows(self) -> "Quantile":
        if list(self.grid) != sorted(set(self.grid)):
            raise ValueError("grid must grow")
        return self


UNDATED = "undated"
"""The cause of those of whom it is known that the cause of interest has come, and not when."""


class TimeToEvent(Strict):
    """Time from the fact's day to a cause; the empty cause means censored.

    `estimate`: `incidence` (Aalen–Johansen, other causes compete) or `event` (Kaplan–Meier, one cause).
    `answer`: the share reached by the `horizons` (months), or the `median` day by which half have reached it.
    """

    kind: Literal["time_to_event"]
    duration: str
    cause: str
    of_interest: str
    estimate: Literal["incidence", "event"]
    answer: Literal["horizons", "median"]
    horizons: tuple[Literal[6, 12, 24], ...] = ()
    grid: tuple[int, ...] = ()
    """Days of the published steps; empty for every 30 days."""
    undated: str = ""
    """Whether the cause of interest is known to have come, and not when. These are taken to be as those of whom it is."""

    @property
    def causes(self) -> str:
        """SQL for the cause, `UNDATED` where it came on a day that is not recorded."""
        return f"CASE WHEN {self.undated} THEN '{UNDATED}' ELSE {self.cause} END" if self.undated else self.cause


Measure = Annotated[
    Count | Share | ShareAt | ShareOf | Ratio | Rate | Mean | Spread | Quantile | TimeToEvent,
    Field(discriminator="kind"),
]

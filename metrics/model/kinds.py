"""The kinds of metric: what each kind of `[measure]` table in a definition may hold."""

from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

RateUnit = Literal["ratio", "per_1000", "euros", "days", "per_person_year"]
AmountName = Literal["residents", "euros", "person_years", "training_days"]


class Strict(BaseModel):
    """A part of a definition: no unknown keys, never changed."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Part(Strict):
    """What is counted on one side: clients or events that meet `where`, or the sum of `weight` over them.

    fact: another fact than the metric's own, for a number set beside it.
    """

    fact: str | None = None
    unit: Literal["clients", "events"] = "events"
    where: str = "true"
    weight: str | None = None


class Count(Part):
    """A number of clients or events; with `weight`, the sum of it divided by `per` (minutes / 60 = hours)."""

    kind: Literal["count"]
    per: int = Field(1, ge=1)
    weight_unit: Literal["hours"] | None = None


class Share(Strict):
    """Numerator within denominator, percent."""

    kind: Literal["share"]
    unit: Literal["clients", "events"] = "events"
    numerator: str
    denominator: str = "true"


class ShareOf(Strict):
    """The share each code of one dimension has of all its codes, percent."""

    kind: Literal["share_of"]
    unit: Literal["clients", "events"] = "events"
    where: str = "true"
    dimension: str


class Ratio(Strict):
    """Numerator per `per` of the denominator, from two published counts: encounters per client, referrals per 1 000 clients."""

    kind: Literal["index"]
    numerator: Part
    denominator: Part
    per: int = Field(1, ge=1)
    unit: RateUnit = "ratio"


class Rate(Strict):
    """A published count against an amount that is not about clients: residents, person-years, euros.

    `upside` is the count (reach: clients per 1 000 residents) or the amount (euros per encounter); without `count` two amounts
    are set against each other. `service`: whose costs.
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
    """Mean of a value in few whole classes, from the published number in each class up to it."""

    kind: Literal["mean"]
    value: str
    where: str = "true"
    grid: tuple[int, ...] = Field(min_length=2)


class Spread(Strict):
    """An index of how even published parts are.

    `variety`: effective number of the codes of `over`, exp of the Shannon entropy of their shares;
    `evenness`: the lowest against the highest rate of the codes of `over`, percent, where each has 80 clients;
    `gap`: clients missing against the area's own average rate.
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


class TimeToEvent(Strict):
    """Time from the fact's day to a cause; the empty cause is censored.

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
    """Days of the published steps; empty = every 30 days."""


Measure = Annotated[
    Count | Share | ShareOf | Ratio | Rate | Mean | Spread | Quantile | TimeToEvent, Field(discriminator="kind")
]

"""The hypothesis model: a question in words, and everything that fixes how it will be tested."""

from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    StringConstraints,
    ValidationError,
    model_serializer,
)

from data.personal import plain_line
from data.refusal import Refusal
from metrics.grammar.question import Question
from metrics.model.definition import Definition, definitions
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent

LONGEST_QUESTION = 300
MOST_COVARIATES, MOST_GUARDRAILS, MOST_LOOKS = 6, 4, 6
OTHERS = "others"
"""Reference group of all other known codes of the dimension."""
PLACE = "municipality"

OutcomeKind = Literal["share", "count", "amount", "time_to_event"]


class HypothesisError(Refusal, ValueError):
    """Raised when a hypothesis cannot be registered or tested.

    `reason` is a code with a text in every language; no message repeats the user's input.

    Reasons: question, personal, outcome, direction, smallest, same_group, unknown_group, list_dimension, covariates,
    same_fact, of_counts, month, comparison, same_place, design, period, planned, guardrail, looks, unknown, tested,
    few_people, few_months, no_answer, no_data, not_recorded, too_early_to_look_back, immature, part_known,
    other_sources.
    """

    family = "hypothesis"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Groups(_Strict):
    """A comparison of two groups: one code of a dimension against another code, or against all other known codes."""

    kind: Literal["groups"] = "groups"
    dimension: str
    compared: str
    reference: str = OTHERS


class BeforeAfter(_Strict):
    """A comparison of the time before a month with the time from that month on.

    area: municipality code, None for the whole area; comparison: `OTHERS`, all other municipalities, or the code of one
    municipality without the change, which controls for a common trend.
    """

    kind: Literal["before_after"] = "before_after"
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    area: str | None = None
    comparison: str | None = None


class Guardrail(_Strict):
    """A figure that must not get worse by `margin` or more, in its own unit, while the hypothesis is pursued."""

    metric: str
    margin: float = Field(gt=0, le=1e6, allow_inf_nan=False)


class Hypothesis(_Strict):
    """One hypothesis: a metric (`outcome`), a design, and the smallest effect that counts as support.

    question: the hypothesis in words; covariates: facts that are adjusted for (`background.covariates_of`); direction:
    the expected sign of the change; smallest: the smallest change worth having, in the unit of the metric (percentage
    points, events a month, days, minutes); period: a registered period; planned_share: percent of the people of both
    groups who were to be in the compared one, None when that was not planned; guardrails: figures that must not get
    worse; looks: how many times it will be tested as data grow, among which the 5 % of false findings are divided.
    """

    question: Annotated[
        str,
        StringConstraints(strip_whitespace=True, min_length=10, max_length=LONGEST_QUESTION),
        AfterValidator(plain_line),
    ]
    outcome: str
    design: Groups | BeforeAfter = Field(discriminator="kind")
    covariates: tuple[str, ...] = ()
    direction: Literal["up", "down", "either"]
    smallest: float = Field(gt=0, le=1e6, allow_inf_nan=False)
    period: str = "all"
    planned_share: float | None = Field(None, ge=1, le=99, allow_inf_nan=False)
    guardrails: tuple[Guardrail, ...] = Field((), max_length=MOST_GUARDRAILS)
    looks: int = Field(1, ge=1, le=MOST_LOOKS)

    @model_serializer(mode="wrap")
    def _without_defaults(self, whole: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """Leave out later fields that are not used, so that a line of an earlier version keeps its hash."""
        later = {
            "planned_share": self.planned_share is None,
            "guardrails": not self.guardrails,
            "looks": self.looks == 1,
        }
        return {name: value for name, value in whole(self).items() if not later.get(name, False)}

    @property
    def definition(self) -> Definition:
        """The definition of the metric. Raises KeyError when there is no such metric."""
        return definitions()[self.outcome]

    @property
    def kind(self) -> OutcomeKind:
        """The kind of outcome, which decides the statistical method."""
        return outcome_kind(self.definition)

    @property
    def unit(self) -> str:
        """The unit of the change: `%` (percentage points), `days`, `minutes`, or events a month."""
        return self.definition.unit

    @property
    def as_question(self) -> Question:
        """What is published of the hypothesis as a question of the closed grammar: the compared codes as fixed dimensions.

        Covariates are not in it: no number is published by them.
        """
        match self.design:
            case Groups(dimension=dimension, compared=one, reference=other):
                codes = (one,) if other == OTHERS else (one, other)
                where: tuple[tuple[str, tuple[str, ...]], ...] = ((dimension, codes),)
            case BeforeAfter(area=area, comparison=comparison):
                places = tuple(code for code in (area, comparison) if code and code != OTHERS)
                where = ((PLACE, places),) if places else ()
        return Question((self.outcome,), (), where, self.period)

    @property
    def counts_people(self) -> bool:
        """Whether the metric counts clients, each once, rather than events."""
        return getattr(self.definition.measure, "unit", "events") == "clients"

    def guarded(self, guardrail: Guardrail) -> "Hypothesis":
        """Return the hypothesis that a guardrail's figure gets worse by its margin, in the same comparison."""
        good = definitions()[guardrail.metric].good
        return self.model_copy(
            update={
                "outcome": guardrail.metric, "smallest": guardrail.margin, "guardrails": (), "planned_share": None,
                "direction": "down" if good == "high" else "up",
            }
        )  # fmt: skip


def parse_hypothesis(**values: object) -> Hypothesis:
    """Return a hypothesis validated from the fields of a form.

    Raises HypothesisError with the first invalid field as its reason; the input is not repeated in the message.
    """
    try:
        return Hypothesis.model_validate(values)
    except ValidationError as error:
        first = error.errors(include_input=False)[0]
        field = str(first["loc"][0])
        is_month = first["loc"][-1] == "month"
        known = {"question", "outcome", "direction", "smallest", "period"}
        field = {"planned_share": "planned", "guardrails": "guardrail"}.get(field, field)
        known |= {"planned", "guardrail", "looks"}
        reason = "personal" if "personal" in first["msg"] else "month" if is_month else field
        raise HypothesisError(reason if reason in known | {"personal", "month"} else "design") from None


def outcomes() -> tuple[str, ...]:
    """Return the ids of metrics a hypothesis may be about: shares, counts, quantiles, and times to an event at fixed horizons."""
    return tuple(
        definition.id for definition in definitions().values() if not definition.requires and _testable(definition)
    )


def _testable(definition: Definition) -> bool:
    match definition.measure:
        case Count(weight=weight):
            return weight is None
        case TimeToEvent(answer=answer):
            # Medians of time to event are not tested; the shares at the horizons of the same curve are.
            return answer == "horizons"
        case Share() | Quantile():
            return True
    return False


def outcome_kind(definition: Definition) -> OutcomeKind:
    """Return the kind of outcome of a metric: share, count per month, amount (days or minutes) or time to event."""
    match definition.measure:
        case Share():
            return "share"
        case Count():
            return "count"
        case Quantile():
            return "amount"
        case _:
            return "time_to_event"


def group_dimensions(metric: str) -> tuple[str, ...]:
    """Return the dimensions whose codes can form two groups.

    Where an event can have several codes, as topics, it belongs to the groups of all of them.
    """
    return definitions()[metric].allowed


def guardrail_metrics(metric: str) -> tuple[str, ...]:
    """Return the metrics that can be guardrails beside a metric: about the same events, and with a direction of good."""
    known = definitions()
    return tuple(
        other for other in outcomes() if other != metric and known[other].fact == known[metric].fact
        and known[other].good != "none"
    )  # fmt: skip

"""The hypothesis model: a question in words, and everything that fixes how it will be tested."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from data.personal import plain_line
from data.refusal import Refusal
from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import Question, QuestionError, validate
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import is_unknown, service_points
from metrics.model.facts.fact import base_of
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent

LONGEST_QUESTION = 300
OTHERS = "others"
"""Reference group of all other known codes of the dimension."""
PLACE = "municipality"

OutcomeKind = Literal["share", "count", "amount", "time_to_event"]


class HypothesisError(Refusal, ValueError):
    """Raised when a hypothesis cannot be registered or tested.

    `reason` is a code with a text in every language; no message repeats the user's input.

    Reasons: question, personal, outcome, direction, smallest, same_group, unknown_group, list_dimension, covariates,
    month, comparison, same_place, design, period, unknown, tested, few_people, few_months, no_answer.
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

    area: municipality code, None for the whole area; comparison: code of a municipality without the change, which
    controls for a common trend.
    """

    kind: Literal["before_after"] = "before_after"
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    area: str | None = None
    comparison: str | None = None


class Hypothesis(_Strict):
    """One hypothesis: a metric (`outcome`), a design, and the smallest effect that counts as support.

    question: the hypothesis in words; covariates: dimensions that are adjusted for; direction: the expected sign of the
    change;
    smallest: the smallest change worth having, in the unit of the metric (percentage points, events a month, days,
    minutes);
    period: a registered period.
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
        """The hypothesis as a question of the closed grammar: compared codes as fixed dimensions, covariates as breakdowns."""
        match self.design:
            case Groups(dimension=dimension, compared=one, reference=other):
                codes = (one,) if other == OTHERS else (one, other)
                where: tuple[tuple[str, tuple[str, ...]], ...] = ((dimension, codes),)
            case BeforeAfter(area=area, comparison=comparison):
                places = tuple(code for code in (area, comparison) if code)
                where = ((PLACE, places),) if places else ()
        return Question((self.outcome,), self.covariates, where, self.period)


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
    """Return the dimensions whose codes can form two groups: those with exactly one code per event."""
    definition = definitions()[metric]
    return tuple(name for name in definition.allowed if base_of(name) not in definition.of_fact.lists)


def check(hypothesis: Hypothesis, store: Store, generation: Generation | None = None) -> None:
    """Check a hypothesis against metric definitions, code lists and the closed grammar.

    generation: the data whose service points and periods are valid, by default the current generation. Raises
    HypothesisError (outcome, period, smallest, list_dimension, same_group, unknown_group, covariates, comparison,
    same_place, month), QuestionError for other errors of the grammar, StoreError.
    """
    match hypothesis.design:  # before the grammar, whose words for a code given twice say less
        case Groups(compared=one, reference=other) if one == other:
            raise HypothesisError("same_group")
        case BeforeAfter(area=area, comparison=other) if area and area == other:
            raise HypothesisError("same_place")
    if hypothesis.outcome not in outcomes():
        raise HypothesisError("outcome")
    generation = generation or store.serving()
    try:
        validate(hypothesis.as_question, generation, tuple(service_points(store, generation)))
    except QuestionError as error:
        if error.reason == "unknown_period":
            raise HypothesisError("period") from None
        raise
    if hypothesis.unit == "%" and hypothesis.smallest > 100:
        raise HypothesisError("smallest")
    usable = group_dimensions(hypothesis.outcome)
    if not set(hypothesis.covariates) <= set(usable):
        raise HypothesisError("list_dimension")
    match hypothesis.design:
        case Groups(dimension=dimension, compared=one, reference=other):
            if dimension not in usable:
                raise HypothesisError("list_dimension")
            if any(is_unknown(hypothesis.outcome, dimension, code) for code in (one, other)):
                raise HypothesisError("unknown_group")
        case BeforeAfter() as design:
            _check_before_after(hypothesis, design)


def _check_before_after(hypothesis: Hypothesis, design: BeforeAfter) -> None:
    if hypothesis.covariates:
        raise HypothesisError("covariates")
    if design.comparison and (not design.area or hypothesis.kind == "time_to_event"):
        raise HypothesisError("comparison")
    for place in (design.area, design.comparison):
        if place is not None and (not place or is_unknown(hypothesis.outcome, PLACE, place)):
            raise HypothesisError("unknown_group")
    try:
        span, month = Period.parse(hypothesis.period), Period.parse(design.month)
    except PeriodError:
        raise HypothesisError("period") from None
    first, last, start = span.first_day, span.last_day, month.first_day
    if start and ((first and start <= first) or (last and start > last)):
        raise HypothesisError("month")

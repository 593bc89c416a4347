"""A hypothesis as it is registered: a question in words, and everything that decides how it will be tested."""

from typing import Annotated, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationError

from data.personal import plain_line
from data.refusal import Refusal
from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.period import Period, PeriodError
from metrics.grammar.question import Question, QuestionError, understand
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import is_unknown, service_points
from metrics.model.facts.fact import base_of
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent

LONGEST_QUESTION = 300
OTHERS = "others"
"""As a reference: every other known code of the dimension."""
PLACE = "municipality"

OutcomeKind = Literal["share", "count", "amount", "time_to_event"]


class HypothesisError(Refusal, ValueError):
    """A hypothesis cannot be registered or tested. `reason` is a code with a text; the reader's own words are in no message.

    Reasons: question, personal, outcome, direction, smallest, same_group, unknown_group, list_dimension, covariates, month,
    comparison, same_place, design, period, unknown, tested, few_people, few_months, no_answer.
    """

    family = "hypothesis"


class _Strict(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Groups(_Strict):
    """Two groups side by side: a code of a dimension against another one, or against all others."""

    kind: Literal["groups"] = "groups"
    dimension: str
    compared: str
    reference: str = OTHERS


class BeforeAfter(_Strict):
    """Before and from a month on, in the whole area or a municipality, alone or beside another municipality."""

    kind: Literal["before_after"] = "before_after"
    month: Annotated[str, StringConstraints(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
    area: str | None = None
    comparison: str | None = None


class Hypothesis(_Strict):
    """What is asked, of which figure, and what would count as an answer.

    direction: which way the figure is thought to go; smallest: the smallest change worth having, in the figure's own unit
    (percentage points, events a month, days, minutes).
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
        """The figure's definition."""
        return definitions()[self.outcome]

    @property
    def kind(self) -> OutcomeKind:
        """What kind of outcome the figure is for a test."""
        return outcome_kind(self.definition)

    @property
    def unit(self) -> str:
        """Unit of the change: `%` (percentage points), `days`, `minutes`, or events a month."""
        return self.definition.unit

    @property
    def as_question(self) -> Question:
        """The same in the closed grammar: what is fixed to codes, and what is taken into account."""
        match self.design:
            case Groups(dimension=dimension, compared=one, reference=other):
                codes = (one,) if other == OTHERS else (one, other)
                where: tuple[tuple[str, tuple[str, ...]], ...] = ((dimension, codes),)
            case BeforeAfter(area=area, comparison=comparison):
                places = tuple(code for code in (area, comparison) if code)
                where = ((PLACE, places),) if places else ()
        return Question((self.outcome,), self.covariates, where, self.period)


def made(**values: object) -> Hypothesis:
    """A hypothesis from what a person gave. Raises HypothesisError; the words given are in no message."""
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
    """Figures a hypothesis may be about: shares, numbers a month, days and minutes, and time to an event."""
    return tuple(
        definition.id for definition in definitions().values() if not definition.requires and _testable(definition)
    )


def _testable(definition: Definition) -> bool:
    match definition.measure:
        case Count(weight=weight):
            return weight is None
        case TimeToEvent(answer=answer):
            # A median that half never reach has no test of its own; its curve is that of another figure.
            return answer == "horizons"
        case Share() | Quantile():
            return True
    return False


def outcome_kind(definition: Definition) -> OutcomeKind:
    """How a figure is tested: as a share, a number a month, an amount of days or minutes, or as time to an event."""
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
    """Dimensions whose codes may be set against each other: those an event has one code of."""
    definition = definitions()[metric]
    return tuple(name for name in definition.allowed if base_of(name) not in definition.of_fact.lists)


def check(hypothesis: Hypothesis, store: Store, generation: Generation | None = None) -> None:
    """Check a hypothesis against the definitions and the closed grammar. Raises HypothesisError, QuestionError.

    generation: whose service points and periods there are, by default those of the serving one.
    """
    if hypothesis.outcome not in outcomes():
        raise HypothesisError("outcome")
    generation = generation or store.serving()
    try:
        understand(hypothesis.as_question, generation, tuple(service_points(store, generation)))
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
            if one == other:
                raise HypothesisError("same_group")
            if any(is_unknown(hypothesis.outcome, dimension, code) for code in (one, other)):
                raise HypothesisError("unknown_group")
        case BeforeAfter() as design:
            _check_before_after(hypothesis, design)


def _check_before_after(hypothesis: Hypothesis, design: BeforeAfter) -> None:
    if hypothesis.covariates:
        raise HypothesisError("covariates")
    if design.comparison and (not design.area or hypothesis.kind == "time_to_event"):
        raise HypothesisError("comparison")
    if design.comparison == design.area and design.area:
        raise HypothesisError("same_place")
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

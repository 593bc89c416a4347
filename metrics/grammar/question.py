"""The closed question grammar: metrics, at most three dimensions, one registered period; no other questions."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from difflib import get_close_matches

from data.refusal import Refusal
from data.store.generation import Generation
from metrics.audience import AUDIENCES, PROTECTED, Audience, is_exact, may_ask, municipalities_of
from metrics.grammar.period import Each, Period, PeriodError
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import codes, codes_named
from metrics.model.facts.fact import base_of

MOST_DIMENSIONS = 3
EACH = ("month", "quarter", "year")


class QuestionError(Refusal, ValueError):
    """Raised when a question is outside the grammar; `nearest` has valid alternatives.

    Reasons: no_metric, unknown_metric, unknown_dimension, unknown_code, unknown_period, unknown_each, unknown_audience,
    not_own, unknown_area, each_not_finer, too_many_dimensions, metric_twice, dimension_twice, code_twice, place_twice,
    needs_dimension, not_a_curve, period_open; of comparisons compare_all, compare_each, compare_month, compare_protected,
    compare_first; of packages package_protected, package_definition, not_in_package,
    period_not_in_package; of the text of a filter where_form; of the command line also report_kind, period_before,
    no_definitions.
    """

    family = "question"

    @property
    def nearest_kind(self) -> str:
        """Kind of the alternatives: `metric`, `code`, `dimension` or `each`; empty for all others."""
        return _NEAREST.get(self.reason, "")


_NEAREST = {
    "unknown_metric": "metric",
    "unknown_code": "code",
    "unknown_each": "each",
    "each_not_finer": "each",
    **dict.fromkeys(("unknown_dimension", "too_many_dimensions", "place_twice", "needs_dimension"), "dimension"),
}


@dataclass(frozen=True)
class Question:
    """A question. `where` fixes dimensions to codes (several codes = one row each), `by` breaks down by all codes.

    metrics: ids; period: a registered period; each: a row per month, quarter or year within it; audience: of the
    values.
    """

    metrics: tuple[str, ...]
    by: tuple[str, ...] = ()
    where: tuple[tuple[str, tuple[str, ...]], ...] = ()
    period: str = "all"
    each: Each | None = None
    audience: Audience = PROTECTED

    @property
    def dimensions(self) -> tuple[str, ...]:
        """The dimensions that are broken down by or fixed, in this order."""
        return (*self.by, *(name for name, _ in self.where))

    @property
    def words(self) -> str:
        """The question as the command line takes it.

        >>> Question(("clients",), by=("topic",), where=(("language", ("so", "ar")),), period="2026").words
        'clients --by topic --where language=so,ar --period 2026 --audience protected'
        """
        parts = [f"--by {name}" for name in self.by]
        parts += [f"--where {name}={','.join(codes)}" for name, codes in self.where]
        each = [f"--each {self.each}"] if self.each else []
        return " ".join((*self.metrics, *parts, f"--period {self.period}", *each, f"--audience {self.audience}"))


@dataclass(frozen=True)
class ValidatedQuestion:
    """A valid question with its definitions and the periods it has rows for."""

    question: Question
    definitions: tuple[Definition, ...]
    periods: tuple[Period, ...]


def validate(
    question: Question, generation: Generation, places: tuple[str, ...], begins: Callable[[], date | None]
) -> ValidatedQuestion:
    """Return a question checked against the grammar. Raises QuestionError with the first error.

    places: codes of the store's service points; begins: returns the day from which on the audience is told of data
    (`metrics.model.beginning`), looked for only where there is a row for each month, quarter or year.
    """
    if not question.metrics:
        raise QuestionError("no_metric")
    if question.audience not in AUDIENCES and not is_exact(question.audience):
        raise QuestionError("unknown_audience", (PROTECTED,), audience=question.audience)
    if not may_ask(question.audience, dict(question.where)):
        raise QuestionError("not_own", municipalities=", ".join(sorted(municipalities_of(question.audience) or ())))
    known = definitions()
    for metric in question.metrics:
        if metric not in known:
            raise QuestionError("unknown_metric", nearest(metric, known), metric=metric)
        if question.metrics.count(metric) > 1:
            raise QuestionError("metric_twice", metric=metric)
    chosen = tuple(known[metric] for metric in question.metrics)
    for definition in chosen:
        _check_dimensions(question, definition)
    for definition in chosen:
        for name, wanted in question.where:
            valid = codes(definition.id, name, places)
            for code in wanted or ("",):
                if code not in valid:
                    alike = codes_named(definition.id, name, code) or nearest(code, valid)
                    raise QuestionError("unknown_code", alike, dimension=name, code=code)
                if wanted.count(code) > 1:
                    raise QuestionError("code_twice", dimension=name, code=code)
    return ValidatedQuestion(question, chosen, _periods(question, generation, begins))


def _check_dimensions(question: Question, definition: Definition) -> None:
    asked = question.dimensions
    for name in asked:
        if name not in definition.allowed:
            raise QuestionError(
                "unknown_dimension",
                nearest(name, definition.allowed) or definition.allowed,
                dimension=name,
                metric=definition.id,
            )
    for name in asked:
        if asked.count(name) > 1:
            raise QuestionError("dimension_twice", dimension=name)
    if len(asked) > MOST_DIMENSIONS:
        raise QuestionError("too_many_dimensions", asked[:MOST_DIMENSIONS], most=str(MOST_DIMENSIONS))
    # A dimension with its own grouping would select a subset, such as a region by one municipality: not in the grammar.
    bases = [base_of(name) for name in asked]
    for name, base in zip(asked, bases, strict=True):
        if bases.count(base) > 1:
            raise QuestionError("place_twice", (base,), dimension=name)
    missing = [name for name in definition.requires if name not in asked]
    if missing:
        raise QuestionError("needs_dimension", definition.requires, metric=definition.id, dimension=missing[0])


def _periods(question: Question, generation: Generation, begins: Callable[[], date | None]) -> tuple[Period, ...]:
    closed, exact = generation.closed_until, is_exact(question.audience)
    period = parsed_period(question.period) if exact else closed_period(question.period, closed)
    if question.each is None:
        return (period,)
    if question.each not in EACH:
        raise QuestionError("unknown_each", EACH, each=question.each)
    # For visitors not to the last row: whether there is one in the last month would be told.
    first, last = begins(), generation.last_day if exact else closed
    if first is None or last is None:
        return ()
    try:
        every = period.split(question.each, first, last)
    except PeriodError:
        raise QuestionError("each_not_finer", ("month",), period=question.period, each=question.each) from None
    return every if exact else tuple(one for one in every if not one.is_open(closed))


def parsed_period(text: str) -> Period:
    """Return a period of its text. Raises QuestionError: `unknown_period`."""
    try:
        return Period.parse(text)
    except PeriodError:
        raise QuestionError(
            "unknown_period", ("2025", "2025-Q3", "2025-03", "2025-ytd-09", "all"), period=text
        ) from None


def parsed_where(text: str, sign: str = "=") -> tuple[str, tuple[str, ...]]:
    """Return a dimension and the codes it is fixed to. sign: what stands between them. Raises QuestionError: `where_form`.

    >>> parsed_where("language=so,ar"), parsed_where("language:so", ":")
    (('language', ('so', 'ar')), ('language', ('so',)))
    """
    dimension, said, codes = text.partition(sign)
    if not said:
        raise QuestionError("where_form", where=text, sign=sign)
    return dimension, tuple(codes.split(","))


def closed_period(text: str, closed_until: date) -> Period:
    """Return a period that has ended. Raises QuestionError: `unknown_period`, `period_open`."""
    period = parsed_period(text)
    if period.is_open(closed_until):
        raise not_ended(period, closed_until)
    return period


def not_ended(period: Period, closed_until: date) -> QuestionError:
    """Return the refusal of a period that has not ended, with the last closed one of its kind."""
    last = str(period.last_closed(closed_until))
    return QuestionError("period_open", (last,), period=period, day=closed_until.isoformat())


def nearest(text: str, known: Iterable[str]) -> tuple[str, ...]:
    """Return the most similar names, at most three, best first, each once."""
    return tuple(get_close_matches(text, list(dict.fromkeys(known)), n=3, cutoff=0.5))

"""From a view to a question of the grammar, and from a question to its published rows, cached by generation and question."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import TypeVar

from data.texts import Language, message
from metrics.ask import ask, ask_curve, ends_within, lacking_of_rows, without_data, without_fields, without_past
from metrics.ask import lacking as lacking_of
from metrics.change.earlier import Earlier, on_known_ground
from metrics.grammar.answer import Answer, CurvePoint, Row
from metrics.grammar.period import Each, Period
from metrics.grammar.question import MOST_DIMENSIONS, Question, QuestionError
from metrics.measures import quiet_points
from metrics.measures.gaps import Lacking, said
from metrics.memory import Memory, at_the_head
from metrics.model.definition import definitions, definitions_mark
from metrics.model.dimensions import is_unknown, members
from metrics.model.facts.fact import base_of
from metrics.packages.asking import ask_package, ask_package_curve
from metrics.packages.lacking import lacking_in, lacking_of_packed_rows
from pages.shell import noting, publications
from pages.shell.serving import Serving
from pages.view.state import Choice, View

Told = TypeVar("Told")
_ANSWER_BYTES, _ROW_BYTES, _POINT_BYTES = 1_500, 400, 260
"""Approximate memory of a question with an empty answer, of a row, and of a point of a curve, in bytes; a test measures it."""
_answers: Memory[tuple[Path | None, str, str, Question], Answer] = Memory(64_000_000, at_the_head)
_curves: Memory[tuple[Path | None, str, str, Question], tuple[CurvePoint, ...]] = Memory(16_000_000, at_the_head)
"""Both caches are keyed by origin, definitions and question, and shared by all: published values are read-only."""


@dataclass(frozen=True)
class Composed:
    """A question made from a view, with the view's filters that could not be applied as filters.

    left_out: filters that do not apply, for lack of a dimension slot or because the metric does not have the dimension.
    marked: a filter on the dimension of the breakdown itself: all codes are shown and this one is highlighted. within:
    a filter on a group of the breakdown's codes (languages of a group): only rows within the group are shown.
    """

    question: Question
    left_out: tuple[Choice, ...] = ()
    marked: Choice | None = None
    within: Choice | None = None


def compose(
    view: View, metrics: Sequence[str], by: Sequence[str] = (), *, each: Each | None = None, period: str | None = None
) -> Composed:
    """Return the question of a figure, with as many of the view's filters as fit beside the breakdown.

    metrics: ids of one fact; by: dimensions to break down by; each: a row per period; period: instead of the view's.
    """
    known = definitions()
    allowed = set.intersection(*(set(known[metric].allowed) for metric in metrics))
    bases = {base_of(dimension) for dimension in by}
    where: list[Choice] = []
    left_out: list[Choice] = []
    marked = within = None
    for choice in view.choices:
        if choice.dimension in by:
            marked = choice
        elif choice.dimension != base_of(choice.dimension) and base_of(choice.dimension) in by:
            within = choice
        elif (
            choice.dimension not in allowed
            or base_of(choice.dimension) in bases
            or len(by) + len(where) == MOST_DIMENSIONS
        ):
            left_out.append(choice)
        else:
            where.append(choice)
    question = Question(
        metrics=tuple(metrics),
        by=tuple(by),
        where=tuple((choice.dimension, (choice.code,)) for choice in where),
        period=period or view.period,
        each=each,
        audience=view.audience,
    )
    return Composed(question, tuple(left_out), marked, within)


def whole_of(view: View) -> Question:
    """Return what is asked of a view's period and filters as a whole, of no metric yet."""
    where = tuple((choice.dimension, (choice.code,)) for choice in view.choices)
    return Question((), where=where, period=view.period, audience=view.audience)


def alike(composed: Composed, metric: str, by: Sequence[str] = ()) -> Composed:
    """Return the question of another metric of the same fact, with the filters of a figure and no others."""
    within = (composed.within,) if composed.within and base_of(composed.within.dimension) not in by else ()
    where = (*composed.question.where, *((choice.dimension, (choice.code,)) for choice in within))
    question = replace(composed.question, metrics=(metric,), by=tuple(by), where=where, each=None)
    return replace(composed, question=question)


def compose_beside(
    view: View, metrics: Sequence[str], by: Sequence[str] = (), *, each: Each | None = None, period: str | None = None
) -> Composed | None:
    """Return a figure's question of the municipality that stands beside the view; None where it would not be the same one.

    It is not where the area cannot be chosen, or where another filter applies to one of the two alone.
    """
    if (there := view.in_other_place) is None:
        return None
    own, other = (compose(one, metrics, by, each=each, period=period) for one in (view, there))
    if _rest(own, view) != _rest(other, there) or view.area in own.left_out:
        return None
    return other if there.area not in (*other.left_out, other.marked, other.within) else None


def _rest(composed: Composed, view: View) -> tuple[object, ...]:
    """Return all that a question is limited to but its area."""
    area = (view.area.dimension, (view.area.code,)) if view.area else None
    kept = tuple(one for one in composed.question.where if one != area)
    return kept, composed.marked, composed.within, tuple(one for one in composed.left_out if one != view.area)


@dataclass(frozen=True)
class FigureRows:
    """Published rows of a figure, with the question and the filters that were applied."""

    composed: Composed
    answer: Answer
    rows: tuple[Row, ...]
    """Rows of the answer that lie within the view's group, in the order of the answer."""

    refusal: QuestionError | None = None
    """Why a package that is shown does not answer; there are no rows then."""

    @property
    def marked_code(self) -> str | None:
        """Code of the filter on the breakdown's own dimension, None when there is none."""
        return self.composed.marked.code if self.composed.marked else None

    def of(self, metric: str, **codes: str) -> tuple[Row, ...]:
        """Return the rows of one metric with the given codes."""
        return tuple(r for r in self.rows if r.metric == metric and codes.items() <= dict(r.codes).items())

    def one(
        self, metric: str, *, horizon: int | None = None, quantile: float | None = None, **codes: str
    ) -> Row | None:
        """Return the first row of a metric with these codes (and horizon or quantile), None when there is none."""
        found = [
            r
            for r in self.of(metric, **codes)
            if (horizon is None or r.horizon == horizon) and (quantile is None or r.quantile == quantile)
        ]
        return found[0] if found else None


def published(serving: Serving, composed: Composed) -> FigureRows:
    """Return the published rows of a question within the view's group. Raises QuestionError."""
    answer = answer_to(serving, composed.question)
    return FigureRows(composed, answer, tuple(row for row in answer.rows if is_within(composed.within)(row)))


def published_or_not(serving: Serving, composed: Composed) -> FigureRows:
    """Return the same; of a package that does not hold it, no rows and why. Raises QuestionError for a store."""
    try:
        return published(serving, composed)
    except QuestionError as refusal:
        if serving.package is None:
            raise
        until = serving.closed_until
        answer = Answer(composed.question, (), serving.generation.number, until, until)
        return FigureRows(composed, answer, (), refusal)


def published_before(serving: Serving, side: Earlier, composed: Composed) -> FigureRows:
    """Return the rows of the earlier side of a comparison that the store has data for. Raises QuestionError."""
    found = published_or_not(replace(serving, generation=side.generation), composed)
    return replace(found, rows=on_known_ground(found.rows, side))


def is_within(group: Choice | None) -> Callable[[Row | CurvePoint], bool]:
    """Return a predicate that is true of rows within the group; without a group, of every row."""
    if group is None:
        return lambda row: True
    base, codes = base_of(group.dimension), members(group.dimension, group.code)
    return lambda row: row.codes[base] in codes


def answer_to(serving: Serving, question: Question) -> Answer:
    """Return the answer from the current generation, from the cache if it has been computed before. Raises QuestionError."""
    answer = _of_holder(
        serving,
        lambda one: _answers.recall(
            (*one.origin, definitions_mark(), question),
            lambda: _asked(one, question),
            lambda answer: _ANSWER_BYTES + _ROW_BYTES * len(answer.rows),
        ),
    )
    noting.asked(serving, question)
    return answer


def is_answered(serving: Serving, question: Question) -> bool:
    """Return whether the answer is in the cache."""
    return _answers.get((*serving.origin, definitions_mark(), question)) is not None


def _of_holder(serving: Serving, told: Callable[[Serving], Told]) -> Told:
    """Return what the first of several packages of one area tells. Raises QuestionError: why the first does not, if none does."""
    refused: QuestionError | None = None
    for one in serving.each():
        try:
            return told(one)
        except QuestionError as refusal:
            refused = refused or refusal
    raise refused or QuestionError("no_metric")


def _asked(serving: Serving, question: Question) -> Answer:
    """Return the answer of what serves. Here, and at curves, is where a package stands in place of a store."""
    if serving.package is not None:
        return ask_package(question, serving.package)
    return ask(question, serving.store, serving.generation)


def early_ends(serving: Serving, question: Question) -> dict[str, date]:
    """Return the last days of data that end before a question's period does, by municipality; of a package none are known.

    Raises QuestionError.
    """
    if serving.package is not None:
        return {}
    return ends_within(question, serving.store, serving.generation)


def lacking(
    serving: Serving, told_of: Iterable[tuple[str, str]], divided: Iterable[str], view: View, lang: Language
) -> str:
    """Say which months and fields files lack for the figures of a view; nothing where they lack none.

    told_of: metrics with their periods, of which those of one year count that hold the view's, as the year of a month's chart;
    divided: dimensions that figures are broken down by.
    """
    asked, (first, last) = tuple(told_of), _days(view.period)
    spans = {period: _days(period) for _, period in asked} | {view.period: (first, last)}
    longest = max(
        (one for one, days in spans.items() if days[0].year == first.year and days[0] <= first and last <= days[1]),
        key=lambda one: spans[one][1] - spans[one][0],
    )
    metrics, by = dict.fromkeys(metric for metric, _ in asked), dict.fromkeys(divided)
    question = replace(whole_of(view), metrics=tuple(metrics), by=tuple(by), period=longest)
    return " ".join(lacking_notes(serving, question, lang))


def lacking_for(serving: Serving, question: Question) -> Lacking | None:
    """Return which months and fields files lack for a question; None of a package that does not tell it."""
    if serving.package is not None:
        return lacking_in(question, publications.holder(serving.packages, question.period).about)
    return lacking_of(question, serving.store, serving.generation)


def lacking_for_rows(serving: Serving, answer: Answer) -> list[Lacking] | None:
    """Return the same of each row of an answer."""
    if serving.package is not None:
        about = publications.holder(serving.packages, answer.question.period).about
        return lacking_of_packed_rows(answer.rows, about)
    return lacking_of_rows(answer.rows, answer.question, serving.store, serving.generation)


def lacking_notes(serving: Serving, question: Question, lang: Language) -> list[str]:
    """Return what files lack for a question in words, as one note or none; of a package that does not tell, that it does not.

    And of which service points nobody knows whether they were closed. A package does not tell that.
    """
    found = lacking_for(serving, question)
    words = message("gaps.untold", lang) if found is None else said(found, lang)
    points = "" if serving.package is not None else quiet_points.told(question, serving.store, serving.generation, lang)
    return [one for one in (words, points) if one]


def _days(period: str) -> tuple[date, date]:
    asked = Period.parse(period)
    return asked.first_day or date.min, asked.last_day or date.max


def tables_without_data(serving: Serving, question: Question) -> tuple[str, ...]:
    """Return the tables a question needs, when no file covers what it is about; else nothing. Raises QuestionError."""
    if serving.package is not None:  # which tells it of each value
        return ()
    return without_data(question, serving.store, serving.generation)


def fields_lacked(serving: Serving, question: Question) -> dict[str, tuple[str, ...]]:
    """Return the fields that no file has, by the metric that cannot be told without them. Of a package nobody knows."""
    return {} if serving.package is not None else without_fields(question, serving.store, serving.generation)


def past_lacked(serving: Serving, question: Question) -> dict[str, date | None]:
    """Return the metrics that cannot be told because files do not reach back far enough, each with the first day of the month
    from which on they do, None where they never do. Of a package nobody knows.
    """
    return {} if serving.package is not None else without_past(question, serving.store, serving.generation)


def curve_of(serving: Serving, composed: Composed) -> tuple[CurvePoint, ...]:
    """Return the survival curves of a question, cached in the same way. Raises QuestionError."""
    question = composed.question
    points = _of_holder(
        serving,
        lambda one: _curves.recall(
            (*one.origin, definitions_mark(), question),
            lambda: _asked_curve(one, question),
            lambda points: _ANSWER_BYTES + _POINT_BYTES * len(points),
        ),
    )
    noting.asked(serving, question)
    return tuple(point for point in points if is_within(composed.within)(point))


def _asked_curve(serving: Serving, question: Question) -> tuple[CurvePoint, ...]:
    if serving.package is not None:
        return ask_package_curve(question, serving.package)
    return ask_curve(question, serving.store, serving.generation)


def published_codes(serving: Serving, dimension: str) -> tuple[str, ...]:
    """Return the codes of a dimension with a published number of clients, largest first, without the unknown code."""
    rows = answer_to(serving, Question(("clients",), by=(dimension,))).rows
    known = [row for row in rows if row.value and not is_unknown(row.metric, dimension, row.codes[dimension])]
    return tuple(row.codes[dimension] for row in sorted(known, key=lambda row: -(row.value or 0)))

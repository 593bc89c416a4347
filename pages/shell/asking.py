"""From what the reader has chosen to a question, and to its published rows, kept by generation and question."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from metrics.ask import ask, ask_curve
from metrics.grammar.answer import Answer, CurvePoint, Row
from metrics.grammar.period import Each
from metrics.grammar.question import MOST_DIMENSIONS, Question
from metrics.memory import Memory
from metrics.model.definition import definitions
from metrics.model.dimensions import is_unknown, members
from metrics.model.facts.fact import base_of
from pages.shell.serving import Serving
from pages.view.state import Choice, View

_ANSWER_BYTES, _ROW_BYTES = 1_500, 400
"""What Python takes for a question with an empty answer, and for a row; a test measures it."""
_answers: Memory[tuple[str, Question], Answer] = Memory(64_000_000)
_curves: Memory[tuple[str, Question], tuple[CurvePoint, ...]] = Memory(16_000_000)
"""By the generation's token and the question. All visitors share them: what the gate has let out is read-only."""


@dataclass(frozen=True)
class Composed:
    """A question made from a view.

    left_out: filters not in force in it, for lack of room or because the metric does not know the dimension.
    marked: a filter on the very dimension the figure is broken down by: the figure shows all and marks this one.
    within: a group filter over the breakdown (languages of a group): rows outside the group are not shown.
    """

    question: Question
    left_out: tuple[Choice, ...] = ()
    marked: Choice | None = None
    within: Choice | None = None


def compose(
    view: View, metrics: Sequence[str], by: Sequence[str] = (), *, each: Each | None = None, period: str | None = None
) -> Composed:
    """Make the question of a figure: the view's filters as far as there is room for them beside the breakdown.

    metrics: ids of one fact; by: dimensions to break down by; period: another period than the view's.
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


@dataclass(frozen=True)
class FigureRows:
    """Published rows of a figure and what is to be said beside them."""

    composed: Composed
    answer: Answer
    rows: tuple[Row, ...]
    """Rows of the answer that lie within the view's group, in the answer's order."""

    @property
    def marked_code(self) -> str | None:
        """Code of the filter that lies on the breakdown itself, None when there is none."""
        return self.composed.marked.code if self.composed.marked else None

    def of(self, metric: str, **codes: str) -> tuple[Row, ...]:
        """Rows of one metric with the given codes."""
        return tuple(r for r in self.rows if r.metric == metric and codes.items() <= dict(r.codes).items())

    def one(
        self, metric: str, *, horizon: int | None = None, quantile: float | None = None, **codes: str
    ) -> Row | None:
        """The only row of a metric with these codes (and horizon or quantile), None when there is none."""
        found = [
            r
            for r in self.of(metric, **codes)
            if (horizon is None or r.horizon == horizon) and (quantile is None or r.quantile == quantile)
        ]
        return found[0] if found else None


def published(serving: Serving, composed: Composed) -> FigureRows:
    """Ask and keep the rows within the view's group. Raises QuestionError."""
    answer = answer_to(serving, composed.question)
    return FigureRows(composed, answer, tuple(row for row in answer.rows if is_within(composed.within)(row)))


def is_within(group: Choice | None) -> Callable[[Row | CurvePoint], bool]:
    """A test whether a row belongs to a group filter; without one everything does."""
    if group is None:
        return lambda row: True
    base, codes = base_of(group.dimension), members(group.dimension, group.code)
    return lambda row: row.codes[base] in codes


def answer_to(serving: Serving, question: Question) -> Answer:
    """The answer of the serving generation, from memory when it has been asked before. Raises QuestionError."""
    store, generation = serving.store, serving.generation
    return _answers.recall(
        (generation.token, question),
        lambda: ask(question, store, generation),
        lambda answer: _ANSWER_BYTES + _ROW_BYTES * len(answer.rows),
    )


def curve_of(serving: Serving, composed: Composed) -> tuple[CurvePoint, ...]:
    """Survival curves, kept likewise. Raises QuestionError."""
    question, store, generation = composed.question, serving.store, serving.generation
    points = _curves.recall(
        (generation.token, question),
        lambda: ask_curve(question, store, generation),
        lambda points: _ANSWER_BYTES + _ROW_BYTES * len(points),
    )
    return tuple(point for point in points if is_within(composed.within)(point))


def published_codes(serving: Serving, dimension: str) -> tuple[str, ...]:
    """Codes of a dimension with a published number of clients, the unknown aside, largest first."""
    rows = answer_to(serving, Question(("clients",), by=(dimension,))).rows
    known = [row for row in rows if row.value and not is_unknown(row.metric, dimension, row.codes[dimension])]
    return tuple(row.codes[dimension] for row in sorted(known, key=lambda row: -(row.value or 0)))

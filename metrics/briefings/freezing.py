"""Answering the slides of a briefing once, from one generation: what is frozen are published, protected values and no others."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.briefings.slide import Slide
from metrics.change.decision import Ask, asked, is_own
from metrics.change.totals import total_metric
from metrics.gate import PROTECTED
from metrics.grammar.answer import Codes, CurvePoint, Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import service_points
from metrics.model.kinds import TimeToEvent

Names = Annotated[
    Mapping[str, Codes],
    AfterValidator(MappingProxyType),
    PlainSerializer(
        lambda names: {code: dict(name) for code, name in names.items()}, return_type=dict[str, dict[str, str]]
    ),
]
"""Names by code and language, read-only."""
AskCurve = Callable[[Question], tuple[CurvePoint, ...]]


class Answered(BaseModel):
    """A slide with its published values.

    rows: what is drawn; whole, before: one row for each group over the whole period, and over the same a year before (empty
    when that cannot be compared); curves: steps of people followed; total: how many clients or events the slide stands on;
    totals: events and clients behind each row of `whole` and `before` that does not say them itself: what decides whether a
    change is clear (`metrics.change.decision`).
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slide: Slide
    rows: tuple[Row, ...]
    whole: tuple[Row, ...]
    before: tuple[Row, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    total: Row | None = None
    totals: tuple[Row, ...] = ()
    version: int = 1

    @model_validator(mode="before")
    @classmethod
    def _without_one_spread_for_all(cls, raw: object) -> object:
        """Briefings saved before each row had its total kept one `spread` for all of them, by another reckoning."""
        return {name: value for name, value in raw.items() if name != "spread"} if isinstance(raw, dict) else raw


class Frozen(BaseModel):
    """Every slide's values and what they come from: generation, last day of the data, last closed day, names of the places."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: int
    token: str = ""
    """The generation's token: its number comes again when the store is restored. Empty in briefings of earlier versions."""
    data_until: date | None
    closed_until: date
    slides: tuple[Answered, ...]
    places: Names = Field(default_factory=lambda: MappingProxyType({}))

    def is_of(self, generation: Generation) -> bool:
        """Whether the values are this generation's; by number where an earlier version has noted no more."""
        return self.token == generation.token if self.token else self.generation == generation.number


def freeze(
    slides: Sequence[Slide], store: Store, places: Mapping[str, str] | None = None,
    tell: Callable[[int, int], None] | None = None, generation: Generation | None = None,
) -> Frozen:  # fmt: skip
    """Answer slides from a generation (default: the serving one), their periods counted from its last closed day.

    places: what stands for `{municipality}`; tell: told how many are done. Raises QuestionError, StoreError.
    """
    generation = generation or store.serving()
    closed = generation.closed_until
    asking = partial(ask, store=store, generation=generation)
    asking_curve = partial(ask_curve, store=store, generation=generation)
    done = []
    for slide in slides:
        done.append(answered(slide.at(closed, places), closed, asking, asking_curve))
        if tell:
            tell(len(done), len(slides))
    about_points = any("service_point" in (*slide.by, *dict(slide.where)) for slide in slides)
    return Frozen(
        generation=generation.number, token=generation.token, data_until=generation.last_day, closed_until=closed,
        slides=tuple(done),
        places=service_points(store, generation) if about_points else {},
    )  # fmt: skip


def answered(slide: Slide, closed_until: date, asking: Ask, asking_curve: AskCurve) -> Answered:
    """Answer one slide with a registered period. Raises QuestionError."""
    definition = definitions()[slide.metric]
    whole = asking(slide.whole)
    rows = _ended(asking(slide.drawn).rows, closed_until) if slide.each else whole.rows
    is_followed = isinstance(definition.measure, TimeToEvent)
    before = _before(slide, closed_until, asking)
    return Answered(
        slide=slide,
        rows=rows,
        whole=whole.rows,
        before=before,
        curves=asking_curve(slide.whole) if is_followed and slide.kind == "curve" else (),
        total=_total(slide, asking),
        totals=_totals((*whole.rows, *before), asking),
        version=definition.version,
    )


def _before(slide: Slide, closed_until: date, asking: Ask) -> tuple[Row, ...]:
    """The same a year before; nothing for all time, and for a period that has not ended: the year before would be longer."""
    period = Period.parse(slide.period)
    if period.level == "all" or not period.has_ended(closed_until):
        return ()
    question = slide.whole
    return asking(Question(question.metrics, question.by, question.where, str(period.year_before()))).rows


def _ended(rows: Sequence[Row], closed_until: date) -> tuple[Row, ...]:
    """Rows of periods that have ended; a quarter half gone would look like a fall."""
    return tuple(row for row in rows if Period.parse(row.period).has_ended(closed_until))


def _total(slide: Slide, asking: Ask) -> Row | None:
    metric = total_metric(slide.metric)
    if metric is None:
        return None
    try:
        found = asking(Question((metric,), (), slide.whole.where, slide.period)).rows
    except QuestionError:  # a filter that the total does not know
        return None
    return found[0] if found else None


def _totals(rows: Sequence[Row], asking: Ask) -> tuple[Row, ...]:
    """The total of every shown row's cell, where its metric does not count."""
    cells = {(row.period, *sorted(row.codes.items())): row for row in rows if row.value is not None}
    shown = [row for row in cells.values() if not is_own(row.metric)]
    total = asked(asking, PROTECTED)
    found = (total(metric, row) for row in shown if (metric := total_metric(row.metric)) is not None)
    return tuple(row for row in found if row is not None)

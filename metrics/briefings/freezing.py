"""Answering the slides of a briefing from one generation; only published, protected values are frozen."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from functools import partial
from types import MappingProxyType
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, PlainSerializer, model_validator

from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask, ask_curve, lacking, without_data
from metrics.audience import PROTECTED
from metrics.briefings.areas import AreasBesideEachOther, AreaValue
from metrics.briefings.slide import ENDS, MAPPED, Slide
from metrics.change.decision import Ask, has_own_total, queried_totals
from metrics.change.earlier import earlier, on_known_ground
from metrics.change.totals import stands_on_all, total_metric
from metrics.grammar.answer import Codes, CurvePoint, Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.measures.gaps import Lacking
from metrics.measures.quiet_points import QuietPoint, quiet_points
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

    rows: values drawn; whole, before: one row for each group over the whole period, and over the year or month before
    (empty when not comparable, and where the store had no data); curves: cumulative incidence; total: number of clients
    or events of the slide; undivided: of a figure by groups that stands on other than all of these (a share of those whose answer
    is known) its row without groups; totals: events and clients behind each row of `whole` and `before` that does not have them
    itself, needed to decide whether a change is clear (`metrics.change.decision`); lacks: the tables of which nothing was
    imported, where there are no rows; lacking: months and fields that its period lacks; quiet: service points with hardly any
    visits for months of it; sizes: of a map the number of clients of each municipality, of a flow diagram the referrals that each
    service sent and received; beside: the further figures of the slide.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    slide: Slide
    rows: tuple[Row, ...]
    whole: tuple[Row, ...]
    before: tuple[Row, ...] = ()
    curves: tuple[CurvePoint, ...] = ()
    total: Row | None = None
    undivided: Row | None = None
    totals: tuple[Row, ...] = ()
    lacks: tuple[str, ...] = ()
    lacking: Lacking = Lacking()
    quiet: tuple[QuietPoint, ...] = ()
    version: int = 1
    sizes: tuple[Row, ...] = ()
    areas: tuple[AreaValue, ...] = ()
    """Of several publishers, of a figure that has nothing else."""
    beside: tuple["Answered", ...] = ()

    @property
    def figures(self) -> tuple["Answered", ...]:
        """The figures of the slide, itself the first, each alone."""
        return (self.model_copy(update={"slide": self.slide.figures[0], "beside": ()}), *self.beside)

    def of(self, figures: Sequence["Answered"]) -> "Answered":
        """Return a slide of answered figures, with the notes of this one. Raises ValueError when it has no room for them."""
        slide = self.slide.of([one.slide for one in figures])
        return figures[0].model_copy(update={"slide": slide, "beside": tuple(figures[1:])})

    @model_validator(mode="before")
    @classmethod
    def _without_one_spread_for_all(cls, raw: object) -> object:
        """Drop the field `spread` of briefings saved by earlier versions, which had one for all rows."""
        return {name: value for name, value in raw.items() if name != "spread"} if isinstance(raw, dict) else raw


class Frozen(BaseModel):
    """The values of all slides and their data: generation, last day of the data, last closed day, names of service points."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    generation: int
    token: str = ""
    """Token of the generation; numbers are reused when a store is restored. Empty in briefings of earlier versions."""
    data_until: date | None
    closed_until: date
    slides: tuple[Answered, ...]
    places: Names = Field(default_factory=lambda: MappingProxyType({}))

    @property
    def figures(self) -> tuple[Answered, ...]:
        """The figures of all slides."""
        return tuple(figure for slide in self.slides for figure in slide.figures)

    def is_of(self, generation: Generation) -> bool:
        """Return whether the values are this generation's, by its token.

        Briefings of earlier versions have no token and are compared by number.
        """
        return self.token == generation.token if self.token else self.generation == generation.number


def freeze(
    slides: Sequence[Slide], store: Store, places: Mapping[str, str] | None = None,
    progress: Callable[[int, int], None] | None = None, generation: Generation | None = None,
) -> Frozen:  # fmt: skip
    """Return the slides answered from a generation (default: the current one), in periods counted from its last closed day.

    places: codes for the placeholder `{municipality}`; progress: called with the number of slides done and of all
    slides. Raises QuestionError, StoreError.
    """
    generation = generation or store.released()
    closed = generation.closed_until
    asking = partial(ask, store=store, generation=generation)
    asking_curve = partial(ask_curve, store=store, generation=generation)
    done = []
    for slide in slides:
        done.append(answered(slide.at(closed, places), asking, asking_curve, store, generation))
        if progress:
            progress(len(done), len(slides))
    about_points = any("service_point" in (*one.by, *dict(one.where)) for slide in slides for one in slide.figures)
    about_points |= any(figure.quiet for slide in done for figure in slide.figures)
    return Frozen(
        generation=generation.number, token=generation.token, data_until=generation.last_day, closed_until=closed,
        slides=tuple(done),
        places=service_points(store, generation, PROTECTED) if about_points else {},
    )  # fmt: skip


def answered(slide: Slide, asking: Ask, asking_curve: AskCurve, store: Store, generation: Generation) -> Answered:
    """Return one slide with its published values; its periods must be registered ones. Raises QuestionError, StoreError.

    asking, asking_curve: answer a question from the generation.
    """
    first, *others = (_figure(one, asking, asking_curve, store, generation) for one in slide.figures)
    return first.model_copy(update={"slide": slide, "beside": tuple(others)})


def _figure(slide: Slide, asking: Ask, asking_curve: AskCurve, store: Store, generation: Generation) -> Answered:
    definition = definitions()[slide.metric]
    if slide.areas:
        values = AreasBesideEachOther(asking, store).values(slide)
        return Answered(slide=slide, rows=(), whole=(), areas=values, version=definition.version)
    whole = asking(slide.whole)
    rows = _ended(asking(slide.drawn).rows, generation.closed_until) if slide.each else whole.rows
    is_followed = isinstance(definition.measure, TimeToEvent)
    before = _before(slide, asking, store, generation)
    return Answered(
        slide=slide,
        rows=rows,
        whole=whole.rows,
        before=before,
        curves=asking_curve(slide.whole) if is_followed and slide.kind == "curve" else (),
        total=_total(slide, asking),
        undivided=_undivided(slide, asking),
        totals=_totals((*whole.rows, *before), asking),
        lacks=() if whole.rows else without_data(slide.whole, store, generation),
        lacking=lacking(slide.whole, store, generation),
        quiet=quiet_points(slide.whole, store, generation),
        version=definition.version,
        sizes=_sizes(slide, asking),
    )


def _before(slide: Slide, asking: Ask, store: Store, generation: Generation) -> tuple[Row, ...]:
    """Return the rows it is compared with; empty for all time and for an open period, which is shorter than the one before."""
    try:
        side = earlier(slide.against, slide.period, PROTECTED, store, generation)
    except QuestionError:
        return ()
    if not side.is_called:
        return ()
    question = slide.whole
    rows = asking(Question(question.metrics, question.by, question.where, side.period)).rows
    return on_known_ground(rows, side)


def _ended(rows: Sequence[Row], closed_until: date) -> tuple[Row, ...]:
    """Return the rows of periods that have ended, since a part of a quarter would look like a fall."""
    return tuple(row for row in rows if Period.parse(row.period).has_ended(closed_until))


def _sizes(slide: Slide, asking: Ask) -> tuple[Row, ...]:
    """Return what a map and a flow diagram show beside their values: clients of each place, referrals of each service."""
    if slide.kind not in ("map", "flow"):
        return ()
    metric, sides = ("clients", MAPPED) if slide.kind == "map" else ("referrals", ENDS)
    try:
        return tuple(
            row for side in sides for row in asking(Question((metric,), (side,), slide.whole.where, slide.period)).rows
        )
    except QuestionError:  # a filter that their fact does not have
        return ()


def _total(slide: Slide, asking: Ask) -> Row | None:
    metric = total_metric(slide.metric)
    if metric is None:
        return None
    try:
        found = asking(Question((metric,), (), slide.whole.where, slide.period)).rows
    except QuestionError:  # a filter that the total's fact does not have
        return None
    return found[0] if found else None


def _undivided(slide: Slide, asking: Ask) -> Row | None:
    if not slide.by or stands_on_all(slide.metric):
        return None
    try:
        found = asking(
            Question((slide.metric,), definitions()[slide.metric].requires, slide.whole.where, slide.period)
        ).rows
    except QuestionError:
        return None
    return next((row for row in found if row.n is not None), None)


def _totals(rows: Sequence[Row], asking: Ask) -> tuple[Row, ...]:
    """Return the total of each published row's cell, for metrics whose rows do not contain it."""
    cells = {(row.period, *sorted(row.codes.items())): row for row in rows if row.value is not None}
    shown = [row for row in cells.values() if not has_own_total(row.metric)]
    total = queried_totals(asking, PROTECTED)
    found = (total(metric, row) for row in shown if (metric := total_metric(row.metric)) is not None)
    return tuple(row for row in found if row is not None)

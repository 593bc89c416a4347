"""Cells made before anybody asks for them: of what every page opens with, of every filter of the bar, and of every metric."""

import time
from collections.abc import Callable, Collection, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from math import inf

from data.store.generation import Generation
from data.store.lock import locked
from data.store.store import Store
from metrics.ask import make_cells
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.period import default_period
from metrics.grammar.question import MOST_DIMENSIONS, Question
from metrics.model.definition import definitions
from metrics.model.facts.fact import base_of
from metrics.model.serving import generation_for

Asked = tuple[tuple[str, ...], tuple[str, ...]]
"""Metrics, and dimensions to break them down by."""
COMMON = ((), ("language",), ("municipality",), ("topic",), ("language_group",))
"""Dimensions of most views; each metric is computed by those that it allows."""
FILTERS = (
    *("municipality", "language", "topic", "service_point", "region", "employment_area", "language_group"),
    *("age_group", "sex", "age_band"),
)
"""Dimensions that the filters of the bar fix, those that are chosen most first."""
_WITH_TREND = ("referral_started_share", "solved_share", "understood_language_share", "in_person_share")
FIRST_SCREENS: tuple[Asked, ...] = (
    *((("encounters",), (dimension,)) for dimension in FILTERS),
    (("clients",), ("language",)),
    (("clients", "reach_per_1000", "outside_home_share", "remote_share", "outreach_share"), ("municipality",)),
    (("referrals", *_WITH_TREND), ("municipality",)),
    *((("clients", "encounters"), (dimension,)) for dimension in ("channel", "region", "employment_area")),
    *((("encounters",), by) for by in (("channel", "topic"), ("language", "language_support"))),
    (("clients",), ("age_band", "sex")),
    (("reach_per_1000", "reach_gap"), ("language",)),
    (("reach_per_1000",), ("language", "municipality")),
    (("solved_share", "clients"), ("service",)),
    *(
        (("referrals", "referral_started_share"), (dimension,))
        for dimension in ("from_service", "to_service", "manner")
    ),
    (("referral_lost_share", "referral_days"), ("to_service",)),
    (("referral_lost_share", "return_share"), ("topic",)),
    *((("referral_started_share",), (dimension,)) for dimension in ("sex", "age_group")),
    (("referral_started_share", "referral_days"), ("from_service", "to_service")),
    (("guidance_minutes_per_client",), ("centre",)),
    (("training_completed_share",), ("kind",)),
)
"""What pages ask when they are opened without filters, besides every metric by what it requires alone."""
_AT_ONCE = 12
"""Metrics of one scan: each takes room in memory for every person of every cell."""


@dataclass(frozen=True)
class Ahead:
    """A question whose cells are made ahead, and the generation that they are of."""

    question: Question
    generation: Generation

    def make(self, store: Store) -> None:
        """Make them, unless they are there. Raises StoreError, KeyFileError."""
        make_cells(self.question, store, self.generation)

    def is_made(self, store: Store) -> bool:
        """Return whether they are there. Raises as `make`."""
        from metrics.together import are_counted  # the server alone asks it, and commands load this too

        return are_counted(self.question, store, self.generation)


Progress = Callable[[int, int], None]
"""Called with the number of steps done and of all steps."""


def opened(store: Store, audiences: Collection[Audience] = AUDIENCES) -> Iterator[Ahead]:
    """Yield what pages ask when they are opened without filters.

    Periods: the default one; the same span of the year before lies in one file with it, and months, quarters and years in one
    with all time. Raises StoreError.
    """
    return _ahead(store, audiences, (_together(_first()),))


def filtered(store: Store, audiences: Collection[Audience] = AUDIENCES) -> Iterator[Ahead]:
    """Yield what pages ask with a filter of each kind, one at a time. Raises StoreError."""
    return _ahead(store, audiences, (_together(_filtered(dimension)) for dimension in FILTERS))


def common(store: Store, audiences: Collection[Audience] = AUDIENCES) -> Iterator[Ahead]:
    """Yield every metric by the common dimensions. Raises StoreError."""
    return _ahead(store, audiences, (_together(_common(dimensions)) for dimensions in COMMON))


@contextmanager
def alone(store: Store) -> Iterator[None]:
    """Nobody else makes cells ahead meanwhile, in any process. Raises StoreError: `busy`, `unwritable`."""
    with locked(store.path / "cube", 0, again=False):
        yield


def make(store: Store, wanted: Iterable[Ahead], progress: Progress | None = None, *, seconds: float = inf) -> None:
    """Make the cells of questions, until they have taken so many seconds. Raises as `alone`, and StoreError, KeyFileError."""
    steps, began = tuple(wanted), time.monotonic()
    with alone(store):
        for number, step in enumerate(steps, 1):
            if time.monotonic() - began > seconds:
                return
            step.make(store)
            if progress:
                progress(number, len(steps))


def _ahead(store: Store, audiences: Collection[Audience], stages: Iterable[Iterable[Asked]]) -> Iterator[Ahead]:
    """Yield the questions of each stage, of all audiences before those of the next."""
    serving = [(audience, generation_for(store, audience)) for audience in audiences]
    for stage in stages:
        asked = tuple(stage)
        for audience, generation in serving:
            periods = [str(default_period(generation.closed_until))] if generation.last_day else []
            for period in (*periods, "all"):
                for metrics, by in asked:
                    yield Ahead(Question(metrics, by=by, period=period, audience=audience), generation)


def _first() -> Iterator[Asked]:
    """Yield what pages ask when they are opened: each metric stands on one, and some are broken down."""
    yield from _common(())
    yield from FIRST_SCREENS


def _filtered(dimension: str) -> Iterator[Asked]:
    """Yield what pages ask while a filter fixes a dimension: all that has room for it."""
    for metrics, by in _first():
        if len(by) < MOST_DIMENSIONS and base_of(dimension) not in map(base_of, by):
            yield tuple(one for one in metrics if dimension in definitions()[one].allowed), (*by, dimension)


def _common(dimensions: tuple[str, ...]) -> Iterator[Asked]:
    """Yield every metric with those of the dimensions that it allows."""
    for definition in definitions().values():
        yield (definition.id,), tuple(name for name in dimensions if name in definition.allowed)


def _together(asked: Iterable[Asked]) -> tuple[Asked, ...]:
    """Return the same with all metrics of a fact and dimensions in one question, up to `_AT_ONCE` of them.

    Those with few dimensions come first, because a breakdown looks up which codes it lists in the figures of each code.
    """
    found: dict[tuple[str, tuple[str, ...]], dict[str, None]] = {}
    for metrics, by in asked:
        for metric in metrics:
            definition = definitions()[metric]
            dimensions = tuple(sorted({*by, *definition.requires}))
            if len({base_of(name) for name in dimensions}) == len(dimensions) <= MOST_DIMENSIONS:
                found.setdefault((definition.fact, dimensions), {})[metric] = None
    ordered = sorted(found.items(), key=lambda one: len(one[0][1]))
    return tuple(chain.from_iterable(_pieces(tuple(metrics), by) for (_, by), metrics in ordered))


def _pieces(metrics: tuple[str, ...], by: tuple[str, ...]) -> Iterator[Asked]:
    for start in range(0, len(metrics), _AT_ONCE):
        yield metrics[start : start + _AT_ONCE], by

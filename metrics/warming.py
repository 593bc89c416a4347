"""Precomputation of the cells that first views need, after an import or when the app starts."""

from collections.abc import Callable

from data.store.store import Store
from metrics.ask import make_cells
from metrics.audience import AUDIENCES
from metrics.grammar.period import default_period
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.serving import generation_for

COMMON = ((), ("language",), ("municipality",), ("topic",), ("language_group",))
"""Dimensions of most first views; each metric is computed by those that it allows."""
FIRST_SCREENS: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...] = (
    *((("clients", "encounters"), (dimension,)) for dimension in ("channel", "region", "employment_area")),
    *((("encounters",), (name,)) for name in ("service_point", "language_support", "sex", "age_band", "age_group")),
    *((("encounters",), by) for by in (("channel", "topic"), ("language", "language_support"))),
    *(
        (("referrals", "referral_started_share"), (dimension,))
        for dimension in ("from_service", "to_service", "manner")
    ),
    (("referral_lost_share", "referral_days"), ("to_service",)),
    *((("referral_started_share",), (dimension,)) for dimension in ("sex", "age_group")),
    (("clients",), ("age_band", "sex")),
    (("clients",), ("service",)),
    (("guidance_minutes_per_client",), ("centre",)),
    (("training_completed_share",), ("kind",)),
    (("referral_started_share", "referral_days"), ("from_service", "to_service")),
)
"""Further questions of pages opened without filters: metrics, and dimensions to break them down by."""


def build_common(store: Store, progress: Callable[[int, int], None] | None = None) -> None:
    """Compute the cells of every metric by the common dimensions, and those of the first screen of each page.

    Periods: the default one; the same span of the year before lies in one file with it, and months, quarters and years in one
    with all time.
    progress: called with the number of steps done and of all steps. Raises StoreError, KeyFileError.
    """
    steps = []
    for audience in AUDIENCES:
        generation = generation_for(store, audience)
        periods = ["all"]
        if generation.last_day:
            periods.append(str(default_period(generation.closed_until)))
        steps += [
            (generation, audience, period, questions)
            for period in periods
            for questions in (*map(_common, COMMON), FIRST_SCREENS)
        ]
    for number, (generation, audience, period, questions) in enumerate(steps, 1):
        for metrics, by in questions:
            make_cells(Question(metrics, by=by, period=period, audience=audience), store, generation)
        if progress:
            progress(number, len(steps))


def _common(dimensions: tuple[str, ...]) -> tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]:
    """Return every metric with those of the dimensions that it allows, grouped by fact."""
    together: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for definition in definitions().values():
        by = tuple(dict.fromkeys((*definition.requires, *(d for d in dimensions if d in definition.allowed))))
        if len(by) <= 3:
            together.setdefault((definition.fact, by), []).append(definition.id)
    return tuple((tuple(metrics), by) for (_, by), metrics in together.items())

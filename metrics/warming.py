"""Cells of the first views, made ahead: after an import, or when the app starts."""

from collections.abc import Callable

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.period import default_period
from metrics.grammar.question import Question
from metrics.model.definition import definitions

COMMON = ((), ("language",), ("municipality",), ("topic",), ("language_group",))
"""Dimensions most views start from; each metric is warmed by those it allows."""


def build_common(store: Store, progress: Callable[[int, int], None] | None = None) -> None:
    """Make the cells of every metric by the common dimensions: of the period pages open with against the year before, and of
    the months, quarters and years, which lie in one file with all time."""
    generation = store.serving()
    periods = ["all"]
    if generation.last_day:
        first = default_period(generation.closed_until)
        periods += [str(first), str(first.year_before())]
    steps = [(period, dimensions) for period in periods for dimensions in COMMON]
    for number, (period, dimensions) in enumerate(steps, 1):
        by_fact: dict[tuple[str, tuple[str, ...]], list[str]] = {}
        for definition in definitions().values():
            by = tuple(dict.fromkeys((*definition.requires, *(d for d in dimensions if d in definition.allowed))))
            if len(by) <= 3:
                by_fact.setdefault((definition.fact, by), []).append(definition.id)
        for (_, by), metrics in by_fact.items():
            ask(Question(tuple(metrics), by=by, period=period), store)
        if progress:
            progress(number, len(steps))

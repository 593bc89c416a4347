"""Cells of the first views, made ahead: after an import, or when the app starts."""

from collections.abc import Callable
from datetime import date

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.model.definition import definitions

COMMON = ((), ("language",), ("municipality",), ("topic",), ("language_group",))
"""Dimensions most views start from; each metric is warmed by those it allows."""


def build_common(store: Store, progress: Callable[[int, int], None] | None = None) -> None:
    """Make the cells of every metric by the common dimensions, and of the latest year to date against the year before."""
    generation = store.serving()
    periods = ["all"]
    if generation.last_day:
        periods += [str(period) for period in latest_to_date(generation.last_day)]
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


def latest_to_date(last_day: date) -> tuple[Period, Period]:
    """The year to date up to the data's last month, and the same a year before."""
    period = Period(last_day.year, last_day.month, "ytd")
    return period, period.year_before()

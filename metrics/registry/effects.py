"""What other definitions do to the numbers: figures of everybody before and after, as visitors would see them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import duckdb

from data.store.generation import Generation
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import PROTECTED
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period, default_period, period_at
from metrics.grammar.question import Question
from metrics.model.definition import Definition
from metrics.registry.differing import MetricChange
from metrics.registry.errors import RegistryError
from metrics.registry.trial import trying


@dataclass(frozen=True)
class FigureEffect:
    """The published value of a metric before and after; None where it had or has none.

    needs: dimensions without which it cannot be asked, so that there is no figure of everybody.
    """

    metric: str
    period: str
    before: Row | None = None
    after: Row | None = None
    needs: tuple[str, ...] = ()


def periods_of(generation: Generation) -> tuple[Period, ...]:
    """Return the last closed year, if the data reach over one, else the year so far; and the last closed month."""
    closed, first = generation.closed_until, generation.first_day
    if first is None or first > closed:
        return ()
    year = Period.parse(period_at("year", closed))
    is_whole = year.first_day is not None and first <= year.first_day
    return (year if is_whole else default_period(closed), Period.parse(period_at("month", closed)))


def effects(
    changes: Sequence[MetricChange], before: Mapping[str, Definition], after: Mapping[str, Definition], store: Store,
    generation: Generation,
) -> tuple[FigureEffect, ...]:  # fmt: skip
    """Return the figures that change, of every metric whose values may be other ones. Raises RegistryError: `not_computed`."""
    found = []
    for change in changes:
        if not change.counts:
            continue
        needs = change.after.requires if change.after else ()
        for period in periods_of(generation):
            if needs:
                found.append(FigureEffect(change.metric, str(period), needs=needs))
                continue
            old, new = (
                _value(change.metric, str(period), known, store, generation) if side else None
                for side, known in ((change.before, before), (change.after, after))
            )
            found.append(FigureEffect(change.metric, str(period), old, new))
    return tuple(found)


def _value(
    metric: str, period: str, known: Mapping[str, Definition], store: Store, generation: Generation
) -> Row | None:
    with trying(known):
        try:
            rows = ask(Question((metric,), period=period, audience=PROTECTED), store, generation).rows
        except duckdb.Error:
            raise RegistryError("not_computed", metric=metric) from None
    return next(filter(is_main, rows), None)

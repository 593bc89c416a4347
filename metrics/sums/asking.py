"""What may be asked of a sum, and in words what may not: the grammar's refusals, before anybody is asked to take part."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Final

from metrics.grammar.question import QuestionError, nearest
from metrics.model.definition import definitions
from metrics.model.facts.fact import REGISTER, base_of
from metrics.model.kinds import Count
from metrics.packages.manifest import MOST_PERIODS, check_closed
from metrics.packages.scope import PLACE
from metrics.sums.errors import SumError

MOST_BY: Final = 2
"""Dimensions of a breakdown: the third that a question may have is for a publisher's area."""
MOST_NAMED: Final = 100
"""Metrics of a plan, and breakdowns."""


def check_metrics(metrics: tuple[str, ...]) -> None:
    """Raises QuestionError: `unknown_metric`; SumError: `not_a_count`, `too_much`."""
    known = definitions()
    for metric in metrics:
        if metric not in known:
            raise QuestionError("unknown_metric", nearest(metric, known), metric=metric)
        if not isinstance(known[metric].measure, Count):
            raise SumError("not_a_count", metric=metric)
    _check_number(metrics, MOST_NAMED)


def check_breakdowns(every: tuple[tuple[str, ...], ...], metrics: Iterable[str]) -> None:
    """Raises QuestionError: `dimension_twice`, `place_twice`, `too_many_dimensions`; SumError: `dimension`, `too_much`."""
    allowed = [definitions()[metric].allowed for metric in metrics]
    possible = [name for name in dict.fromkeys(name for some in allowed for name in some) if _is_free(name)]
    for by in every:
        bases = [base_of(name) for name in by]
        for name, base in zip(by, bases, strict=True):
            if name not in possible:
                raise SumError("dimension", nearest(name, possible) or tuple(possible), dimension=name)
            if by.count(name) > 1:
                raise QuestionError("dimension_twice", dimension=name)
            if bases.count(base) > 1:
                raise QuestionError("place_twice", (base,), dimension=name)
        if len(by) > MOST_BY:
            raise QuestionError("too_many_dimensions", by[:MOST_BY], most=str(MOST_BY))
        if not any(set(by) <= set(some) for some in allowed):
            raise SumError("dimension", dimension=", ".join(by))
    _check_number(every, MOST_NAMED)


def check_periods(periods: tuple[str, ...], today: date) -> None:
    """Raises QuestionError: `unknown_period`, `period_open` where no publisher can have closed it yet; SumError: `too_much`."""
    for text in periods:
        check_closed(text, today.replace(day=1) - timedelta(days=1))
    _check_number(periods, MOST_PERIODS)


def _is_free(name: str) -> bool:
    return base_of(name) not in (PLACE, REGISTER)


def _check_number(named: tuple[object, ...], most: int) -> None:
    if len(named) > most:
        raise SumError("too_much", most=most)

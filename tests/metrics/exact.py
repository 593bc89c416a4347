"""Asking in tests: the exact numbers of the internal audience, by codes."""

from typing import Any

from data.store.store import Store
from metrics.ask import ask
from metrics.audience import Audience
from metrics.grammar.period import Each
from metrics.grammar.question import Question


def numbers(
    store: Store,
    metric: str,
    *,
    by: tuple[str, ...] = (),
    period: str = "all",
    each: Each | None = None,
    at: float | None = None,
    audience: Audience = "internal",
    **where: str,
) -> dict[Any, float | None]:
    """Values of a metric by code, by codes when several, or by period with `each`; `at` picks a horizon or a quantile."""
    fixed = tuple((name, (code,)) for name, code in where.items())
    found: dict[Any, float | None] = {}
    for row in ask(Question((metric,), by, fixed, period, each, audience), store).rows:
        if at in (None, row.horizon, row.quantile):
            key = (*((row.period,) if each else ()), *(row.codes[name] for name in by))
            found[key[0] if len(key) == 1 else key] = row.value
    return found


def number(store: Store, metric: str, **asked: Any) -> float | None:
    """The value of a metric where the question has one row."""
    (value,) = numbers(store, metric, **asked).values()
    return value

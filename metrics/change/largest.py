"""Which groups of a count are the largest, as far as rounding lets it be told."""

from __future__ import annotations

from collections.abc import Iterable

from metrics.change.noise import base_of_rounding
from metrics.change.trend import Interval
from metrics.grammar.answer import Row
from metrics.model.dimensions import has_unknown

FEW = 3
"""Most groups that are named as the largest: of more nothing is told by it."""


def known(rows: Iterable[Row]) -> list[Row]:
    """Return the rows with a published value, largest first, without unknown codes."""
    shown = [row for row in rows if row.value is not None and not has_unknown(row.metric, row.codes)]
    return sorted(shown, key=lambda row: -(row.value or 0))


def leaders(rows: Iterable[Row], *, exact: bool = False) -> list[Row]:
    """Return the groups that may be the largest, given that rounding may have changed their order; none where all are 0.

    exact: values without rounding (internal audience).
    """
    shown = [row for row in known(rows) if row.value]
    least = _range(shown[0], exact).lower if shown else 0
    return [row for row in shown if _range(row, exact).upper >= least]


def _range(row: Row, exact: bool) -> Interval:
    off = 0 if exact else base_of_rounding(row.value or 0, row.unit) - 1
    return Interval((row.value or 0) - off, (row.value or 0) + off)

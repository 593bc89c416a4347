"""Quantiles: exact from all values for the internal audience, from published counts on a grid for others."""

from collections.abc import Sequence
from itertools import pairwise
from math import ceil

from metrics.cube.lookup import cell_at
from metrics.gate import QUANTILE_FROM, SMALL, Bound, Cell, Gate, PublishedValue


def quantile(gate: Gate, steps: Sequence[tuple[int, Cell]], share: float, grid: Sequence[int]) -> PublishedValue:
    """Return the published value below which a `share` (0–1) of the events lie.

    steps: cumulative cells by value; grid: values at which published counts are taken.
    """
    if not steps:
        return gate.nothing
    if not gate.exact:
        total = gate.events(steps[-1][1])
        if total.value is None or total.value < QUANTILE_FROM:
            return SMALL
    return at_share(gate, steps, share, grid)


def at_share(gate: Gate, steps: Sequence[tuple[int, Cell]], share: float, grid: Sequence[int]) -> PublishedValue:
    """Return the value below which a `share` (0–1) lies, as `quantile` does, however few the events are."""
    if gate.exact:
        return PublishedValue(_exact([(at, cell.e) for at, cell in steps], share))
    total = gate.events(steps[-1][1])
    if total.value is None:
        return SMALL
    points = published_steps(gate, steps, grid)
    if points is None:
        return SMALL
    return _on_grid(points, share * total.value)


def published_steps(gate: Gate, steps: Sequence[tuple[int, Cell]], grid: Sequence[int]) -> list[tuple[int, int]] | None:
    """Return the published cumulative counts at the grid's points, made monotone; None when one cannot be published.

    A count too small to be published is taken as zero, so that only published numbers are used.
    """
    points: list[tuple[int, int]] = []
    reached = 0
    for at in grid:
        count = gate.events(cell_at(steps, at))
        if count.value is None and count.bound is None:
            return None
        reached = max(reached, int(count.value or 0))
        points.append((at, reached))
    return points


def whole_between(left: int, right: int, part: float) -> int:
    """Return the first whole number by which `part` (0–1) of the values between two points is reached.

    Values are whole numbers above `left`, assumed evenly distributed.
    """
    return left + ceil((right - left) * part - 1e-9)


def _exact(cumulative: list[tuple[int, int]], share: float) -> float:
    """Return the quantile as the averaged inverse of the distribution function (Hyndman & Fan 1996, definition 2)."""
    target = share * cumulative[-1][1]
    whole = round(target)
    if abs(target - whole) < 1e-9:
        lower = next(at for at, upto in cumulative if upto >= whole)
        upper = next((at for at, upto in cumulative if upto > whole), lower)
        return (lower + upper) / 2
    return next(at for at, upto in cumulative if upto >= target)


def _on_grid(points: list[tuple[int, int]], target: float) -> PublishedValue:
    first_at, first_count = points[0]
    if first_count >= target:
        return PublishedValue(first_at)
    for (left, below), (right, upto) in pairwise(points):
        if upto >= target:
            return PublishedValue(whole_between(left, right, (target - below) / (upto - below)))
    return PublishedValue(None, "high", Bound("over", points[-1][0]))

"""95 % intervals: of quantiles and means from the published distribution behind them, and of shares of people.

Events are clustered by client: the effective number of events is `spread` times smaller, with the overdispersion of the
same published numbers of events and clients (`metrics.change.noise`). Protected intervals allow for rounding too.
"""

from collections.abc import Sequence
from itertools import pairwise
from math import sqrt
from statistics import NormalDist

from metrics.change.noise import base_of_rounding, most_off, rounding_variance, spread_of
from metrics.change.trend import Z, share_interval
from metrics.cube.lookup import cell_at
from metrics.gate import QUANTILE_FROM, Cell, Gate
from metrics.measures.quantiles import at_share, published_steps

_Z = NormalDist().inv_cdf(0.975)

Ends = tuple[float | None, float | None]
NO_ENDS: Ends = (None, None)


def quantile_interval(gate: Gate, steps: Sequence[tuple[int, Cell]], share: float, grid: Sequence[int]) -> Ends:
    """Return Woodruff's interval (1952): the quantiles at both ends of the interval of the share that lies below.

    Arguments: as in `metrics.measures.quantiles.quantile`. Without ends where they lie beyond what is published.
    """
    total, spread = _behind(gate, steps)
    if total is None or spread is None:
        return NO_ENDS
    off = 0 if gate.exact else most_off(base_of_rounding(total, "events"))
    around = share_interval(share * total, total, off=off, spread=spread)
    low, high = (
        at_share(gate, steps, min(max(end / 100, 0.0), 1.0), grid).value for end in (around.lower, around.upper)
    )
    return NO_ENDS if low is None or high is None else (low, high)


def mean_interval(gate: Gate, steps: Sequence[tuple[int, Cell]], grid: Sequence[int]) -> Ends:
    """Return the interval of a mean of few classes by the normal approximation; rounding adds its variance."""
    total, spread = _behind(gate, steps)
    points = published_steps(gate, steps, grid)
    if total is None or spread is None or not points or not points[-1][1]:
        return NO_ENDS
    size = points[-1][1]
    classes = [points[0], *((at, after - before) for (_, before), (at, after) in pairwise(points))]
    mean = sum(at * count for at, count in classes) / size
    variance = spread * sum(count * (at - mean) ** 2 for at, count in classes) / size**2
    if not gate.exact:
        base = base_of_rounding(total, "events")
        variance += (
            sum((right - left) ** 2 for (left, _), (right, _) in pairwise(points)) * rounding_variance(base) / size**2
        )
    return mean - Z * sqrt(variance), mean + Z * sqrt(variance)


def wilson(numerator: float, denominator: float, noise: float = 0.0) -> tuple[float, float]:
    """Return Wilson's score interval (1927), 0–1; of none and of all it is not the point itself.

    noise: standard deviation of the error of both numbers, where they are published roundings. Raises ZeroDivisionError.

    >>> [round(bound, 3) for bound in wilson(50, 100)], [round(bound, 3) for bound in wilson(0, 100)]
    ([0.404, 0.596], [0.0, 0.037])
    """
    share, squared = min(numerator / denominator, 1.0), _Z**2 / denominator
    error = share * (1 - share) / denominator + noise**2 * (1 + share**2) / denominator**2
    half = _Z * sqrt(error + squared / (4 * denominator))
    middle, width = share + squared / 2, 1 + squared
    return max(0.0, (middle - half) / width), min(1.0, (middle + half) / width)


def _behind(gate: Gate, steps: Sequence[tuple[int, Cell]]) -> tuple[float | None, float | None]:
    """Return the published number of events and their overdispersion; None where not published, or too few."""
    everything = cell_at(steps, steps[-1][0]) if steps else Cell()
    total, clients = gate.events(everything).value, gate.clients(everything).value
    if not total or not clients or (not gate.exact and total < QUANTILE_FROM):
        return None, None
    return total, spread_of(total / clients)

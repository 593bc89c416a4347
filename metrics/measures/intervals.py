"""The 95 % interval of a share of people, each of whom counts once."""

from math import sqrt
from statistics import NormalDist

_Z = NormalDist().inv_cdf(0.975)


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

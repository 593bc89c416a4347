"""Power: what can be detected with the clients there are, said before looking. All tests are two-sided at 5 %.

The `detectable_…` functions give the smallest difference seen with 80 % power, the `power_of_…` ones the power for a
stated difference, such as the smallest one worth having. A `design_effect` above 1 says how many rows of the same
clients are worth one row of a client of its own.
"""

import math
from collections.abc import Callable

from scipy import optimize, stats
from statsmodels.stats.proportion import power_proportions_2indep
from statsmodels.stats.rates import power_poisson_ratio_2indep

ALPHA, POWER = 0.05, 0.8
_LARGEST_RATIO = 100.0


def power_of_share_difference(difference: float, n: int, n0: int, baseline: float, design_effect: float = 1.0) -> float:
    """Power to see a difference (percentage points) from the reference group's share (percent)."""
    if not difference:
        return ALPHA
    share, rows, ratio = baseline / 100, n / design_effect, n0 / n
    return float(power_proportions_2indep(difference / 100, share, rows, ratio, ALPHA, return_results=False))


def detectable_share_difference(
    n: int, n0: int, baseline: float, design_effect: float = 1.0, *, falling: bool = False
) -> float | None:
    """Smallest rise (`falling`: fall, a negative number) in percentage points; None when no possible one would be seen."""
    sign, most = (-1, baseline) if falling else (1, 100 - baseline)
    found = _smallest(
        lambda size: power_of_share_difference(sign * size, n, n0, baseline, design_effect), 0.0, 0.9999 * most
    )
    return None if found is None else sign * found


def power_of_rate_ratio(
    ratio: float, exposure: float, exposure0: float, rate: float, design_effect: float = 1.0
) -> float:
    """Power to see a ratio to the reference group's rate, with the total exposures of both groups (Zhu 2017)."""
    power = power_poisson_ratio_2indep(
        rate * ratio,
        rate,
        exposure,
        nobs_ratio=exposure0 / exposure,
        value=1,
        alpha=ALPHA,
        dispersion=design_effect,
        alternative="two-sided",
        return_results=False,
    )
    return float(power)


def detectable_rate_ratio(exposure: float, exposure0: float, rate: float, design_effect: float = 1.0) -> float | None:
    """Smallest rate ratio above 1; None when not even a hundredfold one would be seen."""
    return _smallest(
        lambda ratio: power_of_rate_ratio(ratio, exposure, exposure0, rate, design_effect), 1.0, _LARGEST_RATIO
    )


def power_of_hazard_ratio(ratio: float, events: float, share: float = 0.5) -> float:
    """Power to see a hazard ratio with so many events expected in both groups (Schoenfeld 1983).

    `share` is the compared group's share of the people, 0-1.
    """
    shift = abs(math.log(ratio)) * math.sqrt(events * share * (1 - share))
    limit = stats.norm.ppf(1 - ALPHA / 2)
    return float(stats.norm.cdf(shift - limit) + stats.norm.cdf(-shift - limit))


def detectable_hazard_ratio(events: float, share: float = 0.5) -> float | None:
    """Smallest hazard ratio above 1; None when not even a hundredfold one would be seen."""
    return _smallest(lambda ratio: power_of_hazard_ratio(ratio, events, share), 1.0, _LARGEST_RATIO)


def _smallest(power: Callable[[float], float], none: float, most: float) -> float | None:
    """Where power passes 80 % on the way from no difference to the largest one looked at."""
    if most <= none or not power(most) >= POWER:
        return None
    return float(optimize.brentq(lambda size: power(size) - POWER, none, most))

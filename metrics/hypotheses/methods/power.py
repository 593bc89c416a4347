"""Power calculations for the planned comparisons. All tests are two-sided at 5 %.

The `detectable_…` functions give the smallest difference detected with 80 % power, the `power_of_…` ones the power
(0–1) for a given difference. `n` and `n0` are rows of the compared and the reference group; `design_effect` (1 or more)
is the factor by which clustering of rows by client inflates the variance.
"""

import math
from collections.abc import Callable

from scipy import optimize, stats
from statsmodels.stats.proportion import power_proportions_2indep
from statsmodels.stats.rates import power_poisson_ratio_2indep

ALPHA, POWER = 0.05, 0.8
_LARGEST_RATIO = 100.0


def power_of_share_difference(difference: float, n: int, n0: int, baseline: float, design_effect: float = 1.0) -> float:
    """Return the power to detect a difference (percentage points) from the reference group's share (percent)."""
    if not difference:
        return ALPHA
    share, rows, ratio = baseline / 100, n / design_effect, n0 / n
    return float(power_proportions_2indep(difference / 100, share, rows, ratio, ALPHA, return_results=False))


def detectable_share_difference(
    n: int, n0: int, baseline: float, design_effect: float = 1.0, *, falling: bool = False
) -> float | None:
    """Return the smallest detectable rise in percentage points; None when no possible rise is detectable.

    falling: the smallest detectable fall instead, as a negative number.
    """
    sign, most = (-1, baseline) if falling else (1, 100 - baseline)
    found = _smallest(
        lambda size: power_of_share_difference(sign * size, n, n0, baseline, design_effect), 0.0, 0.9999 * most
    )
    return None if found is None else sign * found


def power_of_rate_ratio(
    ratio: float, exposure: float, exposure0: float, rate: float, design_effect: float = 1.0
) -> float:
    """Return the power to detect a ratio to the reference group's rate, with the total exposure of each group (Zhu 2017)."""
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
    """Return the smallest detectable rate ratio above 1; None when not even 100 is."""
    return _smallest(
        lambda ratio: power_of_rate_ratio(ratio, exposure, exposure0, rate, design_effect), 1.0, _LARGEST_RATIO
    )


def power_of_hazard_ratio(ratio: float, events: float, share: float = 0.5) -> float:
    """Return the power to detect a hazard ratio with a number of events expected in both groups together (Schoenfeld 1983).

    `share` is the compared group's share of the people, 0–1.
    """
    shift = abs(math.log(ratio)) * math.sqrt(events * share * (1 - share))
    limit = stats.norm.ppf(1 - ALPHA / 2)
    return float(stats.norm.cdf(shift - limit) + stats.norm.cdf(-shift - limit))


def detectable_hazard_ratio(events: float, share: float = 0.5) -> float | None:
    """Return the smallest detectable hazard ratio above 1; None when not even 100 is."""
    return _smallest(lambda ratio: power_of_hazard_ratio(ratio, events, share), 1.0, _LARGEST_RATIO)


def _smallest(power: Callable[[float], float], none: float, most: float) -> float | None:
    """Return where power reaches 80 % between no difference (`none`) and the largest one considered (`most`), by root finding."""
    if most <= none or not power(most) >= POWER:
        return None
    return float(optimize.brentq(lambda size: power(size) - POWER, none, most))

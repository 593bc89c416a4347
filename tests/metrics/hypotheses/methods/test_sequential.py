"""Repeated tests: published boundaries, and the 5 % kept however many looks are planned."""

import numpy as np
import pytest
from scipy import stats

from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.sequential import at_level, limit


def test_one_planned_test_is_the_usual_one() -> None:
    assert limit([1000], 1) == pytest.approx(1.95996, abs=1e-4)
    one = Estimate("crude", "share_difference", 5, 1, 9, 0.014)
    assert at_level(one, limit([1000], 1)) == one
    assert at_level(one, 0.0) == one


def test_the_boundaries_of_a_linear_spending_function() -> None:
    """Two equal looks at 2.5 % each: 2.241 first; then 2.125 (the linear function of gsDesign and of ldbounds)."""
    assert limit([500], 2) == pytest.approx(stats.norm.isf(0.0125), abs=1e-4)
    assert limit([500, 1000], 2) == pytest.approx(2.125, abs=0.005)


@pytest.mark.parametrize("sizes", [[1, 2, 3, 4, 5], [1, 1.1, 4], [3, 3, 3]])
def test_all_looks_together_find_five_percent(sizes: list[float]) -> None:
    draw = np.random.default_rng(1)
    bounds = [limit(sizes[:place], len(sizes)) for place in range(1, len(sizes) + 1)]
    steps = draw.normal(size=(200_000, len(sizes))) * np.sqrt(np.maximum(np.diff([0, *sizes]), 0))
    z = np.cumsum(steps, axis=1) / np.sqrt(sizes)
    found = (np.abs(z) > bounds).any(axis=1).mean()
    assert found <= 0.0515
    if len(set(sizes)) == len(sizes):
        assert found == pytest.approx(0.05, abs=0.0015)
    naive = (np.abs(z) > 1.96).any(axis=1).mean()
    assert len(set(sizes)) < len(sizes) or naive > 0.07, "and without it there would be more"


def test_p_and_interval_say_the_same() -> None:
    error, critical = 2.0, limit([500, 1000], 2)
    for value, told in ((critical * error - 0.01, False), (critical * error + 0.01, True)):
        raw = Estimate(
            "crude",
            "share_difference",
            value,
            value - 1.96 * error,
            value + 1.96 * error,
            2 * stats.norm.sf(value / error),
        )
        one = at_level(raw, critical)
        assert (one.p < 0.05) == told
        assert (one.lower > 0) == told
    ratio = at_level(Estimate("crude", "rate_ratio", 2.0, 1.0, 4.0, 0.05), critical)
    assert ratio.lower * ratio.upper == pytest.approx(4.0), "on the logarithmic scale"

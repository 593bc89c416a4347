"""Intervals where nothing or everything has happened, and life tables of counts that are not exact."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from scipy import stats

from metrics.measures.survival import (
    LifeTable,
    SurvivalStep,
    aalen_johansen,
    at,
    cumulative_incidence_km,
    cut,
    kaplan_meier,
)
from tests.metrics.measures.life_tables import life_table


def test_nobody_entered() -> None:
    table = life_table([], [])
    assert aalen_johansen(table, "work") == (SurvivalStep(0, 0.0, 0.0, 1.0, 0),)
    assert kaplan_meier(table, ["work"]) == (SurvivalStep(0, 1.0, 0.0, 1.0, 0),)
    assert cut(aalen_johansen(table, "work"), 20) == ()


def exactly_none_of(cases: int) -> float:
    """The upper bound of Clopper and Pearson (1934), by the beta distribution."""
    return float(stats.beta.ppf(0.975, 1, cases))


def test_everybody_censored_or_cause_unheard_of() -> None:
    """No event is not "surely none": of three followed, the share may still be 71 %."""
    table = life_table([5, 5, 9], ["", "", ""])
    steps = [(0, 3), (5, 3), (9, 1)]
    for points, estimate in ((aalen_johansen(table, "work"), 0.0), (kaplan_meier(table, ["work"]), 1.0)):
        assert [(point.time, point.estimate, point.at_risk) for point in points] == [
            (day, estimate, at_risk) for day, at_risk in steps
        ]
        found = [max(abs(estimate - point.lower), abs(estimate - point.upper)) for point in points]
        assert found == pytest.approx([exactly_none_of(at_risk) for _, at_risk in steps])


def test_whoever_had_another_event_is_known_not_to_have_had_this_one() -> None:
    """Of ten, six leave on day 5 and one is censored on day 7: on day 9 nine are known not to have found work."""
    table = life_table([*[5] * 6, 7, *[9] * 3], [*["exit"] * 6, "", *["exit"] * 3])
    assert at(aalen_johansen(table, "work"), 9).upper == pytest.approx(exactly_none_of(9))


# The shares of 11 cases add up to a little less than 1 in floating point, where the interval would open to 0-1.
@pytest.mark.parametrize("size", [1, 3, 11])
def test_everybody_has_the_event(size: int) -> None:
    """Where none was censored the interval is that of so many of so many."""
    table = life_table([*range(4, 3 + size), 50], ["work"] * size)
    last = [points[-1] for points in (aalen_johansen(table, "work"), cumulative_incidence_km(table, ["work"]))]
    for point in last:
        assert (point.time, point.estimate, point.upper, point.at_risk) == (50, 1.0, 1.0, 1)
        assert point.lower == pytest.approx(1 - exactly_none_of(size))
    left = kaplan_meier(table, ["work"])[-1]
    assert (left.estimate, left.lower, left.upper) == pytest.approx((0.0, 0.0, exactly_none_of(size)))


def test_the_last_ones_stand_for_those_censored_before() -> None:
    """Three of six censored before the last one has the event: the bound of one of one, times that of the step before."""
    table = life_table([1, 2, 3, 3, 3, 9], ["work", "work", "", "", "", "work"])
    before, last = kaplan_meier(table, ["work"])[-2:]
    assert (last.estimate, last.lower) == (0.0, 0.0)
    assert last.upper == pytest.approx(before.upper * exactly_none_of(1))


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.002, 0.01, 0.03, 0.97, 0.99, 0.998])
def test_rare_and_almost_sure_events_are_covered(share: float) -> None:
    """95 % intervals hold the true share in at least 93 % of 2 000 samples of 100, with one in five lost."""
    draw = np.random.default_rng(11)
    held = 0
    for _ in range(2000):
        has, lost = draw.random(100) < share, draw.random(100) < 0.2
        days = np.where(has, draw.integers(1, 101, 100), 101)
        ends = np.where(lost, draw.integers(1, 101, 100), 101)
        causes = np.where(has & (days <= ends), "work", "")
        point = at(aalen_johansen(life_table(np.minimum(days, ends), causes), "work"), 100)
        held += point.lower <= share <= point.upper
    assert held / 2000 >= 0.93


def test_cases_that_left_a_step_before_its_events_are_no_longer_exposed() -> None:
    """Actuarial: ten, four censored in the step and two of them before its event: 1 of 8."""
    table = LifeTable((30,), {"work": (1,)}, (4,), 10, unexposed=(2,))
    assert aalen_johansen(table, "work")[-1].estimate == pytest.approx(1 / 8)
    assert kaplan_meier(table, ["work"])[-1].estimate == pytest.approx(7 / 8)
    assert aalen_johansen(table, "work")[-1].at_risk == 10
    with pytest.raises(ValueError, match="unexposed"):
        LifeTable((30,), {"work": (1,)}, (4,), 10, unexposed=(5,))


def test_the_error_of_rounded_counts_widens_the_interval() -> None:
    """By the variance of a count on all that it stands for: (2 / 100)² beside 0.2 · 0.8 / 100."""
    plain, rounded = (LifeTable((30,), {"work": (20,)}, (0,), 100, noise=noise) for noise in (0.0, 2.0))

    def variance(table: LifeTable) -> float:
        point = aalen_johansen(table, "work")[-1]
        spread = math.log(math.log(point.lower) / math.log(point.upper)) / (2 * NormalDist().inv_cdf(0.975))
        return (spread * point.estimate * -math.log(point.estimate)) ** 2

    assert variance(plain) == pytest.approx(0.0016)
    assert variance(rounded) == pytest.approx(0.0016 + (2 / 100) ** 2)

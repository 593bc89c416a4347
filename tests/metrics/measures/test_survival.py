"""Survival curves against lifelines, against exact fractions by another method, and their invariants."""

from __future__ import annotations

import doctest
import math
import random
import warnings
from collections.abc import Iterable
from dataclasses import astuple, replace
from fractions import Fraction
from statistics import NormalDist
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter, KaplanMeierFitter, datasets

from metrics.measures import survival
from metrics.measures.survival import (
    LifeTable,
    SurvivalStep,
    aalen_johansen,
    at,
    confirmed,
    cumulative_incidence_km,
    cut,
    kaplan_meier,
    life_table_from_frame,
)
from tests.metrics.measures.life_tables import life_table

TOLERANCE = 1e-9
CAUSES = ["", "exit", "study", "work"]
Cases = tuple[list[int], list[str]]


class UnjitteredAalenJohansen(AalenJohansenFitter):  # type: ignore[misc]
    """Lifelines on the times as they are; its formulas hold for ties, only its own check makes it jitter."""

    @staticmethod
    def _check_for_duplicates(durations: Any, events: Any) -> bool:
        return False


def waltons() -> Cases:
    frame = datasets.load_waltons()
    return _cases(frame["T"], np.where(frame["E"] == 0, "", np.where(frame["group"] == "control", "work", "exit")))


def rossi() -> Cases:
    frame = datasets.load_rossi()
    return _cases(frame["week"], np.where(frame["arrest"] == 0, "", np.where(frame["fin"] == 1, "work", "study")))


def aids_cohort() -> Cases:
    frame = datasets.load_multicenter_aids_cohort_study()
    # The times are years with fractions; thousandths keep them distinct.
    return _cases((frame["T"] * 1000).round(), np.where(frame["D"] == 0, "", np.where(frame["W"] > 2, "work", "exit")))


def leukemia() -> Cases:
    frame = datasets.load_leukemia()
    return _cases(frame["t"], np.where(frame["status"] == 0, "", np.where(frame["Rx"] == 1, "work", "exit")))


def simulated() -> Cases:
    """Competing risks on 700 days with many ties, and nobody left at risk at the end."""
    draw = np.random.default_rng(20260301)
    size = 3000
    days = {cause: draw.exponential(mean, size) for cause, mean in {"work": 500, "study": 700, "exit": 1500}.items()}
    days[""] = draw.uniform(30, 700, size)
    causes = np.array(list(days))[np.argmin(list(days.values()), axis=0)]
    return _cases(np.ceil(np.min(list(days.values()), axis=0)), causes)


def simulated_without_ties() -> Cases:
    draw = np.random.default_rng(7)
    return _cases(draw.permutation(np.arange(1, 401)), draw.choice(CAUSES, 400))


def _cases(durations: Iterable[float], causes: Iterable[str]) -> Cases:
    return [int(duration) for duration in durations], [str(cause) for cause in causes]


DATA_SETS = [waltons, rossi, aids_cohort, leukemia, simulated, simulated_without_ties]
data_sets = pytest.mark.parametrize("cases", [pytest.param(load(), id=load.__name__) for load in DATA_SETS])
each_cause = pytest.mark.parametrize(
    ("cases", "cause"),
    [
        pytest.param(cases, cause, id=f"{load.__name__}-{cause}")
        for load in DATA_SETS
        for cases in [load()]
        for cause in sorted(set(cases[1]) - {""})
    ],
)


def assert_same(points: tuple[SurvivalStep, ...], estimate: pd.DataFrame, interval: pd.DataFrame) -> None:
    """Compare every step; where lifelines has none (NaN, or the point itself at 0 and 1) we must have an interval."""
    assert [point.time for point in points] == list(estimate.index)
    ours = np.array([(point.estimate, point.lower, point.upper) for point in points])
    assert np.isfinite(ours).all()
    np.testing.assert_allclose(ours[:, 0], estimate.to_numpy()[:, 0], rtol=0, atol=TOLERANCE)
    # Lifelines 0.30 names the two bounds of Aalen-Johansen the wrong way round, so they are put in order here.
    theirs = np.sort(interval.to_numpy(), axis=1)
    defined = ~np.isnan(theirs).any(axis=1) & (ours[:, 0] > 0) & (ours[:, 0] < 1)
    undefined = [point for point, known in zip(points, defined, strict=True) if not known]
    assert all(point.estimate in {0.0, 1.0} or point is points[-1] for point in undefined)
    assert all(0 < point.upper - point.lower < 1 for point in undefined)
    np.testing.assert_allclose(ours[defined][:, 1:], theirs[defined], rtol=0, atol=TOLERANCE)
    assert defined.sum() > len(points) / 4


@data_sets
@pytest.mark.parametrize("causes", [["work"], ["work", "study"], ["work", "study", "exit"]])
def test_kaplan_meier_equals_lifelines(cases: Cases, causes: list[str]) -> None:
    durations, reasons = cases
    fitter = KaplanMeierFitter().fit(durations, event_observed=[reason in causes for reason in reasons])
    points = kaplan_meier(life_table(durations, reasons), causes)
    assert_same(points, fitter.survival_function_, fitter.confidence_interval_survival_function_)
    assert [point.at_risk for point in points] == list(fitter.event_table["at_risk"])
    rising = cumulative_incidence_km(life_table(durations, reasons), causes)
    assert_same(rising, fitter.cumulative_density_, fitter.confidence_interval_cumulative_density_)


@each_cause
def test_aalen_johansen_equals_lifelines(cases: Cases, cause: str) -> None:
    durations, reasons = cases
    fitter = UnjitteredAalenJohansen(calculate_variance=True)
    with np.errstate(all="ignore"):
        fitter.fit(durations, [CAUSES.index(reason) for reason in reasons], event_of_interest=CAUSES.index(cause))
    points = aalen_johansen(life_table(durations, reasons), cause)
    assert_same(points, fitter.cumulative_density_, fitter.confidence_interval_)
    assert [point.at_risk for point in points] == list(fitter.event_table["at_risk"])


def test_aalen_johansen_equals_lifelines_as_shipped_when_nothing_is_tied() -> None:
    durations, reasons = simulated_without_ties()
    fitter = AalenJohansenFitter(calculate_variance=True)
    with warnings.catch_warnings(), np.errstate(all="ignore"):
        warnings.simplefilter("error")
        fitter.fit(durations, [CAUSES.index(reason) for reason in reasons], event_of_interest=CAUSES.index("work"))
    points = aalen_johansen(life_table(durations, reasons), "work")
    assert_same(points, fitter.cumulative_density_, fitter.confidence_interval_)


def incidence_by_weighting(durations: list[int], reasons: list[str], cause: str, day: int) -> Fraction:
    """Weigh each event by the inverse probability of not being censored before it: another road to the same number."""
    total = Fraction(0)
    for duration, reason in zip(durations, reasons, strict=True):
        if reason != cause or duration > day:
            continue
        uncensored = Fraction(1)
        for earlier in {when for when in durations if when < duration}:
            leaving = [why for when, why in zip(durations, reasons, strict=True) if when == earlier]
            # Events come before censorings on one day, so only the others could have been censored.
            exposed = sum(when > earlier for when in durations) + leaving.count("")
            uncensored *= 1 - Fraction(leaving.count(""), exposed)
        total += 1 / uncensored
    return total / len(durations)


def variance_by_pairs(durations: list[int], reasons: list[str], cause: str, day: int) -> Fraction:
    """Sum Collett's three terms as they are printed, in exact fractions."""
    alive, reached, steps = Fraction(1), Fraction(0), []
    for moment in sorted({when for when in durations if when <= day}):
        n = sum(when >= moment for when in durations)
        now = [why for when, why in zip(durations, reasons, strict=True) if when == moment and why]
        d, own = len(now), now.count(cause)
        reached += alive * Fraction(own, n)
        steps.append((n, d, own, alive, reached))
        alive *= 1 - Fraction(d, n)
    return sum(
        (
            ((reached - f) ** 2 * Fraction(d, n * (n - d)) if d < n else Fraction(0))
            + s**2 * Fraction(own * (n - own), n**3)
            - 2 * (reached - f) * s * Fraction(own, n**2)
            for n, d, own, s, f in steps
        ),
        Fraction(0),
    )


few_cases = st.lists(st.tuples(st.integers(0, 6), st.sampled_from(CAUSES)), min_size=1, max_size=25).map(
    lambda rows: ([day for day, _ in rows], [cause for _, cause in rows])
)
many_cases = st.lists(st.tuples(st.integers(0, 400), st.sampled_from(CAUSES)), max_size=200).map(
    lambda rows: ([day for day, _ in rows], [cause for _, cause in rows])
)


@settings(max_examples=150, deadline=None)
@given(few_cases)
def test_ties_equal_exact_fractions(cases: Cases) -> None:
    durations, reasons = cases
    width = 2 * NormalDist().inv_cdf(0.975)
    for point in aalen_johansen(life_table(durations, reasons), "work"):
        exact = incidence_by_weighting(durations, reasons, "work", point.time)
        assert point.estimate == pytest.approx(float(exact), abs=1e-12)
        if 0 < exact < 1:
            spread = math.log(-math.log(point.lower)) - math.log(-math.log(point.upper))
            error = spread / width * point.estimate * -math.log(point.estimate)
            exact_variance = float(variance_by_pairs(durations, reasons, "work", point.time))
            assert error**2 == pytest.approx(exact_variance, rel=1e-8, abs=1e-14)
        else:
            assert point.estimate == exact
            assert point.lower <= exact <= point.upper
            assert 0 < point.upper - point.lower < 1


@settings(max_examples=100, deadline=None)
@given(many_cases)
def test_curves_hold_their_invariants(cases: Cases) -> None:
    table = life_table(*cases)
    curves = [aalen_johansen(table, cause) for cause in CAUSES[1:]]
    alive = kaplan_meier(table, CAUSES[1:])
    for step in zip(alive, *curves, strict=True):
        assert len({(point.time, point.at_risk) for point in step}) == 1
        assert sum(point.estimate for point in step) == pytest.approx(1, abs=1e-12)
        assert all(math.isfinite(value) for point in step for value in astuple(point))
        assert all(0 <= point.lower <= point.estimate + 1e-12 for point in step)
        assert all(point.estimate - 1e-12 <= point.upper <= 1 for point in step)
    for curve in curves:
        estimates = [point.estimate for point in curve]
        assert estimates == sorted(estimates)
        assert [point.time for point in curve] == sorted({0, *cases[0]})
    assert [point.estimate for point in alive] == sorted((point.estimate for point in alive), reverse=True)


@settings(max_examples=60, deadline=None)
@given(many_cases, st.randoms(use_true_random=False))
def test_two_identical_groups_together_keep_the_estimate_and_narrow_the_interval(
    cases: Cases, shuffle: random.Random
) -> None:
    durations, reasons = cases
    rows = list(zip(durations, reasons, strict=True)) * 2
    shuffle.shuffle(rows)
    doubled = life_table([day for day, _ in rows], [cause for _, cause in rows])
    for once, twice in zip(
        aalen_johansen(life_table(durations, reasons), "work"), aalen_johansen(doubled, "work"), strict=True
    ):
        assert twice.estimate == pytest.approx(once.estimate, abs=1e-12)
        assert twice.at_risk == 2 * once.at_risk
        assert twice.upper - twice.lower <= once.upper - once.lower + 1e-12


@settings(max_examples=60, deadline=None)
@given(many_cases)
def test_without_censoring_the_curve_is_the_plain_share_with_its_binomial_variance(cases: Cases) -> None:
    durations, reasons = cases[0], [cause or "exit" for cause in cases[1]]
    for point in aalen_johansen(life_table(durations, reasons), "work"):
        had = sum(day <= point.time and cause == "work" for day, cause in zip(durations, reasons, strict=True))
        share = had / max(1, len(durations))
        assert point.estimate == pytest.approx(share, abs=1e-12)
        if 0 < had < len(durations):
            error = math.sqrt(share * (1 - share) / len(durations))
            factor = math.exp(NormalDist().inv_cdf(0.975) * error / (share * -math.log(share)))
            assert point.lower == pytest.approx(share**factor, abs=1e-9)
            assert point.upper == pytest.approx(share ** (1 / factor), abs=1e-9)


def test_competing_causes_as_censoring_would_overstate() -> None:
    table = life_table(*simulated())
    assert at(cumulative_incidence_km(table, ["work"]), 365).estimate > at(aalen_johansen(table, "work"), 365).upper


def test_frame_with_counts_equals_the_rows() -> None:
    durations, reasons = simulated()
    rows = pl.DataFrame({"time": durations, "cause": reasons}).with_columns(
        cause=pl.when(pl.col("cause") != "").then(pl.col("cause")).cast(pl.Enum(CAUSES[1:]))
    )
    counts = rows.group_by("time", "cause").len("count")
    assert life_table_from_frame(counts) == life_table(durations, reasons)
    assert life_table_from_frame(pl.concat([counts, counts])) == life_table(durations * 2, reasons * 2)
    assert life_table_from_frame(counts.clear()) == life_table([], [])


def test_grid_points_without_anything_stay_on_the_curve() -> None:
    grid = pl.DataFrame({"time": [30, 60, 90, 90], "cause": ["work", None, "work", ""], "count": [20, 0, 15, 65]})
    curve = aalen_johansen(life_table_from_frame(grid), "work")
    assert [(point.time, point.at_risk) for point in curve] == [(0, 100), (30, 100), (60, 80), (90, 80)]
    assert curve[-1].estimate == pytest.approx(0.35)


@pytest.mark.parametrize("column", ["time", "count"])
def test_frame_with_a_hidden_count_is_refused(column: str) -> None:
    frame = pl.DataFrame({"time": [30, 60], "cause": ["work", ""], "count": [20, 10]})
    hidden = frame.with_columns(pl.when(pl.col("cause") != "").then(pl.col(column)).alias(column))
    with pytest.raises(ValueError, match="on every row"):
        life_table_from_frame(hidden)


@pytest.mark.parametrize(
    ("times", "events", "censored", "entered"),
    [
        ((1, 2), {"work": (1,)}, (0, 0), 5),
        ((1, 2), {"work": (1, 1)}, (0,), 5),
        ((2, 1), {"work": (1, 1)}, (0, 0), 5),
        ((1, 1), {"work": (1, 1)}, (0, 0), 5),
        ((-1, 1), {"work": (1, 1)}, (0, 0), 5),
        ((1, 2), {"work": (1, -1)}, (0, 0), 5),
        ((1, 2), {"work": (2, 2)}, (1, 1), 5),
        ((1, 2), {"": (1, 1)}, (0, 0), 5),
    ],
)
def test_counts_that_do_not_fit_are_refused(
    times: tuple[int, ...], events: dict[str, tuple[int, ...]], censored: tuple[int, ...], entered: int
) -> None:
    with pytest.raises(ValueError, match=r"life table|cause"):
        LifeTable(times, events, censored, entered)


def test_one_cause_as_plain_text_is_refused() -> None:
    with pytest.raises(TypeError, match="collection"):
        kaplan_meier(life_table([1], ["work"]), "work")


def test_event_on_the_first_day_counts() -> None:
    """Lifelines 0.30 loses the events of time 0 from the Aalen-Johansen estimate."""
    curve = aalen_johansen(life_table([0, 0, 3, 4], ["work", "exit", "work", ""]), "work")
    assert [(point.time, point.estimate, point.at_risk) for point in curve] == [(0, 0.25, 4), (3, 0.5, 2), (4, 0.5, 1)]


def test_reading_a_curve_between_and_past_its_steps() -> None:
    curve = aalen_johansen(life_table([10, 20, 20, 30], ["work", "work", "", ""]), "work")
    assert (at(curve, 0).estimate, at(curve, 0).at_risk) == (0.0, 4)
    assert (at(curve, 9).time, at(curve, 9).estimate, at(curve, 9).at_risk) == (9, 0.0, 4)
    assert at(curve, 20) == curve[2]
    assert (at(curve, 21).estimate, at(curve, 21).at_risk) == (0.5, 1)
    assert (at(curve, 365).time, at(curve, 365).estimate, at(curve, 365).at_risk) == (365, 0.5, 0)
    for points, day in ((curve, -1), ((), 10)):
        with pytest.raises(ValueError, match="does not reach"):
            at(points, day)


def test_curve_is_cut_where_few_are_at_risk() -> None:
    curve = kaplan_meier(life_table(range(1, 101), ["work", ""] * 50), ["work"])
    assert [point.at_risk for point in cut(curve, 20)] == [100, *range(100, 19, -1)]
    assert cut(curve, min_at_risk=0) == curve


def test_a_curve_ends_before_a_jump_that_nothing_confirms() -> None:
    """As seen on a page: 78 % and then 87 % of the last 25, out of the interval; and an exact curve whose last case has it."""
    flat = tuple(SurvivalStep(day, 0.776, 0.737, 0.812, at_risk) for day, at_risk in ((900, 45), (930, 35)))
    jump = SurvivalStep(960, 0.866, 0.813, 0.910, 25)
    within = replace(jump, estimate=0.81)
    assert confirmed((*flat, jump), 50) == flat
    assert confirmed((*flat, within), 50) == (*flat, within)
    assert confirmed((*flat, jump, replace(jump, time=990, at_risk=20)), 50)[-1].time == 990, "a later step confirms it"
    assert confirmed((*flat, replace(jump, at_risk=50)), 50)[-1] == replace(jump, at_risk=50), "enough are at risk"
    assert confirmed((), 50) == ()
    alone = aalen_johansen(life_table([10, 20, 30, 40], ["work", "", "work", "work"]), "work")
    assert [point.estimate for point in confirmed(alone, 50)] == [0.0, 0.25, 0.25, 0.625]


def test_docstring_examples() -> None:
    result = doctest.testmod(survival)
    assert result.failed == 0
    assert result.attempted >= 5

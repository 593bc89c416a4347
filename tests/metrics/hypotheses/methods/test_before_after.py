"""Before and after: Card and Krueger's minimum wage, California's tobacco, and series with known changes."""

from datetime import date, timedelta

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.hypotheses.methods.autoregression import AutoregressiveRegression
from metrics.hypotheses.methods.before_after import (
    difference_in_differences,
    interrupted_time_series,
    newey_west_lag,
    segments,
)
from metrics.hypotheses.methods.finding import MethodResult
from tests.metrics.hypotheses.methods.simulated import areas, months

# Card & Krueger (1994), table 3: mean full-time employees per store and its standard error, stores.
STORES = {  # (New Jersey, time): mean, error
    (True, "before"): (20.44, 0.51),
    (True, "after"): (21.03, 0.52),
    (False, "before"): (23.33, 1.35),
    (False, "after"): (21.17, 0.94),
}
SIZES = {True: 320, False: 77}
ALIKE = 0.452
"""Correlation of a store with itself: the value at which the published 1.36 follows from the four errors."""


def minimum_wage() -> pl.DataFrame:
    """Stores with exactly the published means and errors."""
    draw = np.random.default_rng(1)
    frames = []
    for area, n in SIZES.items():
        pair = draw.normal(size=(n, 2))
        pair -= pair.mean(axis=0)
        pair = pair @ np.linalg.inv(np.linalg.cholesky(np.cov(pair.T, ddof=1))).T
        pair = pair @ np.linalg.cholesky(np.array([[1, ALIKE], [ALIKE, 1]])).T
        for place, time in enumerate(("before", "after")):
            mean, error = STORES[area, time]
            outcome = mean + pair[:, place] * error * np.sqrt(n)
            columns = {"outcome": outcome, "client": np.arange(n) + 1000 * area}
            frames.append(pl.DataFrame(columns).with_columns(area=pl.lit(area), time=pl.lit(time)))
    return pl.concat(frames)


def test_the_minimum_wage() -> None:
    """Card & Krueger (1994): 2.76 more employees per store (2.75 from the rounded means), error 1.36."""
    finding = difference_in_differences(minimum_wage())
    estimate = finding.estimates[0]
    assert estimate.measure == "level_change"
    assert estimate.value == pytest.approx(2.76, abs=0.015)
    assert (estimate.upper - estimate.lower) / 2 / 1.966 == pytest.approx(1.36, abs=0.01)
    assert {group.name: round(group.value or 0, 2) for group in finding.groups} == {
        "compared_before": 20.44,
        "compared_after": 21.03,
        "reference_before": 23.33,
        "reference_after": 21.17,
    }
    blind = difference_in_differences(minimum_wage().drop("client")).estimates[0]
    assert (blind.upper - blind.lower) / 2 / 1.963 == pytest.approx(1.80, abs=0.01)


# Abadie, Diamond & Hainmueller (2010): packs of cigarettes per head in California, 1970 to 2000; Proposition 99 in 1989.
PACKS = """123.0 121.0 123.5 124.4 126.7 127.1 128.0 126.4 126.1 121.9 120.2 118.6 115.4 110.8 104.8 102.8
99.7 97.5 90.1 82.4 77.8 68.7 67.5 63.4 58.6 56.4 54.5 53.8 52.3 47.2 41.6"""


def california() -> pl.DataFrame:
    years = range(1970, 2001)
    values = [float(packs) for packs in PACKS.split()]
    return pl.DataFrame({"month": years, "value": values, "after": [year >= 1989 for year in years]})


def by_name(finding: MethodResult) -> dict[str, float]:
    return {one.name: one.value for one in finding.estimates}


def test_proposition_99() -> None:
    """Linden (2015), Conducting interrupted time-series analysis: level −20.06, slope −1.49, by Newey–West."""
    finding = interrupted_time_series(california(), season=False)
    assert by_name(finding)["level_newey_west"] == pytest.approx(-20.06, abs=0.01)
    assert by_name(finding)["slope_newey_west"] == pytest.approx(-1.49, abs=0.01)
    assert finding.assumptions[0].verdict == "contradicted", "years that remember each other"
    level = finding.estimates[0]
    usual = next(one for one in finding.estimates if one.name == "level_newey_west")
    assert usual.upper < level.upper < 0, "the errors that count this in still see the fall"


def test_a_change_of_level_and_slope_in_a_seasonal_series_is_found() -> None:
    draw = np.random.default_rng(2)
    month = np.arange(60)
    after = month >= 36
    season = 8 * np.sin(2 * np.pi * month / 12 + 1)
    value = 50 + 0.2 * month + season + 5 * after - 0.5 * after * (month - 36) + draw.normal(size=60) * 0.1
    series = pl.DataFrame({"month": month, "value": value, "after": after, "n": 40})
    finding = interrupted_time_series(series)
    for name, truth in (("level", 5), ("slope", -0.5)):
        assert by_name(finding)[name] == pytest.approx(truth, abs=0.15)
        assert by_name(finding)[f"{name}_newey_west"] == pytest.approx(truth, abs=0.15)
    assert [(group.name, group.n) for group in finding.groups] == [("before", 36 * 40), ("after", 24 * 40)]
    common = pl.Series(draw.normal(size=60) * 5)
    both = series.with_columns(pl.Series("value", value) + common, value_comparison=common)
    controlled = interrupted_time_series(both)
    assert controlled.method == "interrupted_time_series_controlled"
    assert by_name(controlled) == pytest.approx(by_name(finding), abs=1e-6)


def test_the_lag_of_newey_and_west() -> None:
    assert [newey_west_lag(length) for length in (24, 27, 48, 64, 65, 120)] == [3, 3, 3, 3, 4, 4]


def test_independent_months_leave_autocorrelation_out_and_dependent_ones_do_not() -> None:
    draw = np.random.default_rng(3)
    one, other = (interrupted_time_series(months(draw, 60, memory)).assumptions[0] for memory in (0, 0.8))
    assert (one.name, one.verdict, other.verdict) == ("autocorrelation", "holds", "contradicted")
    assert one.statistic is not None
    assert other.statistic is not None
    assert other.statistic < 1.4 < one.statistic, "Durbin and Watson's is near 2 without memory"


@pytest.mark.parametrize("memory", [-0.3, 0.0, 0.6])
def test_the_memory_of_a_long_series_is_found(memory: float) -> None:
    series = months(np.random.default_rng(7), 400, memory)
    month, after = series["month"].to_numpy().astype(float), series["after"].to_numpy().astype(float)
    found = AutoregressiveRegression(series["value"].to_numpy(), segments(month, after, season=False))
    assert found.correlation == pytest.approx(memory, abs=0.12)


def test_too_short_or_constant_series_give_no_estimate() -> None:
    draw = np.random.default_rng(4)
    assert interrupted_time_series(months(draw, 12, 0, before=7)).warnings == ("too_few_points",)
    assert interrupted_time_series(months(draw, 12, 0, before=9)).warnings == ("too_few_points",)
    assert interrupted_time_series(months(draw, 12, 0, before=8)).warnings == ()
    flat = months(draw, 24, 0).with_columns(value=pl.lit(3.0))
    assert interrupted_time_series(flat).warnings == ("constant_outcome",)


def monthly(drift: float) -> pl.DataFrame:
    """Two years of daily rows of 400 clients; `drift` is how much more per month the changed area grew before it."""
    draw = np.random.default_rng(5)
    number = np.arange(4000)
    day = draw.integers(0, 720, 4000)
    area, after = number % 2 == 0, day >= 360
    outcome = draw.normal(size=4000) + drift * area * day / 30 + 0.5 * area * after
    return pl.DataFrame(
        {
            "outcome": outcome,
            "area": area,
            "time": np.where(after, "after", "before"),
            "day": [date(2024, 1, 1) + timedelta(days=int(one)) for one in day],
            "client": number % 400,
        }
    )


def test_trends_that_were_not_parallel_before_are_told() -> None:
    parallel, apart = (difference_in_differences(monthly(drift)).assumptions[0] for drift in (0, 0.1))
    assert (parallel.name, parallel.verdict, apart.verdict) == ("parallel_trends", "holds", "contradicted")
    assert apart.statistic == pytest.approx(0.1, abs=0.03)
    late = monthly(0).filter(pl.col("day") >= date(2024, 11, 15))
    assert difference_in_differences(late).assumptions[0].verdict == "not_testable"


def test_booleans_are_percentage_points_by_cell_means() -> None:
    sample = monthly(0).with_columns(pl.col("outcome") > 0.2)
    finding = difference_in_differences(sample)
    values = {group.name: group.value or 0 for group in finding.groups}
    by_hand = (values["compared_after"] - values["compared_before"]) - (
        values["reference_after"] - values["reference_before"]
    )
    assert finding.estimates[0].measure == "share_difference"
    assert finding.estimates[0].value == pytest.approx(by_hand)
    assert 5 < finding.estimates[0].lower < by_hand


def test_areas_are_compared_whole_when_few_of_them_changed() -> None:
    draw = np.random.default_rng(6)
    few, many = areas(draw, areas=12, changed=2), areas(draw, areas=60, changed=30)
    assert difference_in_differences(few).method == "difference_in_differences_areas"
    assert difference_in_differences(many).method == "difference_in_differences"
    single = difference_in_differences(areas(draw, areas=4, changed=2))
    assert single.method == "difference_in_differences"
    changes = few.group_by("cluster", "area", "time").agg(pl.mean("outcome")).pivot("time", values="outcome")
    means = changes.group_by("area").agg((pl.col("after") - pl.col("before")).mean()).sort("area")["after"]
    assert difference_in_differences(few).estimates[0].value == pytest.approx(means[1] - means[0])


def test_an_empty_cell_gives_no_estimate() -> None:
    sample = minimum_wage().filter(pl.col("area") | (pl.col("time") == "before"))
    assert difference_in_differences(sample).warnings == ("empty_group",)
    assert difference_in_differences(sample).estimates == ()
    flat = minimum_wage().with_columns(outcome=pl.lit(1.0))
    assert difference_in_differences(flat).warnings == ("constant_outcome",)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=15, deadline=None)
def test_swapping_areas_or_turning_a_series_flips_the_sign(seed: int, whole: bool) -> None:
    draw = np.random.default_rng(seed)
    sample, series = areas(draw, 200, areas=12 if whole else 4, changed=2), months(draw, 30, 0.3)
    for one, other in (
        (difference_in_differences(sample), difference_in_differences(sample.with_columns(~pl.col("area")))),
        (interrupted_time_series(series), interrupted_time_series(series.with_columns(-pl.col("value")))),
    ):
        for first, second in zip(one.estimates, other.estimates, strict=True):
            assert (second.value, second.lower, second.upper) == pytest.approx(
                (-first.value, -first.upper, -first.lower), abs=1e-6
            )
            assert second.p == pytest.approx(first.p, abs=1e-6)

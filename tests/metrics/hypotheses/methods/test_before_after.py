"""Before and after: California's tobacco, and series with known changes."""

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.hypotheses.methods.autoregression import AutoregressiveRegression
from metrics.hypotheses.methods.before_after import (
    interrupted_time_series,
    newey_west_lag,
    segments,
)
from metrics.hypotheses.methods.finding import MethodResult
from tests.metrics.hypotheses.methods.simulated import months

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


@given(st.integers(0, 10_000))
@settings(max_examples=15, deadline=None)
def test_turning_a_series_flips_the_sign(seed: int) -> None:
    series = months(np.random.default_rng(seed), 30, 0.3)
    one, other = (interrupted_time_series(rows) for rows in (series, series.with_columns(-pl.col("value"))))
    for first, second in zip(one.estimates, other.estimates, strict=True):
        assert (second.value, second.lower, second.upper) == pytest.approx(
            (-first.value, -first.upper, -first.lower), abs=1e-6
        )
        assert second.p == pytest.approx(first.p, abs=1e-6)

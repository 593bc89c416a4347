"""Difference in differences of municipalities: by hand, against the others' own variation, and what two cannot tell."""

from datetime import date

import numpy as np
import polars as pl
import pytest
from scipy import stats

from metrics.hypotheses.methods import areas
from tests.metrics.hypotheses.methods import simulated
from tests.metrics.hypotheses.methods.simulated import given as sums_of

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
            amount = mean + pair[:, place] * error * np.sqrt(n)
            rows = pl.DataFrame({"amount": amount, "unit": np.arange(n) + 1000 * area, "n": 1})
            day, name = date(1992, 2 + 9 * place, 1), "NJ" if area else "PA"
            frames.append(rows.with_columns(area=pl.lit(area), time=pl.lit(time), day=day, place=pl.lit(name)))
    return pl.concat(frames)


def test_the_minimum_wage() -> None:
    """Card & Krueger (1994): 2.76 more employees per store (2.75 from the rounded means), error 1.36; of two states."""
    finding = areas.compare(minimum_wage(), "level_change")
    (estimate,) = finding.estimates
    assert estimate.value == pytest.approx(2.76, abs=0.015)
    assert (estimate.upper - estimate.lower) / 2 / 1.96 == pytest.approx(1.36, abs=0.01)
    assert finding.assumptions[0].verdict == "contradicted", "one state and one other"


def verdicts(rows: pl.DataFrame) -> dict[str, str]:
    return {one.name: one.verdict for one in areas.compare(sums_of(rows), "share_difference").assumptions}


def test_with_equal_variances_it_is_one_new_observation_against_the_others() -> None:
    """Donald & Lang (2007): the t test of one value against a sample, when who came hardly matters."""
    values = [9.0, 1.0, 2.5, -1.0, 0.5, 3.0, -2.0, 1.5]
    figures = pl.DataFrame({"value": values, "variance": [1e-6] * 8, "area": [True, *[False] * 7]})
    found = areas.against_others(figures)
    others = np.array(values[1:])
    error = others.std(ddof=1) * np.sqrt(1 + 1 / 7)
    assert found.value == pytest.approx(9 - others.mean(), abs=1e-3)
    assert found.error == pytest.approx(error, rel=1e-3)
    assert found.p == pytest.approx(2 * stats.t.sf(found.value / error, 6), rel=1e-2)


def test_an_effect_larger_than_their_own_variation_is_found() -> None:
    rows = simulated.areas(np.random.default_rng(1), 12, 400, effect=0.12, between=0.02)
    finding = areas.compare(sums_of(rows), "share_difference")
    (estimate,) = finding.estimates
    assert finding.method == "difference_in_differences_areas"
    assert estimate.lower > 0
    assert estimate.lower < 12 < estimate.upper


def test_two_municipalities_cannot_tell() -> None:
    finding = areas.compare(sums_of(simulated.areas(np.random.default_rng(2), 1)), "share_difference")
    assert finding.warnings == ("few_areas",)
    assert finding.assumptions[0].name == "areas_known"
    assert finding.assumptions[0].verdict == "contradicted"


def test_with_many_municipalities_each_stands_in_once() -> None:
    finding = areas.compare(sums_of(simulated.areas(np.random.default_rng(3), 45, 100)), "share_difference")
    assert finding.method == "difference_in_differences_permuted"
    assert (finding.estimates[0].p * 46) == pytest.approx(round(finding.estimates[0].p * 46))


def test_trends_that_were_not_parallel_before_are_told() -> None:
    draw = np.random.default_rng(4)
    parallel, apart = (verdicts(simulated.areas(draw, 12, 400, drift=drift)) for drift in (0, 0.03))
    assert parallel == {"areas_known": "holds", "parallel_trends": "holds", "no_other_change": "not_testable"}
    assert apart["parallel_trends"] == "contradicted"


def visits(place: str, time: str, each: list[int], month: int) -> list[dict[str, object]]:
    """Encounters of 30 clients of a municipality; client i comes each[i % len] times."""
    return [
        {
            "client": hash_of(place) + number, "place": place, "area": place == "a", "time": time, "group": time == "after",
            "day": date(2025, month, 1),
        }
        for number in range(30)
        for _ in range(each[number % len(each)])
    ]  # fmt: skip


def hash_of(place: str) -> int:
    return 100 * ord(place)


def test_numbers_change_by_a_ratio_to_the_ratio_elsewhere() -> None:
    """The same clients: twice as many encounters in one municipality, one and a half times as many in all others."""
    rows = [
        row
        for place in "abcdefgh"
        for row in (
            *visits(place, "before", [2], 1),
            *visits(place, "after", [4] if place == "a" else [3], 2),
        )
    ]
    few = [row for place in "abcdefgh" for row in visits(place, "before", [1, 0, 0] if place == "b" else [0], 1)]
    finding = areas.compare(sums_of(pl.DataFrame([*rows, *few])), "rate_ratio")
    assert finding.estimates[0].measure == "rate_ratio"
    assert finding.estimates[0].value == pytest.approx(4 / 3, rel=0.02)


def test_an_empty_cell_gives_no_estimate() -> None:
    rows = sums_of(simulated.areas(np.random.default_rng(5)))
    assert areas.compare(rows.filter(pl.col("time") == "before"), "share_difference").warnings == ("empty_group",)
    flat = rows.with_columns(met="n")
    assert areas.compare(flat, "share_difference").warnings == ("constant_outcome",)

"""Ratios of numbers with clients as clusters: by hand, against a Poisson regression, and when months vary by themselves."""

import math
from datetime import date

import numpy as np
import polars as pl
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from metrics.hypotheses.methods import rates
from tests.metrics.hypotheses.methods.simulated import counts, swapped
from tests.metrics.hypotheses.methods.simulated import given as sums_of


def by_hand(*events: tuple[int, bool, int]) -> pl.DataFrame:
    """Clients with their group and number of encounters, all of one month."""
    rows = [
        {"client": client, "group": group, "day": date(2025, 1, 1)} for client, group, n in events for _ in range(n)
    ]
    return pl.DataFrame(rows)


EFFECTIVE = (14 / 36 + 10 / 16) ** 2 / (98 / 36**2 + 82 / 16**2)
"""The number of clients, 5, as if alike: (Σ m²)² / Σ m⁴ of their parts of the group's events."""


def test_a_client_of_many_encounters_counts_with_their_square() -> None:
    """Six encounters of three clients (3, 2, 1) against four of two (3, 1): variance 14/36 + 10/16 of the logarithm."""
    rows = by_hand((1, True, 3), (2, True, 2), (3, True, 1), (4, False, 3), (5, False, 1))
    one = rates.compare_counts(sums_of(rows)).estimates[0]
    assert one.value == pytest.approx(1.5)
    assert math.log(one.upper / one.value) == pytest.approx(
        stats.t.ppf(0.975, EFFECTIVE - 1) * math.sqrt(14 / 36 + 10 / 16)
    )


def test_a_client_in_both_groups_tells_less_of_their_difference() -> None:
    rows = by_hand((1, True, 2), (1, False, 2), (2, True, 1), (3, False, 1))
    one = rates.compare_counts(sums_of(rows)).estimates[0]
    assert math.log(one.upper / one.value) == pytest.approx(12.7062 * math.sqrt(2 / 9), rel=1e-4), "two clients tell"


def test_it_is_the_clustered_poisson_regression_where_most_who_could_come_do_not() -> None:
    rows = sums_of(counts(np.random.default_rng(1), 300, ratio=1.3))
    finding = rates.compare_counts(rows)
    came = rows.group_by("unit", "group").agg(pl.sum("n"))
    came = came.select("group", pl.col("n").cast(pl.Int64))
    stayed = [side for side in (True, False) for _ in range(20_000 - came.filter(pl.col("group") == side).height)]
    everyone = pl.concat([came, pl.DataFrame({"group": stayed}).with_columns(n=pl.lit(0, pl.Int64))])
    columns = sm.add_constant(everyone["group"].cast(pl.Float64).to_numpy())
    robust = sm.Poisson(everyone["n"].to_numpy(), columns).fit(disp=False, cov_type="HC0")
    one = finding.estimates[0]
    assert math.log(one.value) == pytest.approx(robust.params[1], rel=1e-6)
    assert math.log(one.upper / one.lower) / 2 / 1.963 == pytest.approx(robust.bse[1], rel=0.03)
    assert finding.method == "poisson_clustered"


def test_months_that_vary_by_themselves_widen_the_interval() -> None:
    steady, uneven = (
        rates.compare_counts(sums_of(counts(np.random.default_rng(2), 2000, own=own))) for own in (0.0, 0.4)
    )
    assert (steady.method, uneven.method) == ("poisson_clustered", "poisson_months")
    assert [one.assumptions[1].verdict for one in (steady, uneven)] == ["holds", "contradicted"]
    widths = [math.log(one.estimates[0].upper / one.estimates[0].lower) for one in (steady, uneven)]
    assert widths[1] > 1.5 * widths[0]


def test_no_events_give_no_ratio() -> None:
    alike = by_hand((1, True, 2), (1, False, 2), (2, True, 1), (2, False, 1))
    assert rates.compare_counts(sums_of(alike)).warnings == ("constant_outcome",)
    rows = counts(np.random.default_rng(1))
    assert rates.compare_counts(sums_of(rows.filter("group"))).warnings == ("no_events",)
    assert rates.compare_counts(sums_of(rows).clear()).warnings == ("empty_group",)


@given(st.integers(0, 1000))
@settings(max_examples=15, deadline=None)
def test_swapping_the_groups_inverts_the_ratio(seed: int) -> None:
    rows = sums_of(counts(np.random.default_rng(seed), 60))
    first, second = (rates.compare_counts(one).estimates[0] for one in (rows, swapped(rows)))
    assert (second.value, second.lower, second.upper) == pytest.approx(
        (1 / first.value, 1 / first.upper, 1 / first.lower)
    )
    assert second.p == pytest.approx(first.p)

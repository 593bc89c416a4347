"""Ratios of rates against published figures."""

import math

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.hypotheses.methods import rates
from tests.metrics.hypotheses.methods.simulated import counts, swapped

# Bliss & Fisher (1953): European red mites on 150 apple leaves; the negative binomial's k is 1.0246.
MITES = {0: 70, 1: 38, 2: 17, 3: 10, 4: 9, 5: 3, 6: 2, 7: 1}


def test_breast_cancer_after_fluoroscopy() -> None:
    """Boice & Monson (1977), as in Rothman: 41 in 28 010 person-years and 15 in 19 017, ratio 1.86 (1.03 to 3.35)."""
    estimate = rates.compare(41, 28_010, 15, 19_017).estimates[0]
    assert estimate.value == pytest.approx(1.86, abs=0.005)
    assert estimate.lower == pytest.approx(1.03, abs=0.03)
    assert estimate.upper == pytest.approx(3.35, abs=0.05)


def test_mites_vary_more_than_poisson_and_get_the_published_k() -> None:
    leaves = [count for count, leaves in MITES.items() for _ in range(leaves)]
    sample = pl.DataFrame({"group": [True] * 150 + [False] * 150, "outcome": leaves * 2, "exposure": 1.0})
    finding = rates.compare_counts(sample)
    assert finding.method == "negative_binomial"
    dispersion = finding.assumptions[0]
    assert dispersion.verdict == "contradicted"
    assert dispersion.statistic == pytest.approx(2.2737 / 1.14667, rel=0.01)
    estimate = finding.estimates[0]
    assert estimate.value == pytest.approx(1)
    error = math.sqrt(2 / 150 * (1 / 1.14667 + 1 / 1.0246))
    assert math.log(estimate.upper) == pytest.approx(1.968 * error, rel=0.002)


def test_poisson_counts_stay_poisson_and_agree_with_their_totals() -> None:
    sample = counts(np.random.default_rng(1), 400)
    finding = rates.compare_counts(sample)
    assert finding.method == "poisson"
    assert finding.assumptions[0].verdict == "holds"
    sums = sample.group_by("group").agg(pl.sum("outcome", "exposure")).sort("group", descending=True)
    totals = rates.compare(*sums.row(0)[1:], *sums.row(1)[1:])
    one, other = finding.estimates[0], totals.estimates[0]
    assert (one.value, one.lower, one.upper) == pytest.approx((other.value, other.lower, other.upper), rel=0.005)


def test_clients_of_several_rows_widen_the_interval() -> None:
    sample = counts(np.random.default_rng(2), 300, spread=0.5, clients=60)
    clustered, blind = rates.compare_counts(sample), rates.compare_counts(sample.drop("client"))
    assert clustered.method == "poisson_clustered"
    assert clustered.assumptions[1].verdict == "contradicted"
    assert clustered.estimates[0].value == pytest.approx(blind.estimates[0].value, rel=0.1)


def test_no_events_give_no_ratio() -> None:
    assert rates.compare(0, 10, 5, 10).warnings == ("no_events",)
    assert rates.compare(5, 0, 5, 10).warnings == ("empty_group",)
    sample = counts(np.random.default_rng(1)).with_columns(outcome=pl.when("group").then(0).otherwise("outcome"))
    assert rates.compare_counts(sample).warnings == ("no_events",)
    assert rates.compare_counts(sample).estimates == ()


@given(st.integers(1, 200), st.integers(1, 200), st.floats(0.5, 5), st.integers(0, 1000))
@settings(max_examples=25, deadline=None)
def test_swapping_the_groups_inverts_the_ratio(events: int, events0: int, exposure: float, seed: int) -> None:
    sample = counts(np.random.default_rng(seed), 60, spread=seed % 3 / 2)
    for one, other in (
        (rates.compare(events, exposure, events0, 1), rates.compare(events0, 1, events, exposure)),
        (rates.compare_counts(sample), rates.compare_counts(swapped(sample))),
    ):
        first, second = one.estimates[0], other.estimates[0]
        assert (second.value, second.lower, second.upper) == pytest.approx(
            (1 / first.value, 1 / first.upper, 1 / first.lower), rel=1e-2
        )
        assert second.p == pytest.approx(first.p, abs=1e-3)

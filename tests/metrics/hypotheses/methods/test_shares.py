"""Difference of shares against published tables, and what adjustment and weighting must do."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.hypotheses.methods import shares
from metrics.hypotheses.methods.finding import MethodResult
from tests.metrics.hypotheses.methods.simulated import confounded, of_clients, of_counts, swapped
from tests.metrics.hypotheses.methods.simulated import given as sums_of


def compare(rows: pl.DataFrame, covariates: Sequence[str] = (), **options: Any) -> MethodResult:
    """The comparison of rows as the product makes it: from sums per client."""
    return shares.compare(sums_of(rows), covariates, **options)


# Newcombe (1998), Interval estimation for the difference between independent proportions, table II, method 10.
@pytest.mark.parametrize(
    ("table", "lower", "upper"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombes_published_intervals(table: tuple[int, int, int, int], lower: float, upper: float) -> None:
    estimate = compare(of_counts(*table)).estimates[0]
    assert estimate.lower == pytest.approx(100 * lower, abs=0.006)
    assert estimate.upper == pytest.approx(100 * upper, abs=0.006)


def test_the_lady_tasting_tea() -> None:
    """Fisher (1935): three of four cups right has p 0.486, all four 1/35 two-sided."""
    three, four = (compare(of_counts(right, 4, 4 - right, 4)) for right in (3, 4))
    assert three.method == four.method == "fisher"
    assert three.estimates[0].p == pytest.approx(34 / 70)
    assert four.estimates[0].p == pytest.approx(2 / 70)


KIDNEY = [  # Charig et al. (1986): treatment, stone, successes, patients
    (True, "small", 81, 87),
    (True, "large", 192, 263),
    (False, "small", 234, 270),
    (False, "large", 55, 80),
]


def kidney_stones() -> pl.DataFrame:
    rows = [
        {"group": group, "c_stone": stone, "outcome": place < good}
        for group, stone, good, n in KIDNEY
        for place in range(n)
    ]
    return pl.DataFrame(rows)


def test_kidney_stones_turn_when_the_size_is_taken_in() -> None:
    """Julious & Mullee (1994), Simpson's paradox: 78 against 83 percent, but better for small and for large stones."""
    finding = compare(kidney_stones(), ["c_stone"], weights="inverse")
    adjusted, weighted, crude = finding.estimates
    assert (adjusted.name, weighted.name, crude.name) == ("adjusted", "weighted", "crude")
    assert crude.value == pytest.approx(100 * (273 / 350 - 289 / 350))
    by_hand = 357 / 700 * (81 / 87 - 234 / 270) + 343 / 700 * (192 / 263 - 55 / 80)
    assert weighted.value == pytest.approx(100 * by_hand, abs=1e-4)
    assert adjusted.value == pytest.approx(100 * by_hand, abs=0.5)
    assert adjusted.lower < 0 < adjusted.value
    # Weights estimated from strata make the estimate the stratified one, with its error.
    variance = 0.0
    for stone, n in (("small", 357), ("large", 343)):
        (good, treated), (good0, untreated) = ((one[2], one[3]) for one in KIDNEY if one[1] == stone)
        share, share0 = good / treated, good0 / untreated
        variance += (n / 700) ** 2 * (share * (1 - share) / treated + share0 * (1 - share0) / untreated)
        variance += n / 700 * (share - share0 - by_hand) ** 2 / 700
    assert (weighted.upper - weighted.lower) / 2 == pytest.approx(196.3 * variance**0.5, rel=0.002)


def test_the_adjusted_interval_is_that_of_the_bootstrap() -> None:
    sample = confounded(np.random.default_rng(2), 300, clients=75)
    draw = np.random.default_rng(3)
    found: dict[str, list[float]] = {"adjusted": [], "weighted": []}
    parts = sample.partition_by("client")
    for _ in range(150):
        chosen = draw.integers(0, len(parts), len(parts))
        again = pl.concat([parts[place].with_columns(client=pl.lit(new)) for new, place in enumerate(chosen)])
        for one in compare(again, ["c_kind"]).estimates[:2]:
            found[one.name].append(one.value)
    for one in compare(sample, ["c_kind"]).estimates[:2]:
        error = (one.upper - one.lower) / 2 / 1.99
        assert error == pytest.approx(np.std(found[one.name]), rel=0.25)


def test_the_same_encounters_once_more_tell_nothing_new() -> None:
    once = of_counts(56, 70, 48, 80).with_row_index("client")
    twice = pl.concat([once, once])
    one, other = compare(once), compare(twice)
    assert (one.method, other.method) == ("newcombe", "newcombe_clustered")
    assert other.estimates[0].lower == pytest.approx(one.estimates[0].lower, abs=0.5)
    assert other.estimates[0].upper == pytest.approx(one.estimates[0].upper, abs=0.5)
    blind = compare(twice.drop("client")).estimates[0]
    assert blind.lower > one.estimates[0].lower + 3


def test_anonymous_rows_are_clusters_of_their_own() -> None:
    sample = of_counts(56, 70, 48, 80).with_columns(client=pl.lit(None, dtype=pl.Int64))
    assert compare(sample) == compare(sample.drop("client"))


def test_warnings() -> None:
    few = of_clients(np.random.default_rng(1), 20)
    assert "few_clusters" in compare(few).warnings
    decided = of_counts(30, 60, 20, 60).with_columns(c_x=pl.when("outcome").then(pl.lit("a")).otherwise(pl.lit("b")))
    assert "separation" in compare(decided, ["c_x"]).warnings
    nobody = compare(of_counts(0, 0, 5, 10))
    assert nobody.estimates == ()
    assert nobody.warnings == ("empty_group",)


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 30), st.booleans())
@settings(max_examples=40, deadline=None)
def test_swapping_the_groups_flips_the_sign(count: int, count0: int, shared: int, clustered: bool) -> None:
    sample = of_counts(count, 40, count0, 50).with_row_index("row")
    sample = sample.with_columns(client=pl.col("row") // 2 if clustered else pl.col("row"))
    sample = sample.with_columns(
        c_x=pl.when((pl.col("row") * 7 + shared) % 3 == 0).then(pl.lit("a")).otherwise(pl.lit("b"))
    )
    for one, other in zip(compare(sample, ["c_x"]).estimates, compare(swapped(sample), ["c_x"]).estimates, strict=True):
        assert (other.value, other.lower, other.upper) == pytest.approx((-one.value, -one.upper, -one.lower), abs=1e-2)
        assert other.p == pytest.approx(one.p, abs=1e-2)

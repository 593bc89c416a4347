"""Durations against the 6-MP trial, against lifelines and against leaving rows out by hand."""

import math
from collections.abc import Sequence

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from lifelines import AalenJohansenFitter
from scipy import stats

from metrics.hypotheses.methods import durations as methods
from metrics.hypotheses.methods.finding import MethodResult
from metrics.hypotheses.methods.pseudo import pseudo_values
from metrics.measures.survival import aalen_johansen, at
from tests.metrics.hypotheses.methods.simulated import durations, swapped
from tests.metrics.hypotheses.methods.simulated import given as sums_of
from tests.metrics.measures.life_tables import life_table


def compare(rows: pl.DataFrame, covariates: Sequence[str] = ()) -> MethodResult:
    """The comparison of rows as the product makes it: from sums per client."""
    return methods.compare(sums_of(rows), covariates)


# Freireich et al. (1963): weeks in remission of 42 children; a minus sign is still in remission.
SIX_MP = "6 6 6 -6 7 -9 10 -10 -11 13 16 -17 -19 -20 22 23 -25 -32 -32 -34 -35"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def remissions() -> pl.DataFrame:
    rows = [
        {"group": name == "placebo", "days": abs(int(week)), "cause": "" if week.startswith("-") else "event"}
        for name, weeks in (("6-MP", SIX_MP), ("placebo", PLACEBO))
        for week in weeks.split()
    ]
    return pl.DataFrame(rows)


def test_the_6_mp_trial() -> None:
    """Log-rank chi-square 16.79; Cox by Efron 4.82 (2.15 to 10.81), and proportional (Kleinbaum & Klein, 2012)."""
    finding = compare(remissions())
    assert finding.method == "log_rank_cox"
    ratio = finding.estimates[0]
    assert stats.chi2.isf(ratio.p, 1) == pytest.approx(16.79, abs=0.005)
    assert ratio.value == pytest.approx(4.82, abs=0.005)
    assert (ratio.lower, ratio.upper) == pytest.approx((2.147, 10.81), abs=0.01)
    assert finding.assumptions[0].verdict == "holds"
    assert len(finding.estimates) == 1, "nobody was followed for six months"


def test_incidences_at_the_horizons_are_those_of_lifelines() -> None:
    sample = durations(np.random.default_rng(1), 600, ratio=1.5, competing=True)
    finding = compare(sample)
    assert finding.method == "cause_specific"
    kinds = {"": 0, "event": 1, "other": 2}
    for estimate in finding.estimates[1:]:
        day = int(estimate.name.removeprefix("at_"))
        reached, variance = [], 0.0
        for side in (True, False):
            rows = sample.filter(pl.col("group") == side)
            # Ties are only shaken apart, which moves the estimate in the fourth decimal.
            fitter = AalenJohansenFitter(jitter_level=1e-3, seed=1)
            fitter.fit(rows["days"].to_numpy() + 0.5, rows["cause"].replace_strict(kinds).to_numpy(), 1)
            before = fitter.cumulative_density_.index <= day + 1
            reached.append(100 * float(fitter.cumulative_density_[before].iloc[-1, 0]))
            variance += float(fitter.variance_[fitter.variance_.index <= day + 1].iloc[-1])
        assert estimate.value == pytest.approx(reached[0] - reached[1], abs=0.1)
        assert (estimate.upper - estimate.lower) / 2 == pytest.approx(196 * math.sqrt(variance), rel=0.03)
    assert [one.name for one in finding.estimates] == ["crude", "at_183", "at_365", "at_730"]


def test_pseudo_values_are_those_of_leaving_each_row_out() -> None:
    rows = durations(np.random.default_rng(2), 40, competing=True)
    days, causes = rows["days"].to_list(), rows["cause"].to_list()

    def incidence(left: int | None = None) -> float:
        kept = [place for place in range(len(days)) if place != left]
        curve = aalen_johansen(life_table([days[place] for place in kept], [causes[place] for place in kept]), "event")
        return at(curve, 365).estimate

    by_hand = [40 * incidence() - 39 * incidence(left) for left in range(40)]
    assert pseudo_values(rows.with_columns(n=pl.lit(1)), 365) == pytest.approx(by_hand)


def test_adjusting_takes_out_what_the_covariate_did() -> None:
    draw = np.random.default_rng(3)
    quick = draw.random(3000) < 0.5
    group = draw.random(3000) < np.where(quick, 0.7, 0.3)
    days = np.minimum(draw.exponential(np.where(quick, 200, 800)), 900).astype(int)
    columns = {"group": group, "days": days, "cause": np.where(days < 900, "event", ""), "c_quick": quick.astype(str)}
    sample = pl.DataFrame(columns)
    crude, adjusted = compare(sample), compare(sample, ["c_quick"])
    assert crude.estimates[0].lower > 1.2
    assert crude.estimates[1].lower > 5
    assert adjusted.estimates[0].name == "adjusted"
    for one in adjusted.estimates:
        none = 1 if one.measure == "hazard_ratio" else 0
        assert one.lower < none < one.upper


def test_clients_of_several_rows_widen_the_intervals() -> None:
    once = durations(np.random.default_rng(4), 300)
    one, other = (compare(sample) for sample in (once, pl.concat([once, once])))
    assert other.assumptions[1].verdict == "contradicted"
    for single, double in zip(one.estimates[:3], other.estimates[:3], strict=True):
        assert double.upper - double.lower == pytest.approx(single.upper - single.lower, rel=0.05)


def locked_in(draw: np.random.Generator, n: int = 600) -> pl.DataFrame:
    """In training nobody finds work for seven months; afterwards work comes three times as fast."""
    group = draw.random(n) < 0.5
    days = np.where(group, 210 + draw.exponential(250, n), draw.exponential(800, n))
    cause = np.where(days < 1000, "event", "")
    return pl.DataFrame({"group": group, "days": np.minimum(days, 1000).astype(int), "cause": cause})


def test_paths_cross_where_training_locks_in() -> None:
    finding = compare(locked_in(np.random.default_rng(5)))
    assert "paths_cross" in finding.warnings
    by_name = {one.name: one for one in finding.estimates}
    assert by_name["at_183"].upper < 0 < by_name["at_730"].lower
    assert finding.assumptions[0].verdict == "contradicted"
    assert "paths_cross" not in compare(durations(np.random.default_rng(5), 600, ratio=2)).warnings


def test_curves_end_and_horizons_go_where_too_few_are_followed() -> None:
    sample = durations(np.random.default_rng(6), 300)
    finding = compare(sample.with_columns(pl.col("days").clip(0, 250)))
    assert [one.name for one in finding.estimates] == ["crude", "at_183"]
    assert {step.day % 30 for step in finding.curves} == {0}
    assert max(step.day for step in finding.curves) <= 250
    assert min(step.at_risk for step in finding.curves) >= 20
    everyone = sample.with_columns(pl.col("days") // 5, cause=pl.lit("event"))
    assert "at_365" in {one.name for one in compare(everyone).estimates}, "the fate of all is known"


def test_no_events_in_a_group_give_no_ratio() -> None:
    sample = durations(np.random.default_rng(7)).with_columns(
        cause=pl.when("group").then(pl.lit("")).otherwise("cause")
    )
    assert compare(sample).estimates == ()
    assert compare(sample).warnings == ("no_events",)
    assert compare(sample.filter("group")).warnings == ("empty_group",)


@given(st.integers(0, 10_000), st.booleans())
@settings(max_examples=8, deadline=None)
def test_swapping_the_groups_flips_everything(seed: int, competing: bool) -> None:
    sample = durations(np.random.default_rng(seed), 150, competing=competing)
    ratio, *rest = compare(sample).estimates
    other, *others = compare(swapped(sample)).estimates
    assert other.value == pytest.approx(1 / ratio.value, rel=1e-6)
    assert other.p == pytest.approx(ratio.p)
    for one, two in zip(rest, others, strict=True):
        assert (two.value, two.lower, two.upper) == pytest.approx((-one.value, -one.upper, -one.lower))


def test_the_check_of_proportional_hazards_does_not_depend_on_the_order_of_equal_times() -> None:
    """With the compared group first among equal times, hazards in proportion were called out of it."""
    drawn = sums_of(durations(np.random.default_rng(3), 2000).with_columns(pl.col("days") // 100))
    first, last = (methods.compare(drawn.sort("group", descending=down)).assumptions[0] for down in (True, False))
    assert (first.verdict, first.statistic) == (last.verdict, last.statistic)
    assert first.verdict == "holds"

"""Power and several tests against published examples; estimates in people; what may be published; the codes."""

from dataclasses import replace

import numpy as np
import polars as pl
import pytest
from statsmodels.stats.multitest import multipletests

from metrics.hypotheses.methods import areas, before_after, codes, durations, power, rates, shares
from metrics.hypotheses.methods.finding import (
    Assumption,
    ComparisonGroup,
    CurveStep,
    EffectMeasure,
    Estimate,
    MethodResult,
)
from metrics.hypotheses.methods.people import PeopleDifference, in_people
from metrics.hypotheses.methods.publishing import publishable
from metrics.hypotheses.methods.several import corrected
from tests.metrics.hypotheses.methods import simulated

# Benjamini & Hochberg (1995), thrombolysis: 15 p values; four are kept at 5 %, by Bonferroni and by Holm three.
THROMBOLYSIS = (
    *(0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344),
    *(0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.000),
)


def test_benjamini_and_hochbergs_thrombolysis() -> None:
    found = corrected(THROMBOLYSIS[::-1])
    assert sum(p <= 0.05 for p in found.benjamini_hochberg) == 4
    assert sum(p <= 0.05 for p in found.holm) == 3
    assert found.benjamini_hochberg[-4] == pytest.approx(0.0095 * 15 / 4)
    assert found.holm[-3] == pytest.approx(0.0019 * 13)


def test_holms_example() -> None:
    """0.01, 0.04, 0.03, 0.005: the two smallest are kept (the example of R's p.adjust and of Wikipedia's article)."""
    assert corrected([0.01, 0.04, 0.03, 0.005]).holm == pytest.approx((0.03, 0.06, 0.06, 0.02))
    assert corrected([]).holm == ()
    assert corrected([0.04]).holm == corrected([0.04]).benjamini_hochberg == (0.04,)


@pytest.mark.parametrize("size", [2, 9, 40])
def test_corrections_are_those_of_statsmodels(size: int) -> None:
    """For p values in any order, some of them equal, some 0 or 1."""
    draw = np.random.default_rng(size)
    given = [*(float(p) for p in np.round(draw.beta(0.3, 1, size), 3)), 0.0, 1.0]
    found = corrected(given)
    assert found.holm == pytest.approx(multipletests(given, method="holm")[1])
    assert found.benjamini_hochberg == pytest.approx(multipletests(given, method="fdr_bh")[1])


def test_schoenfelds_events() -> None:
    """133 deaths show a hazard ratio of 0.57 with 90 % power (Collett, example 10.1); 66 show 2 with 80 %."""
    assert power.power_of_hazard_ratio(0.57, 133) == pytest.approx(0.9, abs=0.003)
    assert power.detectable_hazard_ratio(65.34) == pytest.approx(2, abs=0.001)
    assert power.detectable_hazard_ratio(65.34, 0.2) == pytest.approx(2 ** (0.5 / 0.4), abs=0.001)
    assert power.detectable_hazard_ratio(1) is None


def test_detectable_shares() -> None:
    """388 in each group show 60 against 50 percent with 80 % power (Fleiss, without continuity correction)."""
    found = power.detectable_share_difference(388, 388, 50)
    assert found == pytest.approx(10, abs=0.05)
    assert power.power_of_share_difference(10, 388, 388, 50) == pytest.approx(0.8, abs=0.003)
    assert power.detectable_share_difference(388, 388, 50, falling=True) == pytest.approx(-10, abs=0.05)
    assert power.detectable_share_difference(776, 776, 50, design_effect=2) == pytest.approx(found)
    assert power.detectable_share_difference(5, 5, 90) is None
    assert power.detectable_share_difference(50, 50, 100) is None
    assert power.power_of_share_difference(0, 388, 388, 50) == 0.05


def test_detectable_rates_are_found_as_often_as_said() -> None:
    """12 months of 50 encounters of clients who come once, and of clients who come 2.5 times on average."""
    draw = np.random.default_rng(1)
    for several, effect in ((0.0, 1.0), (1.5, 4.0)):
        ratio = power.detectable_rate_ratio(12, 12, 50, effect)
        assert ratio is not None
        clients = round(600 / (1 + several))
        found = [
            rates.compare_counts(simulated.given(simulated.counts(draw, clients, ratio=ratio, several=several)))
            for _ in range(200)
        ]
        powers = np.mean([one.estimates[0].p < 0.05 for one in found])
        assert powers == pytest.approx(0.8, abs=3 * np.sqrt(0.8 * 0.2 / 200))
    assert power.detectable_rate_ratio(0.01, 0.01, 1.0) is None


def made(measure: EffectMeasure, *bounds: float) -> Estimate:
    value, lower, upper = bounds
    return Estimate("crude", measure, value, lower, upper, 0.01234)


def test_estimates_in_people() -> None:
    assert in_people(made("share_difference", 12.3, 4.6, 19.8)) == PeopleDifference(12, 5, 20)
    assert in_people(made("hazard_ratio", 2, 1, 3), 20) == PeopleDifference(16, 0, 29)
    assert in_people(made("odds_ratio", 2, 1, 4), 50) == PeopleDifference(17, 0, 30)
    assert in_people(made("rate_ratio", 1.5, 0.9, 2), 0.4) == PeopleDifference(20, -4, 40)
    assert in_people(made("rate_ratio", 1.5, 0.9, 2)) is None
    assert in_people(made("level_change", 3, 1, 5), 20) is None


def finding(n: int = 120, method: str = "newcombe", measure: EffectMeasure = "share_difference") -> MethodResult:
    step = CurveStep("compared", 30, 12.4, 8.8, 17.2, 97)
    return MethodResult(
        method,
        (made(measure, 12.345, 4.621, 19.876),),
        (ComparisonGroup("compared", n, 40.4), ComparisonGroup("reference", 200, 97.3)),
        (Assumption("overlap", "holds", 0.1234, 1.987),),
        curves=(
            replace(step, day=0, value=0, lower=0, upper=0),
            replace(step, value=3.1),
            step,
            replace(step, at_risk=19),
        ),
    )


def test_small_groups_are_refused() -> None:
    no_curves = replace(finding(), curves=())
    groups = [(replace(group, n=n), group) for group in no_curves.groups for n in (49, 50)]
    assert [publishable(replace(no_curves, groups=pair)) is None for pair in groups] == [True, False, True, False]
    assert publishable(replace(finding(99), curves=(), method="log_rank_cox")) is None
    assert publishable(finding(99)) is None
    assert publishable(finding(100)) is not None
    assert publishable(replace(finding(), groups=())) is None


def test_numbers_are_rounded_before_they_are_published() -> None:
    shown = publishable(finding())
    assert shown is not None
    assert shown.estimates[0] == Estimate("crude", "share_difference", 12, 5, 20, 0.01)
    assert shown.groups == (ComparisonGroup("compared", 120, 40), ComparisonGroup("reference", 200, None))
    assert shown.assumptions == (Assumption("overlap", "holds", 0.12, 2.0),)
    assert [(step.day, step.value, step.at_risk) for step in shown.curves] == [(0, 0, 90), (30, 12, 90)]
    ratio = publishable(finding(measure="rate_ratio"))
    assert ratio is not None
    assert ratio.estimates[0] == Estimate("crude", "rate_ratio", 12.35, 4.62, 19.88, 0.01)
    days = publishable(finding(measure="days_difference"))
    assert days is not None
    assert (days.estimates[0].value, days.estimates[0].lower) == (12, 5)


def test_every_code_is_listed() -> None:
    draw = np.random.default_rng(1)
    covered = simulated.confounded(draw)
    timed = simulated.durations(draw, competing=True)
    found = [
        shares.compare(simulated.given(simulated.of_clients(draw))),
        shares.compare(simulated.given(covered), ["c_kind"]),
        shares.compare(simulated.given(simulated.of_counts(1, 10, 2, 10))),
        shares.compare(simulated.given(simulated.of_counts(40, 100, 50, 100))),
        *(rates.compare_counts(simulated.given(simulated.counts(draw, 900, own=own))) for own in (0, 0.5)),
        durations.compare(simulated.given(timed)),
        durations.compare(simulated.given(timed.with_columns(pl.col("cause").replace("other", "")))),
        *(areas.compare(simulated.given(simulated.areas(draw, n, 60)), "share_difference") for n in (1, 12, 45)),
        before_after.interrupted_time_series(simulated.months(draw, 48, 0)),
    ]
    listed = (
        ({one.method for one in found}, codes.METHODS),
        ({estimate.name for one in found for estimate in one.estimates}, codes.ESTIMATES),
        ({group.name for one in found for group in one.groups}, codes.GROUPS),
        ({assumption.name for one in found for assumption in one.assumptions}, codes.ASSUMPTIONS),
        ({warning for one in found for warning in one.warnings}, codes.WARNINGS),
    )
    for used, known in listed:
        assert used <= set(known)
    assert len(listed[0][0]) >= 9

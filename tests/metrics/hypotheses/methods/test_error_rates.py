"""Error rates under simulation: 5 % false findings and 95 % coverage, within three Monte Carlo standard errors."""

from functools import partial

import numpy as np
import pytest

from metrics.hypotheses.methods import areas, durations, rates, shares
from metrics.hypotheses.methods.before_after import interrupted_time_series
from metrics.hypotheses.methods.weighting import Weights
from tests.metrics.hypotheses.methods import simulated
from tests.metrics.hypotheses.methods.simulated import assert_honest, given, named, repeatedly

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [100, 300])
def test_shares(size: int) -> None:
    draw = np.random.default_rng(1)
    tables = [draw.binomial(size, (0.3, 0.3)) for _ in range(1500)]
    found = [shares.compare(given(simulated.of_counts(one, size, other, size))) for one, other in tables]
    assert_honest(named(found, "crude"), 0)


@pytest.mark.parametrize(("clients", "share", "more"), [(80, 0.3, 0), (40, 0.3, 0), (200, 0.1, 0), (40, 0.05, 3)])
def test_shares_of_clustered_encounters(clients: int, share: float, more: float) -> None:
    """With two clients in a hundred having all there is to find, false findings are rarer than 5 %."""
    draw = np.random.default_rng(2)
    samples = [simulated.of_clients(draw, clients, share) for _ in range(1000)]
    assert_honest(named([shares.compare(given(sample)) for sample in samples], "crude"), 0, more=more)
    if clients == 80:
        blind = named([shares.compare(given(sample.drop("client"))) for sample in samples], "crude")
        assert np.mean([one.p < 0.05 for one in blind]) > 0.15, "and counting encounters as people is not honest"


@pytest.mark.parametrize("clients", [None, 100])
@pytest.mark.parametrize("weights", ["overlap", "inverse"])
def test_adjusted_and_weighted_shares_under_confounding(clients: int | None, weights: Weights) -> None:
    draw = np.random.default_rng(3)
    compare = partial(shares.compare, covariates=("c_kind", "c_noise"), weights=weights)
    found = repeatedly(lambda: compare(given(simulated.confounded(draw, clients=clients))), 700)
    for name in ("adjusted", "weighted"):
        estimates = named(found, name)
        # Without clusters 10 points is the truth; kinds weigh a little differently on the logistic scale.
        assert np.mean([one.value for one in estimates]) == pytest.approx(10, abs=1)
        assert_honest(estimates, 10, null=False)
    crude = named(found, "crude")
    assert np.mean([one.value for one in crude]) > 20
    assert np.mean([one.lower <= 10 <= one.upper for one in crude]) < 0.3


@pytest.mark.parametrize(("clients", "several"), [(150, 0), (150, 1.5), (600, 4)])
def test_rates_of_counts(clients: int, several: float) -> None:
    """Clients who come several times are clusters: blind to them, false findings were 25 %."""
    draw = np.random.default_rng(5)
    found = repeatedly(lambda: rates.compare_counts(given(simulated.counts(draw, clients, several=several))), 1000)
    assert_honest(named(found, "crude"), 1, more=0.5)


def test_rates_of_counts_whose_months_vary_by_themselves() -> None:
    draw = np.random.default_rng(4)
    found = repeatedly(lambda: rates.compare_counts(given(simulated.counts(draw, 2000, own=0.3, months=24))), 300)
    assert all(one.method == "poisson_months" for one in found)


@pytest.mark.parametrize("competing", [False, True])
@pytest.mark.parametrize("clients", [None, 150])
def test_durations(clients: int | None, competing: bool) -> None:
    draw = np.random.default_rng(6)
    sample = partial(simulated.durations, draw, 400, competing=competing, clients=clients)
    found = repeatedly(lambda: durations.compare(given(sample())), 150)
    assert_honest(named(found, "crude"), 1)
    assert_honest(named(found, "at_183"), 0)
    assert_honest(named(found, "at_365"), 0)
    assert np.mean(["paths_cross" in one.warnings for one in found]) < 0.02


def test_hazard_ratios_that_are_there_are_covered_and_found_as_often_as_planned() -> None:
    draw = np.random.default_rng(7)
    found = repeatedly(lambda: durations.compare(given(simulated.durations(draw, 300, ratio=1.5))), 200)
    assert_honest(named(found, "crude"), 1.5, null=False)
    assert np.mean([one.assumptions[0].verdict == "contradicted" for one in found]) < 0.05 + 3 * 0.0154


@pytest.mark.parametrize(("others", "between"), [(6, 0.02), (12, 0.0), (12, 0.05), (45, 0.02)])
def test_difference_in_differences_by_area(others: int, between: float) -> None:
    """Without variation between municipalities the interval is a little wide, since it might be there."""
    draw = np.random.default_rng(9)
    found = repeatedly(
        lambda: areas.compare(given(simulated.areas(draw, others, 100, between=between)), "share_difference"), 400
    )
    assert_honest(named(found, "crude"), 0, more=2 if between == 0 else 0.5)


def test_the_change_in_a_municipality_much_larger_than_the_others() -> None:
    """The worst case: its own chance is small beside what has to be learnt of the others, and they vary as much as chance."""
    draw = np.random.default_rng(12)
    found = repeatedly(
        lambda: areas.compare(given(simulated.areas(draw, 12, 100, between=0.05, larger=4)), "share_difference"), 400
    )
    assert_honest(named(found, "crude"), 0, more=3)


@pytest.mark.parametrize("memory", [0, 0.4, 0.7])
@pytest.mark.parametrize(("length", "before", "more"), [(12, 8, 4), (24, 12, 2), (36, 24, 2), (60, 30, 0)])
def test_interrupted_time_series(length: int, before: int, more: float, memory: float) -> None:
    """Short series, of which two months in three are before, miss by up to 4 points more; five years do not."""
    draw = np.random.default_rng(10)
    found = repeatedly(lambda: interrupted_time_series(simulated.months(draw, length, memory, before=before)), 600)
    assert_honest(named(found, "level"), 0, more=more)
    assert_honest(named(found, "slope"), 0, more=more)


def test_newey_west_is_as_liberal_as_its_docstring_says() -> None:
    draw = np.random.default_rng(11)
    found = repeatedly(lambda: interrupted_time_series(simulated.months(draw, 36, 0.4, before=24)), 300)
    false = np.mean([one.p < 0.05 for one in named(found, "level_newey_west")])
    assert 0.1 < false < 0.35

"""Error rates under simulation: 5 % false findings and 95 % coverage, within three Monte Carlo standard errors.

A tenth of the repetitions goes with the ordinary tests: there, how much the statistics vary tells what the few findings cannot,
that a standard error is too small or too large. All of them go with the simulations.
"""

from functools import partial

import numpy as np
import pytest

from metrics.hypotheses.methods import areas, durations, rates, shares
from metrics.hypotheses.methods.before_after import interrupted_time_series
from metrics.hypotheses.methods.weighting import Weights
from tests.metrics.hypotheses.methods import simulated
from tests.metrics.hypotheses.methods.simulated import assert_honest, given, named, repeatedly

pytestmark = pytest.mark.slow


def repetitions(thorough: int, few: int = 0) -> pytest.MarkDecorator:
    """The number of repetitions: a few (a tenth, else as said), and as a simulation all."""
    return pytest.mark.parametrize(
        "times", [few or thorough // 10, pytest.param(thorough, marks=pytest.mark.simulation)]
    )


@repetitions(1500)
@pytest.mark.parametrize("size", [100, 300])
def test_shares(size: int, times: int) -> None:
    draw = np.random.default_rng(1)
    tables = [draw.binomial(size, (0.3, 0.3)) for _ in range(times)]
    found = [shares.compare(given(simulated.of_counts(one, size, other, size))) for one, other in tables]
    assert_honest(named(found, "crude"), 0)


@repetitions(1000)
@pytest.mark.parametrize(("clients", "share", "more"), [(80, 0.3, 0), (40, 0.3, 0), (200, 0.1, 0), (40, 0.05, 3)])
def test_shares_of_clustered_encounters(clients: int, share: float, more: float, times: int) -> None:
    """With two clients in a hundred having all there is to find, false findings are rarer than 5 %."""
    draw = np.random.default_rng(2)
    samples = [simulated.of_clients(draw, clients, share) for _ in range(times)]
    assert_honest(named([shares.compare(given(sample)) for sample in samples], "crude"), 0, more=more)
    if clients == 80:
        blind = named([shares.compare(given(sample.drop("client"))) for sample in samples], "crude")
        assert np.mean([one.p < 0.05 for one in blind]) > 0.15, "and counting encounters as people is not honest"


@repetitions(700)
@pytest.mark.parametrize("clients", [None, 100])
@pytest.mark.parametrize("weights", ["overlap", "inverse"])
def test_adjusted_and_weighted_shares_under_confounding(clients: int | None, weights: Weights, times: int) -> None:
    draw = np.random.default_rng(3)
    compare = partial(shares.compare, covariates=("c_kind", "c_noise"), weights=weights)
    found = repeatedly(lambda: compare(given(simulated.confounded(draw, clients=clients))), times)
    for name in ("adjusted", "weighted"):
        estimates = named(found, name)
        # Without clusters 10 points is the truth; kinds weigh a little differently on the logistic scale.
        assert np.mean([one.value for one in estimates]) == pytest.approx(10, abs=1)
        assert_honest(estimates, 10, null=False)
    crude = named(found, "crude")
    assert np.mean([one.value for one in crude]) > 20
    assert np.mean([one.lower <= 10 <= one.upper for one in crude]) < 0.3


@repetitions(1000)
@pytest.mark.parametrize(("clients", "several"), [(150, 0), (150, 1.5), (600, 4)])
def test_rates_of_counts(clients: int, several: float, times: int) -> None:
    """Clients who come several times are clusters: blind to them, false findings were 25 %."""
    draw = np.random.default_rng(5)
    found = repeatedly(lambda: rates.compare_counts(given(simulated.counts(draw, clients, several=several))), times)
    assert_honest(named(found, "crude"), 1, more=0.5)


@repetitions(300)
def test_rates_of_counts_whose_months_vary_by_themselves(times: int) -> None:
    draw = np.random.default_rng(4)
    found = repeatedly(lambda: rates.compare_counts(given(simulated.counts(draw, 2000, own=0.3, months=24))), times)
    assert all(one.method == "poisson_months" for one in found)


@repetitions(300, 40)
@pytest.mark.parametrize("competing", [False, True])
@pytest.mark.parametrize("clients", [None, 150])
def test_durations(clients: int | None, competing: bool, times: int) -> None:
    draw = np.random.default_rng(6)
    sample = partial(simulated.durations, draw, 400, competing=competing, clients=clients)
    found = repeatedly(lambda: durations.compare(given(sample())), times)
    assert_honest(named(found, "crude"), 1)
    assert_honest(named(found, "at_183"), 0)
    assert_honest(named(found, "at_365"), 0)
    assert np.mean(["paths_cross" in one.warnings for one in found]) < 0.02


@repetitions(300, 40)
def test_hazard_ratios_that_are_there_are_covered_and_found_as_often_as_planned(times: int) -> None:
    draw = np.random.default_rng(7)
    found = repeatedly(lambda: durations.compare(given(simulated.durations(draw, 300, ratio=1.5))), times)
    assert_honest(named(found, "crude"), 1.5, null=False)
    assert np.mean([one.assumptions[0].verdict == "contradicted" for one in found]) < 0.05 + 3 * 0.0126


@repetitions(400)
@pytest.mark.parametrize(("others", "between"), [(6, 0.02), (12, 0.0), (12, 0.05), (45, 0.02)])
def test_difference_in_differences_by_area(others: int, between: float, times: int) -> None:
    """Without variation between municipalities the interval is a little wide, since it might be there."""
    draw = np.random.default_rng(9)
    found = repeatedly(
        lambda: areas.compare(given(simulated.areas(draw, others, 100, between=between)), "share_difference"), times
    )
    assert_honest(named(found, "crude"), 0, more=2 if between == 0 else 0.5)


@repetitions(400)
def test_the_change_in_a_municipality_much_larger_than_the_others(times: int) -> None:
    """The worst case: its own chance is small beside what has to be learnt of the others, and they vary as much as chance."""
    draw = np.random.default_rng(12)
    found = repeatedly(
        lambda: areas.compare(given(simulated.areas(draw, 12, 100, between=0.05, larger=4)), "share_difference"), times
    )
    assert_honest(named(found, "crude"), 0, more=3)


@repetitions(600)
@pytest.mark.parametrize("memory", [0, 0.4, 0.7])
@pytest.mark.parametrize(("length", "before", "more"), [(12, 8, 4), (24, 12, 2), (36, 24, 2), (60, 30, 0)])
def test_interrupted_time_series(length: int, before: int, more: float, memory: float, times: int) -> None:
    """Short series, of which two months in three are before, miss by up to 4 points more; five years do not."""
    draw = np.random.default_rng(10)
    found = repeatedly(lambda: interrupted_time_series(simulated.months(draw, length, memory, before=before)), times)
    assert_honest(named(found, "level"), 0, more=more)
    assert_honest(named(found, "slope"), 0, more=more)


@repetitions(300, 60)
def test_newey_west_is_as_liberal_as_its_docstring_says(times: int) -> None:
    draw = np.random.default_rng(11)
    found = repeatedly(lambda: interrupted_time_series(simulated.months(draw, 36, 0.4, before=24)), times)
    false = np.mean([one.p < 0.05 for one in named(found, "level_newey_west")])
    assert 0.1 < false < 0.35

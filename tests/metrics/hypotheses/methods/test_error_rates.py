"""Error rates under simulation: 5 % false findings and 95 % coverage, within three Monte Carlo standard errors."""

from functools import partial

import numpy as np
import polars as pl
import pytest

from metrics.hypotheses.methods import durations, rates, shares
from metrics.hypotheses.methods.before_after import difference_in_differences, interrupted_time_series
from tests.metrics.hypotheses.methods import simulated
from tests.metrics.hypotheses.methods.simulated import assert_honest, named, repeatedly

pytestmark = pytest.mark.slow


@pytest.mark.parametrize("size", [100, 300])
def test_shares(size: int) -> None:
    draw = np.random.default_rng(1)
    tables = [draw.binomial(size, (0.3, 0.3)) for _ in range(1500)]
    found = [shares.compare(simulated.of_counts(one, size, other, size)) for one, other in tables]
    assert_honest(named(found, "crude"), 0)


@pytest.mark.parametrize(("clients", "share", "more"), [(80, 0.3, 0), (40, 0.3, 0), (200, 0.1, 0), (40, 0.05, 3)])
def test_shares_of_clustered_encounters(clients: int, share: float, more: float) -> None:
    """With two clients in a hundred having all there is to find, false findings are rarer than 5 %."""
    draw = np.random.default_rng(2)
    samples = [simulated.of_clients(draw, clients, share) for _ in range(1000)]
    assert_honest(named([shares.compare(sample) for sample in samples], "crude"), 0, more=more)
    if clients == 80:
        blind = named([shares.compare(sample.drop("client")) for sample in samples], "crude")
        assert np.mean([one.p < 0.05 for one in blind]) > 0.15, "and counting encounters as people is not honest"


@pytest.mark.parametrize("clients", [None, 100])
@pytest.mark.parametrize("weights", ["overlap", "inverse"])
def test_adjusted_and_weighted_shares_under_confounding(clients: int | None, weights: shares.Weights) -> None:
    draw = np.random.default_rng(3)
    compare = partial(shares.compare, covariates=("c_kind", "c_noise"), weights=weights)
    found = repeatedly(lambda: compare(simulated.confounded(draw, clients=clients)), 700)
    for name in ("adjusted", "weighted"):
        estimates = named(found, name)
        # Without clusters 10 points is the truth; kinds weigh a little differently on the logistic scale.
        assert np.mean([one.value for one in estimates]) == pytest.approx(10, abs=1)
        assert_honest(estimates, 10, null=False)
    crude = named(found, "crude")
    assert np.mean([one.value for one in crude]) > 20
    assert np.mean([one.lower <= 10 <= one.upper for one in crude]) < 0.3


@pytest.mark.parametrize("expected", [10, 50])
def test_rates_of_totals(expected: int) -> None:
    draw = np.random.default_rng(4)
    found = repeatedly(
        lambda: rates.compare(*(int(x) for x in (draw.poisson(expected), 1, draw.poisson(2 * expected), 2))), 700
    )
    assert_honest(named(found, "crude"), 1)


@pytest.mark.parametrize(("n", "spread", "clients"), [(60, 0, None), (100, 0.5, None), (100, 2, None), (300, 0.5, 100)])
def test_rates_of_counts(n: int, spread: float, clients: int | None) -> None:
    draw = np.random.default_rng(5)
    found = repeatedly(lambda: rates.compare_counts(simulated.counts(draw, n, spread=spread, clients=clients)), 1000)
    assert_honest(named(found, "crude"), 1)


@pytest.mark.parametrize("competing", [False, True])
@pytest.mark.parametrize("clients", [None, 150])
def test_durations(clients: int | None, competing: bool) -> None:
    draw = np.random.default_rng(6)
    sample = partial(simulated.durations, draw, 400, competing=competing, clients=clients)
    found = repeatedly(lambda: durations.compare(sample()), 150)
    assert_honest(named(found, "crude"), 1)
    assert_honest(named(found, "at_183"), 0)
    assert_honest(named(found, "at_365"), 0)
    assert np.mean(["paths_cross" in one.warnings for one in found]) < 0.02


def test_hazard_ratios_that_are_there_are_covered_and_found_as_often_as_planned() -> None:
    draw = np.random.default_rng(7)
    found = repeatedly(lambda: durations.compare(simulated.durations(draw, 300, ratio=1.5)), 200)
    assert_honest(named(found, "crude"), 1.5, null=False)
    assert np.mean([one.assumptions[0].verdict == "contradicted" for one in found]) < 0.05 + 3 * 0.0154


def test_difference_in_differences_by_client() -> None:
    draw = np.random.default_rng(8)
    found = repeatedly(lambda: difference_in_differences(_visits(draw)), 1000)
    assert_honest(named(found, "crude"), 0)


def _visits(draw: np.random.Generator) -> pl.DataFrame:
    client = draw.integers(0, 150, 600)
    own, after = draw.normal(size=150)[client], draw.random(600) < 0.5
    outcome = own + 0.5 * (client % 2) + 0.3 * after + draw.normal(size=600) > 0.5
    time = np.where(after, "after", "before")
    return pl.DataFrame({"outcome": outcome, "area": client % 2 == 1, "time": time, "client": client})


@pytest.mark.parametrize(("number", "changed"), [(10, 5), (12, 1), (20, 3), (60, 30)])
def test_difference_in_differences_by_area(number: int, changed: int) -> None:
    draw = np.random.default_rng(9)
    found = repeatedly(lambda: difference_in_differences(simulated.areas(draw, areas=number, changed=changed)), 1000)
    assert_honest(named(found, "crude"), 0)


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

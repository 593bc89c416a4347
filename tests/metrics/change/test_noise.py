"""What changed: silent where nothing has, at the stated rate, and not deaf where something has."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import false_discovery_control, norm

from metrics.change.noise import signed_z, spread_of
from metrics.change.ranking import RATE, discoveries

ROWS, YEARS = 60, 400
SIZES = np.random.default_rng(1).lognormal(5, 1.2, ROWS)
"""Expected numbers of clients of sixty languages, places and topics: a few thousand down to a handful."""


def rounded(counts: np.ndarray, base: int, noise: np.random.Generator) -> np.ndarray:
    """Unbiased random rounding, as the gate does."""
    rest = counts % base
    return np.asarray(counts - rest + base * (noise.random(counts.shape) < rest / base))


def told(now: np.ndarray, before: np.ndarray, spread: float = 1.0) -> tuple[bool, ...]:
    pairs = zip(np.maximum(now, 10), np.maximum(before, 10), strict=True)
    return discoveries([signed_z(a, b, bases=(5, 5), spread=spread) for a, b in pairs])


@pytest.mark.parametrize("events_per_client", [1.0, 3.5])
def test_it_stays_silent_where_nothing_has_changed(events_per_client: float) -> None:
    """400 pairs of years in which every group has the same expected number: something is told in 5 % at most."""
    noise = np.random.default_rng(2)

    def year() -> np.ndarray:
        clients = noise.poisson(SIZES)
        if events_per_client == 1:
            return rounded(clients, 5, noise)
        events = np.array([noise.geometric(1 / events_per_client, count).sum() for count in clients])
        return rounded(events, 5, noise)

    alarms = sum(any(told(year(), year(), spread_of(events_per_client))) for _ in range(YEARS))
    error = 2 * np.sqrt(RATE * (1 - RATE) / YEARS)
    assert alarms / YEARS <= RATE + error


def test_without_the_spread_of_events_it_would_cry_wolf() -> None:
    noise = np.random.default_rng(3)

    def year() -> np.ndarray:
        return np.array([noise.geometric(1 / 3.5, count).sum() for count in noise.poisson(SIZES)])

    assert sum(any(told(year(), year())) for _ in range(50)) > 25


def test_planted_changes_are_found_and_little_else() -> None:
    """Three of sixty groups grow by half or shrink by a third: nearly all are told, and of what is told 5 % is chance."""
    noise = np.random.default_rng(4)
    large = np.argsort(-SIZES)[:3]
    factors = np.ones(ROWS)
    factors[large] = (1.5, 1.5, 2 / 3)
    found, false = 0, 0
    for _ in range(100):
        result = np.array(
            told(rounded(noise.poisson(SIZES * factors), 5, noise), rounded(noise.poisson(SIZES), 5, noise))
        )
        found += result[large].sum()
        false += result.sum() - result[large].sum()
    assert found >= 0.97 * 300
    assert false <= (RATE + 0.03) * (found + false)


def test_the_procedure_is_that_of_benjamini_and_hochberg() -> None:
    noise = np.random.default_rng(5)
    for size in (1, 2, 10, 200):
        for _ in range(20):
            scores = np.append(noise.normal(size=size), noise.normal(3, 1, size=size // 2))
            adjusted = false_discovery_control(2 * norm.sf(np.abs(scores)))
            assert discoveries(list(scores)) == tuple(adjusted <= RATE)
    assert discoveries([]) == ()


def test_what_rounding_can_make_is_no_change() -> None:
    assert signed_z(108, 100, bases=(5, 5)) == 0
    assert signed_z(110, 100, bases=(5, 5)) > 0
    assert signed_z(100, 110, bases=(5, 5)) < 0
    assert signed_z(500, 250, bases=(250, 250)) == 0
    assert signed_z(101, 100) != 0

"""The trend rule: silent where nothing has changed, at the rate it states, and not deaf to a planted change."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import binomtest

from metrics.change.noise import spread_of
from metrics.change.trend import FALSE_ALARMS, direction, interval_of, share_interval
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row

PAIRS = 3000
PER_CLIENT = 3.5
SPREAD = spread_of(PER_CLIENT)


def rounded(count: float, base: int, noise: np.random.Generator) -> float:
    """Unbiased random rounding, as the gate does."""
    rest = count % base
    return float(count - rest + base * (noise.random() < rest / base))


def clients(metric: str, expected: float, noise: np.random.Generator) -> Row:
    """A published number of clients, or of clients per thousand of 10 000 residents."""
    count = rounded(noise.poisson(expected), 5, noise)
    value = count if metric == "clients" else round(count / 10)
    return Row(metric, {}, "2025", value, "clients", n=count, numerator=count, denominator=10_000)


def bundled_share(people: float, share: float, noise: np.random.Generator) -> Row:
    """A published share of encounters where all encounters of a client go the same way, rounded to 25."""
    events = noise.geometric(1 / PER_CLIENT, noise.poisson(people))
    good = rounded(events[noise.random(len(events)) < share].sum(), 25, noise)
    whole = rounded(events.sum(), 25, noise)
    value = round(100 * good / whole)
    return Row("understood_language_share", {}, "2025", value, "%", n=whole, numerator=good, denominator=whole)


def told(now: Row, before: Row, spread: float = 1.0) -> str | None:
    return direction(now, before, spreads=(spread, spread))


@pytest.mark.parametrize("metric", ["clients", "reach_per_1000"])
@pytest.mark.parametrize("expected", [100, 400, 3000])
def test_clients_that_have_not_changed_are_not_told(metric: str, expected: float) -> None:
    noise = np.random.default_rng(1)
    pairs = [told(clients(metric, expected, noise), clients(metric, expected, noise)) for _ in range(PAIRS)]
    assert sum(one in ("up", "down") for one in pairs) <= FALSE_ALARMS * PAIRS


@pytest.mark.parametrize(("people", "share"), [(60, 0.6), (300, 0.8), (2000, 0.5)])
def test_shares_that_have_not_changed_are_not_told(people: float, share: float) -> None:
    noise = np.random.default_rng(2)
    pairs = [
        told(bundled_share(people, share, noise), bundled_share(people, share, noise), SPREAD) for _ in range(PAIRS)
    ]
    assert sum(one in ("up", "down") for one in pairs) <= FALSE_ALARMS * PAIRS


def test_without_the_spread_of_events_it_would_cry_wolf() -> None:
    noise = np.random.default_rng(3)
    pairs = [told(bundled_share(2000, 0.5, noise), bundled_share(2000, 0.5, noise)) for _ in range(500)]
    assert sum(one in ("up", "down") for one in pairs) > 5 * FALSE_ALARMS * 500


def test_planted_changes_are_found_in_their_direction() -> None:
    noise = np.random.default_rng(4)
    shares = [told(bundled_share(2700, 0.9, noise), bundled_share(2700, 0.8, noise), SPREAD) for _ in range(200)]
    counts = [told(clients("clients", 320, noise), clients("clients", 480, noise)) for _ in range(200)]
    assert shares.count("up") >= 190
    assert counts.count("down") >= 190


def test_a_difference_within_rounding_is_no_change() -> None:
    narrow = share_interval(900, 1000, off=49, spread=0.001), share_interval(850, 1000, off=49, spread=0.001)
    assert narrow[0].lower < narrow[1].upper


def test_the_interval_of_a_share_is_wilsons() -> None:
    for good, whole in ((50, 100), (95, 100), (3, 80), (700, 1300)):
        ours, known = share_interval(good, whole), binomtest(good, whole).proportion_ci(method="wilson")
        assert (ours.lower, ours.upper) == pytest.approx((100 * known.low, 100 * known.high), abs=0.01)


def test_small_and_hidden_numbers_are_not_compared() -> None:
    def row(count: float, value: float | None) -> Row:
        return Row("clients", {}, "2025", value, "clients", n=count)

    assert interval_of(row(COMPARED_FROM, COMPARED_FROM)) is not None
    assert interval_of(row(COMPARED_FROM - 5, COMPARED_FROM - 5)) is None
    assert interval_of(row(500, None)) is None
    assert direction(None, row(500, 500)) is None
    assert direction(row(500, None), row(500, 500)) is None


def test_what_has_no_rule_or_an_unknown_spread_is_not_judged() -> None:
    shown = {"codes": {}, "period": "2025", "n": 500.0}
    assert interval_of(Row("wait_days", value=5, unit="days", quantile=0.5, **shown)) is None  # type: ignore[arg-type]
    share = Row("solved_share", value=50, unit="%", numerator=250, denominator=500, **shown)  # type: ignore[arg-type]
    assert interval_of(share, spread=None) is None
    assert interval_of(share) is not None


def test_exact_values_are_not_widened_by_rounding() -> None:
    row = Row("clients", {}, "2025", 100, "clients", n=100)
    exact, rough = interval_of(row, exact=True), interval_of(row)
    assert exact is not None
    assert rough is not None
    assert rough.lower < exact.lower < exact.upper < rough.upper

"""Published curves against the exact ones, and against the truth they are drawn from."""

from __future__ import annotations

import doctest

import numpy as np
import pytest

from metrics.audience import INTERNAL, PROTECTED
from metrics.cube.index import Steps
from metrics.gate import Cell, Gate
from metrics.measures import curves, survival
from metrics.measures.curves import PublishedCurve, at_horizon, curve, grid, isotonic, median_day, shown_points
from metrics.model.facts import months
from metrics.model.facts.months import HORIZON_DAYS, month_end
from metrics.model.kinds import TimeToEvent
from tests.metrics.measures.followed_people import (
    Causes,
    Days,
    cells,
    joblessness,
    random_keys,
    true_incidence,
    uniform_entry,
)

MEASURE = TimeToEvent(
    kind="time_to_event", duration="d", cause="c", of_interest="work", estimate="incidence", answer="horizons",
    horizons=(6, 12, 24),
)  # fmt: skip
EXACT = Gate(INTERNAL, bytes(32))


def published_of(draw: np.random.Generator, days: Days, causes: Causes) -> PublishedCurve:
    """The published curve, under a noise key of its own."""
    return _curve(Gate(PROTECTED, draw.bytes(32)), *cells(days, causes, random_keys(draw, len(days))))


def both(draw: np.random.Generator, days: Days, causes: Causes) -> tuple[PublishedCurve, PublishedCurve]:
    """The published curve and the exact one."""
    steps, everyone = cells(days, causes, random_keys(draw, len(days)))
    return _curve(Gate(PROTECTED, draw.bytes(32)), steps, everyone), _curve(EXACT, steps, everyone)


def _curve(gate: Gate, steps: Steps, everyone: Cell) -> PublishedCurve:
    found = curve(gate, MEASURE, steps, everyone)
    assert found is not None
    return found


def percent(found: PublishedCurve, months: int) -> float:
    """The estimate at a horizon, before it is rounded to whole percent."""
    return 100 * survival.at(found.points, HORIZON_DAYS[months]).estimate


def test_how_long_the_one_who_was_followed_longest_was_is_not_told() -> None:
    """A day far behind on which nothing is published made the falling end of a rounded series weigh more."""
    moved = 0
    for seed in range(60):
        draw = np.random.default_rng(seed)
        steps, everyone = cells(*uniform_entry(draw, 150), random_keys(draw, 150))
        last = max(at for causes in steps.values() for at, _ in causes)
        longer = {cause: (*causes, (last + 365, causes[-1][1])) for cause, causes in steps.items()}
        gate = Gate(PROTECTED, draw.bytes(32))
        (told, shown), (also, seen) = (
            (at_horizon(gate, found, 12), shown_points(found))
            for found in (_curve(gate, steps, everyone), _curve(gate, longer, everyone))
        )
        moved += told != also or shown != seen
    assert moved == 0


def test_every_horizon_lies_on_the_grid_and_is_a_point_shown() -> None:
    assert set(HORIZON_DAYS.values()) <= set(grid(MEASURE, 731))
    assert grid(MEASURE, 40) == (8, 15, 23, 30, 38, 46, 53, 61)
    found, _ = both(np.random.default_rng(3), *uniform_entry(np.random.default_rng(3), 3000))
    days = [point.time for point in shown_points(found)]
    assert days == [month_end(number) for number in range(1, len(days) + 1)]
    assert set(HORIZON_DAYS.values()) <= set(days)


def test_a_measure_of_days_keeps_its_own_grid() -> None:
    of_days = MEASURE.model_copy(update={"grid": (0, 1, 5, 40)})
    assert grid(of_days, 40) == (0, 1, 5, 40)
    assert grid(of_days, 100) == (0, 1, 5, 40, month_end(4))


@pytest.mark.parametrize("seed", range(6))
def test_spells_by_the_fortnight_are_within_one_percent_of_the_exact_ones(seed: int) -> None:
    """Of two in five it is only known that they were still waiting, many in the fortnight in which others found work."""
    draw = np.random.default_rng(seed)
    days, causes = joblessness(draw)
    assert 0.35 < (causes == "").mean() < 0.45
    published, exact = both(draw, days, causes)
    for horizon in (6, 12):
        assert percent(published, horizon) == pytest.approx(percent(exact, horizon), abs=1)
    half, truly = median_day(published).value, median_day(exact).value
    assert half is not None
    assert truly is not None
    assert abs(half - truly) <= 14


@pytest.mark.parametrize("lost", [0.1, 0.25, 0.4])
def test_no_bias_by_the_amount_of_loss(lost: float) -> None:
    """Twenty samples of 2 000: the mean difference is under half a percent, the median day right within a week."""
    draw = np.random.default_rng(int(100 * lost))
    pairs = [both(draw, *uniform_entry(draw, 2000, lost=lost)) for _ in range(20)]
    for horizon in (6, 12, 24):
        assert abs(np.mean([percent(one, horizon) - percent(exact, horizon) for one, exact in pairs])) < 0.5
    days = [(median_day(one).value or 0) - (median_day(exact).value or 0) for one, exact in pairs]
    assert abs(np.mean(days)) <= 7


@pytest.mark.slow
@pytest.mark.parametrize("size", [400, 2000])
@pytest.mark.parametrize("lost", [0.1, 0.4])
def test_published_intervals_hold_the_true_share(size: int, lost: float) -> None:
    """At least 93 % of 400 intervals, as published (whole percents), hold the truth; the mean is right within one percent."""
    draw, held, found = np.random.default_rng(size), dict.fromkeys(HORIZON_DAYS, 0), dict.fromkeys(HORIZON_DAYS, 0)
    errors: dict[int, list[float]] = {months: [] for months in HORIZON_DAYS}
    gate = Gate(PROTECTED, bytes(32))
    for _ in range(400):
        published = published_of(draw, *uniform_entry(draw, size, lost=lost))
        for horizon, day in HORIZON_DAYS.items():
            truth = 100 * true_incidence(day)
            value, low, high = at_horizon(gate, published, horizon)
            if value.value is None or low is None or high is None:
                continue
            found[horizon] += 1
            held[horizon] += low <= truth <= high
            errors[horizon].append(percent(published, horizon) - truth)
    for horizon in HORIZON_DAYS:
        assert found[horizon] > 350
        assert held[horizon] / found[horizon] >= 0.93
        assert abs(np.mean(errors[horizon])) < 1


def test_a_horizon_with_nobody_followed_to_its_end_is_not_published() -> None:
    """All are lost in the last fortnight before the year is full: the exact curve has no number there, nor the published one."""
    draw = np.random.default_rng(5)
    days = np.concatenate([draw.integers(1, 350, 150), draw.integers(351, 365, 150)])
    published, exact = both(draw, days, np.array([*["work"] * 150, *[""] * 150]))
    for found, gate in ((exact, EXACT), (published, Gate(PROTECTED, bytes(32)))):
        assert at_horizon(gate, found, 6)[0].value is not None
        assert at_horizon(gate, found, 12)[0].value is None


def test_no_event_and_every_event_have_an_interval() -> None:
    draw = np.random.default_rng(6)
    none, every = (
        curve(EXACT, MEASURE, *cells(np.full(60, 400), np.full(60, cause), random_keys(draw, 60)))
        for cause in ("", "work")
    )
    assert none is not None
    assert every is not None
    for horizon, found, expected in ((12, none, (0, 5.96)), (24, every, (94.04, 100))):
        value, low, high = at_horizon(EXACT, found, horizon)
        assert value.value in (0, 100)
        assert (low, high) == pytest.approx(expected, abs=0.01)


def test_isotonic_means_neither_rise_nor_fall_on_the_whole() -> None:
    values = [0, 10, 5, 15, 15, 10, 20]
    assert sum(isotonic(values)) == pytest.approx(sum(values))
    assert isotonic(isotonic(values)) == isotonic(values)


def test_examples() -> None:
    for module in (curves, months):
        result = doctest.testmod(module)
        assert result.attempted
        assert not result.failed

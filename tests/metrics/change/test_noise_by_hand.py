"""The noise of a published number, counted by hand."""

from __future__ import annotations

from math import sqrt

import pytest

from metrics.change.noise import base_of_rounding, most_off, signed_z, spread_of, spread_of_events
from metrics.gate import EVENT_BASES
from metrics.grammar.answer import Row


@pytest.mark.parametrize(
    ("now", "before", "bases", "spread", "z"),
    [
        (130, 120, (1, 1), 1, 10 / sqrt(250)),
        (120, 130, (1, 1), 1, -10 / sqrt(250)),
        (130, 120, (1, 1), 4, 10 / sqrt(1000)),
        # Base 5 varies by (25 − 1) / 6 = 4 on average, base 10 by (100 − 1) / 6 = 16.5.
        (130, 120, (5, 5), 1, 10 / sqrt(250 + 8)),
        (200, 120, (5, 10), 1, 80 / sqrt(320 + 4 + 16.5)),
        # 4 and 4 may be all rounding, and so may 4 and 9.
        (128, 120, (5, 5), 1, 0),
        (129, 120, (5, 5), 1, 9 / sqrt(249 + 8)),
        (120, 128, (5, 5), 1, 0),
        (133, 120, (5, 10), 1, 0),
        (134, 120, (5, 10), 1, 14 / sqrt(254 + 20.5)),
        (120, 120, (1, 1), 1, 0),
    ],
)
def test_the_change_in_units_of_its_noise(
    now: float, before: float, bases: tuple[float, float], spread: float, z: float
) -> None:
    assert signed_z(now, before, bases=bases, spread=spread) == pytest.approx(z)


def test_without_a_word_numbers_are_exact_and_come_one_by_one() -> None:
    assert signed_z(121, 120) == signed_z(121, 120, bases=(1, 1), spread=1.0) == pytest.approx(1 / sqrt(241))


@pytest.mark.parametrize(
    ("published", "base"),
    [(10, 10), (15, 5), (20, 10), (25, 25), (50, 50), (75, 25), (100, 100), (150, 50), (250, 250), (500, 250), (12, 5)],
)
def test_the_base_of_events_is_the_largest_that_fits(published: float, base: int) -> None:
    assert base_of_rounding(published, "encounters") == base
    assert base_of_rounding(published, "clients") == 5
    assert base in EVENT_BASES


def test_rounding_moves_a_whole_number_by_less_than_its_base() -> None:
    assert [most_off(base) for base in (1, 5, 250)] == [0, 4, 249]


@pytest.mark.parametrize(("each", "spread"), [(0.5, 1), (1, 1), (1.5, 2), (2, 3), (3.5, 6)])
def test_the_spread_of_bundled_events(each: float, spread: float) -> None:
    assert spread_of(each) == spread


@pytest.mark.parametrize(
    ("value", "n", "spread"),
    [(300, 100, 5), (100, 100, 1), (None, 100, None), (300, None, None), (0, 100, None), (300, 0, None)],
)
def test_the_spread_of_a_row(value: float | None, n: float | None, spread: float | None) -> None:
    assert spread_of_events(Row("encounters", {}, "2026", value, "encounters", n=n)) == spread
    assert spread_of_events(None) is None

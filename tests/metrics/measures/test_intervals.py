"""Intervals of quantiles and means, counted by hand: the spread of their distribution, widened by clustering and rounding."""

from __future__ import annotations

from collections.abc import Sequence
from math import sqrt

import pytest

from metrics.gate import Cell, Gate
from metrics.measures.intervals import mean_interval, quantile_interval

EXACT, PROTECTED = Gate("internal", b"noise"), Gate("protected", b"noise")
GRID = (0, 25, 50, 75, 100)


def steps(counts: Sequence[tuple[int, int]], each: int = 1) -> list[tuple[int, Cell]]:
    """Cumulative cells of clients with so many events each, by value."""
    found, upto = [], 0
    for value, clients in counts:
        upto += clients
        found.append((value, Cell(n=upto, n_key=upto, u=upto, u_key=upto, e=upto * each, m=each)))
    return found


def test_the_median_lies_where_the_share_below_may_be_a_half() -> None:
    """Of 100 values 1 … 100, Wilson's interval of 50 % is 40.4–59.6 %: the 41st and the 60th value."""
    assert quantile_interval(EXACT, steps([(n, 1) for n in range(1, 101)]), 0.5, GRID) == (41, 60)


def test_events_of_few_clients_have_a_wider_interval() -> None:
    """4 events each make an overdispersion of 7, so that 400 events count as 57: Wilson 37.4–62.6 %."""
    assert quantile_interval(EXACT, steps([(n, 1) for n in range(1, 101)], each=4), 0.5, GRID) == (38, 63)


def test_protected_ends_lie_between_the_points_of_the_grid_and_allow_for_rounding() -> None:
    many = [(n, 10) for n in range(1, 101)]
    assert quantile_interval(EXACT, steps(many), 0.5, GRID) == (47, 54)
    low, high = quantile_interval(PROTECTED, steps(many), 0.5, GRID)
    assert 0 < (low or 0) < 47
    assert (high or 0) > 54
    # Too few, and an end beyond the grid.
    assert quantile_interval(PROTECTED, steps([(1, 20), (2, 20)]), 0.5, GRID) == (None, None)
    assert quantile_interval(PROTECTED, steps([(200, 100)]), 0.5, GRID) == (None, None)
    assert quantile_interval(EXACT, [], 0.5, GRID) == (None, None)


def test_a_mean_has_the_interval_of_its_classes() -> None:
    """Half 1 and half 5: mean 3, variance 4, standard error √(4 / 100) = 0.2."""
    assert mean_interval(EXACT, steps([(1, 50), (5, 50)]), (1, 2, 3, 4, 5)) == pytest.approx((3 - 0.392, 3 + 0.392))
    clustered = mean_interval(EXACT, steps([(1, 50), (5, 50)], each=4), (1, 2, 3, 4, 5))
    assert clustered == pytest.approx((3 - 1.96 * sqrt(7 * 4 / 400), 3 + 1.96 * sqrt(7 * 4 / 400)))


def test_rounding_widens_a_protected_mean() -> None:
    # 1 005 and 2 010 are multiples of 5 and not of 25, so the base is 5 with variance 4; of 10 the total shows.
    counts = steps([(1, 1005), (5, 1010)])
    exact, protected = (mean_interval(gate, counts, (1, 5)) for gate in (EXACT, PROTECTED))
    assert exact[0] is not None
    assert protected[0] is not None
    assert protected[0] < exact[0]
    assert mean_interval(PROTECTED, steps([(1, 20), (5, 20)]), (1, 5)) == (None, None)

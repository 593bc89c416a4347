"""The difference of two medians by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import polars as pl
import pytest

from metrics.hypotheses.medians import difference


def test_the_difference_of_medians_moves_within_a_day() -> None:
    def people(group: bool, days: list[int], first: int) -> pl.DataFrame:
        units = range(first, first + len(days))
        return pl.DataFrame({"group": group, "unit": units, "days": days, "n": 1})

    sample = pl.concat([people(True, [3] * 60 + [4] * 40, 0), people(False, [2] * 40 + [3] * 60, 1000)])
    found = difference(sample)
    assert found is not None
    # 3 − 0.5 + 50/60 against 3 − 0.5 + 10/60.
    assert found.value == pytest.approx(40 / 60)
    assert found.lower < found.value < found.upper
    twice = difference(sample.with_columns(n=pl.lit(2)))
    assert twice is not None
    assert twice.value == pytest.approx(found.value)
    assert twice.upper - twice.lower == pytest.approx(found.upper - found.lower, rel=1e-9), "the same clients, twice"


@pytest.mark.parametrize(
    ("other", "first", "times"),
    [(range(1, 100), 0, 0.0), (range(1, 100), 1000, math.sqrt(2)), (range(99, 0, -1), 0, 2.0)],
    ids=["each client twice the same", "clients of their own", "each client the other way round"],
)
def test_clients_in_both_groups_make_medians_go_together(other: Sequence[int], first: int, times: float) -> None:
    """Both medians are 50, and 1.96 · 0.5/√99 of the 99 clients on both sides of it are 9.75 days."""
    sample = pl.concat(
        [
            pl.DataFrame({"group": True, "unit": range(99), "days": range(1, 100), "n": 1}),
            pl.DataFrame({"group": False, "unit": range(first, first + 99), "days": other, "n": 1}),
        ]
    )
    found = difference(sample)
    assert found is not None
    assert (found.value, found.p) == (0, 1)
    reach = 1.959964 * 0.5 * math.sqrt(99)
    assert (found.lower, found.upper) == pytest.approx((-times * reach, times * reach), rel=1e-6, abs=1e-3)

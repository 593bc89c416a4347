"""When enough have come to a figure since each month, counted again by sets of people."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.cube import margins
from metrics.cube.agreement import ALONE
from metrics.cube.chains import NEVER
from metrics.cube.margins import MarginalTable
from metrics.cube.visits import SortedVisits

MONTHS = 7
Visit = tuple[int, int, int]
visits = st.sets(
    st.tuples(st.integers(0, 4), st.sampled_from([*range(1, 9), *range(-4, 0)]), st.integers(0, MONTHS - 1))
)


def until(come: set[Visit], enough: int) -> list[list[int]]:
    """Return by group and month how many months have passed when enough have come since it; clients and others apart."""
    cell, client, month = (np.array([one[place] for one in sorted(come)], np.int64) for place in range(3))
    figure = MarginalTable(SortedVisits.of(cell, client, month, 5, (0, MONTHS - 1), ALONE), (), (), len(come), enough)
    found: list[list[int]] = figure.until.tolist()
    return found


def by_sets(come: set[Visit], enough: int) -> list[list[int]]:
    found = []
    for group in range(10):
        own = [(client, month) for cell, client, month in come if cell * 2 + (client > 0) == group]
        reached = [
            [
                until
                for until in range(since + 1, MONTHS + 1)
                if len({who for who, at in own if since <= at < until}) >= enough
            ]
            for since in range(MONTHS)
        ]
        found.append([*(months[0] if months else NEVER for months in reached), NEVER])
    return found


@given(visits, st.integers(1, 5))
def test_as_by_sets(come: set[Visit], enough: int) -> None:
    if come:
        assert until(come, enough) == by_sets(come, enough)


def test_as_by_sets_a_few_groups_at_a_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(margins, "_MOST_NUMBERS", MONTHS**2)
    rng = np.random.default_rng(3)
    for _ in range(20):
        come = {
            (int(cell), int(client), int(month))
            for cell, client, month in rng.integers((0, 1, 0), (5, 9, MONTHS), (60, 3))
        }
        assert until(come, 3) == by_sets(come, 3)


def test_nobody_who_had_come_since_is_new() -> None:
    come = {(0, 1, 0), (0, 1, 2), (0, 2, 3)}
    assert until(come, 2)[1][:5] == [4, 4, 4, NEVER, NEVER]

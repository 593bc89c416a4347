"""What a click costs the server, and that memory stays bounded though nothing is collected by force."""

import pytest

from data.store.store import Store
from tests.benchmarks.clicks import measure

pytestmark = pytest.mark.benchmark

CLICKS = 300
MOST_GROWTH = 60
"""Megabytes that the second half of the clicks may add: what Python has not yet collected, not what is kept."""


def test_a_click_costs_less_and_memory_stays_bounded(small: Store) -> None:
    before, after = (measure(small.path.resolve(), CLICKS, way) for way in ("before", "after"))
    print(f"\n{before}\n{after}")
    assert after.cpu < before.cpu
    half = len(after.megabytes) // 2
    assert max(after.megabytes[half:]) - max(after.megabytes[:half]) < MOST_GROWTH

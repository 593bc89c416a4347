"""A survival curve costs what its cases cost: ten times as many take about ten times as long."""

from __future__ import annotations

import random
from time import process_time

import pytest

from metrics.measures.survival import aalen_johansen
from tests.metrics.measures.life_tables import life_table

pytestmark = pytest.mark.benchmark

CAUSES = ("work", "exit", "")


def seconds(cases: int) -> float:
    """The best of five."""
    draw = random.Random(3)
    durations, reasons = draw.choices(range(1500), k=cases), draw.choices(CAUSES, k=cases)
    best = float("inf")
    for _ in range(5):
        begin = process_time()
        aalen_johansen(life_table(durations, reasons), "work")
        best = min(best, process_time() - begin)
    return best


def test_ten_times_as_many_cases() -> None:
    few, many = seconds(100_000), seconds(1_000_000)
    print(f"curve of 100 000 cases {few:.3f} s, of 1 000 000 {many:.3f} s")
    assert many < 15 * few

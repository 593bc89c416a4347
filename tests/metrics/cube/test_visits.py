"""Visits in arrays: in half the room, and right where numbers made of them have no room in it."""

from __future__ import annotations

import numpy as np
import pytest

from metrics.cube.agreement import ALONE
from metrics.cube.visits import SortedVisits, pair, small, stable_order

CELLS, SPAN, MANY = 900_000, 2_000, 4_000


@pytest.fixture(scope="module")
def visits() -> tuple[SortedVisits, np.ndarray, np.ndarray, np.ndarray]:
    """Cells × clients × months are far more than 2³²; a third of the visitors are anonymous."""
    chance = np.random.default_rng(5)
    cell = chance.choice([3, 70_000, CELLS - 1], MANY)
    client = chance.integers(-1_000, 2_000, MANY) * 2**40 + 1
    month = chance.integers(24_000, 24_000 + SPAN, MANY).astype(np.int32)
    came = SortedVisits.of(cell, client, month, CELLS, (24_000, 24_000 + SPAN - 1), ALONE)
    return came, cell, client, month


def test_they_are_in_the_order_of_cell_client_and_month(
    visits: tuple[SortedVisits, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    came, cell, client, month = visits
    order = np.lexsort((month, client, cell * 2 + (client > 0)))
    for found, sought in (
        (came.order, order),
        (came.at + 24_000, month[order]),
        (came.group, (cell * 2 + (client > 0))[order]),
    ):
        assert np.array_equal(found, sought)
    runs = came.runs(came.begins(0))
    assert runs.sum() == len({(cell[at], client[at]) for at in range(MANY)})


def test_of_each_visit_every_number_takes_four_bytes(
    visits: tuple[SortedVisits, np.ndarray, np.ndarray, np.ndarray],
) -> None:
    came = visits[0]
    code = np.arange(CELLS) % 7
    later = came.since(np.where(came.at > 9, came.at, SPAN + 1))
    for some in (came, came.by_code(code), later, later.by_code(code, later.at > 99)):
        arrays = (some.order, some.group, some.client, some.at, some.first(some.begins(12)))
        assert {one.dtype for one in arrays} == {np.dtype(np.int32)}


def test_what_has_no_room_in_four_bytes_keeps_eight() -> None:
    assert small(np.array([2**31 - 2]), 2**31 - 1).dtype == np.int32
    assert small(np.array([2**31 - 1]), 2**31).tolist() == [2**31 - 1]
    assert pair(np.array([2**20], np.int32), np.array([2**20 - 1], np.int32), 2**20).tolist() == [2**40 + 2**20 - 1]


@pytest.mark.parametrize("most", [1, 2**16 - 1, 2**16, 2**31 - 1, 2**48])
def test_the_order_of_numbers_of_any_size(most: int) -> None:
    keys = np.random.default_rng(most).integers(0, most, 5_000, endpoint=True)
    assert np.array_equal(stable_order(keys), np.argsort(keys, kind="stable"))
    assert stable_order(keys[:0]).tolist() == []

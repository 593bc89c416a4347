"""What is found once of an object, while others look at other objects."""

from __future__ import annotations

import threading
from collections.abc import Callable

from metrics.cube.lazily import lazily
from metrics.cube.visits import SortedVisits


class _Told:
    """Tells what it is given a way to find."""

    def __init__(self, find: Callable[[], int]) -> None:
        self._find = find

    @lazily
    def value(self) -> int:
        """What is found."""
        return self._find()


def test_it_is_found_once() -> None:
    found = iter(range(10))
    one = _Told(lambda: next(found))
    assert [one.value, one.value, one.value] == [0, 0, 0]


def test_nobody_waits_for_another_object() -> None:
    """The first is found only when the second has been: behind one lock for both, neither would ever be."""
    second_is_there = threading.Event()
    first = _Told(lambda: int(second_is_there.wait(10)))
    told: list[int] = []
    thread = threading.Thread(target=lambda: told.append(first.value))
    thread.start()
    assert _Told(lambda: 7).value == 7
    second_is_there.set()
    thread.join(20)
    assert told == [1]


def test_visits_are_told_so() -> None:
    assert isinstance(SortedVisits.groups, lazily)

"""The local door opens once for its key, and stays open for that browser until the day is over or it is locked."""

from __future__ import annotations

from pages.access.local_door import HOURS_OPEN, LocalDoor


class Clock:
    now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_key_opens_once() -> None:
    door = LocalDoor()
    key = door.key
    made = door.open(key)
    assert made is not None
    assert door.lets_in(made)
    assert door.open(key) is None
    assert door.key != key
    assert door.open(door.key) not in (None, made)


def test_no_other_text_opens() -> None:
    door = LocalDoor()
    for wrong in ("", "x", door.key[:-1], door.key + "x", door.key.swapcase(), "ä" * 43):
        assert door.open(wrong) is None
    for wrong_pass in (None, "", "x", door.key):
        assert not door.lets_in(wrong_pass)


def test_a_pass_ends_with_the_day_and_with_the_lock() -> None:
    clock = Clock()
    door = LocalDoor(clock)
    first, second = door.open(door.key), door.open(door.key)
    door.close(first)
    assert not door.lets_in(first)
    clock.now += HOURS_OPEN * 3600 - 1
    assert door.lets_in(second)
    clock.now += 1
    assert not door.lets_in(second)
    door.close("never given")
    door.close(None)


def test_a_pass_of_one_server_opens_no_other() -> None:
    one, other = LocalDoor(), LocalDoor()
    assert not other.lets_in(one.open(one.key))


def test_the_browsers_let_in_are_bounded() -> None:
    door = LocalDoor()
    passes = [door.open(door.key) for _ in range(60)]
    assert [door.lets_in(one) for one in (passes[0], passes[9], passes[10], passes[-1])] == [False, False, True, True]

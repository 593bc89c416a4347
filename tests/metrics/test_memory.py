"""The memory all visitors share: never heavier than its bound, the longest unused goes first, whoever asks at once."""

import random
import threading

import pytest

from metrics.memory import Memory


def test_the_longest_unused_goes_first() -> None:
    memory: Memory[str, str] = Memory(3)
    for key in "abc":
        memory.put(key, key.upper(), 1)
    assert memory.get("a") == "A"
    memory.put("d", "D", 1)
    assert [memory.get(key) for key in "abcd"] == ["A", None, "C", "D"]


@pytest.mark.parametrize(("weight", "kept"), [(9, True), (10, True), (11, False)])
def test_what_is_heavier_than_the_bound_is_not_held(weight: int, kept: bool) -> None:
    memory: Memory[str, str] = Memory(10)
    memory.put("a", "A", weight)
    assert (memory.get("a") == "A") is kept
    assert memory.weight == (weight if kept else 0)


def test_a_value_that_grows_pushes_others_out_and_at_last_itself() -> None:
    memory: Memory[str, list[int]] = Memory(10)
    one, other = [1], [2]
    memory.put("one", one, 4)
    memory.put("other", other, 4)
    memory.grow("one", one, 3)
    assert (memory.get("other"), memory.get("one"), memory.weight) == (None, one, 7)
    memory.grow("one", [1], 1)
    assert memory.weight == 7, "another value of the same key has grown, not the one held"
    memory.grow("one", one, 4)
    assert (memory.get("one"), memory.weight, len(memory)) == (None, 0, 0)
    memory.grow("one", one, 4)
    assert memory.weight == 0


def test_a_key_put_again_is_weighed_once() -> None:
    memory: Memory[str, str] = Memory(10)
    memory.put("a", "old", 6)
    memory.put("a", "new", 7)
    assert (memory.get("a"), memory.weight, len(memory)) == ("new", 7, 1)
    memory.clear()
    assert (memory.get("a"), memory.weight) == (None, 0)


def test_what_could_not_be_made_is_asked_again() -> None:
    memory: Memory[str, str] = Memory(10)

    def fail() -> str:
        raise KeyError("no store")

    for _ in range(2):
        with pytest.raises(KeyError, match="no store"):
            memory.recall("a", fail, len)
    made = [memory.recall("a", lambda: "made", len), memory.recall("a", fail, len)]
    assert made == ["made", "made"]


def test_the_bound_holds_for_threads_at_once() -> None:
    memory: Memory[int, str] = Memory(100)
    heaviest: list[int] = []

    def visit(seed: int) -> None:
        chance = random.Random(seed)
        for _ in range(2_000):
            key = chance.randrange(40)
            value = memory.recall(key, lambda key=key: str(key), lambda _: chance.randrange(1, 20))  # type: ignore[misc]
            assert value == str(key)
            memory.grow(key, value, chance.randrange(3))
            heaviest.append(memory.weight)

    threads = [threading.Thread(target=visit, args=(seed,)) for seed in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)
    assert len(heaviest) == 4 * 2_000
    entries = sum(weight for _, weight in memory._entries.values())
    assert memory.weight == entries <= 100

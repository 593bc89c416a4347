"""Masks cancel in the sum of all, and leave nothing to see in any sum of fewer."""

from __future__ import annotations

import hashlib
import random
from itertools import combinations

import numpy as np
import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from metrics.sums.errors import SumError
from metrics.sums.masks import Numbers, from_bytes, masked, to_bytes

ROUND = "ab" * 32


def keys(count: int) -> list[X25519PrivateKey]:
    chance = random.Random(count)
    return [X25519PrivateKey.from_private_bytes(chance.randbytes(32)) for _ in range(count)]


def public(key: X25519PrivateKey) -> str:
    return key.public_key().public_bytes_raw().hex()


def of_all(numbers: list[Numbers], round_id: str = ROUND) -> list[Numbers]:
    every = keys(len(numbers))
    names = [public(one) for one in every]
    return [
        masked(own, key, [one for one in names if one != name], round_id)
        for own, key, name in zip(numbers, every, names, strict=True)
    ]


def some(publishers: int, cells: int) -> list[Numbers]:
    chance = np.random.default_rng(publishers)
    return [chance.integers(0, 3, (cells, 12)).astype(np.uint64) for _ in range(publishers)]


def total(numbers: list[Numbers]) -> Numbers:
    found = np.zeros_like(numbers[0])
    for one in numbers:
        found += one
    return found


def looks_random(numbers: Numbers) -> bool:
    """Whether the bytes are of every value equally often, by a chi-square with 255 degrees of freedom."""
    counts = np.bincount(np.frombuffer(numbers.tobytes(), np.uint8), minlength=256)
    expected = numbers.nbytes / 256
    return bool(((counts - expected) ** 2 / expected).sum() < 360)


def test_nine_publishers_masks_cancel() -> None:
    numbers = some(9, 300)
    assert (total(of_all(numbers)) == total(numbers)).all()
    assert not looks_random(total(numbers))


def test_a_sum_of_fewer_than_all_is_any_number() -> None:
    numbers = some(4, 3000)
    sent = of_all(numbers)
    for size in (1, 2, 3):
        for few in combinations(sent, size):
            assert looks_random(total(list(few)))


def test_the_others_of_a_coalition_are_told_together_and_not_apart() -> None:
    """Whoever adds, with two of four publishers, takes away all masks but the one between the two others."""
    numbers = some(4, 3000)
    sent, every = of_all(numbers), keys(4)
    names = [public(one) for one in every]
    left = sent[0].copy()
    for one in (2, 3):  # of whom the keys are known
        nothing = np.zeros_like(left)
        left += masked(nothing, every[one], [names[0]], ROUND)
    assert looks_random(left)
    assert (left - numbers[0] == masked(np.zeros_like(left), every[0], [names[1]], ROUND)).all()


def test_another_round_has_other_masks() -> None:
    numbers = some(3, 100)
    one, other = of_all(numbers), of_all(numbers, "cd" * 32)
    assert not (one[0] == other[0]).any()
    assert not (total([one[0], *other[1:]]) == total(numbers)).any()


def test_masks_are_the_same_in_every_version_of_the_program() -> None:
    """Publishers of one round may have installed different ones."""
    first, second = keys(2)
    found = masked(np.zeros((2, 12), dtype=np.uint64), first, [public(second)], ROUND)
    assert hashlib.sha256(to_bytes(found)).hexdigest()[:16] == "f3b1dc2ea55a16a5"


def test_numbers_stand_in_a_file_as_they_are() -> None:
    [one] = some(1, 7)
    assert (from_bytes(to_bytes(one), 12) == one).all()


def test_a_key_that_gives_everybody_the_same_secret_is_refused() -> None:
    [own] = keys(1)
    with pytest.raises(SumError) as error:
        masked(some(1, 2)[0], own, ["00" * 32], ROUND)
    assert (error.value.reason, error.value.params) == ("forged", {"file": "0" * 16})


@pytest.mark.simulation
def test_three_hundred_publishers_masks_cancel() -> None:
    numbers = some(300, 1000)
    assert (total(of_all(numbers)) == total(numbers)).all()

"""The gate of a sum: the rounding of a publisher's own where nobody else has anybody, and of chance where others have."""

from __future__ import annotations

import hashlib
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics.audience import PROTECTED
from metrics.gate import BASE, EVENT_BASES, PUBLISHERS_FROM, Cell, Gate, SummedGate
from metrics.sums.cells import bases_exceeded, summed_cell

KEYS = [hashlib.sha256(bytes([number])).digest() for number in range(9)]


@st.composite
def cells(draw: st.DrawFn) -> Cell:
    n = draw(st.integers(0, 60))
    u = n + draw(st.integers(0, 10))
    busiest = draw(st.integers(1, 300)) if u else 0
    events = draw(st.integers(u + busiest - 1, u * busiest)) if u else 0
    key = draw(st.integers(0, 2**61)) * n
    return Cell(n, key, u, key if u == n else key + draw(st.integers(1, 2**61)), events, busiest)


def summed(*several: tuple[Gate, Cell], scale: int = 1) -> Cell:
    draws = [gate.draws(cell) for gate, cell in several]
    over = [any(flags) for flags in zip(*(bases_exceeded(cell, scale) for _, cell in several), strict=True)]
    return summed_cell(
        sum(cell.n for _, cell in several), sum(n for n, _ in draws), sum(cell.u for _, cell in several),
        sum(u for _, u in draws), sum(cell.e for _, cell in several), over, scale,
    )  # fmt: skip


@given(cell=cells(), at=st.integers(0, 8), scale=st.sampled_from([1, 60]))
def test_people_whom_one_publisher_has_alone_are_rounded_as_it_has_published_them(
    cell: Cell, at: int, scale: int
) -> None:
    own = Gate(PROTECTED, KEYS[at])
    several = [(Gate(PROTECTED, key), cell if number == at else Cell()) for number, key in enumerate(KEYS)]
    whole = summed(*several, scale=scale)
    assert SummedGate().clients(whole) == own.clients(cell)
    assert SummedGate().events(whole, scale) == own.events(cell, scale)


def test_nobody_has_no_draw() -> None:
    gate, several = Gate(PROTECTED, KEYS[0]), Cell(0, 0, 4, 77, 4, 1)
    assert gate.draws(Cell()) == (0, 0)
    assert gate.draws(several)[0] == 0 < gate.draws(several)[1]
    assert PUBLISHERS_FROM == 3  # of two, each would know what the other has


def test_others_make_it_another_draw() -> None:
    same = 0
    gates = [Gate(PROTECTED, key) for key in KEYS[:2]]
    for key in range(1, 401):
        one, other = Cell(12, key, 12, key, 12, 1), Cell(20, key * 7, 20, key * 7, 20, 1)
        alone = gates[0].clients(one).value
        together = SummedGate().clients(summed((gates[0], one), (gates[1], other))).value
        assert together in (30, 35)
        same += (alone == 15) == (together == 35)
    assert 150 < same < 250  # as by chance: 0.4 · 0.4 + 0.6 · 0.6 of 400 would be 208


def test_sums_are_right_on_average_and_never_far_off() -> None:
    gates, off = [Gate(PROTECTED, key) for key in KEYS], []
    for number in range(500):
        several = [(gate, Cell(3, number * 99 + i, 3, number * 99 + i, 3, 1)) for i, gate in enumerate(gates)]
        value = SummedGate().clients(summed(*several)).value
        assert value is not None
        off.append(value - 27)
    assert set(off) == {-2, 3}
    assert abs(sum(off) / len(off)) < 0.35


def test_the_busiest_unit_of_anybody_decides_the_base() -> None:
    gate = Gate(PROTECTED, KEYS[0])
    for base, following in zip(EVENT_BASES, (*EVENT_BASES[1:], None), strict=True):
        quiet, busy = Cell(30, 5, 30, 5, 60, 2), Cell(30, 6, 30, 6, 700, base + 1)
        whole = summed((gate, quiet), (gate, busy))
        value = SummedGate().events(whole).value
        assert (value is None) == (following is None)
        if value is not None and following is not None:
            assert value % following == 0
            assert abs(value - 760) < following
    assert summed((gate, Cell(30, 5, 30, 5, 60, BASE))).m == BASE


@pytest.mark.simulation
@pytest.mark.parametrize(("publishers", "most"), [(1, 0.201), (2, 0.25), (3, 0.225), (9, 0.207)])
def test_how_much_figures_of_publishers_and_of_their_sum_tell_together(publishers: int, most: float) -> None:
    """How often the likeliest number of a publisher is the right one: 20 % by its own figure, 30 % by two roundings."""
    chance, count = np.random.default_rng(publishers), 2_000_000
    n, draws = chance.integers(20, 60, (count, publishers)), chance.random((count, publishers))

    def rounded(value: Any, draw: Any) -> Any:
        return value - value % BASE + BASE * (draw < value % BASE / BASE)

    own = rounded(n, draws)
    told = rounded(n.sum(axis=1), draws.sum(axis=1) % 1) - own.sum(axis=1)
    off = n[:, 0] - own[:, 0] + BASE
    right = sum(np.bincount(off[told == seen]).max() for seen in np.unique(told)) / count
    assert 0.199 < right < most

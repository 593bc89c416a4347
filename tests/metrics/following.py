"""The attack of following: who is the only one of a group in a month is looked for in all numbers of the group's parts.

The group is of two codes at once, or of one that few who meet a condition have, or of one whose people are in several tables. The
attacker knows when people of the group came, how protected numbers are made, and each part's number to each month. For each code
of an attribute he asks how likely these numbers are if the one has the code, and if not: by going through all that may be in the
cell and all that may wait, forwards and backwards (a hidden Markov model). Against him stands the guess of the commonest code.
"""

from __future__ import annotations

import math
import random
from collections import defaultdict
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
import numpy.typing as npt

from metrics.audience import PROTECTED
from metrics.cube.agreement import ALONE
from metrics.cube.batching import when_counted
from metrics.cube.chains import NEVER
from metrics.cube.margins import Breakdown
from metrics.cube.visits import SortedVisits
from metrics.gate import BASE, SHOWN_FROM, Cell, Gate, enough_from

MONTHS = 24
"""How many there are: of all time, so that several groups enter one after another."""
CODES = {"channel": 4, "topic": 5, "resolution": 3, "service_point": 4, "sex": 2, "age_band": 7}
"""Attributes and how many codes each has."""
GATE = Gate(PROTECTED, b"following" * 4)
MOST = 100
"""More than come to a part of a group."""
Codes = tuple[int, ...]
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Visitor:
    """Somebody who comes once, in a month from 1 on."""

    client: int
    month: int
    codes: Mapping[str, int]


@dataclass
class Guesses:
    """How many attributes were guessed rightly: by the attack, and by the commonest code to the last month."""

    attributes: int = 0
    right: int = 0
    usual: int = 0

    def add(self, other: Guesses) -> None:
        self.attributes += other.attributes
        self.right += other.right
        self.usual += other.usual

    def over(self) -> float:
        """Percentage points by which the attack is better."""
        return 100 * (self.right - self.usual) / self.attributes

    def __str__(self) -> str:
        return f"{self.attributes}: {100 * self.right / self.attributes:.1f} % ({100 * self.usual / self.attributes:.1f} %)"


def tastes(chance: random.Random, codes: Mapping[str, int]) -> dict[str, list[float]]:
    return {name: [chance.uniform(0.4, 1.6) for _ in range(count)] for name, count in codes.items()}


def visitor(chance: random.Random, month: int, of: Mapping[str, list[float]], **codes: int) -> Visitor:
    drawn = {name: chance.choices(range(len(weights)), weights)[0] for name, weights in of.items()}
    return Visitor(chance.getrandbits(60) + 1, month, drawn | codes)


def to_each_month(
    visitors: Sequence[Visitor], names: tuple[str, ...], together: int, met: str = "", *, waits: bool = True
) -> Mapping[Codes, list[int]]:
    """By codes, the number to each month that visitors of the page see, 0 where it is not shown.

    met: an attribute; only those for whom it is 1 are counted; waits: whether they wait to be counted as such.
    """
    rows = np.array([[one.codes[name] for name in names] for one in visitors])
    cells, cell = np.unique(rows, axis=0, return_inverse=True)
    clients, months = (np.array([getattr(one, name) for one in visitors]) for name in ("client", "month"))
    came = SortedVisits.of(cell, clients, months, len(cells), (1, MONTHS), ALONE)
    meets = np.array([not met or one.codes[met] == 1 for one in visitors])[came.order]
    breakdown, begins = Breakdown(came, list(cells.T), enough_from(together)), {"all": came.begins(0)}
    counted = {of: at for _, of, at in when_counted(breakdown, begins, together, {met: meets} if met and waits else {})}
    at = counted[met if waits else ""]
    inside: dict[Codes, list[tuple[int, int]]] = defaultdict(list)
    for place in np.flatnonzero(meets & (at < NEVER)):
        inside[tuple(rows[came.order[place]].tolist())].append((int(at[place]), int(clients[came.order[place]])))
    return {
        codes: [_shown([client for at, client in people if at <= month]) for month in range(MONTHS)]
        for codes, people in inside.items()
    }


def _shown(clients: Collection[int]) -> int:
    value = GATE.clients(Cell(n=len(clients), n_key=sum(clients))).value
    return int(value or 0)


def windows(came: Sequence[int], together: int) -> list[bool]:
    """By month, whether enough of the group have come since the last month in which that was so."""
    found, waiting = [], 0
    for count in came:
        waiting += count
        found.append(waiting >= enough_from(together))
        waiting = 0 if found[-1] else waiting
    return found


def guessed(
    tables: Sequence[tuple[Mapping[int, list[int]], Sequence[int], int]], codes: int, together: int,
    may: Callable[[Sequence[int]], Sequence[bool]],
) -> tuple[int, int]:  # fmt: skip
    """The code of somebody that all numbers make most likely, and the commonest one.

    tables: of each in which they are, the numbers of each code to each month, how many of the group came in each month, and when
    they came (0: the first month); may: when cells may take people in.
    """
    sizes = [numbers[-1] or BASE - 1 for numbers in (tables[0][0].get(code, [0] * MONTHS) for code in range(codes))]
    scores = list(map(float, sizes))
    for of_codes, came, month in tables:
        for code in range(codes):
            share = round(min(max(sizes[code] / sum(sizes), 0.01), 0.99), 3)
            numbers = tuple(of_codes.get(code, [0] * MONTHS))
            scores[code] *= _ratios(numbers, tuple(came), share, together, tuple(may(came)))[month]
    return max(range(codes), key=scores.__getitem__), max(range(codes), key=sizes.__getitem__)


@cache
def _ratios(
    numbers: tuple[int, ...], came: tuple[int, ...], share: float, together: int, may: tuple[bool, ...]
) -> list[float]:
    """By month, how much likelier the numbers are if one of those who came then has the code than if none has.

    A state is how many are in the cell, and how many wait. share: how likely one who comes has the code.
    """
    wide = max(came) + 3 * together
    state, forwards = np.zeros((MOST, wide)), []
    state[0, 0] = 1
    for month, number in enumerate(numbers):
        forwards.append(state)
        state = _moved(
            _come(state, came[month], share), together, numbers[month - 1] if month else 0, number, may[month]
        )
        state = state / (state.sum() or 1)
    after, found = np.ones((MOST, wide)), [1.0] * MONTHS
    for month in reversed(range(MONTHS)):
        then = _moved_back(after, together, numbers[month - 1] if month else 0, numbers[month], may[month])
        none, one = (forwards[month] * then).sum(), (forwards[month][:, :-1] * then[:, 1:]).sum()
        found[month] = float((one + 1e-9) / (none + 1e-9))
        after = _come_back(then, came[month], share)
        after = after / (after.sum() or 1)
    return found


def _come(state: Floats, count: int, share: float) -> Floats:
    found = np.zeros_like(state)
    for k, chance in enumerate(_binomial(count, share)):
        found[:, k:] += chance * state[:, : state.shape[1] - k]
    return found


def _come_back(after: Floats, count: int, share: float) -> Floats:
    found = np.zeros_like(after)
    for k, chance in enumerate(_binomial(count, share)):
        found[:, : after.shape[1] - k] += chance * after[:, k:]
    return found


def _moved(state: Floats, together: int, before: int, number: int, may: bool) -> Floats:
    """Those who wait enter if they may and are enough; nobody's number moves without that."""
    found = state.copy() if before == number else np.zeros_like(state)
    if may:
        found[:, together:] = 0
        for k in range(together, state.shape[1]):
            found[k:, 0] += state[: MOST - k, k] * _rounds_to(number)[k:]
    return found


def _moved_back(after: Floats, together: int, before: int, number: int, may: bool) -> Floats:
    found = after.copy() if before == number else np.zeros_like(after)
    if may:
        found[:, together:] = 0
        for k in range(together, after.shape[1]):
            found[: MOST - k, k] += after[k:, 0] * _rounds_to(number)[k:]
    return found


@cache
def _rounds_to(number: int) -> Floats:
    """How likely each number of people is shown as a number."""
    people = np.arange(MOST)
    down, up = people - people % BASE, people % BASE / BASE
    of = [np.where(one >= SHOWN_FROM, one, 0) == number for one in (down, down + BASE)]
    return np.asarray(of[0] * (1 - up) + of[1] * up)


@cache
def _binomial(count: int, share: float) -> list[float]:
    return [math.comb(count, k) * share**k * (1 - share) ** (count - k) for k in range(count + 1)]

"""How much example data is made, for which days, and where its randomness comes from."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from data import clock
from data.refusal import Refusal

Codes = npt.NDArray[np.uint8]
Days = npt.NDArray[np.int32]
Numbers = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]
Shares = npt.NDArray[np.float64]

DEFAULT_ENCOUNTERS = 50_000
MOST_ENCOUNTERS = 100_000_000
FIRST_END = date(2000, 1, 1)
CLIENTS_PER_ENCOUNTER = 0.22
ANONYMOUS_SHARE = 0.08
ENROLMENTS_PER_ENCOUNTER = 0.03

_PARTS = ("people", "visits", "encounters", "referrals", "competence_centre", "places", "sex_and_age")
_FINENESS = 4096


class PlanError(Refusal, ValueError):
    """A plan outside what can be made. `reason`: the option (`encounters`, `until`); `params`: what it allows."""

    family = "sample"


@dataclass(frozen=True)
class Plan:
    """What is asked for. Days are counted from `first` = 0; equal plans give equal records."""

    encounters: int
    seed: int
    first: date
    last: date

    @property
    def days(self) -> int:
        """Number of days, both ends included."""
        return (self.last - self.first).days + 1

    @property
    def clients(self) -> int:
        """Identified clients; every one of them has at least one encounter."""
        return min(max(1, round(self.encounters * CLIENTS_PER_ENCOUNTER)), self.encounters - self.anonymous)

    @property
    def anonymous(self) -> int:
        """Visitors who left no client number, one encounter each."""
        return min(round(self.encounters * ANONYMOUS_SHARE), self.encounters - 1)

    @property
    def years(self) -> range:
        """Calendar years the days touch."""
        return range(self.first.year, self.last.year + 1)

    def months(self) -> list[date]:
        """First days of all calendar months the days touch."""
        count = (self.last.year - self.first.year) * 12 + self.last.month - self.first.month + 1
        start = self.first.year * 12 + self.first.month - 1
        return [date((start + k) // 12, (start + k) % 12 + 1, 1) for k in range(count)]

    def randomness(self, part: str, number: int = 0) -> np.random.Generator:
        """An own stream for each part and chunk, so that a change in one part leaves the others as they were."""
        return np.random.Generator(np.random.PCG64([self.seed, _PARTS.index(part), number]))


def make_plan(encounters: int = DEFAULT_ENCOUNTERS, seed: int = 1, until: date | None = None) -> Plan:
    """A plan of about three years from 1 January to `until` (default: the last day of the month before this one).

    Raises PlanError when `encounters` is out of range or `until` lies in the future.
    """
    last = until or clock.today().replace(day=1) - timedelta(days=1)
    if not 1 <= encounters <= MOST_ENCOUNTERS:
        raise PlanError("encounters", most=MOST_ENCOUNTERS)
    if not FIRST_END <= last <= clock.today():
        raise PlanError("until", first=FIRST_END, last=clock.today())
    # Whole first years, so that no year in a chart is a stump: 2.5 to 3.5 years in all.
    return Plan(encounters, seed, date(last.year - (2 if last.month >= 7 else 3), 1, 1), last)


class WeightedChoice:
    """Weighted choice among a few labels, with one row of weights for each situation.

    Drawing is one look-up per value in a table of 4 096 cells a row: shares are exact to 1/4 096.
    """

    def __init__(self, weights: Sequence[Sequence[float]] | Shares) -> None:
        shares = np.asarray(weights, dtype=np.float64)
        edges = np.cumsum(shares, axis=1) / shares.sum(axis=1, keepdims=True)
        grid = (np.arange(_FINENESS) + 0.5) / _FINENESS
        self._table = np.stack([np.searchsorted(row, grid, side="right") for row in edges]).astype(np.uint8)
        np.minimum(self._table, shares.shape[1] - 1, out=self._table)

    def draw(
        self, rng: np.random.Generator, situations: npt.NDArray[np.integer] | int, count: int | None = None
    ) -> Codes:
        """One label number for each situation (row number); `count` values when the situation is a single number."""
        size = count if count is not None else len(np.atleast_1d(situations))
        cells = rng.integers(0, _FINENESS, size, dtype=np.int16)
        picked: Codes = self._table[situations, cells]
        return picked


def chance(rng: np.random.Generator, probability: float | npt.NDArray[np.floating], count: int) -> Flags:
    """True with the given probability, `count` times."""
    return rng.random(count, dtype=np.float32) < probability

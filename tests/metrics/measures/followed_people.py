"""People followed from a start, drawn by chance, and their cumulative cells by day, as the cube would give them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from metrics.cube.index import Steps
from metrics.gate import Cell

Days = npt.NDArray[np.int64]
Causes = npt.NDArray[np.str_]


def cells(days: Days, causes: Causes, keys: Days) -> tuple[Steps, Cell]:
    """The cumulative cells of each cause by day, and the cell of all. keys: the record key of each person."""
    found: dict[str, tuple[tuple[int, Cell], ...]] = {}
    for cause in np.unique(causes):
        of = causes == cause
        order = np.argsort(days[of], kind="stable")
        ends, sums = days[of][order], np.cumsum(keys[of][order])
        last = np.flatnonzero(np.append(ends[1:] != ends[:-1], True))
        found[str(cause)] = tuple((int(ends[at]), _cell(int(at) + 1, int(sums[at]))) for at in last)
    return found, _cell(len(days), int(keys.sum()))


def random_keys(draw: np.random.Generator, size: int) -> Days:
    """Record keys: of their sums only their differing matters."""
    return draw.integers(1, 2**50, size)


def uniform_entry(
    draw: np.random.Generator, size: int, *, years: float = 3.0, lost: float = 0.2, scale: float = 700.0,
    moved: float = 6000.0,
) -> tuple[Days, Causes]:  # fmt: skip
    """Days and causes of people who enter evenly over the years before the data end, of whom a share is lost on the way.

    scale: days of the Weibull time to work (shape 1.2); moved: mean days to moving away; lost: the share of those entering whose
    follow-up ends before the data do, at an even time.
    """
    end = draw.uniform(0, 365 * years, size)
    gone = np.where(draw.random(size) < lost, draw.random(size) * end, end)
    work = scale * draw.weibull(1.2, size)
    exit_at = draw.exponential(moved, size)
    event = np.minimum(work, exit_at)
    causes = np.where(event > gone, "", np.where(work <= exit_at, "work", "exit"))
    return np.ceil(np.minimum(event, gone)).astype(np.int64), causes


def true_incidence(day: float, *, scale: float = 700.0, moved: float = 6000.0) -> float:
    """The share at work by a day in `uniform_entry`, by numerical integration."""
    times = np.linspace(0, day, 20_001)[1:]
    density = 1.2 / scale * (times / scale) ** 0.2 * np.exp(-((times / scale) ** 1.2)) * np.exp(-times / moved)
    return float(density.sum() * day / 20_000)


def joblessness(draw: np.random.Generator, size: int = 3343) -> tuple[Days, Causes]:
    """Spells of joblessness like the published data set UnempDur: whole fortnights up to 28, about 38 % still open.

    Full-time work is the event, part-time work competes.
    """
    hazard = np.array([0.10, 0.09, 0.075, 0.07, 0.065, 0.06, 0.07, *[0.045] * 21])
    part_time, open_still = 0.035, 0.065
    days, causes = np.full(size, 28 * 14), np.full(size, "", dtype="<U9")
    waiting = np.ones(size, dtype=np.bool_)
    for fortnight, of_work in enumerate(hazard, 1):
        luck = draw.random(size)
        now = waiting & (luck < of_work + part_time + open_still)
        days[now] = 14 * fortnight
        causes[now] = np.where(luck < of_work, "work", np.where(luck < of_work + part_time, "part_time", ""))[now]
        waiting &= ~now
    return days, causes


def _cell(n: int, key_sum: int) -> Cell:
    return Cell(n, key_sum, n, key_sum, n, 1)

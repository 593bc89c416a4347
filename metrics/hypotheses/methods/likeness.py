"""Likeness of two groups: standardised differences of background facts, before and after weighting, and overlap."""

from collections.abc import Collection

import numpy as np
import polars as pl
from scipy import stats

from metrics.hypotheses.methods.finding import Assumption, Balance, Verdict
from metrics.hypotheses.methods.units import Numbers
from metrics.hypotheses.methods.weighting import Propensity

ALIKE = 0.1
"""Groups are balanced in a fact when its standardised mean difference is at most 0.1 (Austin 2009)."""
MISMATCH = 0.001
MOST = 9.99
"""Largest standardised difference that is told: groups that have nothing in common."""
CHANCE = 0.05
"""Chance that groups that are alike in a fact are called unlike."""


def likeness(
    facts: pl.DataFrame, people: tuple[int, int], found: Propensity | None, judged: Collection[str]
) -> tuple[tuple[Balance, ...], tuple[Assumption, ...]]:
    """Return the standardised difference of each fact, and the assumptions that groups are alike, overlap and are balanced.

    facts: events `n` and their weight `w` by `group`, `fact` (name) and `value` (text, '' where it is not known); people: number
    of people of the compared and the reference group; found: propensity that the weights come from, None without covariates;
    judged: the facts by which likeness is judged. A fact is called unlike when its difference is beyond 0.1 by more than chance.
    Largest differences first. A fact that is known of nobody in a group tells nothing of likeness and is left out; where no other
    is judged, nothing is known of it.
    """
    rows, unlike = [], {"before": False, "after": False}
    is_judged = False
    for (name,), own in facts.sort("fact", "value").group_by("fact", maintain_order=True):
        if own.filter((pl.col("value") != "") & (pl.col("n") > 0))["group"].n_unique() < 2:
            continue
        before, clear = _difference(own, "n", people)
        after, still = (None, False) if found is None else _difference(own, "w", people)
        rows.append(Balance(f"c_{name}", before, after))
        if name in judged:
            is_judged = True
            unlike["before"] |= clear
            unlike["after"] |= still
    assumptions = [_judged("groups_alike", is_judged, unlike["before"])]
    if found is not None:
        assumptions = [
            Assumption("overlap", "contradicted" if found.poor else "holds"),
            *assumptions,
            _judged("balanced", is_judged, unlike["after"]),
        ]
    return tuple(sorted(rows, key=lambda row: -row.before)), tuple(assumptions)


def _judged(name: str, is_judged: bool, is_unlike: bool) -> Assumption:
    if not is_judged:
        return Assumption(name, "not_testable")
    return Assumption(name, "contradicted" if is_unlike else "holds")


def sizes_as_planned(people: tuple[int, int], planned: float) -> Assumption:
    """Return the test of the numbers of people of the compared and the reference group against the planned percentage.

    A chi-square test at 0.1 % (Fabijan et al. 2019, sample ratio mismatch): people lost from one group only would be
    the difference that is found.
    """
    total = sum(people)
    expected = (total * planned / 100, total * (1 - planned / 100))
    found = stats.chisquare(people, expected)
    verdict: Verdict = "contradicted" if found.pvalue < MISMATCH else "holds"
    return Assumption("sizes_as_planned", verdict, float(found.pvalue), float(found.statistic))


def _difference(rows: pl.DataFrame, size: str, people: tuple[int, int]) -> tuple[float, bool]:
    """Return the largest standardised difference of a fact's values, and whether it is beyond `ALIKE` by more than chance.

    size: the column that is compared, `n` or `w`. The standard deviation is that of the groups without weights (Austin
    2009).
    """
    values = rows.select("value").unique().sort("value")

    def shares(column: str, side: bool) -> Numbers:
        own = values.join(rows.filter(pl.col("group") == side), on="value", how="left")[column].fill_null(0)
        counted = np.asarray(own.to_numpy(), dtype=np.float64)
        return np.asarray(counted / max(counted.sum(), 1e-300), dtype=np.float64)

    share, share0, now, now0 = (shares(column, side) for column in ("n", size) for side in (True, False))
    spread = np.sqrt((share * (1 - share) + share0 * (1 - share0)) / 2)
    told = spread > 0
    if not told.any() or not all(people):  # everybody has one value, the same one or not
        apart = not np.allclose(now, now0)
        return (MOST if apart else 0.0), apart
    largest = float((np.abs(now - now0)[told] / spread[told]).max())
    limit = float(stats.norm.isf(CHANCE / 2 / told.sum())) * np.sqrt(1 / people[0] + 1 / people[1])
    return min(largest, MOST), bool(largest - limit > ALIKE)

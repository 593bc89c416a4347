"""Covariate adjustment by propensity weighting, with a balance table before and after."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl

from metrics.hypotheses.methods.adjusting import coefficient_influence, fitted, from_influence
from metrics.hypotheses.methods.finding import Assumption, Balance, Estimate
from metrics.hypotheses.methods.units import Numbers, booleans, clusters, design, indicators

TAIL, TAIL_SHARE = 0.05, 0.05
"""Overlap is poor when over 5 % of a group has a propensity below 5 % of being in the other group."""
ALIKE = 0.1
"""Groups are balanced in a covariate when its standardised mean difference is at most 0.1 (Austin 2009)."""
_TINY = 1e-6


@dataclass(frozen=True)
class Weighted:
    """A weighted difference of shares, the balance of each covariate, the assumptions checked, and whether overlap is poor."""

    estimate: Estimate
    balance: tuple[Balance, ...]
    assumptions: tuple[Assumption, ...]
    poor: bool


def weighted(sample: pl.DataFrame, covariates: Sequence[str], weights: Literal["overlap", "inverse"]) -> Weighted:
    """Return the difference of shares with overlap weights (Li, Morgan & Zaslavsky 2018) or inverse probability weights.

    The interval includes the uncertainty of the estimated propensity (stacked estimating equations, clients as
    clusters).
    """
    group, outcome = booleans(sample, "group"), booleans(sample, "outcome")
    columns = design(sample, covariates)
    chance = np.clip(np.asarray(fitted(group, columns).predict(columns)), _TINY, 1 - _TINY)
    if weights == "overlap":
        weight, change = np.where(group == 1, 1 - chance, chance), np.where(group == 1, -1.0, 1.0)
    else:
        weight = np.where(group == 1, 1 / chance, 1 / (1 - chance))
        change = np.where(group == 1, -(weight**2), weight**2)
    influence, difference = np.zeros(len(group)), 0.0
    gradient = np.zeros(columns.shape[1])
    for side, sign in ((1, 1.0), (0, -1.0)):
        inside = group == side
        total = (weight * inside).mean()
        share = float((weight * inside * outcome).mean() / total)
        rest = inside * (outcome - share)
        influence += sign * weight * rest / total
        gradient += sign * (columns * (change * chance * (1 - chance) * rest)[:, None]).mean(axis=0) / total
        difference += sign * share
    influence += coefficient_influence(columns, chance, group) @ gradient
    balance = tuple(_balance(sample, covariate, group, weight) for covariate in covariates)
    poor = (chance[group == 1] > 1 - TAIL).mean() > TAIL_SHARE or (chance[group == 0] < TAIL).mean() > TAIL_SHARE
    assumptions = (
        Assumption("overlap", "contradicted" if poor else "holds"),
        Assumption("groups_alike", "contradicted" if any(row.before > ALIKE for row in balance) else "holds"),
        Assumption("balanced", "contradicted" if any(row.after > ALIKE for row in balance) else "holds"),
    )
    estimate = from_influence("weighted", difference, influence, clusters(sample))
    return Weighted(estimate, balance, assumptions, bool(poor))


def _balance(sample: pl.DataFrame, covariate: str, group: Numbers, weight: Numbers) -> Balance:
    """Return the largest standardised mean difference among a covariate's values, with the unweighted standard deviation."""
    pairs = [(0.0, 0.0)]
    for column in indicators(sample, covariate):
        share, share0 = column[group == 1].mean(), column[group == 0].mean()
        spread = np.sqrt((share * (1 - share) + share0 * (1 - share0)) / 2)
        after = np.average(column[group == 1], weights=weight[group == 1]) - np.average(
            column[group == 0], weights=weight[group == 0]
        )
        if spread > 0:
            pairs.append((abs(share - share0) / spread, abs(after) / spread))
    return Balance(covariate, max(before for before, _ in pairs), max(after for _, after in pairs))

"""Covariate adjustment by propensity weighting: the weighted difference of shares, and where groups do not overlap."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import polars as pl
from scipy.special import expit

from metrics.hypotheses.methods.adjusting import fitted, from_influence, leading
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.methods.patterns import Patterns, patterns
from metrics.hypotheses.methods.units import Numbers, clusters, numbers

Weights = Literal["overlap", "inverse"]
TAIL, TAIL_SHARE = 0.05, 0.05
"""Overlap is poor when over 5 % of a group is nearly always (95 %) in that group, with groups made equally large."""
_TINY = 1e-6


@dataclass(frozen=True, eq=False)
class Propensity:
    """The patterns of a sample, the chance of each to be in the compared group, and the weights that make groups alike."""

    patterns: Patterns
    chance: Numbers

    def weight(self, weights: Weights = "overlap") -> Numbers:
        """Return overlap weights (Li, Morgan & Zaslavsky 2018) or inverse probability weights of the patterns."""
        inside = np.where(self.patterns.group == 1, self.chance, 1 - self.chance)
        return 1 - inside if weights == "overlap" else 1 / inside

    @property
    def table(self) -> pl.DataFrame:
        """The overlap weight of an event of each pattern: `group`, covariates, `weight`."""
        keys = self.patterns.frame.select("group", *self.patterns.covariates)
        return keys.with_columns(weight=pl.Series(self.weight()))

    @property
    def poor(self) -> bool:
        """Whether too many of a group have nobody alike in the other group."""
        group, n = self.patterns.group, self.patterns.n
        share = float(n[group == 1].sum() / n.sum())
        # Density of the pattern in one group relative to both: the size of a group alone says nothing of overlap.
        odds = self.chance / (1 - self.chance) * (1 - share) / share
        own = np.where(group == 1, odds, 1 / odds)
        alone = own / (1 + own) > 1 - TAIL
        return any(n[(group == side) & alone].sum() > TAIL_SHARE * n[group == side].sum() for side in (0, 1))


def propensity(sample: pl.DataFrame, covariates: Sequence[str]) -> Propensity:
    """Return the propensity of a sample's patterns by logistic regression on the covariates."""
    found = patterns(sample, covariates)
    columns = found.design()
    chance = expit(columns @ fitted(found.n * found.group, found.n, columns).coefficients)
    return Propensity(
        found, np.clip(chance, _TINY, 1 - _TINY)
    )  # the design is made again: kept, it is a third of the memory


def weighted(sample: pl.DataFrame, found: Propensity, weights: Weights = "overlap") -> Estimate:
    """Return the weighted difference of shares.

    The interval includes the uncertainty of the estimated propensity (stacked estimating equations, clients as
    clusters).
    """
    group, chance, n = found.patterns.group, found.chance, found.patterns.n
    met, weight, total = numbers(found.patterns.frame, "met"), found.weight(weights), found.patterns.n.sum()
    change = np.where(group == 1, -1.0, 1.0) * (1.0 if weights == "overlap" else weight**2)
    place, events, successes = found.patterns.place, numbers(sample, "n"), numbers(sample, "met")
    influence, difference, columns = np.zeros(sample.height), 0.0, found.patterns.design()
    gradient = np.zeros(columns.shape[1])
    for side, sign in ((1, 1.0), (0, -1.0)):
        inside = group == side
        mass = (weight * n * inside).sum()
        share = float((weight * met * inside).sum() / mass)
        per_event = sign * weight * inside / mass
        influence += per_event[place] * (successes - share * events)
        slope = change * chance * (1 - chance) * inside * (met - share * n)
        gradient += sign * (columns.T @ slope) / mass
        difference += sign * share
    lead = leading(columns, chance, n, gradient) / total
    influence += events * ((group - chance) * lead)[place]
    return from_influence("weighted", difference, influence, clusters(sample))

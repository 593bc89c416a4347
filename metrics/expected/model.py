"""How a share depends on facts about people in the whole area: a logistic model without interactions, from published numbers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from metrics.expected.margins import Margins
from metrics.expected.raking import Counts, Margin, rake


@dataclass(frozen=True, eq=False)
class WholeArea:
    """The cases of the whole area by all facts at once, and the share among them.

    facts: in the order of the axes; cases: numbers; rates: 0–1, of the fitted model.
    """

    facts: tuple[str, ...]
    cases: Counts
    rates: Counts

    def cases_of(self, area: Margins) -> Counts:
        """Return an area's cases by all facts at once: its own margins, its facts tied to each other as in the whole area."""
        return rake(self.cases, _single(self.facts, area.cases, area.total))

    def error(self, cases: Counts) -> float:
        """Return the variance of (observed − expected) of an area's cases, by the model; events of one client not bundled.

        The area is a part of the whole that the expectation is made of: V − c'I⁻¹c with V the binomial variance of its cases, c
        its score vector, and I the information of the whole area.
        """
        each = (self.rates * (1 - self.rates)).ravel()
        score = self._design.T @ (cases.ravel() * each)
        return max(float((cases.ravel() * each).sum() - score @ self._covariance @ score), 0.0)

    @cached_property
    def _covariance(self) -> Counts:
        """I⁻¹, which is the same for all areas."""
        weights = (self.cases * self.rates * (1 - self.rates)).ravel()
        return np.linalg.pinv(self._design.T @ (self._design * weights[:, None]), hermitian=True).astype(np.float64)

    @cached_property
    def _design(self) -> Counts:
        """One column for each code of each fact, one row for each cell."""
        places = np.indices(self.cases.shape).reshape(len(self.facts), -1)
        return np.hstack([np.eye(size)[axis] for size, axis in zip(self.cases.shape, places, strict=True)])


def fit(whole: Margins, facts: tuple[str, ...], pairs: Mapping[tuple[str, str], Counts]) -> WholeArea:
    """Return the model of the whole area by some of its facts, at least one.

    pairs: the numbers of cases by every two facts, the earlier one first. Raking a table with the outcome as its last axis to all
    these margins gives the logistic model that maximum likelihood would (Bishop, Fienberg and Holland 1975).
    """
    ties: list[Margin] = [
        ((facts.index(one), facts.index(other)), _to(numbers, whole.total)) for (one, other), numbers in pairs.items()
    ]
    outcomes: list[Margin] = []
    for axis, fact in enumerate(facts):
        met = _to(whole.met[fact], whole.total_met)
        cases = np.maximum(_to(whole.cases[fact], whole.total), met)
        outcomes.append(((axis, len(facts)), np.stack([_to(cases - met, whole.total - whole.total_met), met], axis=1)))
    found = rake(np.ones((*(len(whole.cases[fact]) for fact in facts), 2)), [*ties, *outcomes])
    cases = found.sum(axis=-1)
    rates = np.divide(found[..., 1], cases, out=np.zeros_like(cases), where=cases > 0)
    return WholeArea(facts, cases, rates)


def _single(facts: Sequence[str], cases: Mapping[str, Counts], total: float) -> list[Margin]:
    return [((axis,), _to(cases[fact], total)) for axis, fact in enumerate(facts)]


def _to(counts: Counts, total: float) -> Counts:
    """Return the numbers in the same proportions with another sum: rounded parts do not add up to their total."""
    own = float(counts.sum())
    return counts * (total / own) if own else counts

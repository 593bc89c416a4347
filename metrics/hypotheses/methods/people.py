"""Estimates expressed as people: how many more of a hundred clients."""

from dataclasses import dataclass

from metrics.hypotheses.methods.finding import Estimate

OF = 100


@dataclass(frozen=True)
class PeopleDifference:
    """A difference in whole people among `of` clients, with its 95 % interval; negative means fewer."""

    number: int
    lower: int
    upper: int
    of: int = OF


def in_people(estimate: Estimate, baseline: float | None = None) -> PeopleDifference | None:
    """Return an estimate as a difference in people of a hundred clients.

    `baseline` is the reference group's level: percent for hazard and odds ratios (share reached by the horizon in
    question), events per client for rate ratios. None where the estimate is not about people, or a ratio has no
    baseline.
    """
    bounds = (estimate.value, estimate.lower, estimate.upper)
    if estimate.measure == "share_difference":
        return PeopleDifference(*map(round, bounds))
    if baseline is None:
        return None
    if estimate.measure == "rate_ratio":
        return PeopleDifference(*(round(OF * baseline * (ratio - 1)) for ratio in bounds))
    share = baseline / 100
    if estimate.measure == "hazard_ratio":
        return PeopleDifference(*(round(OF * (1 - (1 - share) ** ratio - share)) for ratio in bounds))
    if estimate.measure == "odds_ratio":
        return PeopleDifference(
            *(round(OF * (ratio * share / (1 - share + ratio * share) - share)) for ratio in bounds)
        )
    return None

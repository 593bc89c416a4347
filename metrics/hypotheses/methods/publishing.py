"""What of a finding may be published: refused when a group is small, rounded so that no single case shows."""

from dataclasses import replace

from metrics.hypotheses.finding import Estimate, Finding

FROM, CURVES_FROM = 50, 100


def publishable(finding: Finding) -> Finding | None:
    """Round a finding for publication; None when a group is too small. Group n stays: the caller gives published ones."""
    least = CURVES_FROM if finding.curves or finding.method in {"log_rank_cox", "cause_specific"} else FROM
    if not finding.groups or any(group.n < least for group in finding.groups):
        return None
    return replace(finding, estimates=tuple(map(_rounded, finding.estimates)))


def _rounded(estimate: Estimate) -> Estimate:
    digits = {"share_difference": 0, "days_difference": 0, "level_change": 1}.get(estimate.measure, 2)
    value, lower, upper = (round(number, digits) for number in (estimate.value, estimate.lower, estimate.upper))
    return replace(estimate, value=value, lower=lower, upper=upper)

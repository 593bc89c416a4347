"""Disclosure control of test results: refused when a group is small, rounded so that counts cannot be recovered."""

from dataclasses import replace

from metrics.gate import AT_RISK_BASE, AT_RISK_FROM, CURVE_FROM, SHARE_FROM, SHARE_HIGH, SHARE_LOW
from metrics.hypotheses.methods.finding import (
    Assumption,
    Balance,
    ComparisonGroup,
    CurveStep,
    EffectMeasure,
    Estimate,
    MethodResult,
)

CURVE_METHODS = {"log_rank_cox", "cause_specific"}


def publishable(finding: MethodResult) -> MethodResult | None:
    """Return a result rounded for publication; None when a group is too small to publish anything.

    Each group holds as many as a published share needs, or a curve where durations are compared. Shares and their
    differences become whole percents, ratios get two decimals and p values two (below 0.01 three): more digits would
    reveal the underlying counts. A group's own share is suppressed outside the gate's percentages, as are such steps of
    a curve. The n of the groups is not changed: the caller must pass published ones.
    """
    least = CURVE_FROM if finding.curves or finding.method in CURVE_METHODS else SHARE_FROM
    if not finding.groups or any(group.n < least for group in finding.groups):
        return None
    measure: EffectMeasure = finding.estimates[0].measure if finding.estimates else "rate_ratio"
    shares = measure == "share_difference"
    return replace(
        finding,
        estimates=tuple(map(_estimate, finding.estimates)),
        groups=tuple(_group(group, measure, hide=shares and _extreme(group.value)) for group in finding.groups),
        assumptions=tuple(map(_assumption, finding.assumptions)),
        balance=tuple(map(_balance, finding.balance)),
        curves=tuple(
            _step(step)
            for step in finding.curves
            if step.at_risk >= AT_RISK_FROM and (step.day == 0 or not _extreme(step.value))
        ),
    )


def rounded(number: float, measure: EffectMeasure) -> float:
    """Return a number rounded for publication: differences whole, levels to one decimal (below 1 two), ratios to two."""
    digits = 2
    if measure in {"share_difference", "days_difference"}:
        digits = 0
    elif measure == "level_change" and abs(number) >= 1:
        digits = 1
    return round(number, digits) + 0.0  # no negative zero


def _estimate(one: Estimate) -> Estimate:
    value, lower, upper = (rounded(number, one.measure) for number in (one.value, one.lower, one.upper))
    return replace(one, value=value, lower=lower, upper=upper, p=_p(one.p))


def _balance(row: Balance) -> Balance:
    return replace(row, before=round(row.before, 2), after=None if row.after is None else round(row.after, 2))


def _group(group: ComparisonGroup, measure: EffectMeasure, *, hide: bool) -> ComparisonGroup:
    return replace(group, value=None if hide or group.value is None else rounded(group.value, measure))


def _assumption(one: Assumption) -> Assumption:
    p = None if one.p is None else _p(one.p)
    return replace(one, p=p, statistic=None if one.statistic is None else round(one.statistic, 1) + 0.0)


def _step(step: CurveStep) -> CurveStep:
    at_risk = step.at_risk // AT_RISK_BASE * AT_RISK_BASE
    return replace(step, value=round(step.value), lower=round(step.lower), upper=round(step.upper), at_risk=at_risk)


def _extreme(share: float | None) -> bool:
    return share is not None and not SHARE_LOW <= round(share) <= SHARE_HIGH


def _p(p: float) -> float:
    return round(p, 2) if p >= 0.01 else max(round(p, 3), 0.001)

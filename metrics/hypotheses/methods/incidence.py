"""Cumulative incidence of two groups: curves on a 30-day grid, and their differences at 6, 12 and 24 months."""

import math

import polars as pl
from scipy import stats

from metrics.hypotheses.finding import CurveStep, Estimate
from metrics.survival import Point, aalen_johansen, at, life_table_from_frame

HORIZONS = (183, 365, 730)
GRID = 30
AT_RISK_FROM = 20
_Z = float(stats.norm.ppf(0.975))


def incidence(rows: pl.DataFrame) -> tuple[Point, ...]:
    """Aalen–Johansen curve of the event."""
    counts = rows.group_by(pl.col("days").alias("time"), "cause").agg(pl.len().alias("count"))
    return aalen_johansen(life_table_from_frame(counts), "event")


def curve_steps(group: str, curve: tuple[Point, ...]) -> tuple[CurveStep, ...]:
    """The curve on the grid, as percent, as long as enough are at risk."""
    steps = (at(curve, day) for day in range(0, curve[-1].time + 1, GRID))
    return tuple(
        CurveStep(group, step.time, 100 * step.estimate, 100 * step.lower, 100 * step.upper, step.at_risk)
        for step in steps
        if step.at_risk >= AT_RISK_FROM
    )


def differences(compared: tuple[Point, ...], reference: tuple[Point, ...]) -> tuple[Estimate, ...]:
    """Differences at the horizons both groups were followed to."""
    pairs = ((day, at(compared, day), at(reference, day)) for day in HORIZONS)
    return tuple(
        difference(f"at_{day}", one, other)
        for day, one, other in pairs
        if min(one.at_risk, other.at_risk) >= AT_RISK_FROM
    )


def difference(name: str, one: Point, other: Point) -> Estimate:
    """Difference of two points with the interval made of theirs (MOVER; Zou & Donner 2008)."""
    value = one.estimate - other.estimate
    lower = value - math.hypot(one.estimate - one.lower, other.upper - other.estimate)
    upper = value + math.hypot(one.upper - one.estimate, other.estimate - other.lower)
    error = math.hypot(standard_error(one), standard_error(other))
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else 1.0
    return Estimate(name, "share_difference", 100 * value, 100 * lower, 100 * upper, p)


def standard_error(point: Point) -> float:
    """The standard error a log-log interval was made of."""
    if not 0 < point.lower < point.estimate < 1:
        return 0.0
    hazard = -math.log(point.estimate)
    return point.estimate * hazard * math.log(-math.log(point.lower) / hazard) / _Z


def paths_cross(compared: tuple[Point, ...], reference: tuple[Point, ...]) -> bool:
    """Whether one group leads beyond noise first and the other later."""
    found = differences(compared, reference)
    signs = {1 if one.lower > 0 else -1 for one in found if one.lower > 0 or one.upper < 0}
    return len(signs) > 1

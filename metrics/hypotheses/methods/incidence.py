"""Cumulative incidence of two groups: curves on a 30-day grid, and differences at 6, 12 and 24 months."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from scipy import stats

from metrics.gate import AT_RISK_FROM
from metrics.hypotheses.methods.estimates import estimate, share_difference
from metrics.hypotheses.methods.finding import CurveStep, Estimate
from metrics.hypotheses.methods.pseudo import difference_at
from metrics.hypotheses.methods.units import Clusters
from metrics.measures.survival import SurvivalStep, aalen_johansen, at, life_table_from_frame

HORIZONS = (183, 365, 730)
GRID = 30
_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class IncidenceCurve:
    """The Aalen–Johansen curve of a group, and the first day on which someone was censored (infinity: no one)."""

    points: tuple[SurvivalStep, ...]
    censored_from: float

    def reaches(self, day: int) -> bool:
        """Return whether the curve can be used at a day: enough people at risk then, or no one censored up to it."""
        return at(self.points, day).at_risk >= AT_RISK_FROM or self.censored_from > day


def incidence(rows: pl.DataFrame) -> IncidenceCurve:
    """Return the cumulative incidence curve of rows with `days`, `cause` ('event', another cause, '' when censored) and `n`."""
    counts = rows.group_by(pl.col("days").alias("time"), "cause").agg(pl.col("n").cast(pl.Int64).sum().alias("count"))
    points = aalen_johansen(life_table_from_frame(counts), "event")
    censored = rows.filter(pl.col("cause") == "")["days"].min()
    return IncidenceCurve(points, math.inf if censored is None else float(censored))  # type: ignore[arg-type]


def curve_steps(group: str, curve: IncidenceCurve) -> tuple[CurveStep, ...]:
    """Return the steps of a curve on the grid, in percent, as far as enough people are at risk."""
    steps = (at(curve.points, day) for day in range(0, curve.points[-1].time + 1, GRID) if curve.points[0].time <= day)
    return tuple(
        CurveStep(group, step.time, 100 * step.estimate, 100 * step.lower, 100 * step.upper, step.at_risk)
        for step in steps
        if step.at_risk >= AT_RISK_FROM
    )


def at_horizons(
    sample: pl.DataFrame,
    covariates: Sequence[str],
    curves: tuple[IncidenceCurve, IncidenceCurve],
    people: Clusters,
    horizons: Sequence[int] = HORIZONS,
) -> tuple[Estimate, ...]:
    """Return the differences of cumulative incidence at the horizons that both curves reach, in percentage points.

    curves: compared, reference; people: the client of each row. With covariates the difference is a regression of
    pseudo-values. For clients with several rows the interval is widened by the ratio of clustered to plain standard
    errors.
    """
    found = []
    for day in horizons:
        if not all(curve.reaches(day) for curve in curves):
            continue
        name, one, other = f"at_{day}", *(at(curve.points, day) for curve in curves)
        if covariates:
            value, error = difference_at(sample, covariates, people, day)
            reach = float(stats.t.ppf(0.975, people.count - 1)) * error
            p = float(2 * stats.t.sf(abs(value) / error, people.count - 1)) if error else 1.0
            found.append(estimate(name, "share_difference", (value, value - reach, value + reach), p))
        elif people.repeated:
            error = math.hypot(standard_error(one), standard_error(other))
            robust = difference_at(sample, (), people, day)[1] / 100
            found.append(difference(name, one, other, max(robust / error, 1.0) if error else 1.0))
        else:
            found.append(difference(name, one, other))
    return tuple(found)


def difference(name: str, one: SurvivalStep, other: SurvivalStep, widen: float = 1.0) -> Estimate:
    """Return the difference of two points with an interval from theirs (MOVER; Zou & Donner 2008), times `widen`."""
    value = one.estimate - other.estimate
    lower = value - widen * math.hypot(one.estimate - one.lower, other.upper - other.estimate)
    upper = value + widen * math.hypot(one.upper - one.estimate, other.estimate - other.lower)
    error = widen * math.hypot(standard_error(one), standard_error(other))
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else 1.0
    return share_difference(name, (value, lower, upper), p)


def standard_error(point: SurvivalStep) -> float:
    """Return the standard error of a point, recovered from its log(−log) interval; 0 where the interval is degenerate."""
    if not 0 < point.lower < point.estimate < 1:
        return 0.0
    hazard = -math.log(point.estimate)
    return point.estimate * hazard * math.log(-math.log(point.lower) / hazard) / _Z


def paths_cross(compared: IncidenceCurve, reference: IncidenceCurve) -> bool:
    """Return whether the curves cross: one group leads beyond chance and later trails, after a turn that is beyond chance.

    An example is the lock-in effect of training: behind at 6 months, ahead at 24. Compared at 3, 6, 12, 18 and 24
    months; the first difference is tested with Bonferroni's correction, the turn at 5 %.
    """
    days = [day for day in (91, *HORIZONS[:2], 548, HORIZONS[2]) if compared.reaches(day) and reference.reaches(day)]
    limit = float(stats.norm.isf(0.025 / max(len(days), 1)))
    path = []
    for day in days:
        one, other = at(compared.points, day), at(reference.points, day)
        path.append((one.estimate - other.estimate, standard_error(one) ** 2 + standard_error(other) ** 2))
    for place, (early, variance) in enumerate(path):
        for late, later_variance in path[place + 1 :]:
            behind = abs(early) > limit * math.sqrt(variance) > 0
            if behind and early * late < 0 and abs(late - early) > _Z * math.sqrt(variance + later_variance):
                return True
    return False

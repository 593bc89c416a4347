"""Cumulative incidence of two groups: curves on a 30-day grid, and their differences at 6, 12 and 24 months."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl
from scipy import stats

from metrics.gate import AT_RISK_FROM
from metrics.hypotheses.methods.estimates import of_coefficient, share_difference
from metrics.hypotheses.methods.finding import CurveStep, Estimate
from metrics.hypotheses.methods.pseudo import regression
from metrics.hypotheses.methods.units import Codes, repeated
from metrics.measures.survival import SurvivalStep, aalen_johansen, at, life_table_from_frame

HORIZONS = (183, 365, 730)
GRID = 30
_Z = float(stats.norm.ppf(0.975))


@dataclass(frozen=True)
class IncidenceCurve:
    """A group's Aalen–Johansen curve of the event, and the first day someone was lost from sight."""

    points: tuple[SurvivalStep, ...]
    censored_from: float

    def reaches(self, day: int) -> bool:
        """Whether enough are still followed on the day, or the fate of all is known until then."""
        return at(self.points, day).at_risk >= AT_RISK_FROM or self.censored_from > day


def incidence(rows: pl.DataFrame) -> IncidenceCurve:
    """The curve of rows with `days` and `cause`."""
    counts = rows.group_by(pl.col("days").alias("time"), "cause").agg(pl.len().alias("count"))
    points = aalen_johansen(life_table_from_frame(counts), "event")
    censored = rows.filter(pl.col("cause") == "")["days"].to_list()
    return IncidenceCurve(points, min(censored, default=math.inf))


def curve_steps(group: str, curve: IncidenceCurve) -> tuple[CurveStep, ...]:
    """The curve on the grid, as percent, as long as enough are at risk."""
    steps = (at(curve.points, day) for day in range(0, curve.points[-1].time + 1, GRID) if curve.points[0].time <= day)
    return tuple(
        CurveStep(group, step.time, 100 * step.estimate, 100 * step.lower, 100 * step.upper, step.at_risk)
        for step in steps
        if step.at_risk >= AT_RISK_FROM
    )


def at_horizons(
    sample: pl.DataFrame, covariates: Sequence[str], curves: tuple[IncidenceCurve, IncidenceCurve], cluster: Codes
) -> tuple[Estimate, ...]:
    """Differences at the horizons both groups were followed to; with covariates adjusted by regression of pseudo-values.

    For clients with several rows the interval is widened as much as clustered errors of pseudo-values exceed plain ones.
    """
    found = []
    for day in HORIZONS:
        if not all(curve.reaches(day) for curve in curves):
            continue
        name, one, other = f"at_{day}", *(at(curve.points, day) for curve in curves)
        if covariates:
            fit = regression(sample, covariates, cluster, day)
            found.append(of_coefficient(fit, 1, name, "share_difference"))
        elif repeated(cluster):
            error = math.hypot(standard_error(one), standard_error(other))
            robust = float(regression(sample, (), cluster, day).bse[1]) / 100
            found.append(difference(name, one, other, max(robust / error, 1.0) if error else 1.0))
        else:
            found.append(difference(name, one, other))
    return tuple(found)


def difference(name: str, one: SurvivalStep, other: SurvivalStep, widen: float = 1.0) -> Estimate:
    """Difference of two points with the interval made of theirs (MOVER; Zou & Donner 2008)."""
    value = one.estimate - other.estimate
    lower = value - widen * math.hypot(one.estimate - one.lower, other.upper - other.estimate)
    upper = value + widen * math.hypot(one.upper - one.estimate, other.estimate - other.lower)
    error = widen * math.hypot(standard_error(one), standard_error(other))
    p = float(2 * stats.norm.sf(abs(value) / error)) if error else 1.0
    return share_difference(name, (value, lower, upper), p)


def standard_error(point: SurvivalStep) -> float:
    """The standard error a log-log interval was made of."""
    if not 0 < point.lower < point.estimate < 1:
        return 0.0
    hazard = -math.log(point.estimate)
    return point.estimate * hazard * math.log(-math.log(point.lower) / hazard) / _Z


def paths_cross(compared: IncidenceCurve, reference: IncidenceCurve) -> bool:
    """Whether a group that was behind beyond noise came to lead, or the other way, by a turn itself beyond noise.

    This is what being locked in by training looks like: behind at 6 months, ahead at 24. The days looked at are the
    quarters of two years, with as many tests allowed for (Bonferroni).
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

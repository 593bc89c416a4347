"""The result of a statistical method: estimates with intervals, group sizes, checked assumptions and warnings."""

from dataclasses import dataclass
from typing import Literal

EffectMeasure = Literal[
    "share_difference", "rate_ratio", "hazard_ratio", "days_difference", "level_change", "odds_ratio"
]
Verdict = Literal["holds", "contradicted", "not_testable"]


@dataclass(frozen=True)
class Estimate:
    """An estimate with its 95 % interval.

    name: what it is (`crude`, `adjusted`, `weighted`, `at_183`, `at_365`, `at_730`, `slope`, …);
    measure: `share_difference` in percentage points (compared − reference), ratios as compared / reference,
    `days_difference` in days, `level_change` in the outcome's unit; p: two-sided.
    """

    name: str
    measure: EffectMeasure
    value: float
    lower: float
    upper: float
    p: float


@dataclass(frozen=True)
class ComparisonGroup:
    """One group of a comparison: its number of people or events, and its level (a share in percent, a rate, or a median)."""

    name: str
    n: int
    value: float | None = None


@dataclass(frozen=True)
class Assumption:
    """An assumption of a method and whether the data support it; `statistic` and `p` of its test, where there is one."""

    name: str
    verdict: Verdict
    p: float | None = None
    statistic: float | None = None


@dataclass(frozen=True)
class Balance:
    """Standardised mean difference of two groups in one background fact, before and after weighting; None without."""

    covariate: str
    before: float
    after: float | None


@dataclass(frozen=True)
class CurveStep:
    """One step of a group's cumulative incidence: percent by `day`, its 95 % interval, and the number at risk."""

    group: str
    day: int
    value: float
    lower: float
    upper: float
    at_risk: int


@dataclass(frozen=True)
class MethodResult:
    """The result of one method. `method` is a code with a text; the estimates are in the method's order, the main one first."""

    method: str
    estimates: tuple[Estimate, ...]
    groups: tuple[ComparisonGroup, ...]
    assumptions: tuple[Assumption, ...] = ()
    balance: tuple[Balance, ...] = ()
    curves: tuple[CurveStep, ...] = ()
    warnings: tuple[str, ...] = ()
    """Codes such as `paths_cross`, `few_clusters`, `separation`, `overlap_poor`; each has a text."""

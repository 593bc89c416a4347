"""What a test of a hypothesis finds: estimates with intervals, the groups behind them, and how the assumptions held."""

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
    """One side of a comparison: how many people or events it holds, and its own outcome (a share in percent, a rate, days)."""

    name: str
    n: int
    value: float | None = None


@dataclass(frozen=True)
class Assumption:
    """Something a method takes for granted, and what the data say of it. `statistic` and `p` of its check, where there is one."""

    name: str
    verdict: Verdict
    p: float | None = None
    statistic: float | None = None


@dataclass(frozen=True)
class Balance:
    """How unlike two groups are in one covariate: standardised mean difference, before and after weighting."""

    covariate: str
    before: float
    after: float


@dataclass(frozen=True)
class CurveStep:
    """One published step of a group's curve: percent reached by `day`, with its 95 % interval and number at risk."""

    group: str
    day: int
    value: float
    lower: float
    upper: float
    at_risk: int


@dataclass(frozen=True)
class MethodResult:
    """The outcome of one test. `method` is a code with a text; the first estimate is the one that was registered for."""

    method: str
    estimates: tuple[Estimate, ...]
    groups: tuple[ComparisonGroup, ...]
    assumptions: tuple[Assumption, ...] = ()
    balance: tuple[Balance, ...] = ()
    curves: tuple[CurveStep, ...] = ()
    warnings: tuple[str, ...] = ()
    """Codes: `paths_cross`, `few_clusters`, `separation`, `overlap_poor`, …; each has a text."""

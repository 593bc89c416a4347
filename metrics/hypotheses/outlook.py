"""Power analysis before registration: the smallest detectable effect, from group sizes and the pooled baseline only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import PROTECTED, Gate, decimals
from metrics.hypotheses import sides, testing
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis, HypothesisError, check
from metrics.hypotheses.incidences import reached_by
from metrics.hypotheses.methods import power
from metrics.hypotheses.methods.units import clusters
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import by_month, series

_REACH = 1.959964 + 0.841621
"""Sum of the normal quantiles for a two-sided test at 5 % and for 80 % power: a detectable effect in standard errors."""


@dataclass(frozen=True)
class Outlook:
    """The power analysis of a hypothesis.

    people: published number of people by side; refusal: the reason why the hypothesis cannot be tested, if any;
    detectable: the smallest change in the unit of the metric that is detected with 80 % power, None when no possible
    change is.
    """

    people: Mapping[str, int]
    refusal: HypothesisError | None = None
    detectable: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", MappingProxyType(dict(self.people)))  # cached and shared by sessions

    def enough(self, smallest: float) -> bool:
        """Return whether the smallest change worth having can be detected with 80 % power."""
        return self.detectable is not None and self.detectable <= smallest


def outlook(hypothesis: Hypothesis, store: Store, generation: Generation | None = None) -> Outlook:
    """Return the power analysis of a hypothesis, without using the outcomes of the two sides separately.

    generation: the data used, by default the current generation. Raises HypothesisError, QuestionError, StoreError.
    """
    generation = generation or store.serving()
    check(hypothesis, store, generation)
    sample = draw(hypothesis, store, generation)
    shown = sides.sides(hypothesis, sample, Gate(PROTECTED, store.keys.noise))
    people = {side.name: side.people for side in shown}
    try:
        testing.refuse_small(hypothesis, sample, shown)
    except HypothesisError as error:
        return Outlook(people, error)
    found = _detectable(hypothesis, sample)
    if found is None or not math.isfinite(found):
        return Outlook(people)
    return Outlook(people, detectable=max(round(found, 1 if hypothesis.kind == "count" else decimals(found)), 0.1))


def _detectable(hypothesis: Hypothesis, sample: pl.DataFrame) -> float | None:
    design, kind = hypothesis.design, hypothesis.kind
    of_people = getattr(hypothesis.definition.measure, "unit", "events") == "clients"
    if isinstance(design, BeforeAfter) and kind != "time_to_event":
        if design.comparison is not None and kind != "count":
            return _detectable_difference_in_differences(hypothesis, sample)
        return _detectable_level_change(series(sample, kind, of_people))
    n, n0 = (int((sample["group"] == side).sum()) for side in (True, False))
    match kind:
        case "share":
            baseline = 100 * float(sample["outcome"].mean())  # type: ignore[arg-type]
            return power.detectable_share_difference(n, n0, baseline, _design_effect(sample, "outcome"))
        case "count":
            return _detectable_count(by_month(sample, of_people))
        case "time_to_event":
            ratio = power.detectable_hazard_ratio(float((sample["cause"] == "event").sum()), n / (n + n0))
            share = reached_by(sample)
            return None if ratio is None else 100 * (1 - (1 - share) ** ratio - share)
    ratio = power.detectable_hazard_ratio(float(sample.height) / _design_effect(sample, "days"), n / (n + n0))
    return None if ratio is None else float(sample["days"].median()) * (1 - 1 / ratio)  # type: ignore[arg-type]


def _detectable_count(months: pl.DataFrame) -> float | None:
    """Return the detectable rise in events a month, from the mean of all months and their overdispersion."""
    totals = months.group_by("day", "group").agg(pl.col("outcome").sum())["outcome"].cast(pl.Float64)
    mean, variance = float(totals.mean()), float(totals.var())  # type: ignore[arg-type]
    half = months["day"].n_unique()
    ratio = power.detectable_rate_ratio(half, half, mean, max(variance / mean, 1.0)) if mean else None
    return None if ratio is None else mean * (ratio - 1)


def _detectable_difference_in_differences(hypothesis: Hypothesis, sample: pl.DataFrame) -> float:
    """Return the detectable difference in differences, from the pooled variance and the sizes of the four cells."""
    scale = 100.0 if hypothesis.kind == "share" else 1.0
    spread = float(sample["outcome"].cast(pl.Float64).var()) * _design_effect(sample, "outcome")  # type: ignore[arg-type]
    sizes = [rows.height for rows in sides.parts(hypothesis, sample).values()]
    return scale * _REACH * math.sqrt(spread * sum(1 / n for n in sizes))


def _detectable_level_change(months: pl.DataFrame) -> float:
    """Return the detectable change of level, from the residual standard deviation around the linear trend before the change."""
    before = months.filter(~pl.col("after"))
    value = before["value"] - before["value_comparison"] if "value_comparison" in months.columns else before["value"]
    time = pl.Series(range(len(value)), dtype=pl.Float64)
    slope = float(pl.DataFrame({"t": time, "v": value}).select(pl.cov("t", "v") / pl.col("t").var()).item())
    spread = float((value - slope * time).std())  # type: ignore[arg-type]
    return _REACH * spread * math.sqrt(1 / before.height + 1 / (months.height - before.height))


def _design_effect(sample: pl.DataFrame, column: str) -> float:
    """Return the design effect of clustering by client: variance relative to as many independent rows, at least 1."""
    value = sample[column].cast(pl.Float64)
    variance = float(value.var() or 0)  # type: ignore[arg-type]
    rest = pl.DataFrame({"cluster": clusters(sample), "rest": value - value.mean()})
    sums = rest.group_by("cluster").agg(pl.col("rest").sum())["rest"]
    return max(float((sums**2).sum()) / (sample.height * variance), 1.0) if variance else 1.0

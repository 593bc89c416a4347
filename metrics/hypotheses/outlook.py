"""Power before looking: what can be detected with the clients there are, from sizes and the baseline of all together only."""

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
"""Standard errors a change must be away from nothing to be seen with 80 % power at 5 %."""


@dataclass(frozen=True)
class Outlook:
    """What a test could see.

    people: by side, as published; refusal: why it cannot be tested; detectable: the smallest
    change in the figure's unit that four tests of five would see, None when not even the largest would be.
    """

    people: Mapping[str, int]
    refusal: HypothesisError | None = None
    detectable: float | None = None

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", MappingProxyType(dict(self.people)))  # visitors share what is kept

    def enough(self, smallest: float) -> bool:
        """Whether the smallest change worth having can be seen."""
        return self.detectable is not None and self.detectable <= smallest


def outlook(hypothesis: Hypothesis, store: Store, generation: Generation | None = None) -> Outlook:
    """What can be detected in a generation (default: the serving one), without looking at the outcome of either side.

    Raises HypothesisError, QuestionError, StoreError.
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
            return _of_four(hypothesis, sample)
        return _of_series(series(sample, kind, of_people))
    n, n0 = (int((sample["group"] == side).sum()) for side in (True, False))
    match kind:
        case "share":
            baseline = 100 * float(sample["outcome"].mean())  # type: ignore[arg-type]
            return power.detectable_share_difference(n, n0, baseline, _design_effect(sample, "outcome"))
        case "count":
            return _of_counts(by_month(sample, of_people))
        case "time_to_event":
            ratio = power.detectable_hazard_ratio(float((sample["cause"] == "event").sum()), n / (n + n0))
            share = reached_by(sample)
            return None if ratio is None else 100 * (1 - (1 - share) ** ratio - share)
    ratio = power.detectable_hazard_ratio(float(sample.height) / _design_effect(sample, "days"), n / (n + n0))
    return None if ratio is None else float(sample["days"].median()) * (1 - 1 / ratio)  # type: ignore[arg-type]


def _of_counts(months: pl.DataFrame) -> float | None:
    """Events a month more, from the mean of all months and how much they vary beyond chance."""
    totals = months.group_by("day", "group").agg(pl.col("outcome").sum())["outcome"].cast(pl.Float64)
    mean, variance = float(totals.mean()), float(totals.var())  # type: ignore[arg-type]
    half = months["day"].n_unique()
    ratio = power.detectable_rate_ratio(half, half, mean, max(variance / mean, 1.0)) if mean else None
    return None if ratio is None else mean * (ratio - 1)


def _of_four(hypothesis: Hypothesis, sample: pl.DataFrame) -> float:
    """A change beyond the other area's change, from the spread of all rows together and the four sizes."""
    scale = 100.0 if hypothesis.kind == "share" else 1.0
    spread = float(sample["outcome"].cast(pl.Float64).var()) * _design_effect(sample, "outcome")  # type: ignore[arg-type]
    sizes = [rows.height for rows in sides.parts(hypothesis, sample).values()]
    return scale * _REACH * math.sqrt(spread * sum(1 / n for n in sizes))


def _of_series(months: pl.DataFrame) -> float:
    """A change of level, from how much the months before it vary around their own line."""
    before = months.filter(~pl.col("after"))
    value = before["value"] - before["value_comparison"] if "value_comparison" in months.columns else before["value"]
    time = pl.Series(range(len(value)), dtype=pl.Float64)
    slope = float(pl.DataFrame({"t": time, "v": value}).select(pl.cov("t", "v") / pl.col("t").var()).item())
    spread = float((value - slope * time).std())  # type: ignore[arg-type]
    return _REACH * spread * math.sqrt(1 / before.height + 1 / (months.height - before.height))


def _design_effect(sample: pl.DataFrame, column: str) -> float:
    """How many rows say as much as one would alone: rows of the same client are alike."""
    value = sample[column].cast(pl.Float64)
    variance = float(value.var() or 0)  # type: ignore[arg-type]
    rest = pl.DataFrame({"cluster": clusters(sample), "rest": value - value.mean()})
    sums = rest.group_by("cluster").agg(pl.col("rest").sum())["rest"]
    return max(float((sums**2).sum()) / (sample.height * variance), 1.0) if variance else 1.0

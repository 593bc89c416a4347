"""Power analysis before registration: the smallest detectable effect, from group sizes and the pooled baseline only."""

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

import polars as pl
from scipy import stats

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import PROTECTED, Audience, is_exact_everywhere
from metrics.change.trend import Z
from metrics.gate import Gate, decimals
from metrics.hypotheses import sides, testing
from metrics.hypotheses.checking import check
from metrics.hypotheses.effects import median_of
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis, HypothesisError
from metrics.hypotheses.incidences import reached_by
from metrics.hypotheses.methods import areas, power
from metrics.hypotheses.methods.units import clusters, numbers
from metrics.hypotheses.published_groups import ComparedSide
from metrics.hypotheses.published_result import PublishedComparison, compared, refuse_few
from metrics.hypotheses.published_rounding import digits_of
from metrics.hypotheses.samples import draw
from metrics.hypotheses.shapes import counted, events_of, series

_REACH = 1.959964 + 0.841621
"""Sum of the normal quantiles for a two-sided test at 5 % and for 80 % power: a detectable effect in standard errors."""


@dataclass(frozen=True)
class Outlook:
    """The power analysis of a hypothesis.

    people: published number of people by side, where there is one; to visitors that of clients, without anonymous visitors;
    refusal: why the hypothesis cannot be tested, if so; detectable: the smallest change in the unit of the metric that is
    detected with 80 % power, None when no possible change is; few_areas: whether there are too few municipalities to tell at all.
    """

    people: Mapping[str, int]
    refusal: HypothesisError | None = None
    detectable: float | None = None
    few_areas: bool = False

    def __post_init__(self) -> None:
        object.__setattr__(self, "people", MappingProxyType(dict(self.people)))  # cached and shared by sessions

    def enough(self, smallest: float) -> bool:
        """Return whether the smallest change worth having can be detected with 80 % power."""
        return self.detectable is not None and self.detectable <= smallest


def outlook(
    hypothesis: Hypothesis, store: Store, generation: Generation | None = None, *, audience: Audience = PROTECTED
) -> Outlook:
    """Return the power analysis of a hypothesis, without the difference of the two sides.

    generation: the data used, by default the current generation; audience: protected, it is computed from published cells.
    Raises HypothesisError, QuestionError, StoreError.
    """
    generation = generation or store.released()
    check(hypothesis, store, generation)
    if not is_exact_everywhere(audience):
        return _published_outlook(hypothesis, store, generation)
    sample = draw(hypothesis, store, generation)
    shown = sides.sides(hypothesis, sample, Gate(PROTECTED, store.keys.noise))
    people = {side.name: side.people for side in shown}
    try:
        testing.refuse_small(hypothesis, sample, shown)
    except HypothesisError as error:
        return Outlook(people, error)
    found = _detectable(hypothesis, sample)
    if found is None or not math.isfinite(found):
        return Outlook(people, few_areas=found is None and testing.by_areas(hypothesis))
    return Outlook(people, detectable=max(round(found, 1 if hypothesis.kind == "count" else decimals(found)), 0.1))


def _published_outlook(hypothesis: Hypothesis, store: Store, generation: Generation) -> Outlook:
    """Return the power analysis from published cells: what is seen in the published result, rounding taken in."""
    found = compared(hypothesis, store, generation, checked=False)
    people = {side.name: round(side.people) for side in found.sides if side.people is not None}
    try:
        refuse_few(hypothesis, found)
    except HypothesisError as error:
        return Outlook(people, error)
    if any(one.name == "areas_known" and one.verdict == "contradicted" for one in found.assumptions):
        return Outlook(people, few_areas=True)
    reach = _published_reach(hypothesis, found)
    if reach is None or not math.isfinite(reach):
        return Outlook(people)
    return Outlook(people, detectable=max(round(reach, digits_of(reach)), 0.1))


def _published_reach(hypothesis: Hypothesis, found: PublishedComparison) -> float | None:
    """Return the smallest difference seen with 80 % power, from the intervals of both sides: their middle is not used."""
    if found.change is not None:
        if found.change.series is not None:
            return _detectable_level_change(found.change.series)
        return None if found.effect is None else _REACH * (found.effect.upper - found.effect.lower) / (2 * Z)
    if found.effect is None:
        return None
    if hypothesis.kind == "share":
        return _published_share_reach(found.sides)
    widths = [(one[2] - one[1]) / (2 * Z) for one in (side.value(found.effect.name) for side in found.sides) if one]
    return _REACH * math.hypot(*widths)


def _published_share_reach(found: tuple[ComparedSide, ...]) -> float | None:
    """Return it for shares, from the share of both sides together."""
    shares = [side.share for side in found if side.share is not None]
    top, bottom = (sum(one[place].value for one in shares) for place in (0, 1))
    sizes = []
    for side in found:
        assert side.share is not None
        part, whole = top / bottom, side.share[1]
        noise = whole.noise * (1 + part**2) / whole.value**2
        variance = side.spread * part * (1 - part) / whole.value + noise
        sizes.append(part * (1 - part) / variance if variance else whole.value)
    one, other = (max(round(size), 1) for size in sizes)
    return power.detectable_share_difference(one, other, 100 * top / bottom)


def _detectable(hypothesis: Hypothesis, sample: pl.DataFrame) -> float | None:
    design, kind = hypothesis.design, hypothesis.kind
    if isinstance(design, BeforeAfter) and kind != "time_to_event":
        if testing.by_areas(hypothesis):
            return _detectable_among_areas(hypothesis, sample)
        return _detectable_level_change(series(sample, kind, hypothesis.counts_people))
    n, n0 = (float(sample.filter(pl.col("group") == side)["n"].sum()) for side in (True, False))
    match kind:
        case "share":
            share = float(sample["met"].sum()) / (n + n0)
            return power.detectable_share_difference(int(n), int(n0), 100 * share, _design_effect(sample, share))
        case "count":
            return _detectable_count(sample, hypothesis.counts_people)
        case "time_to_event":
            events = float(sample.filter(pl.col("cause") == "event")["n"].sum())
            ratio = power.detectable_hazard_ratio(events, n / (n + n0))
            share = reached_by(sample)
            return None if ratio is None else 100 * (1 - (1 - share) ** ratio - share)
    people = sample["unit"].n_unique()  # of several events of a client, one is taken to tell something new
    ratio = power.detectable_hazard_ratio(float(people), n / (n + n0))
    return None if ratio is None else median_of(sample, "days") * (1 - 1 / ratio)


def _detectable_count(sample: pl.DataFrame, of_people: bool) -> float | None:
    """Return the detectable rise in events a month, from their mean and how unevenly clients bring them."""
    n = numbers(counted(sample, of_people), "n")
    sums, months = clusters(sample).sums(n), sample["day"].n_unique()
    rate = float(n.sum()) / 2 / max(months, 1)
    ratio = power.detectable_rate_ratio(months, months, rate, float((sums**2).sum() / n.sum())) if rate else None
    return None if ratio is None else rate * (ratio - 1)


def _detectable_among_areas(hypothesis: Hypothesis, sample: pl.DataFrame) -> float | None:
    """Return the detectable change, from how differently the municipalities without the change changed.

    None when they are too few to tell. In numbers of events, of the mean month of the municipality before the change.
    """
    changes = areas.changes(counted(sample, hypothesis.counts_people), testing.MEASURES[hypothesis.kind])
    others = changes.filter(~pl.col("area"))["value"]
    if len(others) < areas.FEWEST_OTHERS:
        return None
    error = float(others.std()) * math.sqrt(1 + 1 / len(others))  # type: ignore[arg-type]
    reach = error * float(stats.t.ppf(0.975, len(others) - 1) + stats.t.ppf(0.8, len(others) - 1))
    if hypothesis.kind != "count":
        return reach
    before = sample.filter(pl.col("area") & ~pl.col("group"))
    rate = float(before.group_by("day").agg(events_of(hypothesis.counts_people))[:, 1].sum())
    return rate / max(before["day"].n_unique(), 1) * math.expm1(reach)


def _detectable_level_change(months: pl.DataFrame) -> float:
    """Return the detectable change of level, from the residual standard deviation around the linear trend before the change."""
    before = months.filter(~pl.col("after"))
    value = before["value"] - before["value_comparison"] if "value_comparison" in months.columns else before["value"]
    time = pl.Series(range(len(value)), dtype=pl.Float64)
    slope = float(pl.DataFrame({"t": time, "v": value}).select(pl.cov("t", "v") / pl.col("t").var()).item())
    spread = float((value - slope * time).std())  # type: ignore[arg-type]
    return _REACH * spread * math.sqrt(1 / before.height + 1 / (months.height - before.height))


def _design_effect(sample: pl.DataFrame, share: float) -> float:
    """Return the design effect of clustering by client: variance relative to as many independent events, at least 1."""
    n = numbers(sample, "n")
    sums = clusters(sample).sums(numbers(sample, "met") - share * n)
    variance = share * (1 - share)
    return max(float((sums**2).sum() / (n.sum() * variance)), 1.0) if variance else 1.0

"""Survival analysis of counts per day: cumulative incidence with competing events, and Kaplan–Meier.

The functions take aggregated counts and never rows, so that exact counts by day and published counts by month use the same
code.
"""

from __future__ import annotations

import math
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import NormalDist
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import polars as pl


CENSORED = ""
"""The cause of a censored case: still open when last observed."""

_Z = NormalDist().inv_cdf(0.975)
_MOST = 30.0
"""Greatest half width of an interval on the log(-log) scale, where it is 0-1 to thirteen digits."""
_TAIL = 0.025
"""Probability outside the 95 % interval on each side."""


@dataclass(frozen=True)
class LifeTable:
    """Counts of events and censored cases at each distinct time since the start.

    Attributes
    ----------
    times : days since the start, strictly increasing, none negative
    events : cause -> number of cases that ended by that cause at each time, as long as ``times``
    censored : number of cases last observed without any event at each time, as long as ``times``
    entered : cases followed from day 0. Cases beyond the sum of the counts stay at risk after the last time.
    unexposed : of those censored at each time, how many do not count as at risk of its events; empty for none. Where a time
        stands for a whole step, about half of those censored in it were gone before its events (actuarial life table).
    noise : standard deviation of the error of a count, where counts are published roundings; 0 for exact ones. It widens the
        intervals.

    Counts may be fractions where they are estimated.

    Raises
    ------
    ValueError
        The counts are inconsistent. Rounded counts may not add up to a rounded total: then ``entered`` must be their sum.
    """

    times: tuple[int, ...]
    events: Mapping[str, tuple[float, ...]]
    censored: tuple[float, ...]
    entered: float
    unexposed: tuple[float, ...] = ()
    noise: float = 0.0

    def __post_init__(self) -> None:
        columns = (self.censored, *self.events.values(), *((self.unexposed,) if self.unexposed else ()))
        if CENSORED in self.events:
            raise ValueError("an event needs a named cause")
        if any(len(column) != len(self.times) for column in columns):
            raise ValueError("every column of a life table has one count per time")
        if any(later <= earlier for earlier, later in pairwise(self.times)) or any(time < 0 for time in self.times[:1]):
            raise ValueError("the times of a life table are increasing and not negative")
        if any(count < 0 for column in columns for count in column):
            raise ValueError("a life table has no negative counts")
        if any(gone > censored for gone, censored in zip(self.unexposed, self.censored, strict=False)):
            raise ValueError("a life table has more unexposed cases at a time than censored ones")
        if sum(self.censored) + sum(map(sum, self.events.values())) > self.entered + 1e-6:
            raise ValueError("more cases left the life table than entered it")


@dataclass(frozen=True)
class SurvivalStep:
    """One step of a curve: the estimate from this day on, a share 0-1 with its 95 % interval.

    ``at_risk`` is the number of cases still followed and without event just before the day.
    """

    time: int
    estimate: float
    lower: float
    upper: float
    at_risk: int


def life_table_from_frame(frame: pl.DataFrame) -> LifeTable:
    """Return a life table from columns ``time`` (days), ``cause`` (null or empty: censored) and ``count`` (cases).

    Raises
    ------
    ValueError
        A time or a count is missing or negative; suppressed counts must be replaced by the caller first.
    """
    if frame["time"].null_count() or frame["count"].null_count():
        raise ValueError("a life table needs a time and a count on every row")
    counts: Counter[tuple[int, str]] = Counter()
    for time, cause, count in frame.select("time", "cause", "count").iter_rows():
        counts[time, cause or CENSORED] += count
    times = tuple(sorted({time for time, _ in counts}))
    causes = sorted({cause for _, cause in counts} - {CENSORED})
    return LifeTable(
        times=times,
        events={cause: tuple(counts.get((time, cause), 0) for time in times) for cause in causes},
        censored=tuple(counts.get((time, CENSORED), 0) for time in times),
        entered=sum(counts.values()),
    )


def aalen_johansen(table: LifeTable, cause: str) -> tuple[SurvivalStep, ...]:
    r"""Return the cumulative incidence of one cause with competing causes, as a share of all who entered.

    All causes of one day share that day's risk set, and a case censored on a day was at risk on it. The variance is the
    delta-method one (Collett, *Modelling Survival Data in Medical Research*, 3rd ed., p. 411): with ``d`` events,
    ``d_j`` of them of this cause, among ``n`` at risk,

    .. math::
        \sum_i (F(t) - F_i)^2 \frac{d}{n (n - d)} + S_{i-1}^2 \frac{d_j (n - d_j)}{n^3}
        - 2 (F(t) - F_i) S_{i-1} \frac{d_j}{n^2}

    and the interval is symmetric for log(-log F). Before the first event, and where all have had it, it is the exact
    binomial one (Clopper & Pearson 1934): never the point itself.

    Returns
    -------
    tuple[SurvivalStep, ...]
        Day 0 first, then one point per time of the table.

    Examples
    --------
    Five cases. Day 1: one of 5 finds work, 1/5. Day 2: S = 4/5, of 4 at risk one finds work, 1/5 + 4/5 x 1/4 = 2/5, and
    one starts to study. Day 3: one of 2 is censored. Day 4: S = 2/5, the last one finds work, 2/5 + 2/5 x 1/1 = 4/5.

    >>> import polars as pl
    >>> cases = {"time": [1, 2, 2, 3, 4], "cause": ["work", "work", "study", "", "work"], "count": [1, 1, 1, 1, 1]}
    >>> table = life_table_from_frame(pl.DataFrame(cases))
    >>> [(point.time, round(point.estimate, 3), point.at_risk) for point in aalen_johansen(table, "work")]
    [(0, 0.0, 5), (1, 0.2, 5), (2, 0.4, 4), (3, 0.4, 2), (4, 0.8, 1)]
    >>> round(at(aalen_johansen(table, "study"), 4).estimate, 3)
    0.2
    """
    of_cause = table.events.get(cause, (0,) * len(table.times))
    points = [SurvivalStep(0, 0.0, 0.0, _none_of(table.entered), round(table.entered))]
    survival, incidence, others_seen, others = 1.0, 0.0, False, 0.0
    # The variance is quadratic in F(t), so running sums of its coefficients keep the whole curve linear in time.
    constant = linear = quadratic = 0.0
    for here, own in zip(_risk_sets(table, table.events), of_cause, strict=True):
        exposed, ended, before = here.exposed, here.ended, survival
        if ended:
            others_seen = others_seen or ended > own
            survival *= (exposed - ended) / exposed
            # Without competing events 1 - S is the same number, and exactly 1 at the end.
            incidence = incidence + before * own / exposed if others_seen else 1.0 - survival
            # When the last ones leave, F never moves again and the first term has nothing to act on.
            spread = ended / (exposed * (exposed - ended)) if ended < exposed else 0.0
            shared = before * own / exposed**2
            constant += spread * incidence**2 + before**2 * own * (exposed - own) / exposed**3 + 2 * shared * incidence
            linear -= 2 * spread * incidence + 2 * shared
            quadratic += spread
        variance = max(0.0, constant + linear * incidence + quadratic * incidence**2)
        variance += _rounding(table, before, exposed)
        # Whoever had another event is known never to have this one.
        points.append(_point(table, here, incidence, variance, points[-1], None if incidence else exposed + others))
        others += ended - own
    return _from_day_zero(points)


def kaplan_meier(table: LifeTable, causes: Collection[str]) -> tuple[SurvivalStep, ...]:
    """Return the share without any of ``causes`` so far (Kaplan–Meier); every other cause counts as censoring.

    The interval is the exponential Greenwood one, symmetric for log(-log S). Before the first event, and when the curve
    has fallen to zero, it is the exact binomial one (see ``_edge``).

    Returns
    -------
    tuple[SurvivalStep, ...]
        Day 0 first, then one point per time of the table.

    Examples
    --------
    Four referrals: one of 4 starts on day 1, 3/4. One still open was last seen on day 2. One of 2 starts on day 5, 3/8.

    >>> import polars as pl
    >>> cases = {"time": [1, 2, 5, 9], "cause": ["started", "", "started", ""], "count": [1, 1, 1, 1]}
    >>> curve = kaplan_meier(life_table_from_frame(pl.DataFrame(cases)), ["started"])
    >>> [(point.time, point.estimate) for point in curve]
    [(0, 1.0), (1, 0.75), (2, 0.75), (5, 0.375), (9, 0.375)]
    """
    points = [SurvivalStep(0, 1.0, 1.0 - _none_of(table.entered), 1.0, round(table.entered))]
    survival, greenwood = 1.0, 0.0
    for here in _risk_sets(table, causes):
        exposed, ended, before = here.exposed, here.ended, survival
        if ended:
            survival *= (exposed - ended) / exposed
            greenwood += ended / (exposed * (exposed - ended)) if ended < exposed else 0.0
        variance = survival**2 * greenwood + _rounding(table, before, exposed)
        points.append(_point(table, here, survival, variance, points[-1], exposed if survival == 1.0 else None))
    return _from_day_zero(points)


def cumulative_incidence_km(table: LifeTable, causes: Collection[str]) -> tuple[SurvivalStep, ...]:
    """Return the share with any of ``causes`` so far, 1 - S of :func:`kaplan_meier`; valid only without competing causes."""
    return tuple(
        replace(point, estimate=1.0 - point.estimate, lower=1.0 - point.upper, upper=1.0 - point.lower)
        for point in kaplan_meier(table, causes)
    )


def at(points: tuple[SurvivalStep, ...], time: int) -> SurvivalStep:
    """Return the step of a curve in force on one day, with the number at risk on that day.

    Past the end of the curve ``at_risk`` is 0: no one was followed (or shown) that long, and the estimate is that of
    the last step, not of the day.

    Raises
    ------
    ValueError
        The curve has no points, or the day is before its first.
    """
    after = bisect_right(points, time, key=lambda point: point.time)
    if not after:
        raise ValueError("the curve does not reach back to the day asked for")
    step = points[after - 1]
    if step.time == time:
        return step
    return replace(step, time=time, at_risk=points[after].at_risk if after < len(points) else 0)


def cut(points: tuple[SurvivalStep, ...], min_at_risk: int) -> tuple[SurvivalStep, ...]:
    """Return the beginning of a curve, as long as at least ``min_at_risk`` cases are at risk; may be empty."""
    return tuple(point for point in points if point.at_risk >= min_at_risk)


def confirmed(points: tuple[SurvivalStep, ...], few_under: int) -> tuple[SurvivalStep, ...]:
    """A curve without a jump at its end: a last step out of the interval of the one before it, with fewer than ``few_under`` at
    risk. One event, or one rounded count, moves the curve by many percent there, and no later step confirms it.
    """
    last = len(points)
    while last > 1 and points[last - 1].at_risk < few_under and _jumps(*points[last - 2 : last]):
        last -= 1
    return points[:last]


def _jumps(before: SurvivalStep, after: SurvivalStep) -> bool:
    has_interval = before.lower < before.estimate < before.upper
    return has_interval and not before.lower <= after.estimate <= before.upper


class _RiskSet(NamedTuple):
    """One time: cases at risk, those of them exposed to its events, the events; `whole`: nobody was censored before."""

    time: int
    at_risk: float
    exposed: float
    ended: float
    whole: bool


def _risk_sets(table: LifeTable, causes: Collection[str]) -> Iterator[_RiskSet]:
    """Yield the risk set of each time for the events of ``causes``. Raises TypeError when ``causes`` is one text."""
    if isinstance(causes, str):
        raise TypeError("causes is a collection of causes, not one cause")
    chosen = [table.events[cause] for cause in table.events.keys() & set(causes)]
    unexposed = table.unexposed or (0,) * len(table.times)
    at_risk, whole = table.entered, True
    for place, time in enumerate(table.times):
        left, ended = (sum(counts[place] for counts in of) for of in (table.events.values(), chosen))
        # Whoever had an event in the step was exposed to it, however many were censored.
        yield _RiskSet(time, at_risk, max(at_risk - unexposed[place], left), ended, whole)
        at_risk -= table.censored[place] + left
        whole = whole and not table.censored[place] and ended == left


def _point(
    table: LifeTable, here: _RiskSet, estimate: float, variance: float, before: SurvivalStep, none: float | None
) -> SurvivalStep:
    """Return a step with its log-log interval; an estimate of 0 or 1 has no variance, so its interval is the exact one.

    before: the step before; none: while nothing has happened, the number of cases known to be without event, else None.
    """
    at_risk = round(here.at_risk)
    if 0.0 < estimate < 1.0:
        hazard = -math.log(estimate)
        factor = math.exp(min(_Z * math.sqrt(variance) / (estimate * hazard), _MOST))
        return SurvivalStep(here.time, estimate, math.exp(-hazard * factor), math.exp(-hazard / factor), at_risk)
    left = before.upper if estimate == 0.0 else 1.0 - before.lower
    if none is not None:
        left = _none_of(none)
    elif here.whole:
        left = _none_of(table.entered)
    elif here.exposed > 0:
        # The last ones stand for all that were left, so the bounds are multiplied.
        left *= _none_of(here.exposed)
    return SurvivalStep(here.time, estimate, *((0.0, left) if estimate == 0.0 else (1.0 - left, 1.0)), at_risk)


def _rounding(table: LifeTable, survival: float, exposed: float) -> float:
    """Return the variance that the error of a published count adds: one case at this time stands for S / n of all.

    Errors of earlier counts are made good by the next ones, because each is cumulative.
    """
    return (table.noise * survival / exposed) ** 2 if exposed > 0 else 0.0


def _none_of(cases: float) -> float:
    """Return the exact upper 95 % bound of a share of which no case is seen among so many; 1 among none.

    >>> round(_none_of(20), 3)
    0.168
    """
    return float(1.0 - _TAIL ** (1.0 / cases)) if cases > 0 else 1.0


def _from_day_zero(points: list[SurvivalStep]) -> tuple[SurvivalStep, ...]:
    """Return the steps without the added day 0 when the table has one of its own."""
    return tuple(points[1:] if len(points) > 1 and points[1].time == 0 else points)

"""Time to event from cumulative cells: exact for the internal audience, from published counts on a grid for others.

The grid is that of quarters of a month, so every horizon lies on it, and the points shown are those of month ends. Within a
quarter, as on a day, whoever is censored was at risk of the events: days are often written by the week or fortnight, and of even
ones this misses a fraction of a percent. Wider steps are those of an actuarial life table. Published cumulative counts are made
monotone by isotonic regression, which moves them up as often as down.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import count, pairwise
from math import ceil, floor

from metrics.cube.index import Steps
from metrics.cube.lookup import cell_at
from metrics.gate import (
    AT_RISK_FROM,
    CURVE_FROM,
    EMPTY,
    NOT_REACHED,
    ROUNDING_ERROR,
    SHARE_FROM,
    SHOWN_FROM,
    SMALL,
    UNDER_LOW,
    Cell,
    Gate,
    PublishedValue,
    few_bound_a_share,
)
from metrics.measures import survival
from metrics.measures.quantiles import whole_between
from metrics.measures.survival import LifeTable, SurvivalStep
from metrics.model.facts.months import HORIZON_DAYS, month_end
from metrics.model.kinds import UNDATED, TimeToEvent

_QUARTERS = 4
_TIED = 8
"""Days, at most a quarter of a month, within which events come before censorings."""


@dataclass(frozen=True)
class PublishedCurve:
    """Cumulative incidence of the cause of interest; `entered` is the published number of people at the start.

    On a grid, the number at risk of a point leaves out those censored in its step, who were not followed to its end.
    """

    points: tuple[SurvivalStep, ...]
    entered: int
    on_grid: bool
    seen: tuple[tuple[int, int], ...]
    """Pairs of a day and the published cumulative number of the cause of interest."""
    complete: bool
    """Whether no one is censored on the last day, so that its estimate holds from then on."""
    is_recorded: bool = True
    """Whether it is recorded when the cause of interest came, for most of those to whom it is known to have come."""


def curve(gate: Gate, measure: TimeToEvent, steps: Steps, everyone: Cell) -> PublishedCurve | None:
    """Return the curve of one group, None when it is suppressed or the group is empty.

    steps: cumulative cells by cause; everyone: the group's own cell. Those of whom it is known that the cause of interest has
    come, and not when, are distributed over the days of those of whom it is: else the curve would be too low, with them as
    with those to whom nothing has happened, and too low without them.
    """
    entered = gate.clients(everyone)
    if not steps or (not gate.exact and (entered.value or 0) < CURVE_FROM):
        return None
    on_grid = not gate.exact
    days = tuple(sorted({at for causes in steps.values() for at, _ in causes}))
    if on_grid:
        days = grid(measure, days[-1])
    upto: dict[str, tuple[int | None, ...]] = {}
    for cause, causes in steps.items():
        # Of a small group most days of the grid have the cell of the day before.
        cells = [cell_at(causes, day) for day in days]
        shown = {cell: gate.events(cell) for cell in set(cells)}
        counts = [shown[cell] for cell in cells]
        if any(one.value is None and one.bound is None for one in counts):
            return None
        upto[cause] = tuple(None if one.value is None else int(one.value) for one in counts)
    if on_grid:  # to the last published step: how long whoever was followed longest was, is told by nothing
        step = 1 if measure.grid else _QUARTERS
        days = days[: step * ceil(_last_step(upto.values()) / step)]
        upto = {cause: counts[: len(days)] for cause, counts in upto.items()}
    undated = (upto.pop(UNDATED, None) or (0,))[-1] or 0
    dated = upto.get(measure.of_interest, (0,))[-1] or 0
    last = {cause: causes[-1][1] for cause, causes in steps.items()}
    recorded = gate.knows_most(last.get(measure.of_interest, EMPTY), last.get(UNDATED, EMPTY))
    upscale = 1 + undated / dated if dated else 1.0
    if on_grid:
        table = _published_table(days, upto, measure.of_interest, gate.events(everyone).value or 0.0, upscale)
    else:
        table = _exact_table(days, upto, measure.of_interest, upscale)
    if measure.estimate == "incidence":
        points = survival.aalen_johansen(table, measure.of_interest)
    else:
        points = survival.cumulative_incidence_km(table, (measure.of_interest,))
    if on_grid:
        points = _shown_ones(points, measure, table)
    seen = tuple((day, found or 0) for day, found in zip(days, upto.get(measure.of_interest, ()), strict=False))
    complete = table.censored[-1] == 0
    return PublishedCurve(points, int(entered.value or 0), on_grid, seen, complete, recorded)


def grid(measure: TimeToEvent, last: int) -> tuple[int, ...]:
    """Return the days of published counts: the measure's own, else quarters of months, to the end of the month of day `last`."""
    if measure.grid and measure.grid[-1] >= last:
        return measure.grid
    end = next(months for months in count(1) if month_end(months) >= last)
    if measure.grid:
        return (*measure.grid, month_end(end))
    return tuple(month_end(part / _QUARTERS) for part in range(1, _QUARTERS * end + 1))


def _exact_table(
    days: tuple[int, ...], upto: Mapping[str, Sequence[int | None]], of_interest: str, upscale: float
) -> LifeTable:
    nothing = (0.0,) * len(days)
    added = {cause: _increments([one or 0 for one in counts]) for cause, counts in upto.items()}
    if of_interest in added:
        added[of_interest] = tuple(upscale * one for one in added[of_interest])
    events = {of_interest: nothing} | {cause: counts for cause, counts in added.items() if cause != survival.CENSORED}
    return LifeTable(days, events, added.get(survival.CENSORED, nothing), sum(map(sum, added.values())))


def _published_table(
    days: tuple[int, ...], upto: Mapping[str, Sequence[int | None]], of_interest: str, total: float, upscale: float
) -> LifeTable:
    """Return the life table of published cumulative counts. total: published number of all, the sum of no causes.

    upscale: how many cases each of those of the cause of interest stands for, with those of which the day is not known.
    """
    added = {cause: _increments(isotonic(_guessed(days, counts))) for cause, counts in upto.items()}
    if of_interest in added:
        added[of_interest] = tuple(upscale * one for one in added[of_interest])
    at_risk, parts = total, []
    for counts in zip(*added.values(), strict=True):
        # Rounded counts may add up to more than the rounded total; nobody is left then.
        part = min(1.0, at_risk / sum(counts)) if sum(counts) else 1.0
        parts.append(part)
        at_risk = max(0.0, at_risk - sum(counts))
    events = {
        cause: tuple(one * part for one, part in zip(counts, parts, strict=True)) for cause, counts in added.items()
    }
    nothing = (0.0,) * len(days)
    censored = events.pop(survival.CENSORED, nothing)
    events.setdefault(of_interest, nothing)
    widths = [after - before for before, after in pairwise((-1 if days[0] == 0 else 0, *days))]
    # With this probability, of two even days of a step that of censoring is before that of an event, and not tied with it.
    unexposed = tuple(lost * max(0, width - _TIED) / (2 * width) for lost, width in zip(censored, widths, strict=True))
    return LifeTable(days, events, censored, total, unexposed, ROUNDING_ERROR)


def _last_step(series: Iterable[Sequence[int | None]]) -> int:
    """Return how many of the first days hold every step of all series of cumulative counts, at least one.

    >>> _last_step([(None, 10, 10, 10), (15, 15, 20, 20)])
    3
    """
    steps = (place + 1 for counts in series for place, two in enumerate(pairwise(counts), 1) if two[0] != two[1])
    return max(steps, default=1)


def _increments(cumulative: Sequence[float]) -> tuple[float, ...]:
    return tuple(float(after - before) for before, after in pairwise((0.0, *cumulative)))


def _guessed(days: Sequence[int], counts: Sequence[int | None]) -> list[float]:
    """Return cumulative counts in which those too small to be published are a straight line to the first one published.

    At most half of the smallest published count; none where none is published.
    """
    shown = next((place for place, found in enumerate(counts) if found is not None), None)
    if shown is None:
        return [0.0] * len(counts)
    slope = (counts[shown] or 0) / (days[shown] + 1)
    guesses = [min(slope * (day + 1), SHOWN_FROM / 2) for day in days[:shown]]
    return [*guesses, *(SHOWN_FROM / 2 if found is None else float(found) for found in counts[shown:])]


def isotonic(values: Sequence[float]) -> list[float]:
    """Return the closest values, by least squares, that never fall (pool adjacent violators).

    >>> isotonic([10, 20, 15, 30])
    [10.0, 17.5, 17.5, 30.0]
    """
    pools: list[tuple[float, int]] = []
    for value in values:
        mean, size = float(value), 1
        while pools and pools[-1][0] >= mean:
            before, many = pools.pop()
            mean, size = (before * many + mean * size) / (many + size), many + size
        pools.append((mean, size))
    return [mean for mean, size in pools for _ in range(size)]


def _shown_ones(points: tuple[SurvivalStep, ...], measure: TimeToEvent, table: LifeTable) -> tuple[SurvivalStep, ...]:
    """Return the points of month ends, or of the measure's own grid, with the number of those followed to them."""
    at_risk = dict(zip(table.times, (point.at_risk for point in points[-len(table.times) :]), strict=True))
    followed = {day: max(0, at_risk[day] - round(lost)) for day, lost in zip(table.times, table.censored, strict=True)}
    step = 1 if measure.grid else _QUARTERS
    chosen = {0, *table.times[step - 1 :: step]}
    return tuple(
        replace(point, at_risk=followed.get(point.time, point.at_risk)) for point in points if point.time in chosen
    )


def shown_points(found: PublishedCurve) -> tuple[SurvivalStep, ...]:
    """Return the part of a curve that may be drawn: enough people at risk and, on a grid, a published count of the cause.

    For every audience it ends before a jump that no later step confirms; a step is a share of those at risk.
    """
    if not found.on_grid:
        return survival.confirmed(survival.cut(found.points, 1), SHARE_FROM)
    first = next((day for day, count in found.seen if count >= SHOWN_FROM), None)
    kept = survival.cut(found.points, AT_RISK_FROM)
    return survival.confirmed(tuple(point for point in kept if first is not None and point.time >= first), SHARE_FROM)


def at_horizon(gate: Gate, found: PublishedCurve, months: int) -> tuple[PublishedValue, float | None, float | None]:
    """Return the percent reached by a horizon with its interval, suppressed where too few people are still followed."""
    day = HORIZON_DAYS[months]
    point = survival.at(found.points, day)
    followed = point.at_risk >= AT_RISK_FROM if found.on_grid else point.at_risk >= 1 or found.complete
    if not followed:
        return gate.nothing, None, None
    if found.on_grid and max((count for at, count in found.seen if at <= day), default=0) < SHOWN_FROM:
        # The number of events is suppressed: it gives the share a bound only when the group is large enough.
        return (UNDER_LOW if few_bound_a_share(found.entered) else SMALL), None, None
    value = gate.percent(100 * point.estimate)
    if value.value is None:
        return value, None, None
    return value, *ends_in_percent(found, point)


def ends_in_percent(found: PublishedCurve, point: SurvivalStep) -> tuple[float, float]:
    """Return the interval of a step of a curve in percent.

    On a grid in whole percents outwards, so that rounding never takes the true share out of the interval.
    """
    low, high = 100 * point.lower, 100 * point.upper
    return (floor(low), ceil(high)) if found.on_grid else (low, high)


def median_day(found: PublishedCurve) -> PublishedValue:
    """Return the day by which half have reached the event; suppressed when not reached. Interpolated on a grid."""
    points = shown_points(found)
    if not found.on_grid:
        day = next((point.time for point in points if point.estimate >= 0.5 - 1e-12), None)
        return NOT_REACHED if day is None else PublishedValue(day)
    if points and points[0].estimate >= 0.5:
        return PublishedValue(points[0].time)
    for left, right in pairwise(points):
        if right.estimate >= 0.5:
            part = (0.5 - left.estimate) / (right.estimate - left.estimate)
            return PublishedValue(whole_between(left.time, right.time, part))
    return NOT_REACHED if points else SMALL

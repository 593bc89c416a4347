"""Time to event from cumulative cells: exact for the internal audience, from published counts on a grid for others."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from metrics.cube.index import Steps
from metrics.cube.lookup import cell_at
from metrics.gate import (
    AT_RISK_FROM,
    CURVE_FROM,
    NOT_REACHED,
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
from metrics.measures.quantiles import published_steps, whole_between
from metrics.model.kinds import TimeToEvent

HORIZON_DAYS = {6: 183, 12: 365, 24: 730}
"""Days of each horizon in months, with 365 days a year."""

GRID_DAYS = 30


@dataclass(frozen=True)
class PublishedCurve:
    """Cumulative incidence of the cause of interest; `entered` is the published number of people at the start."""

    points: tuple[survival.SurvivalStep, ...]
    entered: int
    on_grid: bool
    seen: tuple[tuple[int, int], ...]
    """Pairs of a day and the published cumulative number of the cause of interest."""
    complete: bool
    """Whether no one is censored on the last day, so that its estimate holds from then on."""


def curve(gate: Gate, measure: TimeToEvent, steps: Steps, everyone: Cell) -> PublishedCurve | None:
    """Return the curve of one group, None when it is suppressed or the group is empty.

    steps: cumulative cells by cause; everyone: the group's own cell.
    """
    entered = gate.clients(everyone)
    if not steps or (not gate.exact and (entered.value or 0) < CURVE_FROM):
        return None
    days = sorted({at for causes in steps.values() for at, _ in causes})
    on_grid = not gate.exact
    if on_grid:
        days = list(measure.grid or range(GRID_DAYS, days[-1] + GRID_DAYS, GRID_DAYS))
        if days[-1] < max(causes[-1][0] for causes in steps.values()):
            days.append(max(causes[-1][0] for causes in steps.values()) // GRID_DAYS * GRID_DAYS + GRID_DAYS)
    upto: dict[str, list[tuple[int, int]]] = {}
    for cause, causes in steps.items():
        counts = published_steps(gate, causes, days) if on_grid else [(day, cell_at(causes, day).e) for day in days]
        if counts is None:
            return None
        upto[cause] = counts
    added = {cause: _increments(counts) for cause, counts in upto.items()}
    nothing = (0,) * len(days)
    events = {cause: counts for cause, counts in added.items() if cause != survival.CENSORED}
    events.setdefault(measure.of_interest, nothing)
    censored = added.get(survival.CENSORED, nothing)
    table = survival.LifeTable(tuple(days), events, censored, sum(map(sum, events.values())) + sum(censored))
    if measure.estimate == "incidence":
        points = survival.aalen_johansen(table, measure.of_interest)
    else:
        points = survival.cumulative_incidence_km(table, (measure.of_interest,))
    return PublishedCurve(
        points, int(entered.value or 0), on_grid, tuple(upto.get(measure.of_interest, ())), complete=censored[-1] == 0
    )


def shown_points(found: PublishedCurve) -> tuple[survival.SurvivalStep, ...]:
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
        return SMALL, None, None
    if found.on_grid and max((count for at, count in found.seen if at <= day), default=0) < SHOWN_FROM:
        # The number of events is suppressed: it gives the share a bound only when the group is large enough.
        return (UNDER_LOW if few_bound_a_share(found.entered) else SMALL), None, None
    value = gate.percent(100 * point.estimate)
    if value.value is None:
        return value, None, None
    low, high = 100 * point.lower, 100 * point.upper
    return (value, round(low), round(high)) if found.on_grid else (value, low, high)


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


def _increments(counts: Sequence[tuple[int, int]]) -> tuple[int, ...]:
    return (counts[0][1], *(after - before for (_, before), (_, after) in pairwise(counts)))

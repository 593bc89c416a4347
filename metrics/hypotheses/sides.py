"""Published numbers of the groups of a comparison: people, events, value and curve, all through the gate."""

from collections.abc import Iterable

import numpy as np
import polars as pl

from metrics.gate import Cell, Gate
from metrics.hypotheses.hypothesis import BeforeAfter, Hypothesis
from metrics.hypotheses.methods.finding import CurveStep
from metrics.hypotheses.register import Side
from metrics.measures import curves, quantiles
from metrics.model.kinds import Count, Quantile, TimeToEvent

YEAR = 365
ALL = 10**9
"""A grid point above every possible number of days or minutes."""
_BEFORE_AFTER = (("before", False), ("after", True))


def parts(hypothesis: Hypothesis, sample: pl.DataFrame) -> dict[str, pl.DataFrame]:
    """Return the rows of each side by name, the compared side first.

    Two groups: `compared`, `reference`; one series: `after`, `before`; with a comparison area: `compared_before`,
    `compared_after`, `reference_before`, `reference_after`. Without covariates, by which nothing is published.
    """
    design, sample = hypothesis.design, sample.select(pl.exclude("^c_.*$"))
    if not isinstance(design, BeforeAfter):
        return {"compared": sample.filter(pl.col("group")), "reference": sample.filter(~pl.col("group"))}
    if design.comparison is None:
        return {name: sample.filter(pl.col("group") == is_after) for name, is_after in _BEFORE_AFTER[::-1]}
    return {
        f"{place}_{name}": sample.filter((pl.col("area") == own) & (pl.col("group") == is_after))
        for place, own in (("compared", True), ("reference", False))
        for name, is_after in _BEFORE_AFTER
    }


def sides(hypothesis: Hypothesis, sample: pl.DataFrame, gate: Gate) -> tuple[Side, ...]:
    """Return the published numbers of every side, in the order of `parts`; a suppressed number of people is 0."""
    return tuple(_side(hypothesis, name, rows, gate) for name, rows in parts(hypothesis, sample).items())


def _side(hypothesis: Hypothesis, name: str, rows: pl.DataFrame, gate: Gate) -> Side:
    everyone = cell(rows)
    people = int(gate.clients(Cell(n=everyone.u, n_key=everyone.u_key)).value or 0)
    events = gate.events(everyone)
    value: float | None = None
    match hypothesis.definition.measure:
        case Count(unit=unit):
            counted = _people_a_month(rows) if unit == "clients" else events.value
            months = rows["day"].n_unique() if rows.height else 0
            value = None if counted is None or not months else _whole(counted / (1 if unit == "clients" else months))
        case Quantile(grid=grid):
            amounts = rows.rename({"amount": "days"}, strict=False)
            steps = [*_steps(amounts, grid), (ALL, everyone)]
            value = quantiles.quantile(gate, steps, 0.5, grid).value
        case TimeToEvent():
            published = [step for step in published_curve(hypothesis, name, rows, gate) if step.day <= YEAR]
            value = published[-1].value if published else None
        case _:
            met = gate.events(cell(rows.filter(pl.col("met") > 0).with_columns(n="met")))
            value = gate.share(met, events, clients=True).value
    return Side(name=name, people=people, events=None if events.value is None else int(events.value), value=value)


def published_curve(hypothesis: Hypothesis, name: str, rows: pl.DataFrame, gate: Gate) -> tuple[CurveStep, ...]:
    """Return the curve of one side, percent reached by day, from published counts on a grid; empty when suppressed.

    The grid is that of `curves.grid`. Empty for metrics other than time to event.
    """
    measure = hypothesis.definition.measure
    if not isinstance(measure, TimeToEvent) or rows.is_empty():
        return ()
    longest = int(rows["days"].max())  # type: ignore[arg-type]
    grid = curves.grid(measure, longest)
    causes = rows["cause"].unique().to_list()
    steps = {
        measure.of_interest if cause == "event" else cause: tuple(_steps(rows.filter(pl.col("cause") == cause), grid))
        for cause in causes
    }
    found = curves.curve(gate, measure, steps, cell(rows))
    shown = curves.shown_points(found) if found else ()
    return tuple(
        CurveStep(name, p.time, _percent(p.estimate), _percent(p.lower), _percent(p.upper), p.at_risk) for p in shown
    )


def cell(rows: pl.DataFrame) -> Cell:
    """Return the cell of rows: clients and units with their key sums, events, and most events of one unit."""
    if rows.is_empty():
        return Cell()
    units = rows.group_by("unit").agg(pl.col("identified").first(), pl.col("n").cast(pl.Int64).sum())
    clients = units.filter("identified")["unit"]
    return Cell(
        len(clients), _sum(clients), units.height, _sum(units["unit"]), int(units["n"].sum()), int(units["n"].max())  # type: ignore[arg-type]
    )  # fmt: skip


def _sum(keys: pl.Series) -> int:
    """Return the sum of keys of 61 bits, which exceeds 64 bits: the high and the low halves are summed apart."""
    halves = pl.DataFrame({"key": keys}).select(high=(pl.col("key") // 2**31).sum(), low=(pl.col("key") % 2**31).sum())
    high, low = halves.row(0)
    return int(high) * 2**31 + int(low)


def _steps(rows: pl.DataFrame, grid: Iterable[int]) -> list[tuple[int, Cell]]:
    """Return the cell of the rows up to each point of the grid, in one pass: units are counted where they first appear."""
    points = list(grid)
    place = pl.Series("step", np.searchsorted(points, rows["days"].to_numpy()))  # the first point that is not below
    units = (
        rows.with_columns(place)
        .group_by("unit", "step")
        .agg(pl.col("identified").first(), pl.col("n").cast(pl.Int64).sum())
        .sort("unit", "step")
        .with_columns(
            upto=pl.col("n").cum_sum().over("unit"), is_first=pl.col("step") == pl.col("step").min().over("unit")
        )
    )
    found: list[tuple[int, Cell]] = []
    held = Cell()
    by_step = {step: own for (step,), own in units.group_by("step")}
    for step, at in enumerate(points):
        own = by_step.get(step)
        if own is not None:
            new = own.filter("is_first")
            clients = new.filter("identified")["unit"]
            held = Cell(
                held.n + len(clients), held.n_key + _sum(clients), held.u + new.height, held.u_key + _sum(new["unit"]),
                held.e + int(own["n"].sum()), max(held.m, int(own["upto"].max())),  # type: ignore[arg-type]
            )  # fmt: skip
        found.append((at, held))
    return found


def _people_a_month(rows: pl.DataFrame) -> float | None:
    if rows.is_empty():
        return None
    return float(rows.group_by("day").agg(pl.col("unit").n_unique())["unit"].mean())  # type: ignore[arg-type]


def _whole(value: float) -> float:
    return float(round(value))


def _percent(share: float) -> float:
    return float(round(100 * share))

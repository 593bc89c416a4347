"""Samples for the methods of hypotheses: made from tables, and drawn with a known truth."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import polars as pl
from numpy.random import Generator

from metrics.hypotheses.methods.finding import Estimate, MethodResult


def of_counts(count: int, n: int, count0: int, n0: int) -> pl.DataFrame:
    """One row per person of a two by two table."""
    outcome = [True] * count + [False] * (n - count) + [True] * count0 + [False] * (n0 - count0)
    return pl.DataFrame({"group": [True] * n + [False] * n0, "outcome": outcome})


def swapped(sample: pl.DataFrame) -> pl.DataFrame:
    return sample.with_columns(~pl.col("group"))


def of_clients(draw: Generator, clients: int = 80, share: float = 0.3, alike: float = 0.3) -> pl.DataFrame:
    """Encounters of clients who differ from each other (intra-class correlation `alike`), half of them in each group."""
    client = np.repeat(np.arange(clients), draw.poisson(4, clients) + 1)
    size = (1 - alike) / alike
    chance = draw.beta(share * size, (1 - share) * size, clients)[client]
    return pl.DataFrame({"group": client % 2 == 0, "client": client, "outcome": draw.random(len(client)) < chance})


def confounded(draw: Generator, n: int = 400, *, clients: int | None = None) -> pl.DataFrame:
    """The compared group has 10 points more, and looks 26 better because its people would do better anyway."""
    client = draw.integers(0, clients, n) if clients else np.arange(n)
    kind = draw.integers(0, 3, n)[client]
    own = (draw.random(n) * 0.3 - 0.15)[client] if clients else 0
    group = draw.random(n) < np.array([0.2, 0.5, 0.75])[kind]
    chance = np.array([0.2, 0.4, 0.65])[kind] + own + 0.1 * group
    columns = {
        "group": group,
        "client": client,
        "outcome": draw.random(n) < chance,
        "c_kind": np.array(list("abc"))[kind],
    }
    return pl.DataFrame(columns | {"c_noise": draw.choice(["x", "y"], n)})


def counts(draw: Generator, n: int = 100, *, spread: float = 0, clients: int | None = None) -> pl.DataFrame:
    """Counts per unit without a difference between groups; `spread` is the negative binomial's."""
    client = draw.integers(0, clients, n) if clients else np.arange(n)
    exposure = draw.uniform(0.5, 2, n)
    own = draw.gamma(1 / spread, spread, n)[client] if spread else 1
    outcome = draw.poisson(2 * exposure * own)
    return pl.DataFrame({"group": draw.random(n) < 0.5, "client": client, "outcome": outcome, "exposure": exposure})


def durations(
    draw: Generator, n: int = 500, *, ratio: float = 1, competing: bool = False, clients: int | None = None
) -> pl.DataFrame:
    """Days to an event with a hazard ratio, censored after 10 to 40 months; clients share their luck."""
    client = draw.integers(0, clients, n) if clients else np.arange(n)
    own = draw.gamma(2, 0.5, n)[client] if clients else 1
    group = client % 2 == 0
    event = draw.exponential(700 / (own * np.where(group, ratio, 1)))
    other = draw.exponential(1500, n) if competing else np.full(n, np.inf)
    lost = draw.uniform(300, 1200, n)
    days = np.minimum(np.minimum(event, other), lost)
    cause = np.where(days == event, "event", np.where(days == other, "other", ""))
    return pl.DataFrame({"group": group, "client": client, "days": days.astype(int), "cause": cause})


def areas(draw: Generator, n: int = 800, *, areas: int, changed: int) -> pl.DataFrame:
    """A numeric outcome in areas with a level and a course of their own, and no effect of the change."""
    area = draw.integers(0, areas, n)
    after = draw.random(n) < 0.5
    own = draw.normal(size=(2, areas)) * 0.3
    outcome = own[0, area] + 0.5 * own[1, area] * after + 0.3 * after + draw.normal(size=n)
    time = np.where(after, "after", "before")
    return pl.DataFrame(
        {"outcome": outcome, "area": area < changed, "time": time, "client": np.arange(n), "cluster": area}
    )


def months(draw: Generator, length: int, memory: float, *, before: int | None = None) -> pl.DataFrame:
    """A rising monthly series whose months remember the one before, and no change."""
    noise = draw.normal(size=length + 50)
    for place in range(1, length + 50):
        noise[place] += memory * noise[place - 1]
    month = np.arange(length)
    value = 100 + 0.1 * month + noise[50:]
    return pl.DataFrame({"month": month, "value": value, "after": month >= (before or length // 2)})


def repeatedly(method: Callable[[], MethodResult], times: int) -> list[MethodResult]:
    return [method() for _ in range(times)]


def named(findings: list[MethodResult], name: str) -> list[Estimate]:
    return [one for finding in findings for one in finding.estimates if one.name == name]


def assert_honest(estimates: list[Estimate], truth: float, *, more: float = 0.0, null: bool = True) -> None:
    """Coverage is 95 % and, when the truth is no difference, false findings 5 %, within three standard errors.

    `more`: percentage points allowed beyond that, where a method is known to be a little too sure.
    """
    room = 3 * np.sqrt(0.05 * 0.95 / len(estimates)) + more / 100
    missed = np.mean([not one.lower <= truth <= one.upper for one in estimates])
    assert abs(missed - 0.05) <= room, f"coverage {1 - missed:.3f} of {len(estimates)}"
    if null:
        false = np.mean([one.p < 0.05 for one in estimates])
        assert abs(false - 0.05) <= room, f"false findings {false:.3f} of {len(estimates)}"

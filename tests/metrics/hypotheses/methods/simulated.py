"""Samples for the methods of hypotheses: made from tables, and drawn with a known truth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import numpy as np
import polars as pl
from numpy.random import Generator
from numpy.typing import NDArray
from scipy import stats

from metrics.hypotheses.methods.finding import Estimate, MethodResult


def given(rows: pl.DataFrame) -> pl.DataFrame:
    """The rows of events as the product gives them to a method: sums per client, in its columns only (`COLUMNS`).

    rows: `group`, covariates, `day`; `client`, null or left out for visitors who are nobody's cluster; `outcome` of a
    share; `days` and `cause`, or nothing for counts.
    """
    own = pl.int_range(1, pl.len() + 1) + 1_000_000
    client = pl.col("client").cast(pl.Int64) if "client" in rows.columns else pl.lit(None, pl.Int64)
    named = rows.with_columns(unit=pl.coalesce(client + 1, own), identified=client.is_not_null())
    keys = [name for name in named.columns if name in COLUMNS or name.startswith("c_")]
    sums = [pl.len().cast(pl.Int32).alias("n")]
    if "outcome" in rows.columns:
        sums.append(pl.col("outcome").sum().cast(pl.Int32).alias("met"))
    return named.group_by(keys, maintain_order=True).agg(sums)


COLUMNS = ("unit", "identified", "group", "day", "time", "area", "place", "days", "cause", "amount")
"""Columns of the product's samples, beside covariates, `n` and `met` (`test_samples` compares)."""


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


def counts(
    draw: Generator, clients: int = 400, *, ratio: float = 1, several: float = 1.5, months: int = 12, own: float = 0.0
) -> pl.DataFrame:
    """Encounters of clients who come to one of two groups, each on average 1 + `several` times, in months that they share.

    ratio: of the numbers of clients; own: how much the months of one group vary by themselves.
    """
    sizes = draw.poisson((clients * ratio, clients))
    client = np.arange(sizes.sum())
    times = draw.geometric(1 / (1 + several), len(client)) if several else np.ones(len(client), dtype=int)
    client = np.repeat(client, times)
    group = client < sizes[0]
    wave = np.exp(own * draw.normal(size=(2, months)))
    month = np.where(group, *(draw.choice(months, len(client), p=one / one.sum()) for one in wave))
    first = (date(2024 + number // 12, number % 12 + 1, 1) for number in month)
    return pl.DataFrame({"group": group, "client": client, "day": list(first)})


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


def areas(
    draw: Generator,
    others: int = 12,
    clients: int = 200,
    *,
    effect: float = 0.0,
    between: float = 0.02,
    drift: float = 0.0,
    larger: int = 1,
) -> pl.DataFrame:
    """Encounters in one municipality with a change and in `others` without, a year before and a year after.

    A share of 0.5, with an effect (0–1) of the change, and a change of each municipality's own with standard deviation
    `between`; `drift`: how much a month the changed one grew before; `larger`: how many times as large it is. Clients
    differ and come several times.
    """
    sizes = draw.integers(clients // 2, clients * 2, others + 1)
    sizes[0] *= larger
    place = np.repeat(np.arange(others + 1), sizes)
    luck = draw.normal(0, 0.15, len(place))
    times = draw.geometric(0.35, len(place))
    client, place, luck = np.repeat(np.arange(len(place)), times), np.repeat(place, times), np.repeat(luck, times)
    month = draw.integers(0, 24, len(place))
    after = month >= 12
    own, changed = draw.normal(0, between, others + 1), place == 0
    chance = 0.5 + luck + own[place] * after + effect * changed * after + drift * changed * np.minimum(month, 12)
    day = pl.Series("m", month).map_elements(lambda number: date(2024 + number // 12, number % 12 + 1, 1), pl.Date)
    return pl.DataFrame(
        {
            "client": client, "day": day, "time": np.where(after, "after", "before"), "group": after, "area": changed,
            "place": place.astype(str), "outcome": draw.random(len(place)) < chance,
        }
    )  # fmt: skip


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


ENOUGH = 250
"""Repetitions from which the number of findings alone tells whether standard errors are right."""


def assert_honest(estimates: list[Estimate], truth: float, *, more: float = 0.0, null: bool = True) -> None:
    """Coverage is 95 % and, when the truth is no difference, false findings 5 %, as near as three standard errors are.

    `more`: percentage points allowed beyond that, where a method is known to be a little too sure.
    """
    n = len(estimates)
    least, most = stats.binom.ppf(stats.norm.cdf([-3, 3]), n, 0.05) / n + np.array([-1, 1]) * more / 100
    missed = np.mean([not one.lower <= truth <= one.upper for one in estimates])
    p = np.array([one.p for one in estimates])
    false = np.mean(p < 0.05)
    told = f"{estimates[0].name}: coverage {1 - missed:.3f}" + f", false findings {false:.3f}" * null + f" of {n}"
    print(told)
    assert least <= missed <= most, told
    if null:
        assert least <= false <= most, told
        if n < ENOUGH:
            assert_spread(stats.norm.isf(np.maximum(p, 1e-12) / 2), more)


def assert_spread(z: NDArray[np.float64], more: float) -> None:
    """Statistics of nothing vary by one: of few, this tells of a wrong standard error what no number of findings can.

    `more`: percentage points of false findings beyond 5 (or fewer) that the spread may mean.
    """
    usual = stats.norm.isf(0.025)
    least, most = ((usual / stats.norm.isf(max(0.05 + sign * more / 100, 0) / 2)) ** 2 for sign in (-1, 1))
    room, spread = 3 * np.sqrt(2 / len(z)), np.mean(z**2)
    assert least * (1 - room) <= spread <= most * (1 + room), f"statistics spread by {spread:.2f} of {len(z)}"

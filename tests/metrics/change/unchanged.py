"""A made-up country where nothing changes from year to year, or only the number of clients does, as a store.

Every area has a Poisson number of clients a year, each with a geometric number of encounters. All that can be said of an
encounter goes by client (the most clustered it can be), so that a rule that takes encounters for independent is wrong.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl

from data.codes import code_list
from data.store.store import Store
from tests.metrics.made import publish_frames

YEARS = (2021, 2022, 2023)
"""The first is there so that "new" clients of the others are new."""
LAST = date(2026, 9, 30)
"""Every year is followed far beyond it, so that nothing matures late."""
_YEAR = 365
_EPOCH = date(1970, 1, 1)


@dataclass(frozen=True)
class Country:
    """What is drawn: areas, expected clients of an area and year, mean encounters of a client, and what goes on.

    staying: share of a year's clients who come the next year too; growth: factor of the last year's expected clients;
    anonymous: encounters without a client, per encounter with one; centre: is there a competence centre too.
    """

    areas: int = 300
    clients: float = 200
    each: float = 3.5
    staying: float = 0.0
    growth: float = 1.0
    anonymous: float = 0.1
    centre: bool = True
    seed: int = 1

    @property
    def codes(self) -> tuple[str, ...]:
        """Municipalities that are the areas."""
        known = code_list("municipality")
        return tuple(code for code in known.ids if code != known.unknown)[: self.areas]


def unchanged_store(path: Path, country: Country) -> Store:
    """A published store of the country."""
    draw = np.random.default_rng(country.seed)
    people = _people(draw, country)
    encounters, referrals = _guidance(draw, people, country)
    centre = _centre(draw, country) if country.centre else {}
    points = pl.DataFrame(
        {"code": [f"p{code}" for code in country.codes], "municipality": list(country.codes)}
    ).with_columns(name_fi=pl.col("code"), kind=pl.lit("one_stop"))
    amounts = {"municipality": [], "year": []}  # type: dict[str, list[Any]]
    for year in YEARS:
        amounts["municipality"] += country.codes
        amounts["year"] += [year] * country.areas
    yearly = pl.DataFrame(amounts)
    languages = pl.DataFrame({"language": ["ar", "so"]})
    residents = yearly.join(languages, how="cross").with_columns(residents=pl.lit(10 * int(country.clients)))
    costs = yearly.with_columns(service=pl.lit("guidance"), euros=pl.lit(100_000.0))
    months = pl.DataFrame({"month": [date(year, month, 1) for year in YEARS for month in range(1, 13)]})
    staff = (
        points.select(service_point="code")
        .join(months, how="cross")
        .with_columns(
            person_years=pl.lit(5.5), training_days=pl.lit(2.0), languages=pl.lit(["so"], dtype=pl.List(pl.String))
        )
    )
    return publish_frames(path, {
        "encounter": encounters, "referral": referrals, **centre,
        "service_point": points, "population": residents, "cost": costs, "staff": staff,
    })  # fmt: skip


def _people(draw: np.random.Generator, country: Country) -> pl.DataFrame:
    """A row per client and year: client, area, year."""
    rows: list[pl.DataFrame] = []
    known = np.empty((0,), int), np.empty((0,), int)
    free = 1
    for year in YEARS:
        factor = country.growth if year == YEARS[-1] else 1.0
        stays = draw.random(len(known[0])) < country.staying
        arriving = country.clients * (factor - country.staying if year != YEARS[0] else 1.0)
        areas = np.repeat(np.arange(country.areas), draw.poisson(arriving, country.areas))
        new = np.arange(free, free + len(areas))
        free += len(areas)
        known = np.concatenate([known[0][stays], new]), np.concatenate([known[1][stays], areas])
        rows.append(pl.DataFrame({"client": known[0], "area": known[1]}).with_columns(year=pl.lit(year)))
    return pl.concat(rows)


def _guidance(draw: np.random.Generator, people: pl.DataFrame, country: Country) -> tuple[pl.DataFrame, pl.DataFrame]:
    events = people.select(pl.all().repeat_by(pl.Series(draw.geometric(1 / country.each, len(people)))).explode())
    visits = events.sample(fraction=country.anonymous, seed=country.seed).with_columns(
        client=-pl.int_range(1, pl.len() + 1, dtype=pl.Int64)
    )
    events = pl.concat([events, visits])
    size = len(events)
    by_client = _By(draw, events["client"].to_numpy())
    days = _days(events["year"].to_numpy(), draw.integers(0, _YEAR, size))
    wait = by_client.choice([0, 1, 3, 5, 8, 13, 20])
    encounters = pl.DataFrame(
        {
            "client": events["client"],
            "municipality": np.array(country.codes)[events["area"].to_numpy()],
            "occurred_on": days,
            "language": by_client.choice(["ar", "so"]),
            "language_support": by_client.choice(
                ["own_language", "common_language", "interpreter_remote", "relative", "none_available"]
            ),
            "channel": by_client.choice(["appointment", "appointment", "walk_in", "phone", "outreach"]),
            "resolution": by_client.choice(["solved", "solved", "referred", "continues"]),
            "topics": pl.Series([["work"], ["work", "housing"]]).gather(by_client.choice([0, 1])),
            "minutes": by_client.choice([10, 15, 20, 30, 45, 60, 90]),
            "requested_on": days - wait,
            "partners": pl.Series([[], ["kela"]], dtype=pl.List(pl.String)).gather(by_client.choice([0, 0, 1])),
            "found_via": by_client.choice(["friend", "school", "ngo"]),
            "arrived_on": days - by_client.choice([90, 900, 2000]),
            "understood": by_client.choice([True, True, True, False]),
            "satisfaction": by_client.choice([1, 3, 4, 5]),
            "hour": draw.integers(8, 16, size),
        }
    ).with_columns(
        _as_date("occurred_on"),
        _as_date("requested_on"),
        _as_date("arrived_on").dt.truncate("1mo"),
        service_point="p" + pl.col("municipality"),
        record=pl.int_range(1, pl.len() + 1),
    )
    sent = encounters.filter(pl.col("resolution") == "referred")
    by_client = _By(draw, sent["client"].to_numpy())
    start = by_client.choice([3, 10, 25, 40, 80])
    referrals = (
        sent.select("client", encounter="record", referred_on="occurred_on")
        .with_columns(
            to_service=pl.Series(by_client.choice(["competence_centre", "kela", "ngo", "housing"])),
            topic=pl.lit("work"),
            manner=pl.Series(by_client.choice(["warm", "booked", "information"])),
            status=pl.Series(by_client.choice(["started", "started", "no_show"])),
            start=pl.Series(start),
        )
        .with_columns(
            started_on=pl.when(pl.col("status") == "started").then(pl.col("referred_on") + pl.duration(days="start"))
        )
    )
    last = encounters.head(1).with_columns(
        occurred_on=pl.lit(LAST),
        requested_on=None,
        client=pl.lit(-(10**9), pl.Int64),
        record=pl.lit(size + 1, pl.Int64),
    )
    return pl.concat([encounters, last]), referrals.drop("start")


def _centre(draw: np.random.Generator, country: Country) -> dict[str, pl.DataFrame]:
    """Clients of the competence centre, none of whom was in guidance: enrolled once, with what follows."""
    counts = draw.poisson(country.clients, (len(YEARS), country.areas))
    year = np.repeat(np.array(YEARS), counts.sum(axis=1))
    area = np.concatenate([np.repeat(np.arange(country.areas), row) for row in counts])
    size = len(year)
    codes, client = np.array(country.codes)[area], 10_000_000 + np.arange(size)
    days = _days(year, draw.integers(0, _YEAR, size))
    enrolments = pl.DataFrame({
        "client": client, "centre": codes, "municipality": codes, "started_on": days,
        "language": draw.choice(["ar", "so"], size), "source": draw.choice(["guidance", "employment_services", "self"], size),
        "followed_until": (LAST - _EPOCH).days, "ended_on": days + 90, "end_reason": "studying",
        "arrived_on": days - draw.integers(30, 3000, size),
        "language_level_start": draw.choice(["a1", "a2"], size), "language_level_end": draw.choice(["a2", "b1"], size),
    }).with_columns(
        *map(_as_date, ("started_on", "ended_on", "followed_until")), _as_date("arrived_on").dt.truncate("1mo")
    )  # fmt: skip
    last = (LAST - _EPOCH).days
    after = days + draw.exponential(500, size).astype(int)
    works = after < last
    outcomes = pl.DataFrame({
        "client": client[works], "started_on": after[works],
        "kind": draw.choice(["employment_open", "employment_subsidised", "degree_study"], works.sum()),
        "ended_on": after[works] + draw.integers(30, 900, works.sum()), "matches_competence": draw.random(works.sum()) < 0.5,
    }).with_columns(_as_date("started_on"), _as_date("ended_on"))  # fmt: skip
    often = np.repeat(np.arange(size), draw.geometric(1 / country.each, size))
    by_client = _By(draw, client[often])
    trainings = pl.DataFrame({
        "client": client[often], "started_on": days[often] + draw.integers(0, 180, len(often)),
        "kind": by_client.choice(["language", "apprenticeship"]), "completed": by_client.choice([True, False]),
        "tailored": by_client.choice([True, False]), "beside_work": by_client.choice([True, False]),
    }).with_columns(_as_date("started_on"), ended_on=_as_date("started_on") + pl.duration(days=30))  # fmt: skip
    recognitions = pl.DataFrame({
        "client": client[often], "recognised_on": days[often] + draw.integers(0, 400, len(often)),
        "method": by_client.choice(["demonstration", "certificate"]), "partner": by_client.choice(["employer", "centre"]),
    }).with_columns(_as_date("recognised_on"))  # fmt: skip
    return {"enrolment": enrolments, "outcome": outcomes, "training": trainings, "recognition": recognitions}


class _By:
    """Draws of one value for all events of a client, the same in all years."""

    def __init__(self, draw: np.random.Generator, clients: np.ndarray) -> None:
        _, self.place = np.unique(clients, return_inverse=True)
        self.size = int(self.place.max(initial=-1)) + 1
        self.draw = draw

    def choice(self, values: Iterable[Any]) -> np.ndarray:
        return np.asarray(self.draw.choice(np.array(list(values)), self.size)[self.place])


def _days(year: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Days since 1970 of days of a year."""
    first = np.array([(date(one, 1, 1) - _EPOCH).days for one in year.tolist()])
    return np.asarray(first + day)


def _as_date(name: str) -> pl.Expr:
    return pl.col(name).cast(pl.Int32).cast(pl.Date)

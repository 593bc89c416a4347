"""Two publishers, each with a store of the sample municipality under keys of its own, and the package of one of its towns."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.generation import Generation
from data.store.releases import open_to_others
from data.store.store import Store
from metrics.packages.making import PackedRelease, make, release_of
from metrics.packages.scope import Scope, population_of
from metrics.packages.signing import SigningKey, make_publisher, signing_key
from tests.once import once

PERIOD = "2026-ytd-10"
METRICS = ("clients", "encounters", "solved_share", "referral_days", "days_to_employment", "still_employed")
DIMENSIONS = ("language", "topic", "sex")


@dataclass(frozen=True)
class Made:
    store: Store
    release: Generation
    scope: Scope
    package: PackedRelease

    @property
    def key(self) -> SigningKey:
        return signing_key(self.store.path)


def made_of(folder: Path, name: str, area: str, periods: tuple[str, ...] = (PERIOD,)) -> Made:
    store = Store(folder)
    release = release_of(store)
    scope = Scope(population_of(store, release, area), periods, METRICS, DIMENSIONS)
    key = make_publisher(folder, name)
    return Made(store, release, scope, make(store, release, scope, key))


@once
def two(folder: Path) -> tuple[Made, Made]:
    """Turku of one store and Salo of another. Read them only."""
    for name, seed in (("turku", 1), ("salo", 2)):
        store = Store(folder / name)
        publish(make_plan(6000, seed, date(2026, 10, 31)), store)
        open_to_others(store)
    return made_of(folder / "turku", "Turun kaupunki", "Turku"), made_of(folder / "salo", "Salon kaupunki", "734")

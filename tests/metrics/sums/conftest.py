"""Publishers with a store each: copies of one sample store, of which each counts a municipality."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import pytest

from data.refusal import refusal_text
from data.sample.plan import make_plan
from data.sample.publish import publish
from data.store.generation import Generation
from data.store.keys import key_path
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import LANGUAGES, texts
from metrics.packages.making import release_of
from metrics.packages.manifest import PackedPeople
from metrics.packages.scope import population_of
from metrics.packages.signing import SigningKey, make_publisher
from metrics.sums.errors import SumError
from metrics.sums.plan import SumPlan, planned
from metrics.sums.rounds import Round, gathered, read_ticket
from metrics.sums.taking_part import masked_for, prepared
from tests.conftest import own_copy

PERIOD = "2026-ytd-10"
AREAS = ("Turku", "Salo", "Raisio", "Kaarina")


@dataclass(frozen=True)
class Taker:
    """Who takes part."""

    store: Store
    release: Generation
    population: PackedPeople
    key: SigningKey


@pytest.fixture(scope="session")
def base(tmp_path_factory: pytest.TempPathFactory) -> Store:
    store = Store(tmp_path_factory.mktemp("sums") / "base")
    publish(make_plan(8000, 3, date(2026, 10, 31)), store)
    open_to_others(store)
    return store


@pytest.fixture(scope="session")
def four(base: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Taker, ...]:
    """Who may be asked for tickets and numbers again and again."""
    return takers_of(base, tmp_path_factory.mktemp("four"))


@pytest.fixture(scope="session")
def kept(base: Store, tmp_path_factory: pytest.TempPathFactory) -> tuple[Taker, ...]:
    return takers_of(base, tmp_path_factory.mktemp("before"))


@pytest.fixture
def fresh(kept: tuple[Taker, ...]) -> tuple[Taker, ...]:
    """Four who have masked nothing yet, and have no tickets."""
    for one in kept:
        for file in (marks(one), *keys(one)):
            file.unlink(missing_ok=True)
    return kept


def marks(one: Taker) -> Path:
    return key_path(one.store.path).with_suffix(".sums")


def takers_of(base: Store, folder: Path) -> tuple[Taker, ...]:
    found = []
    for area in AREAS:
        store = Store(own_copy(base.path, folder / area / "store"))
        release = release_of(store)
        key = make_publisher(store.path, f"{area}n kaupunki")
        found.append(Taker(store, release, population_of(store, release, area), key))
    return tuple(found)


def round_of(takers: Iterable[Taker], plan: SumPlan) -> Round:
    return gathered(plan, [read_ticket(prepared(one.store, one.population, one.key), "x") for one in takers])


def fingerprints(takers: tuple[Taker, ...]) -> list[str]:
    return [one.key.publisher.fingerprint for one in takers]


def refused(reason: str, error: pytest.ExceptionInfo[SumError]) -> None:
    assert error.value.reason == reason
    for lang in LANGUAGES:
        assert refusal_text(error.value, texts(lang))


def keys(one: Taker) -> list[Path]:
    """Private keys of tickets."""
    return list(key_path(one.store.path).parent.glob("*.sum-*"))


def asked(takers: tuple[Taker, ...], *periods: str, metric: str = "clients", by: tuple[str, ...] = ()) -> Round:
    return round_of(takers, planned((metric,), (by,), periods))


def mask(one: Taker, found: Round, *, again: bool = False) -> bytes:
    trusted = [ticket.publisher.fingerprint for ticket in found.tickets]
    return masked_for(one.store, one.release, found, one.key, trusted, again=again)

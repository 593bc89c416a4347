"""The one rule on a whole country through the product's own way: records → store → cells → gate → rows → decision.

Where nothing changes, at most 5 % of the comparisons of any figure may be called a change, whether the clients are the same
people in both years or not; where the number of clients grows, as many are called as the program says it would call.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from pathlib import Path

import pytest
from scipy import stats

from data.store.store import Store
from metrics.ask import ask
from metrics.audience import Audience
from metrics.change import ranking
from metrics.change.decision import decide, queried_totals, stored_totals
from metrics.change.power import power
from metrics.change.totals import total_metric
from metrics.change.trend import Direction
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from tests.metrics.change.unchanged import YEARS, Country, unchanged_store

MOST_FALSE = 0.05
ONCE = 1e-4
"""How often a right rule may break the bounds of a small country."""
SMALL = Country(areas=40, seed=3)
GROWING = Country(growth=1.1, seed=7, centre=False)
BEFORE, NOW = str(YEARS[-2]), str(YEARS[-1])
PLACES = ("municipality", "service_point")
AUDIENCES: tuple[Audience, ...] = ("internal", "protected")
EACH_KIND = {
    "clients": "count of clients",
    "encounters": "count of events",
    "newcomer_share": "share of clients",
    "solved_share": "share of events",
    "minutes_median": "quantile",
    "satisfaction": "mean",
    "reach_per_1000": "rate of clients",
    "encounters_per_person_year": "rate of events",
    "encounters_per_client": "ratio",
    "employed_by": "time to event",
}
NOT_COMPARED = {
    "interpreting_need_hours", "days_to_employment", "referral_days", "source_variety", "training_days_per_person_year",
    # Facts without a metric that counts their clients, so that nothing is known of how clustered they are.
    "apprenticeship_share", "beside_work_share", "tailored_share", "training_completed_share", "employer_recognition_share",
    "evidence_share", "matches_competence_share", "still_employed", "still_employed_6", "euros_per_employed",
}  # fmt: skip
"""Metrics for which the house has no rule."""


@dataclass(frozen=True)
class Judged:
    """A row of the later year, that of the earlier one, and what is decided of them."""

    now: Row
    before: Row
    way: Direction | None


@lru_cache(maxsize=400)
def rows(store: Store, metric: str, by: str, year: str, audience: Audience) -> tuple[Row, ...]:
    """The rows of a metric by area, asked for once: many have the same total, and two tests look at the same ones."""
    return tuple(ask(Question((metric,), (by,), period=year, audience=audience), store).rows)


def judged(store: Store, metric: str, audience: Audience) -> Iterator[Judged]:
    """Every area's row of a metric, judged as pages judge it."""
    by = next((name for name in PLACES if name in definitions()[metric].allowed), None)
    if by is None or definitions()[metric].requires:
        return
    total = total_metric(metric)
    now, before = (rows(store, metric, by, year, audience) for year in (NOW, BEFORE))
    known = {(row.codes[by], row.horizon, row.quantile): row for row in before}
    of_all = [rows(store, total, by, year, audience) for year in (NOW, BEFORE)] if total else []
    totals = stored_totals([row for year in of_all for row in year])
    for row in now:
        other = known[row.codes[by], row.horizon, row.quantile]
        yield Judged(row, other, decide(row, other, totals, exact=audience == "internal"))


def false_calls(found: Sequence[Judged]) -> tuple[int, int]:
    """Comparisons, and those called a change."""
    compared = [one.way for one in found if one.way is not None]
    return len(compared), sum(way != "unclear" for way in compared)


def chance_news(store: Store, country: Country, audience: Audience, together: int) -> float:
    """How often something is reported of so many areas together, by the selection of the overview."""
    found = list(judged(store, "encounters", audience))
    changes = [ranking.change("municipality", one.now, one.before, exact=audience == "internal") for one in found]
    groups = [changes[at : at + together] for at in range(0, country.areas, together)]
    return sum(bool(ranking.significant([group])) for group in groups) / len(groups)


def growth_calls(store: Store, audience: Audience) -> dict[str, tuple[float, float]]:
    """The share of areas that the rule's power says will be called of each metric, and the share that is."""
    totals, calls = queried_totals(partial(ask, store=store), audience), {}
    for metric in ("clients", "reach_per_1000", "encounters"):
        found = list(judged(store, metric, audience))
        stated = [power(one.before, totals, exact=audience == "internal") for one in found]
        expected = sum(one.chance for one in stated if one) / len(stated)
        calls[metric] = (expected, sum(one.way == "up" for one in found) / len(found))
    return calls


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Store:
    return unchanged_store(tmp_path_factory.mktemp("small") / "store", SMALL)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_no_kind_of_figure_cries_wolf_in_a_small_country(audience: Audience, small: Store) -> None:
    found = {metric: false_calls(list(judged(small, metric, audience))) for metric in EACH_KIND}
    assert {metric: calls for metric, calls in found.items() if calls[1] > MOST_FALSE * calls[0]} == {}
    assert {metric for metric, (compared, _) in found.items() if compared < 40} == set()


@pytest.mark.simulation
def test_no_figure_at_all_cries_wolf_in_a_small_country(small: Store) -> None:
    """No figure is called more often than one with two false calls in a hundred areas is once in ten thousand runs."""
    for audience in AUDIENCES:
        found = {metric: false_calls(list(judged(small, metric, audience))) for metric in definitions()}
        # A figure's several rows of an area go together, so that areas are what is independent.
        most = stats.binom.ppf(1 - ONCE / len(found) / len(AUDIENCES), SMALL.areas, 0.02) / SMALL.areas
        wolves = {metric: calls for metric, calls in found.items() if calls[1] > most * max(calls[0], SMALL.areas)}
        assert wolves == {}, audience


@pytest.mark.slow
def test_in_a_small_country_it_calls_a_growth_about_as_often_as_it_says(tmp_path: Path) -> None:
    country = replace(GROWING, areas=40, clients=1000)
    store = unchanged_store(tmp_path / "store", country)
    for audience in AUDIENCES:
        for metric, (expected, called) in growth_calls(store, audience).items():
            least, most = stats.binom.ppf([ONCE / 12, 1 - ONCE / 12], country.areas, expected) / country.areas
            assert least <= called <= most, (metric, audience, expected, called)


@pytest.mark.simulation
@pytest.mark.parametrize("staying", [0.0, 0.4])
def test_no_figure_cries_wolf(staying: float, tmp_path: Path) -> None:
    """300 areas with 200 clients each, a geometric number of encounters with mean 3.5, and a share of clients who stay."""
    country = Country(staying=staying, seed=1 + int(10 * staying))
    store = unchanged_store(tmp_path / "store", country)
    for audience in AUDIENCES:
        found = {metric: false_calls(list(judged(store, metric, audience))) for metric in definitions()}
        wolves = {metric: calls for metric, calls in found.items() if calls[1] > MOST_FALSE * max(calls[0], 100)}
        assert wolves == {}, audience
        silent = {metric for metric, (compared, _) in found.items() if compared and metric in NOT_COMPARED}
        assert silent == set(), audience
        assert all(found[metric][0] >= country.areas for metric in EACH_KIND), audience
        assert chance_news(store, country, audience, 15) <= MOST_FALSE


@pytest.mark.simulation
@pytest.mark.parametrize("clients", [1000, 3000])
def test_it_calls_a_growth_as_often_as_it_says(clients: int, tmp_path: Path) -> None:
    """10 % more clients in every area: called in the share of areas that the pages state as the rule's power."""
    country = replace(GROWING, areas=100 if clients == 1000 else 40, clients=clients)
    store = unchanged_store(tmp_path / "store", country)
    for audience in AUDIENCES:
        for metric, (expected, called) in growth_calls(store, audience).items():
            assert called == pytest.approx(expected, abs=0.12), (metric, audience)


def test_power_by_hand() -> None:
    """1 000 clients and 1 100: 1 004 · exp(1.96/√1004) = 1068.1 and 1 096 · exp(−1.96/√1096) = 1033.0, apart by −35 of 46."""
    row = Row("clients", {}, "2025", 1000, "clients", n=1000)
    found = power(row, stored_totals(()), exact=False)
    assert found is not None
    assert found.chance == pytest.approx(0.22, abs=0.01)
    assert (found.size, found.unit, found.change, found.in_points) == (1000, "clients", 10, False)
    exact = power(row, stored_totals(()), exact=True)
    assert exact is not None
    assert exact.chance == pytest.approx(0.28, abs=0.01)
    assert power(replace(row, n=79, value=79), stored_totals(()), exact=True) is None
    assert power(None, stored_totals(()), exact=True) is None


def test_power_of_a_share_is_asked_in_points_and_never_beyond_a_hundred() -> None:
    totals = stored_totals([Row("encounters", {}, "2025", 3500, "encounters", n=1000)])
    for share in (50, 98):
        row = Row("solved_share", {}, "2025", share, "%", n=3500, numerator=35 * share, denominator=3500)
        found = power(row, totals, exact=True)
        assert found is not None
        assert (found.change, found.in_points, found.unit) == (5, True, "encounters")
        assert (found.chance > 0.9) == (share == 98)
    # With clients who bring 3.5 encounters each, a share of 50 % is six times as uncertain.
    alone = stored_totals([Row("encounters", {}, "2025", 3500, "encounters", n=3500)])
    row = Row("solved_share", {}, "2025", 50, "%", n=3500, numerator=1750, denominator=3500)
    clustered, free = power(row, totals, exact=True), power(row, alone, exact=True)
    assert clustered is not None
    assert free is not None
    assert clustered.chance < 0.2 < 0.9 < free.chance

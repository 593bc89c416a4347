"""Starts whose day nobody has written down, against the same people with every day known."""

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest

from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.hypotheses.checking import check
from metrics.hypotheses.hypothesis import HypothesisError, parse_hypothesis
from tests.metrics.made import publish_frames

REFERRALS, DAYS = 24_000, 365
FIGURES = ("referral_started_share", "referral_days")


def made(path: Path, undated: dict[str, float]) -> Store:
    """Referrals of a year. One in eight is declined, the others start after 40 days on average; those to come are open.

    undated: the part of the starts whose day is lost, by the service they led to.
    """
    chance = np.random.default_rng(7)
    day, delay = chance.integers(0, DAYS, REFERRALS), 1 + chance.exponential(40, REFERRALS).astype(int)
    declined, after = chance.random(REFERRALS) < 0.125, chance.integers(1, 30, REFERRALS)
    to, lost = np.where(np.arange(REFERRALS) % 2, "kela", "dvv"), chance.random(REFERRALS)
    start = date(2025, 1, 1)
    rows: list[dict[str, object]] = []
    for n in range(REFERRALS):
        own: dict[str, object] = {
            "client": n + 1,
            "to_service": str(to[n]),
            "status": "sent",
            "started_on": None,
            "status_on": None,
        }
        ends = int(day[n] + (after[n] if declined[n] else delay[n]))
        if ends < DAYS and declined[n]:
            own |= {"status": "declined", "status_on": start + timedelta(ends)}
        elif ends < DAYS:
            is_lost = lost[n] < undated.get(str(to[n]), 0)
            own |= {"status": "started", "started_on": None if is_lost else start + timedelta(ends)}
        rows.append({**own, "referred_on": start + timedelta(int(day[n]))})
    schema = {"status_on": pl.Date(), "started_on": pl.Date(), "referred_on": pl.Date()}
    return publish_frames(path, {"referral": pl.DataFrame(rows, schema_overrides=schema)})


@pytest.fixture(scope="module")
def stores(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Store]:
    folder = tmp_path_factory.mktemp("undated")
    lost = {"none": {}, "some": {"kela": 0.4, "dvv": 0.2}, "one": {"kela": 0.3}, "most": {"kela": 0.6, "dvv": 0.6}}
    return {name: made(folder / name, parts) for name, parts in lost.items()}


def figure(store: Store, metric: str, audience: Audience, service: str | None = None, period: str = "2025") -> Row:
    where = (("to_service", (service,)),) if service else ()
    (row,) = ask(Question((metric,), (), where, period, None, audience), store).rows
    return row


@pytest.mark.parametrize("audience", AUDIENCES)
@pytest.mark.parametrize("service", [None, "kela", "dvv"])
def test_figures_are_those_of_every_day_known(
    stores: dict[str, Store], service: str | None, audience: Audience
) -> None:
    for metric, within in (("referral_started_share", 2), ("referral_days", 2)):
        truth, found = (figure(stores[name], metric, audience, service) for name in ("none", "some"))
        assert truth.value is not None
        assert found.value == pytest.approx(truth.value, abs=within), metric
        assert found.state == "shown"
        assert found.numerator is None or found.denominator is None or found.numerator <= found.denominator


@pytest.mark.parametrize("period", ["2025-Q1", "2025-Q2", "2025-Q4"])
def test_they_are_so_wherever_follow_up_is_short(stores: dict[str, Store], period: str) -> None:
    for metric in FIGURES:
        truth, found = (figure(stores[name], metric, "internal", None, period) for name in ("none", "some"))
        assert found.value == pytest.approx(truth.value, abs=3), metric


def test_curves_are_those_of_every_day_known(stores: dict[str, Store]) -> None:
    for audience in AUDIENCES:
        truth, found = (
            {
                point.day: point.value
                for point in ask_curve(Question(("referral_days",), (), (), "2025", None, audience), stores[name])
            }
            for name in ("none", "some")
        )
        for day in (14, 30, 60, 90, 180):
            assert found[day] == pytest.approx(truth[day], abs=1.5)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_without_the_day_of_most_starts_there_is_no_figure(stores: dict[str, Store], audience: Audience) -> None:
    for metric in FIGURES:
        assert figure(stores["most"], metric, audience).state == "not_recorded"
    assert ask_curve(Question(("referral_days",), (), (), "2025", None, audience), stores["most"]) == ()


def test_a_day_lost_more_often_in_one_group_is_no_difference_between_groups(stores: dict[str, Store]) -> None:
    groups = parse_hypothesis(
        question="Alkaako palvelu Kelassa nopeammin?", outcome="referral_started_share", direction="either", smallest=5,
        design={"kind": "groups", "dimension": "to_service", "compared": "kela", "reference": "dvv"},
    )  # fmt: skip
    check(groups, stores["none"])
    with pytest.raises(HypothesisError, match="part_known"):
        check(groups, stores["one"])

"""Figures by sex and age, counted by eye: every fact has both, each client as in the row that tells."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from metrics.ask import ask
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

WOMAN, MAN = {"sex": "female"}, {"sex": "male"}


def test_every_fact_about_people_can_be_asked_by_sex_and_age() -> None:
    assert {
        name for name, fact in FACTS.items() if not {"sex", "age_band", "age_group"} <= set(fact.dimensions)
    } == set()


def test_what_is_divided_by_residents_or_money_cannot(tmp_path: Path) -> None:
    """Residents are known by municipality and language only."""
    store = store_of(tmp_path / "store", {"encounter": [{"client": 1}]})
    rates = [name for name, one in definitions().items() if one.measure.kind == "rate" and "sex" in one.allowed]
    assert rates == []
    with pytest.raises(QuestionError, match="sex"):
        ask(Question(("reach_per_1000",), by=("sex",)), store)


def test_clients_and_encounters(tmp_path: Path) -> None:
    rows = [
        {"client": 1, **WOMAN, "age_band": "18_24"},
        {"client": 1, **WOMAN, "age_band": "25_34", "occurred_on": date(2025, 3, 1)},
        {"client": 2, **WOMAN, "age_band": "under_18"},
        {"client": 3, **MAN, "age_band": "65_over"},
        {"client": -4, **MAN},
    ]
    store = store_of(tmp_path / "store", {"encounter": rows})
    assert numbers(store, "clients", by=("sex",)) == {"female": 2, "male": 1}
    assert numbers(store, "encounters", by=("sex",)) == {"female": 3, "male": 2}
    assert numbers(store, "clients", by=("age_band",)) == {"under_18": 1, "18_24": 1, "25_34": 1, "65_over": 1}
    assert numbers(store, "clients", by=("age_group", "sex"), period="2025-01") == {
        ("under_25", "female"): 2, ("under_25", "male"): 0, ("25_54", "female"): 0, ("25_54", "male"): 0,
        ("55_over", "female"): 0, ("55_over", "male"): 1,
    }  # fmt: skip


def test_referrals_are_as_the_encounter_they_come_from_else_the_latest(tmp_path: Path) -> None:
    encounters: list[dict[str, Any]] = [
        {"client": 1, "record": 10, **WOMAN, "age_band": "18_24"},
        {"client": 1, "record": 11, **WOMAN, "age_band": "25_34", "occurred_on": date(2025, 6, 1)},
        {"client": 1, "record": 13, **WOMAN, "age_band": "35_44", "occurred_on": date(2025, 6, 3)},
        {"client": 2, "record": 12, **MAN, "age_band": "55_64"},
    ]
    referrals: list[dict[str, Any]] = [
        {"client": 1, "encounter": 10},
        {"client": 1, "referred_on": date(2025, 6, 2)},
        {"client": 2},
        {"client": 3},
    ]
    store = store_of(tmp_path / "store", {"encounter": encounters, "referral": referrals})
    assert numbers(store, "referrals", by=("sex",)) == {"female": 2, "male": 1, "unknown": 1}
    assert numbers(store, "referrals", by=("age_band",)) == {"18_24": 1, "25_34": 1, "55_64": 1, "unknown": 1}
    assert number(store, "referrals", age_group="25_54") == 1


def test_outcomes_are_by_the_enrolment(tmp_path: Path) -> None:
    """Two women of whom one gets work in May, one man who gets it in February; all followed to the end of 2026."""
    followed = {"followed_until": date(2026, 12, 31)}
    enrolments = [
        {"client": 1, **WOMAN, **followed},
        {"client": 2, **WOMAN, **followed, "age_band": "45_54"},
        {"client": 3, **MAN, **followed, "language_level_start": "a1", "language_level_end": "b1"},
    ]
    outcomes = [{"client": 1, "started_on": date(2025, 5, 1)}, {"client": 3, "started_on": date(2025, 2, 1)}]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "outcome": outcomes})
    assert numbers(store, "employed_by", by=("sex",), at=6) == {"female": 50, "male": 100}
    assert number(store, "employed_by", at=12, age_group="25_54") == 0
    assert numbers(store, "language_gain", by=("sex",))["male"] == 100

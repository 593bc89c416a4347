"""Quality and value, counted by eye."""

from datetime import date
from pathlib import Path

from data.store.store import Store
from tests.metrics.exact import number
from tests.metrics.made import store_of


def test_satisfaction_and_understanding(tmp_path: Path) -> None:
    """Marks 5, 4, 4, 1 and one without: 14 / 4 = 3.5. Understood yes, yes, no, two without an answer: 2 / 3."""
    answers = [(5, True), (4, True), (4, False), (1, None), (None, None)]
    encounters = [
        {"client": client, "satisfaction": mark, "understood": understood}
        for client, (mark, understood) in enumerate(answers, 1)
    ]
    store = store_of(tmp_path / "store", {"encounter": encounters})
    assert number(store, "satisfaction") == 3.5
    assert round(number(store, "understood_share") or 0, 6) == round(200 / 3, 6)


def test_a_protected_mean_comes_from_published_classes(tmp_path: Path) -> None:
    """60 clients gave 5, 40 gave 3: 4.2, and the published classes are already in fives. 40 in all are too few to tell."""

    def of(name: str, fives: int, threes: int) -> Store:
        marks = [5] * fives + [3] * threes
        return store_of(
            tmp_path / name, {"encounter": [{"client": n, "satisfaction": mark} for n, mark in enumerate(marks, 1)]}
        )

    assert number(of("many", 60, 40), "satisfaction", audience="protected") == 4.2
    assert number(of("few", 20, 20), "satisfaction", audience="protected") is None


def test_joint_encounter_share(tmp_path: Path) -> None:
    """One of four encounters had two partners present, one had one: 50 %."""
    partners = [["kela", "ngo"], ["kela"], [], []]
    encounters = [{"client": client, "partners": present} for client, present in enumerate(partners, 1)]
    assert number(store_of(tmp_path / "store", {"encounter": encounters}), "joint_encounter_share") == 50


def test_staff(tmp_path: Path) -> None:
    """January and February 2025: 6 person-years a year at A, so 1 in two months; 12 in January only at B, so 1. Training 3 + 5.

    Encounters in months with staff known: 4 at A, 2 at B; the one in March is left out. 6 / 2 = 3; at A 4.
    Days: 8 in the 1,5 person-years of which training is known: 5,3.
    """
    staff = [
        {"service_point": "a", "month": date(2025, 1, 1), "person_years": 6, "training_days": 3},
        {"service_point": "a", "month": date(2025, 2, 1), "person_years": 6},
        {"service_point": "b", "month": date(2025, 1, 1), "person_years": 12, "training_days": 5},
    ]
    met = [("a", 1), ("a", 1), ("a", 2), ("a", 2), ("b", 1), ("b", 1), ("a", 3)]
    encounters = [
        {"client": client, "service_point": point, "occurred_on": date(2025, month, 10)}
        for client, (point, month) in enumerate(met, 1)
    ]
    points = [{"code": code, "name_fi": code, "municipality": "049"} for code in ("a", "b")]
    store = store_of(tmp_path / "store", {"encounter": encounters, "staff": staff, "service_point": points})
    assert number(store, "encounters_per_person_year") == 3
    assert number(store, "encounters_per_person_year", service_point="a") == 4
    assert number(store, "encounters_per_person_year", period="2025-02") == 4, "2 encounters, half a person-year"
    assert number(store, "training_days_per_person_year") == 5.3
    assert number(store, "training_days_per_person_year", period="2025-02") is None, "nobody wrote down training"


def test_costs(tmp_path: Path) -> None:
    """Espoo paid 1 000 € for guidance and 900 € for the centre in 2025: 4 guidance encounters of 2 clients, 3 employed.

    250 € an encounter, 500 € a client, 300 € an employed client (one started twice). Costs are of whole years: none for a month,
    none for 2024 whose costs nobody knows.
    """
    encounters = [{"client": client, "service": "guidance", "municipality": "049"} for client in (1, 1, 1, 2)]
    encounters += [{"client": 3, "service": "competence_centre", "municipality": "049"}]
    costs = [
        {"municipality": "049", "service": "guidance", "year": 2025, "euros": 1000},
        {"municipality": "049", "service": "competence_centre", "year": 2025, "euros": 900},
    ]
    kinds = ["employment_open", "self_employment", "employment_subsidised", "employment_open", "degree_study"]
    outcomes = [{"client": client, "kind": kind} for client, kind in zip((1, 2, 3, 1, 4), kinds, strict=True)]
    store = store_of(tmp_path / "store", {"encounter": encounters, "cost": costs, "outcome": outcomes})
    assert number(store, "euros_per_encounter", period="2025") == 250
    assert number(store, "euros_per_client", period="2025", municipality="049") == 500
    assert number(store, "euros_per_employed", period="2025") == 300
    assert number(store, "euros_per_encounter", period="2025-01") is None
    assert number(store, "euros_per_encounter", period="2024") is None

"""What is divided by amounts stands on what both sides tell of: the same months and municipalities; what lacks is said."""

from __future__ import annotations

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from metrics.ask import ask, lacking
from metrics.grammar.question import Question
from metrics.measures.gaps import said
from tests.metrics.measures.delivering import deliver

MONTHS, EACH = range(1, 13), 40
POINT = {"Espoo": "E1", "Vantaa": "V1", "Helsinki": "H1"}


def visits(town: str, year: int, months: range) -> list[str]:
    return [
        f"{town}{year}-{month}-{one};{town}{one};{1 + one % 28}.{month}.{year};{town};arabia;työ;{POINT[town]};ohjaus"
        for month in months for one in range(EACH)
    ]  # fmt: skip


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """2025: 40 visits a month of 40 clients in each of three towns, in Vantaa of January to June 2024 too.

    Staff: 12 person-years in Espoo throughout, training from July on; in Vantaa in February 2025 and all of 2024. Costs: Espoo
    48 000 € and Vantaa 96 000 € in 2025, Vantaa 10 000 € in 2024. Residents: Espoo 1 000 of 2023, Vantaa 3 000 of 2024.
    """
    folder = tmp_path_factory.mktemp("amounts")
    store = Store(folder / "store")
    files = {
        "pisteet": ["Koodi;Nimi;Kunta", "E1;Keskus;Espoo", "V1;Kirjasto;Vantaa", "H1;Tori;Helsinki"],
        "henkilosto": [
            "Piste;Kuukausi;Henkilötyövuodet;Koulutuspäivät",
            *(f"E1;{month:02d}/2025;12;{2 if month > 6 else ''}" for month in MONTHS),
            "V1;02/2025;12;1", *(f"V1;{month:02d}/2024;12;1" for month in MONTHS),
        ],
        "kustannukset": [
            "Kunta;Palvelu;Vuosi;Eurot", "Espoo;ohjaus;2025;48000", "Vantaa;ohjaus;2025;96000", "Vantaa;ohjaus;2024;10000",
        ],
        "vaesto": ["Kunta;Kieli;Vuosi;Asukkaat", "Espoo;arabia;2023;1000", "Vantaa;arabia;2024;3000"],
    }  # fmt: skip
    for name, lines in files.items():
        deliver(store, folder / f"{name}.csv", lines, Wishes())
    head = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Piste;Palvelu"
    for town, year, months in (*((town, 2025, MONTHS) for town in POINT), ("Vantaa", 2024, range(1, 7))):
        lines = [head, *visits(town, year, months)]
        deliver(store, folder / f"{town}{year}.csv", lines, Wishes(source=town))
    return store


def told(store: Store, metric: str, period: str, **where: str) -> tuple[float | None, str, str]:
    """The exact value of a metric, its state, and what is said to lack."""
    chosen = tuple((name, (code,)) for name, code in where.items())
    question = Question((metric,), where=chosen, period=period, audience="internal")
    answer = ask(question, store)
    generation = store.current()
    assert generation is not None
    (row,) = answer.rows
    return row.value, row.state, said(lacking(question, store, generation), "en").partition(". ")[0]


def test_visits_of_months_with_staff_by_the_staff_of_months_with_visits(store: Store) -> None:
    metric, lost = "encounters_per_person_year", "Missing from the data: "
    # January to March: 120 visits by 3 person-years in Espoo, 40 by 1 in Vantaa's February.
    assert told(store, metric, "2025-Q1") == (
        40, "shown",
        f"{lost}staff (Helsinki, January–March 2025); staff (Vantaa, January 2025, March 2025)",
    )  # fmt: skip
    assert told(store, metric, "2025-Q1", service_point="v1")[::2] == (
        40, f"{lost}staff (Vantaa, January 2025, March 2025)",
    )  # fmt: skip
    assert told(store, metric, "2025", service_point="e1") == (40, "shown", "")
    assert told(store, metric, "2025-Q2", service_point="v1")[1] == "no_data"
    # Of 2024 half a year of visits is known, 240, and 6 person-years of the same months.
    assert told(store, metric, "2024", service_point="v1")[0] == 40


def test_training_that_is_not_recorded_for_the_whole_time_is_said(store: Store) -> None:
    value, _, lost = told(store, "training_days_per_person_year", "2025", service_point="e1")
    assert (value, lost) == (2, "Not recorded for the whole time: training days (Espoo, January–June 2025)")


@pytest.mark.parametrize(("metric", "each"), [("euros_per_encounter", 150), ("euros_per_client", 1800)])
def test_costs_are_of_the_visits_of_who_has_told_them(store: Store, metric: str, each: float) -> None:
    """144 000 € by 960 visits, or 80 clients; Helsinki's are of no known cost. Of 2024 half a year of visits is known."""
    lost = "Missing from the data: costs (Helsinki)"
    assert told(store, metric, "2025") == (each, "shown", lost)
    assert told(store, metric, "2025", region="01") == (each, "shown", lost)
    assert told(store, metric, "2025", municipality="049") == (each * 2 / 3, "shown", "")
    assert told(store, metric, "2025", municipality="091")[1] == "no_data"
    assert told(store, metric, "2024")[1] == told(store, metric, "2024", municipality="092")[1] == "no_data"


def test_clients_are_of_those_whose_residents_are_known(store: Store) -> None:
    """80 of Espoo's and Vantaa's 4 000, each of its own year; Helsinki's 40 are of unknown residents."""
    lost = "Missing from the data: population by language (Helsinki)"
    assert told(store, "reach_per_1000", "2025") == (20, "shown", lost)
    assert told(store, "reach_per_1000", "2025", municipality="049") == (40, "shown", "")
    assert told(store, "reach_gap", "2025", language="ar")[0] == 0


@pytest.mark.parametrize(
    ("metric", "dimension", "code"),
    [
        ("euros_per_encounter", "municipality", "091"), ("reach_per_1000", "municipality", "091"),
        ("encounters_per_person_year", "service_point", "h1"),
    ],
)  # fmt: skip
def test_a_place_whose_amount_is_not_known_has_a_row_that_says_so(
    metric: str, dimension: str, code: str, store: Store
) -> None:
    rows = ask(Question((metric,), (dimension,), period="2025", audience="internal"), store).rows
    assert [row.state for row in rows if row.codes[dimension] == code] == ["no_data"]
    assert len(rows) == len(POINT)

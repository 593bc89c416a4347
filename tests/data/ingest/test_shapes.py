"""Files of many shapes load with the right numbers, and ask nothing or what is said here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from tests.data.ingest.imports import rows
from tests.data.ingest.shapes import asked, beside, csv, load, visits, workbook

ALL = "SELECT count(*) FROM encounter"
BY_TOPIC = "SELECT unnest(topics)::VARCHAR topic, count(*) FROM encounter GROUP BY topic ORDER BY topic"
CLIENTS = "SELECT count(DISTINCT client) FILTER (client > 0), count(*) FILTER (client < 0) FROM encounter"


@dataclass(frozen=True)
class Shape:
    """A file, what it must bring, and the answers it needs (none when it asks nothing)."""

    make: Callable[[Path], Path]
    brings: dict[str, list[tuple[object, ...]]]
    answers: dict[str, Any] = field(default_factory=dict)


def with_header(header: str, *columns: str, count: int = 12) -> list[list[object]]:
    return [list(header.split(";")), *visits(count, *columns)]


def forms(folder: Path) -> Path:
    head = ["ID", "Start time", "Completion time", "Email", "Name", "Asiointipäivä", "Missä kunnassa asiakas asuu?",
            "Mikä on asiakkaan äidinkieli?", "Mitä asia koski?"]  # fmt: skip
    stamps = [
        [n + 1, f"2025-04-0{n % 9 + 1} 10:00:00", f"2025-04-0{n % 9 + 1} 10:05:00", "anonymous", None]
        for n in range(12)
    ]
    body = [[*stamps[n], *row] for n, row in enumerate(visits(12, "day", "place", "tongue", "topics"))]
    return workbook(folder, {"Sheet1": [head, *body]})


def webropol(folder: Path) -> Path:
    head = ["Vastaajan numero", "Vastausaika", "1. Asiointipäivä", "2. Kotikunta", "3. Mitä asia koski?: Työ",
            "3. Mitä asia koski?: Asuminen", "3. Mitä asia koski?: Terveys"]  # fmt: skip
    body = [[n + 1, "1.5.2025 12:00", *row, 1 if n % 2 else 0, 0 if n % 2 else 1, 1 if n % 3 == 0 else 0]
            for n, row in enumerate(visits(12, "day", "place"))]  # fmt: skip
    return csv(folder, [head, *body])


def sharepoint(folder: Path) -> Path:
    head = "ID;Otsikko;Päivä;Kunta;Äidinkieli;Aihe;Luotu;Luonut;Muokattu;Muokkaaja;Kohteen tyyppi;Polku"
    body = [[n + 1, f"Käynti {n}", *row, "1.6.2025 9:00", "Meikäläinen Maija", "2.6.2025 9:00", "Meikäläinen Maija", "Kohde",
             "sites/neuvonta"] for n, row in enumerate(visits(12, "day", "place", "tongue", "topic"))]  # fmt: skip
    return csv(folder, [head.split(";"), *body])


def marks(folder: Path, *more: str) -> Path:
    head = ["Tunnus", "Pvm", "Työ", "Asuminen", "Koulutus", *more]
    crosses = [["x" if (n + place) % 3 == 0 else None for place in range(3 + len(more))] for n in range(12)]
    return csv(folder, [head, *([*row, *cross] for row, cross in zip(visits(12, "id", "day"), crosses, strict=True))])


def two_rows_merged(folder: Path) -> Path:
    upper = ["Käynti", None, "Asiakas", None, "Tulkki", "Aihe", None, None]
    lower = ["Nro", "Pvm", "Numero", "Kieli", "Kieli", "Työ", "Asuminen", "Koulutus"]
    # As many clients as mother tongues: nobody has two.
    body = [[number, day, f"AS-{n % 4}", tongue, "ruotsi", "x" if n % 2 else None, None if n % 2 else "x", "x"]
            for n, (number, day, tongue) in enumerate(visits(12, "id", "day", "tongue"))]  # fmt: skip
    return workbook(folder, {"Kohtaamiset": [upper, lower, *body]}, ("A1:B1", "C1:D1", "F1:H1"))


def two_rows_csv(folder: Path) -> Path:
    upper = [None, None, "Asiakas", None, "Tulkki", None]
    lower = ["Nro", "Pvm", "Kotikunta", "Kieli", "Kieli", "Aihe"]
    return csv(folder, [upper, lower, *beside([[*row, "ruotsi"] for row in visits(12, "id", "day", "place", "tongue")],
                                              [row[0] for row in visits(12, "topic")])])  # fmt: skip


def form_of_two_rows(folder: Path) -> Path:
    upper = ["Vastaajan numero", "Asiointipäivä", "Mitä asia koski?", None, None]
    lower = [None, None, "Työ", "Asuminen", "Muu"]
    body = [[n + 1, *row, 1 if n % 2 else None, None if n % 2 else 1, 1 if n % 6 == 0 else None]
            for n, row in enumerate(visits(12, "day"))]  # fmt: skip
    return csv(folder, [upper, lower, *body])


def counted(folder: Path) -> Path:
    return csv(
        folder,
        [
            ["Päivä", "Kotikunta", "Aihe", "Lukumäärä"],
            ["1.3.2025", "Espoo", "Työ", 3],
            ["1.3.2025", "Vantaa", "Työ", 0],
            ["2.3.2025", "Espoo", "Asuminen", 4],
        ],
    )


def heads(folder: Path) -> Path:
    return csv(folder, [["Nro", "Päivä", "Asiakasnumero", "Aihe", "Henkilömäärä"],
                        ["1", "1.3.2025", "A1", "Työ", 3], ["2", "2.3.2025", "A2", "Asuminen", 1]])  # fmt: skip


def with_names(folder: Path) -> Path:
    names = [f"Nimi{n} Sukunimi" for n in range(12)]
    grid = visits(12, "id", "day", "client", "topic")
    return csv(folder, [["Tunnus", "Pvm", "Asiakasnumero", "Aihe", "Asiakkaan nimi"],
                        *beside(grid, [name.replace("0", "a").replace("1", "b") for name in names])])  # fmt: skip


def referrals(folder: Path) -> Path:
    body = [["R1", "Kela", "1.3.2025", "Avoin", "Palvelu alkoi"], ["R2", "Kela", "2.3.2025", "Avoin", "Palvelu alkoi"]]
    return csv(folder, [["Tunnus", "Mihin", "Ohjattu", "Tila", "Ohjauksen tila"], *body])


def with_summary_sheet(folder: Path) -> Path:
    data = with_header("Tunnus;Pvm;Aihe", "id", "day", "topic")
    return workbook(
        folder, {"Kohtaamiset": data, "Yhteenveto": [["Kuukausi", "Määrä"], ["Tammikuu", 12], ["Helmikuu", 9]]}
    )


def with_totals(folder: Path) -> Path:
    data = with_header("Tunnus;Pvm;Kotikunta;Aihe;Kesto (min)", "id", "day", "place", "topic", "minutes")
    return csv(folder, [*data[:5], ["Välisumma", None, None, None, 150], *data[5:], ["Yhteensä", None, None, None, 450],
                        [None, None, None, None, 450]])  # fmt: skip


def staff_with_totals(folder: Path) -> Path:
    return csv(folder, [["Palvelupiste", "Kuukausi", "Henkilötyövuodet"], ["Keskus", "2025-01", "2,5"], ["Itä", "2025-01", "1,5"],
                        ["Yhteensä", "2025-01", "4"]])  # fmt: skip


def placeholders(folder: Path) -> Path:
    said = [
        "-",
        "0",
        "Anonyymi",
        "ei tiedossa",
        "NULL",
        "000000-0000",
        "okänd",
        "Ei asiakasnumeroa",
        "99999",
        "AS-1",
        "AS-1",
        None,
    ]
    return csv(folder, [["Tunnus", "Pvm", "Aihe", "Asiakasnumero"], *beside(visits(12, "id", "day", "topic"), said)])


def everybody(folder: Path) -> Path:
    said = ["1000" if n % 2 else f"AS-{n}" for n in range(40)]
    return csv(folder, [["Tunnus", "Pvm", "Aihe", "Asiakasnumero"], *beside(visits(40, "id", "day", "topic"), said)])


def cancelled(folder: Path) -> Path:
    said = ["Toteutunut", "Peruttu", "Ei saapunut", "Toteutunut"] * 3
    return csv(folder, [["Tunnus", "Pvm", "Aihe", "Varauksen tila"], *beside(visits(12, "id", "day", "topic"), said)])


def one_row_per_topic(folder: Path) -> Path:
    return csv(
        folder,
        [
            ["Kohtaamisnumero", "Pvm", "Aihe"],
            ["1", "1.3.2025", "Työ"],
            ["1", "1.3.2025", "Asuminen"],
            ["2", "2.3.2025", "Työ"],
        ],
    )


def simple(header: str, *columns: str, **more: list[object]) -> Callable[[Path], Path]:
    def make(folder: Path) -> Path:
        return csv(folder, [header.split(";"), *beside(visits(12, *columns), *more.values())])

    return make


TWELVE: dict[str, list[tuple[object, ...]]] = {ALL: [(12,)]}
THREE_TOPICS: list[tuple[object, ...]] = [("education", 4), ("housing", 4), ("work", 4)]
BY_TONGUE = "SELECT language::VARCHAR l, served_in::VARCHAR s, count(*) FROM encounter GROUP BY ALL ORDER BY l"
TONGUES: list[tuple[object, ...]] = [(code, "fi", 3) for code in ("ar", "fa", "ru", "so")]
BY_PLACE = "SELECT municipality::VARCHAR m, count(*) FROM encounter GROUP BY m ORDER BY m"
PLACES: list[tuple[object, ...]] = [("049", 4), ("091", 4), ("092", 4)]
FINNISH: list[object] = ["suomi"] * 12

SHAPES: dict[str, Shape] = {
    "Microsoft Forms": Shape(
        forms,
        {
            ALL: [(12,)],
            BY_TOPIC: [("education", 6), ("housing", 6), ("work", 6)],
            BY_PLACE: PLACES,
            "SELECT max(occurred_on)::VARCHAR, max(hour) FROM encounter": [("2025-03-12", None)],
        },
    ),
    "Webropol": Shape(webropol, {BY_TOPIC: [("health", 4), ("housing", 6), ("work", 6)], BY_PLACE: PLACES}),
    "SharePoint": Shape(
        sharepoint, {BY_TOPIC: THREE_TOPICS, "SELECT max(occurred_on)::VARCHAR FROM encounter": [("2025-03-12",)]}
    ),
    "Kieli after Äidinkieli": Shape(
        simple("Tunnus;Pvm;Aihe;Äidinkieli;Kieli", "id", "day", "topic", "tongue", a=FINNISH), {BY_TONGUE: TONGUES}
    ),
    "Kieli before Äidinkieli": Shape(
        lambda folder: csv(
            folder,
            [
                ["Kieli", "Tunnus", "Pvm", "Aihe", "Äidinkieli"],
                *(["suomi", *row] for row in visits(12, "id", "day", "topic", "tongue")),
            ],
        ),
        {BY_TONGUE: TONGUES},
    ),
    "Språk beside Modersmål": Shape(
        simple("Nummer;Datum;Ämne;Modersmål;Språk", "id", "day", "topic", "tongue", a=FINNISH), {BY_TONGUE: TONGUES}
    ),
    "the interpreter's language beside the mother tongue": Shape(
        simple("Tunnus;Pvm;Aihe;Äidinkieli;Tulkin kieli", "id", "day", "topic", "tongue", a=FINNISH),
        {BY_TONGUE: [(code, "und", 3) for code in ("ar", "fa", "ru", "so")]},
    ),
    "Kunta before Kotikunta": Shape(
        lambda folder: csv(
            folder,
            [
                ["Kunta", "Tunnus", "Pvm", "Aihe", "Kotikunta"],
                *(["Turku", *row] for row in visits(12, "id", "day", "topic", "place")),
            ],
        ),
        {BY_PLACE: PLACES},
    ),
    "Pvm beside Ajanvaraus pvm": Shape(
        simple("Ajanvaraus pvm;Tunnus;Pvm;Aihe", "day", "id", "day", "topic"),
        {"SELECT count(*) FROM encounter WHERE requested_on = occurred_on": [(12,)]},
    ),
    "Pvm beside Asiointipäivä": Shape(
        lambda folder: csv(
            folder,
            [
                ["Pvm", "Tunnus", "Asiointipäivä", "Aihe"],
                *(["1.1.2020", *row] for row in visits(12, "id", "day", "topic")),
            ],
        ),
        {"SELECT min(occurred_on)::VARCHAR FROM encounter": [("2025-03-01",)]},
    ),
    "ID beside Kohtaamistunnus": Shape(
        simple("ID;Kohtaamistunnus;Pvm;Aihe;Nr", "topic", "id", "day", "topic", a=list(range(12))), {ALL: [(12,)]}
    ),
    "Tila beside Ohjauksen tila": Shape(referrals, {"SELECT DISTINCT status::VARCHAR FROM referral": [("started",)]}),
    "marks": Shape(marks, {BY_TOPIC: THREE_TOPICS}),
    "marks with an unknown topic": Shape(
        lambda folder: marks(folder, "Leimaus"),
        {BY_TOPIC: [("education", 4), ("housing", 4), ("other", 4), ("work", 4)]},
        {"mark": "other"},
    ),
    "Aihe 1, Aihe 2, Aihe 3": Shape(
        simple(
            "Tunnus;Pvm;Aihe 1;Aihe 2;Aihe 3", "id", "day", "topic", a=["Terveys", None] * 6, b=[None] * 11 + ["Työ"]
        ),
        {BY_TOPIC: [("education", 4), ("health", 6), ("housing", 4), ("work", 5)]},
    ),
    "Ämne three times": Shape(
        simple("Nummer;Datum;Ämne;Ämne;Ämne", "id", "day", "topic", a=["Hälsa", None] * 6, b=[None] * 12),
        {BY_TOPIC: [("education", 4), ("health", 6), ("housing", 4), ("work", 4)]},
    ),
    "two header rows, merged": Shape(
        two_rows_merged,
        {
            BY_TOPIC: [("education", 12), ("housing", 6), ("work", 6)],
            BY_TONGUE: [(code, "und", 3) for code in ("ar", "fa", "ru", "so")],
        },
    ),
    "two header rows, CSV": Shape(
        two_rows_csv,
        {BY_TOPIC: THREE_TOPICS, BY_PLACE: PLACES, BY_TONGUE: [(code, "und", 3) for code in ("ar", "fa", "ru", "so")]},
    ),
    "Language after Mother tongue": Shape(
        simple("Record ID;Date;Topic;Mother tongue;Language", "id", "day", "topic", "tongue", a=FINNISH),
        {BY_TONGUE: TONGUES},
    ),
    "two header rows, of a form": Shape(form_of_two_rows, {BY_TOPIC: [("housing", 6), ("other", 2), ("work", 6)]}),
    "no number": Shape(simple("Päivä;Kunta;Aihe", "day", "place", "topic"), {ALL: [(12,)], CLIENTS: [(0, 12)]}),
    "number called Rivi": Shape(
        simple("Rivi;Päivä;Asiakas;Aihe", "id", "day", "client", "topic"), {ALL: [(12,)], CLIENTS: [(6, 0)]}
    ),
    "a row per topic": Shape(one_row_per_topic, {ALL: [(2,)], BY_TOPIC: [("housing", 1), ("work", 2)]}),
    "total rows": Shape(with_totals, {ALL: [(12,)], "SELECT sum(minutes)::INT FROM encounter": [(450,)]}),
    "total rows of staff": Shape(staff_with_totals, {"SELECT count(*), sum(person_years) FROM staff": [(2, 4.0)]}),
    "a summary beside the data": Shape(with_summary_sheet, TWELVE),
    "names of clients": Shape(with_names, {ALL: [(12,)], CLIENTS: [(6, 0)]}),
    "placeholders": Shape(placeholders, {CLIENTS: [(1, 10)]}),
    "a number for everybody": Shape(everybody, {CLIENTS: [(20, 20)]}, {"same_client": "anonymous"}),
    "a client who comes often": Shape(everybody, {CLIENTS: [(21, 0)]}, {"same_client": "same"}),
    "cancelled visits": Shape(cancelled, {ALL: [(6,)]}, {"cancelled": "-"}),
    "cancelled visits that count": Shape(cancelled, TWELVE, {"cancelled": "count"}),
    "counts per row": Shape(counted, {ALL: [(7,)], BY_PLACE: [("049", 7)], CLIENTS: [(0, 7)]}, {"counts": "each"}),
    "heads per row": Shape(heads, {ALL: [(4,)], CLIENTS: [(2, 2)]}, {"heads": "each"}),
    "one encounter whatever the heads": Shape(heads, {ALL: [(2,)], CLIENTS: [(2, 0)]}, {"heads": "one"}),
    "the day a form was sent": Shape(
        simple("ID;Completion time;Aihe", "id", "day", "topic"), {BY_TOPIC: THREE_TOPICS}, {"column": "occurred_on"}
    ),
}


@pytest.mark.parametrize("name", SHAPES)
def test_a_shape_loads_with_the_right_numbers_and_is_remembered(name: str, tmp_path: Path) -> None:
    shape = SHAPES[name]
    store = Store(tmp_path / "s")
    path = shape.make(tmp_path)
    first = load(store, path)
    assert {kind for kind, _ in asked(first)} == set(shape.answers)
    if shape.answers:
        assert first.exit_code == 4
        assert store.current() is None
        first = load(store, path, **shape.answers)
    assert first.exit_code == 0
    assert {query: rows(store, query) for query in shape.brings} == shape.brings
    counts = first.files[0].counts
    assert counts.read == counts.loaded + counts.totals + counts.left_out + counts.repeated
    if shape.answers:
        again = load(store, path)
        assert (again.exit_code, asked(again), again.changes) == (0, [], False)

"""Clients of a centre are followed to the end of the data of the sources that know of them, and no further."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from metrics.ask import ask
from metrics.gate import AUDIENCES, Audience
from metrics.grammar.answer import Row
from metrics.grammar.question import Question

TO_WORK, IN_WORK = 200, 400
"""Days from enrolment to work, and in work: the same for everybody."""


def delivered(store: Store, folder: Path, source: str, centre: int, until: date) -> None:
    """Twenty people enrol on the first of each month of 2024; a file tells what has happened by its end."""
    enrolled, employed = ["Jakso;Asiakas;Keskus;Alkoi"], ["Asiakas;Tulos;Alkoi;Päättyi"]
    for number in range(240):
        start = date(2024, 1 + number // 20, 1)
        enrolled.append(f"{source}{number};{source}-{number};{centre};{start:%d.%m.%Y}")
        work = start + timedelta(days=TO_WORK)
        if work <= until:
            end = work + timedelta(days=IN_WORK)
            employed.append(f"{source}-{number};Palkkatyö;{work:%d.%m.%Y};{f'{end:%d.%m.%Y}' if end <= until else ''}")
    for name, lines in (("jaksot", enrolled), ("tulokset", employed)):
        path = folder / f"{source}-{name}.csv"
        path.write_text("\n".join(lines) + "\n", encoding="utf-8")
        wishes = Wishes(source=source, covers=(date(2024, 1, 1), until))
        prepared, generation = publish(prepare([path], store, wishes=wishes), store, "test")
        assert generation is not None, [(file.refused, file.decisions) for file in prepared.files]


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Vantaa has delivered the year 2024, Espoo the year after as well."""
    folder = tmp_path_factory.mktemp("reach")
    made = Store(folder / "store")
    delivered(made, folder, "Vantaa", 92, date(2024, 12, 31))
    delivered(made, folder, "Espoo", 49, date(2025, 12, 31))
    return made


def asked(store: Store, metric: str, audience: Audience, centre: str) -> dict[int | None, Row]:
    rows = ask(Question((metric,), (), (("centre", (centre,)),), "2024", None, audience), store).rows
    return {row.horizon: row for row in rows}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_later_file_of_one_centre_says_nothing_of_another(store: Store, audience: Audience) -> None:
    """Everybody is in work after 200 days. Half of Vantaa's are followed so long; the others are not without work."""
    for centre in ("049", "092"):
        within = asked(store, "employed_by", audience, centre)
        assert within[6].value == 0 or within[6].state == "low", centre
        if audience == "internal":  # nobody is left to follow after 200 days: too few for a protected value
            assert within[12].value == 100, centre


def test_who_is_at_work_is_told_of_those_whose_centre_has_delivered_the_day(store: Store) -> None:
    espoo, vantaa = (asked(store, "at_work_at", "internal", centre)[6] for centre in ("049", "092"))
    assert (espoo.denominator, espoo.value) == (240, 0)
    assert (vantaa.denominator, vantaa.value) == (120, 0)  # those of January to June
    year = {centre: asked(store, "at_work_at", "internal", centre)[12] for centre in ("049", "092")}
    assert (year["049"].denominator, year["049"].value) == (240, 100)
    assert year["092"].state in ("immature", "no_cases")


def test_starts_in_work_last_to_the_end_of_their_own_source(store: Store) -> None:
    """Half a year after 200 days: no start of Vantaa is that old when its data end, though Espoo's are."""
    assert asked(store, "still_employed_6", "internal", "049")[None].denominator == 120
    assert asked(store, "still_employed_6", "internal", "092")[None].value is None

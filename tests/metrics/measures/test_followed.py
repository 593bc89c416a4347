"""Clients of a centre are followed to the end of the data of the sources that know of them, and no further."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from tests.metrics.made import store_of
from tests.metrics.measures.delivering import deliver

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
            end = work + timedelta(days=IN_WORK if number else 30)  # one that ends soon: last days of work are recorded
            employed.append(f"{source}-{number};Palkkatyö;{work:%d.%m.%Y};{f'{end:%d.%m.%Y}' if end <= until else ''}")
    for name, lines in (("jaksot", enrolled), ("tulokset", employed)):
        wishes = Wishes(source=source, covers=(date(2024, 1, 1), until))
        deliver(store, folder / f"{source}-{name}.csv", lines, wishes)


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
    assert year["049"].denominator == 240
    assert year["049"].value == pytest.approx(100 * 239 / 240)
    assert year["092"].state in ("immature", "no_cases")


def test_starts_in_work_last_to_the_end_of_their_own_source(store: Store) -> None:
    """Half a year after 200 days: no start of Vantaa is that old when its data end, though Espoo's are."""
    assert asked(store, "still_employed_6", "internal", "049")[None].denominator == 120
    assert asked(store, "still_employed_6", "internal", "092")[None].value is None


def test_a_centre_without_any_starts_delivered_has_none_and_adds_no_zeros(store: Store, tmp_path: Path) -> None:
    """Turku has delivered enrolments and no starts in work: nobody knows of its clients, and they lower no total."""
    more = Store(tmp_path / "store")
    delivered(more, tmp_path, "Espoo", 49, date(2025, 12, 31))
    lines = [f"T{n};T-{n};853;{date(2024, 1 + n // 20, 1):%d.%m.%Y}" for n in range(240)]
    wishes = Wishes(source="Turku", covers=(date(2024, 1, 1), date(2025, 12, 31)))
    deliver(more, tmp_path / "turku.csv", ["Jakso;Asiakas;Keskus;Alkoi", *lines], wishes)
    for metric in ("employed_by", "at_work_at"):
        turku, espoo = (asked(more, metric, "internal", centre)[12] for centre in ("853", "049"))
        assert turku.value is None, metric
        assert turku.state in ("no_data", "not_recorded", "immature", "no_cases"), metric
        (whole,) = [
            row for row in ask(Question((metric,), period="2024", audience="internal"), more).rows if row.horizon == 12
        ]
        assert whole.value == espoo.value == pytest.approx(100, abs=0.5), metric


def employed(client: int, on: int, ended: int | None = None) -> dict[str, object]:
    day = date(2023, 1, 1)
    end = {} if ended is None else {"ended_on": day + timedelta(ended)}
    return {"client": client, "kind": "employment_open", "started_on": day + timedelta(on), **end}


def left(client: int, on: int, reason: str) -> dict[str, object]:
    day = date(2023, 1, 1)
    return {"client": client, "started_on": day, "ended_on": day + timedelta(on), "end_reason": reason}


def test_the_dead_are_not_at_work_and_of_those_who_moved_in_work_nothing_is_known(tmp_path: Path) -> None:
    """All begin work on day 20, without a last day. Client 1 dies on day 100, 2 moves away, 3 stays. The data reach day 1000."""
    rows = [left(1, 100, "died"), left(2, 100, "moved"), {"client": 3, "started_on": date(2023, 1, 1)}]
    work = [*(employed(client, 20) for client in (1, 2, 3)), employed(4, 10, 20), employed(4, 1000)]
    made = store_of(tmp_path / "store", {"enrolment": rows, "outcome": work})
    for row in ask(Question(("at_work_at",), period="2023", audience="internal"), made).rows:
        assert (row.numerator, row.denominator, row.whole) == (1, 2, 3), row.horizon
    (row,) = ask(Question(("still_employed_6",), period="2023", audience="internal"), made).rows
    assert (row.numerator, row.denominator, row.whole) == (1, 3, 4)  # client 4's first work ended on day 20


def test_work_long_before_or_after_leaving_is_not_the_work_one_left_for(tmp_path: Path) -> None:
    """All leave for work on day 300. The job of 1 is over on day 60, that of 2 begins on day 700, that of 3 on day 310."""
    rows = [left(client, 300, "employed") for client in (1, 2, 3)]
    work = [employed(1, 30, 60), employed(2, 700), employed(3, 310), employed(4, 1000)]
    made = store_of(tmp_path / "store", {"enrolment": rows, "outcome": work})
    (row,) = ask(Question(("unrecorded_work",), period="2023", audience="internal"), made).rows
    assert row.value == 2
    found = {row.horizon: row for row in ask(Question(("at_work_at",), period="2023", audience="internal"), made).rows}
    assert [(found[months].numerator, found[months].denominator) for months in (6, 12, 24)] == [(0, 3), (1, 1), (2, 2)]

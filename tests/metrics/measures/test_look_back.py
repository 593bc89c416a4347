"""What looks back over encounters is told only where every source has delivered the time before: else old clients look new."""

from collections.abc import Callable, Iterable
from datetime import date, timedelta
from pathlib import Path

import pytest

from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.needs import needs

CLIENTS = 120
BACK = ("new_clients", "solved_first_contact_share", "days_guidance_to_enrolment")
"""Every metric that looks back over encounters."""

Years = tuple[int, ...]


def loaded(store: Store, path: Path, lines: Iterable[str], source: str, covers: tuple[date, date]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepared, generation = publish(prepare([path], store, wishes=Wishes(source=source, covers=covers)), store, "test")
    assert generation is not None, [(file.refused, file.decisions) for file in prepared.files]


def visits(source: str, municipality: int, year: int) -> list[str]:
    """A year: the 120 old clients in January, August and December, half as many new ones in March."""
    lines = ["Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet;Palvelu;Lopputulos"]
    comers = [(f"{source}-{number}", month) for month in (1, 8, 12) for number in range(CLIENTS)]
    comers += [(f"{source}-{year}-{number}", 3) for number in range(CLIENTS // 2)]
    for row, (client, month) in enumerate(comers):
        day = date(year, month, 1 + row % 28)
        lines.append(f"{source}{year}-{row};{client};{day:%d.%m.%Y};{municipality};Arabia;Työ;Neuvonta;Ratkesi heti")
    return lines


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Callable[..., Store]:
    """A store of Espoo's and Vantaa's encounters, one file a year, and of the enrolment of Espoo's old clients in June 2025."""

    def make(espoo: Years, vantaa: Years = ()) -> Store:
        folder = tmp_path_factory.mktemp("back")
        store = Store(folder / "store")
        for source, municipality, years in (("Espoo", 49, espoo), ("Vantaa", 92, vantaa)):
            for year in years:
                span = (date(year, 1, 1), date(year, 12, 31))
                loaded(store, folder / f"{source}{year}.csv", visits(source, municipality, year), source, span)
        start = date(2025, 6, 1)
        days = [f"J{number};Espoo-{number};49;{start + timedelta(number % 28):%d.%m.%Y}" for number in range(CLIENTS)]
        lines = ["Jakso;Asiakas;Keskus;Alkoi", *days]
        loaded(store, folder / "jaksot.csv", lines, "Espoo", (date(2025, 1, 1), date(2025, 12, 31)))
        return store

    return make


def asked(store: Store, metric: str, audience: Audience, period: str = "2025", **where: str) -> Row:
    chosen = tuple((name, (code,)) for name, code in where.items())
    (row,) = ask(Question((metric,), (), chosen, period, None, audience), store).rows
    return row


@pytest.mark.parametrize("audience", AUDIENCES)
def test_files_that_begin_with_the_period_tell_of_nothing_before_it(
    made: Callable[..., Store], audience: Audience
) -> None:
    short, long = made((2025,)), made((2024, 2025))
    for metric in BACK:
        for period in ("2025", "2025-Q4", "2025-06", "all"):
            assert asked(short, metric, audience, period).state == "not_recorded", (metric, period)
        assert asked(long, metric, audience).state in ("shown", "high"), metric
    assert asked(short, "clients", audience).state == "shown"


def test_with_a_year_before_the_first_visit_is_the_first_one(made: Callable[..., Store]) -> None:
    store = made((2024, 2025))
    assert asked(store, "new_clients", "internal").value == CLIENTS // 2
    assert asked(store, "days_guidance_to_enrolment", "internal").value == (date(2025, 6, 1) - date(2024, 1, 1)).days


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_municipality_that_joins_makes_nobody_new(made: Callable[..., Store], audience: Audience) -> None:
    """Neither its own people, nor those of any total that it is in."""
    store = made((2024, 2025), vantaa=(2025,))
    for metric in BACK[:2]:
        for where in ({}, {"region": "01"}, {"language": "ar"}, {"municipality": "092"}):
            assert asked(store, metric, audience, **where).state == "not_recorded", (metric, where)
        assert asked(store, metric, audience, municipality="049").state in ("shown", "high"), metric


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_municipality_that_has_left_hides_nothing(made: Callable[..., Store], audience: Audience) -> None:
    store = made((2024, 2025), vantaa=(2023,))
    assert asked(store, "new_clients", audience).state == "shown"


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_year_left_out_is_no_year_before(made: Callable[..., Store], audience: Audience) -> None:
    store = made((2023, 2025))
    for metric in BACK:
        assert asked(store, metric, audience).state == "not_recorded", metric


@pytest.mark.parametrize(("again", "state"), [(date(2024, 7, 22), "shown"), (date(2024, 7, 29), "not_recorded")])
def test_a_weekend_between_two_files_is_no_gap_and_a_missing_week_is(tmp_path: Path, again: date, state: str) -> None:
    """The files of 2024 end on Friday 19 July and go on after it; in the second case somebody has forgotten a week."""
    store, lines = Store(tmp_path / "store"), visits("Espoo", 49, 2024)
    head, rows = lines[0], _by_day(lines[1:])
    friday = date(2024, 7, 19)
    for name, end in (("a", friday), ("b", again)):
        own = [line for day, line in rows if (day <= friday if name == "a" else day >= again)]
        extra = f"x{name};Espoo-0;{end:%d.%m.%Y};49;Arabia;Työ;Neuvonta;Ratkesi heti"
        path = tmp_path / f"{name}.csv"
        path.write_text("\n".join([head, *own, extra]) + "\n", encoding="utf-8")
        nobody_came = {one.question.key: "none" for one in prepare([path], store).open_questions}  # in February
        wishes = Wishes(source="Espoo", answers=Answers(nobody_came))
        assert publish(prepare([path], store, wishes=wishes), store, "test")[1] is not None
    year = (date(2025, 1, 1), date(2025, 12, 31))
    loaded(store, tmp_path / "c.csv", visits("Espoo", 49, 2025), "Espoo", year)
    assert asked(store, "new_clients", "protected", "2025-Q1").state == state


def _by_day(lines: Iterable[str]) -> list[tuple[date, str]]:
    found = []
    for line in lines:
        day, month, year = map(int, line.split(";")[2].split("."))
        found.append((date(year, month, day), line))
    return found


def test_these_are_all_that_look_back() -> None:

    looking = {name for name, one in definitions().items() if needs(one).looks_back}
    assert looking == set(BACK)
    assert all(needs(definitions()[name]).looks_back == (("encounter", 365),) for name in BACK)

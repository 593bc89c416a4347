"""Those followed long enough are told of, also when nobody has started since: no period waits where all time does not."""

from datetime import date, timedelta
from pathlib import Path

import pytest

from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import AUDIENCES, Audience
from metrics.grammar.answer import Row
from metrics.grammar.question import Question

PEOPLE = 360
UNTIL = date(2025, 12, 15)
FOLLOWED = ("employed_by", "at_work_at", "recognition_share", "language_gain", "still_employed", "still_employed_6")


def loaded(store: Store, path: Path, lines: list[str]) -> None:
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    prepared, generation = publish(prepare([path], store), store, "test")
    assert generation is not None, [(file.refused, file.decisions) for file in prepared.files]


@pytest.fixture(scope="module", params=["followed_until", "later outcomes"])
def store(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Store:
    """All enrol in 2023. To the end of 2025 they are followed by a column of their file, or by that of starts in work."""
    folder = tmp_path_factory.mktemp("long")
    made = Store(folder / "store")
    by_column = request.param == "followed_until"
    enrolled = ["Jakso;Asiakas;Keskus;Alkoi;Kielitaso alussa;Kielitaso lopussa" + ";Seurattu saakka" * by_column]
    work = ["Asiakas;Tulos;Alkoi;Päättyi"]
    recognised = ["Asiakas;Tunnistettu;Menetelmä"]
    for number in range(PEOPLE):
        start = date(2023, 1 + number % 12, 1 + number % 28)
        level = "A2" if number % 2 else "A1"
        enrolled.append(f"J{number};C{number};49;{start:%d.%m.%Y};A1;{level}" + f";{UNTIL:%d.%m.%Y}" * by_column)
        recognised.append(f"C{number};{start + timedelta(number % 300):%d.%m.%Y};Haastattelu")
        if number % 3:
            end = start + timedelta(100 + 750 * (number % 2))
            work.append(f"C{number};Palkkatyö;{start + timedelta(50):%d.%m.%Y};{end:%d.%m.%Y}")
    if not by_column:
        work += [f"L{number};Palkkatyö;{UNTIL - timedelta(7 * number):%d.%m.%Y};" for number in range(90)]
    for name, lines in (("jaksot", enrolled), ("tulokset", work), ("tunnistamiset", recognised)):
        loaded(made, folder / f"{name}.csv", lines)
    return made


def asked(store: Store, metric: str, period: str, audience: Audience) -> tuple[Row, ...]:
    return ask(Question((metric,), (), (), period, None, audience), store).rows


@pytest.mark.parametrize("audience", AUDIENCES)
def test_the_year_of_all_starts_is_told_as_all_time_is(store: Store, audience: Audience) -> None:
    for metric in FOLLOWED[:4]:
        year, every = (asked(store, metric, period, audience) for period in ("2023", "all"))
        assert [(row.value, row.state) for row in year] == [(row.value, row.state) for row in every], metric
        assert {row.state for row in year} == {"shown"}, metric


@pytest.mark.parametrize("audience", AUDIENCES)
def test_work_is_followed_by_its_people_and_not_by_the_last_start_in_work(store: Store, audience: Audience) -> None:
    for metric in FOLLOWED[4:]:
        for row in asked(store, metric, "2023", audience):
            assert row.state == "shown", (metric, row)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_nobody_is_followed_for_is_too_early(store: Store, audience: Audience) -> None:
    """Nobody who enrols in December 2023, or later, has been followed for 24 whole months by the middle of December 2025."""
    states = {row.horizon: row.state for row in asked(store, "employed_by", "2023-12", audience)}
    assert states[24] == "immature"
    assert states[12] != "immature"

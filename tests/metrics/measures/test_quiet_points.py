"""A service point without visits for months within a file that goes on: closed, or without its rows, and nobody says which."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.ingest.batch import Wishes
from data.store.store import Store
from data.texts import LANGUAGES, Language, message
from metrics.cli import main
from metrics.grammar.question import Question
from metrics.measures.quiet_points import MOST_POINTS, QuietPoint, quiet_points, told
from metrics.model.dimensions import service_points
from metrics.model.serving import generation_for
from tests.metrics.measures.delivering import deliver

HEAD = "Tunnus;Asiakas;Pvm;Kunta;Kieli;Aihe;Palvelu;Palvelupiste"
MONTHS = [(year, month) for year in (2025, 2026) for month in range(1, 13) if (year, month) <= (2026, 9)]
AUDIENCES = ["internal", "protected"]


def visits(point: str, number: int, months: list[tuple[int, int]]) -> list[str]:
    return [
        f"{point}{year}{month}-{one};{point}{one};{1 + one % 28}.{month}.{year};Espoo;arabia;työ;ohjaus;{point}"
        for year, month in months for one in range(number)
    ]  # fmt: skip


def made(folder: Path, *points: list[str], listed: tuple[str, ...] = ()) -> Store:
    store = Store(folder / "store")
    if listed:
        deliver(store, folder / "pisteet.csv", ["Koodi;Nimi;Kunta;Avattu;Suljettu", *listed], Wishes())
    deliver(store, folder / "a.csv", [HEAD, *(line for one in points for line in one)], Wishes())
    return store


def until_march(point: str, number: int = 60) -> list[str]:
    return visits(point, number, [month for month in MONTHS if month <= (2026, 3)])


def found(
    store: Store, audience: str, period: str = "2026-ytd-09", by: tuple[str, ...] = ("service_point",), **where: str
) -> set[tuple[str, date, date]]:
    """By name, with the first days of the first and the last month."""
    asked = tuple((name, (code,)) for name, code in where.items())
    question = Question(("encounters",), by=by, where=asked, period=period, audience=audience)
    generation = generation_for(store, question.audience)
    names = service_points(store, generation, question.audience)
    return {(names[one.point]["fi"], one.first, one.last) for one in quiet_points(question, store, generation)}


QUIET = ("Kirjasto", date(2026, 4, 1), date(2026, 9, 1))


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Kirjasto until March 2026, Asema from May 2025 on, Tori each second month, Keskus always; few come to Pieni."""
    return made(
        tmp_path_factory.mktemp("quiet"), until_march("Kirjasto"), visits("Keskus", 80, MONTHS), visits("Pieni", 20, MONTHS[:2]),
        visits("Asema", 50, MONTHS[4:]), visits("Tori", 60, MONTHS[::2]),
    )  # fmt: skip


@pytest.mark.parametrize("audience", AUDIENCES)
def test_months_without_visits_are_told_within_the_period(store: Store, audience: str) -> None:
    assert found(store, audience) == {QUIET}
    assert found(store, audience, "2026-Q2") == {("Kirjasto", date(2026, 4, 1), date(2026, 6, 1))}
    assert found(store, audience, "2026-Q1") == set()
    assert found(store, audience, "2025") == {("Asema", date(2025, 1, 1), date(2025, 4, 1))}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_it_is_told_of_points_and_places_and_not_of_all_together(tmp_path: Path, audience: str) -> None:
    listed = ("K;Kirjasto;Espoo;;", "X;Keskus;Vantaa;;")
    store = made(tmp_path, until_march("K"), visits("X", 80, MONTHS), listed=listed)
    assert found(store, audience, by=()) == set()
    assert found(store, audience, by=("municipality",)) == {QUIET}
    assert found(store, audience, by=(), municipality="049") == found(store, audience, by=(), region="01") == {QUIET}
    assert found(store, audience, by=(), municipality="092") == set()
    # Without a list, a point is where the only source of its visits is.
    (tmp_path / "b").mkdir()
    unlisted = made(tmp_path / "b", until_march("Kirjasto"), visits("Keskus", 80, MONTHS))
    assert found(unlisted, audience, by=(), municipality="049") == {QUIET}
    assert found(unlisted, audience, by=(), municipality="092") == set()
    codes = service_points(store, generation_for(store, "protected"), "protected")
    of_keskus = next(code for code, names in codes.items() if names["fi"] == "Keskus")
    assert found(store, audience, by=(), service_point=of_keskus) == set()
    question = Question(("referrals",), by=("municipality",), period="2026-ytd-09", audience="internal")
    assert quiet_points(question, store, generation_for(store, "internal")) == ()


@pytest.mark.parametrize("audience", AUDIENCES)
def test_of_a_point_that_is_known_to_be_closed_nothing_is_told(tmp_path: Path, audience: str) -> None:
    listed = ("K;Kirjasto;Espoo;;31.3.2026", "X;Keskus;Espoo;;")
    assert found(made(tmp_path, until_march("K"), visits("X", 80, MONTHS), listed=listed), audience) == set()


def test_strays_change_nothing_and_few_visits_tell_nothing(tmp_path: Path) -> None:
    strays = visits("Kirjasto", 3, [(2026, 5), (2026, 8)])
    some = visits("Sivupiste", 20, [month for month in MONTHS if month <= (2026, 3)])
    store = made(tmp_path, until_march("Kirjasto"), strays, some, visits("Keskus", 80, MONTHS))
    # Of twenty a month nobody outside knows whether it is fewer than ten, or none.
    assert found(store, "internal") == {QUIET, ("Sivupiste", *QUIET[1:])}
    assert found(store, "protected") == {QUIET}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_it_is_said_on_the_command_line(store: Store, lang: Language, capsys: pytest.CaptureFixture[str]) -> None:
    asked = [
        "ask",
        "encounters",
        "--by",
        "service_point",
        "--period",
        "2026-Q2",
        "--lang",
        lang,
        "--store",
        str(store.path),
    ]
    assert main(asked) == 0
    months = {"fi": "huhti–kesäkuu 2026", "sv": "april–juni 2026", "en": "April–June 2026"}[lang]
    assert message("quiet_points", lang, points=f"Kirjasto ({months})") in capsys.readouterr().out


def test_of_many_it_is_said_how_many_they_are(tmp_path: Path) -> None:
    points = [until_march(f"Piste {letter}") for letter in "ABCDE"]
    store = made(tmp_path, *points, visits("Keskus", 80, MONTHS))
    question = Question(("clients",), by=("service_point",), period="2026-ytd-09")
    generation = generation_for(store, "protected")
    assert len(points) > MOST_POINTS
    assert f": {len(points)} service points." in told(question, store, generation, "en")
    assert all(isinstance(one, QuietPoint) for one in quiet_points(question, store, generation))


@pytest.mark.parametrize("audience", AUDIENCES)
def test_seasons_that_come_back_each_year_are_none(tmp_path: Path, audience: str) -> None:
    """Koulu is closed each summer, and ends in March 2026; Teltta is there in summers only, and not in 2026."""
    years = [(year, month) for year in (2023, 2024) for month in range(1, 13)] + MONTHS
    summer = [month for month in years if month[1] in (6, 7, 8)]
    school, tent = (
        [month for month in years if month not in summer],
        [month for month in summer if month[0] < 2026],
    )
    ended = [month for month in school if month <= (2026, 3)]
    store = made(
        tmp_path, visits("Koulu", 60, school), visits("Loppui", 60, ended), visits("Teltta", 60, tent),
        visits("Vanha", 60, years[:15]), visits("Keskus", 80, years),
    )  # fmt: skip
    assert found(store, audience, "all") == {
        ("Loppui", date(2026, 4, 1), date(2026, 9, 1)), ("Teltta", date(2026, 6, 1), date(2026, 8, 1)),
        ("Vanha", date(2024, 4, 1), date(2026, 9, 1)),
    }  # fmt: skip

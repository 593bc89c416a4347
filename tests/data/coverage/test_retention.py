"""Rows of people that are too old leave everything that is kept, and nothing else does."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import duckdb
import pytest

from data import clock
from data.cli import main
from data.coverage import deliveries
from data.coverage.removal_log import removals
from data.coverage.retention import expire, expired, first_kept
from data.store.releases import open_to_others
from data.store.store import Store
from data.texts import LANGUAGES, Language, texts
from tests.data.ingest.imports import encounters, load, rows

THIS_YEAR = clock.today().year
HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
YEARS = (THIS_YEAR - 6, THIS_YEAR - 5, THIS_YEAR - 4, THIS_YEAR - 1)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Folder of the store that each test has a copy of."""
    folder = tmp_path_factory.mktemp("made")
    made = Store(folder / "s")
    for year in YEARS:
        lines = [f"{year}-{n};AS-{year}-{n % 4};{n}.12.{year};49;Arabia;Työ" for n in range(1, 31)]
        load(made, encounters(folder, *lines, header=HEADER, name=f"{year}.csv"))
    begun = encounters(
        folder,
        f"J1;AS-{YEARS[0]}-1;1.3.{YEARS[0]};1.3.{YEARS[3]};49",
        f"J2;AS-{YEARS[0]}-2;1.3.{YEARS[0]};1.6.{YEARS[0]};49",
        header="Jakson tunnus;Asiakas;Jakson alku;Jakson loppu;Osaamiskeskus",
        name="jaksot.csv",
    )
    load(made, begun)
    open_to_others(made)
    return folder


@pytest.fixture
def store(made: Path, tmp_path: Path) -> Store:
    """Encounters of four years, a file of each, and of one enrolment that began in the first year and ended in the last."""
    shutil.copytree(made, tmp_path, dirs_exist_ok=True)
    return Store(tmp_path / "s")


def years(connection: duckdb.DuckDBPyConnection) -> list[int]:
    return [
        int(y) for (y,) in connection.execute("SELECT DISTINCT year(occurred_on) FROM encounter ORDER BY 1").fetchall()
    ]


def test_they_leave_every_version_and_the_release(store: Store) -> None:
    assert rows(store, "SELECT count(*) FROM enrolment") == [(2,)]
    since = first_kept(5, clock.today())
    found = expired(store, since)
    assert (since, found.rows, found.elsewhere) == (date(YEARS[1], 1, 1), {"encounter": 30, "enrolment": 1}, True)
    before = {one.token for one in store.history()}
    assert expire(store, since) == 31
    for generation in (*store.history(), store.released()):
        with store.reading(generation) as connection:
            assert not [year for year in years(connection) if year < YEARS[1]]
            named = "SELECT client FROM encounter UNION SELECT client FROM enrolment"
            unnamed = f"SELECT count(*) FROM client WHERE client NOT IN ({named})"
            assert connection.execute(unnamed).fetchall() == [(0,)]
            spans = [one for one in deliveries.read(connection) if one.table == "encounter"]
            assert all(one.first_day is not None and one.first_day >= since for one in spans)
    # Who goes on stays, with the day it all began.
    assert rows(store, "SELECT year(started_on) FROM enrolment") == [(YEARS[0],)]
    assert not before & {one.token for one in store.history()}
    assert expired(store, since).is_nothing
    log = removals(store.path).lines()[-1]
    assert (log.what, log.rows, log.last_day) == ("age", 31, date(YEARS[0], 12, 31))


def test_the_pseudonyms_go_too(store: Store) -> None:
    with store.reading() as connection:
        gone = connection.execute(
            f"SELECT pseudonym FROM client JOIN encounter USING (client) WHERE year(occurred_on) = {YEARS[1]}"
        )
        pseudonyms = {str(one) for (one,) in gone.fetchall()}
    expire(store, date(YEARS[2], 1, 1))
    for generation in (*store.history(), store.released()):
        with store.reading(generation) as connection:
            left = {str(one) for (one,) in connection.execute("SELECT pseudonym FROM client").fetchall()}
        assert not left & pseudonyms


@pytest.mark.parametrize("lang", LANGUAGES)
def test_nothing_is_deleted_before_somebody_agrees(
    lang: Language, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    t, before = texts(lang), [one.token for one in store.history()]
    command = ["retention", "--years", "4", "--store", str(store.path), "--lang", lang]
    capsys.readouterr()
    assert main(command) == 0
    said = capsys.readouterr().out
    assert t("retention.warning") in said
    assert f"{t('table.encounter')}: 60" in said
    assert [one.token for one in store.history()] == before
    assert main([*command, "--yes"]) == 0
    assert t("retention.done", count=61) in capsys.readouterr().out
    assert main([*command, "--yes"]) == 0
    assert t("retention.nothing", since=f"{YEARS[2]}-01-01") in capsys.readouterr().out


@pytest.mark.parametrize("years", ["0", "-1", "x", "1.5", "1000000000000"])
def test_years_that_are_none(years: str, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["retention", f"--years={years}", "--store", str(store.path)])
    assert end.value.code == 2
    assert texts("fi")("cli.usage.years") in capsys.readouterr().err

"""A later file beside what the store knows: blanks empty nothing, older statuses replace no newer ones, and both are said."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from data.cli import main
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import SheetPlan
from data.store.store import Store
from tests.data.ingest.imports import encounters, rows

VISITS = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Palvelu;Toimipiste;Kanava;Aiheet;Kesto_min;Kumppanit;Ymmärsi;Tulos"
FULL = "1;A7;3.2.2025;49;Arabia;Osaamiskeskus;Iso Omena;Puhelin;Työ;30;Kela;Kyllä;Ratkesi"
REFERRALS = "Ohjaus;Asiakas;Mihin;Ohjattu;Tila;Tilan pvm;Alkanut"
ENROLMENTS = "Jakson tunnus;Asiakas;Keskus;Alkoi;Päättyi;Päättymisen syy;Seurattu asti"


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def load(
    store: Store, *lines: str, header: str = VISITS, name: str = "a.csv", covers: tuple[date, date] | None = None
) -> SheetPlan:
    """Import a file and give what it did."""
    path = encounters(store.path.parent, *lines, name=name, header=header)
    done, _ = publish(prepare([path], store, wishes=Wishes(covers=covers)).with_defaults(), store, "test")
    assert done.files[0].refused is None
    return done.files[0].parts[0]


def referral(store: Store) -> tuple[object, ...]:
    return rows(store, "SELECT status::VARCHAR, status_on::VARCHAR, started_on::VARCHAR FROM referral")[0]


@pytest.mark.parametrize("empty", ["", "-", "ei tiedossa"])
def test_a_blank_empties_no_field_whatever_it_is(empty: str, store: Store) -> None:
    """Every field but the number, the day and the topics: a row for each, and one with nothing at all."""
    names = VISITS.split(";")
    optional = [name for name in names if name not in ("Tunnus", "Pvm", "Aiheet")]
    if empty:
        optional.remove("Palvelu")  # has no code for unknown, so that a word costs the row
    if empty == "ei tiedossa":
        optional.remove("Toimipiste")  # read as the name of a place
    emptied = [*([name] for name in optional), optional]
    full = [FULL.replace("1;A7", f"{number};A{number}") for number in range(1, len(emptied) + 1)]
    load(store, *full)
    before = rows(store, "FROM encounter ORDER BY record")
    blank = [
        ";".join(empty if name in blanks else cell for name, cell in zip(names, line.split(";"), strict=True))
        for blanks, line in zip(emptied, full, strict=True)
    ]
    part = load(store, *blank)
    assert part.counts.unchanged == len(emptied)
    assert rows(store, "FROM encounter ORDER BY record") == before
    # The row of its own and the one with nothing; a blank service is said to be guidance nowhere.
    assert set(part.kept.values()) == {2}
    assert len(part.kept) == len(optional)


def test_what_was_unknown_becomes_known_and_what_is_known_is_corrected(store: Store) -> None:
    load(store, "1;;3.2.2025;;;;;;Työ;;;;")
    part = load(store, FULL)
    assert (part.counts.replaced, part.kept) == (1, {})
    query = "SELECT client > 0, municipality::VARCHAR, service::VARCHAR, minutes, partners::VARCHAR[] FROM encounter"
    assert rows(store, query) == [(True, "049", "competence_centre", 30, ["kela"])]
    load(store, FULL.replace("Osaamiskeskus", "Neuvonta").replace(";30;", ";45;").replace("A7", "B8"))
    assert rows(store, query) == [(True, "049", "guidance", 45, ["kela"])]
    assert rows(store, "SELECT count(*) FROM client") == [(1,)]


def test_a_file_without_clients_makes_nobody_anonymous(store: Store) -> None:
    load(store, FULL)
    load(store, "1;3.2.2025;49;Asuminen", header="Tunnus;Pvm;Kuntanro;Aiheet")
    assert rows(store, "SELECT client > 0, topics::VARCHAR[] FROM encounter") == [(True, ["housing"])]


def test_files_of_one_import_are_merged_alike(store: Store) -> None:
    paths = [
        encounters(store.path.parent, line, name=name, header=VISITS)
        for name, line in (("a.csv", FULL), ("b.csv", FULL.replace("Arabia", "").replace("Ratkesi", "")))
    ]
    done, _ = publish(prepare(paths, store), store, "test")
    assert [file.parts[0].kept for file in done.files] == [{}, {"language": 1, "resolution": 1}]
    assert rows(store, "SELECT language::VARCHAR, resolution::VARCHAR FROM encounter") == [("ar", "solved")]


def test_a_blank_is_no_value_when_the_store_has_moved_on(store: Store) -> None:
    """What the store knew when the files were prepared is not taken for what they say."""
    load(store, FULL)
    blank = FULL.replace("Arabia", "").replace("Työ", "Asuminen")
    waiting = prepare([encounters(store.path.parent, blank, header=VISITS, name="w.csv")], store)
    load(store, FULL.replace("Arabia", "Somali"))
    done, _ = publish(waiting, store, "test")
    assert done.files[0].parts[0].kept == {"language": 1}
    assert rows(store, "SELECT language::VARCHAR FROM encounter") == [("so",)]


STATUSES = [
    # first line, second line, what holds: the newer, whichever comes second
    ("Palvelu alkoi;10.3.2025;9.3.2025", ";;", ("started", "2025-03-10", "2025-03-09")),
    ("Palvelu alkoi;10.3.2025;9.3.2025", "ei tiedossa;1.5.2025;", ("started", "2025-03-10", "2025-03-09")),
    ("Palvelu alkoi;10.3.2025;9.3.2025", "Lähetetty;5.2.2025;", ("started", "2025-03-10", "2025-03-09")),
    ("Palvelu alkoi;10.3.2025;", "Palvelu alkoi;;9.3.2025", ("started", "2025-03-10", "2025-03-09")),
    ("Palvelu alkoi;;9.3.2025", "Ei saapunut;20.3.2025;", ("no_show", "2025-03-20", None)),
]


@pytest.mark.parametrize(("first", "second", "holds"), STATUSES)
def test_a_status_is_replaced_by_a_newer_known_one_alone(
    first: str, second: str, holds: tuple[object, ...], store: Store
) -> None:
    for line in (first, second):
        load(store, f"O1;7;Kela;1.2.2025;{line}", header=REFERRALS)
    assert referral(store) == holds


@pytest.mark.parametrize("with_day", ["", "older", "newer"])
def test_without_a_day_the_delivery_tells_which_status_is_newer(with_day: str, store: Store) -> None:
    """A delivery until March with a started service, one until February with a sent referral, in both orders."""
    older = f"O1;7;Kela;1.2.2025;Lähetetty;{'5.2.2025' if with_day == 'older' else ''};"
    newer = f"O1;7;Kela;1.2.2025;Palvelu alkoi;{'3.2.2025' if with_day == 'newer' else ''};2.2.2025"
    february, march = (date(2025, 1, 1), date(2025, 2, 28)), (date(2025, 1, 1), date(2025, 3, 31))
    for turn, several in enumerate((((newer, march), (older, february)), ((older, february), (newer, march)))):
        one = Store(store.path.with_name(f"s{turn}"))
        done = [load(one, line, header=REFERRALS, covers=covers) for line, covers in several]
        assert referral(one)[0] == "started"
        assert referral(one)[2] == "2025-02-02"
        assert [part.outdated for part in done] == [0, 1 - turn]


def test_a_status_of_the_same_delivery_time_may_be_corrected(store: Store) -> None:
    for status in ("Palvelu alkoi", "Lähetetty"):
        load(store, f"O1;7;Kela;1.2.2025;{status};;", header=REFERRALS)
    assert referral(store)[0] == "sent"


def test_a_newer_status_without_its_day_does_not_take_the_day_of_the_old_one(store: Store) -> None:
    load(store, "O1;7;Kela;1.2.2025;Lähetetty;5.2.2025;", header=REFERRALS)
    load(store, "O1;7;Kela;1.2.2025;Hyväksytty", header="Ohjaus;Asiakas;Mihin;Ohjattu;Tila")
    assert referral(store) == ("accepted", None, None)


def test_an_end_that_is_blank_later_stays_and_an_older_end_replaces_no_newer(store: Store) -> None:
    query = "SELECT ended_on::VARCHAR, end_reason::VARCHAR, followed_until::VARCHAR FROM enrolment"
    ended = "E1;7;49;1.2.2025;30.6.2025;Työllistyi;30.9.2025"
    load(store, ended, header=ENROLMENTS)
    known = rows(store, query)
    part = load(store, "E1;7;49;1.2.2025;;;31.10.2025", header=ENROLMENTS)
    assert part.kept == {"ended_on": 1, "end_reason": 1}
    assert rows(store, query) == [(*known[0][:2], "2025-10-31")]
    part = load(store, ended.replace("30.6.2025", "31.5.2025"), header=ENROLMENTS)
    assert part.outdated == 1
    assert rows(store, query) == [(*known[0][:2], "2025-10-31")]
    load(store, ended.replace("30.6.2025", "31.7.2025").replace("30.9.2025", "30.11.2025"), header=ENROLMENTS)
    assert rows(store, query) == [("2025-07-31", known[0][1], "2025-11-30")]


def test_a_kept_day_never_stands_before_the_days_of_the_file(store: Store) -> None:
    load(store, "E1;7;49;1.2.2025;30.6.2025;Työllistyi;", header=ENROLMENTS)
    part = load(store, "E1;7;49;1.9.2025;;;", header=ENROLMENTS)
    assert part.counts.rejected == 0
    assert rows(store, "SELECT started_on::VARCHAR, ended_on FROM enrolment") == [("2025-09-01", None)]


@pytest.mark.parametrize(("lang", "told"), [("fi", "2 tunnettua arvoa"), ("sv", "2 kända"), ("en", "2 known values")])
def test_what_was_kept_is_said(lang: str, told: str, store: Store, capsys: pytest.CaptureFixture[str]) -> None:
    load(store, FULL)
    path = encounters(store.path.parent, FULL.replace("Arabia", "").replace("A7", ""), name="b.csv", header=VISITS)
    assert main(["import", str(path), "--store", str(store.path), "--lang", lang]) == 0
    assert told in capsys.readouterr().out

"""Undoing a delivery: the store is as it was before it, and where it cannot be, that is said before anything is done."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from data.cli import main
from data.coverage import deliveries
from data.coverage.months import month_coverage
from data.coverage.removal_log import removals
from data.coverage.removals import RemovalError, delete_source, find_source
from data.coverage.undoing import undo_delivery, what_undoing_does
from data.ingest.answers import Answers
from data.ingest.batch import Wishes
from data.ingest.forgetting import forget_client
from data.ingest.pipeline import prepare, publish
from data.model.records import TABLES
from data.store.releases import rollback
from data.store.store import Store
from data.texts import LANGUAGES, message
from tests.data.ingest.imports import encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Toimipiste;Aiheet"
HUNDRED = [f"{n};A{n};{n % 28 + 1}.{n % 3 + 1}.2025;49;Arabia;Iso Omena;Työ" for n in range(1, 101)]
CORRECTED = [
    *(line.replace("Työ", "Asuminen").replace(";A", ";B", 1) for line in HUNDRED[:10]),
    *HUNDRED[10:],
    *(f"{n};C{n};{n % 28 + 1}.3.2025;49;Thai;Tikkurila;Työ" for n in range(101, 106)),
]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "s")


def load(store: Store, *files: Sequence[str], source: str = "main", header: str = HEADER, **answers: str) -> None:
    """Import files in one call. answers: to the questions of that name; the others get their safe default."""
    paths = [
        encounters(store.path.parent, *lines, name=f"{place}.csv", header=header) for place, lines in enumerate(files)
    ]
    wishes = Wishes(source=source, answers=Answers({f"{kind}|encounter||": one for kind, one in answers.items()}))
    publish(prepare(paths, store, wishes=wishes).with_defaults(), store, "test")


def everything(store: Store) -> dict[str, object]:
    """All that a generation holds, and what it covers."""
    with store.read() as connection:
        tables = {
            table: sorted(map(repr, connection.execute(f"FROM {table}").fetchall())) for table in (*TABLES, "client")
        }
        return {**tables, "deliveries": deliveries.read(connection), "coverage": month_coverage(connection)}


def test_after_undoing_a_corrected_export_all_is_as_before_it(store: Store) -> None:
    load(store, HUNDRED)
    before = everything(store)
    load(store, CORRECTED)
    assert len(rows(store, "FROM encounter")) == 105
    planned = what_undoing_does(store, 2)
    assert (planned.leaving, planned.returning, planned.lost, planned.later) == (5, 10, 0, 0)
    undo_delivery(store, 2)
    assert everything(store) == before
    assert [(line.rows, line.returned) for line in removals(store.path).lines()] == [(5, 10)]


def test_rows_that_the_delivery_removed_come_back(store: Store) -> None:
    load(store, HUNDRED)
    before = everything(store)
    load(store, CORRECTED[5:], gone="remove")
    assert len(rows(store, "FROM encounter")) == 100
    planned = what_undoing_does(store, 2)
    assert (planned.leaving, planned.returning, planned.lost) == (5, 10, 0), "five changed, five removed"
    undo_delivery(store, 2)
    assert everything(store) == before


def test_what_came_later_stays_and_is_told(store: Store) -> None:
    load(store, HUNDRED)
    load(store, CORRECTED)
    load(
        store, [*CORRECTED[:1], CORRECTED[1].replace("Asuminen", "Vapaa-aika"), "200;D;3.3.2025;49;Thai;Tikkurila;Työ"]
    )
    planned = what_undoing_does(store, 2)
    assert (planned.leaving, planned.returning, planned.later) == (5, 9, 1)
    undo_delivery(store, 2)
    topics = "SELECT topics[1]::VARCHAR, count(*) FROM encounter GROUP BY 1 ORDER BY 1"
    assert rows(store, topics) == [("leisure", 1), ("work", 100)]
    undo_delivery(store, 3)
    assert rows(store, topics) == [("work", 100)], "as the first brought it: what the second made of it is undone"


def test_rows_of_a_deleted_or_undone_delivery_do_not_come_back(store: Store) -> None:
    load(store, HUNDRED)
    load(store, CORRECTED)
    undo_delivery(store, 1)
    assert len(rows(store, "FROM encounter")) == 15
    undo_delivery(store, 2)
    assert rows(store, "FROM encounter") == []
    load(store, HUNDRED)
    load(store, CORRECTED)
    delete_source(store, find_source(store, "main"), (date(2025, 1, 1), date(2025, 1, 31)))
    # The corrected rows of January have gone with their month, and so have those they replaced.
    undo_delivery(store, 2)
    assert rows(store, "SELECT count(*) FROM encounter WHERE month(occurred_on) = 1") == [(0,)]


def test_a_forgotten_client_does_not_come_back(store: Store) -> None:
    load(store, HUNDRED)
    load(store, CORRECTED)
    forget_client(store, "A1")
    undo_delivery(store, 2)
    assert rows(store, "SELECT count(*), count(DISTINCT client) FROM encounter") == [(99, 99)]


def test_a_rolled_back_line_gives_nothing_back_to_another(store: Store) -> None:
    """Two deliveries may have the same number, one on a line that was left."""
    load(store, HUNDRED)
    load(store, [HUNDRED[0].replace("Työ", "Vapaa-aika")])
    rollback(store, 1)
    load(store, CORRECTED)
    assert what_undoing_does(store, 2).returning == 10
    undo_delivery(store, 2)
    assert rows(store, "SELECT DISTINCT topics[1]::VARCHAR FROM encounter") == [("work",)]


def lose(way: str, store: Store) -> int:
    """Make the state before the last delivery one that nobody has; the number of that delivery."""
    if way == "one import":
        load(store, HUNDRED, CORRECTED)
        return 2
    load(store, HUNDRED)
    load(store, CORRECTED)
    for number in range(6):
        load(store, [f"{300 + number};D;3.3.2025;49;Thai;Tikkurila;Työ"])
    return 2


@pytest.mark.parametrize(("way", "lang"), [("one import", "fi"), ("one import", "en"), ("pruned", "sv")])
def test_what_cannot_come_back_is_said_and_needs_a_yes(
    way: str, lang: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    number = lose(way, store)
    generation = store.serving().number
    assert what_undoing_does(store, number).lost == 10
    with pytest.raises(RemovalError, match="would_lose"):
        undo_delivery(store, number, accepted=9)
    at = ["--store", str(store.path), "--lang", lang]
    assert main(["undo", str(number), *at]) == 2
    told = capsys.readouterr()
    assert message("removal.undo.lost", lang, count=10) in told.out
    assert message("refusal.removal.would_lose", lang, count=10) in told.err
    assert store.serving().number == generation
    assert main(["undo", str(number), "--yes", *at]) == 0
    assert message("removal.undone", lang, number=generation + 1) in capsys.readouterr().out
    assert len(rows(store, "FROM encounter WHERE delivery < 3")) == 90


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_command_lists_deliveries_and_undoes_one(
    lang: str, store: Store, capsys: pytest.CaptureFixture[str]
) -> None:
    load(store, HUNDRED)
    before = everything(store)
    load(store, CORRECTED)
    at = ["--store", str(store.path), "--lang", lang]
    capsys.readouterr()
    assert main(["undo", *at]) == 0
    first, second = capsys.readouterr().out.splitlines()
    assert first.startswith("1: ")
    assert "100" in first
    assert " 10" in second
    assert main(["undo", "2", *at]) == 0
    told = capsys.readouterr().out
    assert message("removal.undo.returning", lang, count=10) in told
    assert message("removal.undo.leaving", lang, count=5) in told
    assert everything(store) == before
    assert main(["undo", "2", *at]) == 2
    assert message("refusal.removal.no_delivery", lang, number=2) in capsys.readouterr().err


def test_a_delivery_of_places_is_undone_too(store: Store) -> None:
    header = "Toimipiste;Nimi;Kunta;Tyyppi"
    load(store, ["IO;Iso Omena;Espoo;Kirjasto", "TI;Tikkurila;Vantaa;Kirjasto"], header=header)
    before = everything(store)
    load(store, ["IO;Iso Omena;Espoo;Palvelupiste", "UU;Uusi;Espoo;Kirjasto"], header=header)
    assert everything(store) != before
    undo_delivery(store, 2)
    assert everything(store) == before

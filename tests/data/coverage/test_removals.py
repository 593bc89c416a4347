"""Taking data out: a person everywhere, a source's period, a delivery; nothing of them is left in any file."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from data.cli import main
from data.coverage import deliveries
from data.coverage.removal_log import removals
from data.coverage.removals import RemovalError, delete_source, find_source
from data.ingest.batch import Wishes
from data.ingest.forgetting import forget_client
from data.ingest.pipeline import prepare, publish
from data.store.store import Store
from tests.data import hashed
from tests.data.ingest.imports import bytes_below, encounters, rows

HEADER = "Tunnus;Asiakas;Pvm;Kuntanro;Kieli;Aiheet"
LINES = ["1;BCDE-777;3.2.2025;49;Arabia;Työ", "2;B8;3.3.2025;49;Somali;Työ", "3;BCDE-777;3.4.2025;49;Arabia;Työ"]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """Two generations, two sources; client BCDE-777 in both."""
    made = Store(tmp_path / "s")
    for source, lines in (("main", LINES), ("vantaa", [*LINES, "4;C9;1.1.2025;92;Persia;Asuminen"])):
        path = encounters(tmp_path, *lines, name=f"{source}.csv", header=HEADER)
        publish(prepare([path], made, wishes=Wishes(source=source)), made, "test")
    return made


def test_a_forgotten_client_is_in_no_generation(store: Store) -> None:
    pseudonym = hashed.pseudonym(store.keys, "BCDE-777").encode()
    assert any(pseudonym in content for content in bytes_below(store.path))
    before = store.history()
    store.cube_path(before[0]).mkdir(parents=True)
    (store.rejected_path).mkdir(exist_ok=True)
    done = forget_client(store, " bcde-777 ")
    assert done.removal.rows == 2 + 4
    after = store.history()
    assert [one.number for one in after] == [one.number for one in before]
    assert [one.created for one in after] == [one.created for one in before]
    assert not {one.token for one in after} & {one.token for one in before}
    for one in after:
        with store.read(one) as connection:
            assert connection.execute(
                "SELECT count(*) FROM client WHERE pseudonym = ?", [pseudonym.decode()]
            ).fetchall() == [(0,)]
            assert connection.execute("SELECT count(*) FROM encounter").fetchall() == [(one.rows["encounter"],)]
    assert [one.rows["encounter"] for one in after] == [1, 3]
    assert not any(pseudonym in content or b"BCDE-777" in content for content in bytes_below(store.path))
    assert not store.cube_path(before[0]).exists()
    assert not store.rejected_path.exists()
    assert [line.what for line in removals(store.path).lines()] == ["client"]


def test_a_client_who_is_not_there_changes_nothing(store: Store) -> None:
    before = [one.token for one in store.history()]
    with pytest.raises(RemovalError, match="no_client"):
        forget_client(store, "Z1")
    assert [one.token for one in store.history()] == before


def test_deleting_a_sources_period_leaves_the_rest(store: Store) -> None:
    generation, count = delete_source(store, find_source(store, "Vantaa"), (date(2025, 3, 1), date(2025, 3, 31)))
    assert (count, generation.number) == (1, 3)
    assert rows(store, "SELECT count(*) FROM encounter") == [(6,)]
    with store.read() as connection:
        found = [(one.source, one.first_day, one.last_day) for one in deliveries.read(connection)]
    assert found == [
        (0, date(2025, 2, 1), date(2025, 4, 3)),
        (1, date(2025, 1, 1), date(2025, 2, 28)), (1, date(2025, 4, 1), date(2025, 4, 3)),
    ]  # fmt: skip
    delete_source(store, find_source(store, "vantaa"))
    assert rows(store, "SELECT count(*) FROM encounter") == [(3,)]
    assert rows(store, "SELECT count(*) FROM client") == [(2,)]
    with pytest.raises(RemovalError, match="no_rows"):
        delete_source(store, find_source(store, "vantaa"))
    assert len(store.history()) == 4, "a refused deletion publishes nothing"


def test_the_commands(
    store: Store, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:  # fmt: skip
    at = ["--store", str(store.path), "--lang", "en"]
    assert main(["delete", "--source", "vantaa", "--period", "2025-01..2025-03", *at]) == 0
    assert "3 rows were deleted. Version 3 is in use." in capsys.readouterr().out
    assert main(["delete", "--source", "nowhere", *at]) == 2
    assert "There is no source nowhere." in capsys.readouterr().err
    monkeypatch.setattr("sys.stdin", io.StringIO("B8\n"))
    assert main(["forget", "--client", "-", *at]) == 0
    assert main(["forget", "--client", "B8", *at]) == 2
    printed = capsys.readouterr()
    assert "B8" not in printed.out + printed.err
    with pytest.raises(SystemExit):
        main(["delete", "--source", "vantaa", "--period", "2025-13", *at])

"""Pages show the store that lies at their path now: remade, restored, rolled back or replaced, in one running process."""

from __future__ import annotations

import re
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.cli import main
from data.store.acting import WAITING
from data.store.keys import key_path
from data.store.releases import rollback
from data.store.sealed import sealed, unsealed
from data.store.store import Store
from tests.metrics.made import store_of
from tests.pages.drawn import open_page, said, tables

SMALL, LARGE = 100, 200
"""Clients of two stores: whole fives, so that the protected view shows them as they are."""
MADE = "2026-11-25T12:00:00"


def made(path: Path, clients: int, named: str, residents: int = 1_000) -> Store:
    """A store of so many Arabic-speaking clients at one service point, published in the same second as any other."""
    rows = [
        {"client": n, "language": "ar", "municipality": "049", "service_point": "P1", "occurred_on": date(2026, 1, 20)}
        for n in range(1, clients + 1)
    ]
    people = [{"municipality": "049", "language": "ar", "year": 2025, "residents": residents}]
    place = [{"code": "P1", "name_fi": named, "municipality": "049"}]
    store = store_of(path, {"encounter": rows, "service_point": place, "population": people})
    same_second(store)
    return store


def same_second(store: Store) -> None:
    for description in (store.path / "generations").glob("*.json"):
        description.write_text(sealed(unsealed(description.read_text()) | {"created": MADE}))


def cleared(path: Path) -> None:
    """Remove a store. Lines of its log that still wait are written first, lest they come into a folder that is going."""
    WAITING.flush(at_end=False)
    shutil.rmtree(path, ignore_errors=True)


def put(source: Path, path: Path) -> None:
    """Lay a store with its keys at a path, in the place of what is there, with the times its files have."""
    cleared(path)
    shutil.copytree(source, path)
    shutil.copy(key_path(source), key_path(path))


@pytest.fixture
def path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where the app's store lies."""
    monkeypatch.setenv("TILANNEKUVA_STORE", str(tmp_path / "served"))
    return tmp_path / "served"


SEEN = {SMALL: ("Pieni piste", {"100"}, "100", "100"), LARGE: ("Suuri piste", {"200"}, "400", "200")}


def shown() -> tuple[str, set[str], str, str]:
    """What visitors see on pages that keep different things: the service point to choose, the clients that figures stand on,
    clients per 1 000 residents, and the clients of a ready-made briefing."""
    demand, reach, briefing = (open_page(page) for page in ("demand", "reach", "briefings"))
    assert not [page for page in (demand, reach, briefing) if page.exception or page.error]
    (places,) = (box.options for box in demand.selectbox if box.label == "Palvelupiste")
    (rate,) = re.findall(r"tavoitettiin ([\d\xa0]+) tammikuussa", said(reach))
    clients = set(re.findall(r"n = ([\d\xa0]+) asiakasta", said(demand)))
    (briefed, *_) = re.findall(r'<div class="number">(\d+)<', "".join(tables(briefing)))
    return places[1], clients, rate, briefed


@pytest.fixture
def small(tmp_path: Path) -> Store:
    return made(tmp_path / "small", SMALL, "Pieni piste", 1_000)


@pytest.fixture
def large(tmp_path: Path) -> Store:
    return made(tmp_path / "large", LARGE, "Suuri piste", 500)


def test_two_stores_at_one_path_one_after_the_other(path: Path, small: Store, large: Store) -> None:
    """Same folder, number and second; and back again, with the cells that the first visits have made."""
    for store, clients in ((small, SMALL), (large, LARGE), (small, SMALL)):
        put(store.path, path)
        assert shown() == SEEN[clients]


def test_a_store_remade_in_its_folder(path: Path) -> None:
    made(path, SMALL, "Pieni piste", 1_000)
    assert shown() == SEEN[SMALL]
    cleared(path)
    made(path, LARGE, "Suuri piste", 500)
    assert shown() == SEEN[LARGE]


def test_a_backup_copied_over_a_store_with_its_cells(path: Path, small: Store, large: Store) -> None:
    """Only the store's own files come back; the cells of the replaced generation lie there still, and are cleared."""
    put(small.path, path)
    assert shown() == SEEN[SMALL]
    before = set((path / "cube").iterdir())
    for file in (large.path / "generations").iterdir():
        # In place: the file keeps its inode, as with cp over it.
        (path / "generations" / file.name).write_bytes(file.read_bytes())
    assert shown() == SEEN[LARGE]
    after = set((path / "cube").iterdir())
    assert len(before) == len(after) == 1
    assert not before & after


def test_rolling_back_and_forth(path: Path, small: Store) -> None:
    put(small.path, path)
    assert shown() == SEEN[SMALL]
    store = Store(path)
    with store.next_generation("import") as connection:
        connection.execute("UPDATE service_point SET name_fi = 'Suuri piste'")
        connection.execute("UPDATE population SET residents = 500")
        connection.execute(f"INSERT INTO client SELECT client + {SMALL}, 'q' || client FROM client")
        connection.execute(
            f"INSERT INTO encounter SELECT * REPLACE (record + {SMALL} AS record, client + {SMALL} AS client) FROM encounter"
        )
    same_second(store)
    assert shown() == SEEN[LARGE]
    for number, clients in ((1, SMALL), (2, LARGE), (1, SMALL)):
        rollback(store, number)
        assert shown() == SEEN[clients]


def test_a_sample_made_anew(path: Path) -> None:
    """By its own command, in the same folder with the same number: what the page says is what a new process would say."""
    texts = []
    for seed in (1, 2, 1):
        cleared(path)
        made_sample = ["sample", "--encounters", "3000", "--seed", str(seed), "--until", "2026-10-31"]
        assert main([*made_sample, "--store", str(path)]) == 0
        same_second(Store(path))
        page = open_page("demand")
        assert not page.exception
        texts.append("".join(tables(page)))
    assert texts[0] != texts[1]
    assert texts[0] == texts[2]

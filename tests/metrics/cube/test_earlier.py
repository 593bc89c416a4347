"""Cells are taken from an earlier generation where nothing that they are counted from has changed, and nowhere else."""

from __future__ import annotations

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from data.model.schema import tables
from data.store import reading
from data.store.releases import rollback
from data.store.rewriting import rewrite
from data.store.store import Store
from data.store.workspace import writing_into
from metrics.cube import cube
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.earlier import DELIVERIES, EarlierCells, _linked, tables_of, taking_from
from metrics.cube.shape import Shape
from metrics.gate import TOGETHER_FROM
from metrics.measures.inquiry import needed
from metrics.model.definition import definitions
from metrics.model.facts import FACTS
from metrics.model.facts.fact import GROUPINGS
from tests.conftest import own_copy
from tests.metrics.cube.written import every_row
from tests.rounds import some

LANGUAGES, COURSES = Counting(FACTS["encounter"]), Counting(FACTS["training"])


@pytest.fixture
def store(sample_store: Path, tmp_path: Path) -> Store:
    found = Store(own_copy(sample_store, tmp_path / "store", cells=False))
    for measure, dimension in ((LANGUAGES, "language"), (COURSES, "kind")):
        Cube(found, found.serving()).counts((measure,), (dimension,), batched=True)
    return found


def made_anew(store: Store, change: str, monkeypatch: pytest.MonkeyPatch) -> set[str]:
    """The facts that are counted again after a change of the rows."""
    with store.next_generation("again") as connection:
        connection.execute(change)
    found: set[str] = set()
    computed = Cube._computed

    def counted(self: Cube, job: object) -> object:
        found.add(job.counted[0].fact.name)  # type: ignore[attr-defined]
        return computed(self, job)  # type: ignore[arg-type]

    with monkeypatch.context() as patch, taking_from(EarlierCells(store)):
        patch.setattr(Cube, "_computed", counted)
        for measure, dimension in ((LANGUAGES, "language"), (COURSES, "kind")):
            Cube(store, store.serving()).counts((measure,), (dimension,), batched=True)
    return found


def test_what_a_delivery_does_not_touch_is_not_counted_again(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    assert made_anew(store, "DELETE FROM training WHERE record % 50 = 0", monkeypatch) == {"training"}
    assert made_anew(store, "UPDATE encounter SET minutes = 17 WHERE record % 50 = 0", monkeypatch) == {"encounter"}
    assert made_anew(store, "UPDATE delivery SET first_day = first_day - 1", monkeypatch) == set()
    folder = store.cube_path(store.serving())
    assert {file.name.split("+")[0] for file in folder.glob("*.cells")} == {"encounter", "training"}


def test_a_damaged_file_is_not_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = store.cube_path(store.serving()).glob("encounter*.cells")
    file.write_bytes(file.read_bytes()[:-7])
    assert made_anew(store, "DELETE FROM training WHERE record % 50 = 0", monkeypatch) == {"training", "encounter"}


def test_an_earlier_version_that_is_damaged_keeps_nothing_from_being_counted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = store.file(store.serving())
    with store.next_generation("first"):
        pass
    reading.forget(file.resolve())
    file.write_bytes(file.read_bytes()[:-5000])
    assert made_anew(store, "DELETE FROM training WHERE record % 50 = 0", monkeypatch) == {"training", "encounter"}


def test_cells_of_a_version_of_an_older_form_are_not_taken(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Also where somebody has been forgotten in it since, and it has been described anew."""
    before = store.serving()
    reading.forget(store.file(before).resolve())
    with writing_into(store.file(before)) as connection:
        connection.execute("UPDATE about SET schema_version = 'older'")
    replace(before, schema_version="older").write(store.path / f"{before.stem}.json")
    rewrite(store, lambda connection: connection.execute("DELETE FROM encounter WHERE record = 1"))  # type: ignore[arg-type]
    assert store.serving().schema_version == "older"
    for measure, dimension in ((LANGUAGES, "language"), (COURSES, "kind")):
        Cube(store, store.serving()).counts((measure,), (dimension,), batched=True)
    assert made_anew(store, "UPDATE delivery SET first_day = first_day - 1", monkeypatch) == {"training", "encounter"}


def test_a_copy_that_the_disk_has_no_room_for_leaves_nothing(
    store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (file,) = store.cube_path(store.serving()).glob("encounter*.cells")

    def full(_: Path, target: Path) -> None:
        target.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "link", lambda *_: (_ for _ in ()).throw(PermissionError()))
    monkeypatch.setattr(shutil, "copyfile", full)
    assert not _linked(file, tmp_path / file.name)
    assert not (tmp_path / file.name).exists()
    assert not [*tmp_path.glob("*.tmp")]


def test_where_files_cannot_have_two_names_they_are_copied(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(*_: object) -> None:
        raise PermissionError

    monkeypatch.setattr(os, "link", refused)
    assert made_anew(store, "DELETE FROM training WHERE record % 50 = 0", monkeypatch) == {"training"}


def test_other_groups_of_codes_are_other_cells(monkeypatch: pytest.MonkeyPatch) -> None:
    before = cube._file_name(LANGUAGES, Shape(("region",), 24000))
    cube._file_name.cache_clear()
    monkeypatch.setitem(GROUPINGS, "region", GROUPINGS["employment_area"])
    assert cube._file_name(LANGUAGES, Shape(("region",), 24000)) != before
    cube._file_name.cache_clear()


@pytest.mark.parametrize(
    "broken_down",
    [
        pytest.param(((),), marks=pytest.mark.slow, id="totals"),
        pytest.param((("municipality",), ("sex",)), marks=pytest.mark.simulation, id="with a dimension"),
    ],
)
def test_no_cells_change_with_tables_that_they_are_not_counted_from(
    broken_down: tuple[tuple[str, ...], ...], sample_store: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every count of every metric, in a store that lacks half of the rows of all other tables, and their deliveries."""
    store = Store(own_copy(sample_store, tmp_path / "store", cells=False))
    monkeypatch.setattr("data.store.store.KEEP", 99)
    before = store.serving()
    closed = Cube(store, before).closed_month
    alike: dict[frozenset[str], dict[tuple[str, Shape], list[Counting]]] = {}
    for dimensions in broken_down:
        shape = Shape(dimensions, closed, batch=TOGETHER_FROM)
        for one in needed(definitions().values()):
            if all(name in one.fact.dimensions for name in dimensions):
                alike.setdefault(tables_of(one, shape), {}).setdefault((one.fact.name, shape), []).append(one)
    assert len(alike) > 10
    for read, counted in some(alike.items(), 3):
        with store.next_generation("less") as connection:
            for table in {*tables()} - read - {DELIVERIES}:
                key = "client" if table == "client" else "record"
                connection.execute(f"DELETE FROM {table} WHERE hash({key}) % 2 = 0")
                connection.execute(f"DELETE FROM delivery WHERE data_table = '{table}'")
            if DELIVERIES not in read:
                connection.execute("DELETE FROM delivery")
        # As if it reached as far: whether a month is whole is in the name of the file.
        after = replace(store.serving(), data_until=before.data_until, covered_until=before.covered_until)
        for (_, shape), measures in counted.items():
            was, now = (Cube(store, one).counts(measures, shape.dimensions, batched=True) for one in (before, after))
            for measure, then, found in zip(measures, was, now, strict=True):
                assert every_row(then._packed) == every_row(found._packed), measure
        rollback(store, before.number)

"""Tasks that hold slices, and nothing else, count the cells that one scan of everybody counts."""

from __future__ import annotations

import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.cluster.errors import ClusterError
from metrics.cluster.manifest import MANIFEST, WrittenRows
from metrics.cluster.rounds import make_in_rounds
from metrics.cluster.task import merged
from metrics.cluster.writing import write
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.scan import Job, OneScan
from metrics.cube.shape import Shape
from metrics.grammar.question import Question
from metrics.model.definition import Definition, definitions
from metrics.warming import Ahead
from tests.conftest import own_copy
from tests.metrics.cluster.tasks import Tasks
from tests.metrics.cube.jobs import cells_in, drawn, jobs_of, one_of_each_kind, rows_of
from tests.metrics.cube.written import rows_in

SLICES = 5


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


@pytest.fixture(scope="module")
def folder(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster")
    write(store, store.serving(), made, SLICES)
    return made


@pytest.mark.parametrize(
    "chosen",
    [
        pytest.param(one_of_each_kind(), id="a metric of each fact and kind", marks=pytest.mark.slow),
        pytest.param([*definitions().values()], id="all metrics", marks=pytest.mark.simulation),
    ],
)
def test_cells_are_the_same_on_a_cluster(chosen: list[Definition], store: Store, folder: Path) -> None:
    chance = random.Random(5)
    jobs = tuple(job for definition in chosen for job in jobs_of(definition, drawn(chance, definition, store)))
    seen = 0
    for job, cells in zip(jobs, Tasks(folder, 2).compute_all(jobs, store, store.serving()), strict=True):
        everybody = rows_of(job, OneScan(), store)
        assert cells_in(cells) == everybody, job.shape
        seen += sum(map(len, everybody))  # type: ignore[arg-type]
    assert seen > 2_000


def some_job(store: Store, metric: str = "solved_share") -> Job:
    shape = Cube(store, store.serving())._shape(("language",), None, batched=True)
    return next(jobs_of(definitions()[metric], shape))


@pytest.mark.parametrize("tasks", [1, 3])
def test_tasks_may_hold_several_slices_or_all(tasks: int, store: Store, folder: Path) -> None:
    """Nobody is counted twice who lies in two of them."""
    job = some_job(store)
    assert rows_of(job, Tasks(folder, tasks), store) == rows_of(job, OneScan(), store)


def test_a_task_that_fails_ends_all_and_tells_no_value(store: Store, folder: Path) -> None:
    broken = Job((Counting(definitions()["clients"].of_fact, "no_such_column"),), Shape((), 24_000))
    with pytest.raises(ClusterError) as raised:
        Tasks(folder, 3).compute_all((some_job(store), broken), store, store.serving())
    assert raised.value.params == {"what": "ConditionError"}


def test_rows_that_do_not_come_are_missed(store: Store, folder: Path) -> None:
    with pytest.raises(ClusterError, match="rows_missing"):
        Tasks(folder, 3, lacking="encounter/slice=1").compute(some_job(store), store, store.serving())


@pytest.mark.parametrize("other", [0, 2])
def test_a_machine_of_another_version_ends_all(other: int, store: Store, folder: Path) -> None:
    rows = folder / store.cube_path(store.serving()).name
    tasks = Tasks(folder, 3)
    good = tasks.ordered((some_job(store),), WrittenRows.read((rows / MANIFEST).read_text()), rows)
    orders = [good] * 3
    orders[other] = replace(good, versions=good.versions | {"duckdb": "0.1"})
    with pytest.raises(ClusterError) as raised:
        merged(tasks.outcomes(orders, rows), good.jobs, 3)
    assert (raised.value.reason, raised.value.params) == ("differs", {"what": "duckdb"})


def test_a_task_of_which_nothing_is_heard_is_missed(store: Store, folder: Path) -> None:
    """Cells of some of the clients would look like cells of all."""
    rows = folder / store.cube_path(store.serving()).name
    tasks, job = Tasks(folder, 2), some_job(store)
    order = tasks.ordered((job,), WrittenRows.read((rows / MANIFEST).read_text()), rows)
    outcomes = tasks.outcomes([order] * 2, rows)
    with pytest.raises(ClusterError, match="stopped"):
        merged(outcomes[:-1], (job,), 2)


def test_many_sets_of_cells_are_counted_of_one_reading(sample_store: Path, tmp_path: Path) -> None:
    """The files are those that one scan makes, and nothing is counted for them twice."""
    alone = Store(own_copy(sample_store, tmp_path / "alone", cells=False))
    there = Store(own_copy(sample_store, tmp_path / "there", cells=False))
    write(there, there.serving(), tmp_path / "rows", 2)
    engine, read = Tasks(tmp_path / "rows", 2), []

    class Counted:
        compute = engine.compute

        def compute_all(self, jobs, store, generation):  # type: ignore[no-untyped-def]
            read.append(len(jobs))
            return engine.compute_all(jobs, store, generation)

    def ahead(store: Store) -> list[Ahead]:
        asked = (("clients", "solved_share"), ("minutes_median",), ("referral_days",))
        return [Ahead(Question(metrics, by=("language",), period="2026"), store.serving()) for metrics in asked]

    done: list[tuple[int, int]] = []
    make_in_rounds(there, ahead(there), Counted(), lambda *told: done.append(told))
    for one in ahead(alone):
        one.make(alone)

    def cells(store: Store) -> dict[str, list[tuple[Any, ...]]]:
        return {path.name: rows_in(path) for path in store.cube_path(store.serving()).glob("*.cells")}

    assert cells(there) == cells(alone) != {}
    assert len(read) < sum(read) / 2
    assert done[-1] == (3, 3)

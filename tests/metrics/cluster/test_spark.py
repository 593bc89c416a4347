"""A real Spark on this machine counts the cells that one scan counts."""

from __future__ import annotations

import random
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path

import pytest

from data.store.store import Store
from metrics.cluster.errors import ClusterError
from metrics.cluster.rounds import make_in_rounds
from metrics.cluster.spark import SparkEngine, spark
from metrics.cluster.writing import write
from metrics.cube.counting import Counting
from metrics.cube.scan import Job, OneScan
from metrics.cube.shape import Shape
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.warming import Ahead
from tests.conftest import own_copy
from tests.metrics.cube.jobs import cells_in, drawn, jobs_of, one_of_each_kind, rows_of

HOW = "no pyspark for the tests of Spark (`make spark` gets it; docs/scale.md)"
NO_JAVA = "no Java for the tests of Spark (Debian: sudo apt-get install openjdk-17-jre-headless)"
pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(find_spec("pyspark") is None, reason=HOW),
    pytest.mark.skipif(shutil.which("java") is None, reason=NO_JAVA),
]


@pytest.fixture(scope="module")
def store(sample_store: Path) -> Store:
    return Store(sample_store)


@pytest.fixture(scope="module")
def folder(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("cluster") / "rows of clients"
    write(store, store.serving(), made, 3)
    return made


@pytest.fixture(scope="module")
def engine(folder: Path) -> Iterator[SparkEngine]:
    with spark("local[2]", str(folder)) as found:
        yield found


def test_cells_are_the_same_on_spark(store: Store, engine: SparkEngine) -> None:
    """A metric of each fact, and of each kind of measure, in one stage of two tasks."""
    chance, every = random.Random(7), one_of_each_kind()
    chosen = ({one.fact: one for one in every} | {one.kind: one for one in every}).values()
    drawn_jobs = (jobs_of(definition, drawn(chance, definition, store)) for definition in chosen)
    jobs = tuple(job for of_one in drawn_jobs for job in of_one)
    seen = 0
    for job, cells in zip(jobs, engine.compute_all(jobs, store, store.serving()), strict=True):
        everybody = rows_of(job, OneScan(), store)
        assert cells_in(cells) == everybody, job.shape
        seen += sum(map(len, everybody))  # type: ignore[arg-type]
    assert seen > 2_000


def test_a_question_is_answered_from_what_spark_has_counted(
    sample_store: Path, folder: Path, engine: SparkEngine, tmp_path: Path
) -> None:
    own = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    make_in_rounds(own, [Ahead(Question(("clients",), by=("language",), period="2026"), own.serving())], engine)
    assert [*own.cube_path(own.serving()).glob("*.cells")]


def test_a_failure_comes_back_without_words(store: Store, engine: SparkEngine) -> None:
    broken = Job((Counting(definitions()["clients"].of_fact, "no_such_column"),), Shape((), 24_000))
    with pytest.raises(ClusterError) as raised:
        engine.compute(broken, store, store.serving())
    assert (raised.value.reason, raised.value.params) == ("stopped", {"what": "ConditionError"})


def test_what_is_not_there_is_said(store: Store, engine: SparkEngine, folder: Path, tmp_path: Path) -> None:
    def reason(place: str) -> str:
        job = Job((Counting(definitions()["clients"].of_fact),), Shape((), 24_000))
        with pytest.raises(ClusterError) as raised:
            SparkEngine(engine.session, place).compute(job, store, store.serving())
        return raised.value.reason

    assert reason(str(tmp_path / "nowhere")) == "no_folder"
    assert reason(str(tmp_path)) == "other_rows"
    assert reason("abfss://rows@nowhere.example/") == "no_access"
    name = store.cube_path(store.serving()).name
    shutil.copytree(folder / name, tmp_path / name)
    (tmp_path / name / "rows.json").write_text("{}")
    assert reason(str(tmp_path)) == "other_version"
    shutil.copy(folder / name / "rows.json", tmp_path / name / "rows.json")
    shutil.rmtree(tmp_path / name / "encounter" / "slice=1")
    assert reason(f"file://{tmp_path}") == "rows_missing"

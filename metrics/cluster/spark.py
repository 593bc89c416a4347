"""Cells counted on a Spark cluster, which reads rows in slices and brings back cells alone.

One barrier stage counts: its tasks run at the same time, each with DuckDB over its slices, and meet by Spark's own `allGather`.
"""

from __future__ import annotations

import os
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from importlib import import_module
from pathlib import Path
from typing import Any

import polars as pl

from data.store.generation import Generation
from data.store.store import Store
from metrics.cluster.errors import ClusterError
from metrics.cluster.manifest import ALL, MANIFEST, WrittenRows, place_of
from metrics.cluster.task import TaskOrder, merged, versions
from metrics.cube.scan import Job

_SETTINGS = {
    "spark.ui.enabled": "false",  # nobody looks, and it would listen
    "spark.ui.showConsoleProgress": "false",
    "spark.log.level": "ERROR",
    "spark.dynamicAllocation.enabled": "false",  # a barrier stage needs all its tasks at once
    "spark.io.encryption.enabled": "true",  # rows on their way between tasks lie on disks
}
_OF_LOCAL = {"spark.driver.host": "127.0.0.1", "spark.driver.bindAddress": "127.0.0.1"}


@contextmanager
def spark(master: str, folder: str) -> Iterator[SparkEngine]:
    """Start Spark, or join a cluster's, and leave it. folder: of rows, as Spark spells it. Raises ClusterError."""
    session = _session(master)
    try:
        yield SparkEngine(session, folder.rstrip("/"))
    finally:
        session.stop()


@dataclass(frozen=True)
class SparkEngine:
    """Counts cells of the generations whose rows lie in a folder."""

    session: Any
    folder: str
    _rows: dict[str, _Rows] = field(default_factory=dict)

    def compute(self, job: Job, store: Store, generation: Generation) -> list[pl.DataFrame]:
        """Return as `metrics.cube.scan.Engine`. Raises ClusterError."""
        return self.compute_all((job,), store, generation)[0]

    def compute_all(self, jobs: tuple[Job, ...], store: Store, generation: Generation) -> list[list[pl.DataFrame]]:
        """Return the same for each of several, of one reading of the rows. Raises ClusterError."""
        name = store.cube_path(generation).name
        if name not in self._rows:
            self._rows[name] = _read(self.session, self.folder, f"{self.folder}/{name}", generation)
        rows = self._rows[name]
        order = TaskOrder(jobs, rows.manifest, rows.of_all, os.urandom(32), versions())
        counting = _shipped(order.packed(), int(self.session.conf.get("spark.task.cpus", "1")))
        with _telling("stopped"):
            outcomes = rows.by_task.barrier().mapPartitions(counting).collect()
        return merged(outcomes, jobs, rows.tasks)


@dataclass(frozen=True)
class _Rows:
    """The rows of a generation, on the cluster. by_task: Spark's own, a partition for each task."""

    manifest: WrittenRows
    of_all: tuple[tuple[str, bytes], ...]
    by_task: Any
    tasks: int


def _session(master: str) -> Any:
    try:
        builder = import_module("pyspark.sql").SparkSession.builder
    except ImportError:
        raise ClusterError("no_pyspark") from None
    java = Path(os.environ.get("JAVA_HOME") or "/", "bin", "java")
    if not java.exists() and shutil.which("java") is None:
        raise ClusterError("no_java")
    settings = dict(_SETTINGS)
    if master.startswith("local"):
        # The same Python with the same rooms; what a cluster's machines have is for whoever runs it to say.
        os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
        settings |= _OF_LOCAL | {"spark.executorEnv.PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    builder = builder.master(master).appName("Tilannekuva")
    for name, value in settings.items():
        builder = builder.config(name, value)
    try:
        return builder.getOrCreate()
    except Exception as error:
        of_java = "JAVA_GATEWAY_EXITED" in str(error) or "UnsupportedClassVersion" in str(error)
        raise ClusterError("no_java" if of_java else "not_started", what=_kind(error)) from None


def _read(session: Any, every: str, folder: str, generation: Generation) -> _Rows:
    """Return a generation's rows, each slice's where its task will be. Raises ClusterError."""
    with _telling("no_access"):
        if not _is_there(session, f"{folder}/{MANIFEST}"):
            raise ClusterError("other_rows" if _is_there(session, every) else "no_folder", folder=every)
        (text,) = _files(session, f"{folder}/{MANIFEST}").collect()
        try:
            manifest = WrittenRows.read(bytes(text.content).decode())
        except ValueError:
            raise ClusterError("other_version", folder=folder) from None
        if manifest.token != generation.token:
            raise ClusterError("other_rows", folder=every)
        found = _files(session, folder, recursiveFileLookup="true", pathGlobFilter="*.parquet")
        places = [place_of(row.path) for row in found.select("path").collect()]
        if lacking := manifest.missing(places):
            raise ClusterError("rows_missing", folder=folder, part=lacking)
        whole = _files(session, f"{folder}/*/{ALL}", pathGlobFilter="*.parquet").collect()
        of_all = tuple((place_of(row.path)[0], bytes(row.content)) for row in whole)
        tasks = max(1, min(manifest.slices, session.sparkContext.defaultParallelism))
        sliced = _files(session, f"{folder}/*/slice=*", pathGlobFilter="*.parquet").select("path", "content")
        by_task = sliced.rdd.map(_keyed(tasks)).partitionBy(tasks, _itself())
    return _Rows(manifest, of_all, by_task, tasks)


def _files(session: Any, path: str, **options: str) -> Any:
    reader = session.read.format("binaryFile")
    for name, value in options.items():
        reader = reader.option(name, value)
    return reader.load(path)


def _is_there(session: Any, path: str) -> bool:
    java = session._jvm.org.apache.hadoop.fs.Path(path)
    return bool(java.getFileSystem(session._jsc.hadoopConfiguration()).exists(java))


@contextmanager
def _telling(reason: str) -> Iterator[None]:
    """Raise a ClusterError for what Spark raises in the block, whose words may hold anything."""
    try:
        yield
    except ClusterError:
        raise
    except Exception as error:
        raise ClusterError(reason, what=_kind(error)) from None


def _kind(error: Exception) -> str:
    """Return the class of an error, of Java's where it comes from there."""
    of_java = getattr(error, "java_exception", None)
    return str(of_java.getClass().getSimpleName()) if of_java is not None else type(error).__name__


# Functions made by functions go to the cluster as they are written here, so that a machine without the program can say so.


def _keyed(tasks: int) -> Callable[[Any], tuple[int, tuple[str, bytes]]]:
    def keyed(row: Any) -> tuple[int, tuple[str, bytes]]:
        table, part = row.path.split("/")[-3:-1]
        return int(part.partition("=")[2]) % tasks, (table, bytes(row.content))

    return keyed


def _itself() -> Callable[[int], int]:
    return lambda number: number


def _shipped(packed: bytes, threads: int) -> Callable[[Any], Iterator[Any]]:
    def counting(pairs: Any) -> Iterator[Any]:
        from importlib import import_module

        from pyspark import BarrierTaskContext

        context = BarrierTaskContext.get()
        try:
            import_module("tilannekuva")  # an installed one puts its rooms on the path
            from metrics.cluster.task import Seated, work
        except ImportError as error:
            context.allGather("!")
            yield "failed", "lacking", {"what": error.name or "tilannekuva"}, []
            return
        # "host" or "host:port", of an IPv6 address in brackets.
        hosts = [info.address.rpartition(":")[0] or info.address for info in context.getTaskInfos()]
        task = Seated(context.partitionId(), [host.strip("[]") for host in hosts], context.allGather, threads)
        yield from work(packed, task, (piece for _, piece in pairs))

    return counting

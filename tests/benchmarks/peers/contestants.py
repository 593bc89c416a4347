"""Who is measured: what each makes beforehand, and how a fresh process of it begins to answer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from data.store.store import Store
from metrics.audience import INTERNAL, PROTECTED, Audience
from tests.benchmarks.peers import chdb_sql as clickhouse
from tests.benchmarks.peers.duckdb_sql import duckdb_sql
from tests.benchmarks.peers.figures import COLUMNS, LANGUAGES, Answerer
from tests.benchmarks.peers.ours import ours
from tests.benchmarks.peers.polars_frames import polars_frames


@dataclass(frozen=True)
class Contestant:
    """prepare: make what lies on disk before anybody asks; start: begin to answer; both have a folder of their own.

    exact: its figures can be compared.
    """

    prepare: Callable[[Store, Path], None]
    start: Callable[[Store, Path], Answerer]
    exact: bool = True
    is_here: Callable[[], bool] = lambda: True


def exported(folder: Path) -> Path:
    """The file that those without DuckDB read."""
    return folder / "encounters.parquet"


def export(store: Store, folder: Path) -> None:
    """Write the columns of encounters that are needed as Parquet, in the order of the store."""
    with store.reading() as cursor:
        cursor.execute(f"COPY (SELECT {', '.join(COLUMNS)} FROM encounter) TO '{exported(folder)}' (FORMAT parquet)")


def _plain(store: Store) -> duckdb.DuckDBPyConnection:
    """The file of the store as DuckDB opens it, without what we look at first."""
    return duckdb.connect(str(store.file(store.serving())), read_only=True)


def _ours(audience: Audience, *, exact: bool) -> Contestant:
    def prepare(store: Store, folder: Path) -> None:
        ours(store, audience)(LANGUAGES[0])  # makes the cells of all languages

    return Contestant(prepare, lambda store, folder: ours(store, audience), exact)


def _load(store: Store, folder: Path) -> None:
    export(store, folder)
    session = clickhouse.ChDB(folder / "clickhouse")
    session.load(exported(folder))
    session.close()


def _chdb(folder: Path, source: str) -> Answerer:
    return clickhouse.chdb_sql(clickhouse.ChDB(folder / "clickhouse"), source)


CONTESTANTS = {
    "Tilannekuva, exact": _ours(INTERNAL, exact=True),
    "Tilannekuva, visitors": _ours(PROTECTED, exact=False),
    "DuckDB SQL": Contestant(lambda store, folder: None, lambda store, folder: duckdb_sql(_plain(store))),
    "Polars, file": Contestant(export, lambda store, folder: polars_frames(pl.scan_parquet(exported(folder)))),
    "Polars, memory": Contestant(export, lambda store, folder: polars_frames(pl.read_parquet(exported(folder)).lazy())),
    "chDB, file": Contestant(
        export,
        lambda store, folder: _chdb(folder, clickhouse.in_file(exported(folder))),
        is_here=clickhouse.is_here,
    ),
    "chDB, table": Contestant(
        _load, lambda store, folder: _chdb(folder, clickhouse.in_table()), is_here=clickhouse.is_here
    ),
}
"""By the name in the table; the first is what others are compared with."""

"""Peers that are measured answer the same questions: their figures, counted by hand from the raw rows, are our exact ones."""

from pathlib import Path

import polars as pl
import pytest

from data.store.store import Store
from metrics.audience import INTERNAL
from tests.benchmarks.peers.contestants import export, exported
from tests.benchmarks.peers.duckdb_sql import duckdb_sql
from tests.benchmarks.peers.figures import CHARTS, Figures, differences
from tests.benchmarks.peers.ours import ours
from tests.benchmarks.peers.polars_frames import polars_frames


@pytest.mark.parametrize("language", ["so", "vi"])
def test_figures_counted_by_hand_are_ours(sample_store: Path, tmp_path: Path, language: str) -> None:
    store = Store(sample_store)
    found = ours(store, INTERNAL)(language)
    assert all(any(found[chart].values()) for chart in CHARTS)
    export(store, tmp_path)
    assert differences(found, duckdb_sql(store.read())(language)) == []
    assert differences(found, polars_frames(pl.scan_parquet(exported(tmp_path)))(language)) == []


def test_a_difference_is_told() -> None:
    mine: Figures = {chart: {("a",): 1.0} for chart in CHARTS}
    theirs: Figures = {chart: {("a",): 1.0} for chart in CHARTS}
    theirs["topics"] = {("b",): 2.0, ("c",): 0.0}
    assert differences(mine, theirs) == ["topics ('b',): only the peer has 2.0", "topics ('a',): 1.0 and None"]

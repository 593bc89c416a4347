"""What an import costs against the fastest possible reading of the same file."""

import time
from pathlib import Path

import duckdb
import pytest

from data.cli import main
from data.ingest.pipeline import prepare, publish
from data.store.store import Store

pytestmark = pytest.mark.benchmark

ROWS = 1_000_000


def test_importing_a_million_rows_is_at_most_four_times_reading_them(tmp_path: Path) -> None:
    file = tmp_path / "encounters.csv"
    assert main(["sample", "--encounters", str(ROWS), "--csv", str(file)]) == 0
    file.read_bytes()  # both find it in the page cache
    plain, whole = [], []
    for turn in range(3):
        start = time.perf_counter()
        with duckdb.connect(str(tmp_path / f"plain{turn}.duckdb")) as connection:
            connection.execute("CREATE TABLE t AS SELECT * FROM read_csv(?)", [str(file)])
        plain.append(time.perf_counter() - start)
        store = Store(tmp_path / f"store{turn}")
        start = time.perf_counter()
        prepared = prepare([file], store)
        publish(prepared, store, "benchmark")
        whole.append(time.perf_counter() - start)
        assert store.serving().rows["encounter"] == ROWS
    ratio = min(whole) / min(plain)
    print(f"\nimport {min(whole):.2f} s, CREATE TABLE AS {min(plain):.2f} s, ratio {ratio:.2f}")
    assert ratio <= 4

"""Machines with nothing between them but a network and the folder of rows count the cells that one scan counts."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest

from data.store.keys import key_path
from data.store.store import Store
from metrics.cluster.writing import write
from tests.conftest import ROOT, own_copy
from tests.metrics.cluster.machines import can_be_made, two_machines

pytestmark = [
    pytest.mark.spark,
    pytest.mark.skipif(find_spec("pyspark") is None or shutil.which("java") is None, reason="no Spark (`make spark`)"),
    pytest.mark.skipif(not can_be_made(), reason="networks can be made on Linux by root alone"),
]


def test_two_machines_without_the_store_count_the_same_cells(sample_store: Path, tmp_path: Path) -> None:
    own = Store(own_copy(sample_store, tmp_path / "own", cells=False))
    rows = tmp_path / "rows"
    write(own, own.serving(), rows, 4)
    with two_machines(tmp_path / "cluster", [own.path, key_path(own.path)]) as cluster:
        command = ("-m", "tests.metrics.cluster.counted_there", str(own.path), f"file:{rows}", cluster.master, "7")
        found = subprocess.run(
            (sys.executable, *command), env=cluster.environment, cwd=ROOT, capture_output=True, text=True, timeout=300,
            check=False,
        )  # fmt: skip
    assert found.returncode == 0, found.stderr[-3_000:]
    said = json.loads(found.stdout.splitlines()[-1])
    assert said["machines"] == [["machine1", False], ["machine2", False]]
    assert said["different"] == []
    assert said["cells"] > 2_000

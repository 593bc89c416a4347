"""Files of cells: a flipped bit is never a figure, and a folder holds only so much."""

from __future__ import annotations

import os
import random
from pathlib import Path

import polars as pl
import pytest

from metrics.cube import files

CELLS = pl.DataFrame({"period": ["2025"] * 500, "n": list(range(500)), "n_key": [str(7**i)[:18] for i in range(500)]})


def test_cells_come_back(tmp_path: Path) -> None:
    for frame in (CELLS, CELLS.clear()):
        files.save(tmp_path / "cells.parquet", frame)
        loaded = files.load(tmp_path / "cells.parquet")
        assert loaded is not None
        assert loaded.equals(frame)


def test_a_flipped_bit_is_never_a_figure(tmp_path: Path) -> None:
    """Parquet as Polars writes it has no checksums: most flipped bits would be read as other figures."""
    path, draw = tmp_path / "cells.parquet", random.Random(1)
    files.save(path, CELLS)
    content, changed = path.read_bytes(), 0
    for _ in range(60):
        made = bytearray(content)
        made[draw.randrange(len(made))] ^= 1 << draw.randrange(8)
        path.write_bytes(made)
        loaded = files.load(path)
        changed += loaded is None
        assert loaded is None or loaded.equals(CELLS)
    assert changed > 30


def test_cells_of_another_question_are_not_taken(tmp_path: Path) -> None:
    files.save(tmp_path / "one.parquet", CELLS)
    (tmp_path / "one.parquet").rename(tmp_path / "other.parquet")
    assert files.load(tmp_path / "other.parquet") is None


def test_cells_of_an_earlier_version_are_computed_anew(tmp_path: Path) -> None:
    CELLS.write_parquet(tmp_path / "cells.parquet")
    assert files.load(tmp_path / "cells.parquet") is None


def test_nothing_is_left_of_cells_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cells.parquet").mkdir()
    with pytest.raises(IsADirectoryError):
        files.save(tmp_path / "cells.parquet", CELLS)
    assert [path.name for path in tmp_path.iterdir()] == ["cells.parquet"]


def test_the_oldest_cells_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{number}.parquet" for number in range(4)]
    for number, path in enumerate(paths):
        files.save(path, CELLS)
        os.utime(path, (number, number))
    monkeypatch.setattr(files, "MOST_BYTES", 2 * paths[0].stat().st_size)
    files.bound(tmp_path, keep={paths[0]})
    assert [path.name for path in paths if path.exists()] == ["0.parquet", "3.parquet"]


def test_a_folder_is_looked_through_when_a_part_of_what_it_may_hold_has_been_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.save(tmp_path / "00.parquet", CELLS)
    monkeypatch.setattr(files, "MOST_BYTES", 6 * (tmp_path / "00.parquet").stat().st_size)
    monkeypatch.setattr(files, "_PART", 2)  # after every third file
    left = []
    for number in range(10, 22):
        path = tmp_path / f"{number}.parquet"
        files.save(path, CELLS)
        files.bound(tmp_path, keep={path, tmp_path / "not saved.parquet"})
        left.append(len([*tmp_path.glob("*.parquet")]))
    assert left == [2, 3, 4, 5, 6, 7, 6, 7, 8, 6, 7, 8]

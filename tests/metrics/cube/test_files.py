"""Files of cells: a flipped bit is never a figure, and a folder holds only so much."""

from __future__ import annotations

import os
import random
from pathlib import Path

import polars as pl
import pytest

from metrics.cube import files
from metrics.cube.packed import packed
from tests.metrics.cube.written import rows_in

FRAME = pl.DataFrame(
    {
        "language": ["ar", "så", "…"] * 200,
        "period": ["2025-01", "2025", "all", "2025"] * 150,
        "open": [False, False, True, True] * 150,
        "n": list(range(600)),
        "n_key": [str(7**i)[:38] for i in range(600)],
    }
)
CELLS = packed(FRAME)


def test_cells_come_back(tmp_path: Path) -> None:
    for frame in (FRAME, FRAME[:1], FRAME.clear()):
        files.save(tmp_path / "cells", packed(frame))
        assert rows_in(tmp_path / "cells") == sorted(frame.select("period", "open", "language", "n", "n_key").rows())
    cells = packed(FRAME)
    assert sorted(cells.rows(("2025", True), ("n", "language")))[:2] == [(3, "ar"), (7, "så")]
    assert cells.rows(("2024", True), ("n",)) == []


def test_a_flipped_bit_is_never_a_figure(tmp_path: Path) -> None:
    """Nor is a part of a file, or what somebody has put after it."""
    path, draw = tmp_path / "2025.cells", random.Random(1)
    files.save(path, CELLS)
    content = path.read_bytes()
    for _ in range(300):
        made = bytearray(content)
        made[draw.randrange(len(made))] ^= 1 << draw.randrange(8)
        path.write_bytes(made)
        assert files.load(path) is None
    for other in (b"", content[:10], content[:32], content[:-1], content + b" ", content[::-1]):
        path.write_bytes(other)
        assert files.load(path) is None
    path.write_bytes(content)
    assert files.load(path) is not None


@pytest.mark.parametrize(
    "content", [b"", b"{}\n", b"[]\n", b"null\n", b"[[],[],[1]]\n", CELLS.content[:-1], CELLS.content + b" "]
)
def test_cells_in_another_form_are_computed_anew(tmp_path: Path, content: bytes) -> None:
    """Whole, but of another version of the program that says the same of itself."""
    path = tmp_path / "2025.cells"
    path.write_bytes(files._checksum(path, content) + content)
    assert files.load(path) is None


def test_what_is_no_file_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.cells")
    (tmp_path / "folder.cells").mkdir()
    (tmp_path / "round.cells").symlink_to("round.cells")
    assert [files.load(tmp_path / f"{one}.cells") for one in ("pipe", "folder", "round", "none")] == [None] * 4


def test_cells_of_another_question_are_not_taken(tmp_path: Path) -> None:
    files.save(tmp_path / "one.cells", CELLS)
    (tmp_path / "one.cells").rename(tmp_path / "other.cells")
    assert files.load(tmp_path / "other.cells") is None


def test_cells_of_an_earlier_version_are_computed_anew(tmp_path: Path) -> None:
    FRAME.write_parquet(tmp_path / "one.cells")
    assert files.load(tmp_path / "one.cells") is None


def test_cells_of_an_earlier_version_take_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    FRAME.write_parquet(tmp_path / "old.parquet")
    (tmp_path / "old.lock").touch()
    path = tmp_path / "new.cells"
    files.save(path, CELLS)
    monkeypatch.setattr(files, "MOST_BYTES", path.stat().st_size + 1)
    files.bound(tmp_path, keep={path})
    assert {one.name for one in tmp_path.iterdir()} == {"old.lock", "new.cells"}


def test_nothing_is_left_of_cells_that_cannot_be_written(tmp_path: Path) -> None:
    (tmp_path / "cells.cells").mkdir()
    with pytest.raises(IsADirectoryError):
        files.save(tmp_path / "cells.cells", CELLS)
    assert [path.name for path in tmp_path.iterdir()] == ["cells.cells"]


def test_the_oldest_cells_go_when_there_are_too_many(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    paths = [tmp_path / f"{number}.cells" for number in range(4)]
    for number, path in enumerate(paths):
        files.save(path, CELLS)
        os.utime(path, (number, number))
    monkeypatch.setattr(files, "MOST_BYTES", 2 * paths[0].stat().st_size)
    files.bound(tmp_path, keep={paths[0]})
    assert [path.name for path in paths if path.exists()] == ["0.cells", "3.cells"]


def test_a_folder_is_looked_through_when_a_part_of_what_it_may_hold_has_been_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    files.save(tmp_path / "00.cells", CELLS)
    monkeypatch.setattr(files, "MOST_BYTES", 6 * (tmp_path / "00.cells").stat().st_size)
    monkeypatch.setattr(files, "_PART", 2)  # after every third file
    left = []
    for number in range(10, 22):
        path = tmp_path / f"{number}.cells"
        files.save(path, CELLS)
        files.bound(tmp_path, keep={path, tmp_path / "not saved.cells"})
        left.append(len([*tmp_path.glob("*.cells")]))
    assert left == [2, 3, 4, 5, 6, 7, 6, 7, 8, 6, 7, 8]

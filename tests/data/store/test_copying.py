"""A copy is a file of its own, whether the file system lets it share blocks or not."""

from __future__ import annotations

import errno
import sys
from pathlib import Path

import pytest

from data.store import copying


@pytest.mark.skipif(sys.platform != "linux", reason="a call of Linux")
@pytest.mark.parametrize("can", [True, False])
def test_blocks_are_shared_where_that_can_be_and_else_copied(
    can: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    asked: list[tuple[int, int]] = []

    def clone(here: int, what: int, there: int) -> None:
        asked.append((here, there))
        if not can:
            raise OSError(errno.EOPNOTSUPP, "Operation not supported")

    monkeypatch.setattr(fcntl, "ioctl", clone)
    (tmp_path / "one").write_bytes(b"rows" * 5000)
    copying.copy(tmp_path / "one", tmp_path / "two")
    assert len(asked) == 1
    assert ((tmp_path / "two").read_bytes() == b"") == can, "no byte is written where the file system does it"


def test_a_copy_is_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"rows" * 5000)
    (tmp_path / "two").write_bytes(b"something longer that was there before" * 5000)
    copying.copy(tmp_path / "one", tmp_path / "two")
    assert (tmp_path / "two").read_bytes() == b"rows" * 5000
    (tmp_path / "two").write_bytes(b"other")
    assert (tmp_path / "one").read_bytes() == b"rows" * 5000


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError):
        copying.copy(tmp_path / "none", tmp_path / "two")

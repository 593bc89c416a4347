"""A file of a command that finds no room is told of as that, with the folder that is full."""

from __future__ import annotations

import errno
from pathlib import Path

import pytest

from data.command_line import exit_code
from data.texts import texts


def test_no_room_for_a_file_is_told_of_as_that(capsys: pytest.CaptureFixture[str]) -> None:
    def run_out() -> int:
        raise OSError(errno.ENOSPC, "no room", "/mnt/out/package.zip.71.tmp")

    assert exit_code(run_out, "fi") == 2
    assert capsys.readouterr().err == texts("fi")("cli.no_room", path=Path("/mnt/out")) + "\n"

"""What has the name of a file and is none."""

from __future__ import annotations

import os
from pathlib import Path


def a_folder(folder: Path) -> Path:
    """A folder, called as a file."""
    path = folder / "kansio.csv"
    path.mkdir()
    return path


def a_pipe(folder: Path) -> Path:
    """A pipe nobody writes to."""
    path = folder / "putki.csv"
    os.mkfifo(path)
    return path


def endless_zeros(_folder: Path) -> Path:
    """A device that never ends."""
    return Path("/dev/zero")


def link_to_zeros(folder: Path) -> Path:
    """A link to it, called as a file."""
    path = folder / "linkki.csv"
    path.symlink_to("/dev/zero")
    return path


def link_to_itself(folder: Path) -> Path:
    """A link that leads nowhere."""
    path = folder / "silmukka.csv"
    path.symlink_to(path)
    return path

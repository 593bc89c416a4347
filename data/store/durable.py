"""Writing so that a power cut loses nothing: a reader sees the old text or the new, never a torn one."""

import errno
import glob
import os
import time
from contextlib import suppress
from pathlib import Path

_LEFT_BEHIND = 3600
"""Seconds after which nobody can still be writing a small file."""


def fsync(path: Path) -> None:
    """Make a file or a folder's entries survive a power cut."""
    if path.is_dir() and os.name != "posix":
        return  # Windows has no handle for a folder and needs none.
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_durably(path: Path, text: str | bytes) -> None:
    """Replace a file, for its owner alone, so that a reader sees the old content or the new, whatever happens."""
    temporary = _written(path, text)
    try:
        temporary.replace(path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    fsync(path.parent)


def create_durably(path: Path, text: str) -> None:
    """Make a small file, for its owner alone, whole or not at all. Raises FileExistsError when there is one."""
    temporary = _written(path, text)
    try:
        # Two at once must not both believe that theirs is there: a link, and a rename on Windows, never replaces a file.
        if os.name == "posix":
            _link(temporary, path)
        else:
            temporary.rename(path)
    finally:
        temporary.unlink(missing_ok=True)
    fsync(path.parent)


def _link(temporary: Path, path: Path) -> None:
    try:
        os.link(temporary, path)
    except FileExistsError:
        raise
    except OSError:  # a file system without links, as of a memory stick
        if path.exists():
            raise FileExistsError(errno.EEXIST, os.strerror(errno.EEXIST), str(path)) from None
        temporary.rename(path)


def _written(path: Path, text: str | bytes) -> Path:
    """A temporary file beside a path, whole on the disk. What others have left behind there goes."""
    _clear(path)
    temporary = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as out:
            out.write(text.encode("utf-8") if isinstance(text, str) else text)
            out.flush()
            os.fsync(out.fileno())
    except OSError:
        temporary.unlink(missing_ok=True)
        raise
    return temporary


def _clear(path: Path) -> None:
    for left in path.parent.glob(f"{glob.escape(path.name)}.[0-9]*.tmp"):
        with suppress(OSError):
            if left.stat().st_mtime < time.time() - _LEFT_BEHIND:
                left.unlink()

"""Reading a file that stands beside the numbers: what stands in its place and is no file is said, and never waited for."""

import errno
import os
import stat
from pathlib import Path
from typing import BinaryIO


def opened(path: Path) -> BinaryIO:
    """A file to read. Raises FileNotFoundError when there is none, and OSError for what is none.

    Whoever opens a named pipe waits until somebody writes into it; and a link that leads nowhere is no list that was never begun.
    """
    try:
        descriptor = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError:
        if path.is_symlink():
            raise OSError(errno.ELOOP, os.strerror(errno.ELOOP), str(path)) from None
        raise
    try:
        check_is_file(path, os.fstat(descriptor))
    except OSError:
        os.close(descriptor)
        raise
    return os.fdopen(descriptor, "rb")


def check_is_file(path: Path, found: os.stat_result) -> None:
    """Raises OSError where what was found at a path is no file."""
    if not stat.S_ISREG(found.st_mode):
        raise OSError(errno.EINVAL, os.strerror(errno.EINVAL), str(path))


def content_of(path: Path) -> bytes:
    """The bytes of a file. Raises as `opened`."""
    with opened(path) as file:
        return file.read()


def text_of(path: Path) -> str:
    """The same as text in UTF-8. Raises as `opened`, and ValueError for other bytes."""
    return content_of(path).decode("utf-8")

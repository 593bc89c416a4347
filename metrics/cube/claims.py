"""Locks of cell files: each is computed by one thread of one process, the others wait and read the result."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import filelock


@contextmanager
def claimed(files: Iterable[Path]) -> Iterator[None]:
    """Hold the locks of these files, waiting for other holders. Missing folders are created.

    The lock file lies beside the cell file and is held by the operating system, so that it is released when the process
    ends in any way. It is not deleted, because a lock file deleted while others wait for it no longer excludes anyone.
    """
    with ExitStack() as held:
        # Always in the same order, so that two questions that share files cannot deadlock.
        for file in sorted(set(files)):
            # Where nothing can be written each computes for itself, and nothing is kept.
            with suppress(OSError, NotImplementedError):
                for folder in (file.parent.parent, file.parent):
                    folder.mkdir(exist_ok=True, mode=0o700)
                held.enter_context(filelock.FileLock(f"{file}.lock", mode=0o600))
        yield

"""Who makes a cell file: of all visitors in all processes, one. The others wait for it and read what was made."""

from collections.abc import Iterable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import filelock


@contextmanager
def claimed(files: Iterable[Path]) -> Iterator[None]:
    """Hold the right to make these files; waits while someone else holds one of them. Folders are made where needed.

    The lock lies beside the file and is the operating system's: it ends with the process that holds it, however that
    ends. It is left in place, because a lock that is deleted while others wait for it keeps nobody out.
    """
    with ExitStack() as held:
        # In one order for everybody: two questions that share files never wait for each other.
        for file in sorted(set(files)):
            for folder in (file.parent.parent, file.parent):
                folder.mkdir(exist_ok=True, mode=0o700)
            held.enter_context(filelock.FileLock(f"{file}.lock", mode=0o600))
        yield

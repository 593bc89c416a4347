"""The door for files of strangers: they are read in a process of their own, whose death refuses the file and nothing else."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import signal
import stat
import subprocess
import sys
import threading
from pathlib import Path
from tempfile import TemporaryDirectory
from types import TracebackType
from typing import Any, Self

from data.ingest.readers import exchange
from data.ingest.readers.kind import kind_of
from data.ingest.readers.limits import MOST_BYTES, limits
from data.ingest.readers.sheet import FileRefused, Sheet, file_name

_ROOT = Path(__file__).resolve().parents[3]
"""Where the package `data` lies, in a checkout and in an installed copy."""

_PATIENCE = 3
"""Time on the wall against the processor time allowed: other work may keep the processors busy."""

_LARGE = 20_000_000
"""A process that has read a file of so many bytes is replaced, because it does not give back all memory."""


class Door:
    """Reads the files of one import, in one process as long as it lives. Use it in a `with` statement.

    The process is started on entering, so that it gets ready meanwhile, and ended on leaving; nothing stays on disk.
    """

    def __init__(self) -> None:
        self._folder: TemporaryDirectory[str] | None = None
        self._process: subprocess.Popen[str] | None = None

    def __enter__(self) -> Self:
        """Start the process."""
        self.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process."""
        self.end()

    @property
    def alive(self) -> bool:
        """There is a process to ask, and the folder for what it reads: who clears away temporary files may have taken it."""
        return (
            self._process is not None
            and self._process.poll() is None
            and self._folder is not None
            and Path(self._folder.name).is_dir()
        )

    def read(self, path: Path, name: str | None = None) -> tuple[Sheet, ...]:
        """The sheets of a file. name: what to call it, when not by its own name.

        Raises FileRefused: what the readers raise, `not_found`, `cannot_open`, `not_a_file` (a folder, a device, a pipe),
        `open_elsewhere` (what Excel keeps beside an open workbook), `too_large_file`,
        `too_slow`, `reader_stopped` (too little memory, or damage no reader expects), `no_room` (for what it has read).
        """
        file = name or file_name(path)
        try:
            found = path.stat()
            if not stat.S_ISREG(found.st_mode):
                raise FileRefused(file, "not_a_file")
            if path.name.startswith("~$"):
                raise FileRefused(file, "open_elsewhere")
            if found.st_size > MOST_BYTES:
                raise FileRefused(file, "too_large_file", megabytes=found.st_size // 1_000_000)
            kind = kind_of(path, file)
        except FileNotFoundError:
            raise FileRefused(file, "not_found") from None
        except (OSError, ValueError):  # ValueError: a NUL in the path
            raise FileRefused(file, "cannot_open") from None
        if not self.alive:
            self.end()
            self.start()
        asked = {"path": os.fspath(path.absolute()), "name": file, "kind": kind, "size": found.st_size}
        answer = self._ask(asked, _PATIENCE * limits(kind, found.st_size).seconds, file)
        if "refused" in answer:
            if answer["refused"] in ("reader_stopped", "no_room"):
                self.end()
            raise FileRefused(file, answer["refused"], **answer["params"])
        assert self._folder
        sheets = exchange.take(Path(self._folder.name), answer["sheets"])
        if found.st_size > _LARGE:
            self.end()
        return sheets

    def _ask(self, asked: dict[str, Any], seconds: float, file: str) -> dict[str, Any]:
        process = self._process
        assert process
        assert process.stdin
        assert process.stdout
        late = threading.Event()

        def stop() -> None:
            late.set()
            process.kill()

        clock = threading.Timer(seconds, stop)
        clock.start()
        try:
            process.stdin.write(json.dumps(asked) + "\n")
            process.stdin.flush()
            line = process.stdout.readline()
        except OSError:  # it died before it was asked
            line = ""
        finally:
            clock.cancel()
        if line.endswith("\n"):
            answer: dict[str, Any] = json.loads(line)
            return answer
        code = process.wait()
        self.end()
        too_slow = late.is_set() or -code == getattr(signal, "SIGXCPU", None)
        raise FileRefused(file, "too_slow" if too_slow else "reader_stopped")

    def start(self) -> None:
        """Start the process, in a folder of its own."""
        try:
            self._folder = TemporaryDirectory(prefix="tilannekuva-", ignore_cleanup_errors=True)  # for its owner alone
        except FileNotFoundError:  # so Python says that no folder for temporary files can be written to
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC)) from None
        self._process = subprocess.Popen(  # noqa: S603  (our own module, in our own folder)
            [sys.executable, "-m", "data.ingest.readers.child", self._folder.name],
            cwd=_ROOT,
            env=_environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # a library's last words may quote a cell
            encoding="ascii",
        )

    def end(self) -> None:
        """End the process, and leave nothing of its folder."""
        process, self._process = self._process, None
        folder, self._folder = self._folder, None
        if process:
            process.kill()  # it holds nothing that it could lose
            process.wait()
            for stream in (process.stdin, process.stdout):
                if stream:
                    with contextlib.suppress(OSError):  # what was not taken in before it died
                        stream.close()
        if folder:
            folder.cleanup()


def _environment() -> dict[str, str]:
    """This process's own, without what is set for Tilannekuva alone, and with the package to be found."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("TILANNEKUVA_")}
    return kept | {"PYTHONPATH": os.pathsep.join(filter(None, (str(_ROOT), kept.get("PYTHONPATH"))))}

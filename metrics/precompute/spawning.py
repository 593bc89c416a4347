"""Child processes that compute cells: a module of the program in its own interpreter, which ends with its parent."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any, Final

from data.store.resources import MEMORY, SPILL, usable

ROOT: Final = Path(__file__).resolve().parents[2]
"""Where the package `metrics` lies, in a checkout and in an installed copy."""
MOST_MEMORY: Final = "25%"
"""Of the machine, for a database: whoever serves pages or imports needs the rest, and little is gained by more."""
_BELOW: Final[int] = getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0)


def started(module: str, *words: str) -> subprocess.Popen[str]:
    """Start a module; it reads what is written to it, and what it says can be read."""
    return subprocess.Popen(  # noqa: S603  (our own module, in our own folder)
        [sys.executable, "-m", module, *words],
        cwd=ROOT, env=_environment(), encoding="ascii",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=_BELOW,
    )  # fmt: skip


def started_with_bytes(module: str) -> subprocess.Popen[bytes]:
    """Start a module as `started`, with bytes both ways."""
    return subprocess.Popen(  # noqa: S603  (our own module, in our own folder)
        [sys.executable, "-m", module], cwd=ROOT, env=_environment(),
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, creationflags=_BELOW,
    )  # fmt: skip


def ended(process: subprocess.Popen[Any]) -> None:
    """End a process that may have ended already. What it was in the middle of is written over by the next one."""
    process.kill()
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream:
            with suppress(OSError):
                stream.close()


def with_input(take: Callable[[str], object] = lambda _line: None) -> None:
    """Take in the lines of the input; its end is the end of whoever has started this process, however it came."""
    for line in sys.stdin:
        take(line)
    os._exit(0)  # whatever it is in the middle of is in files of its own until it is whole


def _environment() -> dict[str, str]:
    """Return the environment with a bound of memory, unless it has a usable one, and with paths that hold in any folder."""
    modules = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    environment = os.environ | {"PYTHONPATH": modules}
    for name in ("TILANNEKUVA_KEYS", SPILL):
        if path := environment.get(name):
            environment[name] = str(Path(path).absolute())
    return environment | {MEMORY: usable(MEMORY) or MOST_MEMORY}

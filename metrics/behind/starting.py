"""Processes that make cells: a module of ours, in an interpreter of its own, that ends with whoever has started it."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

ROOT: Final = Path(__file__).resolve().parents[2]
"""Where the package `metrics` lies, in a checkout and in an installed copy."""


def started(module: str, *words: str) -> subprocess.Popen[str]:
    """Start a module; it reads what is written to it, and what it says can be read."""
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    return subprocess.Popen(  # noqa: S603  (our own module, in our own folder)
        [sys.executable, "-m", module, *words],
        cwd=ROOT, env=_at_their_own_place(os.environ | {"PYTHONPATH": path}), encoding="ascii",
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        creationflags=getattr(subprocess, "BELOW_NORMAL_PRIORITY_CLASS", 0),
    )  # fmt: skip


def ended(process: subprocess.Popen[str]) -> None:
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


def _at_their_own_place(environment: dict[str, str]) -> dict[str, str]:
    """Return the environment with paths that do not depend on the folder that the starter was started in."""
    if keys := environment.get("TILANNEKUVA_KEYS"):
        environment["TILANNEKUVA_KEYS"] = str(Path(keys).absolute())
    return environment

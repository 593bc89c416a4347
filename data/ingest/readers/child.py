"""The process that reads files: `python -m data.ingest.readers.child FOLDER`, started by `isolated`.

A line on stdin asks for a file as JSON (`path`, `name`, `kind`, `size`); the answer is a line on stdout: `sheets` (how many now
lie in FOLDER) or `refused` with `params`. It sets its own limits before it opens a file. It ends, and takes the folder with it,
when stdin ends: also when the process that started it was killed.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
import sys
from pathlib import Path
from typing import Any

from data.ingest.readers import exchange, read
from data.ingest.readers.limits import Kind, limits
from data.ingest.readers.sheet import FileRefused

if sys.platform != "win32":  # where there are no such limits, and only the time on the wall counts
    import resource


def main(folder: Path) -> None:
    """Answer until nobody asks any more."""
    answers = os.fdopen(os.dup(1), "w", encoding="ascii")
    os.dup2(2, 1)  # what a library prints is no answer
    try:
        for line in sys.stdin:
            answers.write(json.dumps(_answer(folder, json.loads(line))) + "\n")
            answers.flush()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _answer(folder: Path, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        _limit(asked["kind"], asked["size"])
        sheets = read(Path(asked["path"]), asked["name"])
        try:
            exchange.put(folder, sheets)
        except OSError:  # of polars without a number
            if _largest(folder) < limits(asked["kind"], asked["size"]).memory:
                return {"refused": "no_room", "params": {}}
            raise
    except FileRefused as refusal:
        return {"refused": refusal.reason, "params": refusal.params}
    except BaseException:  # MemoryError, and what a library in Rust panics with: the file has brought it about
        return {"refused": "reader_stopped", "params": {}}
    return {"sheets": len(sheets)}


def _largest(folder: Path) -> int:
    """Bytes of the largest file that was written: whether it was the limit set here that it has come to."""
    return max((file.stat().st_size for file in folder.iterdir()), default=0)


def _limit(kind: Kind, size: int) -> None:
    """Limits for the next file: this much more processor time, and memory in all. Crossing one ends the process."""
    if sys.platform == "win32":
        return
    allowed = limits(kind, size)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + allowed.seconds) + 1)
    # Linux counts what is written to; elsewhere only the address space can be limited, and there it is let be.
    _set(resource.RLIMIT_DATA, allowed.memory)
    _set(resource.RLIMIT_FSIZE, allowed.memory)
    _set(resource.RLIMIT_CORE, 0)


def _set(limit: int, value: int) -> None:
    if sys.platform == "win32":
        return
    _, most = resource.getrlimit(limit)
    if most != resource.RLIM_INFINITY:
        value = min(value, most)
    with contextlib.suppress(OSError, ValueError):
        resource.setrlimit(limit, (value, most))


if __name__ == "__main__":
    main(Path(sys.argv[1]))

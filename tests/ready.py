"""Processes made of one that has loaded the program: a test that needs a process of its own need not wait until it has.

Each call is counted by itself: its memory and time, with those of the processes it has waited for.
"""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.conftest import ROOT

_SERVE = """
import json, os, runpy, sys, traceback
from importlib import import_module
for name in sys.argv[1:]:
    import_module(name)
for line in sys.stdin:
    asked = json.loads(line)
    if (child := os.fork()) == 0:
        for number, path in enumerate(asked["told"], 1):
            os.dup2(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC), number)
        os.environ.update(asked["settings"])
        what, *sys.argv[1:] = asked["arguments"]
        try:
            run = runpy.run_path if what.endswith(".py") else runpy.run_module
            run(what, run_name="__main__")
            code = 0
        except SystemExit as end:
            code = end.code if isinstance(end.code, int) else int(end.code is not None)
            if isinstance(end.code, str):
                print(end.code, file=sys.stderr)
        except BaseException:
            traceback.print_exc()
            code = 1
        sys.stdout.flush(), sys.stderr.flush()
        os._exit(code)
    _, status, used = os.wait4(child, 0)
    taken = used.ru_maxrss / 1024, used.ru_utime + used.ru_stime
    print(json.dumps([os.waitstatus_to_exitcode(status), *taken]), flush=True)
"""


@dataclass(frozen=True)
class Done:
    """What a process said and took."""

    exit_code: int
    stdout: str
    stderr: str
    megabytes: float
    seconds: float


class Ready:
    """A process that has loaded some modules and makes another one of itself for each call."""

    def __init__(self, server: subprocess.Popen[str], folder: Path) -> None:
        self._server, self._told = server, (folder / "stdout", folder / "stderr")

    def run(self, *arguments: str, settings: Mapping[str, str] | None = None) -> Done:
        """Run a script (`….py`) or a module with arguments, with settings for its environment."""
        asked = {"arguments": arguments, "settings": settings or {}, "told": [str(one) for one in self._told]}
        assert self._server.stdin
        assert self._server.stdout
        self._server.stdin.write(json.dumps(asked) + "\n")
        self._server.stdin.flush()
        exit_code, megabytes, seconds = json.loads(self._server.stdout.readline())
        stdout, stderr = (one.read_text(encoding="utf-8") for one in self._told)
        return Done(exit_code, stdout, stderr, megabytes, seconds)


@contextmanager
def ready(modules: Sequence[str], environment: Mapping[str, str] | None = None) -> Iterator[Ready]:
    """Modules are loaded, which must start no threads; the environment is this process's own unless one is given."""
    command = [sys.executable, "-c", _SERVE, *modules]
    with (
        TemporaryDirectory() as folder,
        subprocess.Popen(
            command, cwd=ROOT, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        ) as server,
    ):
        yield Ready(server, Path(folder))

"""Runs the tests of a module against each of its mutants: in a forked process, with the mutant in the module's place."""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import resource
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from importlib.abc import MetaPathFinder
from types import ModuleType
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings

from tests.mutation.mutants import Mutant
from tests.test_architecture import imports, python_files

# Loaded once, before forking.
WARM = (
    "duckdb",
    "polars",
    "pydantic",
    "babel.numbers",
    "hypothesis.strategies",
    "xdist",
    "scipy.stats",
    "statsmodels.api",
)
CPU_AT_MOST = 60.0
"""Seconds of its own that a run of a module's tests may take when there is no fault in it."""
WAITS_AT_MOST = 600
"""Seconds by the clock after which a run hangs."""


class _Finder(MetaPathFinder):
    """Gives a module's source another text when it is imported."""

    def __init__(self, name: str, path: str, source: str) -> None:
        self.name, self.path, self.source = name, path, source

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> Any:
        """The spec of the mutant, None for every other module."""
        if fullname != self.name:
            return None
        return importlib.util.spec_from_loader(fullname, _Loader(fullname, self.path, self.source), origin=self.path)


class _Loader(importlib.machinery.SourceFileLoader):
    def __init__(self, name: str, path: str, source: str) -> None:
        super().__init__(name, path)
        self.source = source

    def get_code(self, fullname: str) -> Any:
        return compile(self.source, self.path, "exec", dont_inherit=True)


def warm() -> None:
    """Import what every run needs, and let property tests neither shrink nor remember."""
    for name in WARM:
        importlib.import_module(name)
    settings.register_profile(
        "mutation", database=None, derandomize=True, deadline=None, max_examples=60,
        phases=(Phase.explicit, Phase.generate), suppress_health_check=list(HealthCheck),
    )  # fmt: skip


def ready(module: str) -> None:
    """Import what a mutant cannot reach, of the rooms below pages/, so that a run imports the rest alone."""
    names = {
        path.removesuffix(".py").removesuffix("/__init__").replace("/", "."): path
        for path in python_files("data", "metrics")
        if not path.endswith("__main__.py")
    }
    _forget(name for name in sys.modules if name.split(".")[0] in ("data", "metrics", "pages"))
    for name in names:
        importlib.import_module(name)
    below = {name: {other for other in _parents(imports(path)) if other in names} for name, path in names.items()}
    reached = {module.removesuffix(".py").replace("/", ".")}
    while more := {name for name, others in below.items() if others & reached} - reached:
        reached |= more
    _forget(reached)


def _parents(found: Iterable[str]) -> set[str]:
    """Names of modules, or of things in modules, with the modules and packages around them."""
    parts = (name.split(".") for name in found)
    return {".".join(part[:length]) for part in parts for length in range(1, len(part) + 1)}


def _forget(names: Iterable[str]) -> None:
    for name in list(names):
        module = sys.modules.pop(name, None)
        package, _, last = name.rpartition(".")
        if module is not None and package in sys.modules:
            vars(sys.modules[package]).pop(last, None)


def survivors(
    module: str, tests: Sequence[str], found: Sequence[Mutant], *, jobs: int, tell: Callable[[int], None]
) -> tuple[list[Mutant], float]:
    """The mutants that the tests do not notice, and the seconds of its own that one run of the tests takes.

    module, tests: paths from the root of the project. Raises RuntimeError when the tests fail without any fault.
    """
    ready(module)
    pid, status, used = os.wait4(_run(module, tests, None, CPU_AT_MOST), 0)
    del pid
    if _noticed(status) is not False:
        raise RuntimeError(f"{' '.join(tests)}: red before anything has been changed")
    limit = 5 * used.ru_utime + 5
    waiting, running, alive = list(found)[::-1], dict[int, Mutant](), list[Mutant]()
    while waiting or running:
        while waiting and len(running) < jobs:
            mutant = waiting.pop()
            running[_run(module, tests, mutant.source, limit)] = mutant
        pid, status = os.wait()
        mutant = running.pop(pid)
        noticed = _noticed(status)
        if noticed is None:
            waiting.append(mutant)
        elif not noticed:
            alive.append(mutant)
        tell(len(found) - len(waiting) - len(running))
    return sorted(alive, key=found.index), used.ru_utime


def _noticed(status: int) -> bool | None:
    """Whether a run ended red, or did not end by itself; None when somebody else has ended it."""
    if os.WIFEXITED(status):
        return os.WEXITSTATUS(status) != 0
    return True if os.WTERMSIG(status) in (signal.SIGALRM, signal.SIGXCPU) else None


def _run(module: str, tests: Sequence[str], source: str | None, limit: float) -> int:
    """Fork a process that runs the tests and ends with their result; the number of the process."""
    pid = os.fork()
    if pid:
        return pid
    result = 3
    try:
        # By its own time, since others may use the machine; and by the clock, since it may wait for ever.
        resource.setrlimit(resource.RLIMIT_CPU, (round(limit) + 1, round(limit) + 2))
        signal.alarm(WAITS_AT_MOST)
        quiet = os.open(os.devnull, os.O_WRONLY)
        os.dup2(quiet, 1)
        os.dup2(quiet, 2)
        if source is not None:
            name = module.removesuffix(".py").replace("/", ".")
            sys.meta_path.insert(0, _Finder(name, module, source))
        result = int(pytest.main([*tests, *_OPTIONS]))
    finally:
        os._exit(result)


_OPTIONS = ("-x", "-q", "-n0", "-p", "no:cacheprovider", "--hypothesis-profile=mutation", "--no-header", "--tb=no")


def numbered(found: Sequence[Mutant]) -> Iterator[str]:
    """Mutants as lines for a person."""
    for mutant in found:
        yield f"  {mutant.line}: {mutant.key}"

"""Runs the tests of a module against each of its mutants: in a forked process, with the mutant in the module's place."""

from __future__ import annotations

import importlib
import importlib.machinery
import os
import signal
import sys
import time
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
SLOWEST = 60.0
"""Seconds after which a test run counts as hanging, when the modules' own tests take less than a tenth of it."""


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
    """The mutants that the tests do not notice, and the seconds that one run of the tests takes.

    module, tests: paths from the root of the project. Raises RuntimeError when the tests fail without any fault.
    """
    ready(module)
    began = time.monotonic()
    if not _passes(os.waitpid(_run(module, tests, None, SLOWEST), 0)[1]):
        raise RuntimeError(f"{' '.join(tests)}: red before anything has been changed")
    seconds = time.monotonic() - began
    limit = max(5 * jobs * seconds, 10.0)
    running: dict[int, Mutant] = {}
    alive: list[Mutant] = []
    done = 0
    for mutant in (*found, *(None,) * jobs):
        while running and (mutant is None or len(running) >= jobs):
            pid, status = os.wait()
            if _passes(status):
                alive.append(running[pid])
            del running[pid]
            done += 1
            tell(done)
        if mutant is not None:
            running[_run(module, tests, mutant.source, limit)] = mutant
    return sorted(alive, key=found.index), seconds


def _passes(status: int) -> bool:
    return os.WIFEXITED(status) and os.WEXITSTATUS(status) == 0


def _run(module: str, tests: Sequence[str], source: str | None, limit: float) -> int:
    """Fork a process that runs the tests and ends with their result; the number of the process."""
    pid = os.fork()
    if pid:
        return pid
    result = 3
    try:
        signal.alarm(round(limit) + 1)
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

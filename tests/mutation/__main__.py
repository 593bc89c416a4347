"""`python -m tests.mutation [module …]`: how many small faults the tests notice, and which ones they do not.

A runner of our own, because neither tool at hand does what is needed here. mutmut 3.8 finds no test in this layout (pytest's
importlib mode) and changes neither constants of a module nor properties, which is where the thresholds are. cosmic-ray 8.7
starts a process for every mutant (four seconds each, 512 mutants of the gate alone, most of them of the kind `a ^ b`) and
writes the fault into the file itself. Neither looks into SQL, where the cells are made.

Known equivalents, which no test can notice, are in `equivalent.toml` with their reason.
"""

from __future__ import annotations

import argparse
import os
import sys
import tomllib
from functools import cache
from pathlib import Path

from tests.conftest import ROOT
from tests.mutation.mutants import mutants
from tests.mutation.plan import PLAN
from tests.mutation.running import numbered, survivors, warm

ENOUGH = 90
"""Percent of the faults that are not equivalent, in every module."""


@cache
def equivalents() -> dict[str, dict[str, str]]:
    """Path of a module → key of a mutant → why nobody can notice it."""
    found: dict[str, dict[str, str]] = tomllib.loads(
        Path(__file__).with_name("equivalent.toml").read_text(encoding="utf-8")
    )
    return found


def main(argv: list[str] | None = None) -> int:
    """Mutate the modules named, or all of the plan. 1 when a module has fewer faults noticed than is enough."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutation", description="Do the tests notice small faults?")
    parser.add_argument("modules", nargs="*", help=f"paths of modules, of {', '.join(PLAN)}; without any, all of them")
    parser.add_argument("--jobs", type=int, default=os.cpu_count() or 1, help="runs at a time")
    options = parser.parse_args(argv)
    if strange := [module for module in options.modules if module not in PLAN]:
        parser.error(f"not in the plan: {', '.join(strange)}")
    os.chdir(ROOT)
    warm()
    weak = []
    for module in options.modules or PLAN:
        known = equivalents().get(module, {})
        every = list(mutants((ROOT / module).read_text(encoding="utf-8")))
        found = [mutant for mutant in every if mutant.key not in known]

        def tell(done: int, of: int = len(found), name: str = module) -> None:
            if sys.stderr.isatty():
                print(f"\r{name} {done}/{of}", end="", file=sys.stderr, flush=True)

        alive, seconds = survivors(module, PLAN[module], found, jobs=options.jobs, tell=tell)
        noticed = 100 * (len(found) - len(alive)) / len(found)
        print(
            f"{module}: {len(found) - len(alive)} of {len(found)} noticed ({noticed:.0f} %), "
            f"{len(every) - len(found)} equivalent, {seconds:.1f} s a run",
            flush=True,
        )
        for line in numbered(alive):
            print(line, flush=True)
        if noticed < ENOUGH:
            weak.append(module)
    if weak:
        print(f"Under {ENOUGH} %: {', '.join(weak)}")
    return 1 if weak else 0


if __name__ == "__main__":
    raise SystemExit(main())

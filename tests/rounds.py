"""Which tests a round runs, by what they took when all were timed last.

quick (plain `pytest`): what takes no longer than `QUICK`, and of each function a second's worth of cases. whole
(`make test`): of each function one to two seconds of cases, spread over them, and one at least. every (`make every`, or
whenever a file or test is named): all cases. A function that has not been timed runs whole, and `make test` leaves out none of
one that is marked `unthinned`. `make every` writes the times anew; `--times` in another round adds those of functions that have
none.
"""

from __future__ import annotations

import os
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeVar, cast, get_args

import pytest

Item = TypeVar("Item")
Round = Literal["quick", "whole", "every"]
TIMES = Path(__file__).with_name("times.tsv")
QUICK = 0.25
"""Seconds that a case of the quick round takes at most."""
SECONDS: Mapping[Round, float] = {"quick": 1, "whole": 1.5}
"""How long all cases of one function take together, about, where there are several."""
TOLD = 0.5
"""Seconds from which on the time of a function is kept; one that takes `QUICK` a case is kept, too."""
_CHOSEN = "TEST_ROUND"


@dataclass(frozen=True)
class Timed:
    """What the cases of a function took together, in seconds."""

    seconds: float
    cases: int

    @property
    def case(self) -> float:
        """Seconds of one case."""
        return self.seconds / self.cases

    @property
    def is_kept(self) -> bool:
        """Whether a round could do without some of it."""
        return self.seconds > TOLD or self.case > QUICK


def function_of(nodeid: str) -> str:
    """Return the name of a case's function.

    >>> function_of("tests/test_a.py::test_b[fi-1]")
    'tests/test_a.py::test_b'
    """
    return nodeid.partition("[")[0]


def spread(items: Sequence[Item], most: int) -> list[Item]:
    """Return so many of them at even distances, from the first on.

    >>> spread("abcdefg", 3)
    ['a', 'c', 'e']
    """
    kept = min(max(most, 1), len(items))
    return [items[place * len(items) // kept] for place in range(kept)]


def is_every() -> bool:
    """Whether all cases run."""
    return os.environ.get(_CHOSEN) == "every"


def some(items: Iterable[Item], most: int) -> list[Item]:
    """Return what a test goes through by itself: `most` of the items, in a round of every test all."""
    every = list(items)
    return every if is_every() else spread(every, most)


def thinned(cases: Sequence[str], times: Mapping[str, Timed], of: Round) -> set[str]:
    """Return those of the cases that a round runs.

    >>> cases = [f"t.py::test_a[{number}]" for number in range(9)]
    >>> sorted(thinned(cases, {"t.py::test_a": Timed(4.5, 9)}, "whole"))
    ['t.py::test_a[0]', 't.py::test_a[3]', 't.py::test_a[6]']
    """
    if of == "every":
        return set(cases)
    functions = defaultdict[str, list[str]](list)
    for case in cases:
        functions[function_of(case)].append(case)
    kept = set[str]()
    for name, every in functions.items():
        timed = times.get(name)
        if timed is None or (of == "quick" and timed.case <= QUICK and timed.seconds <= SECONDS[of]):
            kept.update(every)
        elif of == "whole" or timed.case <= QUICK:
            kept.update(spread(every, int(SECONDS[of] / timed.case)))
    return kept


def read(path: Path = TIMES) -> dict[str, Timed]:
    """Return the times that are kept, by function."""
    rows = (line.split("\t") for line in path.read_text(encoding="utf-8").splitlines())
    return {name: Timed(float(seconds), int(cases)) for name, seconds, cases in rows}


def write(times: Mapping[str, Timed], path: Path = TIMES) -> None:
    """Keep the times of functions that a round could do without some of."""
    rows = (f"{name}\t{timed.seconds:.1f}\t{timed.cases}\n" for name, timed in sorted(times.items()) if timed.is_kept)
    path.write_text("".join(rows), encoding="utf-8", newline="\n")


def timed(cases: Mapping[str, float], known: Mapping[str, Timed]) -> dict[str, Timed]:
    """Return the times of functions from the seconds of their cases, but for those that are known: of these some cases ran.

    >>> timed({"t.py::test_a[0]": 2.0, "t.py::test_b[0]": 1.0, "t.py::test_b[1]": 3.0}, {"t.py::test_a": Timed(8.0, 4)})
    {'t.py::test_a': Timed(seconds=8.0, cases=4), 't.py::test_b': Timed(seconds=4.0, cases=2)}
    """
    of_function = defaultdict[str, list[float]](list)
    for case, seconds in cases.items():
        of_function[function_of(case)].append(seconds)
    found = {name: Timed(sum(every), len(every)) for name, every in of_function.items()}
    return dict(sorted({**found, **known}.items()))


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--round`, and `--times` to keep what tests take."""
    parser.addoption(
        "--round", choices=get_args(Round), help="which tests to run (default: quick; all of what is named)"
    )
    parser.addoption("--times", action="store_true", help=f"write what tests take into {TIMES.name}")


def pytest_configure(config: pytest.Config) -> None:
    """Choose the round; workers, which are started with all names, take over what their controller has chosen."""
    if not hasattr(config, "workerinput"):
        named = config.args_source is pytest.Config.ArgsSource.ARGS
        os.environ[_CHOSEN] = config.getoption("round") or ("every" if named else "quick")
        if config.getoption("times"):
            config.pluginmanager.register(_Clock())


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out what the round does without, after markers have left out theirs."""
    chosen, times = cast("Round", os.environ[_CHOSEN]), read()
    if chosen == "whole":
        for item in items:
            if item.get_closest_marker("unthinned"):
                times.pop(function_of(item.nodeid), None)
    kept = thinned([item.nodeid for item in items], times, chosen)
    left_out = [item for item in items if item.nodeid not in kept]
    if left_out:
        config.hook.pytest_deselected(items=left_out)
        items[:] = [item for item in items if item.nodeid in kept]


class _Clock:
    """Adds up what tests take, with all that is made for them."""

    def __init__(self) -> None:
        self._cases = dict[str, float]()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self._cases[report.nodeid] = self._cases.get(report.nodeid, 0) + report.duration

    def pytest_sessionfinish(self) -> None:
        write(timed(self._cases, {} if is_every() else read()))

"""Which tests a round runs: see `tests/rounds.py`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.conftest import ROOT
from tests.rounds import QUICK, SECONDS, TOLD, Round, Timed, function_of, read, some, spread, thinned, write

DEAR = {"a::dear": Timed(40, 10), "a::many": Timed(20, 100), "a::two": Timed(1.5, 2)}
CASES = (
    [f"a::dear[{n}]" for n in range(10)] + [f"a::many[{n}]" for n in range(100)] + ["a::two[x]", "a::two[y]", "a::new"]
)


def count(kept: set[str], function: str) -> int:
    return sum(function_of(one) == function for one in kept)


@pytest.mark.parametrize(("of", "dear", "many", "two"), [("quick", 0, 5, 0), ("whole", 1, 7, 2), ("every", 10, 100, 2)])
def test_a_round_runs_so_many_cases(of: Round, dear: int, many: int, two: int) -> None:
    kept = thinned(CASES, DEAR, of)
    assert [count(kept, name) for name in DEAR] == [dear, many, two]
    assert "a::new" in kept, "what has not been timed runs"


def test_every_function_that_is_not_left_out_of_the_quick_round_runs_some_case() -> None:
    cases = [f"t::{name}[{n}]" for name in range(50) for n in range(name + 1)]
    times = {f"t::{name}": Timed(seconds, name + 1) for name in range(50) for seconds in [0.1 * (name + 1) ** 1.5]}
    whole, quick = thinned(cases, times, "whole"), thinned(cases, times, "quick")
    assert {function_of(one) for one in whole} == set(times)
    assert {function_of(one) for one in quick} == {name for name, timed in times.items() if timed.case <= QUICK}


def test_cases_are_spread() -> None:
    assert spread(range(12), 4) == [0, 3, 6, 9]
    assert spread(range(3), 9) == [0, 1, 2]
    assert spread(range(3), 0) == [0]
    assert spread([], 2) == []


@pytest.mark.parametrize(("of", "found"), [("every", [1, 2, 3, 4]), ("whole", [1, 3]), ("quick", [1, 3])])
def test_a_test_goes_through_some(of: Round, found: list[int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TEST_ROUND", of)
    assert some(iter((1, 2, 3, 4)), 2) == found


def test_times_are_kept_where_a_round_could_do_without_some(tmp_path: Path) -> None:
    path = tmp_path / "times.tsv"
    write({"a::b": Timed(40, 10), "a::c": Timed(TOLD, 100), "a::d": Timed(TOLD, 1)}, path)
    assert read(path) == {"a::b": Timed(40, 10), "a::d": Timed(0.5, 1)}


def test_every_function_that_has_a_time_is_there() -> None:
    gone = [name for name in read() if not is_there(*name.split("::"))]
    assert gone == [], "`make every` writes the times anew"


def is_there(file: str, name: str) -> bool:
    path = ROOT / file
    return (
        path.exists() and re.search(rf"^ *(?:async )?def {name}\(", path.read_text(encoding="utf-8"), re.M) is not None
    )


def test_rounds_are_named_once() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert set(re.findall(r"--round (\w+)", makefile)) == {"whole", "every"}
    assert set(SECONDS) == {"quick", "whole"}


def test_no_test_needs_a_thread_without_a_loop() -> None:
    """Whatever round it runs in: after a test in the browser Playwright's loop goes on in the thread of the worker."""
    starts = re.compile(r"\basyncio\.(run|Runner)\b|\brun_until_complete\b")
    files = [file for file in (ROOT / "tests").rglob("*.py") if file.name not in {"apart.py", Path(__file__).name}]
    assert [str(file.relative_to(ROOT)) for file in files if starts.search(file.read_text(encoding="utf-8"))] == []

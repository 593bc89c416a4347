"""The mutants of a small module, and that plan and list of equivalents name what there is."""

from __future__ import annotations

import pytest

from tests.conftest import ROOT
from tests.mutation.__main__ import equivalents
from tests.mutation.mutants import mutants
from tests.mutation.plan import PLAN


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("a = b < c", {"a = b <= c", "a = b >= c"}),
        ("a = b in c", {"a = b not in c"}),
        ("a = b + c * d", {"a = b - c * d", "a = b + c // d"}),
        ("a = b and c", {"a = b or c"}),
        ("a = not b", {"a = b"}),
        ("A = 5", {"A = 6", "A = 4"}),
        ("A = True", {"A = False"}),
        ("def f(a='x'):\n    return a", {"def f(a='xx'):\n    return a", "def f(a='x'):\n    return None"}),
        ("f(b)", {"pass"}),
        ("a = b if c else d", {"a = b if not (c) else d"}),
        ("a = f'SELECT max({b}) FROM c WHERE d > 0'", {
            "a = f'SELECT min({b}) FROM c WHERE d > 0'", "a = f'SELECT sum({b}) FROM c WHERE d > 0'",
            "a = f'SELECT max({b}) FROM c WHERE d >= 0'", "a = f'SELECT max({b}) FROM c WHERE d > 1'",
        }),
    ],
)  # fmt: skip
def test_the_faults_of_a_line(source: str, expected: set[str]) -> None:
    assert {mutant.source for mutant in mutants(source)} == expected


def test_what_a_reader_alone_sees_is_left_alone() -> None:
    """Docstrings, annotations and names of literal types change nothing when a program runs."""
    source = '"""A module."""\nfrom typing import Literal\nA = Literal["b"]\nC: Literal["d"]\n"""What C is."""\n'
    assert list(mutants(source)) == []


def test_a_mutant_is_named_by_its_line_and_its_place_on_it() -> None:
    keys = [mutant.key for mutant in mutants("if a:\n    b = åä < 1 < 1\n")]
    assert "b = åä < 1 < 1 | < → <=" in keys
    assert "b = åä < 1 < 1 | < → <= (2)" in keys
    assert len(set(keys)) == len(keys)


def test_the_plan_names_modules_and_tests_that_are_there() -> None:
    paths = [path for module, tests in PLAN.items() for path in (module, *tests) if path.endswith(".py")]
    assert [path for path in paths if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("module", PLAN)
def test_equivalent_faults_are_still_there_and_have_a_reason(module: str) -> None:
    keys = {mutant.key for mutant in mutants((ROOT / module).read_text(encoding="utf-8"))}
    known = equivalents().get(module, {})
    assert set(known) - keys == set()
    assert all(len(reason) > 10 for reason in known.values())


def test_only_modules_of_the_plan_have_equivalents() -> None:
    assert set(equivalents()) <= set(PLAN)

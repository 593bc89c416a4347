"""Every regular expression an import uses takes time in proportion to the text, whatever the text is."""

from __future__ import annotations

import ast
import importlib
import re
import time
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from re import _constants, _parser  # type: ignore[attr-defined]

import pytest

from data import personal
from data.ingest.recognise import codes
from data.personal import kinds
from tests.conftest import ROOT

ROOMS = [
    *(ROOT / "data" / name for name in ("personal.py", "model/identifiers.py")),
    *sorted((ROOT / "data" / "ingest").rglob("*.py")),
]
CALLS = {"compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split"}
TINY, SHORT = 300, 2_000
FACTOR = 4


Pattern = re.Pattern[str] | re.Pattern[bytes]


def patterns() -> Iterator[tuple[str, Pattern, frozenset[str]]]:
    """Those that modules hold, and those written where they are used, each with how it is used."""
    for path in ROOMS:
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        used: dict[str, set[str]] = {}
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.attr in CALLS:
                used.setdefault(node.value.id, set()).add(_way(node.attr))
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr in CALLS - {"compile"}
            ):
                of = node.func.value
                if isinstance(of, ast.Name) and of.id == "re" and isinstance(said := node.args[0], ast.Constant):
                    assert isinstance(said.value, str | bytes)
                    yield f"{name}:{node.lineno}", _compiled(said.value), frozenset({_way(node.func.attr)})
        for called, held in vars(importlib.import_module(name)).items():
            if isinstance(held, re.Pattern):
                yield f"{name}:{called}", held, frozenset(used.get(called, {"search"}))


def _compiled(said: str | bytes) -> Pattern:
    made: Pattern = re.compile(said)
    return made


def _way(method: str) -> str:
    return method if method in ("match", "fullmatch") else "search"


def alphabet(pattern: Pattern) -> list[str]:
    """Characters the pattern speaks of, one for each of its literals and ranges, and some of every kind."""
    found: list[str] = []

    def walk(items: object) -> None:
        if isinstance(items, _parser.SubPattern | list | tuple):
            runs = groupby(items, lambda item: isinstance(item, tuple) and item[0] is _constants.LITERAL)
            found.extend("".join(chr(item[1]) for item in run) for literal, run in runs if literal)
            for item in items:
                if isinstance(item, tuple) and item and item[0] is _constants.LITERAL:
                    found.append(chr(item[1]))
                elif isinstance(item, tuple) and item and item[0] is _constants.RANGE:
                    found.append(chr(item[1][0]))
                else:
                    walk(item)

    walk(_parser.parse(pattern.pattern, pattern.flags))
    return list(dict.fromkeys([*found, "a", "1", "0", " ", "-", ".", "(", '"', "\n", "@", "é"]))


def attacks(pattern: Pattern) -> Iterator[str]:
    letters = alphabet(pattern)[:20]
    yield from letters
    yield from (one + other for one in letters for other in letters[:8] if one != other)


def seconds(pattern: Pattern, ways: frozenset[str], text: str, patience: int = 1) -> float:
    best = 1e9
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    for _ in range(patience):
        began = time.process_time()
        for way in ways:
            getattr(pattern, way)(given)
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize(("pattern", "ways"), [pytest.param(*rest, id=name) for name, *rest in patterns()])
def test_a_pattern_takes_as_long_as_its_text(pattern: Pattern, ways: frozenset[str]) -> None:
    assert_linear(pattern, ways)


def assert_linear(pattern: Pattern, ways: frozenset[str] = frozenset({"search"})) -> None:
    for unit in attacks(pattern):
        for end in ("", "\x00"):
            tiny, short, long = (unit * (length // len(unit)) + end for length in (TINY, SHORT, FACTOR * SHORT))
            assert seconds(pattern, ways, tiny) < 0.1, f"{unit!r} … {end!r}"  # more than a square
            if seconds(pattern, ways, long) < 0.004:  # a square takes ten times as long
                continue
            few, many = seconds(pattern, ways, short, 5), seconds(pattern, ways, long, 3)
            # Twice for four times the text; a square takes sixteen times as long.
            assert many < 2 * FACTOR * few + 0.001, f"{unit!r} … {end!r}: {few:.4f} s, {many:.4f} s"


@pytest.mark.parametrize("bad", [r"[a-z]+@", r"(?:puh)[\w.]*0", r"\([^)]*\)", r"(\S+?)[\s-]+(.+)x", r"\s*,"])
def test_this_test_notices_what_is_not_linear(bad: str) -> None:
    with pytest.raises(AssertionError):
        assert_linear(re.compile(bad))


def test_no_pattern_is_put_together_where_it_is_used() -> None:
    hidden = []
    for path in ROOMS:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if not (isinstance(node, ast.FunctionDef)):
                continue
            hidden += [
                f"{path.name}:{call.lineno}"
                for call in ast.walk(node)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in CALLS
                and isinstance(call.func.value, ast.Name)
                and call.func.value.id == "re"
                and not isinstance(call.args[0], ast.Constant)
                and "re.escape" not in ast.unparse(call.args[0])  # a set of separators
            ]
    assert hidden == []


TEXTS = [
    "a", "a@", "@", "(at)", "puh", "puh.", "+", "+1 ", "0", "0 ", "040 ", "00", "131052-308", "131052-308U ", "131052-308T",
    "abc-", "a.", "(", "((", "(0", "é\u0301\u0323", "٠", "0-", " - ", "358", "09 1",
]  # fmt: skip


@pytest.mark.parametrize("unit", TEXTS)
@pytest.mark.parametrize("end", ["", "@", "@a", "!", "131052-308U"])
def test_the_guard_takes_as_long_as_the_text(unit: str, end: str) -> None:
    def lasts(length: int, turns: int) -> float:
        text = unit * (length // len(unit)) + end
        best = 1e9
        for _ in range(turns):
            began = time.process_time()
            kinds(text)
            best = min(best, time.process_time() - began)
        return best

    if lasts(8_000, 1) > 0.02:
        assert lasts(8_000, 3) < 8 * lasts(2_000, 3) + 0.01


def test_a_list_of_a_thousand_words_is_not_looked_up_in_every_way() -> None:
    began = time.process_time()
    for text in ("a," * 3_000, "työ," * 3_000, "a/" * 3_000, "1 " * 4_000, "työ, x" * 2_000):
        codes.many("topic", text)
        codes.known_and_unknown("topic", text)
        codes.one("municipality", text)
    assert time.process_time() - began < 5


def test_the_loose_pattern_is_one_that_polars_takes() -> None:
    import polars as pl

    assert pl.Series(["x" * 10_000_000]).str.contains(personal.SHAPES).to_list() == [False]


def test_rooms_are_there() -> None:
    assert all(Path(path).is_file() for path in ROOMS)

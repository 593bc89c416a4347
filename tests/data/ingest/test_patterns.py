"""Every regular expression an import uses takes time in proportion to the text, whatever the text is."""

from __future__ import annotations

import ast
import importlib
import re
import sre_constants
import sre_parse
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from data import personal
from data.ingest.recognise import codes
from data.personal import kinds
from tests.conftest import ROOT

ROOMS = [
    ROOT / "data" / "personal.py",
    ROOT / "data" / "model" / "identifiers.py",
    *sorted((ROOT / "data" / "ingest").rglob("*.py")),
]
CALLS = {"compile", "sub", "subn", "search", "match", "fullmatch", "findall", "finditer", "split"}
SHORT = 1_500
FACTOR = 4


def patterns() -> Iterator[tuple[str, re.Pattern[str] | re.Pattern[bytes]]]:
    """Those that modules hold, and those written where they are used; others would escape this test and are not allowed."""
    for path in ROOMS:
        name = path.relative_to(ROOT).with_suffix("").as_posix().replace("/", ".").removesuffix(".__init__")
        module = importlib.import_module(name)
        held = {value.pattern: value for value in vars(module).values() if isinstance(value, re.Pattern)}
        yield from ((f"{name}: {pattern!r:.60}", value) for pattern, value in held.items())
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CALLS:
                of = node.func.value
                if isinstance(of, ast.Name) and of.id == "re" and node.args and isinstance(node.args[0], ast.Constant):
                    yield f"{name}: {node.args[0].value!r:.60}", re.compile(node.args[0].value)


def alphabet(pattern: re.Pattern[str] | re.Pattern[bytes]) -> list[str]:
    """Characters the pattern speaks of, one for each of its literals and ranges, and some of every kind."""
    found: list[str] = []

    def walk(items: object) -> None:
        if isinstance(items, sre_parse.SubPattern | list | tuple):
            for item in items:
                if isinstance(item, tuple) and item and item[0] is sre_constants.LITERAL:
                    found.append(chr(item[1]))
                elif isinstance(item, tuple) and item and item[0] is sre_constants.RANGE:
                    found.append(chr(item[1][0]))
                else:
                    walk(item)

    walk(sre_parse.parse(pattern.pattern, pattern.flags))
    return list(dict.fromkeys([*found, "a", "1", "0", " ", "-", ".", "(", '"', "\n", "@", "é"]))


def attacks(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Iterator[str]:
    letters = alphabet(pattern)[:24]
    yield from letters
    yield from (one + other for one in letters for other in letters[:12] if one != other)


def seconds(pattern: re.Pattern[str] | re.Pattern[bytes], text: str, patience: int = 1) -> float:
    best = 1e9
    given = text.encode() if isinstance(pattern.pattern, bytes) else text
    for _ in range(patience):
        began = time.process_time()
        pattern.search(given)  # type: ignore[arg-type]
        pattern.fullmatch(given)  # type: ignore[arg-type]
        best = min(best, time.process_time() - began)
    return best


@pytest.mark.parametrize(("name", "pattern"), [pytest.param(*one, id=one[0]) for one in patterns()])
def test_a_pattern_takes_as_long_as_its_text(name: str, pattern: re.Pattern[str]) -> None:
    assert_linear(pattern)


def assert_linear(pattern: re.Pattern[str] | re.Pattern[bytes]) -> None:
    for unit in attacks(pattern):
        for end in ("", "\x00", "\n"):
            short = unit * (SHORT // len(unit)) + end
            long = unit * (FACTOR * SHORT // len(unit)) + end
            if seconds(pattern, long) < 0.002:  # a square would take ten times as long
                continue
            few, many = seconds(pattern, short, 5), seconds(pattern, long, 3)
            # Twice for four times the text; a square takes sixteen times as long.
            assert many < 2 * FACTOR * few + 0.002, f"{unit!r} … {end!r}: {few:.4f} s, {many:.4f} s"


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
    "a", "a@", "@", "(at)", "puh", "puh.", "+", "+1 ", "0", "0 ", "040 ", "00", "131052-308", "131052-308U ", "131052-308T", "abc-",
    "a.", "(", "((", "(0", "é\u0301\u0323", "٠", "0-", " - ", "358", "09 1",
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

"""Thresholds of disclosure control live in the gate alone: no literal of them in code, none in a text, and all move together."""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator

import pytest

from data.texts import LANGUAGES, catalogue, texts
from metrics import gate
from pages.view.sentences import protected_explained
from tests.conftest import ROOT

LITERALS = {5, 10, 20, 50, 80, 95, 100, *gate.EVENT_BASES}
# Numbers that are none of the gate's, each with what it is.
OTHERS = {
    "LONGEST_TITLE = 100": "letters of a title",
    "NAME_LETTERS = 100": "letters of a publisher's name",
    "MOST_PERIODS = 50": "periods of a package or of a sum",
    "MOST_NAMED: Final = 100": "metrics of a sum",
    "LEAST = 10": "rows that an interval of a median needs, whoever sees it",
    "CLIENTS_AN_AREA = 25": "clients from whom a municipality's change is estimated",
    "SMALL_EXPECTED = 5": "expected count under which Fisher's test is used",
    "_ONE_OF = 20": "one in how many clients of a source another one must have to tell of them",
    "_LARGEST_RATIO = 100.0": "where the search for a detectable ratio ends",
    "OF = 100": "a result is told of a hundred people",
    "hypothesis.smallest > 100": "percent",
    "100 * known < share.known_from * whole": "percent",
    "100 * side.dated < DATED_FROM * side.happened": "percent",
    "len(ending) > 10": "letters of a file's ending",
}
SAID = {
    "hypotheses.question.help": "letters",
    "refusal.hypothesis.question": "letters",
}
THRESHOLD_NAME = re.compile(r"(FROM|LOW|HIGH|BASES?|BELOW|LEAST|FEWEST|PEOPLE|MIN)\w*$|^(MIN|LEAST|FEWEST)_")


def sources() -> Iterator[tuple[str, ast.Module]]:
    for room in ("metrics", "pages"):
        for path in sorted((ROOT / room).rglob("*.py")):
            name = path.relative_to(ROOT).as_posix()
            if name != "metrics/gate.py":
                yield name, ast.parse(path.read_text(encoding="utf-8"))


def literals(node: ast.AST) -> set[object]:
    return {inner.value for inner in ast.walk(node) if isinstance(inner, ast.Constant)}


def has_threshold(node: ast.AST) -> bool:
    return any(type(value) in (int, float) and value in LITERALS for value in literals(node))


def test_no_module_compares_with_a_threshold_of_its_own() -> None:
    found = [
        f"{name}: {ast.unparse(node)}"
        for name, tree in sources()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare)
        and any(isinstance(op, ast.Lt | ast.LtE | ast.Gt | ast.GtE) for op in node.ops)
        and has_threshold(node)
        and ast.unparse(node) not in OTHERS
    ]
    assert found == []


def test_no_module_has_a_threshold_constant_of_its_own() -> None:
    found = []
    for name, tree in sources():
        for node in tree.body:
            if not isinstance(node, ast.Assign | ast.AnnAssign) or node.value is None or not has_threshold(node.value):
                continue
            named = ast.unparse(node).split("=")[0]
            wanted = name.startswith("metrics/") and isinstance(node.value, ast.Constant)
            if (wanted or THRESHOLD_NAME.search(named.strip())) and ast.unparse(node) not in OTHERS:
                found.append(f"{name}: {ast.unparse(node)}")
    assert found == []


def test_nobody_but_the_gate_writes_or_reads_a_bound_as_text() -> None:
    found = [
        f"{name}: {value}"
        for name, tree in sources()
        for value in literals(tree)
        if isinstance(value, str) and re.fullmatch(r"[<>](5|10|95)", value)
    ]
    assert found == []


NUMBER = (
    r"(?i)(?:\b(?:alle|yli|vähintään|enintään|under|över|minst|högst|over|at least|at most|fewer than)\s+"
    r"(?:4|5|10|20|50|80|95|100)\b(?![\s\u00a0]*%)|\b\d+\s?:n (?:luvut|kerrannaiseen|osat)\b"
    r"|\bviiden kerrannais|multip\w+ (?:of five|av fem)\b)"
)


@pytest.mark.parametrize("lang", LANGUAGES)
def test_no_text_of_the_interface_has_a_threshold_written_into_it(lang: str) -> None:
    found = [
        f"{message.id}: {hit.group()}"
        for message in catalogue(lang)
        for text in ([message.string] if isinstance(message.string, str) else message.string)
        if message.id not in SAID and (hit := re.search(NUMBER, text))
    ]
    assert found == []


@pytest.mark.parametrize("name", sorted(path.relative_to(ROOT).as_posix() for path in ROOT.glob("[dmp]*/**/*.toml")))
def test_no_text_of_a_file_has_a_threshold_written_into_it(name: str) -> None:
    assert re.findall(NUMBER, (ROOT / name).read_text(encoding="utf-8")) == []


# A program of its own: every module takes the gate's names when it is first imported.
CHANGED = """
import json
import metrics.gate as gate
gate.SHOWN_FROM, gate.BASE, gate.COMPARED_FROM, gate.TOGETHER_FROM = 20, 4, 160, 7
from metrics.change.ranking import score
from metrics.change.trend import interval_of
from metrics.grammar.answer import Row
from metrics.listing import value_text
from metrics.model.definition import definitions
from pages.i18n.formats import bound
from data.texts import texts
from pages.view.sentences import protected_explained, with_limits

shown = gate.Gate("protected", bytes(32))
cells = {n: shown.clients(gate.Cell(n, n, n, n, n, 1)) for n in range(12, 24)}
row = lambda value, n: Row("clients", {}, "2026", value, "clients", bound=None if value else gate.under_shown(), n=n)
print(json.dumps({
    "hidden": [n for n, value in cells.items() if value.value is None],
    "multiples": sorted({value.value % 4 for value in cells.values() if value.value}),
    "texts": [
        text
        for lang in ("fi", "sv", "en")
        for text in (
            protected_explained(texts(lang)),
            with_limits("reach.evenness.note", texts(lang)),
            definitions()["reach_evenness"].text[lang],
            bound(cells[12].bound, "clients", texts(lang)),
            value_text(row(None, None), lang),
        )
    ],
    "file": row(None, None).flat()["bound"],
    "compared": [interval_of(row(n, n)) is not None for n in (156, 160)],
    "share": [gate.few_bound_a_share(n) for n in (399, 400)],
    "news": score(row(28, 28), row(None, None), exact=False),
}))
"""


def test_another_threshold_changes_texts_and_behaviour_together() -> None:
    done = subprocess.run([sys.executable, "-c", CHANGED], cwd=ROOT, capture_output=True, text=True, check=True)
    found = json.loads(done.stdout)
    assert found["hidden"][:5] == [12, 13, 14, 15, 16]
    assert set(found["hidden"]) <= set(range(12, 20))
    assert found["multiples"] == [0]
    assert [
        text for text in found["texts"] if not re.search(r"20|160", text) or re.search(r"\b(5|10|80)\b", text)
    ] == []
    assert found["file"] == "<20"
    assert found["compared"] == [False, True]
    assert found["share"] == [False, True]
    assert found["news"] > 0  # 28 against at most 20: more than rounding to fours can make


def test_the_guides_state_the_numbers_of_the_gate() -> None:
    """Written out, because a reader of the guides wants numbers; here so that they are the gate's."""
    found = {
        name: " ".join((ROOT / "docs" / name).read_text(encoding="utf-8").replace("\n> ", "\n").split())
        for name in ("disclosure.md", "statistics.md")
    }
    *smaller, largest = gate.EVENT_BASES
    for text in (
        f"random rounding to base {gate.BASE}",
        f"show from {gate.SHOWN_FROM}",
        f"more than {gate.BASE - 1} off",
        f"takes people in by at least {gate.TOGETHER_FROM} (`TOGETHER_FROM`)",
        f"the smallest of {', '.join(map(str, smaller))} and {largest}",
        f"where even {largest} is too little",
        f"denominator at least {gate.SHARE_FROM}, whole percent, shown between {gate.SHARE_LOW} and {gate.SHARE_HIGH}",
        f"fixed grid (at least {gate.QUANTILE_FROM})",
        f"quarter of a month (at least {gate.CURVE_FROM}), shown by month and cut where fewer than",
        f"fewer than {gate.AT_RISK_FROM} are still followed",
        protected_explained(texts("fi")),
    ):
        assert text in found["disclosure.md"]
    with_hypotheses = " ".join((ROOT / "docs/hypotheses.md").read_text(encoding="utf-8").split())
    assert f"fewer than {gate.SHARE_FROM} people a side ({gate.CURVE_FROM} where they are followed)" in with_hypotheses
    assert f"of those with {gate.COMPARED_FROM} clients" in found["statistics.md"]
    assert f"Nothing on fewer than {gate.COMPARED_FROM} clients" in found["statistics.md"]

"""Only the audience that is known by its exact name sees exact values: whatever another is called, it sees protected ones."""

from __future__ import annotations

import ast
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.audience import AUDIENCES, INTERNAL, PROTECTED, Audience, is_exact
from metrics.cube.counting import Counting
from metrics.cube.cube import Cube
from metrics.cube.lookup import Lookup
from metrics.gate import Cell, Gate, PublishedValue
from metrics.grammar.answer import Answer
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import codes
from metrics.model.facts import FACTS
from metrics.model.kinds import TimeToEvent
from pages.shell.serving import serving
from pages.view.state import View
from tests.conftest import ROOT
from tests.metrics.cube.test_open_months import made_on, people
from tests.metrics.made import store_of

NAMES = ("Internal", "internal ", " internal", "INTERNAL", "admin", "", "PROTECTED", "protected ", "int\u0435rnal",
         "internal:", "internal:49", "internal:049+", "internal:049 ", "internal:*", "protected:049")  # fmt: skip
KEY = bytes(range(32))
HOLDS_ALL = type("HoldsAll", (), {"__contains__": lambda self, name: True})()
"""Where a check of names has been lost: any name is let in."""


strange = (
    st.one_of(st.sampled_from(NAMES), st.text(max_size=12))
    .filter(lambda name: not name.startswith("internal:") or name in NAMES)
    .filter(lambda name: name != INTERNAL)
)
numbers = st.integers(0, 400)
cells = st.builds(Cell, numbers, st.integers(0, 2**61), numbers, st.integers(0, 2**61), st.integers(0, 2000), numbers)
published = st.builds(PublishedValue, st.one_of(st.none(), st.floats(0, 5000)))


@given(strange, cells, published, published, st.floats(0, 100))
def test_the_gate_opens_for_one_name_alone(
    name: Audience, cell: Cell, top: PublishedValue, bottom: PublishedValue, percent: float
) -> None:
    gate, protected = Gate(name, KEY), Gate(PROTECTED, KEY)
    assert not is_exact(name)
    assert not gate.exact
    for scale in (1, 60):
        assert gate.events(cell, scale) == protected.events(cell, scale)
    assert gate.clients(cell) == protected.clients(cell)
    assert gate.percent(percent) == protected.percent(percent)
    assert gate.ratio(top, bottom, 1000) == protected.ratio(top, bottom, 1000)
    for clients in (True, False):
        assert gate.share(top, bottom, clients=clients) == protected.share(top, bottom, clients=clients)


@pytest.mark.parametrize("name", NAMES)
def test_a_question_of_an_unknown_audience_is_refused(name: str, sample_store: Path) -> None:
    with pytest.raises(QuestionError) as refused:
        ask(Question(("clients",), audience=name), Store(sample_store))
    assert (refused.value.reason, refused.value.nearest) == ("unknown_audience", (PROTECTED,))


@pytest.mark.parametrize("metric", tuple(definitions()))
def test_every_metric_is_protected_even_if_a_question_slips_through(
    metric: str, sample_store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("metrics.grammar.question.AUDIENCES", HOLDS_ALL)
    store, definition = Store(sample_store), definitions()[metric]
    where = tuple((name, codes(metric, name, ())[:1]) for name in definition.requires)
    last_month = str(Period.parse(f"{store.serving().last_day:%Y-%m}"))
    told = 0
    for period in ("all", last_month):
        for name in ("Internal", "admin", ""):
            question = Question((metric,), where=where, period=period)
            other = Question((metric,), where=where, period=period, audience=name)
            assert ask(other, store).rows == ask(question, store).rows
            if isinstance(definition.measure, TimeToEvent):
                assert ask_curve(other, store) == ask_curve(question, store)
            told += not ask(other, store).exact
    assert told == 6


def test_the_running_month_is_looked_up_for_one_name_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("metrics.grammar.question.AUDIENCES", HOLDS_ALL)
    store = made_on(store_of(tmp_path / "s", people()), datetime(2025, 10, 21, 9, 30))
    month = Period.parse("2025-10")

    def found(name: str) -> Cell:
        lookup = Lookup(Cube(store, store.serving()), name)
        return lookup.counts(Counting(FACTS["encounter"]), (), (month,)).cell((str(month),))

    assert (found(INTERNAL).n, found(PROTECTED).n) == (60, 0)
    assert all(found(name) == found(PROTECTED) for name in NAMES)
    for metric in ("clients", "minutes_median", "referral_days"):
        for name in NAMES:
            with pytest.raises(QuestionError, match="period_open"):
                ask(Question((metric,), period="2025-10", audience=name), store)
        assert ask(Question((metric,), period="2025-10", audience=INTERNAL), store).rows


@given(strange)
def test_a_page_is_marked_and_dated_as_its_values_are(name: Audience) -> None:
    assert not View("fi", "2026", audience=name).exact
    assert not Answer(Question(("clients",), audience=name), (), 1, None, None).exact
    assert View("fi", "2026", audience=INTERNAL).exact
    assert Answer(Question(("clients",), audience=INTERNAL), (), 1, None, None).exact


def test_an_unknown_audience_has_no_address_of_its_own(sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TILANNEKUVA_STORE", str(sample_store))
    served = serving(newest=False)
    assert served is not None
    known = served.known(INTERNAL)
    for name in NAMES:
        view = View("fi", known.default_period, audience=name)
        assert "audience" not in view.to_params(known)
        assert view.on(name, known).period in known.periods
        if known.open_periods:
            running = View("fi", known.open_periods[0], audience=INTERNAL)
            assert running.on(name, known).period == known.default_period


def compared(tree: ast.AST) -> list[ast.expr]:
    """Everything a module compares or looks up by: sides of a comparison, keys of a dictionary, cases of a match."""
    found: list[ast.expr] = []
    for node in ast.walk(tree):
        match node:
            case ast.Compare(left=left, ops=[ast.In() | ast.NotIn()], comparators=[ast.Name(id="AUDIENCES")]):
                continue  # whether there is such an audience at all
            case ast.Compare(left=left, comparators=others):
                found += [left, *others]
            case ast.Dict(keys=keys):
                found += [key for key in keys if key is not None]
            case ast.MatchValue(value=value):
                found.append(value)
            case ast.Match(subject=subject):
                found.append(subject)
    return found


def names_an_audience(node: Any) -> bool:
    match node:
        case (
            ast.Attribute(attr="audience" | "INTERNAL" | "PROTECTED")
            | ast.Name(id="audience" | "INTERNAL" | "PROTECTED")
        ):
            return True
        case ast.Tuple(elts=parts) | ast.Set(elts=parts) | ast.List(elts=parts):
            return any(map(names_an_audience, parts))
    return False


def test_nobody_but_the_gate_names_or_compares_audiences() -> None:
    found = []
    files = [
        file for room in ("data", "metrics", "pages", "tilannekuva") for file in sorted((ROOT / room).rglob("*.py"))
    ]
    for file in (*files, ROOT / "app.py"):
        name = file.relative_to(ROOT).as_posix()
        if name == "metrics/audience.py":
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        literals = [node for node in ast.walk(tree) if isinstance(node, ast.Constant) and node.value in AUDIENCES]
        guilty = [*literals, *filter(names_an_audience, compared(tree))]
        found += [f"{name}:{node.lineno}" for node in guilty]
    assert found == []

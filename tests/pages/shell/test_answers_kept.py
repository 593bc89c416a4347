"""Answers that all visitors share: nobody can change one, each is made once, and together they stay within their bytes."""

from __future__ import annotations

import dataclasses
import gc
import sys
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, cast

import pytest

from data.store.rewriting import rewrite
from data.store.store import Store
from metrics.ask import ask, ask_curve
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.ready import ready_made
from metrics.cube import cube
from metrics.grammar.answer import Answer, CurvePoint, Row
from metrics.grammar.question import Question
from metrics.hypotheses.outlook import Outlook
from metrics.memory import Memory
from pages.shell import asking
from pages.shell.serving import Serving
from tests.metrics.made import store_of

BY_LANGUAGE = Question(("clients", "encounters"), by=("language",))
CURVE = Question(("employed_by",))


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("_answers", "_curves"):
        kept = getattr(asking, name)
        monkeypatch.setattr(asking, name, Memory(kept.bound, kept.origin))


def changes(thing: Any) -> list[Callable[[], object]]:
    """Every way a visitor's page could try to change a shared thing: its fields, and what is in them."""
    match thing:
        case Mapping():
            writable = cast("dict[Any, Any]", thing)
            inner = [change for value in thing.values() for change in changes(value)]
            return [
                lambda: writable.update(x=1),
                lambda: writable.__setitem__("x", 1),
                lambda: writable.clear(),
                *inner,
            ]
        case str() | int() | float() | None | date():
            return []
        case tuple():
            parts = thing
        case _:
            names = (
                [one.name for one in dataclasses.fields(thing)]
                if dataclasses.is_dataclass(thing)
                else list(type(thing).model_fields)
            )
            parts = tuple(getattr(thing, name) for name in names)
            own = [lambda name=name: setattr(thing, name, None) for name in names]
            return [*own, *(change for part in parts for change in changes(part))]
    assert isinstance(thing, tuple), f"{type(thing)} can be changed"
    return [change for part in parts for change in changes(part)]


def test_nobody_can_change_what_is_shared(served: Serving) -> None:
    answer, points = asking.answer_to(served, BY_LANGUAGE), asking.curve_of(served, asking.Composed(CURVE))
    frozen = freeze(next(iter(ready_made().values())).slides, served.store)
    assert answer.rows
    assert points
    shared: tuple[object, ...] = (answer, points, frozen, served.places, Outlook({"one": 50}))
    tried = [change for thing in shared for change in changes(thing)]
    assert len(tried) > 1_000
    for change in tried:
        with pytest.raises((AttributeError, TypeError, ValueError)):
            change()
    assert answer == ask(BY_LANGUAGE, served.store)


def test_a_row_keeps_no_hold_on_what_it_was_made_of() -> None:
    codes = {"language": "ar"}
    made = Row("clients", codes, "2026", 10, "clients"), CurvePoint("employed_by", codes, "2026", 1, 1, 1, 1, 1)
    versions = {"clients": 1}
    answer = Answer(BY_LANGUAGE, (made[0],), 1, None, None, versions)
    codes["language"], versions["clients"] = "so", 2
    assert [one.codes for one in made] == [{"language": "ar"}] * 2
    assert answer.definition_version == {"clients": 1}


def test_a_briefing_read_back_is_as_shut_as_it_was_frozen(served: Serving) -> None:
    frozen = freeze(next(iter(ready_made().values())).slides, served.store)
    read = Frozen.model_validate_json(frozen.model_dump_json())
    assert read == frozen
    for change in changes(read):
        with pytest.raises((AttributeError, TypeError, ValueError)):
            change()


def test_an_answer_is_made_once(served: Serving, monkeypatch: pytest.MonkeyPatch) -> None:
    first = asking.answer_to(served, BY_LANGUAGE)
    curve = asking.curve_of(served, asking.Composed(CURVE))
    monkeypatch.setattr(asking, "ask", None)
    monkeypatch.setattr(asking, "ask_curve", None)
    assert asking.answer_to(served, dataclasses.replace(BY_LANGUAGE)) is first
    assert asking.curve_of(served, asking.Composed(CURVE)) == curve


def test_audiences_do_not_share(served: Serving) -> None:
    internal = dataclasses.replace(BY_LANGUAGE, audience="internal")
    assert asking.answer_to(served, internal) != asking.answer_to(served, BY_LANGUAGE)
    assert len(asking._answers) == 2


def test_answers_go_with_their_generation(served: Serving, tmp_path: Path) -> None:
    """Somebody may have been forgotten in it. Others stay: what may be gone back to, and what is of other stores or of none."""
    rows = [{"client": n, "language": "ar"} for n in range(1, 41)]
    store = store_of(tmp_path / "store", {"encounter": rows})
    asking.answer_to(served, BY_LANGUAGE)
    of_package = (None, "token", "", BY_LANGUAGE)
    asking._answers.put(of_package, ask(BY_LANGUAGE, store), 1)

    def seen() -> Serving:
        now = Serving(store, store.serving(), {}, store.serving().first_day)
        asking.answer_to(now, BY_LANGUAGE)
        asking._curves.put((*now.origin, "", CURVE), (), 1)
        cube.let_go_of_what_has_gone()
        return now

    def kept(store: Store) -> set[str]:
        return {key[1] for memory in (asking._answers, asking._curves) for key in memory if key[0] == store.path}

    first = seen()
    with store.next_generation("more"):
        pass
    second = seen()
    assert kept(store) == {first.generation.token, second.generation.token}
    rewrite(store, lambda connection: connection.execute("DELETE FROM encounter WHERE client = 7"))  # type: ignore[arg-type]
    cube.let_go_of_what_has_gone()
    assert kept(store) == set()
    third = seen()
    assert kept(store) == {third.generation.token}
    assert kept(served.store) == {served.generation.token}
    assert of_package in asking._answers


def bytes_of(thing: object) -> int:
    """Bytes of everything that hangs on a thing, each once; classes and what lies in modules are there without it."""
    seen: dict[int, int] = {}
    open_ends = [thing]
    while open_ends:
        one = open_ends.pop()
        if id(one) not in seen and not isinstance(one, type | ModuleType | FunctionType):
            seen[id(one)] = sys.getsizeof(one)
            open_ends += gc.get_referents(one)
    return sum(seen.values())


def test_an_answer_weighs_about_what_python_takes(served: Serving) -> None:
    """Many rows, and few."""
    questions = [
        Question(("clients", "encounters"), by=("language", "municipality")),
        Question(("load_by_weekday_hour",), by=("weekday", "hour")),
        *(Question(("clients",), period=f"2025-{month:02d}") for month in range(1, 13)),
    ]
    for make, kept, asked in (
        (ask, asking._answers, questions),
        (ask_curve, asking._curves, [Question((metric,)) for metric in ("employed_by", "working_or_studying_by")]),
    ):
        for question in asked:
            make(question, served.store)  # the cells are there
        found = [
            asking.answer_to(served, question) if make is ask else asking.curve_of(served, asking.Composed(question))
            for question in asked
        ]
        taken = bytes_of(found)
        assert len(found) == len(asked)
        assert 0.6 <= kept.weight / taken <= 1.6, (kept.weight, taken)

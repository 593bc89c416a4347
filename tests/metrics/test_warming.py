"""Cells are made ahead without the answers they are for, and those answers then find all of theirs."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask, make_cells
from metrics.grammar.question import Question
from metrics.model.definition import Definition, definitions
from tests.metrics.made import store_of

OF_EACH_KIND: dict[str, Definition] = {}
for _definition in definitions().values():
    if "municipality" in _definition.allowed:
        _form = getattr(_definition.measure, "form", getattr(_definition.measure, "answer", ""))
        OF_EACH_KIND.setdefault(f"{_definition.measure.kind} {_form}".strip(), _definition)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Store:
    """Two municipalities with forty clients each, who have met, been referred and enrolled."""
    people: list[dict[str, Any]] = [{"client": n, "municipality": ("049", "091")[n % 2]} for n in range(1, 81)]
    rows: dict[str, list[dict[str, Any]]] = {
        "encounter": [one | {"occurred_on": date(2025, 2, 3), "language": "so", "minutes": 30} for one in people],
        "referral": [one | {"referred_on": date(2025, 3, 3), "started_on": date(2025, 3, 20)} for one in people],
        "enrolment": [one | {"centre": one["municipality"], "started_on": date(2025, 4, 1)} for one in people],
        "outcome": [{"client": one["client"], "started_on": date(2025, 8, 1)} for one in people],
        "population": [
            {"municipality": code, "language": "so", "year": 2024, "residents": 900} for code in ("049", "091")
        ],
    }
    return store_of(tmp_path_factory.mktemp("warming") / "store", rows)


@pytest.mark.parametrize("kind", OF_EACH_KIND)
def test_the_cells_made_ahead_are_all_that_the_answer_needs(kind: str, store: Store) -> None:
    def cells() -> set[str]:
        return {file.name for file in store.cube_path(store.serving()).glob("*.cells")}

    metric = OF_EACH_KIND[kind]
    requires = tuple(name for name in metric.requires if name != "municipality")
    question = Question((metric.id,), by=requires, where=(("municipality", ("049",)),), period="2025")
    make_cells(question, store)
    made = cells()
    assert made
    assert ask(question, store).rows
    assert cells() == made


def test_every_kind_of_metric_is_among_them() -> None:
    missing = {definition.measure.kind for definition in definitions().values()} - {
        definition.measure.kind for definition in OF_EACH_KIND.values()
    }
    assert not missing

"""The register of hypotheses: written before any test, never rewritten, and a changed line shows."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from data.store.sealed import unsealed
from data.store.store import Store
from metrics.grammar.question import QuestionError
from metrics.hypotheses.checking import check
from metrics.hypotheses.hypothesis import Hypothesis, HypothesisError, outcomes, parse_hypothesis
from metrics.hypotheses.methods.finding import Estimate, MethodResult
from metrics.hypotheses.register import Effect, Register

GROUPS = {"kind": "groups", "dimension": "channel", "compared": "walk_in", "reference": "phone"}


def asked(**changes: Any) -> Hypothesis:
    given: dict[str, Any] = {
        "question": "Ratkeaako asia useammin paikan päällä?", "outcome": "solved_share", "design": GROUPS,
        "direction": "up", "smallest": 5,
    }  # fmt: skip
    return parse_hypothesis(**{**given, **changes})


def result(register: Register, hypothesis_id: str, p: float, token: str = "") -> None:
    """A test made up for the register."""
    register.record(
        register.find(hypothesis_id), generation=1, token=token, definition_version=1, sides=(), verdict="kept",
        finding=MethodResult("newcombe", (Estimate("crude", "share_difference", 6, 1, 11, p),), ()),
        effect=Effect(name="crude", value=6, lower=1, upper=11, p=p),
    )  # fmt: skip


@pytest.fixture
def register(tmp_path: Path) -> Register:
    return Register.of(tmp_path)


def test_each_line_holds_the_hash_of_the_one_before(register: Register) -> None:
    first, second = register.register(asked()), register.register(asked(smallest=10))
    assert (first.id, second.id) == ("H-1", "H-2")
    assert second.previous == first.hash
    assert len({first.hash, second.hash}) == 2
    assert register.registered() == (first, second)
    assert register.broken() == ()
    assert register.find("H-2") == second


def test_a_changed_line_shows_and_is_not_tested(register: Register) -> None:
    register.register(asked())
    register.register(asked(smallest=10))
    path = register.folder / "registered.jsonl"
    lines = [unsealed(line) for line in path.read_text(encoding="utf-8").splitlines()]
    lines[0]["hypothesis"]["smallest"] = 1
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert register.broken() == ("registered 1",)
    with pytest.raises(HypothesisError, match="unknown"):
        register.find("H-1")
    assert register.find("H-2")


def test_a_result_of_an_earlier_version_keeps_its_hash(register: Register) -> None:
    """Its line has no token; a token taken from a line that had one shows."""
    register.register(asked())
    result(register, "H-1", 0.01)
    result(register, "H-1", 0.01, token="0" * 32)
    path = register.folder / "results.jsonl"
    lines = [unsealed(line) for line in path.read_text(encoding="utf-8").splitlines()]
    del lines[0]["token"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert register.broken() == ()
    del lines[1]["token"]
    path.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
    assert register.broken() == ("results 2",)


def test_a_line_taken_away_shows(register: Register) -> None:
    for smallest in (5, 6, 7):
        register.register(asked(smallest=smallest))
    path = register.folder / "registered.jsonl"
    lines = path.read_text(encoding="utf-8").splitlines(keepends=True)
    path.write_text(lines[0] + lines[2], encoding="utf-8")
    assert register.broken() == ("registered 2",)


def test_results_are_added_and_every_one_counts_in_the_correction(register: Register) -> None:
    for smallest in (5, 6, 7):
        register.register(asked(smallest=smallest))
    for hypothesis_id, p in (("H-1", 0.01), ("H-2", 0.03), ("H-2", 0.04)):
        result(register, hypothesis_id, p)
    one, two, three = register.entries()
    assert len(two.results) == 2
    assert two.result is not None
    assert two.result.effect.p == 0.04, "the latest"
    # Holm over 0.01, 0.03, 0.04: 3 × 0.01, then 2 × 0.03, then at least that. Benjamini–Hochberg: 3 × 0.01, 0.04, 0.04.
    assert one.holm == pytest.approx(0.03)
    assert two.holm == pytest.approx(0.06)
    assert one.benjamini_hochberg == pytest.approx(0.03)
    assert two.benjamini_hochberg == pytest.approx(0.04)
    assert (three.result, three.holm) == (None, None)
    assert register.broken() == ()


def test_a_result_of_another_hypothesis_shows(register: Register) -> None:
    register.register(asked())
    result(register, "H-1", 0.01)
    path = register.folder / "results.jsonl"
    line = unsealed(path.read_text(encoding="utf-8"))
    line["effect"]["p"] = 0.0001
    path.write_text(json.dumps(line) + "\n", encoding="utf-8")
    assert register.broken() == ("results 1",)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"question": "lyhyt"}, "question"),
        ({"question": "Auttoiko palvelu asiakasta 131052-308T?"}, "personal"),
        ({"smallest": 0}, "smallest"),
        ({"direction": "sideways"}, "direction"),
        ({"design": {"kind": "before_after", "month": "2025"}}, "month"),
        ({"design": {"kind": "groups"}}, "design"),
        ({"looks": 0}, "looks"),
        ({"planned_share": 100}, "planned"),
        ({"guardrails": ({"metric": "wait_days", "margin": 0},)}, "guardrail"),
    ],
)
def test_what_cannot_be_registered_is_refused_without_its_words(changes: dict[str, Any], reason: str) -> None:
    with pytest.raises(HypothesisError) as error:
        asked(**changes)
    assert error.value.reason == reason
    assert "131052" not in str(error.value)


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({"design": {**GROUPS, "reference": "walk_in"}}, "same_group"),
        ({"design": {**GROUPS, "dimension": "channel"}, "covariates": ("topic",)}, "list_dimension"),
        ({"covariates": ("resolution",)}, "list_dimension"),  # the outcome itself
        ({"covariates": ("region", "municipality")}, "same_fact"),
        ({"outcome": "encounters", "covariates": ("language",)}, "of_counts"),
        ({"guardrails": ({"metric": "solved_share", "margin": 5},)}, "guardrail"),
        ({"guardrails": ({"metric": "clients", "margin": 5},)}, "guardrail"),  # neither more nor less is better
        ({"design": {"kind": "before_after", "month": "2025-06"}, "planned_share": 50}, "planned"),
        ({"design": {**GROUPS, "dimension": "language", "compared": "und", "reference": "so"}}, "unknown_group"),
        ({"smallest": 101}, "smallest"),
        ({"period": "last year"}, "period"),
        ({"outcome": "satisfaction"}, "outcome"),
        ({"design": {"kind": "before_after", "month": "2025-06"}, "covariates": ("language",)}, "covariates"),
        ({"design": {"kind": "before_after", "month": "2025-06", "comparison": "853"}}, "comparison"),
        ({"design": {"kind": "before_after", "month": "2025-06", "area": "853", "comparison": "853"}}, "same_place"),
        ({"design": {"kind": "before_after", "month": "2025-06"}, "period": "2024"}, "month"),
    ],
)
def test_what_cannot_be_tested_is_refused_before_it_is_registered(
    changes: dict[str, Any], reason: str, sample_store: Path
) -> None:
    with pytest.raises(HypothesisError) as error:
        check(asked(**changes), Store(sample_store))
    assert error.value.reason == reason


def test_the_closed_grammar_holds_here_too(sample_store: Path) -> None:
    """What is compared is a question of the grammar; what is adjusted for is never published by its codes."""
    store = Store(sample_store)
    check(asked(covariates=("language", "municipality", "service", "sex", "age", "month")), store)
    with pytest.raises(HypothesisError, match="list_dimension"):
        check(asked(covariates=("language", "municipality", "service", "sex", "age", "month", "served_in")), store)
    with pytest.raises(QuestionError, match="unknown_code"):
        check(asked(design={**GROUPS, "compared": "pigeon"}), store)
    check(asked(design={"kind": "groups", "dimension": "topic", "compared": "work", "reference": "housing"}), store)
    assert {"solved_share", "encounters", "employed_by", "wait_days"} <= set(outcomes())


def test_fields_that_are_not_used_leave_a_line_as_it_was(register: Register) -> None:
    """A line of an earlier version, which had no guardrails, looks or planned sizes, keeps its hash."""
    register.register(asked())
    path = register.folder / "registered.jsonl"
    assert not {"guardrails", "looks", "planned_share"} & set(
        json.loads(path.read_text(encoding="utf-8"))["hypothesis"]
    )
    register.register(asked(looks=3, planned_share=50, guardrails=({"metric": "wait_days", "margin": 2},)))
    line = json.loads(path.read_text(encoding="utf-8").splitlines()[1])
    assert (line["hypothesis"]["looks"], line["hypothesis"]["planned_share"]) == (3, 50)
    assert register.registered()[1].hypothesis.guardrails[0].metric == "wait_days"
    assert register.broken() == ()
    result(register, "H-1", 0.01, token="0" * 32)
    kept = unsealed((register.folder / "results.jsonl").read_text(encoding="utf-8"))
    del kept["guardrails"]
    (register.folder / "results.jsonl").write_text(json.dumps(kept) + "\n", encoding="utf-8")
    assert register.broken() == ()

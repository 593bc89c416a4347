"""What visitors are told of hypotheses: computed from published rows alone, in two digits, and with the verdict of these."""

from __future__ import annotations

import ast
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.question import Question
from metrics.hypotheses import samples, sides, telling
from metrics.hypotheses.hypothesis import HypothesisError
from metrics.hypotheses.outlook import outlook
from metrics.hypotheses.published_result import published_result
from metrics.hypotheses.published_rounding import p_class, rounded
from metrics.hypotheses.register import Effect, PublishedResult, Register
from metrics.hypotheses.testing import run
from metrics.model.dimensions import unknown_of
from tests.conftest import ROOT, own_copy
from tests.metrics.hypotheses.test_register import asked
from tests.metrics.hypotheses.test_testing import eight_municipalities, visits
from tests.metrics.made import store_of

TURKU = {"kind": "groups", "dimension": "municipality", "compared": "853"}
SENT = {"kind": "groups", "dimension": "source", "compared": "employment_services"}
CHANGED = {"kind": "before_after", "month": "2025-06"}
KINDS: dict[str, dict[str, Any]] = {
    "share": {},
    "others": {"design": TURKU},
    "adjusted": {"covariates": ("language", "age")},
    "topics": {"design": {"kind": "groups", "dimension": "topic", "compared": "work"}},
    "guarded": {"guardrails": ({"metric": "understood_share", "margin": 5},), "planned_share": 50, "looks": 2},
    "events": {"outcome": "encounters", "design": TURKU},
    "people": {"outcome": "clients", "design": TURKU},
    "days": {"outcome": "minutes_median", "design": {**TURKU, "reference": "202"}},
    "days of others": {"outcome": "wait_days", "design": TURKU},
    "followed": {"outcome": "employed_by", "design": SENT},
    "series": {"design": CHANGED},
    "events in time": {"outcome": "encounters", "design": CHANGED},
    "days in time": {"outcome": "minutes_median", "design": CHANGED},
    "beside one": {"outcome": "encounters", "design": {**CHANGED, "area": "853", "comparison": "202"}},
    "beside all": {"design": {**CHANGED, "area": "853", "comparison": "others"}},
    "followed in time": {"outcome": "employed_by", "design": CHANGED},
}


def told_of(store: Store, **changes: Any) -> PublishedResult:
    return published_result(asked(**changes), store, store.released())


@pytest.mark.parametrize("kind", KINDS)
def test_no_exact_row_is_read(kind: str, sample_store: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither the events of a side nor a cell that no question has; each published size of one group is that of its row."""

    def refused(*_: Any) -> Any:
        raise AssertionError("exact rows")

    for room, name in ((samples, "draw"), (samples, "draw_facts"), (sides, "cell"), (sides, "sides")):
        monkeypatch.setattr(room, name, refused)
    monkeypatch.setattr("metrics.hypotheses.testing.draw", refused)
    monkeypatch.setattr("metrics.hypotheses.outlook.draw", refused)
    store = Store(sample_store)
    found = told_of(store, **KINDS[kind])
    outlook(asked(**KINDS[kind]), store)
    assert all(side.size is None or side.size % 5 == 0 for side in found.sides), "sums of published numbers"
    if found.effect is not None:
        for number in (found.effect.value, found.effect.lower, found.effect.upper):
            assert len(re.sub(r"[-.]|0+$", "", f"{number:g}").lstrip("0")) <= 2, "two significant digits"
    assert found.effect is not None or found.verdict in ("open", "incomparable")


def test_modules_of_published_results_import_nothing_exact() -> None:
    """The one door is a question for the protected audience."""
    modules = sorted((ROOT / "metrics" / "hypotheses").glob("published_*.py"))
    assert len(modules) > 5
    for path in modules:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        named = {node.module or "" for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)}
        assert not {name for name in named if re.search(r"samples|\.sides|shapes|testing|cube", name)}, path.name
        called = {
            node.func.id for node in ast.walk(tree) if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
        }
        assert "Gate" not in called, path.name
        assert ("Question" in called) == (path.name == "published_cells.py")
        assert not re.search(r"INTERNAL|\.reading\(", path.read_text(encoding="utf-8")), path.name


def test_a_side_is_the_number_of_every_page(sample_store: Path) -> None:
    store = Store(sample_store)
    rows = {
        tuple(row.codes.values()): row
        for by in ((), ("municipality",))
        for row in ask(Question(("solved_share",), by=by), store).rows
    }
    one, other = told_of(store, design=TURKU).sides
    assert (one.size, one.value) == (rows["853",].denominator, rows["853",].value)
    unknown = rows[unknown_of("solved_share", "municipality") or "",]
    rest = [row.denominator or 0 for row in (rows[()], rows["853",], unknown)]
    parts = sum(row.denominator or 0 for codes, row in rows.items() if codes and row not in (rows["853",], unknown))
    assert other.size in (rest[0] - rest[1] - rest[2], parts)


def test_the_difference_is_near_that_of_the_full_result(sample_store: Path, tmp_path: Path) -> None:
    store = Store(own_copy(sample_store, tmp_path / "own"))
    register = Register.of(store.path)
    for kind in ("share", "others", "topics", "events", "people", "followed", "events in time"):
        result = run(register, register.register(asked(**KINDS[kind])).id, store)
        assert result.published is not None
        effect = result.published.effect
        assert effect is not None, kind
        assert effect.lower < result.effect.value < effect.upper, kind


@pytest.fixture
def planted(tmp_path: Path) -> Store:
    """403 walk-ins of whom 281 solved (70 %), and 398 calls of which 202 (51 %)."""
    return store_of(
        tmp_path / "store", {"encounter": [*visits("walk_in", 403, 281, 1), *visits("phone", 398, 202, 1001)]}
    )


@pytest.mark.parametrize(
    ("changes", "verdict", "reason"),
    [
        ({}, "kept", None),
        ({"direction": "down"}, "rejected", None),
        ({"smallest": 40}, "rejected", None),
        ({"smallest": 24}, "open", "unclear"),
        ({"covariates": ("language",)}, "open", "adjusted"),
        ({"planned_share": 60}, "incomparable", None),
        ({"planned_share": 50}, "kept", None),
    ],
)
def test_the_verdict_is_that_of_the_published_effect(
    changes: dict[str, Any], verdict: str, reason: str | None, planted: Store
) -> None:
    found = told_of(planted, **changes)
    assert (found.verdict, found.reason) == (verdict, reason)


def test_unlike_groups_are_told_from_published_breakdowns(tmp_path: Path) -> None:
    rows = [*visits("walk_in", 403, 281, 1), *visits("phone", 398, 202, 1001)]
    for number, row in enumerate(rows):
        row["language"] = "so" if number % 10 < (6 if number < 403 else 3) else "ar"
    store = store_of(tmp_path / "store", {"encounter": rows})
    found = told_of(store)
    assert found.verdict == "incomparable"
    language = next(row for row in found.balance if row.covariate == "c_language")
    shares = [sum(row["language"] == "so" for row in side) / len(side) for side in (rows[:403], rows[403:])]
    spread = (sum(share * (1 - share) for share in shares) / 2) ** 0.5
    # Each of the four published numbers is at most 4 off, so each share by 0.01, whatever the keys.
    assert language.before == pytest.approx((shares[0] - shares[1]) / spread, abs=0.02 / spread + 0.008)
    assert language.before == round(language.before, 2)


def test_guardrails_are_judged_in_the_same_comparison(tmp_path: Path) -> None:
    rows = [*visits("walk_in", 403, 281, 1), *visits("phone", 398, 202, 1001)]
    for number, row in enumerate(rows):
        row["understood"] = number % 4 > 0 or (number >= 403 and number % 9 > 0)
    store = store_of(tmp_path / "store", {"encounter": rows})
    names = ("understood_share", "wait_days")
    found = told_of(store, guardrails=tuple({"metric": name, "margin": 10} for name in names))
    assert [(one.metric, one.verdict) for one in found.guardrails] == [(names[0], "not_shown"), (names[1], "not_shown")]
    for number, row in enumerate(rows):
        row["understood"] = number % 4 > 0 if number < 403 else number % 10 > 0
        row["language"] = "so"
    store = store_of(tmp_path / "shown", {"encounter": rows})
    found = told_of(store, guardrails=({"metric": names[0], "margin": 10},))
    assert [one.verdict for one in found.guardrails] == ["harmed"]
    assert found.verdict == "kept"
    for number, row in enumerate(rows):
        row["language"] = "so" if (number * 7 % 10 < 8) == (number < 403) else "ar"
    store = store_of(tmp_path / "unlike", {"encounter": rows})
    found = told_of(store, guardrails=({"metric": names[0], "margin": 10},))
    assert (found.verdict, found.guardrails[0].verdict) == ("incomparable", "unclear")


def test_a_figure_that_is_not_shown_decides_nothing(tmp_path: Path) -> None:
    """Shares over 95 percent are not published, so neither is their difference."""
    store = store_of(
        tmp_path / "store", {"encounter": [*visits("walk_in", 403, 400, 1), *visits("phone", 398, 202, 1001)]}
    )
    found = told_of(store)
    assert (found.effect, found.verdict, found.reason) == (None, "open", "not_shown")


def test_too_few_by_published_numbers_are_refused(tmp_path: Path) -> None:
    store = store_of(
        tmp_path / "store", {"encounter": [*visits("walk_in", 403, 281, 1), *visits("phone", 38, 20, 1001)]}
    )
    with pytest.raises(HypothesisError, match="few_people"):
        told_of(store)
    with pytest.raises(HypothesisError, match="few_months"):
        told_of(store, outcome="encounters", design={**CHANGED, "month": "2025-07"})


def test_one_more_test_makes_the_published_interval_wider(planted: Store) -> None:
    one, several = told_of(planted).effect, told_of(planted, looks=3).effect
    assert one is not None
    assert several is not None
    assert several.upper - several.lower > one.upper - one.lower


def test_a_result_without_an_answer_is_one(planted: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """That there is a result depends on published numbers alone."""

    def none(*_: Any) -> Any:
        raise HypothesisError("no_answer")

    monkeypatch.setattr("metrics.hypotheses.testing.publish", none)
    register = Register.of(planted.path)
    result = run(register, register.register(asked()).id, planted)
    assert not result.has_answer
    assert result.published is not None
    assert result.published.verdict == "kept"


def test_p_values_are_told_as_classes_and_corrected_over_published_tests(planted: Store) -> None:
    register = Register.of(planted.path)
    for smallest in (5, 6):
        run(register, register.register(asked(smallest=smallest)).id, planted)
    (first, _), generation = register.entries(), planted.released()
    said = telling.as_json(first, generation)
    (result,) = said["results"]
    assert said["holm"] == result["effect"]["p"] == "< 0.001"
    assert "hash" not in result, "a hash of exact numbers tells them to whoever tries all"
    assert "finding" not in result
    assert first.published[0] is not None
    assert first.result is not None
    assert first.result.published is not None
    assert first.result.published.effect is not None
    assert first.published[0] == pytest.approx(2 * first.result.published.effect.p)


def test_figures_of_an_earlier_release_are_withheld(planted: Store) -> None:
    register = Register.of(planted.path)
    result = run(register, register.register(asked()).id, planted)
    with planted.next_generation("one more") as connection:
        connection.execute("UPDATE encounter SET channel = 'phone' WHERE record = 1")
    found = telling.told(result, planted.released())
    assert (found.verdict, found.reason) == ("kept", "earlier")
    assert (found.effect, found.sides, found.balance, found.assumptions) == (None, (), (), ())
    assert telling.corrected(register.entries()[0], planted.released()) == (None, None)
    assert telling.told(result, None) == found
    legacy = result.model_copy(update={"published": None})
    assert (telling.told(legacy, None).verdict, telling.told(legacy, None).effect) == ("open", None)


@pytest.mark.parametrize(("clients", "people", "verdict"), [(0, None, "open"), (40, 40, "open"), (195, 195, "kept")])
def test_anonymous_visitors_are_no_number_of_people(
    clients: int, people: int | None, verdict: str, tmp_path: Path
) -> None:
    """One person may have come to all of the encounters without a number, or another one to each: that refuses no test."""
    rows = [*visits("walk_in", 403, 281, 1), *visits("phone", 398, 202, 1001)]
    for number, row in enumerate(rows[403:]):
        if number % 2 or number >= 2 * clients:
            row["client"] = -1001 - number
    store = store_of(tmp_path / "store", {"encounter": rows})
    found = told_of(store)
    assert found.sides[1].people == people
    assert (found.effect is not None, found.verdict) == (verdict == "kept", verdict)
    assert outlook(asked(), store).people.get("reference") == people


def test_one_other_municipality_never_decides(tmp_path: Path) -> None:
    rows = [
        {"client": 1000 * place + number + 1, "municipality": code, "occurred_on": date(2025, month, 5),
         "resolution": "solved" if (number * 37 + month * 11) % 100 < 50 + 30 * (month > 6 and not place) else "continues"}
        for place, code in enumerate(("853", "049")) for number in range(120) for month in (3, 9)
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"encounter": rows})
    found = told_of(store, design={"kind": "before_after", "month": "2025-07", "area": "853", "comparison": "049"})
    assert found.verdict == "incomparable"


def test_many_other_municipalities_decide(tmp_path: Path) -> None:
    """40 points more in one municipality after the change, and 2 or 3 more in each of the others."""
    rows = eight_municipalities(30)
    store = store_of(tmp_path / "store", {"encounter": rows})
    found = told_of(store, design={"kind": "before_after", "month": "2025-07", "area": "853", "comparison": "others"})
    assert found.verdict == "kept"
    assert found.effect is not None
    assert found.effect.value == pytest.approx(37.5, abs=5)


def test_rounding() -> None:
    assert [p_class(p) for p in (0.0, 0.001, 0.01, 0.05, 1.0)] == ["< 0.001", "< 0.01", "< 0.05", "≥ 0.05", "≥ 0.05"]
    found = rounded(Effect(name="crude", value=121.4, lower=-3.6, upper=88.8, p=0.2), "events")
    assert (found.value, found.lower, found.upper) == (120, 0, 90)
    found = rounded(Effect(name="crude", value=0.34, lower=-0.61, upper=0.88, p=0.2), "%")
    assert (found.value, found.lower, found.upper) == (0, -1, 1)

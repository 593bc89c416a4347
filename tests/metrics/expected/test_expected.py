"""Observed beside expected: against a regression of another library, and by drawing areas whose truth is known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st
from numpy.random import Generator

from metrics.ask import ask
from metrics.expected.expected import Comparison, background, compare
from metrics.expected.margins import Margins, Tell
from metrics.expected.model import fit
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.dimensions import codes
from tests.metrics.made import store_of

METRIC, FACTS = "newcomer_share", ("language_group", "age_band")
AREAS = ("049", "091", "092")
SHAPE = tuple(len(codes(METRIC, fact, ())) - 1 for fact in FACTS)
"""Without the codes for what is not known."""
Table = np.ndarray


def told(cases: Table, met: Table, *, hidden_below: int = 0) -> Tell:
    """Published rows of tables by area, language group and age band. hidden_below: smaller numbers are not published."""

    def tell(by: tuple[str, ...]) -> Sequence[Row]:
        axes = ("municipality", *FACTS)
        rest = tuple(axis for axis, name in enumerate(axes) if name not in by)
        below, above = cases.sum(axis=rest), met.sum(axis=rest)
        order = [AREAS if name == "municipality" else codes(METRIC, name, ()) for name in axes if name in by]
        rows = []
        for place in np.ndindex(below.shape):
            named = dict(
                zip(
                    (name for name in axes if name in by),
                    (c[i] for c, i in zip(order, place, strict=True)),
                    strict=True,
                )
            )
            n, top = (float(x[place]) if x[place] >= hidden_below else None for x in (below, above))
            share = 100 * top / n if n and top is not None else None
            rows.append(Row(METRIC, named, "2025", share, "%", "small" if share is None else "shown", None, n, top, n))
        return rows

    return tell


def alone(row: Row) -> float:
    """One event of each client."""
    return 1.0


def drawn(draw: Generator, rates: Table, size: int = 2000, better: float = 0.0) -> tuple[Table, Table]:
    """Areas of unlike clients. rates: by language group and age band; better: added to the rate of the first area.

    Languages have young and old people in each area as in the others, but for half as much as areas differ in languages and ages.
    """
    cases = np.zeros((len(AREAS), *rates.shape))
    tied = draw.normal(0, 1, rates.shape)
    for area in range(len(AREAS)):
        languages, ages = draw.normal(0, 1, (rates.shape[0], 1)), draw.normal(0, 1, (1, rates.shape[1]))
        mix = np.exp(tied + languages + ages + draw.normal(0, 0.5, rates.shape))
        mix /= mix.sum()
        cases[area] = draw.multinomial(size, mix.ravel()).reshape(rates.shape)
    lifted = np.clip(rates[None] + better * (np.arange(len(AREAS)) == 0)[:, None, None], 0, 1)
    return cases, draw.binomial(cases.astype(int), np.broadcast_to(lifted, cases.shape)).astype(float)


def additive(draw: Generator) -> Table:
    """Rates by two facts, additive in the logit."""
    first, second = (draw.normal(0, 0.8, size) for size in SHAPE)
    return 1 / (1 + np.exp(-(first[:, None] + second[None, :])))


def compared(cases: Table, met: Table, **told_as: int) -> Comparison:
    return compare(METRIC, "municipality", FACTS, told(cases, met, **told_as), alone, exact=True)


def test_the_model_is_the_logistic_regression_of_another_library() -> None:
    draw = np.random.default_rng(3)
    rates = additive(draw)
    cases, met = (table.sum(axis=0) for table in drawn(draw, rates))
    margins = Margins(
        {fact: cases.sum(axis=1 - axis) for axis, fact in enumerate(FACTS)},
        {fact: met.sum(axis=1 - axis) for axis, fact in enumerate(FACTS)}, cases.sum(), met.sum(), {},
    )  # fmt: skip
    found = fit(margins, FACTS, {FACTS: cases})
    places = np.array(list(np.ndindex(cases.shape)))
    design = np.hstack([np.eye(size)[places[:, axis]][:, axis:] for axis, size in enumerate(cases.shape)])
    there = cases.ravel() > 0
    answered = np.column_stack([met.ravel(), (cases - met).ravel()])[there]
    wanted = sm.GLM(answered, design[there], family=sm.families.Binomial()).fit().predict(design[there])
    assert np.allclose(found.rates.ravel()[there], wanted, atol=1e-4)
    assert np.allclose(found.cases, cases)


def test_areas_of_equal_quality_come_out_equal_whoever_their_clients_are() -> None:
    """Unadjusted, most of them differ. 600 comparisons: 5 % outside the interval and 1 % called different, but for chance."""
    draw = np.random.default_rng(1)
    outside, called, raw = [], [], []
    for _ in range(200):
        cases, met = drawn(draw, additive(draw))
        whole = met.sum() / cases.sum()
        for one in compared(cases, met).areas:
            assert one.lower is not None
            assert one.upper is not None
            assert one.row.n is not None
            outside.append(not one.lower <= 0 <= one.upper)
            called.append(one.direction != "unclear")
            raw.append(abs((one.row.value or 0) / 100 - whole) > 2.58 * np.sqrt(whole * (1 - whole) / one.row.n))
    assert 0.025 <= np.mean(outside) <= 0.085, np.mean(outside)
    assert np.mean(called) <= 0.03, np.mean(called)
    assert np.mean(raw) > 0.5, np.mean(raw)


def test_a_better_area_is_found_among_unlike_clients() -> None:
    draw = np.random.default_rng(2)
    found = [compared(*drawn(draw, additive(draw), better=0.08)).areas[0].direction for _ in range(60)]
    assert found.count("up") > 0.9 * len(found)
    assert "down" not in found


def test_hidden_parts_leave_the_expectation_near_what_all_numbers_give() -> None:
    draw = np.random.default_rng(4)
    for _ in range(20):
        cases, met = drawn(draw, additive(draw), size=1500)
        pairs = zip(compared(cases, met).areas, compared(cases, met, hidden_below=10).areas, strict=True)
        for exact, hidden in pairs:
            if hidden.expected is not None and exact.expected is not None:
                assert abs(exact.expected - hidden.expected) < 1.5


def test_who_is_too_often_not_known_is_not_compared() -> None:
    draw = np.random.default_rng(5)
    cases, met = drawn(draw, additive(draw))
    unknown = np.zeros((len(AREAS), 1, SHAPE[1]))
    unknown[0] = 100  # of the first area, a quarter
    cases, met = np.concatenate([cases, unknown], axis=1), np.concatenate([met, unknown / 2], axis=1)
    first, *others = compared(cases, met).areas
    assert first.lacks == ("language_group",)
    assert first.expected is None
    assert all(one.expected is not None for one in others)
    cases[:, -1] += 900
    found = compared(cases, met)
    assert found.facts == ("age_band",)
    assert found.left_out == ("language_group",)


@given(st.lists(st.integers(0, 300), min_size=24, max_size=24), st.lists(st.floats(0, 1), min_size=24, max_size=24))
def test_any_numbers_give_a_share_or_the_reason(counts: list[int], parts: list[float]) -> None:
    cases = np.array(counts, dtype=float).reshape(3, 4, 2)
    met = np.floor(cases * np.array(parts).reshape(3, 4, 2))
    for hidden in (0, 10):
        for one in compared(cases, met, hidden_below=hidden).areas:
            assert (one.expected is None) == bool(one.lacks) or one.lacks == ()
            if one.expected is not None:
                assert -0.01 <= one.expected <= 100.01
                assert one.lower is not None
                assert one.upper is not None
                assert one.lower <= one.upper


@pytest.mark.parametrize("audience", ["protected", "internal"])
def test_two_municipalities_of_a_store_whose_clients_differ(audience: str, tmp_path: Path) -> None:
    """Half of the young and a tenth of the old are newcomers everywhere; the one serves the young, the other the old."""
    rows = [
        {
            "client": 1000 * place + number, "municipality": area, "occurred_on": date(2025, 1 + number % 12, 3),
            "language": "so" if number % 2 else "ar",
            "age_band": "18_24" if (young := number % 10 < share) else "55_64",
            "arrived_on": date(2024 if number % (2 if young else 10) == 0 else 2015, 12, 20),
        }
        for place, (area, share) in enumerate((("049", 8), ("091", 2)), 1)
        for number in range(800)
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"encounter": rows})

    def tell(by: tuple[str, ...]) -> Sequence[Row]:
        return ask(Question((METRIC,), by=by, period="2025", audience=audience), store).rows

    found = compare(METRIC, "municipality", background(METRIC), tell, alone, exact=audience == "internal")
    assert found.left_out == ("sex",)
    assert found.facts == FACTS
    for one in found.areas:
        assert one.row.value is not None
        assert one.expected is not None
        assert abs(one.row.value - one.expected) < 4
        assert one.direction == "unclear"
    assert len(found.areas) == 2
    assert abs((found.areas[0].row.value or 0) - (found.areas[1].row.value or 0)) > 15


def test_a_fact_that_is_fixed_is_not_taken_into_account_nor_is_a_count_adjusted() -> None:
    assert background("solved_share", ["language"]) == ("age_band", "sex")
    assert background("solved_share", ["age_group"]) == ("language_group", "sex")
    assert background("training_share") == (
        "language_group",
        "age_band",
        "sex",
        "education_level",
        "language_level_start",
    )
    assert background("clients") == ()


def test_why_there_is_no_expectation_is_told_apart() -> None:
    """A share over 95 % of thousands is not one of too few; one of nobody known in the whole area is no fact left out."""
    draw = np.random.default_rng(6)
    cases, met = drawn(draw, additive(draw))
    tell = told(cases, met)

    def hidden(by: tuple[str, ...]) -> Sequence[Row]:
        rows = [replace(row, value=None, state="high") if by == ("municipality",) else row for row in tell(by)]
        return [
            replace(row, n=40.0, value=50.0, state="shown") if row.codes.get("municipality") == "092" else row
            for row in rows
        ]

    first, second, few = compare(METRIC, "municipality", FACTS, hidden, alone, exact=True).areas
    assert first.lacks == second.lacks == ("untold",)
    assert few.lacks == ("few",)

    def nothing(by: tuple[str, ...]) -> Sequence[Row]:
        return [replace(row, value=None, numerator=None, denominator=None, n=None, state="small") for row in tell(by)]

    found = compare(METRIC, "municipality", FACTS, nothing, alone, exact=True)
    assert found.left_out == ()
    assert {one.lacks for one in found.areas} == {("untold",)}

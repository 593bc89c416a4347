"""Medians, curves, indices, comparisons and hypotheses at one below, on and one above the threshold they stand on.

Published counts are multiples of five, so "one" is five clients where the number goes through the gate.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from metrics.audience import PROTECTED
from metrics.change.trend import interval_of
from metrics.cube.index import Steps
from metrics.gate import SMALL, UNDER_LOW, Bound, Cell, Gate, PublishedValue
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question
from metrics.hypotheses.methods.finding import ComparisonGroup, CurveStep, MethodResult
from metrics.hypotheses.methods.publishing import publishable
from metrics.measures import curves, spreads
from metrics.measures.curves import at_horizon, curve, shown_points
from metrics.measures.quantiles import published_steps, quantile
from metrics.measures.survival import SurvivalStep, cut
from metrics.model.kinds import TimeToEvent

GATE = Gate(PROTECTED, bytes(32))
MEASURE = TimeToEvent(
    kind="time_to_event",
    duration="d",
    cause="c",
    of_interest="work",
    estimate="incidence",
    answer="horizons",
    horizons=(6, 12),
)


def people(n: int, m: int = 1) -> Cell:
    """So many clients with an event each; a multiple of five is published as it is."""
    return Cell(n, n, n, n, n, m)


@pytest.mark.parametrize(("n", "is_shown"), [(45, False), (50, True), (55, True)])
def test_a_median_stands_on_fifty(n: int, *, is_shown: bool) -> None:
    steps = ((3, people(10)), (7, people(n)))
    found = quantile(GATE, steps, 0.5, (5, 10))
    assert (found.value is not None) is is_shown
    assert is_shown or found == SMALL


def test_a_median_beyond_the_grid_is_over_its_last_point() -> None:
    assert quantile(GATE, ((3, people(10)), (70, people(100))), 0.5, (5, 10)) == PublishedValue(
        None, "high", Bound("over", 10)
    )


@pytest.mark.parametrize(("n", "taken"), [(5, 0), (10, 10), (15, 15)])
def test_a_count_that_is_not_published_is_taken_as_none(n: int, taken: int) -> None:
    assert published_steps(GATE, ((3, people(n)),), (5,)) == [(5, taken)]


def test_a_count_with_too_busy_a_unit_hides_the_whole() -> None:
    assert published_steps(GATE, ((3, people(50, m=250)),), (5,)) is not None
    assert published_steps(GATE, ((3, people(50, m=251)),), (5,)) is None


@pytest.mark.parametrize(("n", "is_shown"), [(95, False), (100, True), (105, True)])
def test_a_curve_stands_on_a_hundred(n: int, *, is_shown: bool) -> None:
    steps: Steps = {"work": ((20, people(50)),), "": ((200, people(n - 50)),)}
    assert (curve(GATE, MEASURE, steps, people(n)) is not None) is is_shown


@pytest.mark.parametrize(("at_risk", "kept"), [(19, 0), (20, 1), (21, 1)])
def test_a_curve_is_cut_where_fewer_than_twenty_are_at_risk(at_risk: int, kept: int) -> None:
    points = (SurvivalStep(30, 0.5, 0.4, 0.6, at_risk),)
    found = curves.PublishedCurve(points, 100, on_grid=True, seen=((30, 50),), complete=False)
    assert len(shown_points(found)) == len(cut(points, 20)) == kept
    value, low, high = at_horizon(GATE, replace(found, points=(SurvivalStep(183, 0.5, 0.4, 0.6, at_risk),)), 6)
    assert (value, low, high) == ((PublishedValue(50), 40, 60) if kept else (SMALL, None, None))


@pytest.mark.parametrize(("seen", "is_shown"), [(5, False), (10, True), (15, True)])
def test_a_curve_begins_where_its_event_has_a_published_count(seen: int, *, is_shown: bool) -> None:
    found = curves.PublishedCurve(
        (SurvivalStep(30, 0.1, 0.05, 0.2, 90),), 100, on_grid=True, seen=((30, seen),), complete=False
    )
    assert bool(shown_points(found)) is is_shown
    assert (at_horizon(GATE, found, 6)[0].value is not None) is False  # nobody is followed for six months
    later = replace(found, points=(SurvivalStep(183, 0.1, 0.05, 0.2, 90),), seen=((183, seen),))
    assert (at_horizon(GATE, later, 6)[0].value is not None) is is_shown


@pytest.mark.parametrize(("entered", "is_bound"), [(195, False), (200, True), (205, True)])
def test_few_of_two_hundred_are_under_five_percent(entered: int, *, is_bound: bool) -> None:
    found = curves.PublishedCurve(
        (SurvivalStep(183, 0.02, 0.01, 0.04, 90),), entered, on_grid=True, seen=((183, 5),), complete=False
    )
    assert at_horizon(GATE, found, 6) == (UNDER_LOW if is_bound else SMALL, None, None)


@pytest.mark.parametrize(("n", "is_shown"), [(49, False), (50, True), (51, True)])
def test_an_index_of_variety_stands_on_fifty(n: int, *, is_shown: bool) -> None:
    found = spreads._variety(GATE, {"a": n - 20.0, "b": 20.0})
    assert (found.value is not None) is is_shown


@pytest.mark.parametrize(("n", "is_compared"), [(79, False), (80, True), (81, True)])
def test_numbers_are_compared_from_eighty_on(n: int, *, is_compared: bool) -> None:
    row = Row("clients", {}, "2025", float(n), "clients", n=float(n))
    assert (interval_of(row) is not None) is is_compared


def finding(n: int, **other: Any) -> MethodResult:
    groups = (ComparisonGroup("compared", 500, 40.0), ComparisonGroup("reference", n, 40.0))
    return MethodResult(method="newcombe", groups=groups, estimates=(), **other)


@pytest.mark.parametrize(("n", "is_told"), [(49, False), (50, True), (51, True)])
def test_a_finding_stands_on_fifty_a_side(n: int, *, is_told: bool) -> None:
    assert (publishable(finding(n)) is not None) is is_told


@pytest.mark.parametrize(("n", "is_told"), [(99, False), (100, True), (101, True)])
def test_a_finding_of_waits_stands_on_a_hundred_a_side(n: int, *, is_told: bool) -> None:
    step = CurveStep("compared", 30, 40.0, 30.0, 50.0, 60)
    assert (publishable(finding(n, curves=(step,))) is not None) is is_told
    assert (publishable(replace(finding(n), method="log_rank_cox")) is not None) is is_told


@pytest.mark.parametrize(("at_risk", "told"), [(19, ()), (20, (20,)), (21, (20,)), (29, (20,)), (30, (30,))])
def test_steps_of_a_finding_are_cut_at_twenty_and_tell_whole_tens(at_risk: int, told: tuple[int, ...]) -> None:
    found = publishable(finding(100, curves=(CurveStep("compared", 30, 40.0, 30.0, 50.0, at_risk),)))
    assert found is not None
    assert tuple(step.at_risk for step in found.curves) == told


@pytest.mark.parametrize(
    ("value", "is_told"), [(4.4, False), (4.6, True), (5, True), (95, True), (95.4, True), (95.6, False)]
)
def test_steps_of_a_finding_stay_between_five_and_ninety_five(value: float, *, is_told: bool) -> None:
    found = publishable(finding(100, curves=(CurveStep("compared", 30, value, value, value, 60),)))
    assert found is not None
    assert bool(found.curves) is is_told
    start = publishable(finding(100, curves=(CurveStep("compared", 0, 0.0, 0.0, 0.0, 60),)))
    assert start is not None
    assert len(start.curves) == 1


def test_a_row_and_its_file_say_the_same_bound() -> None:
    row = Row("clients", {"language": "ar"}, "2025", None, "clients", bound=Bound("under", 10))
    flat = row.flat()
    assert flat["bound"] == "<10"
    assert "lower" not in flat
    shown: Mapping[str, Any] = Row("clients", {}, "2025", 10.0, "clients").flat()
    assert "bound" not in shown


def test_a_row_answer_and_question_say_no_more_than_they_were_told() -> None:
    """Defaults: nothing is shown of which nothing was said, and nobody is internal without asking for it."""
    row = Row("clients", {}, "2025", None, "clients")
    assert (row.state, row.bound, row.n, row.numerator, row.denominator) == ("small", None, None, None, None)
    assert (row.whole, row.known, row.bounds_if_unknown) == (None, None, None)
    assert (row.lower, row.upper, row.horizon, row.quantile) == (None, None, None, None)
    question = Question(("clients",))
    assert (question.by, question.where, question.period, question.each) == ((), (), "all", None)
    assert question.audience == "protected"
    assert Answer(question, (), 1, None, None).definition_version == {}

"""The table under the curve of a slide says what `ask` answers at every horizon, value and interval."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from data.store.store import Store
from data.texts import texts
from metrics.ask import ask, ask_curve
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.facts.months import HORIZON_DAYS
from metrics.model.kinds import TimeToEvent
from pages.briefings.drawing import drawn
from pages.view.values import published, step, with_interval

T = texts("fi")
FOLLOWED = {one.id: one.allowed for one in definitions().values() if isinstance(one.measure, TimeToEvent)}
ASKED = [(metric, by) for metric, allowed in FOLLOWED.items() for by in ((), allowed[:1])]


def in_force(points: tuple[CurvePoint, ...], row: Row, day: int) -> CurvePoint | None:
    """Return the step of a row's own curve on a day, None after its end."""
    own = [point for point in points if dict(point.codes) == dict(row.codes)]
    if not own or own[-1].day < day:
        return None
    return max((point for point in own if point.day <= day), key=lambda point: point.day, default=None)


@pytest.mark.parametrize(("metric", "by"), ASKED)
def test_the_table_of_a_curve_says_the_rows_of_ask(sample_store: Path, metric: str, by: tuple[str, ...]) -> None:
    store = Store(sample_store)
    frozen = freeze((Slide(metric=metric, by=by, period="all", kind="curve"),), store)
    rows = ask(Question((metric,), by), store).rows
    points = ask_curve(Question((metric,), by), store)
    table = drawn(frozen.slides[0], frozen, T).panels[0].table
    if not points:
        return
    assert table
    assert [line.name for line in table.lines] == [T("months", count=months) for months in HORIZON_DAYS]
    groups = {point.codes[by[0]] if by else "" for point in points}
    for line, (months, day) in zip(table.lines, HORIZON_DAYS.items(), strict=True):
        own = [row for row in rows if row.horizon in (None, months) and (row.codes[by[0]] if by else "") in groups]
        right = [
            with_interval(published(row, T), row.lower, row.upper)
            if row.horizon
            else step(in_force(points, row, day), T)
            for row in own
        ]
        assert sorted(value.text for value in line.values) == sorted(value.text for value in right)


@pytest.mark.parametrize("metric", FOLLOWED)
def test_the_interval_of_a_step_is_that_of_the_row(sample_store: Path, metric: str) -> None:
    store = Store(sample_store)
    points = {point.day: point for point in ask_curve(Question((metric,)), store)}
    for row in ask(Question((metric,)), store).rows:
        if row.horizon and row.value is not None and (point := points.get(HORIZON_DAYS[row.horizon])):
            assert (row.lower, row.upper) == (point.lower, point.upper)
            assert float(point.lower).is_integer()
            assert float(point.upper).is_integer()


def test_the_table_has_the_row_itself_where_curve_and_row_differ(sample_store: Path) -> None:
    """What is published at a horizon is decided by the row, also where the curve goes on or ends before it."""
    frozen = freeze((Slide(metric="employed_by", period="all", kind="curve"),), Store(sample_store))
    (answered,) = frozen.slides
    whole = tuple(replace(row, value=77, lower=70, upper=80) if row.horizon == 24 else row for row in answered.whole)
    table = drawn(answered.model_copy(update={"whole": whole}), frozen, T).panels[0].table
    assert table
    assert table.lines[-1].values[0].text == with_interval(published(whole[-1], T), 70, 80).text
    assert "77" in table.lines[-1].values[0].text


@pytest.mark.parametrize(("horizon", "months"), [(12, "12 kuukautta"), (24, "24 kuukautta")])
def test_a_big_number_says_how_long_after_the_start_it_is(sample_store: Path, horizon: int, months: str) -> None:
    slide = Slide(metric="employed_by", kind="number", period="all", horizon=horizon)
    frozen = freeze((slide,), Store(sample_store))
    (panel,) = drawn(frozen.slides[0], frozen, T).panels
    assert months in panel.number_label
    assert "koko aikana" not in panel.number_label

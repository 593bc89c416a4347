"""A metric over time on the compare page: the line of each area, by quarter or by year."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import streamlit as st

from data.refusal import Refusal
from data.texts import Texts
from metrics.gate import COMPARED_FROM, State
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Each, Period
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.packages.opening import Package
from pages.compare.areas import WHOLE, Area, asked, of_area, over, token_of, told
from pages.figures import breakdowns, figure, lacking_marks
from pages.i18n import formats
from pages.shell import asking
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.points import DataPoint
from pages.view.values import is_enough

SMALL: frozenset[State] = frozenset(("shown", "small", "low", "no_cases"))
"""States of values that are not drawn since they stand on too few; the others are those that the files leave open."""


@dataclass(frozen=True)
class Course:
    """A metric over time. found: the question of the figure, with the rows of all areas; rows: by the token of the area."""

    found: FigureRows
    rows: Mapping[str, tuple[Row, ...]]
    refusals: tuple[Refusal, ...] = ()


def course(page: Page, metric: str, chosen: Sequence[Area], step: str) -> Course:
    """Return the values of a metric for the chosen areas by quarter, or for the chosen period of each year.

    step: `quarter` or `year`. Open periods are left out. Raises QuestionError, also when no package can tell.
    """
    first: FigureRows | None = None
    rows: dict[str, tuple[Row, ...]] = {}
    refusals: list[Refusal] = []
    # One's own areas first, so that the question of the figure is one's own where there is one.
    for area in sorted(chosen, key=lambda one: one.package is not None):
        try:
            parts = _parts(over(page, area), metric, area.dimension, step)
        except Refusal as refusal:
            if area.package is None:
                raise
            refusals.append(refusal)
            continue
        rows[area.token] = tuple(_ended(over(page, area), [row for part in parts for row in of_area(part.rows, area)]))
        first = first or parts[-1]  # of the chosen period itself
    if first is None:
        raise refusals[0]
    if page.view.area is not None and token_of(page.view.area) not in {area.token for area in chosen}:
        first = replace(first, composed=replace(first.composed, left_out=(*first.composed.left_out, page.view.area)))
    every = tuple(row for area in chosen for row in rows.get(area.token, ()))
    return Course(replace(first, rows=every), rows, tuple(refusals))


def cells(page: Page, found: Course, chosen: Sequence[Area]) -> list[DataPoint]:
    """Return rows as data points, area by area; values based on too few clients are not drawn."""
    t, made = page.t, list[DataPoint]()
    for area in chosen:
        rows = sorted(found.rows.get(area.token, ()), key=lambda row: Period.parse(row.period).first_day or 0)
        drawn = [
            DataPoint(
                row.period, formats.period_short(row.period, t.lang), area.token, area.label,
                row.value if is_enough(row) else None, told(page, row), state=row.state,
            )
            for row in rows
        ]  # fmt: skip
        made += lacking_marks.marked(over(page, area), drawn, rows, found.found.answer)
    return made


def gaps(drawn: Sequence[DataPoint], t: Texts) -> tuple[str, ...]:
    """Return why lines have gaps: numbers too small to be compared, or what the files leave open."""
    missing = {cell.state for cell in drawn if cell.hidden}
    small = missing & SMALL
    return (*((t("compare.gaps"),) if small else ()), *states.notes(missing - small, t))


def _parts(page: Page, metric: str, dimension: str | None, step: str) -> list[FigureRows]:
    """Return the answers that a line is made of. Raises QuestionError, of a package only when it holds none of them."""
    package = page.serving.package
    spans = [WHOLE] if package is None else [span for one in page.serving.packages for span in _split(one)]
    wanted: list[tuple[str, Each | None]] = [(span, "quarter") for span in spans]
    if step != "quarter":
        wanted = [(year, None) for year in _years(page)]
    found: list[FigureRows] = []
    why: Refusal | None = None
    for period, each in wanted:
        try:
            found.append(asked(page, metric, dimension, period, each))
        except QuestionError as refusal:
            if package is None:
                raise
            why = refusal
    if not found:
        raise why or QuestionError("not_in_package", metric=metric, publisher=package.publisher.name if package else "")
    return found


def _split(package: Package) -> list[str]:
    """Return the periods of a package that have quarters."""
    return [period for period in package.about.periods if Period.parse(period).level in ("all", "year", "ytd")]


def _ended(page: Page, rows: Sequence[Row]) -> list[Row]:
    """Return the rows that are drawn, each period once: periods of a package may lie within each other."""
    until = Period.parse(page.view.period).last_day
    kept: dict[str, Row] = {}
    for row in breakdowns.ended(page, rows):
        if is_main(row) and (until is None or Period.parse(row.period).has_ended(until)):
            kept.setdefault(row.period, row)
    return list(kept.values())


def _years(page: Page) -> list[str]:
    """Return the chosen period and the same period of earlier years, oldest first."""
    first = page.serving.begins
    period = Period.parse(page.known.default_period if page.view.period == WHOLE else page.view.period)
    found = [period]
    while first and (earlier := found[-1].year_before()).first_day >= first.replace(day=1):  # type: ignore[operator]
        found.append(earlier)
    return [str(one) for one in reversed(found)]


def left_out(found: Course, areas: Sequence[Area]) -> tuple[list[str], tuple[State, ...]]:
    """Return the names of areas without a line that stand on too few, and what the files leave open of the others."""
    states = {area.token: {row.state for row in found.rows[area.token]} for area in areas}
    small = [area.label for area in areas if not states[area.token] or states[area.token] & SMALL]
    return small, tuple(state for of in states.values() if of and not of & SMALL for state in of)


def say_nothing(page: Page, metric: str, found: FigureRows, drawn: Sequence[DataPoint]) -> bool:
    """Say why a figure has no line at all, where it is not that its numbers are small; return whether it was so."""
    if any(not cell.hidden for cell in drawn):
        return False
    # By what files cover, never by whether there are rows: a table of which everybody's rows have gone looks like one of few.
    if lacked := asking.tables_without_data(page.serving, found.composed.question):
        figure.say_once(page, states.missing(lacked, page.t))
        return True
    why = _why_nothing(page, metric, found)
    if why:
        st.info(why)
    return why is not None


def _why_nothing(page: Page, metric: str, found: FigureRows) -> str | None:
    t = page.t
    if not found.rows and page.view.period != WHOLE:
        return t("compare.no_steps", period=sentences.period_text(page.view.period, t))
    if any((row.n or 0) >= COMPARED_FROM for row in found.rows):
        # Enough clients but no value: the denominator is not known for such periods.
        return t("compare.no_value", definition=definitions()[metric].text[t.lang])
    return None

"""One metric of the comparison: its line over time with the changes beside it, or what was expected of each area's clients."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics.gate import COMPARED_FROM
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.packages.errors import PackageError
from pages.charts.frame import MOST_SERIES
from pages.charts.lines import lines
from pages.compare import areas, course, everybody, expectation, on_slide, others, trends, where
from pages.compare.areas import Area
from pages.compare.sides import Compared
from pages.figures import figure, lacking_marks, target_marks
from pages.figures.figure import Figure
from pages.shell import telling
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.table import pivot

EXPECTED, EVERYBODY = "expected", "all"
STEPS = ("quarter", "year", EXPECTED)


def steps(known: Sequence[Area]) -> tuple[str, ...]:
    """Return what can be drawn: all areas at once where there are more than can be compared one by one."""
    return (*STEPS, EVERYBODY) if len(known) > MOST_SERIES else STEPS


def show(
    page: Page, metric: str, compared: Sequence[Area], group: Sequence[Compared], step: str, known: Sequence[Area],
    search: str = "",
) -> None:  # fmt: skip
    """Draw one metric. group: its areas now and before; step: one of `steps`; known: all areas that can be compared;
    search: part of the names to look for among them.
    """
    definition = definitions()[metric]
    st.subheader(definition.name[page.t.lang], help=sentences.meaning(definition, page.t))
    if step == EXPECTED:
        expectation.show(page, metric, compared)
    elif step == EVERYBODY:
        everybody.show(page, metric, compared, known, search)
    else:
        _over_time(page, metric, compared, group, step)
    on_slide.offer(page, metric, compared)
    where.show(page, metric, compared, known)


def _over_time(page: Page, metric: str, compared: Sequence[Area], group: Sequence[Compared], step: str) -> None:
    t, definition = page.t, definitions()[metric]
    name = definition.name[t.lang]
    try:
        line = course.course(page, metric, compared, step)
    except (QuestionError, PackageError) as error:
        st.info(telling.refusal_text(error, t))
        return
    found, cells = line.found, course.cells(page, line, compared)
    if course.say_nothing(page, metric, found, cells):
        with _halves(page, group)[1]:
            trends.show(page, metric, group)
        return
    shown_areas = {cell.series for cell in cells if cell.value is not None}
    drawn = [cell for cell in cells if cell.series in shown_areas]
    without = [area for area in compared if area.token in line.rows and area.token not in shown_areas]
    left, open_states = course.left_out(line, without)
    unit = sentences.unit_text(definition, t)
    notes = (*course.gaps(drawn, t), *others.reasons(page, line.refusals))
    notes += tuple(note for note in states.notes(open_states, t) if note not in notes)
    notes += others.brief_sources(page, (area for area in compared if area.token in shown_areas))
    is_alone = len(compared) == 1 and compared[0].dimension == "municipality"
    own = compared[0].code if is_alone else target_marks.WHOLE_AREA
    is_own = not all(area.package for area in compared)
    periods = [cell.x for cell in drawn] if is_own else []
    beside = target_marks.marks(page, metric, periods, everywhere=True, municipality=own)
    marks = (*figure.line_marks(drawn, page), *beside.legend)
    small = t("compare.left_out", names=", ".join(map(sentences.plain, left)), count=COMPARED_FROM)
    is_small = not drawn and any(row.value is not None for row in found.rows)
    if left and not is_small:
        notes += (small,)
    has_others = any(area.package for area in compared)
    alt = t("compare.alt", metric=name)
    shown = Figure(metric, name, alt, unit, notes, counts=has_others, marks=marks)
    chart = lines(
        drawn, t, y_title=unit, unit="%" if definition.unit == "%" else "", height=216,
        target=beside.goals, notes=beside.flags,
    )  # fmt: skip
    left_side, right_side = _halves(page, group)
    with left_side:
        of = page if is_own else areas.over(page, compared[0])
        figure.show(
            of,
            shown,
            found,
            chart,
            lacking_marks.in_table(pivot(cells, t("compare.period")), cells, page),
            titled=True,
            nothing=small if is_small else not drawn,
        )
    with right_side:
        trends.show(page, metric, group)


def _halves(page: Page, group: Sequence[Compared]) -> Sequence[DeltaGenerator]:
    """Return where the line stands and the changes; without a table of them the line has the whole width."""
    return st.columns(2, gap="medium") if trends.are_told(page, group) else (st.container(), st.container())

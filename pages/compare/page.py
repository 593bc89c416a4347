"""The page Vertailu: municipalities and areas side by side, and their clear changes."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from metrics.gate import COMPARED_FROM
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.model.labels import distinct
from metrics.packages.errors import PackageError
from pages.charts.frame import MOST_SERIES
from pages.charts.lines import lines
from pages.compare import areas, course, matrix, others, sides, trends
from pages.compare.areas import Area
from pages.compare.sides import Compared
from pages.figures import figure, headlines, target_marks
from pages.figures.figure import Figure
from pages.figures.side_by_side import in_tabs
from pages.shell.choosing import choose_many
from pages.shell.page import Page, page
from pages.view import sentences
from pages.view.table import pivot

METRICS = ("reach_per_1000", "understood_language_share", "solved_share", "referral_started_share")
"""Metrics shown by default."""
MOST_METRICS = 12
FIRST_AREAS = 4
STEPS = ("quarter", "year")


@page("compare", own=("areas", "metrics", "step"))
def render(page: Page) -> None:
    """Draw the choices, the clear changes, the rule, a matrix, and a chart and a table for each metric in tabs."""
    t = page.t
    known = others.with_others(page, areas.areas(page))
    names = {area.token: area.label for area in known}
    chosen = choose_many(
        page, "areas", tuple(names), _first(page, known), t("compare.areas"), names.__getitem__, most=MOST_SERIES
    )
    wanted = choose_many(
        page, "metrics", areas.metrics(), METRICS, t("compare.metrics"), lambda m: _name(page, m), most=MOST_METRICS
    )
    step = page.choose("step", STEPS, t("compare.step"), lambda code: t(f"compare.step.{code}"))
    compared = [area for area in known if area.token in chosen]
    if any(area.package for area in compared):
        page = others.as_published(page)
    else:
        others.say_offer(page, known)
    found = {metric: sides.compared(page, metric, compared) for metric in wanted}
    _headline(page, found)
    with st.expander(t("compare.rule.title")):
        st.markdown(t("compare.rule", count=COMPARED_FROM, when=page.when_before))
    matrix.show(page, found)
    others.say_why_not(page, found.values())
    others.say_whose(page, compared)
    # Names may be alike in a language, and tabs may not.
    names = distinct({metric: _name(page, metric) for metric in wanted})
    in_tabs(**{names[metric]: _drawing(page, metric, compared, found[metric], step) for metric in wanted})


def _drawing(
    page: Page, metric: str, compared: Sequence[Area], group: Sequence[Compared], step: str
) -> Callable[[], None]:
    return lambda: _metric(page, metric, compared, group, step)


def _first(page: Page, known: Sequence[Area]) -> tuple[str, ...]:
    """Return the areas chosen by default: the whole area with the largest municipalities, or the area of the filter bar."""
    if page.serving.package is not None:
        return tuple(area.token for area in known if area.dimension is None)[: FIRST_AREAS + 1]
    tokens = [area.token for area in known]
    of_bar = areas.token_of(page.view.area)
    if page.view.area is not None and of_bar in tokens:
        return areas.WHOLE, of_bar
    return tuple(area.token for area in known if area.dimension in (None, "municipality") and not area.package)[
        : FIRST_AREAS + 1
    ]


def _name(page: Page, metric: str) -> str:
    return str(definitions()[metric].name[page.t.lang])


def _headline(page: Page, found: dict[str, tuple[Compared, ...]]) -> None:
    """Draw how many of the values have clearly changed, and which."""
    t = page.t
    decided = [(metric, one) for metric, group in found.items() for one in group if one.trend]
    changed = [(metric, one) for metric, one in decided if one.trend != "unclear"]
    if not decided:
        headlines.undecided(page)
        return
    said = "headline" if changed else "unchanged"
    st.header(t(f"compare.{said}.{page.view.against}", count=len(changed), of=len(decided)))
    groups: dict[tuple[str, str], list[str]] = {}
    for metric, one in changed:
        groups.setdefault((metric, str(one.trend)), []).append(sentences.plain(one.area.label))
    lines_of_text = [
        f"- **{sentences.plain(_name(page, metric))}** {t(f'compare.trend.{trend}')}: {', '.join(names)}"
        for (metric, trend), names in groups.items()
    ]
    if lines_of_text:
        st.markdown("\n".join(lines_of_text))


def _metric(page: Page, metric: str, compared: Sequence[Area], group: Sequence[Compared], step: str) -> None:
    """Draw the chart of one metric, with the changes beside it."""
    t, definition = page.t, definitions()[metric]
    st.subheader(_name(page, metric))
    try:
        line = course.course(page, metric, compared, step)
    except (QuestionError, PackageError) as error:
        st.info(sentences.refusal_text(error, t))
        return
    found, cells = line.found, course.cells(page, line, compared)
    if course.say_nothing(page, metric, found, cells):
        with st.columns([5, 4], gap="medium")[1]:
            trends.show(page, metric, group)
        return
    shown_areas = {cell.series for cell in cells if cell.value is not None}
    drawn = [cell for cell in cells if cell.series in shown_areas]
    left = [area.label for area in compared if area.token in line.rows and area.token not in shown_areas]
    unit = sentences.unit_text(definition, t)
    notes = (definition.text[t.lang], *course.gaps(drawn, t), *others.reasons(page, line.refusals))
    notes += others.brief_sources(page, (area for area in compared if area.token in shown_areas))
    is_alone = len(compared) == 1 and compared[0].dimension == "municipality"
    own = compared[0].code if is_alone else target_marks.WHOLE_AREA
    is_own = not all(area.package for area in compared)
    periods = [cell.x for cell in drawn] if is_own else []
    beside = target_marks.marks(page, metric, periods, everywhere=True, municipality=own)
    notes += beside.legend
    if left:
        notes += (t("compare.left_out", names=", ".join(map(sentences.plain, left)), count=COMPARED_FROM),)
    has_others = any(area.package for area in compared)
    alt = t("compare.alt", metric=_name(page, metric))
    shown = Figure(metric, _name(page, metric), alt, unit, notes, counts=has_others)
    chart = lines(
        drawn, t, y_title=unit, unit="%" if definition.unit == "%" else "", height=260,
        target=beside.goals, notes=beside.flags,
    )  # fmt: skip
    left_side, right_side = st.columns([5, 4], gap="medium")
    with left_side:
        of = page if is_own else areas.over(page, compared[0])
        figure.show(of, shown, found, chart, pivot(cells, t("compare.period")), titled=True, nothing=not drawn)
    with right_side:
        trends.show(page, metric, group)

"""Figures of people followed from enrolment: cumulative incidence curves, shares at fixed months, and their tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from metrics.grammar.answer import CurvePoint, Row, month_ends
from metrics.grammar.period import Period
from metrics.model.dimensions import is_unknown
from metrics.model.labels import distinct
from pages.charts.curves import MOST_BANDS, CurveSeries, curves
from pages.charts.dots import dots
from pages.charts.frame import MOST_SERIES
from pages.figures import figure
from pages.figures.figure import Figure
from pages.i18n import formats
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import values
from pages.view.points import DataPoint, names, x_of
from pages.view.table import Line, Table, pivot

ORDERED = ("education_level", "language_level_start", "period")
"""Dimensions whose codes have a natural order; others are ordered by size."""

MOST_CURVES = 6


@dataclass(frozen=True)
class FollowedGroup:
    """One group of a figure: code, name, number of people, and its curve (empty when suppressed)."""

    code: str
    label: str
    size: float
    points: tuple[CurvePoint, ...]


def period_of(page: Page) -> str:
    """Return the period of enrolment: the chosen year, else all time.

    A part of a year has too few people with too short a follow-up.
    """
    return page.view.period if Period.parse(page.view.period).level == "year" else "all"


def period_note(page: Page) -> tuple[str, ...]:
    """Return the note that the chosen period does not apply, if it does not."""
    return () if period_of(page) == page.view.period else (page.t("outcomes.everyone"),)


def groups(page: Page, rows: Sequence[Row], points: Sequence[CurvePoint], by: str) -> tuple[FollowedGroup, ...]:
    """Return the groups of a breakdown in the order to draw them. by: a dimension, `period` (cohorts) or `metric`."""

    def key(item: Row | CurvePoint) -> str:
        return str(getattr(item, by)) if by in ("period", "metric") else item.codes[by]

    sizes: dict[str, float] = {}
    metrics: dict[str, str] = {}
    for row in rows:
        metrics.setdefault(key(row), row.metric)
        sizes[key(row)] = max(sizes.get(key(row), 0.0), row.n or 0.0)
    labels = distinct({code: _label(page, metric, by, code) for code, metric in metrics.items()})
    found = [
        FollowedGroup(code, labels[code], size, tuple(point for point in points if key(point) == code))
        for code, size in sizes.items()
    ]
    if by not in (*ORDERED, "metric"):
        found.sort(key=lambda group: (is_unknown(metrics[group.code], by, group.code), -group.size))
    return tuple(found)


def _label(page: Page, metric: str, by: str, code: str) -> str:
    if by == "period":
        return formats.period_label(code, page.t.lang)
    return page.t(f"outcomes.curve.{code}") if by == "metric" else page.label(metric, by, code)


def show_curves(page: Page, shown: Figure, found: FigureRows, every: Sequence[FollowedGroup], corner: str) -> None:
    """Draw the curves of the groups that have one, with a note on groups without."""
    t = page.t
    able = [group for group in every if group.points]
    most = MOST_SERIES if corner in ORDERED else MOST_CURVES
    drawn = [CurveSeries(group.code, group.label, group.points) for group in able[:most]]
    marks = [t("outcomes.interval" if len(drawn) <= MOST_BANDS else "outcomes.intervals_in_table")]
    if len(able) > most:
        marks += [t("outcomes.most", count=most), t("figure.all_in_table")]
    notes = []
    if len(able) < len(every):
        without = ", ".join(group.label for group in every if not group.points)
        notes.append(t("outcomes.no_curve", names=without))
    noted = replace(shown, notes=(*shown.notes, *notes), marks=(*shown.marks, *marks))
    chart = curves(drawn, t, x_title=t("outcomes.months_since"), y_title=shown.unit)
    table = curve_table(page, [CurveSeries(group.code, group.label, group.points) for group in able])
    figure.show(page, noted, found, chart, table, nothing=not able)


def curve_table(page: Page, drawn: Sequence[CurveSeries]) -> Table:
    """Return a table of curves at the end of every month since the start, with intervals; a dash after a curve's end."""
    t = page.t
    last = max((curve.points[-1].day for curve in drawn), default=0)
    lines = []
    for day in month_ends(last):
        steps = [curve.at(day) for curve in drawn]
        if any(steps):
            lines.append(Line(formats.number(day, t.lang), tuple(values.step(step, t) for step in steps)))
    return Table((t("outcomes.days_since"), *(curve.label for curve in drawn)), tuple(lines))


def show_shares(page: Page, shown: Figure, found: FigureRows, x: str, order: Sequence[str], corner: str) -> None:
    """Draw shares at 6, 12 and 24 months as dots with intervals. order: keys of x in the order to draw.

    For whom the situation is known is in the table.
    """
    t = page.t

    def place(cell: DataPoint) -> int:
        return order.index(cell.x) if cell.x in order else len(order)

    every = page.cells(found.rows, x=x, series="horizon")
    cells = sorted((_with_interval(cell) for cell in every), key=place)
    known = sorted(_known(page, found.rows, every), key=place)
    drawn = [cell for cell in cells if any(c.value is not None for c in cells if c.x == cell.x)]
    notes = [t("outcomes.shares.note")]
    if len(drawn) < len(cells):
        left = names((cell for cell in cells if cell not in drawn), x_of)
        notes.append(t("outcomes.no_share", names=", ".join(left.values())))
    noted = replace(shown, notes=(*shown.notes, *notes), marks=(*shown.marks, t("outcomes.interval")))
    figure.show(page, noted, found, dots(drawn, t, x_title=shown.unit), pivot([*cells, *known], corner))


def _known(page: Page, rows: Sequence[Row], cells: Sequence[DataPoint]) -> list[DataPoint]:
    """Return, for rows with a known part, the data point of it, which is for the table only."""
    found = []
    for row, cell in zip(rows, cells, strict=True):
        shown = values.known(row, page.t)
        if row.horizon is not None and shown is not None:
            name = page.t("outcomes.known", months=page.t("months", count=row.horizon))
            found.append(replace(cell, series=f"known_{row.horizon}", series_label=name, shown=shown))
    return found


def _with_interval(cell: DataPoint) -> DataPoint:
    return replace(cell, shown=values.with_interval(cell.shown, cell.lower, cell.upper))

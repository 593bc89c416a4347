"""Figures used by several pages: bars by one dimension with the year before, a heat map of two, and lines over time."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Each, Period
from pages.charts.bars import bars
from pages.charts.heatmap import heatmap
from pages.charts.lines import lines
from pages.figures import figure, lacking_marks, target_marks, two_places, untold
from pages.figures.figure import Figure
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import sentences
from pages.view.points import (
    DataPoint,
    by_size,
    chosen_first,
    in_order,
    largest_label,
    names,
    series_of,
    starred,
    turned,
    with_data,
    x_of,
)
from pages.view.table import pivot

MOST_BARS = 15


def bars_by(
    page: Page, metric: str, dimension: str, *, key: str, title: str, unit: str, alt: Callable[[str], str], corner: str,
    sign: str = "", notes: Sequence[str] = (), period: str | None = None,
) -> None:  # fmt: skip
    """Draw bars of a count or share by one dimension, largest first, with the same period a year before.

    The table has all codes, the chart those of which something is told, now or then. alt: returns the chart's text
    alternative, given the label of the largest; corner: heading of the table's first column; sign: "%" for shares; period:
    instead of the view's.
    """
    t = page.t
    found = page.ask(metric, by=(dimension,), period=period)
    main = tuple(filter(is_main, found.rows))
    cells = lacking_marks.of_places(page, main, found.answer, dimension)
    order = by_size(cells, x_of)
    before: tuple[DataPoint, ...] = ()
    then = page.ask_before(metric, by=(dimension,), period=period)
    if then is not None and then.rows:
        named = page.before_label
        earlier = page.cells(tuple(filter(is_main, then.rows)), x=dimension)
        before = tuple(replace(c, series="before", series_label=named) for c in earlier)
        period = sentences.period_text(then.composed.question.period, t)
    left = untold.untold(cells, x_of, (found.marked_code, *(cell.x for cell in before if not cell.hidden)))
    able = [code for code in order if code not in left]
    notes = (*notes, *more(page, len(able), MOST_BARS), *untold.note(page, left.values()))
    if found.marked_code not in able[:MOST_BARS]:
        able = [*chosen_first(able, found.marked_code)]
    drawn = in_order([cell for cell in cells if cell.x in able], able, x_of)[:MOST_BARS]
    marks = figure.tick_note(drawn, before, page, period or "")
    alt_text = alt(largest_label(cells, x_of))
    pick = page.picking(dimension)
    chart = bars(
        starred(drawn), t, x_title=unit, unit=sign, before={c.x: c for c in before}, marked=found.marked_code,
        is_picked=pick is not None,
    )  # fmt: skip
    every = [*in_order(cells, order, x_of), *in_order(before, order, x_of)]
    table = lacking_marks.in_table(pivot(every, corner), every, page)
    marks = (*marks, *lacking_marks.note(drawn, page, "star"))
    notes = (*notes, *figure.hidden_note(cells if left else drawn, page))
    shown = Figure(key, title, alt_text, unit, notes, marks=marks)
    figure.show(page, shown, found, chart, table, pick=pick)


def heat(
    page: Page,
    shown: Figure,
    found: FigureRows,
    cells: Sequence[DataPoint],
    *,
    rows: Sequence[str],
    columns: Sequence[str],
    corner: str,
    of: tuple[str, str],
) -> None:
    """Draw a heat map with `DataPoint.series` as rows and `DataPoint.x` as columns.

    rows, columns: codes in the order shown, others are left out; the chart has those alone of which something is told.
    corner: heading of the table's first column; of: what columns and rows are codes of: dimensions, or `metric`.
    """
    kept = [cell for cell in cells if cell.x in columns and cell.series in rows]
    every = lacking_marks.in_names(in_order(in_order(kept, columns, x_of), rows, series_of))
    without = untold.untold(every, series_of) | untold.untold(in_order(every, columns, x_of), x_of)
    drawn = [cell for cell in every if cell.x not in without and cell.series not in without]
    across = names(in_order(drawn, columns, x_of), x_of)
    down = tuple(names(drawn, series_of))
    pick = page.picking(*of)
    chart = heatmap(drawn, page.t, columns=tuple(across), rows=down, value_title=shown.unit, is_picked=pick is not None)
    notes = (*shown.notes, *untold.note(page, without.values()), *figure.hidden_note(every, page))
    table = pivot(turned(every), corner, columns=names(in_order(every, columns, x_of), x_of))
    marks = (*shown.marks, *lacking_marks.note(drawn, page, "star"))
    figure.show(page, replace(shown, notes=notes, marks=marks), found, chart, table, pick=pick)


def over_time(
    page: Page, *metrics: str, key: str, title: str, alt: str, unit: str, corner: str, sign: str = "",
    notes: Sequence[str] = (), goal: str | None = None, height: int = 260, titled: bool = False,
    period: str | None = None,
) -> None:  # fmt: skip
    """Draw metrics of one fact as lines over the months of the chosen period, with notes.

    Another place beside one's own has a line of its own where there is one metric; of several it is in the table. goal:
    the metric whose target is drawn; sign, corner: as for bars; titled: the page has drawn the title itself; period: a year,
    instead of the chosen period.
    """
    t = page.t
    each: Each = "month"
    if period is None:
        period, each = course(page)
    found = page.ask(*metrics, each=each, period=period)
    cells = course_cells(page, found)
    rows = there(page, *metrics, each=each, period=period)
    if is_two := bool(rows) and len(metrics) == 1:
        other = lacking_marks.cells(page, rows, found.answer, x="period")
        cells = two_places.as_lines(page, cells, other)
    table, said = (cells, ()) if is_two else beside_in_table(page, cells, rows, "metric", metrics)
    beside = target_marks.marks(page, goal, [cell.x for cell in cells])
    # A line that no file tells of would have a mark below every month, as if its numbers were hidden.
    drawn = with_data(cells)
    without = dict.fromkeys(cell.series_label for cell in cells if cell not in drawn)
    said += (t("figure.without_data", names=", ".join(map(sentences.plain, without))),) if without else ()
    chart = lines(
        drawn, t, y_title=unit, unit=sign, height=height, target=beside.goals, notes=beside.flags, named=is_two
    )  # fmt: skip
    marks = (*figure.line_marks(drawn, page), *beside.legend)
    shown = Figure(key, title, alt, unit, (*notes, *said, *figure.hidden_note(cells, page)), marks=marks)
    figure.show(
        page, shown, found, chart, lacking_marks.in_table(pivot(table, corner), table, page), titled=titled
    )  # fmt: skip


def course_cells(page: Page, found: FigureRows, series: str = "metric") -> tuple[DataPoint, ...]:
    """Return the data points of a figure over time, of periods that have ended, with what the data lack of each."""
    return lacking_marks.cells(page, ended(page, found.rows), found.answer, x="period", series=series)


def there(page: Page, *metrics: str, by: Sequence[str] = (), each: Each, period: str) -> list[Row]:
    """Return the other place's rows of a figure over time, of periods that have ended; none without another place."""
    found = page.ask_beside(*metrics, by=by, each=each, period=period)
    return [row for row in ended(page, found.rows) if row.metric in metrics] if found else []


def beside_in_table(
    page: Page, cells: Sequence[DataPoint], rows: Sequence[Row], series: str, order: Sequence[str]
) -> tuple[tuple[DataPoint, ...], tuple[str, ...]]:
    """Return the data points of a table with those of another place, and the note that these are there and have no line.

    More lines than the chart has of one's own could not be told apart. rows: the other place's; series, order: of the lines.
    """
    if not rows:
        return tuple(cells), ()
    note = page.t("figure.beside.table", own=two_places.own_name(page), other=page.before_label)
    return (*cells, *two_places.in_table(page, rows, series, order)), (note,)


def more(page: Page, there_are: int, shown: int) -> tuple[str, ...]:
    """Return the note that a chart shows only the largest groups, if it does."""
    return (page.t("figure.more", count=shown), page.t("figure.all_in_table")) if there_are > shown else ()


def course(page: Page) -> tuple[str, Each]:
    """Return period and step of a figure over time: months of the chosen year or year to date; for all time, quarters."""
    period = Period.parse(page.view.period)
    if period.level in ("month", "quarter") and period.last_day:
        # A single month or quarter is too short for a line.
        period = Period(period.year, period.last_day.month, "ytd")
    return str(period), "quarter" if period.level == "all" else "month"


def ended(page: Page, rows: Sequence[Row]) -> list[Row]:
    """Return the rows of periods that have ended, since a part of a quarter would look like a fall; all rows for exact values."""
    return [row for row in rows if page.view.exact or page.has_ended(row.period)]

"""The figures of a package that stand on pages of their own: each metric by one dimension, and by the package's periods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from data.texts import Texts, capital
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Period, default_period
from metrics.grammar.question import Question, QuestionError
from metrics.measures.gaps import said
from metrics.model.definition import Definition, definitions
from metrics.model.dimensions import has_unknown
from metrics.packages.asking import ask_package
from metrics.packages.lacking import lacking_in
from metrics.packages.opening import Package
from pages.charts.bars import bars
from pages.charts.template import Plot
from pages.i18n import formats
from pages.view import points, states
from pages.view.points import DataPoint, by_size, in_order, x_of
from pages.view.sentences import metric_by, period_text, unit_text
from pages.view.standing import standing_of
from pages.view.table import Line, Table, pivot
from pages.view.values import Value, counted, published

FIRST = ("language", "municipality", "topic", "service")
"""Dimensions by which a metric is shown, where it can be: the first that has values."""
MOST_BARS = 15


@dataclass(frozen=True)
class SiteFigure:
    """A figure. summary: the metric as a whole; stands_on: what that stands on; periods: its values by period; lacks: what the
    data lack of all these, in words; by, by_title, chart, table, more: its breakdown, if any, and what the chart leaves out.
    """

    definition: Definition
    title: str
    summary: str
    period: str
    unit: str
    periods: Table
    notes: tuple[str, ...]
    stands_on: str = ""
    lacks: tuple[str, ...] = ()
    by: str = ""
    by_title: str = ""
    alt: str = ""
    chart: Plot | None = None
    table: Table | None = None
    more: tuple[str, ...] = ()
    is_without_data: bool = False
    """Whether no file of the publisher has what it needs."""


def period_of(package: Package) -> str:
    """Return the period that is shown: the year so far, else the last of the package."""
    held, wanted = package.about.periods, str(default_period(package.about.until))
    return wanted if wanted in held else max(held, key=lambda one: str(Period.parse(one).last_day or ""))


def figures_of(package: Package, t: Texts) -> Iterator[SiteFigure]:
    """Yield the figures of the metrics that are counted as here, in the order of the catalogue."""
    for metric in definitions():
        if metric in package.about.definitions and metric not in package.other_definitions:
            found = figure_of(package, metric, t)
            if found is not None:
                yield found


def figure_of(package: Package, metric: str, t: Texts) -> SiteFigure | None:
    """Return the figure of a metric; None where nothing of it is published."""
    definition, period = definitions()[metric], period_of(package)
    wholes = {one: _rows(package, metric, (), one) for one in package.about.periods}
    by, rows = _broken_down(package, definition, period)
    if not rows and not any(wholes.values()):
        return None
    whole = next(iter(wholes[period]), None)
    text = published(whole, t, unit=True).text if whole else t("site.no_whole")
    periods = Table(
        (capital(t("cli.period")), capital(t("cli.value")), "n"),
        tuple(
            Line(capital(period_text(one, t)), (published(row, t, unit=True), counted(row.n, t)))
            for one, found in wholes.items()
            for row in found
        ),
    )
    name, unit = definition.name[t.lang], unit_text(definition, t)
    seen = {row.state for row in (*rows, *(row for found in wholes.values() for row in found))}
    stands_on = "" if definition.kind == "count" or whole is None else ", ".join(standing_of(whole, t))
    made = SiteFigure(
        definition, name, text, period, unit, periods, states.notes(seen, t), stands_on, is_without_data=seen == {"no_data"}
    )  # fmt: skip
    asked = Question((metric,), (by,) if by else (), period="all")
    made = replace(made, lacks=lacks_of(asked, package, t))
    return _with_chart(made, by, rows, t) if rows else made


def lacks_of(question: Question, package: Package, t: Texts) -> tuple[str, ...]:
    """Return what files lack for a question in words, as one note or none."""
    found = lacking_in(question, package.about)
    words = t("gaps.untold") if found is None else said(found, t.lang)
    return (words,) if words else ()


def _with_chart(made: SiteFigure, by: str, rows: tuple[Row, ...], t: Texts) -> SiteFigure:
    cells = points.cells(rows, t, {}, x=by)
    ordered = in_order(cells, by_size(cells, x_of), x_of)
    drawn, dimension = ordered[:MOST_BARS], t("dimension." + by)
    sign = "%" if made.definition.unit == "%" else ""
    largest = next(cell for cell in ordered if cell.value is not None)
    title = metric_by(made.definition.id, (by,), t)
    alt = t("site.alt", title=title, name=largest.x_label, value=largest.text)
    more = (f"{t('figure.more', count=MOST_BARS)} {t('figure.all_in_table')}",) if len(ordered) > MOST_BARS else ()
    chart = bars(drawn, t, x_title=made.unit, unit=sign)
    stands = {row.codes[by]: counted(row.n, t) for row in rows}
    table = _with_n(pivot(ordered, dimension), ordered, stands)
    return replace(made, by=dimension, by_title=title, alt=alt, chart=chart, table=table, more=more)


def _with_n(table: Table, cells: list[DataPoint], stands: dict[str, Value]) -> Table:
    """Return a table of one series with what each value stands on."""
    codes = list(dict.fromkeys(cell.x for cell in cells))
    lines = (Line(line.name, (*line.values, stands[code])) for line, code in zip(table.lines, codes, strict=True))
    return Table((*table.header, "n"), tuple(lines))


def _broken_down(package: Package, definition: Definition, period: str) -> tuple[str, tuple[Row, ...]]:
    """Return the first dimension by which a metric has values, with its rows; no rows where there is none."""
    wanted = definition.requires or (*(one for one in FIRST if one in definition.allowed), *definition.allowed)
    for by in dict.fromkeys(wanted):
        rows = _rows(package, definition.id, (by,), period)
        if any(row.value is not None and not has_unknown(row.metric, row.codes) for row in rows):
            return by, rows
    return "", ()


def _rows(package: Package, metric: str, by: tuple[str, ...], period: str) -> tuple[Row, ...]:
    try:
        return tuple(filter(is_main, ask_package(Question((metric,), by, period=period), package).rows))
    except QuestionError:
        return ()


def source_of(package: Package, definition: Definition, t: Texts) -> str:
    """Return where a figure comes from, who has published it, and when its data end."""
    about = package.about
    day = formats.day(about.until, t.lang)
    told = t("package.source", publisher=about.publisher, release=about.release, day=day)
    return f"{t('figure.source', source=t('source.' + definition.fact))}. {told}"

"""Charts of slides: bars, lines, curves or a heat map of published values, each with a table of the same values."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace

from data.texts import Texts, capital
from metrics.briefings import comparison
from metrics.briefings.freezing import Answered
from metrics.grammar.answer import CurvePoint, Row
from metrics.measures.evidence import place_of
from metrics.measures.gaps import named, within
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, label
from metrics.model.facts.months import HORIZON_DAYS, month_end
from metrics.model.labels import distinct
from pages.briefings import areas
from pages.briefings.municipalities import municipalities
from pages.briefings.picture import Picture
from pages.briefings.routes import routes
from pages.charts.bars import ARROW, bars
from pages.charts.curves import CurveSeries, curves
from pages.charts.heatmap import heatmap
from pages.charts.lines import lines
from pages.i18n import formats
from pages.view import states
from pages.view.points import (
    DataPoint,
    by_size,
    cells,
    in_order,
    names,
    series_of,
    starred,
    turned,
    with_distinct_labels,
    x_of,
)
from pages.view.table import Line, Table, pivot, with_lacks
from pages.view.values import Value, published, step, with_interval


@dataclass(frozen=True)
class Most:
    """How much of an answer a chart of a slide draws, so that it is read from ten metres."""

    bars: int = 8
    lines: int = 5
    curves: int = 4
    rows: int = 8
    columns: int = 6


ALONE, BESIDE = Most(), Most(bars=5, lines=4, curves=3, rows=6, columns=4)


def picture(
    answered: Answered, rows: tuple[Row, ...], t: Texts, places: Places, *, beside: bool = False
) -> Picture | None:
    """Return the chart of a figure of a slide; None for a big number, and when nothing may be drawn.

    beside: whether another figure stands beside it, so that there is less room.
    A curve is drawn by its own steps: it is there also when no row has a value (a median that is not reached yet).
    """
    most = BESIDE if beside else ALONE
    if answered.slide.kind == "curve":
        return _curves(answered, t, places, most)
    if answered.areas:
        return _areas(answered, t)
    if all(row.value is None for row in rows):
        return None
    match answered.slide.kind:
        case "lines":
            return _lines(answered, rows, t, places, most)
        case "heat":
            return _heat(answered, rows, t, places, most)
        case "bars":
            return _bars(answered, rows, t, places, most)
        case "flow":
            return routes(answered, rows, t, places, beside=beside)
        case "map":
            drawn = municipalities(answered, rows, t, places, beside=beside)
            return drawn or _bars(answered, rows, t, places, most)
    return None


def _bars(answered: Answered, rows: tuple[Row, ...], t: Texts, places: Places, most: Most) -> Picture:
    made = _grouped(rows, answered, t, places)
    before = [
        replace(cell, series="before", series_label=t("before." + answered.slide.against))
        for cell in _grouped(comparison.own(answered.before, answered), answered, t, places)
    ]
    order = by_size(made, x_of)
    told = {_key(row, answered.slide.by) for row in comparison.named(answered)}
    shown = in_order([cell for cell in made if cell.x in _kept(order, most.bars, told)], order, x_of)
    unit, sign = _unit(answered, t)
    chart = bars(starred(shown), t, x_title=unit, unit=sign, before={cell.x: cell for cell in before})
    corner = ARROW.join(t("dimension." + name) for name in answered.slide.by)
    every = [*in_order(made, order, x_of), *in_order(before, order, x_of)]
    table = with_lacks(pivot(every, corner), every, t("table.lacks"))
    notes = [t("slide.tick", when=t("when." + answered.slide.against))] if before else []
    leaves_out = len(made) > len(shown)
    if leaves_out:
        notes.append(_more(order, [cell.x for cell in shown], t))
    if any(cell.is_of_rest for cell in shown):
        notes.append(t("figure.star"))
    return Picture(chart, table, tuple(notes), leaves_out)


def _areas(answered: Answered, t: Texts) -> Picture | None:
    cells = areas.cells(answered, t)
    if all(cell.hidden for cell in cells):
        return None
    unit, sign = _unit(answered, t)
    chart = bars(cells, t, x_title=unit, unit=sign, marked=areas.own(answered))
    return Picture(chart, areas.table(answered, t), areas.notes(answered, t))


def _grouped(rows: Sequence[Row], answered: Answered, t: Texts, places: Places) -> tuple[DataPoint, ...]:
    """Return one data point per row, labelled by all its dimensions together."""
    by = answered.slide.by
    return with_distinct_labels(
        DataPoint(
            _key(row, by), _label(row, by, t, places),
            "now", definitions()[row.metric].name[t.lang], row.value, published(row, t), row.lower, row.upper,
            lacks=named(within(answered.lacking, row), t.lang) if place_of(row.codes, {}) else "",
        )
        for row in rows
    )  # fmt: skip


def _key(row: Row | CurvePoint, by: Sequence[str]) -> str:
    return " ".join(row.codes[name] for name in by)


def _label(row: Row | CurvePoint, by: Sequence[str], t: Texts, places: Places) -> str:
    return ARROW.join(label(row.metric, name, row.codes[name], t.lang, places) for name in by)


def _lines(answered: Answered, rows: tuple[Row, ...], t: Texts, places: Places, most: Most) -> Picture:
    by = answered.slide.by
    made = [
        replace(cell, lacks=named(within(answered.lacking, row), t.lang))
        for cell, row in zip(cells(rows, t, places, x="period", series=by[0] if by else "metric"), rows, strict=True)
    ]
    order = by_size(made, series_of)
    drawn = _kept(order, most.lines, {row.codes[by[0]] for row in comparison.named(answered)})
    shown = in_order([cell for cell in made if cell.series in drawn], order, series_of)
    years = {row.period[:4] for row in rows}
    if len(years) == 1:
        # The year is in the headline and the footnotes.
        shown = [replace(cell, x_label=cell.x_label.removesuffix(f" {next(iter(years))}")) for cell in shown]
    unit, sign = _unit(answered, t)
    chart = lines(shown, t, y_title=unit, unit=sign, height=300)
    more = (_more(order, drawn, t),) if len(order) > most.lines else ()
    hidden = states.notes((cell.state for cell in shown), t)
    hollow = (t("figure.hollow"),) if any(cell.is_of_rest for cell in shown) else ()
    every = in_order(made, order, series_of)
    table = with_lacks(pivot(every, t("chart.period")), every, t("table.lacks"))
    return Picture(chart, table, (*more, *hollow, *hidden), bool(more))


def _heat(answered: Answered, rows: tuple[Row, ...], t: Texts, places: Places, most: Most) -> Picture:
    down, across = answered.slide.by
    made = cells(rows, t, places, x=across, series=down)
    told = comparison.named(answered)
    columns = _kept(by_size(made, x_of), most.columns, {row.codes[across] for row in told})
    lines_down = _kept(by_size(made, series_of), most.rows, {row.codes[down] for row in told})
    kept = [cell for cell in made if cell.x in columns and cell.series in lines_down]
    shown = in_order(in_order(kept, columns, x_of), lines_down, series_of)
    unit, _ = _unit(answered, t)
    across_order = tuple(names(in_order(shown, columns, x_of), x_of))
    chart = heatmap(shown, t, columns=across_order, rows=tuple(names(shown, series_of)), value_title=unit)
    return Picture(chart, pivot(turned(made), t("dimension." + down)))


def _curves(answered: Answered, t: Texts, places: Places, most: Most) -> Picture | None:
    by = answered.slide.by
    sizes = {_key(row, by): row.n or 0 for row in answered.whole}
    labels = distinct({_key(row, by): _label(row, by, t, places) for row in answered.whole})
    found = []
    for key in sizes:
        own = tuple(point for point in answered.curves if _key(point, by) == key)
        if own:
            found.append(CurveSeries(key, labels[key] or definitions()[answered.slide.metric].name[t.lang], own))
    if not found:
        return None
    found.sort(key=lambda curve: -sizes[curve.key])
    order = [curve.key for curve in found]
    drawn = _kept(order, most.curves, {_key(row, by) for row in comparison.named(answered)})
    shown = [curve for curve in found if curve.key in drawn]
    chart = curves(shown, t, x_title=t("outcomes.months_since"), y_title=t("slide.percent"))
    table = Table(
        (capital(t("outcomes.months_since")), *(curve.label for curve in found)), _at_horizons(answered, found, t)
    )
    notes = (_more(order, drawn, t),) if len(found) > most.curves else ()
    return Picture(chart, table, (t("outcomes.interval"), *notes), bool(notes))


def _at_horizons(answered: Answered, drawn: Sequence[CurveSeries], t: Texts) -> tuple[Line, ...]:
    """Return the lines of a curve's table: each group at every horizon, as the rows that the headline says.

    A metric that is a median has no such rows; its curve is read on the day on which the horizon ends.
    """
    rows = {(_key(row, answered.slide.by), row.horizon): row for row in answered.whole if row.horizon}

    def value(curve: CurveSeries, months: int) -> Value:
        row = rows.get((curve.key, months))
        return with_interval(published(row, t), row.lower, row.upper) if row else step(curve.at(month_end(months)), t)

    return tuple(
        Line(t("months", count=months), tuple(value(curve, months) for curve in drawn)) for months in HORIZON_DAYS
    )


def _kept(order: Sequence[str], most: int, told: Collection[str]) -> tuple[str, ...]:
    """Return the keys to draw, in order: those that the headline tells of, and the first others, at most `most` in all."""
    others = [key for key in order if key not in told][: max(0, most - len(told))]
    return tuple(key for key in order if key in told or key in others)


def _more(order: Sequence[str], drawn: Sequence[str], t: Texts) -> str:
    """Return that there are more groups than are drawn, and which these are."""
    largest = set(drawn) == set(order[: len(drawn)])
    return t("figure.more" if largest else "slide.more", count=len(drawn), of=len(order))


def _unit(answered: Answered, t: Texts) -> tuple[str, str]:
    """Return the title of the value axis and the sign after its numbers (`%` or empty)."""
    unit = definitions()[answered.slide.metric].unit
    if unit == "%":
        return t("slide.percent"), "%"
    return formats.unit_text(unit, 2, t) or definitions()[answered.slide.metric].name[t.lang], ""

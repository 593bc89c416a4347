"""Common parts of all charts: colours, shapes, fonts, axes, legend, locale, and the look of suppressed values.

Charts name the class of each channel (`alt.Text("text:N")`, `alt.ColorValue(…, condition=…)`): to find the class of a plain
string, `alt.value` or `alt.condition` Altair compares all its schemas, 2 to 7 ms each time, together more than a third of a page.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Literal

import altair as alt

from data.texts import Texts, percent_sign
from pages.charts.template import slot
from pages.i18n import formats
from pages.theme.colours import light, numbered
from pages.view import letters
from pages.view.points import DataPoint

COLOURS = numbered("series")
SHAPES = ("circle", "square", "triangle-up", "diamond", "cross", "triangle-down", "triangle-right", "triangle-left")
DASHES = ([1, 0], [6, 3], [2, 2], [8, 3, 2, 3], [12, 4], [4, 4], [1, 3], [10, 2, 4, 2])
MOST_SERIES = len(COLOURS)

ACCENT = COLOURS[0]
MUTED = light("muted")
"""Colour of bars that are not highlighted; 3:1 contrast is not required, since each has its value as text."""
GROUND, TEXT, QUIET, GRID, LINE = map(light, ("ground", "text", "quiet", "grid", "line"))
HIDDEN_FILL = light("hidden")
_LEGEND_SYMBOL = 30
"""Pixels beside the name of a series in a legend: its symbol, and the room before the next."""
FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', sans-serif"


def records(cells: Sequence[DataPoint]) -> list[dict[str, Any]]:
    """Return data points as rows of chart data: published values and their texts only."""
    return [
        {
            "x": cell.x,
            "x_label": cell.x_label,
            "series": cell.series,
            "series_label": cell.series_label,
            "value": cell.value,
            "text": cell.text,
            "hidden": cell.hidden,
            **({"lacks": cell.lacks, "told": f"{cell.text} ({cell.lacks})"} if cell.is_of_rest else {}),
        }
        for cell in cells
    ]


def series(
    names: Mapping[str, str], keys: Iterable[str] | None = None, listed: Iterable[str] | None = None
) -> dict[str, Any]:
    """Return the values of the slots of series: their keys, names, colours, shapes and dashes, in order, and of their legend.

    names: by key; keys: of all series that have a colour, drawn or not; listed: those in the legend; else those with a name.
    """
    domain = list(names if keys is None else keys)
    columns = _columns([names[key] for key in (names if listed is None else listed)])
    looks: dict[str, Sequence[Any]] = {"colours": COLOURS, "shapes": SHAPES, "dashes": DASHES}
    own = {name: list(look[: len(domain)]) for name, look in looks.items()}
    return {"series": domain, "series_names": named(names), "legend_columns": columns, **own}


def _columns(listed: Sequence[str]) -> str:
    """Return a Vega expression for the most columns of a legend that have room on the plot, up to four; row by row."""
    room = [_LEGEND_SYMBOL + letters.width(len(name)) for name in listed]
    needed = {
        columns: sum(max(room[place::columns]) for place in range(columns))
        for columns in range(2, min(4, len(room)) + 1)
    }
    return "".join(f"width >= {needed[columns]} ? {columns} : " for columns in sorted(needed, reverse=True)) + "1"


def series_scale(looks: Literal["colours", "shapes", "dashes"]) -> alt.Scale:
    """Return a scale that gives each series its own look; its slots are those of `series`."""
    return alt.Scale(domain=slot("series"), range=slot(looks))


def named(names: Mapping[str, str | Sequence[str]]) -> str:
    """Return a Vega expression that gives the name of a code on an axis or in a legend; scales are always of codes.

    names: name by code, as a list of lines when it has several.
    """
    return f"{json.dumps(list(names.values()))}[indexof({json.dumps(list(names))}, datum.value)]"


NARROW = 520
"""Plot width in pixels below which a phone is assumed: slanted names, no numbers in cells."""


PHONE = 440
"""Width of a whole chart in pixels below which it is on a phone."""


def by_width(narrow: str, wide: str, *, begins: int = NARROW) -> str:
    """Return a Vega expression with one value for narrow plots and another for wide ones. begins: width of the first wide one."""
    return f"(width < {begins} ? {narrow} : {wide})"


def on_narrow(narrow: str, wide: str, *, begins: int = NARROW) -> alt.ExprRef:
    """Return the same for a property of a mark, an axis or a scale."""
    return alt.ExprRef(by_width(narrow, wide, begins=begins))


def on_phone(phone: str, wide: str) -> str:
    """Return a Vega expression with one value for a chart as wide as a phone, names and all, and another for a wider one.

    Where the names of bars stand decides how wide the plot is, so that its width cannot decide where they stand; it is named
    only so that Vega asks again when it changes.
    """
    return f"(containerSize()[0] < (width ? {PHONE} : {PHONE}) ? {phone} : {wide})"


def text_when(test: str, field: str, *, begins: int = NARROW) -> Any:
    """Return the text of a mark for plots that are `>=` wide or `<` narrow, else empty, since hidden text takes space."""
    return alt.TextValue("", condition={"test": f"width {test} {begins}", "field": field, "type": "nominal"})


def legend(t: Texts, **more: Any) -> alt.Legend:
    """Return a legend of the slots of `series` above the plot, with its description in the user's language."""
    return alt.Legend(
        title=None,
        orient="top",
        direction="horizontal",
        columns=alt.ExprRef(slot("legend_columns")),
        labelExpr=slot("series_names"),
        labelLimit=260,
        symbolSize=110,
        symbolStrokeWidth=0,
        symbolOpacity=1,
        description=t("chart.legend"),
        **more,
    )


def value_axis(t: Texts, title: str, unit: str = "", **more: Any) -> alt.Axis:
    """Return an axis of values, with whole numbers in the user's language; `%` as unit adds the percent sign."""
    expression = "format(datum.value, ',')" + (f" + '{percent_sign(t.lang)}'" if unit == "%" else "")
    return alt.Axis(
        title=title, labelExpr=expression, tickMinStep=1, tickCount=5, labelOverlap="parity", labelSeparation=8,
        description=title, **more,
    )  # fmt: skip


def names_axis(description: str, labels: str, **more: Any) -> alt.Axis:
    """Return an axis of codes. labels: the expression for their names, from `named`."""
    return alt.Axis(title=None, description=description, labelExpr=labels, ticks=False, domainColor=QUIET, **more)


def top_of(cells: Sequence[DataPoint], at_least: float = 10) -> float:
    """Return the upper end of a value axis, from published values only."""
    return max((cell.value for cell in cells if cell.value is not None), default=at_least) or at_least


def finished(chart: Any, t: Texts) -> alt.Chart:
    """Return the chart with the common configuration and the user's locale; its text alternative is set by `figure`."""
    text = {"labelFont": FONT, "titleFont": FONT, "labelColor": QUIET, "titleColor": QUIET}
    done: alt.Chart = chart.properties(background=GROUND).configure(
        locale=formats.vega_locale(t.lang),
        font=FONT,
        padding={"left": 4, "right": 24, "top": 6, "bottom": 4},
        autosize=alt.AutoSizeParams(type="fit", contains="padding", resize=True),
        axis={
            **text,
            "labelFontSize": 12,
            "titleFontSize": 12,
            "titleFontWeight": "normal",
            "gridColor": GRID,
            "tickColor": GRID,
        },
        legend={**text, "labelFontSize": 12, "labelColor": TEXT},
        view={"stroke": None},
        aria=True,
    )
    return done

"""Data points of charts and tables: a key on each of two axes, the published value, and the value as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from data.texts import Texts
from metrics.gate import State
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, is_unknown, label
from metrics.model.labels import distinct
from pages.i18n import formats
from pages.view.values import NOTHING, Value, published

REST = " *"
"""Stands after a value that is of the rest of what it is about."""
AXES_BESIDE_DIMENSIONS = ("metric", "period", "horizon", "quantile")


@dataclass(frozen=True)
class DataPoint:
    """One value of a figure. x and series are keys; the labels are their names.

    value: as drawn, None where there is none, never 0 instead; over the highest published percentage, that limit; state: what is
    known of it; shown: the value as text; lower, upper: 95 % interval; x_unknown, series_unknown: the code there means "not
    known"; lacks: what the data lack of it, in words, where the value is of the rest.
    """

    x: str
    x_label: str
    series: str
    series_label: str
    value: float | None
    shown: Value
    lower: float | None = None
    upper: float | None = None
    x_unknown: bool = False
    series_unknown: bool = False
    state: State = "shown"
    lacks: str = ""

    @property
    def is_of_rest(self) -> bool:
        """Whether there is a value, of a part of what it is about."""
        return bool(self.lacks) and not self.hidden

    @property
    def text(self) -> str:
        """The value as text."""
        return self.shown.text

    @property
    def hidden(self) -> bool:
        """Whether the value is suppressed; `text` then holds its bound."""
        return self.value is None

    @property
    def is_told(self) -> bool:
        """Whether anything is told of the value: a number, or a bound."""
        return not self.hidden or self.shown.short not in ("", NOTHING.text)


def cells(rows: Iterable[Row], t: Texts, places: Places, *, x: str, series: str = "metric") -> tuple[DataPoint, ...]:
    """Return rows as data points, in their order.

    x, series: a dimension of the rows, `metric`, `period`, `horizon` or `quantile`.
    """
    return with_distinct_labels(
        DataPoint(
            x=_key(row, x),
            x_label=_label(row, x, t, places),
            series=_key(row, series),
            series_label=_label(row, series, t, places),
            value=drawn(row),
            shown=published(row, t),
            lower=row.lower,
            upper=row.upper,
            x_unknown=_unknown(row, x),
            series_unknown=_unknown(row, series),
            state=row.state,
        )
        for row in rows
    )


def starred(found: Iterable[DataPoint]) -> list[DataPoint]:
    """Return data points for a chart of places, with a star after each value that is of the rest of what it is about."""
    return [replace(c, shown=replace(c.shown, text=c.text + REST)) if c.is_of_rest else c for c in found]


def drawn(row: Row) -> float | None:
    """Return a row's value as drawn: a percentage over the highest published one is drawn at it, not left out."""
    return row.bound.limit if row.value is None and row.state == "high" and row.unit == "%" and row.bound else row.value


def with_distinct_labels(found: Iterable[DataPoint]) -> tuple[DataPoint, ...]:
    """Return data points whose labels differ wherever their keys do."""
    made = tuple(found)
    across, down = distinct(names(made, x_of)), distinct(names(made, series_of))
    return tuple(
        cell
        if (cell.x_label, cell.series_label) == (across[cell.x], down[cell.series])
        else replace(cell, x_label=across[cell.x], series_label=down[cell.series])
        for cell in made
    )


def by_size(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> tuple[str, ...]:
    """Return keys (`DataPoint.x` or `DataPoint.series`) by the sum of their published values, largest first.

    Keys of equal sums stand in the order of their last data point.
    """
    sums: dict[str, float] = {}
    for cell in found:
        # What is over a bound is more than what is at it.
        sums[key(cell)] = sums.get(key(cell), 0.0) + (cell.value or 0.0) + (1e-6 if cell.state == "high" else 0.0)
    order = {key(cell): index for index, cell in enumerate(found)}
    return tuple(sorted(sums, key=lambda k: (-sums[k], order[k])))


def x_of(cell: DataPoint) -> str:
    """Return the key on the x axis; for `by_size`, `in_order` and `names`."""
    return cell.x


def series_of(cell: DataPoint) -> str:
    """Return the key of the series; for `by_size`, `in_order` and `names`."""
    return cell.series


def with_data(found: Sequence[DataPoint]) -> tuple[DataPoint, ...]:
    """Return the data points of the series that some file tells of; all of them where none does."""
    there = {cell.series for cell in found if cell.state != "no_data"}
    return tuple(cell for cell in found if not there or cell.series in there)


def in_order(found: Sequence[DataPoint], order: Sequence[str], key: Callable[[DataPoint], str]) -> list[DataPoint]:
    """Return data points sorted by the order of their keys; the sort is stable, and keys not in the order come last."""
    place = {code: index for index, code in enumerate(order)}
    return sorted(found, key=lambda cell: place.get(key(cell), len(place)))


def known_first(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> tuple[str, ...]:
    """Return keys in the order of `by_size`, with unknown codes at the end."""
    unknown = {key(cell) for cell in found if _has_unknown_code(cell, key)}
    return tuple(sorted(by_size(found, key), key=lambda code: code in unknown))


def chosen_first(order: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """Return the order with the chosen code first, so that it is always drawn."""
    return tuple(sorted(order, key=lambda code: code != chosen))


def largest_code(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> str | None:
    """Return the key with the largest published sum, without unknown codes; None when there is none."""
    known = [cell for cell in found if cell.value and not _has_unknown_code(cell, key)]
    return next(iter(by_size(known, key)), None)


def largest_label(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> str:
    """Return the label of the key with the largest published sum, without unknown codes; "–" when there is none."""
    code = largest_code(found, key)
    return "–" if code is None else names(found, key)[code]


def turned(found: Sequence[DataPoint]) -> list[DataPoint]:
    """Return data points with x and series exchanged."""
    return [
        replace(
            c, x=c.series, x_label=c.series_label, series=c.x, series_label=c.x_label,
            x_unknown=c.series_unknown, series_unknown=c.x_unknown,
        )
        for c in found
    ]  # fmt: skip


def names(found: Iterable[DataPoint], key: Callable[[DataPoint], str]) -> dict[str, str]:
    """Return the label of each key (`x_of` or `series_of`), in the order of the data points; the first label of a key counts."""
    labels: dict[str, str] = {}
    for cell in found:
        labels.setdefault(key(cell), cell.x_label if key is x_of else cell.series_label)
    return labels


def _key(row: Row, axis: str) -> str:
    return str(getattr(row, axis)) if axis in AXES_BESIDE_DIMENSIONS else row.codes[axis]


def _has_unknown_code(cell: DataPoint, key: Callable[[DataPoint], str]) -> bool:
    return cell.x_unknown if key is x_of else cell.series_unknown


def _unknown(row: Row, axis: str) -> bool:
    return axis not in AXES_BESIDE_DIMENSIONS and is_unknown(row.metric, axis, row.codes[axis])


def _label(row: Row, axis: str, t: Texts, places: Places) -> str:
    match axis:
        case "metric":
            return str(definitions()[row.metric].name[t.lang])
        case "period":
            return formats.period_short(row.period, t.lang)
        case "horizon":
            return t("months", count=row.horizon)
        case "quantile":
            return t(
                "quantile.half" if row.quantile == 0.5 else "quantile.other", percent=round(100 * (row.quantile or 0))
            )
    return label(row.metric, axis, row.codes[axis], t.lang, places)

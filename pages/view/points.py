"""Published rows as charts and tables use them: a place on each axis, the value, and the value as text."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.dimensions import Places, is_unknown, label
from metrics.model.labels import distinct
from pages.i18n import formats
from pages.view.values import Value, published

AXES_BESIDE_DIMENSIONS = ("metric", "period", "horizon", "quantile")


@dataclass(frozen=True)
class DataPoint:
    """One value of a figure. x and series are keys; their labels are what is shown.

    value: where a chart draws it, None when hidden, never 0; shown: the same as it is written; x_unknown, series_unknown: the
    code there says that the value is not known.
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

    @property
    def text(self) -> str:
        """The value as text."""
        return self.shown.text

    @property
    def hidden(self) -> bool:
        """The gate does not show the value; `text` says what may be said."""
        return self.value is None


def cells(rows: Iterable[Row], t: Texts, places: Places, *, x: str, series: str = "metric") -> tuple[DataPoint, ...]:
    """Rows as cells, in their order. x, series: a dimension of the rows, `metric`, `period`, `horizon` or `quantile`."""
    return with_distinct_labels(
        DataPoint(
            x=_key(row, x),
            x_label=_label(row, x, t, places),
            series=_key(row, series),
            series_label=_label(row, series, t, places),
            value=None if row.hidden else row.value,
            shown=published(row, t),
            lower=row.lower,
            upper=row.upper,
            x_unknown=_unknown(row, x),
            series_unknown=_unknown(row, series),
        )
        for row in rows
    )


def with_distinct_labels(found: Iterable[DataPoint]) -> tuple[DataPoint, ...]:
    """Cells whose labels differ wherever their keys do."""
    made = tuple(found)
    across, down = distinct(names(made, x_of)), distinct(names(made, series_of))
    return tuple(replace(cell, x_label=across[cell.x], series_label=down[cell.series]) for cell in made)


def by_size(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> tuple[str, ...]:
    """Keys (`DataPoint.x` or `DataPoint.series`) by the sum of their published values, largest first; equal ones by label."""
    sums: dict[str, float] = {}
    for cell in found:
        sums[key(cell)] = sums.get(key(cell), 0.0) + (cell.value or 0.0)
    order = {key(cell): index for index, cell in enumerate(found)}
    return tuple(sorted(sums, key=lambda k: (-sums[k], order[k])))


def x_of(cell: DataPoint) -> str:
    """The key on the x axis, for `by_size`, `in_order` and `names`."""
    return cell.x


def series_of(cell: DataPoint) -> str:
    """The key of the series, likewise."""
    return cell.series


def in_order(found: Sequence[DataPoint], order: Sequence[str], key: Callable[[DataPoint], str]) -> list[DataPoint]:
    """Cells sorted by the order of their keys; within a key as they were, keys not in the order last."""
    place = {code: index for index, code in enumerate(order)}
    return sorted(found, key=lambda cell: place.get(key(cell), len(place)))


def known_first(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> tuple[str, ...]:
    """Keys as `by_size` has them, with the unknown code at the end."""
    unknown = {key(cell) for cell in found if _says_unknown(cell, key)}
    return tuple(sorted(by_size(found, key), key=lambda code: code in unknown))


def chosen_first(order: Sequence[str], chosen: str | None) -> tuple[str, ...]:
    """The order with the chosen code at its head, so that it is always drawn."""
    return tuple(sorted(order, key=lambda code: code != chosen))


def largest_label(found: Sequence[DataPoint], key: Callable[[DataPoint], str]) -> str:
    """Label of the key with the largest published sum, unknown codes aside; "–" when there is none."""
    told = [cell for cell in found if cell.value and not _says_unknown(cell, key)]
    order = by_size(told, key)
    first = next((cell for cell in told if key(cell) == order[0]), None)
    return "–" if first is None else first.x_label if key is x_of else first.series_label


def turned(found: Sequence[DataPoint]) -> list[DataPoint]:
    """Cells with x and series exchanged."""
    return [
        replace(
            c, x=c.series, x_label=c.series_label, series=c.x, series_label=c.x_label,
            x_unknown=c.series_unknown, series_unknown=c.x_unknown,
        )
        for c in found
    ]  # fmt: skip


def names(found: Iterable[DataPoint], key: Callable[[DataPoint], str]) -> dict[str, str]:
    """Label of each key (`x_of` or `series_of`), in the order of the cells; the first label of a key counts."""
    told: dict[str, str] = {}
    for cell in found:
        told.setdefault(key(cell), cell.x_label if key is x_of else cell.series_label)
    return told


def _key(row: Row, axis: str) -> str:
    return str(getattr(row, axis)) if axis in AXES_BESIDE_DIMENSIONS else row.codes[axis]


def _says_unknown(cell: DataPoint, key: Callable[[DataPoint], str]) -> bool:
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

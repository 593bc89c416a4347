"""Data of the compare page: areas and metrics that can be compared, their values over time, and their changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.texts import Texts
from metrics.change.earlier import Earlier
from metrics.change.trend import Direction
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row, is_main
from metrics.grammar.period import Each, Period
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import is_unknown
from metrics.model.labels import distinct
from pages.figures import breakdowns, changes
from pages.i18n import formats
from pages.shell import asking
from pages.shell.asking import Composed, FigureRows, compose
from pages.shell.page import Page
from pages.view import states
from pages.view.points import DataPoint
from pages.view.state import SLOTS, Choice
from pages.view.values import Value, published

WHOLE = "all"
KINDS = ("count", "share", "rate", "index", "quantile", "mean", "time_to_event")


@dataclass(frozen=True)
class Area:
    """The whole area, a municipality, or a group of municipalities. token: its name in the URL."""

    token: str
    label: str
    dimension: str | None = None
    code: str = ""


@dataclass(frozen=True)
class Compared:
    """One area in one metric: its published value now and before, and the direction of a clear change."""

    area: Area
    now: Row | None
    before: Row | None
    trend: Direction | None


def metrics() -> tuple[str, ...]:
    """Return the ids of all metrics that can be broken down by municipality alone."""
    known = definitions().values()
    return tuple(d.id for d in known if d.kind in KINDS and "municipality" in d.allowed and not d.requires)


def token_of(choice: Choice | None) -> str:
    """Return the name of an area in the URL of this page: `all`, `853`, `region-02`."""
    if choice is None:
        return WHOLE
    return choice.code if choice.dimension == "municipality" else f"{choice.dimension}-{choice.code}"


def areas(page: Page) -> tuple[Area, ...]:
    """Return the areas with enough clients over all time to be compared; municipalities come first, the largest first."""
    t = page.t
    found = [Area(WHOLE, t("filter.all.area"))]
    for dimension in SLOTS["area"]:
        rows = [row for row in _asked(page, "clients", dimension, WHOLE).rows if (row.n or 0) >= COMPARED_FROM]
        for row in sorted(rows, key=lambda row: -(row.value or 0)):
            code = row.codes[dimension]
            if not is_unknown(row.metric, dimension, code):
                choice = Choice(dimension, code)
                name = page.label(row.metric, dimension, code)
                label = name if dimension == "municipality" else t("filter.group." + dimension, name=name)
                found.append(Area(token_of(choice), label, dimension, code))
    labels = distinct({area.token: area.label for area in found})
    return tuple(replace(area, label=labels[area.token]) for area in found)


def pair(page: Page) -> tuple[str, Earlier] | None:
    """Return the period whose change is shown and what it is compared with; None without a comparison.

    Instead of all time, which has no year before, the page compares its default period.
    """
    now = page.known.default_period if page.view.period == WHOLE else page.view.period
    side = page.earlier_than(now)
    return (now, side) if side is not None else None


def course(page: Page, metric: str, chosen: Sequence[Area], step: str) -> FigureRows:
    """Return the values of a metric for the chosen areas by quarter, or for the chosen period of each year.

    step: `quarter` or `year`. Open periods are left out. Raises QuestionError.
    """
    parts: list[FigureRows] = []
    for dimension in dict.fromkeys(area.dimension for area in chosen):
        if step == "quarter":
            parts.append(_asked(page, metric, dimension, WHOLE, each="quarter"))
        else:
            parts += [_asked(page, metric, dimension, period) for period in _years(page)]
    until = Period.parse(page.view.period).last_day
    rows = [
        row
        for row in breakdowns.ended(page, [row for part in parts for row in part.rows])
        if until is None or Period.parse(row.period).has_ended(until)
    ]
    first = parts[-1]  # of the chosen period itself
    if page.view.area is not None and token_of(page.view.area) not in {area.token for area in chosen}:
        first = replace(first, composed=replace(first.composed, left_out=(*first.composed.left_out, page.view.area)))
    return replace(first, rows=tuple(row for row in rows if is_main(row)))


def cells(page: Page, found: FigureRows, chosen: Sequence[Area]) -> list[DataPoint]:
    """Return rows as data points, area by area; values based on too few clients are not drawn."""
    t, made = page.t, []
    for area in chosen:
        for row in sorted(_of(found.rows, area), key=lambda row: Period.parse(row.period).first_day or 0):
            made.append(
                DataPoint(
                    row.period, formats.period_short(row.period, t.lang), area.token, area.label,
                    row.value if is_enough(row) else None, told(page, row),
                )
            )  # fmt: skip
    return made


def compared(page: Page, metric: str, chosen: Sequence[Area]) -> tuple[Compared, ...]:
    """Return each area's value now and before; empty without a comparison, or if the metric cannot be asked."""
    periods = pair(page)
    if periods is None:
        return ()
    made = []
    for area in chosen:
        try:
            sides = (_one(page, metric, area, periods[0]), _one_before(page, metric, area, periods[1]))
        except QuestionError:
            return ()
        made.append(Compared(area, *sides, changes.direction(page, *sides, periods[1])))
    return tuple(made)


def powers(page: Page, group: Sequence[Compared]) -> list[str]:
    """Return what change would show in the largest and the smallest of the areas that are compared."""
    periods = pair(page)
    found = sorted((one for one in group if one.trend is not None), key=lambda one: -(one.now.n or 0) if one.now else 0)
    ends = [*found[:1], *found[1:][-1:]]
    said = (changes.power_text(page, one.now, periods[1]) for one in ends) if periods else ()
    return [line for line in [*changes.notes(page), *said] if line]


def told(page: Page, row: Row | None) -> Value:
    """Return what a table says of a row: its value, or that it is based on too few clients to be compared."""
    if row is None or row.value is None or is_enough(row):
        return published(row, page.t)
    return Value(page.t("compare.few", count=COMPARED_FROM))


def is_enough(row: Row | None) -> bool:
    """Return whether a row has a value based on enough clients to be compared."""
    return row is not None and row.value is not None and (row.n or 0) >= COMPARED_FROM


def _one(page: Page, metric: str, area: Area, period: str) -> Row | None:
    rows = _of(_asked(page, metric, area.dimension, period).rows, area)
    return next((row for row in rows if is_main(row)), None)


def _one_before(page: Page, metric: str, area: Area, side: Earlier) -> Row | None:
    composed = _composed(page, metric, area.dimension, side.period)
    return next(filter(is_main, _of(asking.published_before(page.serving, side, composed).rows, area)), None)


def _asked(page: Page, metric: str, dimension: str | None, period: str, each: Each | None = None) -> FigureRows:
    return asking.published(page.serving, _composed(page, metric, dimension, period, each))


def _composed(page: Page, metric: str, dimension: str | None, period: str, each: Each | None = None) -> Composed:
    # The page has its own choice of areas, so the area of the filter bar does not apply.
    view = replace(page.view, area=None)
    return compose(view, (metric,), (dimension,) if dimension else (), period=period, each=each)


def _of(rows: Sequence[Row], area: Area) -> list[Row]:
    if area.dimension is None:
        return [row for row in rows if not row.codes.keys() & set(SLOTS["area"])]
    return [row for row in rows if row.codes.get(area.dimension) == area.code]


def _years(page: Page) -> list[str]:
    """Return the chosen period and the same period of earlier years, oldest first."""
    first = page.serving.generation.first_day
    period = Period.parse(page.known.default_period if page.view.period == WHOLE else page.view.period)
    found = [period]
    while first and (earlier := found[-1].year_before()).first_day >= first.replace(day=1):  # type: ignore[operator]
        found.append(earlier)
    return [str(one) for one in reversed(found)]


def gaps(drawn: Sequence[DataPoint], t: Texts) -> tuple[str, ...]:
    """Return why lines have gaps: numbers too small to be compared, or what the files leave open."""
    missing = {cell.state for cell in drawn if cell.hidden}
    small = missing & {"shown", "small", "low", "no_cases"}
    return (*((t("compare.gaps"),) if small else ()), *states.notes(missing - small, t))

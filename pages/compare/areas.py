"""Areas of the compare page, one's own and those of others' packages, and what is asked of them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.grammar.period import Each
from metrics.model.definition import definitions
from metrics.model.dimensions import is_unknown
from metrics.model.labels import distinct
from metrics.packages import naming
from metrics.packages.opening import Package
from pages.shell import asking
from pages.shell.asking import Composed, FigureRows, compose
from pages.shell.page import Page
from pages.view.points import REST
from pages.view.state import SLOTS, Choice
from pages.view.values import Value, is_enough, published, told_if_enough

WHOLE = naming.WHOLE
KINDS = ("count", "share", "rate", "index", "quantile", "mean", "time_to_event")


@dataclass(frozen=True)
class Area:
    """The whole area, a municipality, or a group of municipalities. token: its name in the URL; packages: where its figures are
    from, when they are another publisher's, the one first that is asked first.
    """

    token: str
    label: str
    dimension: str | None = None
    code: str = ""
    packages: tuple[Package, ...] = field(default=(), compare=False, repr=False)

    @property
    def package(self) -> Package | None:
        """The first of them; None of one's own."""
        return self.packages[0] if self.packages else None


def metrics() -> tuple[str, ...]:
    """Return the ids of all metrics that can be broken down by municipality alone."""
    known = definitions().values()
    return tuple(d.id for d in known if d.kind in KINDS and "municipality" in d.allowed and not d.requires)


def token_of(choice: Choice | None) -> str:
    """Return the name of an area in the URL of this page: `all`, `853`, `region-02`."""
    return naming.area_name(choice.dimension, choice.code) if choice else WHOLE


def areas(page: Page) -> tuple[Area, ...]:
    """Return the areas with enough clients over all time to be compared; municipalities come first, the largest first."""
    if page.serving.package is not None:  # which is one of those of others
        return ()
    t = page.t
    found = [Area(WHOLE, t("filter.all.area"))]
    for dimension in SLOTS["area"]:
        every = asking.published(page.serving, composed(page, "clients", dimension, WHOLE)).rows
        rows = [row for row in every if (row.n or 0) >= COMPARED_FROM]
        for row in sorted(rows, key=lambda row: -(row.value or 0)):
            code = row.codes[dimension]
            if not is_unknown(row.metric, dimension, code):
                choice = Choice(dimension, code)
                name = page.label(row.metric, dimension, code)
                label = name if dimension == "municipality" else t("filter.group." + dimension, name=name)
                found.append(Area(token_of(choice), label, dimension, code))
    labels = distinct({area.token: area.label for area in found})
    return tuple(replace(area, label=labels[area.token]) for area in found)


def over(page: Page, area: Area) -> Page:
    """Return the page over the figures of an area: of the packages that they are from, else of the store."""
    return replace(page, serving=page.serving.of_packages(area.packages)) if area.packages else page


def asked(page: Page, metric: str, dimension: str | None, period: str, each: Each | None = None) -> FigureRows:
    """Return the published rows of a metric by a dimension, for everything that is chosen but the area.

    Raises QuestionError; of a package also PackageError.
    """
    page.tells_of((metric,), (dimension,) if dimension else (), period)
    return asking.published(page.serving, composed(page, metric, dimension, period, each))


def composed(page: Page, metric: str, dimension: str | None, period: str, each: Each | None = None) -> Composed:
    """Return the question of `asked`."""
    # The page has its own choice of areas, so the area of the filter bar does not apply.
    view = replace(page.view, area=None)
    return compose(view, (metric,), (dimension,) if dimension else (), period=period, each=each)


def of_area(rows: Sequence[Row], area: Area) -> list[Row]:
    """Return the rows of an area."""
    if area.dimension is None:
        return [row for row in rows if not row.codes.keys() & set(SLOTS["area"])]
    return [row for row in rows if row.codes.get(area.dimension) == area.code]


def told(page: Page, row: Row | None, *, lacks: bool = False, of_rest: bool = False) -> Value:
    """Return what a table says of a row: its value, or that it is based on too few clients to be compared.

    lacks: there is no row because there are no data; of_rest: some data of the row lack, which a star says.
    """
    if row is None and lacks:
        return Value(page.t("state.no_data"))
    if row is None:
        return published(row, page.t)
    value = told_if_enough(row, page.t)
    return replace(value, text=value.text + REST) if of_rest and is_enough(row) else value

"""Municipalities on a map: published values where they are, and in words those that the map does not show."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from data.steward.boundaries import boundaries
from metrics.grammar.answer import Row
from pages.charts.place_map import place_map
from pages.charts.place_window import LEAST, near, spots
from pages.charts.template import Plot
from pages.shell.page import Page
from pages.view.points import DataPoint
from pages.view.sentences import listed, plain


@dataclass(frozen=True)
class MunicipalityMap:
    """A chart, its notes, and the key of its text alternative, which says the largest value."""

    chart: Plot
    notes: tuple[str, ...]
    alt: str


def municipality_map(
    page: Page, cells: Sequence[DataPoint], clients: Sequence[Row], *, unit: str, sign: str = "",
    around: Collection[str] = (), marked: Collection[str] = (), is_picked: bool = False,
) -> MunicipalityMap | None:  # fmt: skip
    """Return municipalities (`DataPoint.x`) on a map, as large as their published numbers of clients; None if they make none.

    clients: rows of their numbers; sign: "%" for shares; around: codes that the map is laid around; marked: codes with a thick
    edge; is_picked: whether marks can be clicked.
    """
    t = page.t
    places = spots(cells, clients, t)
    around = [place.point.x for place in places if place.point.x in around]
    around = around if len(around) >= LEAST else []
    kept = near(places, around)
    if sum(not place.point.hidden for place in kept) < LEAST:
        return None
    store = page.serving.store.path
    kept_areas = boundaries(store)
    has_areas = any(place.point.x in kept_areas.rings for place in kept)
    chart = place_map(
        kept, t, value_title=unit, people_title=t("map.clients"), unit=sign, marked=marked,
        is_picked=is_picked, areas=(lambda pixel: boundaries(store, pixel).rings) if has_areas else None,
    )  # fmt: skip
    drawn = {place.point.x for place in kept}
    missing = [plain(cell.x_label) for cell in cells if cell.x not in drawn]
    notes = [
        t("map.note.areas" if has_areas else "map.note"),
        *([t("map.outside", names=listed(missing, t), count=len(missing))] if missing else []),
        *([t("map.areas", source=kept_areas.source)] if has_areas else []), t("map.credit"),
    ]  # fmt: skip
    return MunicipalityMap(chart, tuple(notes), "map.alt.areas" if has_areas else "map.alt")

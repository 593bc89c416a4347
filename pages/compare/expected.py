"""What is expected of the areas that are compared: whether it can be told, and the numbers, worked out once for all who look."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from metrics.change.decision import spread_behind
from metrics.expected.expected import Comparison, Expectation, background, compare
from metrics.grammar.answer import Row
from metrics.grammar.question import MOST_DIMENSIONS
from metrics.memory import Memory, at_the_head
from metrics.model.definition import definitions_mark
from pages.compare.areas import Area
from pages.figures import changes
from pages.shell import asking
from pages.shell.asking import compose
from pages.shell.page import Page
from pages.view.state import View

_BYTES = 8_000
"""About as much memory as an area takes, with its margins."""
_kept: Memory[tuple[Path | None, str, str, View, str, str], Comparison] = Memory(16_000_000, at_the_head)


def why_not(page: Page, metric: str, chosen: Sequence[Area]) -> str | None:
    """Return why nothing is expected of a metric in any of the areas: its `kind`, the `filters` or the `areas`; None if it is."""
    filtered = _filtered(page)
    if not background(metric, filtered):
        return "kind"
    if len(filtered) > MOST_DIMENSIONS - 2:
        return "filters"
    return None if _own(chosen) else "areas"


def comparisons(page: Page, metric: str, chosen: Sequence[Area]) -> dict[str, Comparison]:
    """Return all areas beside what is expected of them, by the dimension of those chosen. Raises QuestionError."""
    facts = background(metric, _filtered(page))
    dimensions = dict.fromkeys(area.dimension for area in _own(chosen) if area.dimension)
    return {dimension: _compared(page, metric, dimension, facts) for dimension in dimensions}


def of_areas(made: dict[str, Comparison], chosen: Sequence[Area]) -> list[tuple[Area, Expectation]]:
    """Return the expectation of each chosen area that has one in `comparisons`."""
    return [
        (area, one)
        for area in _own(chosen)
        for one in made[area.dimension or ""].areas
        if one.row.codes[area.dimension or ""] == area.code
    ]


def _filtered(page: Page) -> list[str]:
    return [choice.dimension for choice in replace(page.view, area=None).choices]


def _own(chosen: Sequence[Area]) -> list[Area]:
    return [area for area in chosen if area.dimension and area.package is None]


def _compared(page: Page, metric: str, dimension: str, facts: Sequence[str]) -> Comparison:
    view = replace(page.view, area=None)

    def tell(by: tuple[str, ...]) -> Sequence[Row]:
        return asking.published(page.serving, compose(view, (metric,), by)).rows

    totals = changes.totals(page, page.serving.generation)

    def made() -> Comparison:
        return compare(metric, dimension, facts, tell, lambda row: spread_behind(row, totals), exact=page.view.exact)

    # To rake five facts takes a second, and whoever looks gets the same.
    key = (*page.serving.origin, definitions_mark(), replace(view, lang="fi"), metric, dimension)
    return _kept.recall(key, made, lambda found: _BYTES * (1 + len(found.areas)))

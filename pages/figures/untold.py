"""What a chart leaves out because nothing is told of it, neither a number nor a bound; the table has it, and a note its name."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence

from pages.shell.page import Page
from pages.view import sentences
from pages.view.points import DataPoint, names, x_of

NAMED = 5
"""Names in a note; the rest are counted."""


def untold(
    found: Sequence[DataPoint], key: Callable[[DataPoint], str], kept: Collection[str | None] = ()
) -> dict[str, str]:
    """Return the names, by key, of those of which nothing is told; none where nothing is told of any.

    key: `x_of` or `series_of`; kept: keys that a chart has nevertheless.
    """
    told = {key(cell) for cell in found if cell.is_told}
    return {code: name for code, name in names(found, key).items() if code not in {*told, *kept}} if told else {}


def told_bars(page: Page, cells: Sequence[DataPoint]) -> tuple[list[DataPoint], tuple[str, ...]]:
    """Return the data points of bars of which anything is told, and the note on the others."""
    left = untold(cells, x_of)
    return [cell for cell in cells if cell.x not in left], note(page, left.values())


def note(page: Page, left: Iterable[str]) -> tuple[str, ...]:
    """Return the note that says whom a chart leaves out. left: their names."""
    every = [sentences.plain(name) for name in left]
    if not every:
        return ()
    t, said = page.t, ", ".join(every[:NAMED])
    if more := len(every) - NAMED:
        said = said if more < 0 else t("figure.untold.more", names=said, count=more)
    return (t("figure.untold", names=said),)

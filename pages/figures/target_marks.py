"""Targets and notes for figures: layers of charts over time, and their texts."""

from __future__ import annotations

from collections.abc import Iterable

from data.steward.targets_and_notes import WHOLE_AREA, Ledger, Note, Target
from data.store.store import StoreError
from data.texts import Texts
from metrics.grammar.period import Period
from metrics.model.definition import OF_ANY_LENGTH, definitions
from metrics.model.dimensions import label, members
from pages.charts.marks import Flag, Goal, Marks
from pages.i18n import formats
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view.goals import goal_text
from pages.view.sentences import plain

# Re-exported, so that pages need no import from data.steward.
__all__ = ["WHOLE_AREA", "Ledger", "Note", "Target"]


def ledger_of(served: Serving) -> Ledger:
    """Return the targets and notes of the current store."""
    return Ledger.of(served.store.path)


def target(page: Page, metric: str, year: int, municipality: str = WHOLE_AREA) -> Target | None:
    """Return the target of a metric in a year, for a municipality or the whole area; None when there is none."""
    wanted = (metric, year, municipality)
    found = (one for one in ledger_of(page.serving).targets() if (one.metric, one.year, one.municipality) == wanted)
    return next(found, None)


def notes(page: Page, periods: Iterable[str], *, everywhere: bool = False) -> tuple[Note, ...]:
    """Return the notes on days within the periods, of the whole area and of the municipalities in the view.

    everywhere: of all municipalities. Raises StoreError.
    """
    spans = [Period.parse(period) for period in periods]
    return tuple(
        note
        for note in ledger_of(page.serving).notes()
        if (everywhere or _is_within(page, note.municipality)) and any(_holds(span, note) for span in spans)
    )


def marks(
    page: Page, metric: str | None, periods: Iterable[str], *, everywhere: bool = False, municipality: str = WHOLE_AREA
) -> Marks:
    """Return the targets and notes of a chart over periods; for several metrics (None) only notes.

    everywhere: the chart shows other areas than the view's; then `municipality` is the one whose target applies. When
    the file of targets and notes is damaged, the result is a footnote about it.
    """
    t = page.t
    order = tuple(dict.fromkeys(periods))
    try:
        found = notes(page, order, everywhere=everywhere)
        goals, legend = _goals(page, metric, order, municipality if everywhere else _own(page))
    except StoreError:
        # The figure itself is intact; only targets and notes cannot be read.
        return Marks(legend=(t("marks.damaged"),))
    flags = []
    for period in order:
        numbers = [str(i) for i, note in enumerate(found, 1) if _holds(Period.parse(period), note)]
        if numbers:
            flags.append(Flag(period, ", ".join(numbers)))
    if found:
        listed = "; ".join(f"**{i}** {plain(note_text(note, t))}" for i, note in enumerate(found, 1))
        legend = (*legend, t("marks.notes", notes=listed))
    return Marks(goals, tuple(flags), legend)


def _goals(
    page: Page, metric: str | None, periods: tuple[str, ...], municipality: str | None
) -> tuple[tuple[Goal, ...], tuple[str, ...]]:
    if metric is None or municipality is None:
        return (), ()
    t, unit = page.t, definitions()[metric].unit
    spans = [(period, Period.parse(period)) for period in periods]
    goals, legend = [], []
    for year in dict.fromkeys(span.year for _, span in spans):
        one = target(page, metric, year, municipality)
        if one is None:
            continue
        value = value_text(one, t)
        of_year = [(period, span) for period, span in spans if span.year == year]
        if unit in OF_ANY_LENGTH or all(span.level == "year" for _, span in of_year):
            text = t("marks.target", value=value)
            goals += [Goal(period, one.value, text) for period, _ in of_year]
            legend.append(t("marks.line", year=year, value=value))
        else:
            # A target for a whole year's count is not comparable with counts of months.
            legend.append(t("marks.in_words", year=year, value=value))
    return tuple(goals), tuple(legend)


def value_text(one: Target, t: Texts) -> str:
    """Return a target with its unit: "80 %", "3 000 asiakasta"."""
    return goal_text(one.metric, one.value, t)


def note_text(note: Note, t: Texts) -> str:
    """Return a note as text: its day, text and municipality."""
    place = "" if note.municipality == WHOLE_AREA else f" ({area_text(note.municipality, t)})"
    return f"{formats.day(note.day, t.lang)} {note.text}{place}"


def metric_text(metric: str, t: Texts) -> str:
    """Return a metric's name, or the id of a metric that no longer exists."""
    known = definitions()
    return known[metric].name[t.lang] if metric in known else metric


def area_text(municipality: str, t: Texts) -> str:
    """Return a municipality's name, or "the whole area"."""
    return (
        t("targets.everywhere") if municipality == WHOLE_AREA else label(None, "municipality", municipality, t.lang, {})
    )


def _holds(span: Period, note: Note) -> bool:
    first, last = span.first_day, span.last_day
    return first is not None and last is not None and first <= note.day <= last


def _own(page: Page) -> str | None:
    """Return the area whose target applies to the view; None when other filters limit it."""
    others = [choice for choice in page.view.choices if choice.dimension != "municipality"]
    if others:
        return None
    return page.view.area.code if page.view.area else WHOLE_AREA


def _is_within(page: Page, municipality: str) -> bool:
    area = page.view.area
    if area is None or municipality == WHOLE_AREA:
        return True
    if area.dimension == "municipality":
        return area.code == municipality
    return municipality in members(area.dimension, area.code)

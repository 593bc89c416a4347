"""Published values of many metrics, now and before, with as few questions as possible."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from metrics.grammar.answer import Row
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, definitions
from metrics.model.needs import needs
from pages.figures import comparing, followed
from pages.figures.unrecorded import Unrecorded
from pages.i18n import formats
from pages.shell.page import Page
from pages.view import sentences
from pages.view.state import Choice
from pages.view.values import Value

HALF_A_YEAR = 183
"""Days."""
MARKS = "¹²³⁴⁵⁶⁷⁸⁹"
"""Marks of omitted filters; with four filters there are few combinations to omit, never nine."""


@dataclass(frozen=True)
class Standing:
    """A published row of a metric, and the values of the columns beside it."""

    now: Row
    beside: tuple[Value, ...]


@dataclass(frozen=True)
class Standings:
    """Rows by metric, with marks where filters had to be omitted.

    marks: "¹", "²" by metric, none where every filter applies; notes: what the marks mean; unrecorded: why metrics are not.
    """

    rows: dict[str, tuple[Standing, ...]]
    marks: dict[str, str]
    notes: tuple[str, ...]
    unrecorded: Unrecorded


def is_followed(definition: Definition) -> bool:
    """Return whether a metric follows people for half a year or longer from their start; its period is that of the start."""
    if definition.fact == "enrolment" and definition.kind in ("time_to_event", "share_at"):
        return True
    return needs(definition).matures >= HALF_A_YEAR


def standings(page: Page, metrics: Iterable[Definition]) -> Standings:
    """Return the values of the metrics that need no breakdown, with one question per fact and set of dimensions.

    Metrics whose question is refused are left out.
    """
    together: dict[tuple[str, tuple[str, ...], bool], list[str]] = {}
    for definition in dict.fromkeys(m.id for m in metrics):
        one = definitions()[definition]
        if not one.requires:
            together.setdefault((one.fact, one.allowed, is_followed(one)), []).append(one.id)
    found: dict[str, tuple[Standing, ...]] = {}
    marks: dict[str, str] = {}
    notes: dict[tuple[Choice, ...], str] = {}
    unrecorded = Unrecorded()
    for (_, _, follows), ids in together.items():
        period = followed.period_of(page) if follows else page.view.period
        try:
            now, then = page.ask(*ids, period=period), page.ask_before(*ids, period=period)
            earlier = then.rows if then else ()
        except QuestionError:
            continue
        left_out = now.composed.left_out
        if left_out:
            notes.setdefault(left_out, MARKS[len(notes)])
            marks |= dict.fromkeys(ids, notes[left_out])
        if any(row.state == "not_recorded" for row in now.rows):
            unrecorded.look(page, now.composed.question)
        before = {(row.metric, row.horizon, row.quantile): row for row in earlier}
        for one_id in ids:
            found[one_id] = tuple(
                _standing(page, row, before.get((row.metric, row.horizon, row.quantile))) for row in now.of(one_id)
            )
    return Standings(found, marks, tuple(f"{mark} {_named(page, out)}" for out, mark in notes.items()), unrecorded)


def _named(page: Page, left_out: Iterable[Choice]) -> str:
    choices = (sentences.choice_text(choice, page.t, page.serving.places) for choice in left_out)
    return page.t("catalogue.left_out", names=", ".join(choices))


def _standing(page: Page, now: Row, before: Row | None) -> Standing:
    return Standing(now, comparing.values(page, now, before))


def row_name(row: Row, name: str, page: Page) -> str:
    """Return the name of a row: the metric's name, with months or quantile where it has several rows."""
    if row.horizon:
        return page.t("catalogue.after", name=name, months=row.horizon)
    if row.quantile and row.quantile != 0.5:
        return page.t("catalogue.within", name=name, share=formats.percent(100 * row.quantile, page.t.lang))
    return name

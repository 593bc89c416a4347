"""What a value stands on, in words: how many clients or events, and what part of them is known."""

from __future__ import annotations

from dataclasses import replace

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from pages.i18n import formats
from pages.view import states


def standing_of(row: Row, t: Texts) -> list[str]:
    """Return what a row stands on: its number of clients or events, and what part of them is known."""
    if row.n is None:
        return []
    unit = definitions()[row.metric].counted_unit
    named = formats.unit_mark(replace(row, value=row.n, unit=unit, state="shown"), t, unit=True)
    parts = [f"n = {formats.number(row.n, t.lang)} {named}".strip()]
    share = states.known_text(row, t)
    return [*parts, t("figure.known", share=share), *known_range(row, t)] if share else parts


def known_range(row: Row, t: Texts) -> list[str]:
    """Return between which percentages a share would lie, whatever the unknown cases are; nothing where they are few."""
    bounds = row.bounds_if_unknown
    if bounds is None or round(bounds[0]) == round(bounds[1]):
        return []
    least, most = formats.number(round(bounds[0]), t.lang), formats.percent(round(bounds[1]), t.lang)
    return [t("figure.known.range", least=least, most=most)]

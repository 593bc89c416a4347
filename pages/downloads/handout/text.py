"""Text that every kind of handout can hold: no control characters, and no empty heading."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from pages.downloads.handout.sheet import Handout, HandoutPage
from pages.view.table import Line, Table

NAME = "Tilannekuva"


def plain(text: str, *, paragraphs: bool = False) -> str:
    r"""Text without what XML and PDF cannot carry. paragraphs: breaks between lines stay, for notes.

    >>> plain("Turku\x01\ud800\n Åbo")
    'Turku Åbo'
    """
    if paragraphs:
        return "\n".join(line for one in text.splitlines() if (line := plain(one)))
    shown = "".join(" " if c in "\t\n\r\v\f\u2028\u2029" else c for c in text)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cs"))
    # Only plain spaces are drawn together: a non-breaking one keeps a number whole.
    return " ".join(part for part in kept.split(" ") if part)


def cleaned(handout: Handout) -> Handout:
    """The handout with all its text made plain. A page without a headline gets the name of its number or of the whole."""
    title = plain(handout.title)
    title = title if title.strip() else NAME
    return replace(
        handout, title=title, subtitle=plain(handout.subtitle), mark=plain(handout.mark),
        sheets=tuple(_sheet(sheet, title) for sheet in handout.sheets),
    )  # fmt: skip


def _sheet(sheet: HandoutPage, title: str) -> HandoutPage:
    label = plain(sheet.number_label)
    headline = next(text for text in (plain(sheet.headline), label, title) if text.strip())
    return replace(
        sheet, headline=headline, lead=plain(sheet.lead), number=plain(sheet.number), number_label=label,
        alt=plain(sheet.alt) or headline, table=_table(sheet.table), facts=tuple(map(plain, sheet.facts)),
        notes=plain(sheet.notes, paragraphs=True),
    )  # fmt: skip


def _table(table: Table | None) -> Table | None:
    if table is None or not table.lines:
        return None
    lines = (
        Line(plain(line.name), tuple(replace(value, text=plain(value.text)) for value in line.values))
        for line in table.lines
    )
    return Table(tuple(map(plain, table.header)), tuple(lines))

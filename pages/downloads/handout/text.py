"""Text of handouts without characters that a file format cannot hold, and without empty headings."""

from __future__ import annotations

import unicodedata
from dataclasses import replace

from pages.downloads.handout.sheet import Handout, HandoutPage, Panel
from pages.view.table import Line, Table

NAME = "Tilannekuva"


def plain(text: str, *, paragraphs: bool = False) -> str:
    r"""Return text without control characters and surrogates, which XML and PDF cannot hold.

    paragraphs: keep line breaks, for notes; otherwise they become spaces.

    >>> plain("Turku\x01\ud800\n Åbo")
    'Turku Åbo'
    """
    if paragraphs:
        return "\n".join(line for one in text.splitlines() if (line := plain(one)))
    shown = "".join(" " if c in "\t\n\r\v\f\u2028\u2029" else c for c in text)
    kept = "".join(c for c in shown if unicodedata.category(c) not in ("Cc", "Cs"))
    # Only ordinary spaces are collapsed: a non-breaking one keeps the digits of a number together.
    return " ".join(part for part in kept.split(" ") if part)


def cleaned(handout: Handout) -> Handout:
    """Return the handout with all its text cleaned by `plain`.

    A page without a headline gets the label of its number, or the title of the handout.
    """
    title = plain(handout.title)
    title = title if title.strip() else NAME
    return replace(
        handout, title=title, subtitle=plain(handout.subtitle), mark=plain(handout.mark),
        sheets=tuple(_sheet(sheet, title) for sheet in handout.sheets),
    )  # fmt: skip


def _sheet(sheet: HandoutPage, title: str) -> HandoutPage:
    label = plain(sheet.panels[0].number_label)
    headline = next(text for text in (plain(sheet.headline), label, title) if text.strip())
    return replace(
        sheet, headline=headline, lead=plain(sheet.lead), panels=tuple(_panel(one, headline) for one in sheet.panels),
        facts=tuple(map(plain, sheet.facts)), in_tables=plain(sheet.in_tables), meaning=tuple(map(plain, sheet.meaning)),
        notes=plain(sheet.notes, paragraphs=True),
    )  # fmt: skip


def _panel(panel: Panel, headline: str) -> Panel:
    return replace(
        panel, title=plain(panel.title), lead=plain(panel.lead), number=plain(panel.number),
        number_label=plain(panel.number_label), alt=plain(panel.alt) or headline, table=_table(panel.table),
        stands=plain(panel.stands),
    )  # fmt: skip


def _table(table: Table | None) -> Table | None:
    if table is None or not table.lines:
        return None
    lines = (
        Line(plain(line.name), tuple(replace(value, text=plain(value.text)) for value in line.values))
        for line in table.lines
    )
    return Table(tuple(map(plain, table.header)), tuple(lines))

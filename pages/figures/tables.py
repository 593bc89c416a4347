"""Tables of published values: as accessible HTML on a page, and as a CSV file."""

from __future__ import annotations

import html
from bisect import bisect_left
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import streamlit as st

from data.spreadsheet import csv_text
from data.texts import Texts
from pages.shell import noting
from pages.view import letters
from pages.view.table import Line, Table
from pages.view.values import Value

STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_SHORT = 12
"""Letters of a value that stays on one line: a number is not parted from its unit."""
_PAPER, _SIZE, _SIDES = 660, 14, 12
"""In pixels: the width of a table on an upright sheet, which cannot be scrolled, of its letters, and of the sides of a column."""


def to_html(
    table: Table,
    caption: str,
    *,
    words: Collection[int] = (),
    bars: Collection[int] = (),
    whole: bool = False,
    titled: bool = False,
    headed: bool = False,
    styled: bool = True,
) -> str:
    """Return the table as HTML with caption, scoped headings and right-aligned numbers.

    words: indices of text columns; bars: of columns whose numbers have a bar behind them; whole: show all rows instead of
    a scrolling box; headed: it stands under a heading of the same words, so that its caption need not be seen; titled: it does
    so, whole; styled: with `STYLE`, which a page of one's own has in its head instead.
    """
    # Columns of words have no room beside each other on a phone: there each value has a line of its own, after its heading.
    listed = bool(words) and not titled
    name = html.escape(caption)
    box = "values whole titled" if titled else "values whole" if whole else "values"
    if len(table.header) == 2:
        box += " pair"
    if listed:
        box += " listed"
    if headed:
        box += " headed"
    if all(len(line.name) <= _SHORT for line in table.lines):
        box += " narrow"
    drawn = _Drawn(table, frozenset(words), frozenset(bars), titled=titled, listed=listed)
    every = range(1, len(table.header))
    parts = [] if titled else _parts_on_paper(table)
    if parts:
        box += " wide"
    on_paper = "".join(
        f'<div class="values on-paper">{drawn.html(f"{name} ({place}/{len(parts)})", part)}</div>'
        for place, part in enumerate(parts, 1)
    )
    style = f"<style>{STYLE}</style>" if styled else ""
    return (
        f'{style}<div class="{box}" style="--columns: {len(every)}" role="region" tabindex="0" '
        f'aria-label="{name}">{drawn.html(name, every)}</div>{on_paper}'
    )


@dataclass(frozen=True)
class _Drawn:
    """A table of which some columns are drawn, or all."""

    table: Table
    words: frozenset[int]
    bars: frozenset[int]
    titled: bool
    listed: bool

    def html(self, caption: str, columns: Sequence[int]) -> str:
        """Return the table with the names of its rows and these columns. caption: as HTML."""
        lines, header = self.table.lines, self.table.header
        part = _roles if self.titled or self.listed else _plain
        named = [f' data-label="{html.escape(name)}"' if self.listed else "" for name in header]
        mark = [' class="words"' if place in self.words else "" for place in range(len(header))]
        head = "".join(
            f'<th scope="col"{part("columnheader")}{mark[i]}>{html.escape(header[i])}</th>' for i in (0, *columns)
        )
        shapes = {place: _parts([line.values[place - 1] for line in lines]) for place in self.bars}

        def cell(row: int, i: int, value: Value) -> str:
            kind = mark[i] or shapes.get(i, {}).get(row) or (_mark(value) if self.titled else "")
            return f"<td{part('cell')}{named[i]}{kind}>{_text(value)}</td>"

        body = "".join(
            f'<tr{part("row")}><th scope="row"{part("rowheader")}{named[0]}>{_name(line)}</th>'
            + "".join(cell(row, i, line.values[i - 1]) for i in columns)
            + "</tr>"
            for row, line in enumerate(lines)
        )
        return (
            f"<table{part('table')}><caption>{caption}</caption><thead{part('rowgroup')}><tr{part('row')}>{head}"
            f"</tr></thead><tbody{part('rowgroup')}>{body}</tbody></table>"
        )


def _parts_on_paper(table: Table) -> list[list[int]]:
    """Return the columns in parts that have room on an upright sheet beside the names of the rows; none where all have.

    There are as few parts as can be, and they are as equally wide as can be: none is left with a lone column.
    """
    rows = [table.header, *((line.name, *(value.text for value in line.values)) for line in table.lines)]
    names, *widths = (_SIDES + letters.width(max(map(_unbroken, column)), _SIZE) for column in zip(*rows, strict=True))
    fewest = len(_filled(widths, _PAPER - names))
    if fewest == 1:
        return []
    return _filled(widths, bisect_left(range(_PAPER), -fewest, key=lambda room: -len(_filled(widths, room))))


def _filled(widths: Sequence[float], room: float) -> list[list[int]]:
    """Return the places of columns, from 1, in parts that are filled one after another; none is empty."""
    parts: list[list[int]] = [[]]
    taken = 0.0
    for place, width in enumerate(widths, 1):
        if parts[-1] and taken + width > room:
            parts.append([])
            taken = 0.0
        parts[-1].append(place)
        taken += width
    return parts


def _unbroken(text: str) -> int:
    """Return how many letters stand on one line at least: those of a short text, or of the longest word."""
    return len(text) if len(text) <= _SHORT else max(map(len, text.split()), default=0)


def _plain(_: str) -> str:
    return ""


def _roles(role: str) -> str:
    """Return the part of a table that an element plays: laid out in lines on a phone, it would play none."""
    return f' role="{role}"'


def _mark(value: Value) -> str:
    return ' class="short"' if len(value.text) <= _SHORT else ""


def _name(line: Line) -> str:
    name = html.escape(line.name)
    return f'<a href="{html.escape(line.link)}" target="_self">{name}</a>' if line.link else name


def _text(value: Value) -> str:
    text = html.escape(value.text)
    if not value.link:
        return text
    name = html.escape(f"{value.named}: {value.text}")
    return f'<a href="{html.escape(value.link)}" target="_self" aria-label="{name}">{text}</a>'


def _parts(values: Sequence[Value]) -> dict[int, str]:
    """Return the attributes of the cells of a column with bars, by row: each as long as its part of the largest number."""
    top = max((value.number for value in values if value.number is not None), default=0) or 1
    return {
        row: f' class="bar" style="--part: {100 * max(value.number, 0) / top:.0f}%"'
        for row, value in enumerate(values)
        if value.number is not None
    }


def to_csv(table: Table, t: Texts, notes: Sequence[str] = ()) -> bytes:
    """Return the table as CSV that a spreadsheet opens in the user's locale, in UTF-8 with BOM.

    A suppressed value is its text, a number is as shown; notes come last, after an empty line.
    """
    comma = t.lang != "en"
    lines = (
        (line.name, *(value.text if value.number is None else value.number for value in line.values))
        for line in table.lines
    )
    text = csv_text(
        [table.header, *lines, (), *((note,) for note in notes)], separator=";" if comma else ",", line_end="\r\n",
        number=lambda number: _plain_number(number, comma),
    )  # fmt: skip
    return text.encode("utf-8-sig")


def show(
    table: Table, t: Texts, *, caption: str, file_name: str, notes: Sequence[str], key: str,
    more: Callable[[], None] | None = None, bars: Collection[int] = (), words: Collection[int] = (),
    openly: bool = False,
) -> None:  # fmt: skip
    """Draw the table with its CSV download: in an expander, or openly where columns have bars.

    more: draws further downloads beside it; bars: indices of these columns; words: of those of text; openly: also without bars.
    """
    openly = openly or bool(bars)
    if openly:
        st.html(to_html(table, caption, words=words, bars=bars, titled=True))
    with st.popover(t("table.files"), icon=":material/download:") if openly else st.expander(t("table.show")):
        if not openly:
            st.html(to_html(table, caption, words=words))
        with st.container(horizontal=True):
            noting.download(
                t("table.csv"),
                lambda: to_csv(table, t, [caption, *notes]),
                file_name=file_name,
                mime="text/csv",
                key=f"csv_{key}",
            )
            if more:
                more()


def _plain_number(number: float, comma: bool) -> str:
    text = f"{number:.4f}".rstrip("0").rstrip(".")
    return text.replace(".", ",") if comma else text

"""Tables of published values: as accessible HTML on a page, and as a CSV file."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence
from pathlib import Path

import streamlit as st

from data.spreadsheet import csv_text
from data.texts import Texts
from pages.shell import noting
from pages.view.table import Line, Table
from pages.view.values import Value

_STYLE = Path(__file__).with_suffix(".css").read_text(encoding="utf-8")
_SHORT = 12
"""Letters of a value that stays on one line: a number is not parted from its unit."""


def to_html(
    table: Table,
    caption: str,
    *,
    words: Collection[int] = (),
    bars: Collection[int] = (),
    whole: bool = False,
    titled: bool = False,
    headed: bool = False,
) -> str:
    """Return the table as HTML with caption, scoped headings and right-aligned numbers.

    words: indices of text columns; bars: of columns whose numbers have a bar behind them; whole: show all rows instead of
    a scrolling box; headed: it stands under a heading of the same words, so that its caption need not be seen; titled: it does
    so, whole.
    """
    # Columns of words have no room beside each other on a phone: there each value has a line of its own, after its heading.
    listed = bool(words) and not titled
    part = _roles if titled or listed else _plain
    named = [f' data-label="{html.escape(name)}"' if listed else "" for name in table.header]
    mark = [' class="words"' if place in words else "" for place in range(len(table.header))]
    head = "".join(
        f'<th scope="col"{part("columnheader")}{mark[i]}>{html.escape(name)}</th>'
        for i, name in enumerate(table.header)
    )
    shapes = {place: _parts([line.values[place - 1] for line in table.lines]) for place in bars}
    lines = "".join(
        f'<tr{part("row")}><th scope="row"{part("rowheader")}{named[0]}>{_name(line)}</th>'
        + "".join(
            f"<td{part('cell')}{named[i]}{mark[i] or shapes.get(i, {}).get(row) or (_mark(value) if titled else '')}>"
            f"{_text(value)}</td>"
            for i, value in enumerate(line.values, 1)
        )
        + "</tr>"
        for row, line in enumerate(table.lines)
    )
    name = html.escape(caption)
    box = "values whole titled" if titled else "values whole" if whole else "values"
    if len(table.header) == 2:
        box += " pair"
    if listed:
        box += " listed"
    if headed:
        box += " headed"
    return (
        f'<style>{_STYLE}</style><div class="{box}" style="--columns: {len(table.header) - 1}" role="region" tabindex="0" '
        f'aria-label="{name}"><table{part("table")}><caption>{name}</caption><thead{part("rowgroup")}><tr{part("row")}>{head}'
        f"</tr></thead><tbody{part('rowgroup')}>{lines}</tbody></table></div>"
    )


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
            st.html(to_html(table, caption))
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

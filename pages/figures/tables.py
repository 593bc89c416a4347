"""Tables of published values: as accessible HTML on a page, and as a CSV file."""

from __future__ import annotations

import html
from collections.abc import Callable, Collection, Sequence

import streamlit as st

from data.spreadsheet import csv_text
from data.texts import Texts
from pages.shell import noting
from pages.view.table import Line, Table
from pages.view.values import Value

_STYLE = """
.values { overflow: auto; max-height: 28rem }
.values.whole { max-height: none }
.values table { border-collapse: collapse; font-size: 0.9rem }
.values caption { text-align: left; padding-bottom: 0.4rem }
.values th, .values td { padding: 0.25rem 0.6rem; border-bottom: 1px solid #E3E7ED; font-variant-numeric: tabular-nums }
.values td, .values thead th + th { text-align: right }
.values td { white-space: nowrap }
.values td.words, .values thead th.words { text-align: left; white-space: normal; min-width: 6rem }
.values thead th { vertical-align: bottom; position: sticky; top: 0; background: #FFFFFF }
.values.titled table { width: 100%; font-size: 0.82rem }
.values.titled th, .values.titled td { padding: 0.15rem 0.4rem }
.values.titled:has(.bar) td:not(.bar) { white-space: normal }
.values.titled caption { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
.values td.bar { background: linear-gradient(90deg, #CFE0F2 var(--part), transparent 0) left center / 100% 70% no-repeat }
.values th { text-align: left; font-weight: 400 }
.values thead th { font-weight: 600 }
@media (max-width: 640px) {
  .values table { font-size: 0.8rem }
  .values th, .values td { padding: 0.25rem 0.2rem; hyphens: auto }
  .values td, .values thead th + th { white-space: normal }
  .values td.words, .values thead th.words { min-width: 0 }
  .values tbody th { min-width: 5.5rem }
  .values td { min-width: 2.6rem }
  .values tbody th, .values td { overflow-wrap: anywhere }
  .values.titled td { overflow-wrap: break-word; font-size: 0.75rem }
  .values.titled:not(:has(.bar)) :is(th, td):nth-child(3) { display: none }
}
.values.titled { container-type: inline-size }
@container (max-width: 600px) {
  .values.titled :is(th, td) { padding: 0.15rem 0.2rem; hyphens: auto }
  .values.titled :is(td, th.words, td.words) { white-space: normal; overflow-wrap: break-word; min-width: 0 }
  .values.titled tbody th { min-width: 5.5rem }
}
"""


def to_html(
    table: Table,
    caption: str,
    *,
    words: Collection[int] = (),
    bars: Collection[int] = (),
    whole: bool = False,
    titled: bool = False,
) -> str:
    """Return the table as HTML with caption, scoped headings and right-aligned numbers.

    words: indices of text columns; bars: of columns whose numbers have a bar behind them; whole: show all rows instead of
    a scrolling box; titled: it stands, whole, under a heading of the same words, so that its caption need not be seen.
    """
    mark = [' class="words"' if place in words else "" for place in range(len(table.header))]
    head = "".join(f'<th scope="col"{mark[i]}>{html.escape(name)}</th>' for i, name in enumerate(table.header))
    parts = {place: _parts([line.values[place - 1] for line in table.lines]) for place in bars}
    lines = "".join(
        f'<tr><th scope="row">{_name(line)}</th>'
        + "".join(
            f"<td{parts[i][row] if i in parts else mark[i]}>{_text(value)}</td>"
            for i, value in enumerate(line.values, 1)
        )
        + "</tr>"
        for row, line in enumerate(table.lines)
    )
    name = html.escape(caption)
    box = "values whole titled" if titled else "values whole" if whole else "values"
    return (
        f'<style>{_STYLE}</style><div class="{box}" role="region" tabindex="0" aria-label="{name}"><table>'
        f"<caption>{name}</caption><thead><tr>{head}</tr></thead><tbody>{lines}</tbody></table></div>"
    )


def _name(line: Line) -> str:
    name = html.escape(line.name)
    return f'<a href="{html.escape(line.link)}" target="_self">{name}</a>' if line.link else name


def _text(value: Value) -> str:
    text = html.escape(value.text)
    if not value.link:
        return text
    name = html.escape(f"{value.named}: {value.text}")
    return f'<a href="{html.escape(value.link)}" target="_self" aria-label="{name}">{text}</a>'


def _parts(values: Sequence[Value]) -> list[str]:
    """Return the attributes of the cells of a column with bars: each as long as its part of the largest number."""
    top = max((value.number for value in values if value.number is not None), default=0) or 1
    return [
        "" if value.number is None else f' class="bar" style="--part: {100 * max(value.number, 0) / top:.0f}%"'
        for value in values
    ]


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

"""A table of whole metrics on a page: value now and before, change, and what each stands on; names lead to definitions."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.model.definition import Definition, definitions
from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import comparing, figure, followed, tables
from pages.figures.standings import Standing, Standings, is_followed, row_name, standings
from pages.shell.page import Page
from pages.view import sentences
from pages.view.standing import standing_of
from pages.view.table import Line, Table
from pages.view.values import NOTHING, Value, published


def show(page: Page, metrics: Sequence[str], *, key: str, title: str, notes: Sequence[str] = ()) -> None:
    """Draw title, table, notes and downloads of metrics that need no breakdown, in the order given.

    Those that follow people are of everyone who has started, where the period is too short.
    """
    t = page.t
    page.drawn.append(True)
    known = [definitions()[one] for one in metrics]
    found = standings(page, known)
    for one in known:
        page.sources[one.fact] = None
    everyone = followed.period_note(page) if any(map(is_followed, known)) else ()
    said = [
        *notes,
        *(f"\\* {note}" for note in everyone),
        *map(sentences.plain, found.notes),
        *_unrecorded(page, known, found),
    ]
    header = (
        t("catalogue.metric"),
        t("overview.now"),
        *comparing.columns(page),
        t("catalogue.stands_on"),
    )
    table = Table(header, tuple(line for one in known for line in _lines(page, one, found, starred=bool(everyone))))
    st.subheader(title)
    told = about(page, title, metrics, said)
    name = figure.csv_name(page, key, page.view.period)
    tables.show(
        table, t, caption=title, file_name=name, notes=told.lines, key=key, openly=True, words=(len(header) - 1,),
        more=lambda: menu.offer(table, told, t, stem=name.removesuffix(".csv"), key=key),
    )  # fmt: skip
    if said:
        st.caption("  \n".join(said))


def _unrecorded(page: Page, known: Sequence[Definition], found: Standings) -> list[str]:
    """Return why metrics are not recorded: which field no file has, or since when the files go back far enough."""
    names = {
        one.id: one.name[page.t.lang]
        for one in known if any(row.now.state == "not_recorded" for row in found.rows.get(one.id, ()))
    }  # fmt: skip
    return found.unrecorded.said(names, page.t)


def further(page: Page) -> None:
    """Draw, folded, the metrics that name the page and that no figure drawn so far has shown."""
    named = (one for one in definitions().values() if one.page == page.id and not one.requires)
    rest = [one.id for one in named if one.id not in page.asked]
    if rest:
        with st.expander(page.t("figure.further")):
            show(page, rest, key="further", title=page.t("figure.further"))


def _lines(page: Page, one: Definition, found: Standings, *, starred: bool) -> list[Line]:
    name, mark = one.name[page.t.lang], "\u00a0*" if starred and is_followed(one) else ""
    mark = found.marks.get(one.id, "") + mark
    link = page.address("catalogue", metric=one.id)
    rows = found.rows.get(one.id, ())
    lines = [_line(page, row, row_name(row.now, name, page) + mark, link) for row in rows]
    return lines or [Line(name + mark, (NOTHING, *comparing.nothing(page), NOTHING), link)]


def _line(page: Page, one: Standing, name: str, link: str) -> Line:
    t = page.t
    on = " · ".join(standing_of(one.now, t)) or "–"
    return Line(name, (published(one.now, t, unit=True), *one.beside, Value(on)), link)

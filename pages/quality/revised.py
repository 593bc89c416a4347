"""The published figures that a release or a definition has changed, at the foot of *Laatu*."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from metrics.model.definition import definitions
from metrics.revisions.log import Revision, RevisionLog
from pages.access import session
from pages.figures import tables
from pages.i18n import formats
from pages.shell import actions, noting
from pages.shell.page import Page
from pages.view.sentences import period_text, plain
from pages.view.table import Line, Table
from pages.view.values import Value, published

MOST_ROWS = 24


def show(page: Page) -> None:
    """Draw the table, and nothing where no figure has been changed.

    Visitors see which figures have been changed and why, but no earlier values: of two states side by side somebody
    could tell who came between them.
    """
    if page.serving.package is not None:
        return
    found: Sequence[Revision] = ()
    with actions.store_errors_shown(page.t):  # that nothing is said would mean that nothing has been changed
        found = RevisionLog(page.serving.store).lines()
    sees_all = session.rights().sees_all
    if not found:
        return
    t, title = page.t, page.t("revisions.title")
    st.header(title)
    st.caption(" ".join([t("revisions.how"), *([] if sees_all else [t("revisions.values")])]))
    words = (1, 2, 5) if sees_all else (1, 2, 3)
    st.html(tables.to_html(_table(page, found[:MOST_ROWS], values=sees_all), title, words=words, titled=True))
    if len(found) > MOST_ROWS:
        st.caption(t("revisions.more", count=len(found) - MOST_ROWS))
    noting.download(
        t("table.csv"),
        tables.to_csv(_table(page, found, values=sees_all), t, [title]),
        file_name="tilannekuva_revisions.csv",
        mime="text/csv",
        key="csv_revisions",
    )


def _table(page: Page, found: Sequence[Revision], *, values: bool) -> Table:
    t, known = page.t, definitions()
    told = ("before", "after") if values else ()
    header = ("release", "figure", "period", *told, "why")
    lines = []
    for one in found:
        figure = one.after
        name = known[figure.metric].name[t.lang] if figure.metric in known else figure.metric
        when = f"{one.release} · {formats.day(one.day, t.lang)}"
        sides = [published(side.row, t, unit=True) for side in (one.before, figure)] if values else []
        period, why = period_text(figure.period, t), t(f"revisions.why.{one.why}")
        lines.append(Line(when, (Value(plain(name)), Value(period), *sides, Value(why))))
    return Table(tuple(t(f"revisions.{part}") for part in header), tuple(lines))

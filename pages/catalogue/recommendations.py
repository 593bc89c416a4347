"""The national recommendations, each with the metrics that serve it: current value, a year before, and the change."""

from __future__ import annotations

import streamlit as st

from metrics.model.definition import SOURCES, Definition, definitions
from pages.figures import comparing, figure, tables
from pages.figures.standings import Standings, is_followed, row_name, standings
from pages.shell import noting
from pages.shell.page import Page
from pages.view import sentences
from pages.view.table import Line, Table
from pages.view.values import Value, published

FAMILIES = ("T", "O", "K")


def serving(source: str) -> tuple[Definition, ...]:
    """Return the metrics that serve a recommendation, in the order of the catalogue."""
    return tuple(one for one in definitions().values() if source in one.sources)


def show(page: Page) -> None:
    """Draw every recommendation with its table, and a download of all of them."""
    t = page.t
    found = standings(page, definitions().values())
    text = "catalogue.standing" if page.view.earlier_by else "catalogue.standing.beside"
    st.markdown(t(text, when=page.when_before))
    st.caption("  \n".join(sentences.plain(note) for note in (t("catalogue.followed"), *found.notes)))
    every: list[Line] = []
    for family in FAMILIES:
        st.header(t("catalogue.family." + family))
        for source in (one for one in SOURCES if one.startswith(family)):
            title = f"{source} · {t('catalogue.source.' + source)}"
            table = _table(page, source, found)
            if not table.lines:
                st.markdown(f"{sentences.plain(title)}: {t('catalogue.no_metric')}")
                continue
            caption = f"{source}, {sentences.period_text(page.view.period, t)}"
            counted = t("catalogue.found", count=len(serving(source)))
            with st.expander(f"{sentences.plain(title)} ({counted})"):
                st.html(tables.to_html(table, caption, words=(len(table.header) - 1,), titled=True))
            every += [Line(source, (Value(line.name), *line.values)) for line in table.lines]
    whole = Table((t("catalogue.recommendation"), *_header(page)), tuple(every))
    notes = [t("catalogue.recommendations"), page.sentence, t("catalogue.followed"), *found.notes]
    noting.download(
        t("table.csv"),
        tables.to_csv(whole, t, [*notes, t("audience.internal_mark")] if page.view.exact else notes),
        file_name=figure.csv_name(page, "recommendations", page.view.period),
        mime="text/csv",
        key="csv_recommendations",
    )


def _header(page: Page) -> tuple[str, ...]:
    t = page.t
    return t("catalogue.metric"), t("overview.now"), *comparing.columns(page), t("catalogue.good")


def _table(page: Page, source: str, found: Standings) -> Table:
    t = page.t
    lines: list[Line] = []
    for metric in serving(source):
        name, good = metric.name[t.lang], t("catalogue.good." + metric.good)
        link = page.address("catalogue", metric=metric.id)
        if is_followed(metric):
            name += " *"
        name += found.marks.get(metric.id, "")
        if metric.requires:
            where = t("catalogue.on_page", page=t(f"page.{metric.page}"))
            lines.append(Line(name, (Value(where), *comparing.nothing(page), Value(good)), link))
        for one in found.rows.get(metric.id, ()):
            values = (published(one.now, t, unit=True), *one.beside, Value(good))
            lines.append(Line(row_name(one.now, name, page), values, link))
    return Table(_header(page), tuple(lines))

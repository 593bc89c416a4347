"""One metric in detail: definition, formula, reason, dimensions, change log, and its current published value."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import streamlit as st

from data.texts import Texts
from metrics.grammar.answer import Row
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, authors_of, origin_of
from metrics.model.formulas import formula
from metrics.model.labels import distinct
from pages.figures import figure, followed, tables
from pages.figures.standings import is_followed, row_name
from pages.i18n import formats
from pages.shell import links, noting
from pages.shell.page import Page
from pages.shell.telling import refusal_text
from pages.view import states
from pages.view.sentences import period_text, plain
from pages.view.table import Line, Table
from pages.view.values import counted, published

MOST_ROWS = 15


def show(page: Page, metric: Definition) -> None:
    """Draw everything about a metric."""
    t = page.t
    with st.container(border=True):
        st.header(metric.name[t.lang])
        st.markdown(plain(metric.text[t.lang]))
        for key, text in (
            ("why", plain(metric.why[t.lang])),
            ("formula", plain(formula(metric, t.lang))),
            ("good", t("catalogue.good." + metric.good)),
            ("dimensions", ", ".join(t("dimension." + name).lower() for name in metric.allowed)),
            ("id", f"`{metric.id}`"),
        ):
            st.markdown(f"**{t('catalogue.' + key)}:** {text}")
        links.link_to(metric.page, t.lang, t("catalogue.shown_on", page=t("page." + metric.page)))
        serves = "\n".join(f"- {source}: {t('catalogue.source.' + source)}" for source in metric.sources)
        st.markdown(f"**{t('catalogue.serves')}:**\n\n{serves}")
        _value(page, metric)
        log = "\n".join(
            f"- {t('catalogue.version', version=c.version, date=_day(c.date, t))}: {plain(c.what[t.lang])}"
            for c in reversed(metric.changes)
        )
        st.markdown(f"**{t('catalogue.changes')}:**\n\n{log}")
        whose, on = origin_of(metric.id), t("catalogue.reviewed.not")
        if metric.reviewer and metric.reviewed:
            on = t("catalogue.reviewed.on", reviewer=plain(metric.reviewer), day=_day(metric.reviewed, t))
        for key, text in (
            ("registry", t("catalogue.registry.of", name=plain(whose.name), version=plain(whose.version))),
            ("authors", plain(", ".join(authors_of(metric)))),
            ("reviewed", on),
        ):
            st.markdown(f"**{t('catalogue.' + key)}:** {text}")


def _day(written: str, t: Texts) -> str:
    """Return a day as people write it."""
    return formats.day(date.fromisoformat(written), t.lang)


def _value(page: Page, metric: Definition) -> None:
    """Draw the published value for the view's period; for a metric that needs a breakdown, its largest groups."""
    t = page.t
    period = followed.period_of(page) if is_followed(metric) else page.view.period
    try:
        found = page.ask(metric.id, by=metric.requires, period=period)
    except QuestionError as error:
        st.info(refusal_text(error, t))
        return
    title = t("catalogue.example", name=metric.name[t.lang], period=period_text(period, t))
    notes = figure.filter_notes(page, found.composed)
    if is_followed(metric):
        notes += followed.period_note(page)
    if metric.requires and len(found.rows) > MOST_ROWS:
        notes.append(t("catalogue.largest", count=MOST_ROWS))
    if not found.rows:
        st.info(t("figure.no_data"))
        return
    rows = sorted(found.rows, key=_largest)[:MOST_ROWS] if metric.requires else list(found.rows)
    notes += states.notes((row.state for row in rows), t)
    table = _table(page, metric, rows)
    st.html(tables.to_html(table, title))
    if notes:
        st.caption("  \n".join(notes))
    mark = [t("audience.internal_mark")] if page.view.exact else []
    noting.download(
        t("table.csv"),
        tables.to_csv(table, t, [title, page.sentence, metric.text[t.lang], *notes, *mark]),
        file_name=figure.csv_name(page, metric.id, period),
        mime="text/csv",
        key=f"csv_{metric.id}",
    )


def _table(page: Page, metric: Definition, rows: Sequence[Row]) -> Table:
    t = page.t
    return Table(
        header=(t("catalogue.metric"), t("overview.now"), t("catalogue.stands_on")),
        lines=tuple(
            Line(name, (published(row, t, unit=True), counted(row.n, t)))
            for name, row in zip(_names(page, metric, rows), rows, strict=True)
        ),
    )


def _largest(row: Row) -> float:
    return -(row.value or 0)


def _names(page: Page, metric: Definition, rows: Sequence[Row]) -> list[str]:
    """Return the distinct names of the rows."""
    if not metric.requires:
        return [row_name(row, metric.name[page.t.lang], page) for row in rows]
    keys = [" ".join(row.codes[name] for name in metric.requires) for row in rows]
    labels = (" · ".join(page.label(row.metric, name, row.codes[name]) for name in metric.requires) for row in rows)
    names = distinct(dict(zip(keys, labels, strict=True)))
    return [names[key] for key in keys]

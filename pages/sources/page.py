"""Aineistot: sources and deliveries, what each covers month by month, what is missing in them, and taking them out again."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import streamlit as st

from data.clock import day_of
from data.coverage.deliveries import Delivery
from data.coverage.months import FieldGap, SourceEnd, late_sources
from data.coverage.sources import Sources, name_of
from data.texts import Texts
from metrics.model.uses import metrics_using
from pages.access import session
from pages.figures import tables
from pages.figures.target_marks import metric_text
from pages.i18n import formats
from pages.shell import links, publishing
from pages.shell.opening import over_store
from pages.shell.screen_only import screen_only
from pages.shell.serving import Serving
from pages.sources import map_boundaries, removing, reports, visitors
from pages.sources.calendar import MONTHS_SHOWN, calendar, headings, month_text, state_text, what_of
from pages.sources.counting import coverage_of
from pages.sources.defaults import show_defaults
from pages.view.sentences import plain
from pages.view.table import of_texts

GAPS_SHOWN = 12
"""Fields told of each source and table, the emptiest first."""

METRICS_NAMED = 4


@over_store("sources", newest=lambda: session.may("steward"))
def render(served: Serving, t: Texts) -> None:
    """For whoever sits at the machine; others see how far the data reach."""
    known = Sources.of(served.store.path).all()
    names = {source.number: name_of(source, t.lang) for source in known}
    found = coverage_of(served)
    _tell_ends(found.ends if session.may("steward") else found.ends_told, names, served, t)
    if not session.may("steward"):
        st.info(t("sources.no_right"))
        return
    publishing.show_outcome(removing.SAID, t)
    visitors.show(served, t)
    reports.show(served, t)
    had, months, gaps = found.deliveries, found.months, found.gaps
    in_use = {one.source for one in months} | {one.source for one in had}
    shown = {number: name for number, name in names.items() if number in in_use}
    st.header(t("sources.calendar"))
    st.html(calendar(months, shown, t, t("sources.calendar.caption", count=MONTHS_SHOWN)))
    st.caption(f"{t('sources.calendar.caption', count=MONTHS_SHOWN)}. {t('sources.calendar.key')}")
    header = headings(("source", "table", "month", "state", "row_count"), t)
    lines = [
        (
            names[one.source], t(f"table.{one.table}"), month_text(one, t), state_text(one, t),
            formats.number(one.rows, t.lang),
        )
        for one in months
    ]  # fmt: skip
    tables.show(
        of_texts(header, lines), t, caption=t("sources.calendar"), file_name="aineistot.csv", notes=(), key="sources",
        words=(1, 2, 3),
    )  # fmt: skip
    _show_gaps(gaps, shown, t)
    _show_deliveries(had, shown, t)
    show_defaults(known, t)
    with screen_only("changes"):
        map_boundaries.show(served, t)
        removing.forms(served, known, had, names, t)


def _tell_ends(ends: Sequence[SourceEnd], names: Mapping[int, str], served: Serving, t: Texts) -> None:
    """How far each source reaches, and which of them are late."""
    late = late_sources(tuple(ends), day_of(served.generation.created))
    for end in late:
        st.warning(t("sources.late", source=plain(names[end.source]), until=formats.day(end.until, t.lang)))
    told = [f"{plain(names[end.source])} {formats.day(end.until, t.lang)}" for end in ends if end not in late]
    if len(ends) == 1 and told:  # its name would tell nothing
        st.markdown(t("sources.until.one", day=formats.day(ends[0].until, t.lang)))
    elif told:
        st.markdown(t("sources.until", sources=", ".join(told)))
    if not ends:
        st.markdown(t("sources.none"))
        links.link_to("importing", t.lang, t("sources.to_import"))


def _show_gaps(gaps: Sequence[FieldGap], names: Mapping[int, str], t: Texts) -> None:
    """Fields that are empty in some rows, the emptiest first, with the figures that use them."""
    st.header(t("sources.gaps"))
    lines: list[tuple[str, ...]] = []
    for key in dict.fromkeys((one.source, one.table) for one in gaps):
        of_table = [
            one
            for one in gaps
            if (one.source, one.table) == key and one.missing and metrics_using(one.table, one.field)
        ]
        lines += [_gap_line(one, names, t) for one in of_table[:GAPS_SHOWN]]
    if not lines:
        st.markdown(t("sources.gaps.none"))
        return
    st.markdown(t("sources.gaps.intro"))
    header = headings(("table", "field", "missing", "touches"), t)
    st.html(tables.to_html(of_texts(header, lines), t("sources.gaps"), words=(1, 3), headed=True))


def _gap_line(one: FieldGap, names: Mapping[int, str], t: Texts) -> tuple[str, ...]:
    touched = metrics_using(one.table, one.field)
    told = ", ".join(metric_text(metric, t) for metric in touched[:METRICS_NAMED])
    if len(touched) > METRICS_NAMED:
        told = t("sources.touches.more", metrics=told, count=len(touched) - METRICS_NAMED)
    share = formats.percent(100 * one.share, t.lang) if one.recorded else t("sources.not_recorded")
    return what_of(one.source, one.table, names, t), t(f"field.{one.field}"), share, told


def _show_deliveries(found: Sequence[Delivery], names: Mapping[int, str], t: Texts) -> None:
    """Every delivery, the newest first, with what it brought."""
    st.header(t("sources.deliveries"))
    if not found:
        st.markdown(t("sources.deliveries.none"))
        return
    header = headings(("delivery", "made", "table", "file", "period", "row_count"), t)
    lines = [
        (
            str(one.number), formats.day(one.made, t.lang), what_of(one.source, one.table, names, t), one.file,
            _period(one, t), _brought(one, t),
        )
        for one in reversed(found)
    ]  # fmt: skip
    st.html(tables.to_html(of_texts(header, lines), t("sources.deliveries"), words=(1, 2, 3, 4, 5), headed=True))


def _brought(one: Delivery, t: Texts) -> str:
    """Return the rows that a delivery brought, by what became of them: "uusia 696 · hylättyjä 2"."""
    counted = ((name, getattr(one, name)) for name in ("loaded", "replaced", "unchanged", "gone", "rejected"))
    told = (f"{t('sources.' + name)} {formats.number(count, t.lang)}" for name, count in counted if count)
    return " · ".join(told) or "–"


def _period(one: Delivery, t: Texts) -> str:
    if one.first_day is None or one.last_day is None:
        return "–"
    return f"{formats.day(one.first_day, t.lang)}–{formats.day(one.last_day, t.lang)}"

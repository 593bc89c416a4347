"""The page Mittaristo: definitions of all metrics, and their values against the national recommendations."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from metrics.model.definition import Definition, definitions
from metrics.model.formulas import formula
from pages.catalogue import detail, recommendations, searching
from pages.figures import tables
from pages.shell import noting
from pages.shell.drawing import page
from pages.shell.page import Page
from pages.shell.sharing import SEARCH
from pages.view.address import in_address
from pages.view.table import Line, Table, of_texts
from pages.view.values import Value

METRICS, RECOMMENDATIONS = "metrics", "recommendations"
NONE = "none"
FEW = 12
"""Metrics that a search has found, at most, for each to be told with what it means."""


@page("catalogue", own=("view", "metric", SEARCH))
def render(page: Page) -> None:
    """Draw the metrics, or the recommendations with their values."""
    t = page.t
    told = st.container()
    row = st.container(horizontal=True, vertical_alignment="bottom", key="catalogue_row")
    with row:
        view = page.choose(
            "view", (METRICS, RECOMMENDATIONS), t("catalogue.view"), lambda code: t(f"catalogue.{code}"), told
        )
    if view == RECOMMENDATIONS:
        recommendations.show(page)
    else:
        _metrics(page, row, told)


def _metrics(page: Page, row: DeltaGenerator, told: DeltaGenerator) -> None:
    """Draw the search in a row, the chosen metric, and a list by group; only its value is computed, for speed.

    told: where a warning of the address stands.
    """
    t = page.t
    with row:
        found = searching.matching(searching.search_field(page), t)
    listed = [one.id for one in found]
    wanted = in_address("metric", NONE)
    # The chosen metric stays open even when a new search does not match it.
    options = (NONE, *listed, *([wanted] if wanted in definitions() and wanted not in listed else []))
    with row:
        chosen = page.choose("metric", options, t("catalogue.choose"), lambda code: _name(page, code), told)
    if chosen == NONE and len(found) == 1:
        chosen = listed[0]
    if chosen != NONE:
        detail.show(page, definitions()[chosen])
    if not found:
        st.info(t("catalogue.found_none"))
    _groups(page, [(group, list(members)) for group, members in groupby(found, key=lambda one: one.group)])
    if found:
        noting.download(
            t("table.csv"),
            tables.to_csv(_whole(page, found), t),
            file_name="tilannekuva_catalogue.csv",
            mime="text/csv",
            key="csv_catalogue",
        )


def _groups(page: Page, groups: Sequence[tuple[str, Sequence[Definition]]]) -> None:
    """Draw groups of metrics by name, in two columns; few of them in one, with what each means."""
    t, many = page.t, sum(len(members) for _, members in groups) > FEW
    halves = _halves([len(members) + 2 for _, members in groups]) if many else (len(groups), 0)
    columns = st.columns(2, gap="medium") if many else [st.container()]
    for column, part in zip(columns, (groups[: halves[0]], groups[halves[0] :]), strict=False):
        with column:
            for group, members in part:
                name = t("catalogue.group." + group)
                st.header(name)
                caption = f"{name}: {t('catalogue.found', count=len(members))}"
                table = _listed(page, members, meant=not many)
                st.html(tables.to_html(table, caption, words=range(len(table.header)), titled=True))


def _halves(lengths: Sequence[int]) -> tuple[int, int]:
    """Return how many stand in the first column and in the second, so that these are about as long, in the same order.

    >>> _halves([10, 2, 3, 4]), _halves([5])
    ((1, 3), (1, 0))
    """
    cuts = range(1, len(lengths) + 1)
    first = min(cuts, key=lambda cut: max(sum(lengths[:cut]), sum(lengths[cut:])))
    return first, len(lengths) - first


def _name(page: Page, code: str) -> str:
    return page.t("catalogue.choose.none") if code == NONE else definitions()[code].name[page.t.lang]


def _listed(page: Page, members: Sequence[Definition], *, meant: bool) -> Table:
    """Return names of metrics with where they stand. meant: with what they mean."""
    t = page.t
    header = (t("catalogue.metric"), *([t("catalogue.text")] if meant else []), t("catalogue.stands"))
    lines = (
        Line(
            one.name[t.lang],
            (
                *([Value(one.text[t.lang])] if meant else []),
                Value(f"{t('page.' + one.page)} · {', '.join(one.sources)}"),
            ),
            page.address("catalogue", metric=one.id),
        )
        for one in members
    )
    return Table(header, tuple(lines))


def _whole(page: Page, found: Sequence[Definition]) -> Table:
    """Return the complete definitions as a table, for download."""
    t = page.t
    first = ("id", "metric", "group", "text", "why", "formula", "code")
    keys = (*first, "page", "serves", "good", "dimensions", "versions")
    rows = tuple(
        (
            one.id,
            one.name[t.lang],
            t("catalogue.group." + one.group),
            one.text[t.lang],
            one.why[t.lang],
            formula(one, t.lang),
            formula(one, t.lang, in_codes=True),
            t("page." + one.page),
            ", ".join(one.sources),
            t("catalogue.good." + one.good),
            ", ".join(t("dimension." + name).lower() for name in one.allowed),
            str(one.version),
        )
        for one in found
    )
    return of_texts((t("catalogue." + key) for key in keys), rows)

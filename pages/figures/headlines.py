"""What stands in the place of a page's headline when what it would say is not told."""

from __future__ import annotations

import streamlit as st

from metrics.grammar.answer import Row
from metrics.model.definition import definitions, is_own
from pages.figures import figure
from pages.figures.two_places import own_name
from pages.shell.asking import FigureRows
from pages.shell.page import Page
from pages.view import sentences, states
from pages.view.values import published


def instead(page: Page, metric: str, found: FigureRows, row: Row | None) -> None:
    """Draw which number it would be, and what is told of it or in short why nothing is; the whole reason stands below.

    Nothing where no file has what it needs, or a published site does not have the figure: a page says that once, for all.
    Also where the metric is counted otherwise than the page's own sentence says. row: of `found`, None without one.
    """
    if found.refusal or figure.is_lacking(page, found):
        return
    t = page.t
    name = sentences.plain(definitions()[metric].name[t.lang])
    said = published(row, t).text if row is not None else t("state.no_cases")
    st.header(f"{name}: {said}" + figure.not_followed(page, found.composed))
    if row is None or row.value is None:
        st.markdown(states.reason(found.of(metric), t))


def may_be_said(row: Row) -> bool:
    """Return whether a page's own sentence about a number holds: it is told, and counted as the program itself counts."""
    return row.value is not None and is_own(row.metric)


def undecided(page: Page) -> None:
    """Draw that no change can be told, since no two numbers can be compared or nothing is; or what stands side by side."""
    t, against = page.t, page.view.against
    if page.view.other:
        st.header(
            t("headline.beside.place", own=sentences.plain(own_name(page)), other=sentences.plain(page.before_label))
        )
    elif against == "target":
        st.header(t("headline.beside.target"))
    else:
        st.header(t("headline.not_compared" if page.earlier is None else "headline.undecided"))

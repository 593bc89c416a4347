"""How old the data are, and for the steward which releases have been shown to whom: the fifth characteristic."""

from __future__ import annotations

import streamlit as st

from data import clock
from data.store.shown_to import ShownRelease, shown_releases
from data.texts import Texts
from pages.access import session
from pages.downloads.about import state_of_data
from pages.figures import tables
from pages.i18n import formats
from pages.shell import actions
from pages.shell.page import Page
from pages.view.table import of_texts

MOST = 12
"""Releases told of: about a year's."""
COUNTED = ("visitors", "people", "files", "recipients")


def age(page: Page) -> str:
    """Return how old the data are today, and how old those of the release were when it was made."""
    t, generation = page.t, page.serving.generation
    days = max((clock.today() - page.serving.closed_until).days, 0)
    said = [t("quality.age", state=state_of_data(page), days=days)]
    if generation.release is not None:
        made = clock.day_of(generation.created)
        late = max((made - generation.closed_until).days, 0)
        number, day = generation.release.number, formats.day(made, t.lang)
        said.append(t("quality.release_age", count=late, number=number, made=day))
    return " ".join(said)


def show(page: Page) -> None:
    """Draw the releases and how many have seen each, to whoever may read the log."""
    t = page.t
    if page.serving.package is not None or not session.may("steward"):
        return
    with actions.store_errors_shown(t):
        st.subheader(t("quality.shown"))
        found = shown_releases(page.serving.store.path, MOST)
        if not found:
            st.markdown(t("quality.shown.none"))
            return
        header = tuple(t("quality.shown." + name) for name in ("number", "made", "until", "days", *COUNTED))
        table = of_texts(header, [_line(one, t) for one in found])
        st.html(tables.to_html(table, t("quality.shown"), titled=True))
        st.caption(t("quality.shown.how"))


def _line(one: ShownRelease, t: Texts) -> tuple[str, ...]:
    days = (formats.day(day, t.lang) if day else "–" for day in (one.made, one.until))
    age = "–" if one.days is None else formats.number(max(one.days, 0), t.lang)
    return str(one.number), *days, age, *(formats.number(getattr(one, name), t.lang) for name in COUNTED)

"""The decorator of pages with figures: filters, notices, the view as a sentence, and what stands below the figures.

@page("demand")
def render(page: Page) -> None:
    found = page.ask("encounters", by=("language",), each="month")
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.texts import Language, Texts
from metrics.audience import OWN_BY, municipalities_of
from metrics.grammar.period import months_label
from metrics.model import dimensions
from metrics.model.definition import definitions, is_own
from pages.access import session
from pages.i18n import formats
from pages.shell import asking, beside, example_mark, filters, gathering, noting, publications, sharing
from pages.shell.opening import over_store
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.address import in_address
from pages.view.state import TAB, View


def page(page_id: str, own: Sequence[str] = ()) -> Callable[[Callable[[Page], None]], Callable[[Language], None]]:
    """Return a decorator that makes a page of a function drawing its content.

    own: URL parameters that the page reads itself. The page is called with the user's language.
    """

    def decorate(draw: Callable[[Page], None]) -> Callable[[Language], None]:
        @over_store(page_id, newest=session.asks_newest, is_marked=True)
        def render(served: Serving, t: Texts) -> None:
            _draw(page_id, served, t, tuple(own), draw)

        return render

    return decorate


def _draw(page_id: str, served: Serving, t: Texts, own: tuple[str, ...], draw: Callable[[Page], None]) -> None:
    known = served.known(session.rights().exact)
    view, notices = filters.from_address(known, own)
    noting.viewed(view, known)
    page = Page(page_id, t, view, served, known, own, reasons={})
    line = st.container(horizontal=True, vertical_alignment="center", key="said")
    line.markdown(f"**{sentences.plain(page.sentence)}**")
    if view.exact:
        line.badge(t("audience.internal_mark"), icon=":material/lock:", color="red")
    if served.is_example:
        example_mark.mark(t, line)
    if served.package is not None:
        line.badge(sentences.plain(publications.named(served.package, t)), color="gray")
    filters.bar(view, known, served, t, own)
    filters.show_notices(notices, t, served)
    _tell_limits(view, t)
    _tell_definitions(page_id, t)
    if served.begins_after(view.period) and (first := served.begins) and (last := served.generation.last_day):
        days = {name: formats.day(day, t.lang) for name, day in (("first", first), ("last", last))}
        days |= {"month": months_label(first, first, t.lang)}
        st.info(t("page.no_month.exact" if view.exact else "page.no_month", **days))
        return
    if page.not_ended:
        st.info(page.not_ended)
    note = st.container()
    gathering.gather(page_id, in_address(TAB), served, view, page.earlier_than)
    draw(page)
    with note:
        beside.say(page)
        if lacking := asking.lacking(served, page.told_of, page.divided, view, t.lang):
            st.info(lacking)
    gathering.learn(page_id, page.own.get(TAB, ""), page.wishes)
    with line:
        # Placed beside the sentence, but drawn last, when all choices of the page are known.
        sharing.offer(t, view, known, page.own, page_id, served)
    if page.lacking:
        st.info(t("published.lacking", metrics=sentences.plain(", ".join(page.lacking))))
    st.divider()
    for package in served.packages:
        st.caption(publications.source(package, t))
    if page.reasons:
        st.caption(" ".join(page.reasons))
    if page.sources:
        names = "; ".join(dict.fromkeys(t("source." + fact) for fact in page.sources))
        st.caption(" · ".join([t("figure.source", source=names), page.data_until(exact=view.exact)]))
    st.caption(t("page.internal_explained") if view.exact else sentences.protected_explained(t))


def _tell_definitions(page_id: str, t: Texts) -> None:
    """Say which metrics of a page are counted otherwise than its own explanations say: these are of the program's definitions."""
    names = [one.name[t.lang] for one in definitions().values() if one.page == page_id and not is_own(one.id)]
    if names:
        st.info(t("page.definitions", names=sentences.plain(", ".join(names))))


def _tell_limits(view: View, t: Texts) -> None:
    """Say whose exact values may be seen, while another place or none is chosen."""
    own = municipalities_of(view.audience)
    if own is None or (view.area and view.area.code in own):
        return
    areas = sorted(dimensions.label("clients", OWN_BY, code, t.lang, {}) for code in own)
    st.info(t("page.not_own", areas=", ".join(areas)), icon=":material/lock:")

"""A view of a page to come back to or to hand on: its link, and views that have been saved by name. Never the audience."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final
from urllib.parse import parse_qsl, urlencode, urlsplit

import streamlit as st

from data.steward.saved_views import LONGEST_NAME, SavedView, SavedViews
from data.texts import Texts
from metrics.audience import PROTECTED
from pages.access import session
from pages.access.closing import is_loopback
from pages.shell import actions
from pages.shell.registry import path_of
from pages.shell.serving import Serving
from pages.view.address import along
from pages.view.options import distinct_texts
from pages.view.sentences import plain
from pages.view.state import Known, View, read

SEARCH: Final = "q"
"""Parameter of what somebody has typed to search for."""
_OUTCOME, _NAME, _WHICH = "saved_view_outcome", "saved_view_name", "saved_view_which"


def link(address: str, view: View, known: Known, own: Mapping[str, str]) -> str:
    """Return the URL of a view, always with protected values.

    address: URL of the page, whose query is replaced; own: the page's own choices by parameter.

    >>> known = Known(("2026", "2025"), "2026")
    >>> link("https://kunta.example/kysynta", View("sv", "2026", audience="internal"), known, {"series": "8"})
    'https://kunta.example/kysynta?lang=sv&period=2026&series=8'
    """
    shown = view.on(PROTECTED, known)
    # The default period changes with the data, so the period is always part of the link.
    params = {"lang": view.lang, "period": shown.period, **shown.to_params(known), **own}
    return f"{address.split('?')[0]}?{urlencode(params)}"


def for_visitors(view: View, known: Known, served: Serving) -> tuple[View, Known]:
    """Return a view as visitors may have it, and what they know: without what is not released, such as a new service point.

    Raises StoreError.
    """
    if served.package is not None or not view.exact:
        return view, known  # which is what visitors see
    visitors = served.for_visitors().known(PROTECTED)
    params = view.on(PROTECTED, known).to_params(known)
    return read({name: [value] for name, value in params.items()}, visitors)[0], visitors


def query_of(view: View, known: Known, own: Mapping[str, str]) -> str:
    """Return what is saved of a view as visitors may have it: in the default period it follows the data.

    own: the page's own choices; what somebody has typed is none.
    """
    params = {**view.to_params(known), **own}
    return urlencode({name: value for name, value in params.items() if name not in ("lang", SEARCH)})


def offer(t: Texts, view: View, known: Known, own: Mapping[str, str], page_id: str, served: Serving) -> None:
    """Draw a popover with the link, which can be copied, the saved views, and for those who may a form to save this one."""
    with st.popover(t("share.open"), icon=":material/share:"), actions.store_errors_shown(t):
        public, visitors = for_visitors(view, known, served)
        st.markdown(t("share.what"))
        address = st.context.url or ""
        if is_loopback(urlsplit(address).netloc):
            st.info(t("share.loopback"), icon=":material/computer:")
        st.code(link(address, public, visitors, own), language=None, wrap_lines=True)
        if served.package is None:
            _saved(t, SavedViews.of(served.store.path), page_id, query_of(public, visitors, own))


def _saved(t: Texts, views: SavedViews, page_id: str, query: str) -> None:
    there = views.all()
    links = [f"- [{plain(one.name)}]({address})" for one in there if (address := _address(one, t))]
    if links:
        st.markdown("\n".join([f"**{t('saved.title')}**", "", *links]))
    if not session.may("briefings"):
        return
    actions.show_outcome(_OUTCOME)
    with st.form("saved_view", border=False):
        st.text_input(t("saved.name"), key=_NAME, max_chars=LONGEST_NAME, help=t("saved.help"))
        st.form_submit_button(t("saved.save"), on_click=lambda: _act(t, lambda: _save(t, views, page_id, query)))
    if there:
        names = distinct_texts([one.id for one in there], {one.id: one.name for one in there}.__getitem__)
        st.selectbox(t("saved.which"), [one.id for one in there], key=_WHICH, format_func=names)
        st.button(t("saved.remove"), key="saved_view_remove", on_click=lambda: _act(t, lambda: _remove(t, views)))


def _address(one: SavedView, t: Texts) -> str | None:
    """Return where it leads; None where its page is no more."""
    path = path_of(one.page)
    return f"{path}?{urlencode({'lang': t.lang, **along(), **dict(parse_qsl(one.query))})}" if path else None


def _act(t: Texts, act: Callable[[], str]) -> None:
    actions.attempt(_OUTCOME, act, t, "briefing.no_right", "briefings")


def _save(t: Texts, views: SavedViews, page_id: str, query: str) -> str:
    saved = views.save(st.session_state[_NAME], page_id, query)
    st.session_state[_NAME] = ""
    return t("saved.done", name=plain(saved.name))


def _remove(t: Texts, views: SavedViews) -> str:
    return t("saved.removed", name=plain(views.withdraw(st.session_state[_WHICH]).name))

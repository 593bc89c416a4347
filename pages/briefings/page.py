"""The page Esitys: briefings presented live, answered questions, handouts, and saved briefings with frozen values."""

from __future__ import annotations

import streamlit as st

from data.texts import Texts
from metrics.briefings.briefing import Briefings
from metrics.briefings.ready import ready_made
from metrics.model.dimensions import label
from pages.access import session
from pages.briefings import editing, handing_out, opening, presenting, speaker
from pages.briefings.drawing import drawn
from pages.briefings.opening import BRIEFING, MUNICIPALITY, VERSION, Opened
from pages.briefings.screen import preview
from pages.i18n import formats
from pages.shell import noting
from pages.shell.actions import show_outcome
from pages.shell.asking import published_codes
from pages.shell.by_hand import by_hand
from pages.shell.on_top import on_top
from pages.shell.opening import over_store
from pages.shell.serving import Serving
from pages.view.options import distinct_texts
from pages.view.sentences import plain, protected_explained


@over_store("briefings", is_titled=lambda: not (presenting.is_presenting() or speaker.is_followed()))
def render(served: Serving, t: Texts) -> None:
    """Draw the choice of a briefing and its slides; with a slide in the URL, present that slide in full size."""
    opened, notices = opening.opened(served, t)
    frozen = opened.frozen
    noting.told(opened.id, frozen.token, lambda: {"question": f"briefing {opened.id}", "generation": frozen.generation})
    if speaker.is_followed():
        speaker.show(opened, t)
    elif not presenting.present(opened, served, t):
        _draw(opened, notices, served, t)


def _draw(opened: Opened, notices: tuple[str, ...], served: Serving, t: Texts) -> None:
    st.markdown(t("briefing.intro"))
    with st.container():  # told now and then: what stands below stays the same to the browser, and open
        for notice in notices:
            st.warning(notice)
        show_outcome(editing.OUTCOME)
    _choose(opened, served, t)
    st.header(plain(opened.title))
    with st.container():
        _show_state(opened, served, t)
    with st.container(horizontal=True):
        st.button(t("briefing.present"), type="primary", icon=":material/slideshow:", on_click=presenting.start)
        handing_out.offer(opened, t)
    if session.may("briefings"):
        editing.draw_forms(opened, served, t)
    else:
        st.caption(t("briefing.no_right"))
    _slides(opened, t)
    if opened.saved is not None and (session.rights().sees_all or served.store.release() is None):
        _history(opened, served, t)
    st.divider()
    st.caption(protected_explained(t))


def _choose(opened: Opened, served: Serving, t: Texts) -> None:
    """Draw the choice of a briefing, and of its municipality where it has one; both are kept in the URL."""
    saved = {one.id: one for one in Briefings.of(served.store.path).all()}
    options = [*ready_made(), *saved]

    def text(option: str) -> str:
        if option in saved:
            return t("briefing.own", title=saved[option].title, day=formats.day(saved[option].time, t.lang))
        return ready_made()[option].title[t.lang]

    @by_hand("briefing_chosen", options)
    def changed() -> None:
        st.query_params[BRIEFING] = st.session_state["briefing_chosen"]
        st.query_params.pop(VERSION, None)

    left, right = st.columns(2)
    st.session_state["briefing_chosen"] = opened.id
    with left:
        st.selectbox(
            t("briefing.which"), options, key="briefing_chosen", format_func=distinct_texts(options, text), on_change=changed
        )  # fmt: skip
    made = ready_made().get(opened.id)
    if made is None:
        return
    if made.needs_municipality:
        key = "briefing_municipality"
        st.session_state[key] = opening.municipality(served)

        def name(code: str) -> str:
            return label(None, MUNICIPALITY, code, t.lang, {})

        places = sorted(published_codes(served, MUNICIPALITY), key=name)

        @by_hand(key, places)
        def moved() -> None:
            st.query_params[MUNICIPALITY] = st.session_state[key]

        with right:
            st.selectbox(t("filter.area"), places, key=key, on_change=moved, format_func=name)
    st.caption(made.purpose[t.lang])


def _show_state(opened: Opened, served: Serving, t: Texts) -> None:
    """Draw which data the values are from, and whether there are newer ones."""
    frozen, saved = opened.frozen, opened.saved
    day = formats.day(frozen.closed_until, t.lang)
    if saved is None:
        st.caption(t("briefing.live", day=day))
        return
    st.caption(t("briefing.frozen", day=day, saved=formats.day(saved.time, t.lang), version=saved.version))
    if other := opening.counted_otherwise(frozen, t.lang):
        st.info(t("briefing.other_definition", names=plain(other)))
    if not frozen.is_of(served.generation):
        st.info(t("briefing.newer", day=formats.day(served.closed_until, t.lang), frozen=day))


def _slides(opened: Opened, t: Texts) -> None:
    """Draw every slide as a thumbnail with its headline and a button that presents it."""
    grid = st.grid(3, min_column_width=260)
    for number, answered in enumerate(opened.frozen.slides, 1):
        with grid.container(border=True, height="stretch"):
            preview(drawn(answered, opened.frozen, t), f"{number}")
            st.button(
                t("briefing.show", number=number), key=f"briefing_show_{number}", on_click=presenting.start, args=(number,),
                type="tertiary", icon=":material/fullscreen:",
            )  # fmt: skip


def _history(opened: Opened, served: Serving, t: Texts) -> None:
    """Draw every version of a saved briefing, newest first."""
    history = Briefings.of(served.store.path).history(opened.id)
    with st.expander(t("briefing.history")):
        for one in reversed(history):
            day = formats.day(one.time, t.lang)
            until = formats.day(one.frozen.closed_until, t.lang)

            @on_top
            def open_it(version: int = one.version) -> None:
                st.query_params[VERSION] = str(version)

            label = t("briefing.version", version=one.version, day=day, until=until, title=one.title)
            is_open = opened.saved is not None and opened.saved.version == one.version
            st.button(
                plain(label), key=f"briefing_version_{one.version}", on_click=open_it, type="tertiary", disabled=is_open
            )

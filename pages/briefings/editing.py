"""Editing of saved briefings: save, rename, reorder, remove slides, write notes, refresh. For users with the right only."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from data.texts import Texts
from metrics.briefings.briefing import LONGEST_TITLE, Briefing, BriefingError, Briefings
from metrics.briefings.freezing import Answered, freeze
from metrics.briefings.slide import LONGEST_NOTES, Slide
from pages.briefings import figures, headlines
from pages.briefings.opening import BRIEFING, VERSION, Opened
from pages.shell import actions
from pages.shell.serving import Serving

OUTCOME, _AT = "briefing_outcome", "briefing_slide"
_UNSAVED = "briefing_notes_unsaved"
"""Session state: a briefing's id, and notes that came too late for the version they were written in."""


def draw_forms(opened: Opened, served: Serving, t: Texts) -> None:
    """Draw the forms of a briefing: a copy of a ready-made one, or changes to a saved one."""
    store = Briefings.of(served.store.path)
    if opened.saved is None:
        with st.expander(t("briefing.copy"), icon=":material/bookmark_add:"):
            _title_form(opened, lambda title: _open_in_address(store.save(title, opened.frozen)), t("briefing.save"), t)
        return
    saved, seen = opened.saved, len(store.history(opened.saved.id))
    _show_unsaved(saved, t)
    with st.expander(t("briefing.edit"), icon=":material/edit:"):
        _title_form(
            opened,
            lambda title: _open_in_address(store.save(title, saved.frozen, saved.id, seen)),
            t("briefing.rename"),
            t,
        )
        _one_slide(saved, seen, store, t)
        with st.container(horizontal=True):
            st.button(
                t("briefing.refresh"), icon=":material/update:", key="briefing_refresh",
                on_click=lambda: attempt(lambda: _refresh(saved, seen, store, served), t("briefing.refreshed"), t),
            )  # fmt: skip
            st.button(
                t("briefing.withdraw"), icon=":material/delete:", key="briefing_withdraw",
                on_click=lambda: attempt(lambda: _close_in_address(store.withdraw(saved.id)), t("briefing.withdrawn"), t),
            )  # fmt: skip


def _refresh(saved: Briefing, seen: int, store: Briefings, served: Serving) -> None:
    """Save a new version of the same slides, answered from the current generation."""
    slides = tuple(one.slide for one in saved.frozen.slides)
    frozen = freeze(slides, served.store, generation=served.generation)
    _open_in_address(store.save(saved.title, frozen, saved.id, seen))


def attempt(act: Callable[[], str | None], done: str, t: Texts) -> None:
    """Run an action and keep its outcome for the next run: the text that it returns, else `done`. See `actions.attempt`."""
    actions.attempt(OUTCOME, lambda: act() or done, t, "briefing.no_right", "briefings")


def _title_form(opened: Opened, save: Callable[[str], None], label: str, t: Texts) -> None:
    with st.form("briefing_title_form", border=False):
        st.text_input(t("briefing.title"), opened.title, max_chars=LONGEST_TITLE, key="briefing_title")
        st.form_submit_button(
            label, icon=":material/save:",
            on_click=lambda: attempt(lambda: save(st.session_state["briefing_title"]), t("briefing.saved"), t),
        )  # fmt: skip


def _one_slide(saved: Briefing, seen: int, store: Briefings, t: Texts) -> None:
    """Draw the choice of a slide and the actions on it: move, remove, edit notes."""
    slides = saved.frozen.slides
    if st.session_state.get(_AT, 1) > len(slides):
        st.session_state[_AT] = len(slides)
    number: int = st.selectbox(
        t("briefing.slide"), range(1, len(slides) + 1), key=_AT,
        format_func=lambda n: f"{n}. {headlines.headline(slides[n - 1], t, saved.frozen.places)}",
    )  # fmt: skip

    def change(changed: tuple[Answered, ...], at: int) -> str | None:
        frozen = saved.frozen.model_copy(update={"slides": changed})
        _open_in_address(store.save(saved.title, frozen, saved.id, seen))
        st.session_state[_AT] = at
        return None

    def act(changed: tuple[Answered, ...], at: int) -> None:
        attempt(lambda: change(changed, at), t("briefing.saved"), t)

    others = (*slides[: number - 1], *slides[number:])
    moves = (("up", number - 1, ":material/arrow_upward:"), ("down", number + 1, ":material/arrow_downward:"))
    with st.container(horizontal=True):
        for key, to, icon in moves:
            moved = (*others[: to - 1], slides[number - 1], *others[to - 1 :])
            st.button(
                t("briefing." + key), key="briefing_" + key, icon=icon, disabled=not 1 <= to <= len(slides),
                on_click=act, args=(moved, to),
            )  # fmt: skip
        st.button(
            t("briefing.remove"), key="briefing_remove", icon=":material/close:", disabled=len(slides) == 1,
            on_click=act, args=(others, max(number - 1, 1)),
        )  # fmt: skip
    figures.draw(slides, number, act, t, saved.frozen.places)
    with st.form("briefing_notes_form", border=False):
        key = f"briefing_notes_{saved.version}_{number}"
        st.text_area(t("briefing.notes"), slides[number - 1].slide.notes, max_chars=LONGEST_NOTES, key=key)

        def write() -> str | None:
            noted = _noted(slides[number - 1], st.session_state[key])
            try:
                change((*slides[: number - 1], noted, *slides[number:]), number)
            except BriefingError as error:
                if error.reason == "meanwhile":
                    # The field of the newer version has other notes, of a slide that may be another by now.
                    st.session_state[_UNSAVED] = saved.id, noted.slide.notes
                raise
            st.session_state.pop(_UNSAVED, None)
            return None

        st.form_submit_button(
            t("briefing.save_notes"), icon=":material/save:", on_click=lambda: attempt(write, t("briefing.saved"), t)
        )


def _show_unsaved(saved: Briefing, t: Texts) -> None:
    """Show notes that somebody else's version has kept from being saved, until notes are saved."""
    of, text = st.session_state.get(_UNSAVED, ("", ""))
    if of == saved.id and text:
        st.caption(t("briefing.unsaved"))
        st.code(text, language=None, wrap_lines=True)


def _noted(answered: Answered, text: str) -> Answered:
    """Return a slide with other notes. Raises BriefingError("notes") when they are too long or hold personal data."""
    try:
        slide = Slide.model_validate({**answered.slide.model_dump(), "notes": text})
    except ValueError:
        raise BriefingError("notes") from None
    return answered.model_copy(update={"slide": slide})


def _open_in_address(saved: Briefing) -> None:
    st.query_params[BRIEFING] = saved.id
    st.query_params.pop(VERSION, None)


def _close_in_address(_: Briefing) -> None:
    st.query_params.pop(BRIEFING, None)
    st.query_params.pop(VERSION, None)

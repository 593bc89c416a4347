"""The figures of one slide in the editor: bring one of another slide, put one first, give one a slide of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.texts import Texts
from metrics.briefings.freezing import Answered
from metrics.briefings.slide import LONGEST_NOTES, has_room
from metrics.model.dimensions import Places
from pages.briefings import headlines
from pages.view.sentences import plain

Change = Callable[[tuple[Answered, ...], int], None]


def draw(slides: Sequence[Answered], number: int, change: Change, t: Texts, places: Places) -> None:
    """Draw the figures of a slide, and what can be brought beside them.

    number: of the slide, from 1; change: saves other slides and the number of the one in hand.
    """
    slide = slides[number - 1]
    if slide.slide.beside:
        st.markdown(t("briefing.figures"))
    for at, one in enumerate(slide.figures if slide.slide.beside else ()):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"{at + 1}. {plain(headlines.headline(one, t, places))}")
            st.button(
                t("briefing.first"), key=f"briefing_first_{at}", icon=":material/first_page:", disabled=at == 0,
                on_click=change, args=(_first(slides, number, at), number),
            )  # fmt: skip
            st.button(
                t("briefing.own_slide"), key=f"briefing_own_{at}", icon=":material/call_split:",
                on_click=change, args=(_apart(slides, number, at), number),
            )  # fmt: skip
    kinds = [one.slide.kind for one in slide.figures]
    free = [
        at
        for at, one in enumerate(slides, 1)
        if at != number and has_room([*kinds, *(other.slide.kind for other in one.figures)])
    ]
    if not free:
        return
    key = f"briefing_beside_{number}"
    with st.container(horizontal=True, vertical_alignment="bottom"):
        chosen = st.selectbox(
            t("briefing.beside"), free, index=None, key=key, placeholder=t("briefing.beside.none"),
            help=t("slide.add.room"), format_func=lambda at: f"{at}. {headlines.headline(slides[at - 1], t, places)}",
        )  # fmt: skip
        st.button(
            t("briefing.bring"), key="briefing_bring", icon=":material/add_to_queue:", disabled=chosen is None,
            on_click=change, args=_together(slides, number, chosen) if chosen else (),
        )  # fmt: skip


def _replaced(slides: Sequence[Answered], number: int, *by: Answered) -> tuple[Answered, ...]:
    return (*slides[: number - 1], *by, *slides[number:])


def _first(slides: Sequence[Answered], number: int, at: int) -> tuple[Answered, ...]:
    """Return the slides with one figure as the first of its slide, which says the headline."""
    slide = slides[number - 1]
    figures = list(slide.figures)
    return _replaced(slides, number, slide.of([figures.pop(at), *figures]))


def _apart(slides: Sequence[Answered], number: int, at: int) -> tuple[Answered, ...]:
    """Return the slides with one figure on a slide of its own, after the one that it was on, which keeps its notes."""
    slide = slides[number - 1]
    figures = list(slide.figures)
    alone = figures.pop(at)
    return _replaced(slides, number, slide.of(figures), alone)


def _together(slides: Sequence[Answered], number: int, other: int) -> tuple[tuple[Answered, ...], int]:
    """Return the slides with the figures of another on one, without that other, and the number of the one then."""
    slide, gone = slides[number - 1], slides[other - 1]
    notes = "\n\n".join(text for text in (slide.slide.notes, gone.slide.notes) if text)
    noted = slide.model_copy(update={"slide": slide.slide.model_copy(update={"notes": notes[:LONGEST_NOTES].rstrip()})})
    joined = _replaced(slides, number, noted.of([*slide.figures, *gone.figures]))
    return tuple(one for at, one in enumerate(joined, 1) if at != other), number - (other < number)

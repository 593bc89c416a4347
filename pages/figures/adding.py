"""Adding a figure of a page as a slide to a saved briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.texts import Texts
from metrics.briefings.briefing import LONGEST_TITLE, Briefing, Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Kind, Slide, has_room, kind_for
from metrics.grammar.question import Question
from pages.access import session
from pages.shell import actions
from pages.view import sentences
from pages.view.options import distinct_texts
from pages.view.sentences import plain

if TYPE_CHECKING:
    from pages.shell.page import Page
    from pages.shell.serving import Serving

_NEW, _OUTCOME = "", "slide_outcome"


def slide_of(question: Question, default_period: str, against: str = "year", kind: Kind | None = None) -> Slide | None:
    """Return the slide that shows the answer to a question; None when it has several metrics or several codes of a dimension.

    A figure in the default period follows the data: when the briefing is refreshed, its period moves to the new
    default. against: what the page compares with; slides compare a month with the one before it, else with a year before.
    kind: of its chart, where the question does not tell.
    """
    if len(question.metrics) != 1 or any(len(codes) != 1 for _, codes in question.where):
        return None
    metric = question.metrics[0]
    return Slide(
        metric=metric,
        kind=kind or kind_for(metric, question.by, question.each),
        by=question.by,
        where=tuple((name, codes[0]) for name, codes in question.where),
        period=question.period,
        follows="to_date" if question.period == default_period else None,
        each=question.each,
        against="month" if against == "month" else "year",
    )


def offer(page: Page, key: str, question: Question, kind: Kind | None = None) -> None:
    """Draw the button that adds a figure to a briefing, for users who may save briefings. kind: of its chart on a slide."""
    if page.serving.package is None:  # others' figures alone are none of a briefing of one's own
        offer_slide(page, key, slide_of(question, page.known.default_period, page.view.against, kind))


def offer_slide(page: Page, key: str, slide: Slide | None) -> None:
    """Draw the same for a slide, if there is one."""
    if slide is None or not session.may("briefings"):
        return
    if st.button(page.t("slide.add"), key=f"add_{key}", type="tertiary", icon=":material/add_to_queue:"):
        st.dialog(page.t("slide.add"))(_ask)(slide, page.serving, page.t)


def _ask(slide: Slide, served: Serving, t: Texts) -> None:
    store = Briefings.of(served.store.path)
    own = {one.id: one for one in store.all()}
    titles = distinct_texts([*own, _NEW], lambda code: own[code].title if code in own else t("slide.add.new"))
    chosen = st.selectbox(t("slide.add.to"), [*own, _NEW], key="slide_add_to", format_func=titles)
    briefing = own.get(chosen or _NEW)
    at = 0
    if briefing is None:
        st.text_input(t("briefing.title"), key="slide_add_title", max_chars=LONGEST_TITLE)
    else:
        at = _which_slide(slide, briefing, t)
    if st.button(t("slide.add"), key="slide_add_yes", type="primary"):
        actions.attempt(
            _OUTCOME, lambda: _add(slide, briefing, at, store, served, t), t,
            "briefing.no_right", "briefings",
        )  # fmt: skip
        actions.show_outcome(_OUTCOME)


def _which_slide(slide: Slide, briefing: Briefing, t: Texts) -> int:
    """Draw the choice of a new slide or one that has room, where there are any; return its number, 0 for a new one."""
    there = briefing.frozen.slides
    free = [
        number for number, one in enumerate(there, 1) if has_room([slide.kind, *(f.kind for f in one.slide.figures)])
    ]
    if not free:
        return 0

    def named(number: int) -> str:
        if not number:
            return t("slide.add.alone")
        figures = there[number - 1].slide.figures
        return f"{number}. {' + '.join(sentences.metric_by(one.metric, one.by, t) for one in figures)}"

    # Of another briefing another choice: the number of one's slide is not that of the other's.
    key = f"slide_add_at_{briefing.id}_{briefing.version}"
    at: int = st.selectbox(t("slide.add.at"), [0, *free], key=key, format_func=named, help=t("slide.add.room"))
    return at


def _add(slide: Slide, briefing: Briefing | None, at: int, store: Briefings, served: Serving, t: Texts) -> str:
    """Add the figure, freeze all slides anew in the current generation, save, and return the text of the outcome.

    at: number of the slide that it is added to, 0 for a new one. The text mentions when the values of the other slides may
    have changed.
    """
    slides = [answered.slide for answered in briefing.frozen.slides] if briefing else []
    if at:
        slides[at - 1] = slides[at - 1].of([*slides[at - 1].figures, slide])
    else:
        slides.append(slide)
    title = briefing.title if briefing else st.session_state["slide_add_title"]
    frozen = freeze(slides, served.store, generation=served.generation)
    saved = store.save(title, frozen, *((briefing.id, briefing.version) if briefing else ()))
    done = t("slide.add.done", title=plain(saved.title), number=at or len(saved.frozen.slides))
    is_older = briefing is not None and not briefing.frozen.is_of(served.generation)
    return f"{done} {t('slide.add.updated')}" if is_older else done

"""Adding a figure of a page as a slide to a saved briefing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import streamlit as st

from data.texts import Texts
from metrics.briefings.briefing import LONGEST_TITLE, Briefing, Briefings
from metrics.briefings.freezing import freeze
from metrics.briefings.slide import Slide, kind_for
from metrics.grammar.question import Question
from pages.access import session
from pages.shell import actions
from pages.view.options import distinct_texts
from pages.view.sentences import plain

if TYPE_CHECKING:
    from pages.shell.page import Page
    from pages.shell.serving import Serving

_NEW, _OUTCOME = "", "slide_outcome"


def slide_of(question: Question, default_period: str, against: str = "year") -> Slide | None:
    """Return the slide that shows the answer to a question; None when it has several metrics or several codes of a dimension.

    A figure in the default period follows the data: when the briefing is refreshed, its period moves to the new
    default. against: what the page compares with; slides compare a month with the one before it, else with a year before.
    """
    if len(question.metrics) != 1 or any(len(codes) != 1 for _, codes in question.where):
        return None
    metric = question.metrics[0]
    return Slide(
        metric=metric,
        kind=kind_for(metric, question.by, question.each),
        by=question.by,
        where=tuple((name, codes[0]) for name, codes in question.where),
        period=question.period,
        follows="to_date" if question.period == default_period else None,
        each=question.each,
        against="month" if against == "month" else "year",
    )


def offer(page: Page, key: str, question: Question) -> None:
    """Draw the button that adds a figure to a briefing, for users who may save briefings."""
    may = (
        session.may("briefings") and page.serving.package is None
    )  # others' figures are none of a briefing of one's own
    slide = slide_of(question, page.known.default_period, page.view.against) if may else None
    if slide is None:
        return
    if st.button(page.t("slide.add"), key=f"add_{key}", type="tertiary", icon=":material/add_to_queue:"):
        st.dialog(page.t("slide.add"))(_ask)(slide, page.serving, page.t)


def _ask(slide: Slide, served: Serving, t: Texts) -> None:
    store = Briefings.of(served.store.path)
    own = {one.id: one for one in store.all()}
    titles = distinct_texts([*own, _NEW], lambda code: own[code].title if code in own else t("slide.add.new"))
    chosen = st.selectbox(t("slide.add.to"), [*own, _NEW], key="slide_add_to", format_func=titles)
    if chosen == _NEW:
        st.text_input(t("briefing.title"), key="slide_add_title", max_chars=LONGEST_TITLE)
    if st.button(t("slide.add"), key="slide_add_yes", type="primary"):
        actions.attempt(
            _OUTCOME, lambda: _add(slide, own.get(chosen or _NEW), store, served, t), t,
            "briefing.no_right", "briefings",
        )  # fmt: skip
        actions.show_outcome(_OUTCOME)


def _add(slide: Slide, briefing: Briefing | None, store: Briefings, served: Serving, t: Texts) -> str:
    """Add the slide, freeze all slides anew in the current generation, save, and return the text of the outcome.

    The text mentions when the values of the other slides may have changed.
    """
    before = tuple(answered.slide for answered in briefing.frozen.slides) if briefing else ()
    title = briefing.title if briefing else st.session_state["slide_add_title"]
    frozen = freeze((*before, slide), served.store, generation=served.generation)
    saved = store.save(title, frozen, briefing.id if briefing else None)
    done = t("slide.add.done", title=plain(saved.title), number=len(saved.frozen.slides))
    is_older = briefing is not None and not briefing.frozen.is_of(served.generation)
    return f"{done} {t('slide.add.updated')}" if is_older else done

"""How evenly municipalities reach people, as a sentence."""

from __future__ import annotations

import streamlit as st

from pages.figures import figure
from pages.i18n import formats
from pages.shell import asking
from pages.shell.page import Page
from pages.view import states
from pages.view.sentences import with_limits

METRIC = "reach_evenness"


def show(page: Page) -> None:
    """Draw the lowest reach of a municipality against the highest, or why it cannot be said.

    A municipality of which months lack reaches fewer for that alone.
    """
    t, found = page.t, page.ask(METRIC)
    if found.refusal or figure.is_lacking(page, found):  # of packages of one municipality the page's foot says so
        return
    now, question = found.one(METRIC), found.answer.question
    lacking = asking.lacking_for(page.serving, question)
    is_uneven = lacking is not None and any(place for _, gaps in lacking.tables for place in gaps)
    is_said = now is not None and now.value is not None and not is_uneven
    if now is None or not is_said:
        why = asking.lacking_notes(page.serving, question, t.lang) if is_uneven else [states.reason(found.rows, t)]
        text = t("reach.evenness.hidden", reason=" ".join(why))
    else:
        text = t("reach.evenness", share=formats.value_text(now, t))
        then = page.ask_before(METRIC) if page.view.earlier_by else None
        before = then.one(METRIC) if then else None
        if before is not None and before.value is not None:
            text += " " + t("reach.evenness.before", share=formats.value_text(before, t), when=page.when_before)
    st.markdown(text + figure.not_followed(page, found.composed))
    # How to read a number that is not there would be taken for a number.
    note = [with_limits("reach.evenness.note", t)] if is_said else []
    if notes := [*note, *figure.filter_notes(page, found.composed)]:
        st.caption("  \n".join(notes))

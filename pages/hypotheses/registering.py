"""Registration and test of hypotheses, and downloads of a test; the internal right is checked at each action."""

from __future__ import annotations

import streamlit as st

from data.refusal import Refusal
from metrics.hypotheses import testing, work
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.register import Entry, Register
from pages.hypotheses.words import HypothesisWords
from pages.shell import actions, noting
from pages.shell.telling import refusal_text

CHOSEN = "h"
"""URL parameter: id of the chosen hypothesis."""
OUTCOME = "hypotheses_outcome"


def register_button(words: HypothesisWords, register: Register, made: Hypothesis) -> None:
    """Draw the button that appends a hypothesis to the register."""
    t = words.t

    def write() -> str:
        line = register.register(made)
        st.session_state["hyp_question"] = ""
        st.query_params[CHOSEN] = line.id
        return t("hypotheses.registered", id=line.id)

    st.button(
        t("hypotheses.register"), key="hyp_register", type="primary", icon=":material/edit_note:",
        on_click=lambda: actions.attempt(OUTCOME, write, t, "hypotheses.no_right", "hypotheses"),
    )  # fmt: skip
    st.caption(t("hypotheses.register.note"))


def test_button(words: HypothesisWords, register: Register, entry: Entry) -> None:
    """Draw the button that tests a hypothesis on the current generation, unless that has been done."""
    t, generation = words.t, words.served.generation
    if entry.result is not None:
        planned = entry.registered.hypothesis.looks
        if entry.result.is_of(generation):
            return
        if len(entry.results) >= planned:
            st.info(t("hypotheses.looks.once") if planned == 1 else t("hypotheses.looks.used", planned=planned))
            return
        st.info(t("hypotheses.newer"))
    label = t("hypotheses.test" if entry.result is None else "hypotheses.test_again")
    if not st.button(label, key="hyp_test", type="primary", icon=":material/science:"):
        return
    try:
        with st.spinner(t("hypotheses.testing")):
            testing.run(register, entry.registered.id, words.served.store)
    except Refusal as error:
        st.error(refusal_text(error, t, "page.not_now"))
    else:
        st.rerun()


def downloads(words: HypothesisWords, entry: Entry) -> None:
    """Draw the downloads of a test as a script and as a notebook."""
    t, line = words.t, entry.registered
    if entry.result is None:
        return
    st.markdown(f"#### {t('hypotheses.work')}")
    st.caption(t("hypotheses.work.note", id=line.id))
    written = work.of(line, entry.results, words.served.store)
    left, right = st.columns(2, gap="small")
    with left:
        noting.download(
            t("hypotheses.work.script"), written.script, file_name=f"{line.id}.py", mime="text/x-python", key="hyp_script",
            width="stretch",
        )  # fmt: skip
    with right:
        noting.download(
            t("hypotheses.work.notebook"), written.notebook, file_name=f"{line.id}.ipynb", mime="application/x-ipynb+json",
            key="hyp_notebook", width="stretch",
        )  # fmt: skip

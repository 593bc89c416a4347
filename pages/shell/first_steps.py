"""What a store without data opens on: three steps to figures of one's own, and the example municipality to look at meanwhile."""

from __future__ import annotations

import streamlit as st

from data.refusal import Refusal
from data.sample import example
from data.texts import Texts
from pages.access import published, session
from pages.shell import actions, links, noting
from pages.shell.example_mark import OUTCOME
from pages.shell.telling import refusal_text

STEPS = ("open", "check", "publish")


def show(t: Texts) -> None:
    """Draw the steps for whoever may import; others are told that there is nothing yet."""
    if published.folder() is not None or not session.may("steward"):
        st.info(t("page.empty"))
        return
    st.markdown(t("first.intro"))
    for place, (number, step) in zip(st.columns(len(STEPS), gap="medium"), enumerate(STEPS, 1), strict=True):
        with place.container(border=True, height="stretch"):
            st.subheader(f"{number}. {t('first.' + step)}")
            st.markdown(t(f"first.{step}.what"))
            if step == STEPS[0]:
                links.link_to("importing", t.lang, f"**{t('first.begin')}**", icon=":material/arrow_forward:")
                offer_template(t)
    if example.can_show():
        _offer_example(t)


def offer_template(t: Texts) -> None:
    """The empty workbook, made when it is asked for."""
    from data.ingest.templates import template  # it brings what writes workbooks

    noting.download(
        t("import.template"), lambda: template(t.lang), file_name=f"{t('import.template.file')}.xlsx", key="import_template",
        mime="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", icon=":material/table:",
    )  # fmt: skip


def _offer_example(t: Texts) -> None:
    st.subheader(t("first.example"))
    st.markdown(t("first.example.what"))
    actions.show_outcome(OUTCOME)
    if not st.button(t("first.example.try"), key="example_try", icon=":material/visibility:"):
        return
    making = t("first.example.making")
    bar = st.progress(0.0, text=making)

    def tell(done: int, of: int) -> None:
        bar.progress(done / of, text=making)

    try:
        example.show(tell)
    except Refusal as error:
        actions.remember(OUTCOME, ("error", refusal_text(error, t, "page.not_now")))
    st.rerun()

"""Watches: their alerts on the overview, their list, and the form that sets and withdraws them."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.texts import Texts
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from metrics.model.labels import distinct
from metrics.watching.evaluation import evaluate
from metrics.watching.sentences import rule, sentence, subject
from metrics.watching.watch import ALL, RULES, SPANS, Observation, Watches
from pages.figures import tables
from pages.figures.target_marks import metric_text
from pages.shell import actions
from pages.shell.serving import Serving
from pages.targets import forms
from pages.view import sentences
from pages.view.table import of_texts


def show_alerts(served: Serving, t: Texts) -> None:
    """Draw the alerts of all watches in the current generation; nothing without watches. Protected values only."""
    seen: tuple[Observation, ...] = ()
    with actions.store_errors_shown(t):
        seen = evaluate(served.store)
    alerts = [one for one in seen if one.state in ("fired", "near")]
    if alerts:
        lines = "\n".join(f"- {sentences.plain(sentence(one, t.lang))}" for one in alerts)
        st.warning(f"**{t('watch.alerts', count=len(alerts))}**\n\n{lines}", icon=":material/notifications_active:")
    elif seen:
        st.caption(t("watch.quiet", count=len(seen)))


def show_list(served: Serving, t: Texts) -> bool:
    """Draw every watch in force with its current state, and return whether there is any. Raises StoreError."""
    seen = {one.watch.id: one for one in evaluate(served.store)}
    if not seen:
        return False
    st.header(t("watch.title"))
    rows = tuple(
        (subject(one.watch, t.lang), rule(one.watch, t.lang), t("watch.span." + one.watch.span), sentence(one, t.lang))
        for one in seen.values()
    )
    header = tuple(t("watch." + name) for name in ("what", "rule", "span", "seen"))
    st.html(tables.to_html(of_texts(header, rows), t("watch.title"), words=(1, 2, 3), headed=True))
    return True


def form(served: Serving, municipalities: Sequence[str], languages: Sequence[str], t: Texts) -> None:
    """Draw the forms that set a watch and withdraw one.

    municipalities, languages: codes on offer.
    """
    watches = Watches.of(served.store.path)

    def set_it() -> str:
        state, kind = st.session_state, st.session_state["watch_rule"]
        value = forms.number(state["watch_value"], t) if kind in ("above", "below") else None
        watches.set(
            metric=state["watch_metric"], rule=kind, value=value, span=state["watch_span"],
            municipality=state["watch_municipality"], language=state["watch_language"],
        )  # fmt: skip
        state["watch_value"] = ""
        return t("watch.saved")

    with st.form("watch_form"):
        st.subheader(t("watch.set"))
        left, right = st.columns(2)
        with left:
            metrics = [d.id for d in definitions().values() if not d.requires]
            st.selectbox(t("targets.metric"), metrics, key="watch_metric", format_func=lambda m: metric_text(m, t))
            _choice("municipality", (ALL, *municipalities), t)
            _choice("language", (ALL, *languages), t)
        with right:
            st.selectbox(t("watch.rule"), RULES, key="watch_rule", format_func=lambda one: t("watch.rule." + one))
            st.text_input(t("watch.value"), key="watch_value", help=t("watch.value.help"))
            st.selectbox(t("watch.span"), SPANS, key="watch_span", format_func=lambda one: t("watch.span." + one))
        st.form_submit_button(
            t("watch.save"), icon=":material/notifications:", on_click=lambda: forms.attempt(set_it, t)
        )
    _withdraw(watches, t)


def _choice(dimension: str, codes: Sequence[str], t: Texts) -> None:
    st.selectbox(
        t("floor." + ("place" if dimension == "municipality" else dimension)), codes, key="watch_" + dimension,
        format_func=lambda code: t("watch.all") if code == ALL else label(None, dimension, code, t.lang, {}),
    )  # fmt: skip


def _withdraw(watches: Watches, t: Texts) -> None:
    known = distinct({one.id: f"{subject(one, t.lang)}: {rule(one, t.lang)}" for one in watches.all()})
    if not known:
        return

    def remove() -> str:
        watches.withdraw(st.session_state["watch_which"])
        return t("watch.removed")

    with st.form("watch_withdraw_form"):
        st.selectbox(t("watch.which"), list(known), key="watch_which", format_func=known.__getitem__)
        st.form_submit_button(t("watch.remove"), icon=":material/delete:", on_click=lambda: forms.attempt(remove, t))

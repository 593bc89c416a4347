"""The page Hypoteesit: hypotheses are registered, then tested; all tests are listed, corrected for their number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import streamlit as st

from data.texts import Texts
from metrics.audience import INTERNAL, PROTECTED
from metrics.grammar.question import Question
from metrics.hypotheses.hypothesis import OTHERS, Groups, Hypothesis
from metrics.hypotheses.register import Entry, Register
from pages.access import session
from pages.figures import tables
from pages.hypotheses import form, published, registering, result
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats
from pages.shell import actions, asking, filters, noting
from pages.shell.by_hand import by_hand
from pages.shell.opening import over_store
from pages.shell.serving import Serving
from pages.view.address import in_address
from pages.view.sentences import plain, protected_explained
from pages.view.table import of_texts

WORDS = (1, 2, 3, 7)
"""Indices of the register's text columns."""


@over_store("hypotheses")
def render(served: Serving, t: Texts) -> None:
    """Draw the form for users with the right, the chosen hypothesis with its result, and the register."""
    known = served.known(INTERNAL if session.may("hypotheses") else PROTECTED)
    view, notices = filters.from_address(known, (registering.CHOSEN,))
    filters.show_notices(
        [notice for notice in notices if notice.parameter in ("audience", registering.CHOSEN)], t, served
    )
    if known.sees_exact:
        filters.audience_choice(view, known, t, (registering.CHOSEN,))
    if view.exact:
        st.badge(t("audience.internal_mark"), icon=":material/lock:", color="red")
    st.markdown(t("hypotheses.intro"))
    actions.show_outcome(registering.OUTCOME)
    _draw(HypothesisWords(served, t, view.exact), Register.of(served.store.path))


def _draw(words: HypothesisWords, register: Register) -> None:
    t, entries = words.t, register.entries()
    broken = register.broken()
    if broken:
        st.error(t("hypotheses.broken", places=", ".join(broken)))
    if session.may("hypotheses"):
        with st.expander(t("hypotheses.new"), expanded=not entries, icon=":material/add:"):
            made = form.form(words)
            if made is not None:
                form.show_power(words, made)
                registering.register_button(words, register, made)
    else:
        st.info(t("hypotheses.no_right"))
    if entries:
        _one(words, register, _chosen(entries, t))
        _register(words, entries)
    else:
        st.markdown(t("hypotheses.none"))
    st.divider()
    st.caption(t("page.internal_explained") if words.exact else protected_explained(t))


def _chosen(entries: Sequence[Entry], t: Texts) -> Entry:
    """Draw the choice of a hypothesis and return the one in the URL, else the newest."""
    by_id = {entry.registered.id: entry for entry in reversed(entries)}
    wanted = in_address(registering.CHOSEN) if registering.CHOSEN in st.query_params else None
    chosen = wanted if wanted in by_id else next(iter(by_id))
    if wanted is not None and wanted != chosen:
        st.warning(t("hypotheses.unknown", wanted=plain(wanted[:40]), used=chosen))
    st.session_state["hyp_chosen"] = chosen

    @by_hand("hyp_chosen", by_id)
    def changed() -> None:
        st.query_params[registering.CHOSEN] = st.session_state["hyp_chosen"]

    def name(code: str) -> str:
        return f"{code} · {by_id[code].registered.hypothesis.question}"

    st.selectbox(t("hypotheses.which"), tuple(by_id), key="hyp_chosen", format_func=name, on_change=changed)
    return by_id[chosen]


def _one(words: HypothesisWords, register: Register, entry: Entry) -> None:
    t, line = words.t, entry.registered
    hypothesis = line.hypothesis
    st.header(f"{line.id} · {plain(hypothesis.question)}")
    facts = [
        f"{words.metric(hypothesis.outcome)}: {words.comparison(hypothesis)}",
        t("hypotheses.expected." + hypothesis.direction, smallest=words.amount(hypothesis, hypothesis.smallest)),
    ]
    if hypothesis.covariates:
        facts.append(t("hypotheses.adjusts", names=", ".join(map(words.fact, hypothesis.covariates))))
    if hypothesis.planned_share is not None:
        facts.append(t("hypotheses.planned.said", share=formats.percent(hypothesis.planned_share, t.lang)))
    if hypothesis.guardrails:
        names = (words.guardrail(hypothesis, one) for one in hypothesis.guardrails)
        facts.append(t("hypotheses.guardrails.said", names=", ".join(names)))
    if hypothesis.period != "all":
        facts.append(formats.period_label(hypothesis.period, t.lang))
    st.markdown("  \n".join(plain(fact) for fact in facts))
    st.caption(t("hypotheses.hash", time=formats.moment(line.time, t), hash=line.hash[:16]))
    for lacking in asking.lacking_notes(words.served, _asked(hypothesis), t.lang):
        st.info(lacking)
    if session.may("hypotheses"):
        registering.test_button(words, register, entry)
    if entry.result is None:
        st.info(t("hypotheses.untested"))
        return
    question = f"hypothesis {line.id} --audience {INTERNAL if words.exact else PROTECTED}"
    noting.told(question, entry.result.token, lambda: {"question": question})
    if words.exact:
        result.show(words, entry, entry.result)
        registering.downloads(words, entry)
    else:
        published.show(words, entry, entry.result)


def _asked(hypothesis: Hypothesis) -> Question:
    """Return what is asked of the data: of all places where one of them is compared with all others."""
    design, question = hypothesis.design, hypothesis.as_question
    if isinstance(design, Groups):
        return replace(question, by=(design.dimension,), where=()) if design.reference == OTHERS else question
    return replace(question, where=()) if design.comparison == OTHERS else question


def _register(words: HypothesisWords, entries: Sequence[Entry]) -> None:
    """Draw the register, newest first."""
    t, rows = words.t, []
    for entry in reversed(entries):
        line = entry.registered
        shown = result.register_cells(words, entry) if words.exact else published.register_cells(words, entry)
        names = (words.metric(line.hypothesis.outcome), words.comparison(line.hypothesis))
        day = formats.day(line.time, t.lang)
        rows.append((line.id, day, f"{line.hypothesis.question} ({': '.join(names)})", *shown))
    columns = ("id", "day", "question", "effect", "p", "holm", "bh", "verdict")
    header = tuple(t("hypotheses.column." + name) for name in columns)
    st.header(t("hypotheses.register_title"))
    tests = sum(len(entry.results) for entry in entries)
    st.caption(t("hypotheses.register.count", tests=tests, registered=len(entries)))
    st.html(tables.to_html(of_texts(header, rows), t("hypotheses.register_caption"), words=WORDS))

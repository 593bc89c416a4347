"""The checks beside a result: background facts of both groups, figures that must not get worse, and repeated tests."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from data.texts import capital
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.methods.finding import Assumption, Balance
from metrics.hypotheses.methods.likeness import ALIKE
from metrics.hypotheses.register import Entry, GuardrailResult
from pages.figures import tables
from pages.hypotheses.words import HypothesisWords
from pages.view.sentences import plain
from pages.view.table import Line, Table
from pages.view.values import counted

_DRAWN = {"held": st.success, "harmed": st.error, "unclear": st.warning, "not_shown": st.info}


def guardrails(words: HypothesisWords, hypothesis: Hypothesis, results: Sequence[GuardrailResult]) -> None:
    """Draw the verdict on each figure that must not get worse."""
    for one, registered in zip(results, hypothesis.guardrails, strict=False):
        guarded = hypothesis.guarded(registered)
        named = {"metric": words.metric(one.metric), "margin": words.amount(guarded, one.margin)}
        key = "hypotheses.guarded." + one.verdict
        if one.effect is not None:
            named["effect"] = words.interval(guarded, one.effect)
        elif not words.exact:
            key += ".untold"
        _DRAWN[one.verdict](plain(words.t(key, **named)))


def looks(words: HypothesisWords, entry: Entry) -> None:
    """Draw which of the planned tests this is, and how its interval allows for the others."""
    planned = entry.registered.hypothesis.looks
    if planned > 1:
        st.caption(words.t("hypotheses.looks.said", look=len(entry.results), planned=planned))


def balance(words: HypothesisWords, rows: Sequence[Balance], found: Sequence[Assumption]) -> None:
    """Draw the standardised differences of background facts, and how they go with the assumptions found that groups are alike."""
    if not rows:
        return
    t, weighed = words.t, any(row.after is not None for row in rows)
    header = (t("hypotheses.covariate"), t("hypotheses.balance.before"), t("hypotheses.balance.after"))
    lines = tuple(
        Line(
            capital(words.fact(row.covariate.removeprefix("c_"))),
            tuple(counted(x, t, 2) for x in (row.before, row.after) if x is not None),
        )
        for row in rows
    )
    st.html(
        tables.to_html(
            Table(header if weighed else (header[0], t("hypotheses.balance.alone")), lines), t("hypotheses.balance")
        )
    )
    said = [t("hypotheses.balance.note" if words.exact else "hypotheses.balance.note.published")]
    holds = {one.name for one in found if one.verdict == "holds"}
    pairs = [("groups_alike", row.before) for row in rows] + [("balanced", row.after) for row in rows]
    if any(name in holds and size is not None and size > ALIKE for name, size in pairs):
        said.append(t("hypotheses.balance.chance"))
    st.caption(" ".join(said))


def assumptions(words: HypothesisWords, found: Sequence[Assumption]) -> None:
    """Draw the assumptions of the method, each with the verdict of its check."""
    t = words.t
    marks = {"holds": ":material/check:", "contradicted": ":material/close:", "not_testable": ":material/help:"}
    st.markdown(f"#### {t('hypotheses.assumptions')}")
    lines = []
    for one in found:
        p = "" if one.p is None else f" ({words.p_text(one.p) if words.exact else words.p_class_text(one.p)})"
        verdict = t("hypotheses.assumption." + one.verdict)
        lines.append(f"- {marks[one.verdict]} {t('hypotheses.assumes.' + one.name)} **{verdict}**{p}")
    st.markdown("\n".join(lines))

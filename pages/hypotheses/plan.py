"""Fields of a new hypothesis beyond its comparison: number of tests, planned sizes, and figures that must not get worse."""

from __future__ import annotations

from typing import Any

import streamlit as st

from metrics.hypotheses import hypothesis as hypotheses
from metrics.hypotheses.hypothesis import MOST_GUARDRAILS, MOST_LOOKS, HypothesisError
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats


def fields(words: HypothesisWords, outcome: str, design: str) -> dict[str, str | int]:
    """Draw the fields and return what was typed, for `values`."""
    t = words.t
    with st.expander(t("hypotheses.more")):
        typed: dict[str, str | int] = {
            "looks": st.number_input(
                t("hypotheses.looks"), 1, MOST_LOOKS, 1, key="hyp_looks", help=t("hypotheses.looks.help")
            )
        }
        if design == "groups":
            typed["planned"] = st.text_input(
                t("hypotheses.planned"), "", key="hyp_planned", help=t("hypotheses.planned.help")
            )
        chosen = st.multiselect(
            t("hypotheses.guardrails"), hypotheses.guardrail_metrics(outcome), key="hyp_guardrails",
            max_selections=MOST_GUARDRAILS, format_func=words.metric,
            help=t("hypotheses.guardrails.help", most=MOST_GUARDRAILS),
        )  # fmt: skip
        for metric in chosen:
            label = t("hypotheses.guardrails.margin", metric=words.metric(metric), unit=words.unit_of(metric))
            typed["guard " + metric] = st.text_input(label, "5", key="hyp_margin_" + metric)
    return typed


def values(typed: dict[str, str | int], words: HypothesisWords) -> dict[str, Any]:
    """Return the fields as those of a hypothesis. Raises HypothesisError (planned, guardrail) for what is no number."""
    lang = words.t.lang

    def number(text: str | int, reason: str) -> float:
        found = formats.parsed(str(text), lang)
        if found is None:
            raise HypothesisError(reason)
        return found

    planned = str(typed.get("planned", "")).strip()
    return {
        "looks": typed["looks"],
        "planned_share": number(planned, "planned") if planned else None,
        "guardrails": tuple(
            {"metric": name.removeprefix("guard "), "margin": number(text, "guardrail")}
            for name, text in typed.items()
            if name.startswith("guard ")
        ),
    }

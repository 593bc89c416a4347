"""Form of a new hypothesis: question, metric, design and smallest effect, followed by its power analysis."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import streamlit as st

from data.refusal import Refusal
from metrics.audience import INTERNAL, PROTECTED
from metrics.gate import SHARE_FROM
from metrics.grammar.question import Question
from metrics.hypotheses import hypothesis as hypotheses
from metrics.hypotheses.background import covariates_of
from metrics.hypotheses.checking import check
from metrics.hypotheses.evidence import refuse_unknown_choice
from metrics.hypotheses.hypothesis import LONGEST_QUESTION, MOST_COVARIATES, OTHERS, Hypothesis, HypothesisError
from metrics.hypotheses.outlook import Outlook, outlook
from metrics.hypotheses.spans import MONTHS_AFTER, MONTHS_BEFORE
from metrics.hypotheses.testing import few_people
from metrics.memory import Memory, at_the_head
from metrics.model.definition import definitions, definitions_mark
from metrics.model.dimensions import is_unknown
from metrics.model.facts.fact import base_of
from pages.hypotheses import plan
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats
from pages.shell.asking import answer_to
from pages.shell.telling import refusal_text
from pages.view.options import distinct_texts

A_YEAR_BACK = 11
"""Index of the default month in the list, newest first: enough months have passed since."""
DESIGNS, DIRECTIONS = ("groups", "before_after"), ("up", "down", "either")
FIRST_OUTCOME = "solved_share"

_outlooks: Memory[tuple[Path | None, str, str, str, bool], Outlook] = Memory(200, at_the_head)
"""Cache of power analyses by origin, definitions, hypothesis and audience; at most 200."""


def form(words: HypothesisWords) -> Hypothesis | None:
    """Draw the fields and return the valid hypothesis they make, else None after showing why not."""
    t = words.t
    question = st.text_area(
        t("hypotheses.question"), key="hyp_question", max_chars=LONGEST_QUESTION, height=80,
        placeholder=t("hypotheses.question.example"), help=t("hypotheses.question.help"),
    )  # fmt: skip
    left, right = st.columns(2, gap="medium")
    with left:
        options = hypotheses.outcomes()
        first = options.index(FIRST_OUTCOME) if FIRST_OUTCOME in options else 0
        outcome = st.selectbox(t("hypotheses.outcome"), options, first, key="hyp_outcome", format_func=words.metric)
    with right:
        design = st.radio(
            t("hypotheses.design"), DESIGNS, key="hyp_design", format_func=lambda d: t("hypotheses.design." + d)
        )
    period = "all"
    if design == "groups":
        period, chosen, covariates = _groups(words, outcome)
    else:
        chosen, covariates = _before_after(words, outcome), []
    left, right = st.columns(2, gap="medium")
    with left:
        direction = st.radio(
            t("hypotheses.direction"),
            DIRECTIONS,
            key="hyp_direction",
            format_func=lambda d: t("hypotheses.direction." + d),
        )
    with right:
        unit = words.unit_of(outcome)
        smallest = st.text_input(
            t("hypotheses.smallest", unit=unit), "5", key="hyp_smallest", help=t("hypotheses.smallest.help")
        )
    typed = plan.fields(words, outcome, design)
    if chosen is None:
        st.info(refusal_text(_no_groups(words, outcome, period), t))
        return None
    if not question.strip():
        st.caption(t("hypotheses.write_first"))
        return None
    try:
        made = hypotheses.parse_hypothesis(
            question=question, outcome=outcome, design=chosen, covariates=tuple(covariates), direction=direction,
            smallest=_number(smallest, words), period=period, **plan.values(typed, words),
        )  # fmt: skip
        check(made, words.served.store)
    except Refusal as error:
        st.error(refusal_text(error, t, "page.not_now"))
    else:
        return made
    return None


def _groups(words: HypothesisWords, outcome: str) -> tuple[str, dict[str, Any] | None, Sequence[str]]:
    """Draw the fields of a group comparison; return period, design (None without enough data) and covariates."""
    t, served = words.t, words.served
    dimensions = [name for name in hypotheses.group_dimensions(outcome) if name not in ("hour", "weekday")]
    periods = [p for p in served.known(PROTECTED).periods if p == "all" or len(p) == 4]
    told = (at for at, name in enumerate(dimensions) if len(_codes(words, outcome, name, periods[0])) > 1)
    left, right = st.columns(2, gap="medium")
    with left:
        dimension = st.selectbox(
            t("hypotheses.dimension"), dimensions, next(told, 0), key="hyp_dimension", format_func=words.dimension
        )
    with right:
        period = st.selectbox(
            t("hypotheses.period"), periods, key="hyp_period", format_func=lambda p: formats.period_label(p, t.lang)
        )
    codes = _codes(words, outcome, dimension, period)

    shown = distinct_texts((OTHERS, *codes), lambda code: words.code(outcome, dimension, code))
    left, right = st.columns(2, gap="medium")
    with left:
        compared = st.selectbox(t("hypotheses.compared"), codes, key="hyp_compared", format_func=shown)
    with right:
        rest = [OTHERS, *(code for code in codes if code != compared)]
        reference = st.selectbox(t("hypotheses.reference"), rest, key="hyp_reference", format_func=shown)
    covariates: Sequence[str] = ()
    if definitions()[outcome].kind != "count":
        able = covariates_of(definitions()[outcome])
        covariates = st.multiselect(
            t("hypotheses.covariates"), [one for one in able if base_of(one) != base_of(dimension)],
            key="hyp_covariates", max_selections=MOST_COVARIATES, format_func=words.fact,
            help=t("hypotheses.covariates.help", most=MOST_COVARIATES),
        )  # fmt: skip
    if not codes:
        return period, None, covariates
    chosen = {"kind": "groups", "dimension": dimension, "compared": compared, "reference": reference}
    return period, chosen, covariates


def _before_after(words: HypothesisWords, outcome: str) -> dict[str, Any]:
    t = words.t
    months = [p for p in words.served.known(PROTECTED).periods if len(p) == 7 and p[5:].isdigit()]
    left, middle, right = st.columns(3, gap="medium")
    with left:
        month = st.selectbox(
            t("hypotheses.month"), months, min(A_YEAR_BACK, len(months) - 1), key="hyp_month",
            format_func=lambda p: formats.period_label(p, t.lang),
            help=t("hypotheses.month.help", before=MONTHS_BEFORE, after=MONTHS_AFTER),
        )  # fmt: skip
    able = "municipality" in hypotheses.group_dimensions(outcome)
    places = _codes(words, outcome, "municipality", "all") if able else ()

    def name(code: str) -> str:
        return t("hypotheses." + code) if code in ("whole_area", "no_comparison") else words.place(outcome, code)

    with middle:
        area = st.selectbox(t("hypotheses.area"), ("whole_area", *places), key="hyp_area", format_func=name)
    others = () if area == "whole_area" else (OTHERS, *(code for code in places if code != area))
    with right:
        comparison = st.selectbox(
            t("hypotheses.comparison"), (*others[:1], "no_comparison", *others[1:]), key="hyp_comparison", format_func=name,
            help=t("hypotheses.comparison.help"),
        )  # fmt: skip
    return {
        "kind": "before_after", "month": month, "area": None if area == "whole_area" else area,
        "comparison": None if comparison == "no_comparison" else comparison,
    }  # fmt: skip


def _codes(words: HypothesisWords, outcome: str, dimension: str, period: str) -> tuple[str, ...]:
    """Return the known codes with enough published people or events, in the order of their list."""
    rows = answer_to(words.served, Question((outcome,), by=(dimension,), period=period)).rows
    is_count = definitions()[outcome].kind == "count"
    sizes = {row.codes[dimension]: (row.value if is_count else row.n) or 0 for row in rows}
    return tuple(
        code for code, size in sizes.items() if size >= SHARE_FROM and not is_unknown(outcome, dimension, code)
    )


def _no_groups(words: HypothesisWords, outcome: str, period: str) -> Refusal:
    """Return why there are no groups to choose from: the files do not tell of them, or there are too few people."""
    served = words.served
    try:
        refuse_unknown_choice(outcome, st.session_state["hyp_dimension"], period, served.store, served.generation)
    except HypothesisError as error:
        return error
    return few_people()


def _number(text: str, words: HypothesisWords) -> float:
    """Return a number typed in the format of the user's language. Raises HypothesisError("smallest")."""
    number = formats.parsed(text, words.t.lang)
    if number is None:
        raise HypothesisError("smallest")
    return number


def show_power(words: HypothesisWords, made: Hypothesis) -> Outlook:
    """Draw the power analysis of a hypothesis and return it. Raises HypothesisError, QuestionError, StoreError."""
    t = words.t
    served = words.served
    found = _outlooks.recall(
        (*served.origin, definitions_mark(), made.model_dump_json(), words.exact),
        lambda: outlook(made, served.store, served.generation, audience=INTERNAL if words.exact else PROTECTED),
        lambda _: 1,
    )
    side = (
        "hypotheses.power.side" if words.exact else "hypotheses.power.clients"
    )  # full results count anonymous visitors
    people = "; ".join(
        t(side, name=words.side(made, name), people=formats.number(n, t.lang)) for name, n in found.people.items() if n
    )
    people = f" {people}." if people else ""
    if found.refusal is not None:
        st.warning(f"{refusal_text(found.refusal, t)}{people}")
    elif found.few_areas:
        st.warning(t("hypotheses.warning.few_areas"))
    elif found.detectable is None:
        st.warning(f"{t('hypotheses.power.none' if words.exact else 'hypotheses.power.untold')}{people}")
    else:
        enough = found.enough(made.smallest)
        key = "hypotheses.power.enough" if enough else "hypotheses.power.short"
        sentence = t(key, detectable=words.amount(made, found.detectable), smallest=words.amount(made, made.smallest))
        (st.info if enough else st.warning)(f"{sentence}{people}")
    return found

"""The result of a test: verdict, effect, groups, estimates, curves, assumptions, balance and correction."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import streamlit as st

from data.texts import capital
from metrics.grammar.answer import CurvePoint
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.register import Entry, Result
from metrics.model.labels import distinct
from pages.charts.curves import CurveSeries, curves
from pages.charts.forest import EstimateLine, forest
from pages.charts.shown import draw
from pages.figures import tables
from pages.hypotheses import checks
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats
from pages.view.sentences import with_limits
from pages.view.table import Line, Table, of_texts
from pages.view.values import Value, counted, step

RATIOS = ("rate_ratio", "hazard_ratio", "odds_ratio")
MEASURES = ("share_difference", "days_difference", "level_change", *RATIOS)
ALPHA = 0.05
CURVE_TABLE_DAYS = 30


def show(words: HypothesisWords, entry: Entry, result: Result) -> None:
    """Draw everything there is of a test, for those with the right to internal figures."""
    t, hypothesis = words.t, entry.registered.hypothesis
    if not result.has_answer:
        st.subheader(t("hypotheses.headline.no_answer"))
        return
    _headline(words, hypothesis, result)
    checks.guardrails(words, hypothesis, result.guardrails)
    checks.looks(words, entry)
    _groups(words, hypothesis, result)
    st.info(t("hypotheses.not_an_effect." + hypothesis.design.kind))
    for warning in result.finding.warnings:
        st.warning(t("hypotheses.warning." + warning))
    # Ordered for reading: differences before ratios, 6 months before 12, others as given.
    ordered = sorted(result.finding.estimates, key=lambda one: (MEASURES.index(one.measure), _month(one)))
    for measure, found in groupby(ordered, key=lambda one: one.measure):
        _forest(words, entry, measure, tuple(found), result.finding.estimates[0])
    if result.finding.curves:
        _curves(words, entry, result)
    checks.assumptions(words, result.finding.assumptions)
    checks.balance(words, result.finding.balance, result.finding.assumptions)
    _correction(words, entry)


def register_cells(words: HypothesisWords, entry: Entry) -> tuple[str, str, str, str, str]:
    """Return effect, p value, both corrected p values, and the verdict, as texts of the register's table."""
    nothing, found = "–", entry.result
    if found is None or not found.has_answer:
        verdict = words.t("hypotheses.verdict." + ("no_answer" if found else "none"))
        return nothing, nothing, nothing, nothing, verdict
    effect = words.interval(entry.registered.hypothesis, found.effect)
    ps = words.p(found.effect.p), words.p(entry.holm), words.p(entry.benjamini_hochberg)
    return effect, *ps, words.t("hypotheses.verdict." + found.verdict)


def headline(words: HypothesisWords, hypothesis: Hypothesis, result: Result) -> str:
    """Return the verdict in one sentence, which claims no more than it."""
    t, found = words.t, result.effect
    key: str = result.verdict
    if key == "rejected":
        against = found.upper < 0 if hypothesis.direction == "up" else found.lower > 0
        key = "rejected_other_way" if against and hypothesis.direction != "either" else "rejected"
    return t(
        "hypotheses.headline." + key,
        effect=words.amount(hypothesis, found.value, signed=True),
        smallest=words.amount(hypothesis, hypothesis.smallest),
    )


def _headline(words: HypothesisWords, hypothesis: Hypothesis, result: Result) -> None:
    t = words.t
    st.subheader(headline(words, hypothesis, result))
    st.markdown(words.effect(hypothesis, result.effect, words.p_text(result.effect.p)))
    facts = (
        t("hypotheses.method." + result.finding.method),
        t("hypotheses.tested", day=formats.day(result.time, t.lang)),
        t("hypotheses.version", version=result.definition_version),
    )
    st.caption(" · ".join(facts))


def _groups(words: HypothesisWords, hypothesis: Hypothesis, result: Result) -> None:
    t = words.t
    rows = []
    for side in result.sides:
        people = formats.number(side.people, t.lang)
        events = formats.number(side.events, t.lang) if side.events is not None else t("state.small")
        rows.append((words.side(hypothesis, side.name), people, events, words.figure(hypothesis, side.value)))
    events_name = capital(t("hypotheses.events." + hypothesis.definition.of_fact.events))
    header = (t("hypotheses.group"), t("hypotheses.people"), events_name, words.metric(hypothesis.outcome))
    st.html(tables.to_html(of_texts(header, rows), t("hypotheses.groups")))
    st.caption(with_limits("hypotheses.groups.note." + hypothesis.kind, t))


def _forest(words: HypothesisWords, entry: Entry, measure: str, found: Sequence[Estimate], decides: Estimate) -> None:
    t, hypothesis = words.t, entry.registered.hypothesis
    is_ratio = measure in RATIOS
    title = t("hypotheses.measure." + measure, unit=words.unit(hypothesis))
    lines = [
        EstimateLine(
            one.name, _name(words, one), one.value, one.lower, one.upper, _bounds(words, one).text, one is decides
        )
        for one in found
    ]
    key = f"{entry.registered.id}_{measure}"
    alt = t("hypotheses.forest.alt", title=title, lines="; ".join(f"{line.label}: {line.text}" for line in lines))
    st.markdown(f"#### {title}")
    said = [t("hypotheses.forest.note.ratio" if is_ratio else "hypotheses.forest.note")]
    if len(lines) > 1 and decides in found:
        said.append(t("hypotheses.forest.decides"))
    st.caption(" ".join(said))
    draw(forest(lines, t, x_title=title, is_ratio=is_ratio), key=key, alt_text=alt)
    table = Table(
        (t("hypotheses.estimate"), title, "p"),
        tuple(Line(_name(words, one), (_bounds(words, one), words.p_value(one.p))) for one in found),
    )
    _table(words, entry, table, title, key)


def _name(words: HypothesisWords, one: Estimate) -> str:
    return words.t(f"hypotheses.estimate.{one.name}")


def _bounds(words: HypothesisWords, one: Estimate) -> Value:
    """Return an estimate with its interval: `12 (5 – 19)`."""
    digits = 2 if one.measure in RATIOS else 1 if one.measure == "level_change" else 0
    if not digits and any(not float(number).is_integer() for number in (one.value, one.lower, one.upper)):
        digits = 1
    value, low, high = (counted(number, words.t, digits) for number in (one.value, one.lower, one.upper))
    ends = one.lower, one.upper
    return replace(value, text=f"{value.text} ({low.text}\u00a0–\u00a0{high.text})", interval=ends)


def _curves(words: HypothesisWords, entry: Entry, result: Result) -> None:
    t, hypothesis = words.t, entry.registered.hypothesis
    labels = distinct({step.group: words.side(hypothesis, step.group) for step in result.finding.curves})
    drawn = [
        CurveSeries(
            name,
            labels[name],
            tuple(
                CurvePoint(hypothesis.outcome, {}, hypothesis.period, s.day, s.value, s.lower, s.upper, s.at_risk)
                for s in steps
            ),
        )
        for name, steps in groupby(result.finding.curves, key=lambda step: step.group)
    ]
    title = t("hypotheses.curves", metric=words.metric(hypothesis.outcome))
    st.markdown(f"#### {title}")
    st.caption(t("hypotheses.curves.note"))
    chart = curves(drawn, t, x_title=t("outcomes.months_since"), y_title=t("outcomes.unit"))
    alt = t("hypotheses.curves.alt", title=title)
    draw(chart, key=f"{entry.registered.id}_curves", alt_text=alt)
    days = range(CURVE_TABLE_DAYS, max(curve.points[-1].day for curve in drawn) + 1, CURVE_TABLE_DAYS)
    lines = (Line(formats.number(day, t.lang), tuple(step(curve.at(day), t) for curve in drawn)) for day in days)
    table = Table((t("outcomes.days_since"), *(curve.label for curve in drawn)), tuple(lines))
    _table(words, entry, table, title, f"{entry.registered.id}_curves")


def _correction(words: HypothesisWords, entry: Entry) -> None:
    """Draw the corrected p values, and whether the result remains significant after correction."""
    t = words.t
    holm, other = entry.holm, entry.benjamini_hochberg
    numbers = t("hypotheses.correction", holm=words.p_text(holm), bh=words.p_text(other))
    if entry.result is not None and entry.result.effect.p < ALPHA:
        stands = "stands" if (holm or 0) < ALPHA else "false_share" if (other or 0) < ALPHA else "falls"
        numbers += " " + t("hypotheses.correction." + stands)
    st.markdown(numbers)


def _table(words: HypothesisWords, entry: Entry, table: Table, title: str, key: str) -> None:
    hypothesis = entry.registered.hypothesis
    notes = [entry.registered.id, hypothesis.question, words.comparison(hypothesis)]
    notes += [words.t("audience.internal_mark"), words.t("page.internal_explained")]
    tables.show(
        table, words.t, caption=title, file_name=f"tilannekuva_hypotheses_{key}_internal.csv", notes=notes, key=key
    )


def _month(one: Estimate) -> int:
    return int(one.name.removeprefix("at_")) if one.name.startswith("at_") else 0

"""The result of a test: the answer in a sentence, in people, the groups, estimates, curves, and what was taken for granted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import groupby

import streamlit as st

from metrics.grammar.answer import CurvePoint
from metrics.hypotheses.hypothesis import Hypothesis
from metrics.hypotheses.methods.finding import Estimate
from metrics.hypotheses.register import Entry, Result
from metrics.model.labels import distinct
from pages.charts.curves import CurveSeries, curves
from pages.charts.forest import EstimateLine, forest
from pages.figures import tables
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats
from pages.view.sentences import plain, protected_explained, with_limits
from pages.view.table import Line, Table, of_texts
from pages.view.values import Value, counted, step

RATIOS = ("rate_ratio", "hazard_ratio", "odds_ratio")
MEASURES = ("share_difference", "days_difference", "level_change", *RATIOS)
ALPHA = 0.05
CURVE_TABLE_DAYS = 30


def show(said: HypothesisWords, entry: Entry, result: Result) -> None:
    """Everything that may be shown of a test."""
    t, hypothesis = said.t, entry.registered.hypothesis
    _headline(said, hypothesis, result)
    _groups(said, hypothesis, result)
    st.info(t("hypotheses.not_an_effect." + hypothesis.design.kind))
    for warning in result.finding.warnings:
        st.warning(t("hypotheses.warning." + warning))
    # In the order people read them: differences before ratios, 6 months before 12, the others as they came.
    ordered = sorted(result.finding.estimates, key=lambda one: (MEASURES.index(one.measure), _month(one)))
    for measure, found in groupby(ordered, key=lambda one: one.measure):
        _forest(said, entry, measure, tuple(found), result.finding.estimates[0])
    if result.finding.curves:
        _curves(said, entry, result)
    _assumptions(said, result)
    _balance(said, entry, result)
    _correction(said, entry)


def headline(said: HypothesisWords, hypothesis: Hypothesis, result: Result) -> str:
    """The answer in one sentence, and no more than the verdict says."""
    t, found = said.t, result.effect
    key: str = result.verdict
    if key == "rejected":
        against = found.upper < 0 if hypothesis.direction == "up" else found.lower > 0
        key = "rejected_other_way" if against and hypothesis.direction != "either" else "rejected"
    return t(
        "hypotheses.headline." + key,
        effect=said.amount(hypothesis, found.value, signed=True),
        smallest=said.amount(hypothesis, hypothesis.smallest),
    )


def _headline(said: HypothesisWords, hypothesis: Hypothesis, result: Result) -> None:
    t = said.t
    st.subheader(headline(said, hypothesis, result))
    effect = t(
        "hypotheses.effect",
        metric=plain(said.metric(hypothesis.outcome)),
        comparison=plain(said.comparison(hypothesis)),
        effect=said.interval(hypothesis, result.effect),
        p=said.p_said(result.effect.p),
    )
    people = said.people(hypothesis, result.effect)
    st.markdown(effect + (f" **{people}**" if people else ""))
    facts = (
        t("hypotheses.method." + result.finding.method),
        t("hypotheses.tested", day=formats.day(result.time, t.lang), generation=result.generation),
        t("hypotheses.version", version=result.definition_version),
    )
    st.caption(" · ".join(facts))


def _groups(said: HypothesisWords, hypothesis: Hypothesis, result: Result) -> None:
    t = said.t
    rows = []
    for side in result.sides:
        people = formats.number(side.people, t.lang)
        events = formats.number(side.events, t.lang) if side.events is not None else t("value.not_shown")
        rows.append((said.side(hypothesis, side.name), people, events, _figure(said, hypothesis, side.value)))
    events_name = _capital(t("hypotheses.events." + hypothesis.definition.of_fact.events))
    header = (t("hypotheses.group"), t("hypotheses.people"), events_name, said.metric(hypothesis.outcome))
    st.html(tables.to_html(of_texts(header, rows), t("hypotheses.groups")))
    st.caption(with_limits("hypotheses.groups.note." + hypothesis.kind, t))


def _figure(said: HypothesisWords, hypothesis: Hypothesis, value: float | None) -> str:
    if value is None:
        return said.t("value.not_shown")
    if hypothesis.unit == "%":
        return formats.percent(value, said.t.lang)
    return said.amount(hypothesis, value)


def _forest(said: HypothesisWords, entry: Entry, measure: str, found: Sequence[Estimate], decides: Estimate) -> None:
    t, hypothesis = said.t, entry.registered.hypothesis
    is_ratio = measure in RATIOS
    title = t("hypotheses.measure." + measure, unit=said.unit(hypothesis))
    lines = [
        EstimateLine(
            one.name, _name(said, one), one.value, one.lower, one.upper, _bounds(said, one).text, one is decides
        )
        for one in found
    ]
    key = f"{entry.registered.id}_{measure}"
    alt = t("hypotheses.forest.alt", title=title, lines="; ".join(f"{line.label}: {line.text}" for line in lines))
    st.markdown(f"#### {title}")
    st.caption(t("hypotheses.forest.note.ratio" if is_ratio else "hypotheses.forest.note"))
    st.altair_chart(
        forest(lines, t, x_title=title, is_ratio=is_ratio), theme=None, width="stretch", key=f"chart_{key}", alt=alt
    )
    table = Table(
        (t("hypotheses.estimate"), title, "p"),
        tuple(Line(_name(said, one), (_bounds(said, one), said.p_value(one.p))) for one in found),
    )
    _table(said, entry, table, title, key)


def _name(said: HypothesisWords, one: Estimate) -> str:
    return said.t(f"hypotheses.estimate.{one.name}")


def _bounds(said: HypothesisWords, one: Estimate) -> Value:
    """An estimate with its interval: `12 (5 – 19)`."""
    digits = 2 if one.measure in RATIOS else 1 if one.measure == "level_change" else 0
    if not digits and any(not float(number).is_integer() for number in (one.value, one.lower, one.upper)):
        digits = 1
    value, low, high = (counted(number, said.t, digits) for number in (one.value, one.lower, one.upper))
    ends = one.lower, one.upper
    return replace(value, text=f"{value.text} ({low.text}\u00a0–\u00a0{high.text})", interval=ends)


def _curves(said: HypothesisWords, entry: Entry, result: Result) -> None:
    t, hypothesis = said.t, entry.registered.hypothesis
    labels = distinct({step.group: said.side(hypothesis, step.group) for step in result.finding.curves})
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
    title = t("hypotheses.curves", metric=said.metric(hypothesis.outcome))
    st.markdown(f"#### {title}")
    st.caption(t("hypotheses.curves.note"))
    chart = curves(drawn, t, x_title=t("outcomes.months_since"), y_title=t("outcomes.unit"))
    alt = t("hypotheses.curves.alt", title=title)
    st.altair_chart(chart, theme=None, width="stretch", key=f"chart_{entry.registered.id}_curves", alt=alt)
    days = range(CURVE_TABLE_DAYS, max(curve.points[-1].day for curve in drawn) + 1, CURVE_TABLE_DAYS)
    lines = (Line(formats.number(day, t.lang), tuple(step(curve.at(day), t) for curve in drawn)) for day in days)
    table = Table((t("outcomes.days_since"), *(curve.label for curve in drawn)), tuple(lines))
    _table(said, entry, table, title, f"{entry.registered.id}_curves")


def _assumptions(said: HypothesisWords, result: Result) -> None:
    """What the method takes for granted, each with what the data say of it."""
    t = said.t
    marks = {"holds": ":material/check:", "contradicted": ":material/close:", "not_testable": ":material/help:"}
    st.markdown(f"#### {t('hypotheses.assumptions')}")
    lines = []
    for one in result.finding.assumptions:
        p = "" if one.p is None else f" ({said.p_said(one.p)})"
        verdict = t("hypotheses.assumption." + one.verdict)
        lines.append(f"- {marks[one.verdict]} {t('hypotheses.assumes.' + one.name)} **{verdict}**{p}")
    st.markdown("\n".join(lines))


def _balance(said: HypothesisWords, entry: Entry, result: Result) -> None:
    if not result.finding.balance:
        return
    t = said.t
    lines = tuple(
        Line(said.dimension(one.covariate.removeprefix("c_")), tuple(counted(x, t, 2) for x in (one.before, one.after)))
        for one in result.finding.balance
    )
    table = Table(
        (t("hypotheses.covariate"), t("hypotheses.balance.before"), t("hypotheses.balance.after")),
        lines,
    )
    st.html(tables.to_html(table, t("hypotheses.balance")))


def _correction(said: HypothesisWords, entry: Entry) -> None:
    """Whether the result stands when everything tested is counted in."""
    t = said.t
    holm, other = entry.holm, entry.benjamini_hochberg
    numbers = t("hypotheses.correction", holm=said.p_said(holm), bh=said.p_said(other))
    if entry.result is not None and entry.result.effect.p < ALPHA:
        stands = "stands" if (holm or 0) < ALPHA else "false_share" if (other or 0) < ALPHA else "falls"
        numbers += " " + t("hypotheses.correction." + stands)
    st.markdown(numbers)


def _table(said: HypothesisWords, entry: Entry, table: Table, title: str, key: str) -> None:
    hypothesis = entry.registered.hypothesis
    notes = [entry.registered.id, hypothesis.question, said.comparison(hypothesis), protected_explained(said.t)]
    tables.show(table, said.t, caption=title, file_name=f"tilannekuva_hypotheses_{key}.csv", notes=notes, key=key)


def _month(one: Estimate) -> int:
    return int(one.name.removeprefix("at_")) if one.name.startswith("at_") else 0


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]

"""What visitors are told of a test: the verdict, and the effect and its groups from published numbers."""

from __future__ import annotations

import streamlit as st

from data.texts import capital
from metrics.hypotheses import telling
from metrics.hypotheses.hypothesis import OTHERS, Groups, Hypothesis
from metrics.hypotheses.register import Entry, PublishedResult, Result
from pages.charts.forest import EstimateLine, forest
from pages.charts.shown import draw
from pages.figures import tables
from pages.hypotheses import checks
from pages.hypotheses.words import HypothesisWords
from pages.i18n import formats
from pages.view.sentences import protected_explained
from pages.view.table import of_texts


def show(words: HypothesisWords, entry: Entry, result: Result) -> None:
    """Draw what may be told to everybody, the answer first, and where the rest is."""
    t, hypothesis = words.t, entry.registered.hypothesis
    found = telling.told(result, words.served.generation)
    st.subheader(headline(words, hypothesis, found))
    if found.reason:
        st.markdown(t("hypotheses.why." + found.reason))
    _effect(words, entry, found)
    facts = (
        t("hypotheses.tested", day=formats.day(result.time, t.lang), generation=result.generation),
        t("hypotheses.version", version=result.definition_version),
    )
    st.caption(" · ".join(facts))
    st.caption(t("hypotheses.published_only"))
    checks.guardrails(words, hypothesis, found.guardrails)
    checks.looks(words, entry)
    if found.sides:
        _sides(words, hypothesis, found)
    st.info(t("hypotheses.not_an_effect." + hypothesis.design.kind))
    if found.effect is not None:
        _forest(words, entry, found)
    if found.assumptions:
        checks.assumptions(words, found.assumptions)
    checks.balance(words, found.balance, found.assumptions)
    if found.effect is not None:
        holm, other = (words.p_class_text(p) for p in entry.published)
        st.markdown(t("hypotheses.correction", holm=holm, bh=other))


def headline(words: HypothesisWords, hypothesis: Hypothesis, found: PublishedResult) -> str:
    """Return the verdict in one sentence, with the effect where it is told."""
    t, effect = words.t, found.effect
    key: str = found.verdict
    if effect is None or key == "open":
        return t("hypotheses.headline." + key + ("" if key == "open" else ".untold"))
    if key == "rejected" and hypothesis.direction != "either":
        against = effect.upper < 0 if hypothesis.direction == "up" else effect.lower > 0
        key = "rejected_other_way" if against else "rejected"
    return t(
        "hypotheses.headline." + key,
        effect=words.amount(hypothesis, effect.value, signed=True),
        smallest=words.amount(hypothesis, hypothesis.smallest),
    )


def register_cells(words: HypothesisWords, entry: Entry) -> tuple[str, str, str, str, str]:
    """Return effect, p value, both corrected p values, and the verdict, as texts of the register's table."""
    t, nothing = words.t, "–"
    if entry.result is None:
        return nothing, nothing, nothing, nothing, t("hypotheses.verdict.none")
    found = telling.told(entry.result, words.served.generation)
    verdict = t("hypotheses.verdict." + found.verdict)
    if found.effect is None:
        return nothing, nothing, nothing, nothing, verdict
    ps = (words.p_class(p) for p in (found.effect.p, *entry.published))
    effect = words.interval(entry.registered.hypothesis, found.effect)
    return effect, *ps, verdict  # type: ignore[return-value]


def _effect(words: HypothesisWords, entry: Entry, found: PublishedResult) -> None:
    if found.effect is not None:
        st.markdown(words.effect(entry.registered.hypothesis, found.effect, words.p_class_text(found.effect.p)))


def _sides(words: HypothesisWords, hypothesis: Hypothesis, found: PublishedResult) -> None:
    t, rows = words.t, []
    for side in found.sides:
        size = t("hypotheses.not_published") if side.size is None else formats.number(side.size, t.lang)
        rows.append((words.side(hypothesis, side.name), size, words.figure(hypothesis, side.value)))
    of_people = hypothesis.counts_people or hypothesis.kind == "time_to_event"
    of = t("hypotheses.people" if of_people else "hypotheses.events." + hypothesis.definition.of_fact.events)
    value = t("hypotheses.published.a_month") if hypothesis.kind == "count" else words.metric(hypothesis.outcome)
    header = (t("hypotheses.group"), capital(of), value)
    st.html(tables.to_html(of_texts(header, rows), t("hypotheses.groups")))
    design = hypothesis.design
    note = "others" if isinstance(design, Groups) and design.reference == OTHERS else design.kind
    st.caption(t("hypotheses.published.note." + note))


def _forest(words: HypothesisWords, entry: Entry, found: PublishedResult) -> None:
    t, hypothesis, one = words.t, entry.registered.hypothesis, found.effect
    assert one is not None
    changes = hypothesis.design.kind == "before_after"
    measure = "share_difference" if hypothesis.unit == "%" else "level_change" if changes else "days_difference"
    title, name = t("hypotheses.measure." + measure, unit=words.unit(hypothesis)), t("hypotheses.estimate." + one.name)
    text = words.interval(hypothesis, one)
    st.markdown(f"#### {title}")
    st.caption(t("hypotheses.forest.note"))
    alt = t("hypotheses.forest.alt", title=title, lines=f"{name}: {text}")
    line = EstimateLine(one.name, name, one.value, one.lower, one.upper, text, True)
    draw(forest([line], t, x_title=title, is_ratio=False), key=f"{entry.registered.id}_published", alt_text=alt)
    table = of_texts((t("hypotheses.estimate"), title, "p"), [(name, text, words.p_class(one.p))])
    notes = [entry.registered.id, hypothesis.question, words.comparison(hypothesis), protected_explained(t)]
    key = f"{entry.registered.id}_published"
    tables.show(
        table, t, caption=title, file_name=f"tilannekuva_hypotheses_{entry.registered.id}.csv", notes=notes, key=key
    )

"""Questions asked during a presentation: five search fields, answered as a slide with protected values only."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from data.texts import Texts
from metrics.briefings.freezing import Frozen, answered
from metrics.briefings.slide import Slide, kind_for
from metrics.grammar.period import Each, Period, registered
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import label
from pages.briefings.drawing import drawn
from pages.downloads.handout.sheet import HandoutPage
from pages.shell import asking, telling
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.options import distinct_texts

_KEY = "floor_"
COURSE = "period"
"""Breakdown by time instead of a dimension: by month, or by quarter for all time."""
_NOT_OFFERED = ("served_in", "hour", "weekday")
"""Dimensions that are not offered, because bars of a slide show them badly."""


def ask_bar(served: Serving, t: Texts) -> HandoutPage | None:
    """Draw the fields, and return the slide of the answer once a metric is chosen, else None.

    A question that the grammar refuses is explained under the fields; the result is then None.
    """
    known = definitions()
    with st.container(key="ask_bar"):
        fields = st.columns([3, 2, 2, 2, 2])
        with fields[0]:
            metric = _field("metric", list(known), lambda code: known[code].name[t.lang], t)
        chosen = known[metric] if metric else None
        allowed = chosen.allowed if chosen else ()
        with fields[1]:
            offered = [COURSE, *(name for name in allowed if name not in _NOT_OFFERED)] if chosen else []
            by = _field("by", offered, lambda code: t("floor.course") if code == COURSE else t("dimension." + code), t)
        with fields[2]:
            places = asking.published_codes(served, "municipality") if "municipality" in allowed else ()
            place = _field("place", *_by_name("municipality", places, t), t)
        with fields[3]:
            spoken = asking.published_codes(served, "language") if "language" in allowed else ()
            language = _field("language", *_by_name("language", spoken, t), t)
        with fields[4]:
            period = _field("period", _periods(served), lambda code: sentences.period_text(code, t), t)
        if chosen is None:
            return None
        try:
            slide = question_slide(chosen.id, by, place, language, period or str(served.default_period))
            done = answered(
                slide, lambda q: asking.answer_to(served, q), lambda q: asking.curve_of(served, asking.Composed(q)),
                served.store, served.generation,
            )  # fmt: skip
        except QuestionError as error:
            st.warning(telling.refusal_text(error, t))
            return None
    frozen = Frozen(
        generation=served.generation.number, token=served.generation.token, data_until=served.generation.last_day,
        closed_until=served.closed_until, slides=(done,), places=served.places,
    )  # fmt: skip
    return drawn(done, frozen, t)


def question_slide(metric: str, by: str | None, place: str | None, language: str | None, period: str) -> Slide:
    """Return the slide of a question: a metric, its breakdown `by` (or `COURSE`), fixed codes, and a period.

    A month or quarter over time is widened to the year up to its end, so that a line has several points.
    """
    course = by == COURSE
    each: Each | None = ("quarter" if Period.parse(period).level == "all" else "month") if course else None
    dimensions = (by,) if by and not course else ()
    needed = tuple(name for name in definitions()[metric].requires if name not in dimensions)
    fixed = (("municipality", place), ("language", language))
    where = tuple((name, code) for name, code in fixed if code and name not in dimensions)
    by_all = (*needed, *dimensions)
    if each and Period.parse(period).level in ("month", "quarter"):
        last = Period.parse(period).last_day
        period = str(Period(last.year, last.month, "ytd")) if last else period
    return Slide(metric=metric, kind=kind_for(metric, by_all, each), by=by_all, where=where, period=period, each=each)


def _by_name(dimension: str, codes: Sequence[str], t: Texts) -> tuple[list[str], Callable[[str], str]]:
    """Return codes sorted by their names in the language, and the function that gives the name of a code."""

    def name(code: str) -> str:
        return label(None, dimension, code, t.lang, {})

    return sorted(codes, key=name), name


def _field(name: str, options: Sequence[str], text: Callable[[str], str], t: Texts) -> str | None:
    key = _KEY + name
    if st.session_state.get(key) not in (None, *options):
        st.session_state[key] = None
    chosen: str | None = st.selectbox(
        t("floor." + name), options, index=None, key=key, format_func=distinct_texts(options, text),
        placeholder=t("floor.any." + name),
        disabled=not options,
    )  # fmt: skip
    return chosen


def _periods(served: Serving) -> list[str]:
    """Return the closed periods on offer: years to date, years, quarters, months, all time."""
    first = served.begins or served.closed_until
    whole = served.default_period
    every = [p for p in registered(first, served.closed_until) if p.level != "ytd" or p.number == whole.number]
    ended = [p for p in every if p.has_ended(served.closed_until)]
    order = {"ytd": 0, "year": 1, "quarter": 2, "month": 3, "all": 4}
    return [str(period) for period in sorted(ended, key=lambda p: order[p.level])]

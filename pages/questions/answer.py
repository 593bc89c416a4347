"""The answer to a question in plain words: what was understood, and a figure; or what was not, and what can be asked."""

from __future__ import annotations

from dataclasses import replace

import streamlit as st

from data.refusal import Refusal
from data.texts import Texts
from metrics.grammar.answer import is_main
from metrics.grammar.question import QuestionError
from metrics.model.definition import Definition, definitions
from metrics.spoken.lexicon import lexicon
from metrics.spoken.reading import Understood
from pages.charts.lines import lines
from pages.figures import breakdowns, figure, lacking_marks, metric_table
from pages.figures.figure import Figure
from pages.figures.standings import standings
from pages.shell import asking, publications, telling
from pages.shell.page import Page
from pages.shell.serving import Serving
from pages.view import sentences
from pages.view.points import by_size, chosen_first, in_order, largest_label, series_of, x_of
from pages.view.state import Choice, Known, View, slot_of
from pages.view.table import pivot

_DEFAULT = "clients"
"""What is counted when only people, places or times are named."""
MOST_LINES = 5
_PAGE = "question"


def show(reading: Understood, view: View, known: Known, served: Serving, t: Texts) -> None:
    """Draw the answer to what was read, for the audience of a view; the view's filters play no part in it."""
    if reading.is_personal:  # which is not said again on a screen that others may see
        st.warning(t("question.personal"))
        return
    if not reading.is_whole:
        _not_understood(reading, t)
        return
    page = _page_of(reading, view, known, served, t)
    metric = definitions()[reading.metric or _DEFAULT]
    if reading.period and page.view.period != reading.period:
        st.warning(_not_of_this_time(reading.period, page, served, t))
        return
    understood = t("question.understood", metric=metric.name[t.lang], sentence=sentences.plain(page.sentence))
    divided = [t("dimension." + reading.by)] if reading.by else []
    divided += [t(f"question.each.{reading.each}")] if reading.each else []
    with st.container(horizontal=True, vertical_alignment="center"):
        st.markdown(" · ".join([f"**{understood}**", *divided]))
        if view.exact:
            st.badge(t("audience.internal_mark"), icon=":material/lock:", color="red")
        if served.package is not None:
            st.badge(sentences.plain(publications.named(served.package, t)), color="gray")
    try:
        _draw(page, metric, reading)
    except Refusal as error:
        st.info(telling.refusal_text(error, t))
    for lacking in filter(
        None, (page.not_ended, asking.lacking(served, page.told_of, page.divided, page.view, t.lang))
    ):
        st.info(lacking)
    if page.lacking:
        st.info(t("question.not_held", metrics=sentences.plain(", ".join(page.lacking))))
    link = page.address(metric.page)
    st.markdown(f"[{t('question.page', page=t('page.' + metric.page))}](<{link}>)")


def _not_of_this_time(period: str, page: Page, served: Serving, t: Texts) -> str:
    if served.package is None:
        return (
            t("question.no_period", period=sentences.period_text(period, t))
            + f" {page.data_until(exact=page.view.exact)}."
        )
    publisher, periods = served.package.publisher.name, ",".join(served.package.about.periods)
    refusal = QuestionError("period_not_in_package", (), publisher=publisher, period=period, periods=periods)
    return telling.refusal_text(refusal, t)


def _page_of(reading: Understood, view: View, known: Known, served: Serving, t: Texts) -> Page:
    """Return a page of the question's own filters and period, where the store has that period."""
    own = View(t.lang, known.default_period, audience=view.audience, of=view.of)
    offered = (*known.periods, *(known.open_periods if view.exact else ()))
    if reading.period in offered:
        own = replace(own, period=str(reading.period))
    elif reading.period is None and reading.each in ("quarter", "year"):
        own = replace(own, period="all")
    for dimension, code in reading.where:
        own = own.with_slot(str(slot_of(dimension)), Choice(dimension, code))
    return Page(_PAGE, t, own, served, known)


def _draw(page: Page, metric: Definition, reading: Understood) -> None:
    t = page.t
    name, unit = metric.name[t.lang], _unit(metric, t)
    sign = "%" if metric.unit == "%" else ""
    if reading.each:
        _over_time(page, metric, reading, unit, sign)
        return
    by = reading.by or next(iter(metric.requires), None)
    if by:
        breakdowns.bars_by(
            page, metric.id, by, key="asked", title=name, unit=unit, sign=sign, corner=t("dimension." + by),
            alt=lambda largest: t("question.bars.alt", metric=name, largest=largest),
        )  # fmt: skip
    elif standings(page, [metric]).rows.get(metric.id):
        metric_table.show(page, (metric.id,), key="asked", title=name)
    else:
        page.ask(metric.id)  # which says why there is nothing, where it is refused
        if not page.lacking:
            st.info(t("figure.no_data"))


def _over_time(page: Page, metric: Definition, reading: Understood, unit: str, sign: str) -> None:
    t, name = page.t, metric.name[page.t.lang]
    by = (reading.by,) if reading.by else metric.requires
    found = page.ask(metric.id, by=by, each=reading.each)
    rows = [row for row in breakdowns.ended(page, found.rows) if is_main(row)]
    cells = lacking_marks.cells(page, rows, found.answer, x="period", series=next(iter(by), "metric"))
    order = chosen_first(by_size(cells, series_of), found.marked_code)
    drawn = in_order([cell for cell in cells if cell.series in order[:MOST_LINES]], order, series_of)
    chart = lines(drawn, t, y_title=unit, unit=sign, height=260)
    alt = t("question.lines.alt", metric=name, largest=largest_label(cells, series_of if by else x_of))
    marks = (*breakdowns.more(page, len(order), MOST_LINES), *figure.line_marks(drawn, page))
    notes = figure.hidden_note(drawn, page)
    every = in_order(cells, order, series_of)
    table = lacking_marks.in_table(pivot(every, t("chart.period")), every, page)
    figure.show(
        page,
        Figure("asked", name, alt, unit, notes, marks=marks),
        found,
        chart,
        table,
        nothing=all(one.hidden for one in cells),
    )


def _unit(metric: Definition, t: Texts) -> str:
    key = "unit." + metric.unit
    return t(key) if t.has(key) else metric.name[t.lang]


def _not_understood(reading: Understood, t: Texts) -> None:
    """Say what was not understood and what can be asked; never answer a part of a question."""
    known, said = lexicon(t.lang), list[str]()
    if reading.unknown:
        words = sentences.listed([t("question.quoted", word=sentences.plain(word)) for word in reading.unknown], t)
        said.append(t("question.unknown", count=len(reading.unknown), words=words))
    for word in reading.unknown:
        if near := known.nearest(word):
            said.append(sentences.plain(t("question.nearest", word=word, words=", ".join(near))))
    said += [t("question.unclear", word=sentences.plain(word)) for word in reading.unclear]
    said += [t("question.twice", part=t("question.part." + part)) for part in reading.twice]
    st.warning("\n".join(f"- {line}" for line in said) if len(said) > 1 else "".join(said) or t("question.nothing"))
    st.markdown(t("question.can"))

"""One figure on a page: title, notes, chart, table of the same values, and downloads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import streamlit as st

from metrics.audience import INTERNAL
from metrics.briefings.slide import Kind
from metrics.change.totals import stands_on_all, total_metric
from metrics.grammar.answer import Row, is_main
from metrics.grammar.question import QuestionError
from metrics.model.definition import definitions
from metrics.model.dimensions import has_unknown, unknown_of
from metrics.registry.in_force import last_change
from pages.access import session
from pages.charts.shown import Pick, draw
from pages.charts.template import Plot
from pages.downloads import menu
from pages.downloads.about import about
from pages.figures import adding, lacking_marks, tables
from pages.i18n import formats
from pages.shell import asking, links, publications
from pages.shell.asking import Composed, FigureRows
from pages.view import sentences, states
from pages.view.points import DataPoint
from pages.view.standing import standing_of
from pages.view.table import Table

if TYPE_CHECKING:
    from pages.shell.page import Page


@dataclass(frozen=True)
class Figure:
    """The texts of a figure.

    key: unique on the page, also part of its file names; title: a plain statement of what is shown; alt: text
    alternative of the chart; unit: what is counted ("asiakasta"); notes: how to read it, shown under the title; also:
    further metrics in its table; counts: its marks are numbers of people themselves, of several facts, so no n is said;
    kind: of its chart on a slide, where its question does not tell; marks: what the chart's marks mean, said where it is drawn.
    """

    key: str
    title: str
    alt: str
    unit: str
    notes: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    counts: bool = False
    kind: Kind | None = None
    marks: tuple[str, ...] = ()


def show(
    page: Page, figure: Figure, published: FigureRows, chart: Plot, table: Table, *, titled: bool = False,
    nothing: bool | str | None = None, pick: Pick | None = None,
) -> None:  # fmt: skip
    """Draw the figure, or a message when there is nothing to show.

    titled: the page has drawn the title itself; nothing: whether the chart is empty, or why it is, where rows do not tell
    (curves, numbers too small to be compared); pick: called with the codes of a clicked mark.
    """
    t = page.t
    if published.refusal:
        page.drawn.append(False)
        return
    if is_lacking(page, published):
        return
    brief, facts = source_lines(page, figure, published)
    if not titled:
        st.subheader(
            figure.title, help=explained(page, facts, published.answer.question.metrics, picks=pick is not None)
        )
    st.caption("  \n".join([brief, *filter_notes(page, published.composed)]))
    if not published.rows:
        # Codes are listed by published values over all time, so an empty answer reveals nothing about small groups.
        st.info(t("figure.no_data"))
        return
    is_empty = bool(nothing) if nothing is not None else all(row.value is None for row in published.rows)
    unknown = only_unknown(published.rows)
    if is_empty or unknown:
        why = nothing if isinstance(nothing, str) else _reason_once(page, published.rows)
        st.info(t("figure.only_unknown") if unknown else why)
    else:
        draw(chart, key=figure.key, alt_text=figure.alt, pick=pick)
    said = figure.notes if is_empty or unknown else (*figure.notes, *figure.marks)
    if notes := _notes_beside(page, said):
        st.caption(" ".join(notes))
    if not (is_empty or unknown):
        adding.offer(page, figure.key, published.composed.question, figure.kind)
    metrics = (*published.answer.question.metrics, *figure.also)
    notes = [facts, *filter_notes(page, published.composed), *said]
    found = about(page, figure.title, metrics, notes, published.composed.question)
    file_name = csv_name(page, figure.key, published.answer.question.period)
    drawn = None if is_empty or unknown else chart
    tables.show(
        table, t, caption=figure.title, file_name=file_name, notes=found.lines, key=figure.key,
        more=lambda: menu.offer(
            table, found, t, stem=file_name.removesuffix(".csv"), key=figure.key, chart=drawn, alt_text=figure.alt
        ),
    )  # fmt: skip


def _notes_beside(page: Page, notes: Sequence[str]) -> list[str]:
    """Return the notes that stand beside a figure; why values are not shown is said once, at the page's foot."""
    if page.reasons is None:
        return list(notes)
    known = states.all_notes(page.t)
    page.reasons.update(dict.fromkeys(note for note in notes if note in known))
    return [note for note in notes if note not in known]


def _reason_once(page: Page, rows: Sequence[Row]) -> str:
    """Return why a figure has nothing to show: in full where no figure of the page has said so, else in short."""
    t, told = page.t, states.reason(rows, page.t)
    if page.reasons is None or told not in states.all_notes(t):
        return told
    if told in page.said:
        page.reasons[told] = None
        return t("figure.reason_at_foot", short=states.in_short_of(rows, t))
    page.said.append(told)
    return told


def is_lacking(page: Page, published: FigureRows) -> bool:
    """Return whether a figure has no data at all, and say once on the page which are lacking."""
    why = ""
    if states.is_without_data(published.rows):
        why = states.reason(published.rows, page.t)
    elif not published.rows and (lacked := asking.tables_without_data(page.serving, published.composed.question)):
        why = states.missing(lacked, page.t)
    page.drawn.append(not why)
    if why:
        say_once(page, why)
    return bool(why)


def only_unknown(rows: Sequence[Row]) -> bool:
    """Return whether a breakdown has no value but those of people and events whose code is not known."""
    values = [row for row in rows if row.value is not None]
    return bool(values) and all(has_unknown(row.metric, row.codes) for row in values)


def csv_name(page: Page, key: str, period: str) -> str:
    """Return the name of a CSV file: page, figure, period, and the audience when it holds exact values."""
    mark = (INTERNAL,) if page.view.exact else ()
    return "_".join(("tilannekuva", page.id, key, period, *mark)) + ".csv"


def explained(page: Page, facts: str, metrics: Sequence[str], *, picks: bool = False) -> str:
    """Return what is told of a figure on request: what its metrics mean, where it comes from, and what a click does."""
    meant = (sentences.meaning(definitions()[one], page.t) for one in metrics)
    return "\n\n".join([*meant, facts, *([page.t("figure.pick")] if picks else [])])


def source_lines(page: Page, figure: Figure, published: FigureRows) -> tuple[str, str]:
    """Return what stands beside a figure, and what stands in its files and explanation.

    Beside it: unit and n, and the period where it is not the page's. In files: period, source and date of the data too.
    """
    t, question = page.t, published.answer.question
    metric = question.metrics[0]
    fact, period = definitions()[metric].fact, sentences.period_text(question.period, t)
    page.sources[fact] = None
    stands = [] if figure.counts else standing(page, metric, published.composed)
    brief = [figure.unit, *([period] if question.period != page.view.period else []), *stands]
    source = t("figure.source", source=t("source." + fact))
    packages = page.serving.packages
    whose = [publications.brief_source(publications.holder(packages, question.period), t)] if packages else []
    until = page.data_until(exact=published.answer.exact)
    whole = [t("figure.unit", unit=figure.unit), period, *stands, source, until, *whose]
    return " · ".join(brief), " · ".join(whole)


def standing(page: Page, metric: str, composed: Composed) -> list[str]:
    """Return what a figure stands on, within its filters: the number of clients or events, and what part of them is known.

    Shares of the codes of a dimension stand on those whose code is known. Nothing is said of a count by a dimension that
    leaves out the cases without a value: how many are left is not published.
    """
    t, definition = page.t, definitions()[metric]
    if stands_on_all(metric):
        if any(unknown_of(metric, name) is None for name in definition.requires):
            return []
        total = total_metric(metric)
        row = _undivided(page, total, composed) if total else None
        return [f"n = {formats.value_text(row, t, unit=True)}"] if row else []
    row = _undivided(page, metric, composed, definition.requires)
    return [] if row is None else standing_of(row, t)


def _undivided(page: Page, metric: str, composed: Composed, by: tuple[str, ...] = ()) -> Row | None:
    """Return the row of a metric for a figure's period and filters as a whole; None if it cannot be asked so.

    by: dimensions that the metric cannot be asked without; its first row is returned.
    """
    question = composed.question
    # The whole of a breakdown is limited to the same group as its rows.
    choices = [*question.where, *((c.dimension, (c.code,)) for c in (composed.within,) if c)]
    try:
        answer = asking.answer_to(
            page.serving,
            type(question)((metric,), by, tuple(choices), question.period, audience=question.audience),
        )
    except QuestionError:
        return None
    return next((row for row in answer.rows if is_main(row)), None)


def filter_notes(page: Page, composed: Composed) -> list[str]:
    """Return notes on filters that do not apply to a figure, and on the code highlighted in it."""
    t, places = page.t, page.serving.places
    notes = definition_notes(page, composed.question.metrics)
    if composed.left_out:
        names = ", ".join(sentences.plain(sentences.choice_text(choice, t, places)) for choice in composed.left_out)
        notes.append(f":material/filter_alt_off: **{t('figure.left_out', count=len(composed.left_out), names=names)}**")
    if composed.marked:
        notes.append(t("figure.marked", name=sentences.plain(sentences.choice_text(composed.marked, t, places))))
    return notes


def definition_notes(page: Page, metrics: Sequence[str]) -> list[str]:
    """Return notes on metrics that have begun to be counted otherwise. All values of a figure are of the definition in force."""
    t, notes = page.t, []
    for metric in metrics if page.serving.package is None else ():
        if found := last_change(page.serving.store, metric, page.serving.closed_until):
            day, change = found
            told = {"name": definitions()[metric].name[t.lang], "day": formats.day(day, t.lang)}
            notes.append(t("figure.definition", **told, before=change.before, after=change.after))
            if change.what:
                notes[-1] += " " + t("figure.definition.what", what=sentences.plain(change.what[t.lang]))
    return notes


def not_followed(page: Page, composed: Composed) -> str:
    """The end of a sentence that says a number under the page's heading: which filters of the heading it does not follow."""
    t = page.t
    names = [sentences.plain(sentences.choice_text(choice, t, page.serving.places)) for choice in composed.left_out]
    return " " + t("figure.not_followed", count=len(names), names=", ".join(names)) if names else ""


def hidden_note(cells: Sequence[DataPoint], page: Page) -> tuple[str, ...]:
    """Return notes on the values that are not shown, by what is known of them."""
    return states.notes((cell.state for cell in cells), page.t)


def line_marks(cells: Sequence[DataPoint], page: Page) -> tuple[str, ...]:
    """Return what the triangle below the axis and a hollow mark of lines are, where there are any."""
    without = {cell.state == "no_data" for cell in cells if cell.hidden}
    key = "" if without == {False} else ".no_data" if without == {True} else ".some"
    triangle = (page.t("figure.triangle" + key),) if without else ()
    return (*triangle, *lacking_marks.note(cells, page))


def tick_note(drawn: Sequence[DataPoint], before: Sequence[DataPoint], page: Page, then: str) -> tuple[str, ...]:
    """Return the note on the upright lines of bars, or that there are none.

    before: what they are compared with, none where nothing is; then: the period of these where it is an earlier one.
    """
    there = {cell.x for cell in drawn}
    if not before or not any(cell.is_told for cell in drawn):
        return ()
    has_lines = any(not cell.hidden for cell in before if cell.x in there)
    when = page.when_before if page.view.against in ("import", "place") else then
    return (page.t("figure.before" if has_lines else "figure.before_none", period=when),)


def say_once(page: Page, missing: str) -> None:
    """Say once on a page which data it lacks, with the way to the import."""
    if missing in page.said:
        return
    page.said.append(missing)
    st.info(missing)
    if session.may("steward"):
        links.link_to("importing", page.t.lang, page.t("sources.to_import"))

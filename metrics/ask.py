"""Answering questions: validation, look-up of cells, disclosure control; and the change of the answer."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial

from data.store.generation import Generation
from data.store.store import Store
from metrics.audience import is_exact
from metrics.change.decision import decide, queried_totals
from metrics.change.earlier import Against, Earlier, earlier, on_known_ground
from metrics.change.trend import Direction
from metrics.gate import NO_DATA, NOT_RECORDED
from metrics.grammar.answer import Answer, CurvePoint, Row
from metrics.grammar.period import Period
from metrics.grammar.question import Question, QuestionError
from metrics.measures.evidence import place_of
from metrics.measures.gaps import Lacking, gaps
from metrics.measures.inquiry import Inquiry
from metrics.measures.rows import curve_points, make_cells_of, rows
from metrics.model.needs import has_days, needs
from metrics.model.serving import generation_for


def ask(question: Question, store: Store, generation: Generation | None = None) -> Answer:
    """Return the answer to a question from a generation, by default the current one.

    Pass the same generation to questions whose answers are shown together: another may be published in between. Raises
    QuestionError when the grammar refuses the question, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    chosen = inquiry.asked.definitions
    generation = inquiry.generation
    closed = generation.closed_until if generation.last_day else None
    return Answer(
        question=question,
        rows=tuple(row for definition in chosen for row in rows(inquiry, definition)),
        generation=generation.number,
        # The last day of all, which others are not told, is that of whoever came last.
        data_until=generation.last_day if inquiry.gate.exact else closed,
        closed_until=closed,
        definition_version={definition.id: definition.version for definition in chosen},
    )


def make_cells(question: Question, store: Store, generation: Generation | None = None) -> None:
    """Compute the cells of a question's answer, and not the answer. Raises as `ask`."""
    inquiry = Inquiry(question, store, generation)
    for definition in inquiry.asked.definitions:
        make_cells_of(inquiry, definition)


def row_count(question: Question, store: Store, generation: Generation | None = None) -> int:
    """Return how many rows a question's answer has at least, before they are made. Raises as `ask`."""
    inquiry = Inquiry(question, store, generation)
    return sum(inquiry.key_count(definition) for definition in inquiry.asked.definitions)


def without_data(question: Question, store: Store, generation: Generation | None = None) -> tuple[str, ...]:
    """Return the tables that a question's metrics need, when no file covers what any of them is about; else nothing.

    It tells why an answer has no rows. Raises QuestionError, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    evidence = inquiry.evidence(question.period, place_of({}, inquiry.only))
    chosen = inquiry.asked.definitions
    if any(evidence.left_open(definition) != NO_DATA for definition in chosen):
        return ()
    return tuple(dict.fromkeys(table for definition in chosen for table in needs(definition).every_table))


def without_fields(
    question: Question, store: Store, generation: Generation | None = None
) -> dict[str, tuple[str, ...]]:
    """Return the fields that no file of a question's period and place has, by the metric that cannot be told without them.

    One of the fields of a metric would do. Raises QuestionError, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    evidence = inquiry.evidence(question.period, place_of({}, inquiry.only))
    found = {definition.id: evidence.lack(definition) for definition in inquiry.asked.definitions}
    return {metric: lack.fields for metric, lack in found.items() if lack is not None and lack.fields}


def without_past(question: Question, store: Store, generation: Generation | None = None) -> dict[str, date | None]:
    """Return the metrics of a question that cannot be told because files do not reach back far enough before its period, each
    with the first day of the month from which on they do, None where they never do.

    Raises QuestionError, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    evidence = inquiry.evidence(question.period, place_of({}, inquiry.only))
    found = {definition: evidence.lack(definition) for definition in inquiry.asked.definitions}
    return {
        definition.id: evidence.known_from(definition)
        for definition, lack in found.items() if lack is not None and lack.state == NOT_RECORDED and lack.days
    }  # fmt: skip


def lacking(question: Question, store: Store, generation: Generation) -> Lacking:
    """Return which months and fields files lack for a question: its numbers are those of the rest. Raises StoreError."""
    where = dict(question.where)
    return gaps(
        question.metrics, (*question.by, *where), question.period, place_of({}, where), store, generation,
        exact=is_exact(question.audience), points=where.get("service_point", ()),
    )  # fmt: skip


def lacking_of_rows(rows: Iterable[Row], question: Question, store: Store, generation: Generation) -> list[Lacking]:
    """Return the same for each row of a question's answer: of its own metric, period and place. Raises StoreError."""
    exact, found = is_exact(question.audience), dict[object, Lacking]()
    limits = dict(question.where).get("service_point", ())

    def of(row: Row) -> Lacking:
        place, point = place_of(row.codes, {}), row.codes.get("service_point")
        key = row.metric, row.period, place, point
        if key not in found:
            asked = (row.metric,), question.dimensions, row.period, place
            found[key] = gaps(*asked, store, generation, exact=exact, points=(point,) if point else limits)
        return found[key]

    return [of(row) for row in rows]


def ends_within(question: Question, store: Store, generation: Generation | None = None) -> dict[str, date]:
    """Return the last days of data that end before a question's period does, by municipality; empty: of no single one.

    It tells why values of the period are not compared. Raises QuestionError, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    period, place = Period.parse(question.period), place_of({}, inquiry.only)
    if period.first_day is None or period.last_day is None:
        return {}
    tables = (table for definition in inquiry.asked.definitions for table in needs(definition).tables)
    found: dict[str, date] = {}
    for table in filter(has_days, dict.fromkeys(tables)):
        for code, day in inquiry.extent.ends_within(table, period.first_day, period.last_day, place).items():
            found[code] = min(day, found.get(code, day))
    return found


def ask_curve(question: Question, store: Store, generation: Generation | None = None) -> tuple[CurvePoint, ...]:
    """Return the survival curves of a time-to-event question.

    Raises QuestionError, also for other kinds of metric, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    return tuple(point for definition in inquiry.asked.definitions for point in curve_points(inquiry, definition))


@dataclass(frozen=True)
class ChangedRow:
    """A row now and earlier, None where there is nothing to compare with, and the direction of a clear change."""

    now: Row
    before: Row | None
    way: Direction | None


@dataclass(frozen=True)
class ChangedAnswer:
    """An answer with the earlier side of each of its rows."""

    answer: Answer
    side: Earlier
    rows: tuple[ChangedRow, ...]


def ask_change(
    question: Question, against: Against, store: Store, generation: Generation | None = None
) -> ChangedAnswer:
    """Return the answer to a question and what has changed in it, by the one rule of change.

    Raises QuestionError, also for what cannot be compared (`metrics.change.earlier`), StoreError, KeyFileError.
    """
    generation = generation or generation_for(store, question.audience)
    answer = ask(question, store, generation)
    if question.each is not None:
        raise QuestionError("compare_each")
    side = earlier(against, question.period, question.audience, store, generation)
    then = ask(replace(question, period=side.period), store, side.generation)
    known = {_key(row): row for row in on_known_ground(then.rows, side)}
    totals, totals_before = (
        queried_totals(partial(ask, store=store, generation=one), question.audience)
        for one in (generation, side.generation)
    )

    def way(now: Row, before: Row | None) -> Direction | None:
        if not side.is_called:
            return None
        return decide(now, before, totals, exact=answer.exact, totals_before=totals_before)

    pairs = [(row, known.get(_key(row))) for row in answer.rows]
    return ChangedAnswer(answer, side, tuple(ChangedRow(now, before, way(now, before)) for now, before in pairs))


def _key(row: Row) -> tuple[object, ...]:
    return row.metric, row.horizon, row.quantile, *sorted(row.codes.items())

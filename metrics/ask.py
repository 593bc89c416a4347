"""Answering questions: validation, look-up of cells, disclosure control."""

from data.store.generation import Generation
from data.store.store import Store
from metrics.gate import NO_DATA
from metrics.grammar.answer import Answer, CurvePoint
from metrics.grammar.period import Period
from metrics.grammar.question import Question
from metrics.measures.evidence import Evidence, place_of
from metrics.measures.inquiry import Inquiry
from metrics.measures.rows import curve_points, rows
from metrics.model.needs import needs


def ask(question: Question, store: Store, generation: Generation | None = None) -> Answer:
    """Return the answer to a question from a generation, by default the current one.

    Pass the same generation to questions whose answers are shown together: another may be published in between. Raises
    QuestionError when the grammar refuses the question, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    chosen = inquiry.asked.definitions
    generation = inquiry.generation
    return Answer(
        question=question,
        rows=tuple(row for definition in chosen for row in rows(inquiry, definition)),
        generation=generation.number,
        data_until=generation.last_day,
        closed_until=generation.closed_until if generation.last_day else None,
        definition_version={definition.id: definition.version for definition in chosen},
    )


def without_data(question: Question, store: Store, generation: Generation | None = None) -> tuple[str, ...]:
    """Return the tables that a question's metrics need, when no file covers what any of them is about; else nothing.

    It tells why an answer has no rows. Raises QuestionError, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    evidence = Evidence(inquiry.extent, Period.parse(question.period), place_of({}, inquiry.only))
    chosen = inquiry.asked.definitions
    if any(evidence.left_open(definition) != NO_DATA for definition in chosen):
        return ()
    return tuple(dict.fromkeys(table for definition in chosen for table in needs(definition).every_table))


def ask_curve(question: Question, store: Store, generation: Generation | None = None) -> tuple[CurvePoint, ...]:
    """Return the survival curves of a time-to-event question.

    Raises QuestionError, also for other kinds of metric, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    return tuple(point for definition in inquiry.asked.definitions for point in curve_points(inquiry, definition))

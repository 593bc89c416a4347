"""Answering questions: validation, look-up of cells, disclosure control."""

from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.answer import Answer, CurvePoint
from metrics.grammar.question import Question
from metrics.measures.inquiry import Inquiry
from metrics.measures.rows import curve_points, rows


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


def ask_curve(question: Question, store: Store, generation: Generation | None = None) -> tuple[CurvePoint, ...]:
    """Return the survival curves of a time-to-event question.

    Raises QuestionError, also for other kinds of metric, StoreError, KeyFileError.
    """
    inquiry = Inquiry(question, store, generation)
    return tuple(point for definition in inquiry.asked.definitions for point in curve_points(inquiry, definition))

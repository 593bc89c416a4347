"""The way from a question to published rows: understand it, look its cells up, send them through the gate."""

from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.answer import Answer, CurvePoint
from metrics.grammar.question import Question
from metrics.measures.inquiry import Inquiry
from metrics.measures.rows import curve_points, rows


def ask(question: Question, store: Store, generation: Generation | None = None) -> Answer:
    """Answer a question from a generation, by default the serving one. Raises QuestionError, StoreError, KeyFileError.

    Whoever asks several questions that stand side by side names the generation: another may come to serve in between.
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
    """The survival curves behind a time-to-event question. Raises as `ask`, and QuestionError for other kinds of metric."""
    inquiry = Inquiry(question, store, generation)
    return tuple(point for definition in inquiry.asked.definitions for point in curve_points(inquiry, definition))

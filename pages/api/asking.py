"""`/api/ask`: a question of the closed grammar, and its answer as JSON, JSON-stat or CSV."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, Final, cast

from data.store.allowance import VISITOR
from data.texts import Language, texts
from metrics.ask import row_count
from metrics.grammar.answer import Answer
from metrics.grammar.period import Each
from metrics.grammar.question import Question, parsed_where
from metrics.listing import LACKING, as_csv, as_json
from metrics.measures import gaps
from metrics.packages.jsonstat import StatisticsSource, dataset
from pages.api.call import Call
from pages.api.errors import ApiError
from pages.api.visible import Visible
from pages.shell import noting
from pages.shell.asking import answer_to, lacking_for, lacking_for_rows, lacking_notes

MOST_ROWS: Final = 20_000
"""Of one answer. The largest question of the grammar would have millions."""
SIGN: Final = ":"
"""Between a dimension and its codes; `=` has a meaning of its own in an address."""


def question_of(call: Call) -> Question:
    """Return what is asked, of the protected audience whoever asks. Raises QuestionError: `where_form`; ApiError: `repeated`."""
    return Question(
        metrics=call.listed("metric"),
        by=call.listed("by"),
        where=tuple(parsed_where(text, SIGN) for text in call.every("where")),
        period=call.one("period", "all"),
        each=cast("Each | None", call.one("each") or None),
    )


def answer_of(call: Call, seen: Visible, most: int) -> Answer:
    """Return the answer as values, of so many rows at most. Raises QuestionError, ApiError, and as a store does."""
    question, serving = question_of(call), seen.serving
    noting.begin(served=serving, by=VISITOR)
    if serving.package is None and row_count(question, serving.store, serving.generation) > most:
        raise ApiError("too_many_rows", most=most)
    answer = answer_to(serving, question)
    if len(answer.rows) > most:
        raise ApiError("too_many_rows", most=most)
    return answer


def answered(call: Call, seen: Visible) -> dict[str, Any] | str:
    """Return the answer: an object for JSON, or a text. Raises QuestionError, ApiError, and as a store does."""
    form = call.format()
    answer = answer_of(call, seen, MOST_ROWS)
    match form:
        case "csv":
            beside = {"example": str(seen.serving.is_example).lower()}
            return as_csv(answer, lacking_for_rows(seen.serving, answer), every_column=True, beside=beside)
        case "json-stat":
            return _statistics(answer, call, seen)
    return _told(answer, seen)


def _told(answer: Answer, seen: Visible) -> dict[str, Any]:
    """Return the object of an answer as the command line tells it, but of the release, and of no day that is not closed yet."""
    found = as_json(answer, lacking_for(seen.serving, answer.question))
    del found["generation"]
    source = {"publisher": seen.publisher or None, "licence": seen.licence or None, "example": seen.serving.is_example}
    return found | {"data_until": found["closed_until"], "release": seen.release, **source}


def lacking(question: Question, seen: Visible, lang: Language) -> tuple[list[dict[str, Any]] | None, list[str]]:
    """Return what files lack for a question, as objects, None where it is not known; and in words, as one note or none."""
    found = lacking_for(seen.serving, question)
    return None if found is None else gaps.as_objects(found), lacking_notes(seen.serving, question, lang)


def _statistics(answer: Answer, call: Call, seen: Visible) -> dict[str, Any]:
    """Return a dataset of one metric, or a collection of those of several."""
    source = StatisticsSource(seen.publisher, seen.released, call.lang, seen.serving.places)
    made = []
    for metric in answer.question.metrics:
        rows = [row for row in answer.rows if row.metric == metric]
        told = dataset(metric, rows, source, answer.question.dimensions)
        told["extension"] |= {"metric": metric, "version": answer.definition_version[metric], "licence": seen.licence}
        lacks, in_words = lacking(replace(answer.question, metrics=(metric,)), seen, call.lang)
        told["extension"] |= {LACKING: lacks}
        example = seen.serving.is_example
        if notes := [*([texts(call.lang)("page.sample")] if example else []), *in_words]:
            told |= {"note": notes}
        if example:
            told["extension"] |= {"example": True}
        made.append({"version": "2.0", **told})
    return made[0] if len(made) == 1 else {"version": "2.0", "class": "collection", "link": {"item": made}}

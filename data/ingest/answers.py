"""Answers to an import's questions, as a file: written with every open question, given back with the answers filled in."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from data.ingest.question_words import option_text, question_text
from data.ingest.recognise.asking import Decision
from data.refusal import Refusal
from data.store.durable import write_durably


class AnswersError(Refusal):
    """A file of answers cannot be used. `reason`: `unreadable`, `malformed`."""

    family = "answers"


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    question: str
    file: str | None = None
    sheet: str | None = None
    answer: str | None = None


class _AnswersFile(BaseModel):
    model_config = ConfigDict(extra="ignore", frozen=True)

    questions: tuple[_Answer, ...]


@dataclass(frozen=True)
class Answers:
    """Answers by question: `everywhere`, or in one sheet of one file, which goes first."""

    everywhere: Mapping[str, str] = field(default_factory=dict)
    by_sheet: Mapping[tuple[str, str | None], Mapping[str, str]] = field(default_factory=dict)

    def of_sheet(self, file: str, sheet: str | None) -> dict[str, str]:
        """The answers that hold for a sheet (`sheet` None in a file without sheets), by question key."""
        return {**self.everywhere, **self.by_sheet.get((file, sheet), {})}

    def with_answer(self, file: str, sheet: str | None, key: str, answer: str) -> Answers:
        """These and one more."""
        inside = {**self.by_sheet.get((file, sheet), {}), key: answer}
        return Answers(self.everywhere, {**self.by_sheet, (file, sheet): inside})


def read_answers(path: Path) -> Answers:
    """The answers of a file made by `write_questions`; those left empty are none. Raises AnswersError."""
    try:
        found = _AnswersFile.model_validate_json(path.read_bytes())
    except OSError:
        raise AnswersError("unreadable", path=path) from None
    except ValidationError:
        raise AnswersError("malformed", path=path) from None
    everywhere: dict[str, str] = {}
    by_sheet: dict[tuple[str, str | None], dict[str, str]] = {}
    for one in found.questions:
        if one.answer is None:
            continue
        target = everywhere if one.file is None else by_sheet.setdefault((one.file, one.sheet), {})
        target[one.question] = one.answer
    return Answers(everywhere, by_sheet)


def write_questions(path: Path, decisions: Iterable[Decision], lang: str) -> None:
    """Write open questions as JSON with an empty `answer` each. OSError when the file cannot be written."""
    listed = {"questions": [{**question_json(one, lang), "answer": None} for one in decisions]}
    write_durably(path, json.dumps(listed, ensure_ascii=False, indent=1) + "\n")


def question_json(decision: Decision, lang: str) -> dict[str, Any]:
    """A question for a program: its key, text, options with their meaning, and the safe default."""
    question = decision.question
    return {
        "file": question.file, "sheet": question.sheet, "question": question.key, "kind": question.kind,
        "text": question_text(question, lang), "rows": question.rows, "default": question.default,
        "options": [{"answer": option, "text": option_text(question, option, lang)} for option in question.options],
    }  # fmt: skip

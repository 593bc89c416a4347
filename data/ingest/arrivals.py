"""A folder that files arrive in: each is imported once it is whole, and put where its outcome says.

FOLDER/done/                 loaded (rejected rows are in the store's list)
FOLDER/rejected/             refused, with the reason beside it (NAME.txt)
FOLDER/waiting-for-answers/  asks something: fill in NAME.questions.json and rename it NAME.answers.json
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

from data.ingest import report
from data.ingest.answers import Answers, AnswersError, read_answers, write_questions
from data.ingest.batch import Wishes
from data.ingest.pipeline import prepare, publish
from data.ingest.plan import Prepared
from data.store.store import Store

Outcome = Literal["done", "rejected", "waiting-for-answers"]

_UNFINISHED = (".tmp", ".part", ".partial", ".crdownload", ".filepart")
"""Endings that programs give to a file while they are writing it."""

_QUESTIONS, _ANSWERS = ".questions.json", ".answers.json"


@dataclass(frozen=True)
class Arrival:
    """A file that was taken in: its name, where it went, and the generation it made, None when it made none."""

    file: str
    outcome: Outcome
    generation: int | None


class Arrivals:
    """The files of a folder; call `take` again and again. A file is whole when it has not changed between two calls."""

    def __init__(self, folder: Path, store: Store, lang: str) -> None:
        self.folder = folder
        self.store = store
        self.lang = lang
        self._seen: dict[Path, tuple[int, int]] = {}

    def take(self) -> Iterator[Arrival]:
        """Import every file that has not changed since the last call, and every waiting one that has its answers."""
        now = {path: state for path in self._files() if (state := _state(path))}
        ready = [path for path, state in now.items() if self._seen.get(path) == state]
        self._seen = now
        for path in sorted(ready):
            del self._seen[path]
            yield self._import(path, Answers())
        for path in sorted(self._waiting().glob(f"*{_ANSWERS}")):
            file = path.with_name(path.name.removesuffix(_ANSWERS))
            if file.is_file():
                yield self._answered(file, path)

    def _files(self) -> list[Path]:
        return [
            path
            for path in self.folder.iterdir()
            if path.is_file() and not path.name.startswith((".", "~$")) and not path.name.lower().endswith(_UNFINISHED)
        ]

    def _answered(self, file: Path, answers: Path) -> Arrival:
        try:
            given = read_answers(answers)
        except AnswersError:
            answers.replace(answers.with_name(answers.name + ".damaged"))
            return Arrival(file.name, "waiting-for-answers", None)
        answers.unlink()
        return self._import(file, given)

    def _import(self, path: Path, answers: Answers) -> Arrival:
        prepared = prepare([path], self.store, wishes=Wishes(answers=answers))
        prepared, generation = publish(prepared, self.store, f"import: {path.name}")
        outcome: Outcome = "done"
        if prepared.open_questions:
            outcome = "waiting-for-answers"
        elif any(file.refused for file in prepared.files):
            outcome = "rejected"
        goes_to = self._folder(outcome) / path.name
        goes_to = goes_to if goes_to == path else _free(goes_to)
        path.replace(goes_to)
        self._explain(prepared, goes_to, outcome)
        return Arrival(goes_to.name, outcome, generation.number if generation else None)

    def _explain(self, prepared: Prepared, path: Path, outcome: Outcome) -> None:
        """The questions or the reason, beside the file."""
        if outcome == "waiting-for-answers":
            # Under the name it has now: the answers must find it.
            asked = [replace(one, question=replace(one.question, file=path.name)) for one in prepared.open_questions]
            write_questions(path.with_name(path.name + _QUESTIONS), asked, self.lang)
        elif outcome == "rejected":
            lines = "\n".join(report.refusals(prepared, self.lang))
            path.with_name(path.name + ".txt").write_text(lines + "\n", encoding="utf-8")

    def _folder(self, outcome: Outcome) -> Path:
        folder = self.folder / outcome
        folder.mkdir(mode=0o700, exist_ok=True)
        return folder

    def _waiting(self) -> Path:
        return self.folder / "waiting-for-answers"


def _state(path: Path) -> tuple[int, int] | None:
    """Size and time of a file; None when it has gone meanwhile."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_size, found.st_mtime_ns


def _free(path: Path) -> Path:
    """The path, or one with a number, so that no earlier file of the name is lost."""
    number, found = 1, path
    while found.exists():
        number += 1
        found = path.with_name(f"{path.stem}-{number}{path.suffix}")
    return found

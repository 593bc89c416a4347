"""Questions that the evidence of a file leaves open, the answers to them, and the safe default until there is one."""

from __future__ import annotations

from collections.abc import Container, Mapping
from dataclasses import dataclass, field

from data.codes import normalise

UNKNOWN, OTHER, LEAVE_OUT, REJECT = "not_known", "other", "-", "reject"
"""Answers that are no code: the value is not known, a code of its own kind (`other`), leave the column out, reject the rows."""


@dataclass(frozen=True)
class ImportQuestion:
    """One open question of a sheet.

    key: what it is about, the same for the next file of the shape; kind: its text is `question.<kind>`; about: the header or
    sheet in question; value: a word of a coded column, never a personal value; rows: how many rows it decides on; options: the
    answers it takes, the safe default first; list_name: the code list the options are of, if they are codes; params: other
    placeholders of its text; lasting: whether the answer holds for later files.
    """

    file: str
    sheet: str | None
    key: str
    kind: str
    options: tuple[str, ...]
    about: str = ""
    value: str = ""
    rows: int = 0
    list_name: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    lasting: bool = True

    @property
    def default(self) -> str:
        """The answer that loses and invents least."""
        return self.options[0]


@dataclass(frozen=True)
class Decision:
    """A question and the answer it was given.

    how: `answered` now, `remembered` of an earlier file, `taken` when what is remembered is the safe default that was taken for
    an earlier file and that nobody has answered, or the `default`.
    """

    question: ImportQuestion
    answer: str
    how: str


class Asking:
    """The questions of one sheet and what is known of their answers.

    given: answers of this import by question key; remembered: those kept with the source; taken: keys of remembered answers that
    are safe defaults.
    """

    def __init__(
        self, file: str = "", sheet: str | None = None, given: Mapping[str, str] | None = None,
        remembered: Mapping[str, str] | None = None, taken: Container[str] = (),
    ) -> None:  # fmt: skip
        self.file = file
        self.sheet = sheet
        self._given = given or {}
        self._remembered = remembered or {}
        self._taken = taken
        self._decisions: dict[str, Decision] = {}

    def decide(
        self, kind: str, options: tuple[str, ...], *, table: str = "", about: str = "", value: str = "", rows: int = 0,
        list_name: str | None = None, lasting: bool = True, **params: str | int,
    ) -> str:  # fmt: skip
        """The answer to a question: the one given, the one remembered, else the safe default (then the question stays open).

        options: the answers it takes, the safe default first. Another answer than these counts as none.
        """
        key = question_key(kind, table, about, value)
        named = {"table": table} if table else {}
        question = ImportQuestion(
            self.file, self.sheet, key, kind, options, about, value, rows, list_name, named | params, lasting
        )
        answer, how = options[0], "default"
        kept = "taken" if key in self._taken else "remembered"
        for known, source in ((self._given, "answered"), (self._remembered if lasting else {}, kept)):
            if known.get(key) in options:
                answer, how = known[key], source
                break
        self._decisions[key] = Decision(question, answer, how)
        return answer

    def answered(self, kind: str, *, table: str = "", about: str = "", value: str = "") -> str | None:
        """An answer given or remembered to a question that need not be asked; None when there is none."""
        if not self._given and not self._remembered:
            return None
        key = question_key(kind, table, about, value)
        return self._given.get(key, self._remembered.get(key))

    def apart(self) -> Asking:
        """The same answers and no decisions yet: for one of several ways to read the sheet."""
        return Asking(self.file, self.sheet, self._given, self._remembered, self._taken)

    def adopt(self, other: Asking) -> None:
        """Take over the decisions of the way that was chosen."""
        self._decisions |= other._decisions

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every question that came up, in order."""
        return tuple(self._decisions.values())


def question_key(kind: str, table: str = "", about: str = "", value: str = "") -> str:
    """What a question is about, in one line; whatever the case, blanks or punctuation of header and value.

    >>> question_key("value", "encounter", "Kanava ", "Chat-botti")
    'value|encounter|kanava|chat botti'
    """
    return "|".join((kind, table, normalise(about), normalise(value) or value.strip()))


def is_of_whole_sheet(key: str) -> bool:
    """The question is about a sheet as a whole, not about one of its columns.

    >>> is_of_whole_sheet("table|encounter||"), is_of_whole_sheet("value|encounter|kanava|x")
    (True, False)
    """
    return not key.split("|")[2]

"""Values that are none of their field's: what they are taken for, and which of them the steward is asked about.

A date, a number and a yes or no that cannot be read is unknown where the field may be. A word that no code list knows is asked
about when it stands in several rows, or in many of a small file; until there is an answer it is `other` where the field must
have a value, else unknown.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from data.codes import code_list, normalise
from data.ingest.people_as_places import PERSON_PLACE
from data.ingest.recognise import ages, codes
from data.ingest.recognise.asking import OTHER, REJECT, UNKNOWN, Asking
from data.ingest.recognise.person_words import is_personal, names_among_words
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import ColumnMatch
from data.model.schema import Column
from data.personal import kinds

ASKED_FROM_ROWS, ASKED_FROM_SHARE, ASKED_TOGETHER = 3, 0.05, 0.1
"""A word in fewer rows, and on a smaller share of the rows with a value, is a slip of the pen: listed, not asked about; unless
such words stand together on a larger share.
"""

MOST_ASKED = 40
"""Words of one column asked about, the commonest first; a column of free text is not a hundred questions."""

_LONGEST_WORD = 60

PERSONAL_TEXT = "personal_text"
"""Reason of words that may name a person or tell where one lives: told by their rows."""

_NO_WORDS = frozenset({"age_across", "bad_birth"})
"""Reasons that leave nothing to ask: no answer would be right."""


@dataclass(frozen=True)
class OddValue:
    """A value that is none of its field's, in so many rows.

    text: the word, only of coded fields and only when it is short and holds nothing personal; taken_as: a code, `unknown` or
    `reject`; reason: why it is odd, a code of the family `row`.
    """

    field: str
    header: str
    text: str | None
    reason: str
    rows: int
    taken_as: str
    params: Mapping[str, str | int | float] = dataclasses.field(default_factory=dict)


def settled(
    table: str, column: Column, match: ColumnMatch, texts: Sequence[str], values: Sequence[Any], rows: Sequence[int],
    asking: Asking,
) -> tuple[list[Any], list[OddValue], frozenset[int]]:  # fmt: skip
    """The values of a column's distinct texts with every odd one decided (a Problem stays where the row must go), what was odd,
    and the places of the texts that are told by their rows alone.

    rows: number of rows of each text.
    """
    bad = [place for place, value in enumerate(values) if isinstance(value, Problem)]
    if not bad:
        return list(values), [], frozenset()
    if column.code_list is None:
        personal = frozenset(place for place in bad if values[place].reason == PERSON_PLACE)
        return *_without_words(column, match, values, rows, bad), personal
    return _Words(table, column, match, asking).settled(texts, values, rows, bad)


def _without_words(
    column: Column, match: ColumnMatch, values: Sequence[Any], rows: Sequence[int], bad: Sequence[int]
) -> tuple[list[Any], list[OddValue]]:
    if column.required:
        return list(values), []
    counts: dict[str, int] = {}
    params = {}
    for place in bad:
        counts[values[place].reason] = counts.get(values[place].reason, 0) + rows[place]
        params[values[place].reason] = values[place].params
    odd = [
        OddValue(column.field, match.header, None, reason, count, UNKNOWN, params[reason])
        for reason, count in counts.items()
    ]
    return [None if isinstance(value, Problem) else value for value in values], odd


class _Words:
    """Decides the odd words of one coded column."""

    def __init__(self, table: str, column: Column, match: ColumnMatch, asking: Asking) -> None:
        self.table = table
        self.column = column
        self.match = match
        self.asking = asking
        self.codes = code_list(column.code_list or "")

    def settled(
        self, texts: Sequence[str], values: Sequence[Any], rows: Sequence[int], bad: Sequence[int]
    ) -> tuple[list[Any], list[OddValue], frozenset[int]]:
        """As `settled` of the module."""
        parted = {place: self._parts(texts[place]) for place in bad}
        count: dict[str, int] = {}
        for place, (_, unknown) in parted.items():
            for word in unknown:
                count[word] = count.get(word, 0) + rows[place]
        clear = {
            word for place, (_, unknown) in parted.items() if values[place].reason in _NO_WORDS for word in unknown
        }
        reasons = {word: values[place].reason for place, (_, unknown) in parted.items() for word in unknown}
        answers: dict[str, str] = {}
        odd: list[OddValue] = []
        hidden: dict[str, int] = {}
        filled = max(sum(rows), 1)
        together = sum(rows[place] for place in bad if values[place].reason not in _NO_WORDS) / filled
        least = 0 if together >= ASKED_TOGETHER else min(ASKED_FROM_ROWS, ASKED_FROM_SHARE * filled)
        if self.options[0] == REJECT:
            least = ASKED_FROM_ROWS  # rejected rows are told one by one
        people = names_among_words(count) | {word for word in count if is_personal(word)}
        for asked, (word, number) in enumerate(sorted(count.items(), key=lambda item: (-item[1], item[0]))):
            if is_person := word in people:
                reasons[word] = PERSONAL_TEXT
            is_shown = len(word) <= _LONGEST_WORD and not (is_person or kinds(word) or self._may_be_birth(word))
            is_asked = is_shown and asked < MOST_ASKED and number >= least and word not in clear
            answers[word] = self._decide(word, number, is_asked=is_asked) if is_shown else self.options[0]
            if is_shown:
                odd.append(OddValue(self.column.field, self.match.header, word, reasons[word], number, answers[word]))
            else:
                hidden[reasons[word]] = hidden.get(reasons[word], 0) + number
        odd += [
            OddValue(self.column.field, self.match.header, None, reason, number, self.options[0])
            for reason, number in hidden.items()
        ]
        result = list(values)
        for place, (known, unknown) in parted.items():
            result[place] = self._value(known, [answers[word] for word in unknown], values[place])
        personal = (place for place in bad if is_personal(texts[place]) or people.intersection(parted[place][1]))
        return result, odd, frozenset(personal)

    @property
    def options(self) -> tuple[str, ...]:
        """What a word may mean, the safe default first."""
        ids = [code for code in self.codes.ids if code != self.codes.unknown]
        if not self._needs_code:
            return (UNKNOWN, *ids)
        first = OTHER if OTHER in self.codes else REJECT
        return (first, *(code for code in (*ids, REJECT) if code != first))

    @property
    def _needs_code(self) -> bool:
        """Unknown cannot be said: the field must have a code and the list has none for it."""
        return self.column.required or (
            self.column.default is not None and not self.codes.unknown and not self.column.is_list
        )

    def _decide(self, word: str, rows: int, *, is_asked: bool) -> str:
        name = self.column.field
        known = self.asking.answered("value", table=self.table, about=self.match.header, value=word)
        options = self.options
        if (not is_asked or not normalise(word)) and known not in options:
            return options[0]
        likely = [code for code in codes.candidates(self.column.code_list or "", word) if code in options]
        options = (options[0], *likely, *(code for code in options[1:] if code not in likely))
        return self.asking.decide(
            "value", options, table=self.table, about=self.match.header, value=word, rows=rows,
            list_name=self.column.code_list, field=name, several=int(codes.names_several(self.column.code_list or "", word)),
        )  # fmt: skip

    def _may_be_birth(self, word: str) -> bool:
        return self.column.code_list == ages.AGE_BAND and ages.may_be_birth(word)

    def _parts(self, text: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Codes that a cell names, and words of it that name none."""
        name = self.column.code_list or ""
        if not self.column.is_list:
            return (), (codes.without_free_text(name, text.strip()),)
        known, unknown = codes.known_and_unknown(name, text, self.match.reading.separators)
        return known, tuple(codes.without_free_text(name, word) for word in unknown)

    def _value(self, known: Sequence[str], answers: Sequence[str], problem: Any) -> Any:
        if REJECT in answers:
            return problem
        meant = [self.codes.unknown if answer == UNKNOWN else answer for answer in answers]
        if not self.column.is_list:
            return meant[0]
        listed = tuple(dict.fromkeys([*known, *(code for code in meant if code and code != self.codes.unknown)]))
        return listed or (None if self.column.required else ())

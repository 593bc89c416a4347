"""The questions of an import as they are shown: the same one of several files once, and what decides on most first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from data.ingest.recognise.asking import Decision, ImportQuestion, is_of_whole_sheet
from pages.importing.accounts import place_name


@dataclass(frozen=True)
class Asked:
    """One question as it is shown: the decisions it answers, of one sheet or of several that ask the same."""

    decisions: tuple[Decision, ...]

    @property
    def question(self) -> ImportQuestion:
        """The first one, with the rows of all."""
        return replace(self.decisions[0].question, rows=sum(one.question.rows for one in self.decisions))

    @property
    def places(self) -> tuple[str, ...]:
        """The sheets that ask it, by name."""
        return tuple(dict.fromkeys(place_name(one.question.file, one.question.sheet) for one in self.decisions))

    @property
    def is_word(self) -> bool:
        """It asks what a word of a coded column means."""
        return self.decisions[0].question.kind == "value"


def gathered(decisions: Sequence[Decision]) -> list[Asked]:
    """The decisions as they are shown, in order: sheet by sheet, whole sheets before columns, columns before their words."""
    groups: dict[object, list[Decision]] = {}
    for place, one in enumerate(decisions):
        same = (one.question.key, one.question.options, one.answer) if one.question.lasting else place
        groups.setdefault(same, []).append(one)
    shown = [Asked(tuple(group)) for group in groups.values()]
    first = {places: number for number, places in reversed(list(enumerate(one.places for one in shown)))}
    columns = {about: number for number, about in reversed(list(enumerate(one.question.about for one in shown)))}

    def rank(one: Asked) -> tuple[int, ...]:
        kind = 2 if one.is_word else 0 if is_of_whole_sheet(one.question.key) else 1
        return first[one.places], kind, columns[one.question.about], -one.question.rows

    return sorted(shown, key=rank)

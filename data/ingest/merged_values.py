"""What a row will hold when a file brings a record that is there already: its own values, or those that are known better.

* What a file has no column for keeps its value.
* Unknown never replaces known: an empty cell may mean that nobody has asked, that nobody has written it down, or that an export
  leaves it out, and none of these makes the earlier answer false. So a blank end of an enrolment does not open it again, and a
  blank client number makes nobody anonymous (for that there is `forget`). To take back a value that was wrong, undo the delivery
  that brought it.
* The columns that say how far something has got (`PROGRESS`) go by age: the older delivery never replaces the newer one's.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from data.model.schema import Column, plain_type
from data.model.unknown import unknown_sql

AS_OF = "_as_of"
"""Column of a frame: the day its delivery reaches, which dates a status that has no day of its own."""


@dataclass(frozen=True)
class Progress:
    """Columns that tell how far something has got.

    head: the one that says it, whose change makes the earlier days of the others void; day: since when it is known.
    """

    columns: tuple[str, ...]
    day: str
    head: str | None = None


PROGRESS = {
    "referral": Progress(("status", "status_on", "started_on"), "status_on", "status"),
    "enrolment": Progress(("ended_on", "end_reason", "followed_until", "language_level_end"), "followed_until"),
}


class Merging:
    """SQL of the merged values of a table's columns, over `mine` and `theirs`, which has AS_OF too.

    known: the columns that `theirs` has; kept: names of those that the file has no column for.
    """

    def __init__(self, table: str, known: Collection[Column], kept: Collection[str]) -> None:
        self.columns = {column.name: column for column in known}
        self.kept = kept
        progress = PROGRESS.get(table)
        self.progress = progress if progress and self.columns.keys() >= {*progress.columns} else None

    def may_differ(self, name: str, gaps: Collection[str]) -> bool:
        """Whether the value of a column may be another than the file's own. gaps: columns where the file does not tell all."""
        return name in self.kept or name in gaps or bool(self.progress and name in self.progress.columns)

    def value(self, name: str) -> str:
        """The value a row will have."""
        if self.progress and name in self.progress.columns:
            return self._progress(name, self.progress)
        return self._filled(name, "false")

    def is_outdated(self) -> str:
        """Whether a row says something of its progress that is known better; false in a table without such columns."""
        progress = self.progress
        if not progress:
            return "false"
        differ = [
            f"({self._known_both(name)} AND {self._text('mine', name)} <> {self._text('theirs', name)})"
            for name in progress.columns
        ]
        heads = self._known_both(progress.head) if progress.head else "true"
        return f"({self._is_older(progress)}) AND {heads} AND ({' OR '.join(differ)})"

    def _progress(self, name: str, progress: Progress) -> str:
        """The value of the side that counts; a gap in it is filled by the other side, unless that side's status is another."""
        theirs_count = self._is_older(progress)
        if progress.head is None:
            return self._filled(name, theirs_count)
        head = progress.head
        theirs_count = f"NOT {self._unknown('theirs', head)} AND ({self._unknown('mine', head)} OR {theirs_count})"
        winner = f"CASE WHEN {theirs_count} THEN {self._plain('theirs', name)} ELSE {self._plain('mine', name)} END"
        if name == head:
            return winner
        same = f"{self._text('mine', head)} IS NOT DISTINCT FROM {self._text('theirs', head)}"
        if name != progress.day:
            if name in self.kept:
                return self._filled(name, theirs_count)
            same = f"({same} OR {self._unknown('mine', head)} OR {self._unknown('theirs', head)})"
        return f"CASE WHEN {same} THEN {self._filled(name, theirs_count)} ELSE {winner} END"

    def _is_older(self, progress: Progress) -> str:
        """Whether `mine` is older than `theirs`: by the day of both, else by the deliveries they came in."""
        mine, theirs = f'mine."{progress.day}"', f'theirs."{progress.day}"'
        return f'CASE WHEN {mine} <> {theirs} THEN {theirs} > {mine} ELSE coalesce(theirs."{AS_OF}" > mine."{AS_OF}", false) END'

    def _known_both(self, name: str) -> str:
        return f"NOT {self._unknown('mine', name)} AND NOT {self._unknown('theirs', name)}"

    def _filled(self, name: str, theirs_first: str) -> str:
        """The value of one side, or the other's where that says nothing."""
        own, old = self._plain("mine", name), self._plain("theirs", name)
        if name in self.kept:
            return old
        return (
            f"CASE WHEN {self._unknown('theirs', name)} THEN {own} WHEN {theirs_first} OR {self._unknown('mine', name)} "
            f"THEN {old} ELSE {own} END"
        )

    def _unknown(self, side: str, name: str) -> str:
        if side == "mine" and name in self.kept:
            return "true"
        value = f'{side}."{name}"'
        return f"({unknown_sql(self.columns[name], value)})"

    def _text(self, side: str, name: str) -> str:
        return f'{side}."{name}"::VARCHAR'

    def _plain(self, side: str, name: str) -> str:
        """A value in a type that both sides have, of whatever version the store is."""
        return f'CAST({side}."{name}" AS {plain_type(self.columns[name])})'

"""Columns to fields by their headers: the steward's answers first, then the more specific word; asked where two are alike.

A header that names a time the form writes by itself, somebody else or another time is never taken unasked.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import TypeVar

import polars as pl

from data.codes import code_list
from data.ingest.readers import Sheet
from data.ingest.recognise import content
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.candidates import Candidate, HeaderReader
from data.ingest.recognise.column_questions import column_asked, columns_asked
from data.ingest.recognise.headers import Rank, field_of
from data.ingest.recognise.people import is_header_of_name
from data.ingest.recognise.recognised import ColumnMatch, Ignored
from data.ingest.recognise.values import Reading
from data.model.records import TABLES
from data.model.schema import field_column

BESIDE = {("encounter", "language"): "served_in"}
"""What a general word means beside a specific one of the same field: `Kieli` beside `Äidinkieli` is the language of service."""

_MOST = 0.5
"""Share of values that must be known for a general word over a field that cannot be unknown."""

_LEAST_DISTINCT = 0.5
"""Share of distinct values from which a column may number the rows: a visit has a row per topic at most."""


class Naming:
    """The columns of one sheet that name fields of one table. `taken`: fields that have a column already."""

    def __init__(self, table: str, sheet: Sheet, asking: Asking, taken: Iterable[str] = ()) -> None:
        self.table = table
        self.sheet = sheet
        self.asking = asking
        self.taken = set(taken)
        self.reader = HeaderReader(table, sheet)
        self.matches: list[ColumnMatch] = []
        self.ignored: list[Ignored] = []
        self.columns: set[str] = set()
        """Columns that are decided on."""
        self.ranks: dict[str, int] = {}
        """Ranks of the columns that have a field."""

    def all(self, columns: Sequence[tuple[str, str]]) -> tuple[tuple[ColumnMatch, ...], tuple[Ignored, ...]]:
        """The matches and the columns left out, in the order of the columns (`c0`, header)."""
        self._answered(columns)
        candidates = self.reader.candidates([one for one in columns if one[0] not in self.columns], self.taken)
        losers: list[tuple[str, Candidate]] = []
        for field, those in candidates.named.items():
            if field in self.taken:
                losers += [(field, one) for one in those]
                continue
            winners = self._best(field, those)
            losers += [(field, one) for one in those if one not in winners]
            for one in winners:
                self._match(one, field)
        for field, one in losers:
            self._beside(field, one)
        for field, one in candidates.foreign:
            self._another(field, one)
        for one, fields in candidates.several:
            self._several(one, fields)
        self.matches += self._hours_of_moments()
        for column, header in columns:
            if column not in self.columns:
                reason = "names" if is_header_of_name(header) else "unknown_header"
                self._leave(column, header, "empty_column" if column in self.reader.empty else reason)
        return in_order(self.matches), in_order(self.ignored)

    def _hours_of_moments(self) -> list[ColumnMatch]:
        """The hour, when no column of its own has it: that of the day whose header says when the visit began (`Alkaa`)."""
        if "hour" in self.taken:
            return []
        return [
            replace(match, field="hour")
            for match in self.matches
            if match.field == "occurred_on"
            and match.how == "header"
            and self.reader.tells_hour(match.column, match.header)
        ]

    def _beside(self, field: str, one: Candidate) -> None:
        """A column whose field has a better one, or none that is sure: what it means beside that one, or nothing."""
        beside = BESIDE.get((self.table, field))
        better = [match for match in self.matches if match.field == field and self.ranks[match.column] < one.rank]
        # Of two alike nobody knows which is which, so nothing is known of either.
        if better and one.rank == Rank.GENERAL and beside and beside not in self.taken and self._fits(beside, one):
            self._match(one, beside)
            return
        reason = "stamp" if one.rank == Rank.STAMP else "field_taken" if field in self.taken else "unsure"
        self._leave(one.column, one.header, reason)

    def _several(self, one: Candidate, fields: tuple[str, ...]) -> None:
        """A word that means several things, over values that do not tell which: asked."""
        free = tuple(field for field in fields if field not in self.taken)
        answer = self._asked(one, "", (LEAVE_OUT, *free)) if free else LEAVE_OUT
        if answer == LEAVE_OUT:
            self._leave(one.column, one.header, "unsure" if free else "field_taken")
        else:
            self._match(one, answer)

    def _answered(self, columns: Sequence[tuple[str, str]]) -> None:
        """What the steward said of a column goes before everything that can be seen of it."""
        said: dict[str, list[Candidate]] = {}
        for column, header in columns:
            answer = self.asking.answered("column", table=self.table, about=header)
            if answer == LEAVE_OUT:
                column_asked(self.asking, self.table, self.sheet, header, "", (LEAVE_OUT,))
                self._leave(column, header, "answered")
            elif answer in TABLES[self.table].model_fields:
                column_asked(self.asking, self.table, self.sheet, header, answer, (LEAVE_OUT, answer))
                named = field_of(self.table, self.reader.text(column, header))
                unit = named[1] if named and named[0] == answer else None
                said.setdefault(answer, []).append(Candidate(column, header, -1, unit, answer))
        for field, those in said.items():
            winners = self._best(field, those)
            for one in those:
                if one in winners:
                    self._match(one, field, "answer")
                else:
                    self._leave(one.column, one.header, "field_taken")

    def _best(self, field: str, those: Sequence[Candidate]) -> list[Candidate]:
        """The column of a field, or the columns of a list; none when the steward leaves it out or has not been asked yet."""
        least = min(one.rank for one in those)
        best = [one for one in those if one.rank == least]
        if field_column(TABLES[self.table], field).is_list:
            series = [one for one in those if one.series == best[0].series]
            if all(one in series for one in best):
                return series
            telling = [
                one for one in best if content.share_read(self.table, field, self.sheet.rows[one.column]) >= _MOST
            ]
            if len(telling) == 1:  # the other one, as the subject of a calendar's events, is free text
                return telling
        elif len(best) > 1:
            best = self._telling(field, best)
        if len(best) == 1:
            return best if self._is_taken(field, best[0]) else []
        answer = columns_asked(self.asking, self.table, self.sheet, field, [one.header for one in best])
        return [one for one in best if one.header == answer]

    def _telling(self, field: str, best: list[Candidate]) -> list[Candidate]:
        """Of columns with equally good headers those that hold such values; the first of equal columns."""
        fitting = [one for one in best if self._fits(field, one)]
        if field == TABLES[self.table].own_number:
            fitting = [one for one in best if _distinct_share(self.sheet.rows[one.column]) == 1]
        if self._is_required(field):
            fitting = [one for one in fitting if not self.sheet.rows[one.column].null_count()] or fitting
        best = fitting or best
        first = self.sheet.rows[best[0].column]
        if all(self.sheet.rows[one.column].equals(first, null_equal=True) for one in best[1:]):
            return best[:1]
        return best

    def _is_taken(self, field: str, one: Candidate) -> bool:
        """A time the form writes by itself may be the day, when the sheet has no other; and where nothing can be unknown, a
        general word over values of another kind (`Palvelu` over names of offices) is asked about.
        """
        if one.rank == Rank.STAMP:
            if not self._is_required(field):
                return False
            return self._asked(one, field, (field, LEAVE_OUT)) == field
        if field == TABLES[self.table].own_number and _distinct_share(self.sheet.rows[one.column]) < _LEAST_DISTINCT:
            return self._asked(one, field, (LEAVE_OUT, field)) == field  # the first, second, third visit of a client?
        column = field_column(TABLES[self.table], field)
        if one.rank != Rank.GENERAL or column.required or column.is_list or not column.code_list:
            return True
        if (
            code_list(column.code_list).unknown
            or content.share_read(self.table, field, self.sheet.rows[one.column]) >= _MOST
        ):
            return True
        return self._asked(one, field, (LEAVE_OUT, field)) == field

    def _another(self, field: str, one: Candidate) -> None:
        if field in self.taken:
            self._leave(one.column, one.header, "another")
        elif field and self._asked(one, field, (LEAVE_OUT, field)) == field:
            self._match(one, field)
        else:
            self._leave(one.column, one.header, "another")

    def _asked(self, one: Candidate, field: str, options: tuple[str, ...]) -> str:
        return column_asked(self.asking, self.table, self.sheet, one.header, field, options)

    def _fits(self, field: str, one: Candidate) -> bool:
        if field_column(TABLES[self.table], field).identity:
            return True
        return content.fits(self.table, field, self.sheet.rows[one.column], Reading(unit=one.unit))

    def _is_required(self, field: str) -> bool:
        return TABLES[self.table].model_fields[field].is_required()

    def _match(self, one: Candidate, field: str, how: str = "header") -> None:
        self.matches.append(ColumnMatch(one.column, one.header, field, how, Reading(unit=one.unit)))
        self.taken.add(field)
        self.columns.add(one.column)
        self.ranks[one.column] = one.rank

    def _leave(self, column: str, header: str, reason: str) -> None:
        self.ignored.append(Ignored(column, header, reason))
        self.columns.add(column)


_Found = TypeVar("_Found", ColumnMatch, Ignored)


def in_order(found: Iterable[_Found]) -> tuple[_Found, ...]:
    """In the order of the columns."""
    return tuple(sorted(found, key=lambda one: int(one.column[1:])))


def _distinct_share(cells: pl.Series) -> float:
    """Share of the cells with a value that would be left without the repeated ones."""
    known = cells.drop_nulls()
    return known.n_unique() / known.len() if known.len() else 1.0

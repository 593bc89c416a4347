"""Columns to fields by their headers: the steward's answers first, then the more specific word; asked where two are alike.

A header that names a time the form writes by itself, somebody else or another time is never taken unasked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any, TypeVar

from data.codes import code_list, normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import content, headers
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.people import is_header_of_name
from data.ingest.recognise.recognised import ColumnMatch, Ignored
from data.ingest.recognise.values import Reading
from data.ingest.recognise.whose import is_group_of_another, is_of_another
from data.model.records import TABLES
from data.model.schema import field_column

BESIDE = {("encounter", "language"): "served_in"}
"""What a general word means beside a specific one of the same field: `Kieli` beside `Äidinkieli` is the language of service."""

_MOST = 0.5
"""Share of values that must be known for a general word over a field that cannot be unknown."""

_ORDINAL = r"ensimmäinen|toinen|kolmas|neljäs|första|andra|tredje|fjärde|first|second|third|fourth"
_SERIES = re.compile(rf"^(?:\d{{1,2}}[.)]?\s+|(?:{_ORDINAL})\s+)|[\s_.#-]{{0,4}}\(?#?\d{{1,2}}\)?$", re.IGNORECASE)


@dataclass(frozen=True)
class _Candidate:
    """A column whose header names a field."""

    column: str
    header: str
    rank: int
    unit: str | None = None
    series: str = ""
    """What is left of the header of a list's column without its number: `aihe` of `Aihe 2`."""


class Naming:
    """The columns of one sheet that name fields of one table. `taken`: fields that have a column already."""

    def __init__(self, table: str, sheet: Sheet, asking: Asking, taken: Iterable[str] = ()) -> None:
        self.table = table
        self.sheet = sheet
        self.asking = asking
        self.taken = set(taken)
        self.empty = {name for name in sheet.rows.columns if sheet.rows[name].null_count() == sheet.rows.height}
        self.matches: list[ColumnMatch] = []
        self.ignored: list[Ignored] = []
        self.columns: set[str] = set()
        """Columns that are decided on."""

    def all(self, columns: Sequence[tuple[str, str]]) -> tuple[tuple[ColumnMatch, ...], tuple[Ignored, ...]]:
        """The matches and the columns left out, in the order of the columns (`c0`, header)."""
        self._answered(columns)
        candidates, foreign = self._candidates(columns)
        losers: list[tuple[str, _Candidate]] = []
        for field, those in candidates.items():
            if field in self.taken:
                losers += [(field, one) for one in those]
                continue
            winners = self._best(field, those)
            losers += [(field, one) for one in those if one not in winners]
            for one in winners:
                self._match(one, field)
        for field, one in losers:
            beside = BESIDE.get((self.table, field))
            if one.rank == Rank.GENERAL and beside and beside not in self.taken and self._fits(beside, one):
                self._match(one, beside)
            else:
                reason = "stamp" if one.rank == Rank.STAMP else "field_taken" if field in self.taken else "unsure"
                self._leave(one.column, one.header, reason)
        for field, one in foreign:
            self._another(field, one)
        for column, header in columns:
            if column not in self.columns:
                reason = "names" if is_header_of_name(header) else "unknown_header"
                self._leave(column, header, "empty_column" if column in self.empty else reason)
        return in_order(self.matches), in_order(self.ignored)

    def _answered(self, columns: Sequence[tuple[str, str]]) -> None:
        """What the steward said of a column goes before everything that can be seen of it."""
        said: dict[str, list[_Candidate]] = {}
        for column, header in columns:
            answer = self.asking.answered("column", table=self.table, about=header)
            if answer == LEAVE_OUT:
                self._column_asked(header, "", (LEAVE_OUT,))
                self._leave(column, header, "answered")
            elif answer in TABLES[self.table].model_fields:
                self._column_asked(header, answer, (LEAVE_OUT, answer))
                named = headers.field_of(self.table, header)
                unit = named[1] if named and named[0] == answer else None
                said.setdefault(answer, []).append(_Candidate(column, header, -1, unit, answer))
        for field, those in said.items():
            winners = self._best(field, those)
            for one in those:
                if one in winners:
                    self._match(one, field, "answer")
                else:
                    self._leave(one.column, one.header, "field_taken")

    def _candidates(
        self, columns: Sequence[tuple[str, str]]
    ) -> tuple[dict[str, list[_Candidate]], list[tuple[str, _Candidate]]]:
        """Columns by the field they name, and those that name it for somebody else or another time."""
        found: dict[str, list[_Candidate]] = {}
        foreign = []
        for column, header in columns:
            if column in self.columns or (words := self._words(column, header)) is None:
                continue
            named = headers.field_of(self.table, words)
            if named is None:
                continue
            series = self._series(header)
            one = _Candidate(column, header, self._rank(named[0], words), named[1], series)
            if self._is_of_another(column, header, named[0]):
                foreign.append((named[0], one))
            elif column not in self.empty:
                found.setdefault(named[0], []).append(one)
            elif one.rank != Rank.STAMP:
                # An empty column takes its field only when no other does, so that it is known to be recorded.
                found.setdefault(named[0], []).append(replace(one, rank=len(Rank) + one.rank))
        return found, foreign

    def _rank(self, field: str, words: str) -> Rank:
        """The rank of a header; a field's name that is an ordinary word (`Language`) is exact in an export of our own alone."""
        rank = headers.rank_of(self.table, words)
        return Rank.GENERAL if rank == Rank.EXACT and "_" not in field and not self._is_own_export else rank

    @cached_property
    def _is_own_export(self) -> bool:
        return sum(text in TABLES[self.table].model_fields for text in self.sheet.header) * 2 >= len(self.sheet.header)

    def _words(self, column: str, header: str) -> str | None:
        """The text that names a column's field: with the header of its group, alone, or without its number in a list."""
        group = self._group(column)
        texts: tuple[str, ...] = (f"{group} {header}", f"{group}{header}", header) if group else (header,)
        for text in (*texts, self._series(header)):
            if text and headers.field_of(self.table, text):
                return text
        return None

    def _best(self, field: str, those: Sequence[_Candidate]) -> list[_Candidate]:
        """The column of a field, or the columns of a list; none when the steward leaves it out or has not been asked yet."""
        least = min(one.rank for one in those)
        best = [one for one in those if one.rank == least]
        if field_column(TABLES[self.table], field).is_list:
            series = [one for one in those if one.series == best[0].series]
            if all(one in series for one in best):
                return series
        elif len(best) > 1:
            best = self._telling(field, best)
        if len(best) == 1:
            return best if self._is_taken(field, best[0]) else []
        names = tuple(one.header for one in best)
        options = names if self._is_required(field) else (LEAVE_OUT, *names)
        answer = self.asking.decide(
            "columns", options, table=self.table, about=field, rows=self.sheet.rows.height, field=field,
            names=", ".join(names),
        )  # fmt: skip
        return [one for one in best if one.header == answer]

    def _telling(self, field: str, best: list[_Candidate]) -> list[_Candidate]:
        """Of columns with equally good headers those that hold such values; the first of equal columns."""
        fitting = [one for one in best if self._fits(field, one)]
        best = fitting or best
        first = self.sheet.rows[best[0].column]
        if all(self.sheet.rows[one.column].equals(first, null_equal=True) for one in best[1:]):
            return best[:1]
        return best

    def _is_taken(self, field: str, one: _Candidate) -> bool:
        """A time the form writes by itself may be the day, when the sheet has no other; and where nothing can be unknown, a
        general word over values of another kind (`Palvelu` over names of offices) is asked about.
        """
        if one.rank == Rank.STAMP:
            if not self._is_required(field):
                return False
            return self._column_asked(one.header, field, (field, LEAVE_OUT)) == field
        column = field_column(TABLES[self.table], field)
        if one.rank != Rank.GENERAL or column.required or column.is_list or not column.code_list:
            return True
        if (
            code_list(column.code_list).unknown
            or content.share_read(self.table, field, self.sheet.rows[one.column]) >= _MOST
        ):
            return True
        return self._column_asked(one.header, field, (LEAVE_OUT, field)) == field

    def _another(self, field: str, one: _Candidate) -> None:
        if field in self.taken:
            self._leave(one.column, one.header, "another")
        elif self._column_asked(one.header, field, (LEAVE_OUT, field)) == field:
            self._match(one, field)
        else:
            self._leave(one.column, one.header, "another")

    def _column_asked(self, header: str, field: str, options: tuple[str, ...]) -> str:
        return column_asked(self.asking, self.table, self.sheet, header, field, options)

    def _is_of_another(self, column: str, header: str, field: str) -> bool:
        """By its own header, or that of its group; where a group ends cannot be seen, so its later columns may be outside it."""
        group = self._group(column)
        if is_group_of_another(group):
            index = int(column[1:])
            is_first = index == 0 or self.sheet.groups[index - 1] != group
            others = [text for place, text in enumerate(self.sheet.header) if place != index]
            rivals = any((headers.field_of(self.table, text) or ("",))[0] == field for text in others)
            return is_first or rivals or not self._is_required(field)
        return is_of_another(header) and normalise(header) not in headers.field_words(self.table)

    def _group(self, column: str) -> str:
        return self.sheet.groups[int(column[1:])] if self.sheet.groups else ""

    def _series(self, header: str) -> str:
        """The header of one of several columns of a list without its number; empty when it names no list."""
        bare = normalise(_SERIES.sub("", header))
        named = headers.field_of(self.table, bare) if bare else None
        return bare if named and field_column(TABLES[self.table], named[0]).is_list else ""

    def _fits(self, field: str, one: _Candidate) -> bool:
        if field_column(TABLES[self.table], field).identity:
            return True
        return content.fits(self.table, field, self.sheet.rows[one.column], Reading(unit=one.unit))

    def _is_required(self, field: str) -> bool:
        return TABLES[self.table].model_fields[field].is_required()

    def _match(self, one: _Candidate, field: str, how: str = "header") -> None:
        self.matches.append(ColumnMatch(one.column, one.header, field, how, Reading(unit=one.unit)))
        self.taken.add(field)
        self.columns.add(one.column)

    def _leave(self, column: str, header: str, reason: str) -> None:
        self.ignored.append(Ignored(column, header, reason))
        self.columns.add(column)


def column_asked(asking: Asking, table: str, sheet: Sheet, header: str, field: str, options: tuple[str, ...]) -> str:
    """What a column is: a field of the table or LEAVE_OUT. field: what it looks like, empty when it is said and not seen."""
    params: dict[str, Any] = {"field": field} if field else {}
    return asking.decide("column", options, table=table, about=header, rows=sheet.rows.height, **params)


_Found = TypeVar("_Found", ColumnMatch, Ignored)


def in_order(found: Iterable[_Found]) -> tuple[_Found, ...]:
    """In the order of the columns."""
    return tuple(sorted(found, key=lambda one: int(one.column[1:])))

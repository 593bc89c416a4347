"""The fields that the headers of a sheet's columns name, one column at a time: the text, its group, and where these leave several
fields open, the values.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from functools import cached_property, lru_cache

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise import content, headers, times
from data.ingest.recognise.dates import days
from data.ingest.recognise.groups import NOT_OURS, field_under, own_text
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.synonyms import field_words
from data.ingest.recognise.values import parse
from data.ingest.recognise.whose import is_group_of_another, is_of_another
from data.model.records import TABLES
from data.model.schema import field_column

_MOST = 0.5
"""Share of values that must be readable for an ambiguous word to mean a field."""

_MOMENT, _SEVERAL = "(moment)", "(several)"
"""Instead of a field: a day with its time, and what may be of several fields."""

_ORDINAL = r"ensimmäinen|toinen|kolmas|neljäs|första|andra|tredje|fjärde|first|second|third|fourth"
_SERIES = re.compile(rf"^(?:\d{{1,2}}[.)]?\s+|(?:{_ORDINAL})\s+)|[\s_.#-]{{0,4}}\(?#?\d{{1,2}}\)?$", re.IGNORECASE)


@dataclass(frozen=True)
class Candidate:
    """A column whose header names a field. rank: the lower, the better it names it; below 0 when the steward says so."""

    column: str
    header: str
    rank: int
    unit: str | None = None
    series: str = ""
    """What is left of the header of a list's column without its number: `aihe` of `Aihe 2`."""


@dataclass
class Candidates:
    """What the headers of a sheet name: `named` by field; `foreign`, for somebody else, another time or a thing that the table
    does not follow; `several`, what may be of several fields, with these.
    """

    named: dict[str, list[Candidate]] = field(default_factory=dict)
    foreign: list[tuple[str, Candidate]] = field(default_factory=list)
    several: list[tuple[Candidate, tuple[str, ...]]] = field(default_factory=list)


class HeaderReader:
    """Reads the headers of one sheet as those of one table."""

    def __init__(self, table: str, sheet: Sheet) -> None:
        self.table = table
        self.sheet = sheet
        self.empty = {name for name in sheet.rows.columns if sheet.rows[name].null_count() == sheet.rows.height}

    def candidates(self, columns: Iterable[tuple[str, str]], taken: Collection[str]) -> Candidates:
        """The candidates of columns (`c0`, header); taken: fields that have a column already."""
        found = Candidates()
        moments: list[Candidate] = []
        for column, header in columns:
            named = self._named(column, header)
            if named is None:
                continue
            name, one = named
            if name == _MOMENT:
                moments.append(one)
            elif name == _SEVERAL:
                fields = headers.meanings(self.table, self.text(column, header)) or (times.LENGTH, times.HOUR)
                found.several.append((one, fields))
            elif name == NOT_OURS or self._is_of_another(column, header, name):
                meant = headers.field_of(self.table, self.text(column, header))
                found.foreign.append((name if name != NOT_OURS else meant[0] if meant else "", one))
            elif column not in self.empty:
                found.named.setdefault(name, []).append(one)
            elif one.rank != Rank.STAMP:
                # An empty column takes its field only when no other does, so that it is known to be recorded.
                found.named.setdefault(name, []).append(replace(one, rank=len(Rank) + one.rank))
        for one in moments:
            # A moment is the day, or beside a column of days its hour.
            known = [each for each in found.named.get("occurred_on", ()) if each.rank < Rank.STAMP]
            is_form_word = not headers.meanings(
                self.table, self.text(one.column, one.header)
            )  # `Aloitusaika`, not `Aika`
            if known and is_form_word and not self._same_days(one.column, known[0].column):
                one = replace(one, rank=Rank.STAMP)  # when a form was filled in, the hour of that is not the visit's
            has_day = "occurred_on" in taken or bool(known)
            found.named.setdefault("hour" if has_day else "occurred_on", []).append(one)
        return found

    def _same_days(self, moments: str, column: str) -> bool:
        """Most moments are of the day that stands in another column of their row."""
        pairs = self.sheet.rows.select(moments, column).drop_nulls().head(content.LOOKED_AT)
        read = zip(*(days(pairs[name].to_list()) for name in (moments, column)), strict=True)
        same = [first == second for first, second in read if not isinstance(second, Problem)]
        return same.count(True) >= _MOST * len(same)

    def text(self, column: str, header: str) -> str:
        """A column's own header, where that of its group has been put before it."""
        return own_text(self._group(column), header)

    def tells_hour(self, column: str, header: str) -> bool:
        """A column of moments whose header may mean an hour; where all are midnight, nobody has written the hour."""
        text = self.text(column, header)
        named = headers.field_of(self.table, text)
        if times.HOUR not in (*headers.meanings(self.table, text), *(named or ())):
            return False
        cells = self.sheet.rows[column]
        if times.told(cells) != times.MOMENT:
            return False
        return any(parse(self.table, times.HOUR, cells.drop_nulls().unique().head(content.LOOKED_AT).to_list()))

    def _named(self, column: str, header: str) -> tuple[str, Candidate] | None:
        """The field that a column's headers name, or what stands for several; None when they name none."""
        text = self.text(column, header)
        words = self._words(column, text)
        bare = Candidate(column, header, Rank.GENERAL, series=_series(self.table, text))
        if not words or words == text:
            if fields := headers.meanings(self.table, text):
                name = self._by_values(column, fields)
                return (name, bare) if name else None
            if under := field_under(self.table, self._group(column), text):
                return under, replace(bare, rank=Rank.SPECIFIC)
        named = headers.field_of(self.table, words) if words else None
        if named is None or words is None:
            return None
        one = replace(bare, rank=self._rank(named[0], words), unit=named[1])
        return self._checked_time(named[0], one, text) if named[0] in (times.HOUR, times.LENGTH) else (named[0], one)

    def _by_values(self, column: str, fields: tuple[str, ...]) -> str | None:
        """The field that the values of a column with an ambiguous header tell; None when they are of no such field."""
        cells = self.sheet.rows[column]
        if "occurred_on" in fields:
            told = times.told(cells)
            if told is None:
                return _SEVERAL if times.LENGTH in fields else None
            name = {times.MOMENT: _MOMENT, times.DAY: "occurred_on"}.get(told, told)
            return name if name in (*fields, _MOMENT) else None
        shares = {name: content.share_read(self.table, name, cells) for name in fields}
        best = [name for name in fields if shares[name] == max(shares.values()) and shares[name] >= _MOST]
        if len(fields) > 1 and len(best) != 1:
            return _SEVERAL
        return best[0] if best else None

    def _checked_time(self, name: str, one: Candidate, text: str) -> tuple[str, Candidate]:
        """An hour of the day whose values are lengths, and a length whose values are hours of the day, may be either."""
        told = times.told(self.sheet.rows[one.column])
        if name == times.HOUR and told == times.LENGTH:
            return _SEVERAL, one
        if name == times.HOUR and told == times.MOMENT:
            return _MOMENT, one
        if name == times.LENGTH and told == times.HOUR and headers.is_time_with_unit(self.table, text):
            return _SEVERAL, one
        # What a form writes by itself are moments, not hours.
        is_hour = name == told == times.HOUR and one.rank == Rank.STAMP
        return name, replace(one, rank=Rank.SPECIFIC) if is_hour else one

    def _rank(self, name: str, words: str) -> Rank:
        """The rank of a header; a field's name that is an ordinary word (`Language`) is exact in an export of our own alone."""
        rank = headers.rank_of(self.table, words)
        return Rank.GENERAL if rank == Rank.EXACT and "_" not in name and not self._is_own_export else rank

    @cached_property
    def _is_own_export(self) -> bool:
        return sum(text in TABLES[self.table].model_fields for text in self.sheet.header) * 2 >= len(self.sheet.header)

    def _words(self, column: str, text: str) -> str | None:
        """The text that names a column's field: with the header of its group, alone, or without its number in a list."""
        group = self._group(column)
        texts: tuple[str, ...] = (f"{group} {text}", f"{group}{text}", text) if group else (text,)
        for one in (*texts, _series(self.table, text)):
            if one and headers.field_of(self.table, one):
                return one
        return None

    def _is_of_another(self, column: str, header: str, name: str) -> bool:
        """By its own header, or that of its group; where a group ends cannot be seen, so its later columns may be outside it."""
        group = self._group(column)
        if is_group_of_another(group):
            index = int(column[1:])
            is_first = index == 0 or self.sheet.groups[index - 1] != group
            others = [self.text(f"c{place}", text) for place, text in enumerate(self.sheet.header) if place != index]
            rivals = any((headers.field_of(self.table, text) or ("",))[0] == name for text in others)
            return is_first or rivals or not TABLES[self.table].model_fields[name].is_required()
        return is_of_another(header) and normalise(header) not in field_words(self.table)

    def _group(self, column: str) -> str:
        return self.sheet.groups[int(column[1:])] if self.sheet.groups else ""


@lru_cache(maxsize=4_096)
def _series(table: str, header: str) -> str:
    """The header of one of several columns of a list without its number; empty when it names no list."""
    bare = normalise(_SERIES.sub("", header))
    named = headers.field_of(table, bare) if bare else None
    return bare if named and field_column(TABLES[table], named[0]).is_list else ""

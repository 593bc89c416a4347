"""One column per code of a field, with a mark where it applies: `Työ | Asuminen | Kela`, `Kieli: arabia | Kieli: somali`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import polars as pl

from data.codes import code_list, normalise
from data.ingest.recognise import content, headers, other_texts
from data.ingest.recognise.asking import LEAVE_OUT, OTHER, Asking
from data.ingest.recognise.heads import counted
from data.ingest.recognise.naming import BESIDE
from data.ingest.recognise.recognised import ColumnMatch, Ignored, Recognised
from data.ingest.recognise.totals import certain_totals
from data.ingest.recognise.whose import is_group_of_another, is_of_another
from data.model.records import TABLES
from data.model.schema import Column, field_column

_SHORTEST = 3
"""Letters of a language's name; a shorter header may be an abbreviation of anything."""


def by_marks(
    found: Recognised, unknown: Sequence[Ignored], asking: Asking
) -> tuple[list[ColumnMatch], set[str]]:  # fmt: skip
    """New matches, and columns that the steward leaves out."""
    marking = _Marking(found, unknown, asking)
    marking.lists()
    marking.single_values()
    marking.beside()
    return marking.matches, marking.asked


@dataclass(frozen=True)
class _Claim:
    """Columns of marks for one field. is_named: a prefix or a header above them names it."""

    field: str
    columns: tuple[ColumnMatch, ...]
    is_named: bool = False


class _Marking:
    """Gathers the columns of marks of one sheet, field by field."""

    def __init__(self, found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> None:
        self.found = found
        self.unknown = unknown
        self.asking = asking
        self.model = TABLES[found.table]
        self.taken = {match.field for match in found.columns}
        self.matches: list[ColumnMatch] = []
        self.asked: set[str] = set()
        self.fields: list[list[ColumnMatch]] = []
        """The columns of every field that has been found, for those beside them."""

    @cached_property
    def rows(self) -> pl.DataFrame:
        """The rows without totals: numbers under marks are their sum. Looked for only where a header is a code."""
        rows, totals = self.found.sheet.rows, certain_totals(self.found)
        return rows.filter(~pl.any_horizontal(totals).fill_null(value=False)) if totals else rows

    def lists(self) -> None:
        """Fields of several codes: topics, services that were present."""
        for name, list_name in content.list_fields(self.found.table):
            if name in self.taken:
                continue
            marked = self._touching(
                [
                    ColumnMatch(item.column, item.header, name, "mark", mark=code)
                    for item in self._open()
                    if not _is_prefix_of_another(self.found, item) and (code := self._code(list_name, item))
                ]
            )
            if len(marked) > 1:
                self._take([*marked, *other_texts.beside_marks(self.found, marked, self._open())])

    def single_values(self) -> None:
        """Fields of one code, as long as no row has two marks; asked where it has, and where the field is not clear."""
        names = [
            column.field
            for column in (field_column(self.model, name) for name in self.model.model_fields)
            if column.code_list and not column.is_list
        ]
        while claims := [claim for name in names if (claim := self._claim(name))]:
            best = max(claims, key=lambda claim: len(claim.columns))  # the first of equals
            rivals = [claim for claim in claims if claim.columns and _same_columns(claim, best)]
            self._decide(best, rivals)

    def beside(self) -> None:
        """Columns of marks beside those of a field, with a header that is none of its codes: asked what the mark means."""
        for marked in self.fields:
            column = field_column(self.model, marked[0].field)
            codes = code_list(column.code_list or "")
            first = OTHER if OTHER in codes and column.is_list else LEAVE_OUT
            rest = (*(code for code in codes.ids if code not in (first, codes.unknown)), LEAVE_OUT)
            for item in self._beside(marked):
                if codes.unknown and codes.find(item.header) == codes.unknown:
                    match = ColumnMatch(item.column, item.header, column.field, "mark", mark=codes.unknown)
                    self.matches.append(match)
                    continue
                answer = self.asking.decide(
                    "mark", tuple(dict.fromkeys((first, *rest))), table=self.found.table, about=item.header,
                    rows=self.rows[item.column].drop_nulls().len(), list_name=column.code_list, field=column.field,
                )  # fmt: skip
                if answer == LEAVE_OUT:
                    self.asked.add(item.column)
                else:
                    self.matches.append(ColumnMatch(item.column, item.header, column.field, "mark", mark=answer))

    def _open(self) -> list[Ignored]:
        done = {match.column for match in self.matches} | self.asked
        return [item for item in self.unknown if item.column not in done]

    def _code(self, list_name: str, item: Ignored) -> str | None:
        code = content.code_in(list_name, item.header)
        return code if code and content.are_marks(list_name, code, self.rows[item.column]) else None

    def _take(self, marked: list[ColumnMatch]) -> None:
        self.matches += marked
        self.fields.append(marked)
        self.taken.add(marked[0].field)

    def _claim(self, name: str) -> _Claim | None:
        """The open columns of marks for a field of one code, two or more."""
        column = field_column(self.model, name)
        marked, named = [], []
        for item in self._open():
            if _is_prefix_of_another(self.found, item):
                continue
            code = self._code(column.code_list or "", item)
            said = self._said(item, column)
            if code is None or (said and said != name) or (not said and not self._may_be_unsaid(column, item)):
                continue
            marked.append(ColumnMatch(item.column, item.header, name, "mark", mark=code))
            named.append(bool(said))
        marked = marked if all(named) else self._touching(marked)
        if name in self.taken or len({match.mark for match in marked}) < 2:
            return None
        is_empty = all(self.rows[match.column].null_count() == self.rows.height for match in marked)
        if is_empty or self._are_counts(marked):  # columns of telephone numbers may well be empty
            return None
        return _Claim(name, tuple(marked), is_named=all(named))

    def _said(self, item: Ignored, column: Column) -> str | None:
        """The field that stands before the code or above it; beside a column of that field's own, the one that it means then."""
        is_code = code_list(column.code_list or "").find(item.header) is not None
        for text in ("" if is_code else _prefix(item.header), _group(self.found, item.column)):
            named = headers.field_of(self.found.table, text) if text else None
            if named:
                beside = BESIDE.get((self.found.table, named[0]))
                return beside if beside and named[0] in self.taken else named[0]
        return None

    def _may_be_unsaid(self, column: Column, item: Ignored) -> bool:
        """What a record must have is never guessed by codes alone."""
        return not column.required and (column.code_list != "language" or len(normalise(item.header)) >= _SHORTEST)

    def _are_counts(self, marked: Sequence[ColumnMatch]) -> bool:
        """Numbers of people or of encounters, of which 1 is one."""
        counts = {header for one in counted(self.found) for header in one.headers}
        return any(match.header in counts for match in marked)

    def _decide(self, best: _Claim, rivals: Sequence[_Claim]) -> None:
        options = tuple(claim.field for claim in rivals)
        several = self._rows_with_several(best.columns)
        column = field_column(self.model, best.field)
        sharing = [
            name
            for name in self.model.model_fields
            if (other := field_column(self.model, name)).code_list == column.code_list and not other.is_list
        ]
        # Two fields of one list: the first unless it has a column of its own.
        is_clear = best.is_named or (
            {field_column(self.model, name).code_list for name in options} == {column.code_list}
            and sharing[0] == best.field
        )
        field: str = best.field
        if several or not is_clear:
            names = ", ".join(match.header for match in best.columns)
            offered = (LEAVE_OUT, best.field) if best.is_named else (LEAVE_OUT, *options)
            field = self.asking.decide(
                "marks", offered, table=self.found.table, about=names, rows=self.rows.height, several=several
            )
        if field == LEAVE_OUT:
            self.asked |= {match.column for match in best.columns}
        else:
            chosen = next(claim for claim in (best, *rivals) if claim.field == field)
            self._take(list(chosen.columns))

    def _rows_with_several(self, marked: Sequence[ColumnMatch]) -> int:
        flags: dict[str, pl.Series] = {}
        for match in marked:
            column = field_column(self.model, match.field)
            cells, mark = self.rows[match.column], match.mark or ""
            texts = [
                text for text in cells.drop_nulls().unique() if content.is_mark(column.code_list or "", mark, text)
            ]
            flag = cells.is_in(texts).fill_null(value=False)
            flags[mark] = flags[mark] | flag if mark in flags else flag
        return int((pl.DataFrame(flags).sum_horizontal() > 1).sum())

    def _touching(self, marked: list[ColumnMatch]) -> list[ColumnMatch]:
        """Without a bare `Muu` that stands apart from the others: it may be of another field."""
        places = {int(match.column[1:]) for match in marked if match.mark != OTHER}
        for match in sorted(marked, key=lambda one: int(one.column[1:])):
            place = int(match.column[1:])
            near = {place - 1, place + 1} & places
            if near or _prefix(match.header) or _group(self.found, match.column):
                places.add(place)
        return [match for match in marked if int(match.column[1:]) in places]

    def _beside(self, marked: Sequence[ColumnMatch]) -> list[Ignored]:
        """Columns that stand among those of marks, or next to them, or share their group."""
        places = {int(match.column[1:]) for match in marked}
        groups = {_group(self.found, match.column) for match in marked} - {""}
        prefixes = {_prefix(match.header) for match in marked} - {""}
        bare = {
            int(item.column[1:]): item for item in self._open() if content.only_marks(self.rows[item.column])
        }  # fmt: skip
        near: set[int] = set()
        for place in sorted(places):
            for step in (1, -1):
                at = place + step
                while at in bare:
                    near.add(at)
                    at += step
        return [
            item
            for place, item in sorted(bare.items())
            if _group(self.found, item.column) in groups
            or _prefix(item.header) in prefixes
            or (not groups and not prefixes and (place in near or min(places) < place < max(places)))
        ]


def _same_columns(one: _Claim, other: _Claim) -> bool:
    return bool({match.column for match in one.columns} & {match.column for match in other.columns})


def _is_prefix_of_another(found: Recognised, item: Ignored) -> bool:
    return is_of_another(_prefix(item.header)) or is_group_of_another(_group(found, item.column))


def _group(found: Recognised, column: str) -> str:
    return found.sheet.groups[int(column[1:])] if found.sheet.groups else ""


def _prefix(header: str) -> str:
    """What stands before the label of a code: `aihe` of `Aihe: Työ` and of `Aihe [Työ]`."""
    for joint in (":", "[", "(", " - ", " – ", "?", "/", "_"):
        if joint in header:
            return normalise(header.partition(joint)[0])
    return ""

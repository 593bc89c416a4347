"""Columns of unknown header that their values give away; asked about where the evidence is thin."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from data.ingest.recognise import content, headers, other_texts
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.client_codes import by_clients
from data.ingest.recognise.column_questions import column_asked
from data.ingest.recognise.day_columns import by_calendar, by_days
from data.ingest.recognise.headers import Rank
from data.ingest.recognise.marked import by_marks
from data.ingest.recognise.naming import in_order
from data.ingest.recognise.numbering import by_number
from data.ingest.recognise.recognised import ColumnMatch, Ignored, Recognised
from data.ingest.recognise.whose import is_group_of_another, is_of_another
from data.model.records import TABLES

_FEW = 3
"""Distinct values from which a column without a known header is recognised unasked."""

_OPEN = frozenset({"unknown_header", "empty_column"})
"""Reasons for which a left-out column may still be recognised."""
_OPEN_TO_CODES = frozenset({"field_taken", "names"})
"""Those for which it may still hold codes of clients: beside the rows' own numbers, or under a word for people."""


def by_contents(found: Recognised, asking: Asking) -> Recognised:
    """The sheet with the columns that their values give away."""
    for guess in (by_calendar, _by_phrase, _by_ending, by_marks, _by_values, _by_days, by_number, by_clients):
        is_open = _OPEN | _OPEN_TO_CODES if guess is by_clients else _OPEN
        new, asked = guess(found, [item for item in found.ignored if item.reason in is_open], asking)
        kept = {match.column for match in new}
        found = replace(
            found,
            columns=in_order((*found.columns, *new)),
            ignored=tuple(
                replace(item, reason="unsure") if item.column in asked else item
                for item in found.ignored
                if item.column not in kept
            ),
        )
    return other_texts.with_other_texts(found)


_Guesses = tuple[list[ColumnMatch], set[str]]
"""New matches, and columns that the steward leaves out."""


def _by_phrase(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> _Guesses:
    """A long header with one field's synonym inside, when the values fit that field."""
    taken = {match.field for match in found.columns}
    likely: dict[str, list[tuple[Ignored, bool]]] = {}
    for item in unknown:
        phrase = headers.phrase_in(found.table, item.header)
        if phrase is None or phrase[0] in taken or other_texts.label(item.header):
            continue
        cells = found.sheet.rows[item.column]
        if content.fits(found.table, phrase[0], cells):
            sure = phrase[1] <= Rank.SPECIFIC and not _is_of_another(found, item)
            is_thin = content.distinct(cells) < 2 or not content.all_fit(found.table, phrase[0], cells)
            likely.setdefault(phrase[0], []).append((item, sure and not is_thin))
    matches: list[ColumnMatch] = []
    asked: set[str] = set()
    for field, those in likely.items():
        is_required = TABLES[found.table].model_fields[field].is_required()
        if len(those) == 1 and those[0][1]:
            matches.append(ColumnMatch(those[0][0].column, those[0][0].header, field, "phrase"))
            continue
        for item, _ in those:
            foreign = _is_of_another(found, item)
            options = (field, LEAVE_OUT) if is_required and len(those) == 1 and not foreign else (LEAVE_OUT, field)
            answer = column_asked(asking, found.table, found.sheet, item.header, field, options)
            if answer == field and field not in {match.field for match in matches}:
                matches.append(ColumnMatch(item.column, item.header, field, "phrase"))
            else:
                asked.add(item.column)
    return matches, asked


def _by_ending(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> _Guesses:
    """A header with a word that ends in a field's general one (`Puhekieli`, `Kotoutumiskunta`), over values that fit: asked."""
    taken = {match.field for match in found.columns}
    matches: list[ColumnMatch] = []
    asked: set[str] = set()
    for item in unknown:
        field = headers.field_of_ending(found.table, item.header)
        if field is None or field in taken or _is_of_another(found, item) or other_texts.label(item.header):
            continue
        if not content.fits(found.table, field, found.sheet.rows[item.column]):
            continue
        if column_asked(asking, found.table, found.sheet, item.header, field, (LEAVE_OUT, field)) == field:
            matches.append(ColumnMatch(item.column, item.header, field, "phrase"))
            taken.add(field)
        else:
            asked.add(item.column)
    return matches, asked


def _by_values(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> _Guesses:
    """A column of unknown header whose values are unmistakably those of one field that has no column."""
    taken = {match.field for match in found.columns}
    if not taken & {name for name, info in TABLES[found.table].model_fields.items() if info.is_required()}:
        return [], set()
    guesses = [
        (item, name)
        for item in unknown
        if (name := content.unmistakable(found.table, taken, found.sheet.rows[item.column]))
    ]
    names = [name for _, name in guesses]
    matches: list[ColumnMatch] = []
    asked: set[str] = set()
    for item, name in guesses:
        if names.count(name) > 1:
            continue
        is_thin = content.distinct(found.sheet.rows[item.column]) < _FEW or _is_of_another(found, item)
        if is_thin:
            options = (LEAVE_OUT, name)
            if column_asked(asking, found.table, found.sheet, item.header, name, options) == LEAVE_OUT:
                asked.add(item.column)
                continue
        matches.append(ColumnMatch(item.column, item.header, name, "values"))
    return matches, asked


def _by_days(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> _Guesses:
    return by_days(found, [item for item in unknown if not _is_of_another(found, item)], asking)


def _is_of_another(found: Recognised, item: Ignored) -> bool:
    return is_of_another(item.header) or is_group_of_another(_group(found, item.column))


def _group(found: Recognised, column: str) -> str:
    return found.sheet.groups[int(column[1:])] if found.sheet.groups else ""

"""The day of a visit under a header that names none: a column that holds days and nothing else, never taken unasked."""

from __future__ import annotations

from collections.abc import Sequence

from data.ingest.recognise import times
from data.ingest.recognise.asking import LEAVE_OUT, Asking
from data.ingest.recognise.column_questions import column_asked, columns_asked
from data.ingest.recognise.recognised import ColumnMatch, Ignored, Recognised, missing_fields
from data.ingest.recognise.spans import is_calendar_day

_TABLE, _DAY = "encounter", "occurred_on"
"""Other tables have several days of different meanings, of which nobody can be asked by the values alone."""


def by_calendar(
    found: Recognised,
    unknown: Sequence[Ignored],
    asking: Asking,
) -> tuple[list[ColumnMatch], set[str]]:
    """The first day of the events of a calendar, which is the day of the visit."""
    if found.table != _TABLE or found.of_field(_DAY):
        return [], set()
    days = [item for item in unknown if is_calendar_day(found.sheet, item.header)]
    if len(days) != 1 or times.told(found.sheet.rows[days[0].column]) not in (times.DAY, times.MOMENT):
        return [], set()
    return [ColumnMatch(days[0].column, days[0].header, _DAY, "header")], set()


def by_days(found: Recognised, unknown: Sequence[Ignored], asking: Asking) -> tuple[list[ColumnMatch], set[str]]:
    """Of a sheet that lacks nothing but the day of the visit the column that the steward says it is, and those that it is not.

    One column of days is likely the day; of several, the fullest first, none is until there is an answer.
    """
    if found.table != _TABLE or missing_fields(found) != (_DAY,) or _is_asked(asking):
        return [], set()
    rows = found.sheet.rows
    those = [item for item in unknown if times.told(rows[item.column]) in (times.DAY, times.MOMENT)]
    if not those:
        return [], set()
    if len(those) == 1:
        is_day = column_asked(asking, _TABLE, found.sheet, those[0].header, _DAY, (_DAY, LEAVE_OUT)) == _DAY
        chosen = those if is_day else []
    else:
        those.sort(key=lambda item: rows[item.column].null_count())
        answer = columns_asked(asking, _TABLE, found.sheet, _DAY, [item.header for item in those])
        chosen = [item for item in those if item.header == answer]
    matches = [ColumnMatch(item.column, item.header, _DAY, "values") for item in chosen]
    return matches, {item.column for item in those if item not in chosen}


def _is_asked(asking: Asking) -> bool:
    """Columns that name the day better have been asked about."""
    return any(one.question.kind == "columns" and one.question.about == _DAY for one in asking.decisions)

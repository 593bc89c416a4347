"""Lengths of visits by their beginning and end: two columns (`Alkoi`, `Päättyi`), or both in one cell (`klo 9.00–9.45`), where no
column tells the length itself.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime

import polars as pl

from data.codes import normalise
from data.ingest.readers import Sheet
from data.ingest.recognise.date_order import Order
from data.ingest.recognise.dates import moment, order_of
from data.ingest.recognise.durations import clock_minute, span_minutes
from data.ingest.recognise.recognised import WITH_ANOTHER, ColumnMatch, Recognised
from data.ingest.recognise.row_words import times_said, words
from data.model.records import TABLES

LENGTH = "minutes"
_DAY_PART = re.compile(r"0[.,]\d+")
_BARE = r"^(?:\d|[01]\d|2[0-3])[0-5]\d$"
_FULL_HOUR = r"^(?:\d|[01]\d|2[0-3])$"
_MOST = 0.5
"""Share of cells that must hold a beginning and an end for a column to tell lengths."""


def with_lengths(found: Recognised) -> Recognised:
    """The sheet with the lengths that beginnings and ends make, if its table has lengths and no column of it tells them."""
    if LENGTH not in TABLES[found.table].model_fields or found.of_field(LENGTH):
        return found
    pair = _pair(found)
    if pair is None:
        return _of_one_cell(found)
    start, end = pair
    rows = found.sheet.rows
    lengths = _apart(*_as_clocks(rows[start], rows[end]))
    read = {start}
    if days := _days(found):
        read.add(days[1])
        first, last = (pl.col(one) for one in days)
        is_longer = (first != last).fill_null(value=False)
        until = pl.concat_str(first, pl.lit(" – "), last)  # no length, and told as such
        lengths = rows.with_columns(lengths).select(pl.when(is_longer).then(until).otherwise("length").alias("length"))[
            "length"
        ]
    match = ColumnMatch(end, found.sheet.header[int(end[1:])], LENGTH, "times")
    columns = tuple(sorted((*found.columns, match), key=lambda one: int(one.column[1:])))
    ignored = tuple(
        replace(item, reason=WITH_ANOTHER) if item.column in read else item
        for item in found.ignored
        if item.column != end
    )
    sheet = replace(found.sheet, rows=rows.with_columns(lengths.alias(end)))
    return replace(found, sheet=sheet, columns=columns, ignored=ignored)


def _pair(found: Recognised) -> tuple[str, str] | None:
    """The columns of beginnings and ends; None when there is not one of each, or the end is of something else."""
    taken = {match.column for match in found.columns if match.field not in ("hour", TABLES[found.table].day)}
    starts, ends = (
        [
            f"c{place}"
            for place, header in enumerate(found.sheet.header)
            if _says(header, name) and f"c{place}" not in taken
        ]
        for name in ("starts", "ends")
    )
    left_out = {item.column for item in found.ignored}
    return (starts[0], ends[0]) if len(starts) == len(ends) == 1 and ends[0] in left_out else None


def _days(found: Recognised) -> tuple[str, str] | None:
    """The columns of the first and the last day of a visit, as calendars have them; None where there is no last day."""
    days = found.of_field(TABLES[found.table].day or "")
    ends = [f"c{place}" for place, header in enumerate(found.sheet.header) if _says(header, "end_days")]
    return (days[0].column, ends[0]) if len(days) == len(ends) == 1 and days[0].column != ends[0] else None


def is_calendar_day(sheet: Sheet, header: str) -> bool:
    """The header says that events begin on the day, in a sheet with the times of their beginning and end: a calendar's."""
    has_times = all(any(_says(text, name) for text in sheet.header) for name in ("starts", "ends"))
    return has_times and _says(header, "start_days")


def _says(header: str, name: str) -> bool:
    return 1 in times_said(normalise(header), words("lengths", name), words("lengths", "beside"))


def _of_one_cell(found: Recognised) -> Recognised:
    """The sheet whose column of days or hours tells the ends as well."""
    for match in found.columns:
        if match.field not in ("hour", TABLES[found.table].day) or match.mark:
            continue
        texts = found.sheet.texts(match.column).drop_nulls()
        spans = sum(span_minutes(text) is not None for text in texts.head(1_000))
        if spans and spans >= _MOST * min(texts.len(), 1_000):
            return replace(found, columns=(*found.columns, replace(match, field=LENGTH, how="times")))
    return found


def _as_clocks(starts: pl.Series, ends: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The two columns with colons in clock times that are written without (`900`, `1415`), where all their numbers are such times
    and most visits end after they have begun.
    """
    bare = [cells.str.contains(_BARE).fill_null(value=False) for cells in (starts, ends)]
    if not any(one.any() for one in bare):
        return starts, ends
    if not all(cells.drop_nulls().str.contains(f"{_BARE}|{_FULL_HOUR}").all() for cells in (starts, ends)):
        return starts, ends
    first, last = (_four_digits(cells) for cells in (starts, ends))
    is_after = (last > first).drop_nulls()
    if is_after.is_empty() or int(is_after.sum()) < _MOST * is_after.len():
        return starts, ends
    return _with_colon(first), _with_colon(last)


def _four_digits(cells: pl.Series) -> pl.Series:
    """`900` and `9` as `0900`."""
    text = pl.col("text")
    whole = pl.when(text.str.len_bytes() <= 2).then(text + "00").otherwise(text)
    return pl.DataFrame({"text": cells}).select(whole.str.zfill(4))["text"]


def _with_colon(cells: pl.Series) -> pl.Series:
    return cells.str.head(2) + ":" + cells.str.tail(2)


def _apart(starts: pl.Series, ends: pl.Series) -> pl.Series:
    """For each row the minutes between its two times as a text; nothing where one of them is missing."""
    both = pl.DataFrame({"start": starts, "end": ends})
    pairs = both.drop_nulls().unique(maintain_order=True)
    order = order_of([*pairs["start"].unique(), *pairs["end"].unique()])
    is_part = all(_DAY_PART.fullmatch(text) for pair in pairs.iter_rows() for text in pair)
    read = ((_clock(start), _clock(end)) if is_part else (start, end) for start, end in pairs.iter_rows())
    lengths = [_between(start, end, order) for start, end in read]
    told = pairs.with_columns(pl.Series("length", lengths, dtype=pl.String))
    return both.join(told, on=["start", "end"], how="left", maintain_order="left")["length"]


def _between(start: str, end: str, order: Order) -> str:
    """The two times as one text that the field reads."""
    first, last = (
        minute if (minute := clock_minute(text)) is not None else moment(text, order) for text in (start, end)
    )
    if first is None or last is None:
        return f"{start} – {end}"
    days = isinstance(first, datetime) and isinstance(last, datetime) and first.date() != last.date()
    return "–".join(_written(one, with_day=days) for one in (first, last))


def _clock(part: str) -> str:
    """The time of a part of a day, as a spreadsheet keeps it: `0.375` is 9:00."""
    minute = round(float(part.replace(",", ".")) * 24 * 60)
    return f"{minute // 60}:{minute % 60:02}"


def _written(one: datetime | int, *, with_day: bool) -> str:
    if isinstance(one, int):
        return f"{one // 60}:{one % 60:02}"
    return f"{one:%Y-%m-%d %H:%M}" if with_day else f"{one:%H:%M}"

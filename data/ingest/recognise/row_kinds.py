"""Rows of encounters and referrals that were none or several: cancelled visits, head counts, counts per row; asked once."""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data.ingest.readers import FileRefused
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.cancelled import without_cancelled
from data.ingest.recognise.heads import CHANNELS, COUNTS, Counted, counted
from data.ingest.recognise.recognised import ColumnMatch, Recognised
from data.ingest.recognise.slots import without_open_slots
from data.model.identifiers import LONGEST_IDENTIFIER
from data.model.records import TABLES

ONE, EACH, WITHIN = "one", "each", "within"
"""Answers: a row is one encounter whatever its number; or as many as it says; or as it says without the last of the columns."""

MOST_ENCOUNTERS = 5_000_000
"""Encounters that the numbers of one sheet may add up to; more is no count of visits."""

_MOST_BEFORE = 100
"""People that a numbered row may have stood for before it was cancelled, whatever it says now."""

_OF_THE_CLIENT = ("sex", "age_band", "arrived_on")
"""What a row with a client's number says of that client alone, and not of the others it counts."""


def with_row_kinds(found: Recognised, asking: Asking) -> Recognised:
    """The sheet without cancelled visits, and with as many rows as its numbers say, as the steward answers."""
    if found.table == "encounter":
        found = without_open_slots(without_cancelled(found, asking), asking)
    return _as_many_rows(found, asking) if found.table in ("encounter", "referral") else found


def _as_many_rows(found: Recognised, asking: Asking) -> Recognised:
    """Every row as often as the first of its numbers says that the steward counts by."""
    for one in counted(found):
        total = int(one.numbers.clip(0).fill_null(1).sum())
        answer = asking.decide(
            one.kind, _options(found, one), table=found.table, about=", ".join(one.headers),
            rows=found.sheet.rows.height, total=total, unread=one.unread,
        )  # fmt: skip
        if answer == ONE:
            continue
        numbers = one.without_last if answer == WITHIN and one.without_last is not None else one.numbers
        if total > MOST_ENCOUNTERS:
            raise FileRefused(found.sheet.file, "too_many_encounters", most=MOST_ENCOUNTERS)
        return _counted_by(found, one, numbers.fill_null(1))
    return found


def _options(found: Recognised, one: Counted) -> tuple[str, ...]:
    """The safe default first: a row is one encounter, but numbers of encounters without anybody's number are what they say."""
    has_ids = bool(found.of_field(_own_number(found)) or found.of_field("client_id"))
    options = (EACH, ONE) if one.kind in (COUNTS, CHANNELS) and not has_ids else (ONE, EACH)
    return options if one.without_last is None else (*options, WITHIN)


def _counted_by(found: Recognised, one: Counted, numbers: pl.Series) -> Recognised:
    notes = [f"counted_by:{', '.join(one.headers)}"] + ([f"counted_as_one:{one.unread}"] if one.unread else [])
    if one.channels:
        found = _with_channels(found, one)
    is_nobody = numbers < 1
    if is_nobody.any():
        found = found.leaving_out("nobody", is_nobody)
        numbers = numbers.filter(~is_nobody)
    rows = _repeated(found, found.sheet.rows, numbers)
    sheet = replace(found.sheet, rows=rows, notes=(*found.sheet.notes, *notes))
    return replace(found, sheet=sheet, withdrawn=_all_of_them(found, one))


def _with_channels(found: Recognised, one: Counted) -> Recognised:
    """The sheet with a column of its own for the channels of each row's encounters, in the order of their columns."""
    rows = found.sheet.rows
    name, header = f"c{len(found.sheet.header)}", ", ".join(one.headers)
    sheet = replace(
        found.sheet,
        rows=rows.with_columns(_channels(one).alias(name)),
        header=(*found.sheet.header, header),
        groups=(*found.sheet.groups, "") if found.sheet.groups else (),
    )
    withdrawn = found.withdrawn
    if withdrawn is not None:
        again = next((other for other in counted(replace(found, sheet=replace(found.sheet, rows=withdrawn)))
                      if other.headers == one.headers), None)  # fmt: skip
        theirs = _channels(again) if again else pl.Series([None] * withdrawn.height, dtype=pl.List(pl.String))
        withdrawn = withdrawn.with_columns(theirs.alias(name))
    match = ColumnMatch(name, header, "channel", "counts")
    return replace(found, sheet=sheet, withdrawn=withdrawn, columns=(*found.columns, match))


def _channels(one: Counted) -> pl.Series:
    frame = pl.DataFrame(
        [numbers.clip(0).fill_null(0).alias(str(place)) for place, (_, numbers) in enumerate(one.channels)]
    )
    listed = [pl.lit(code).repeat_by(pl.col(str(place))) for place, (code, _) in enumerate(one.channels)]
    return frame.select(pl.concat_list(listed).alias("channels"))["channels"]


def _all_of_them(found: Recognised, one: Counted) -> pl.DataFrame | None:
    """The rows that are no encounters as often as they were before: a cancelled group leaves the store with all its people."""
    if found.withdrawn is None:
        return None
    again = replace(found, sheet=replace(found.sheet, rows=found.withdrawn))
    if one.channels:  # the channel has a column of its own by now
        again = replace(again, columns=tuple(match for match in again.columns if match.how != "counts"))
    same = next((other.numbers for other in counted(again) if other.headers == one.headers), None)
    least = _MOST_BEFORE if found.of_field(_own_number(found)) else 1
    numbers = same if same is not None else pl.repeat(1, found.withdrawn.height, dtype=pl.Int64, eager=True)
    return _repeated(found, found.withdrawn, numbers.fill_null(1).clip(least))


def _repeated(found: Recognised, rows: pl.DataFrame, numbers: pl.Series) -> pl.DataFrame:
    """Every row as often as it says. Only the first is the client's whose number stands on the row; the others are nobody's."""
    rows = rows.with_columns(numbers.alias("_n"))
    rows = rows.with_columns(pl.int_ranges("_n").alias("_place")).explode("_place")
    later = pl.col("_place") > 0
    for name in (match.column for match in found.columns if match.how == "counts"):
        rows = rows.with_columns(pl.col(name).list.get(pl.col("_place"), null_on_oob=True))
    own = [match.column for match in found.of_field(_own_number(found))]
    clients = [match.column for match in found.of_field("client_id")]
    changed = [pl.when(later).then(None).otherwise(pl.col(name)).alias(name) for name in clients]
    if clients:
        is_another = later & pl.any_horizontal(pl.col(name).is_not_null() for name in clients)
        theirs = [match.column for name in _OF_THE_CLIENT for match in found.of_field(name)]
        changed += [pl.when(is_another).then(None).otherwise(pl.col(name)).alias(name) for name in theirs]
    if own:
        numbered = pl.concat_str(pl.col(own[0]), pl.lit(" ("), pl.col("_place") + 1, pl.lit(")"))
        changed.append(
            pl.when(later).then(numbered.str.tail(LONGEST_IDENTIFIER)).otherwise(pl.col(own[0])).alias(own[0])
        )
    return rows.with_columns(changed).drop("_n", "_place")


def _own_number(found: Recognised) -> str:
    return TABLES[found.table].own_number or ""

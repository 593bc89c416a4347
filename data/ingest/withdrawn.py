"""Records that leave the store because a later file says that they were none: visits cancelled after they were counted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import duckdb
import polars as pl

from data.coverage.sources import Source
from data.ingest.checking import Checked, check
from data.ingest.pseudonyms import key, numbered_records
from data.ingest.recognise.asking import Asking
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.values import parse
from data.model.identifiers import identifiers
from data.model.records import TABLES
from data.model.schema import field_column
from data.store.keys import Keys


def withdrawn_records(
    checked: Checked, kept: pl.Series, source: Source, keys: Keys, places: Mapping[str, str], asking: Asking
) -> pl.Series:
    """Record keys that the left-out rows of a sheet would have, and that none of its good rows (`kept`) has.

    By their own numbers where the source has them, whatever else the rows still say; else by their content.
    """
    found = checked.recognised
    none = pl.Series("record", [], pl.UInt64)
    if found.withdrawn is None or found.withdrawn.is_empty():
        return none
    own = found.of_field(TABLES[found.table].own_number or "")
    rows = found.withdrawn
    records = [none]
    if own and source.is_one_series:
        numbers = identifiers(rows[own[0].column])
        records.append(numbered_records(numbers.drop_nulls(), keys, source, found.table))
        rows = rows.filter(numbers.is_null())
    if rows.height:
        # Rows of equal content are told apart by their order, so those that stay are keyed with them.
        every = pl.concat([found.sheet.rows, rows]).sort("row", maintain_order=True)
        full = replace(found, sheet=replace(found.sheet, rows=every, broken=()), withdrawn=None)
        records.append(key(check(full, places, asking.apart()), keys, source).keyed.frame["record"])
    every_record = pl.concat([one.cast(pl.UInt64).alias("record") for one in records]).unique()
    return every_record.filter(~every_record.is_in(kept.implode()))


def explained(
    connection: duckdb.DuckDBPyConnection, gone: pl.Series, checked: Checked, matched: int
) -> bool:  # fmt: skip
    """Whether rows of the store that a file no longer has are those it has left out: no more of them on any day than it left out,
    and no more in all than those that were not found by their keys (all but `matched`). So it is where a row without a number
    was given another topic, `cancelled`, instead of its own.
    """
    found = checked.recognised
    model = TABLES[found.table]
    if found.withdrawn is None or model.day is None or gone.len() > found.withdrawn.height - matched:
        return False
    match = found.of_field(model.day)
    if not match or found.of_field(model.own_number or ""):
        return False
    texts = found.withdrawn[match[0].column].drop_nulls()
    unique = texts.unique()
    reading = next(one.reading for one in found.columns if one.field == model.day)
    days = {
        text: day
        for text, day in zip(unique, parse(found.table, model.day, unique.to_list(), reading), strict=True)
        if not isinstance(day, Problem)
    }
    left_out = pl.Series([days.get(text) for text in texts], dtype=pl.Date).value_counts(name="rows")
    connection.register("gone", pl.DataFrame({"record": gone}))
    connection.register("left_out", left_out.rename({left_out.columns[0]: "day"}))
    try:
        column = field_column(model, model.day).name
        theirs = (
            f'SELECT "{column}" AS day, count(*) AS n FROM {found.table} SEMI JOIN gone USING (record) GROUP BY day'
        )
        more = connection.execute(
            f"SELECT count(*) FROM ({theirs}) LEFT JOIN left_out USING (day) WHERE n > coalesce(rows, 0)"
        ).fetchall()[0][0]
    finally:
        connection.unregister("gone")
        connection.unregister("left_out")
    return not more

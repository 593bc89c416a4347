"""Rows of one file with the same key: joined where only their lists differ, the newest where only how far it has got differs,
counted where they are equal, else all rejected.
"""

from __future__ import annotations

from dataclasses import replace

import polars as pl

from data.ingest import rejects
from data.ingest.checking import Checked
from data.ingest.merged_values import PROGRESS
from data.ingest.recognise.problem import Problem
from data.model.records import TABLES
from data.model.schema import field_column


def without_duplicates(checked: Checked, keys: pl.Series) -> tuple[Checked, pl.Series, int]:
    """The rows with one of each key (aligned with `checked.frame`), their keys, and how many equal or joined rows were left out.

    Rows that differ only in a list of codes (topics, partners, languages) become one row with all of them. Of rows that tell how
    far one thing has got, each with its day, the last one counts. Rows that differ in anything else are rejected, every one of
    them: which is right cannot be known. The rejection names the fields that differ.
    """
    if keys.n_unique() == keys.len():
        return checked, keys, 0
    table = checked.recognised.table
    names = [name for name in checked.frame.columns if name not in (rejects.INDEX, "row")]
    lists = [name for name in names if field_column(TABLES[table], name).is_list]
    single = [name for name in names if name not in lists]
    frame = _without_earlier_states(checked.frame.with_columns(keys.alias("_key")), table, single)
    earlier = checked.frame.height - frame.height
    repeated = frame["_key"].is_duplicated()
    groups = frame.filter(repeated).group_by("_key").agg(*(pl.col(name).n_unique().alias(name) for name in single))
    differing = groups.filter(pl.any_horizontal(pl.col(name) > 1 for name in single))
    rejected = _rejected(checked, frame, differing, single)
    kept = frame.join(differing.select("_key"), on="_key", how="anti", maintain_order="left")
    for name in lists:
        kept = _with_joined_list(kept, name)
    first = kept.unique("_key", keep="first", maintain_order=True)
    left_out = earlier + kept.height - first.height
    return replace(checked, frame=first.drop("_key"), rejected=rejected), first["_key"].alias(keys.name), left_out


def _without_earlier_states(frame: pl.DataFrame, table: str, single: list[str]) -> pl.DataFrame:
    """The rows without those of an earlier state of the same thing (a line of a log for each change of a referral's status).

    Only where every row of the thing has a day, nothing else differs, and the last day has one state: else nobody knows which
    one counts.
    """
    progress = PROGRESS.get(table)
    if progress is None or progress.day not in frame.columns:
        return frame
    day = pl.col(progress.day)
    states = [name for name in single if name in progress.columns]
    lasting = [name for name in single if name not in progress.columns]
    is_last = day == day.max().over("_key")
    is_log = [day.is_not_null().all().over("_key"), *((pl.col(name).n_unique() == 1).over("_key") for name in lasting)]
    is_sure = pl.struct(states).filter(is_last).n_unique().over("_key") == 1
    return frame.filter(is_last | ~(pl.all_horizontal(is_log) & is_sure))


def _with_joined_list(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """Every row of a repeated key with the codes of all its rows, in the order they first come."""
    repeated = frame.filter(frame["_key"].is_duplicated()).select("_key", name).explode(name).drop_nulls(name)
    if repeated.is_empty():
        return frame
    joined = repeated.group_by("_key", maintain_order=True).agg(
        pl.col(name).unique(maintain_order=True).alias("_joined")
    )
    both = frame.join(joined, on="_key", how="left", maintain_order="left")
    return both.with_columns(pl.coalesce("_joined", name).alias(name)).drop("_joined")


def _rejected(checked: Checked, frame: pl.DataFrame, differing: pl.DataFrame, names: list[str]) -> pl.DataFrame:
    if differing.is_empty():
        return checked.rejected
    recognised = checked.recognised
    model = TABLES[recognised.table]
    numbered = model.own_number is not None and bool(recognised.of_field(model.own_number))
    identity = (model.own_number,) if numbered and model.own_number else model.identity
    headers = ", ".join(match.header for name in identity for match in recognised.of_field(name))
    found = [checked.rejected]
    told = [name for name in names if name not in identity]
    # Rows that differ in the same fields are told in one go.
    named = [pl.when(pl.col(name) > 1).then(pl.lit(name + ",")).otherwise(pl.lit("")) for name in told]
    marks = differing.with_columns(pl.concat_str(named).alias("_fields"))
    for (fields,), group in marks.group_by("_fields", maintain_order=True):
        rows = frame.join(group.select("_key"), on="_key", how="semi", maintain_order="left")
        problem = Problem("duplicate_id", {"fields": str(fields).strip(",")})
        found.append(rejects.of_rows(rows.select(rejects.INDEX, "row"), headers, ", ".join(identity), problem, ""))
    return pl.concat(found).sort("row", maintain_order=True)

"""Life tables of single cases, through the way every life table is made."""

from collections.abc import Iterable

import polars as pl

from metrics.measures.survival import LifeTable, life_table_from_frame


def life_table(durations: Iterable[int], causes: Iterable[str]) -> LifeTable:
    """The table of cases with one duration in days and one cause each; an empty cause is a case still open."""
    rows = [(time, cause, 1) for time, cause in zip(durations, causes, strict=True)]
    schema = {"time": pl.Int64, "cause": pl.String, "count": pl.Int64}
    return life_table_from_frame(pl.DataFrame(rows, schema=schema, orient="row"))

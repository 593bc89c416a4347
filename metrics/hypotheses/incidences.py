"""Share that an event has reached by a day, where other endings compete."""

import polars as pl

from metrics.measures.survival import aalen_johansen, at, life_table_from_frame

YEAR = 365


def reached_by(rows: pl.DataFrame, day: int = YEAR) -> float:
    """Share 0–1 of rows (`days`, `cause`) that have reached the event by a day."""
    counts = rows.group_by(pl.col("days").alias("time"), "cause").agg(pl.len().alias("count"))
    return at(aalen_johansen(life_table_from_frame(counts), "event"), day).estimate

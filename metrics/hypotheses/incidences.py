"""Cumulative incidence of an event by a day, with competing events."""

import polars as pl

from metrics.measures.survival import aalen_johansen, at, life_table_from_frame

YEAR = 365


def reached_by(rows: pl.DataFrame, day: int = YEAR) -> float:
    """Return the cumulative incidence of the event at a day, 0–1 (Aalen–Johansen).

    rows: `days` (follow-up), `cause` ('event', another cause, or '' when censored), and `n` people of these.
    """
    counts = rows.group_by(pl.col("days").alias("time"), "cause").agg(pl.col("n").cast(pl.Int64).sum().alias("count"))
    return at(aalen_johansen(life_table_from_frame(counts), "event"), day).estimate

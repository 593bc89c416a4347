"""Aggregation of a sample by month: counts for regression of rates, and a time series for interrupted time series."""

import polars as pl

from metrics.hypotheses.hypothesis import OutcomeKind


def by_month(sample: pl.DataFrame, people: bool) -> pl.DataFrame:
    """Return counts per month, group and covariates: `outcome` (events, or distinct people) during an `exposure` of one month.

    people: count distinct units instead of rows. Combinations that occur in some month have a row, with 0 if need be,
    in all months of the sample.
    """
    parts = ["group", *(name for name in sample.columns if name.startswith("c_"))]
    what = pl.col("unit").n_unique() if people else pl.len()
    every = sample.select("day").unique().join(sample.select(parts).unique(), how="cross")
    counted = sample.group_by("day", *parts).agg(what.alias("outcome"))
    return (
        every.join(counted, on=["day", *parts], how="left")
        .with_columns(pl.col("outcome").fill_null(0), exposure=pl.lit(1.0))
        .sort("day", *parts)
    )


def series(sample: pl.DataFrame, kind: OutcomeKind, people: bool) -> pl.DataFrame:
    """Return a monthly time series, one row a month in order.

    Columns `day`, `month` (year × 12 + month), `after`, `value` (share in percent, count, or median), `n` (rows) and,
    with a comparison area, `value_comparison`.
    """
    value = {
        "share": 100 * pl.col("outcome").cast(pl.Float64).mean() if kind == "share" else pl.lit(0.0),
        "amount": pl.col("outcome").cast(pl.Float64).median() if kind == "amount" else pl.lit(0.0),
        "count": (pl.col("unit").n_unique() if people else pl.len()).cast(pl.Float64),
    }[kind]
    beside = "area" in sample.columns
    own = sample.filter(pl.col("area")) if beside else sample
    found = _months(own, value)
    if beside:
        other = _months(sample.filter(~pl.col("area")), value).select("day", value_comparison="value")
        found = found.join(other, on="day", how="full", coalesce=True).with_columns(
            pl.col("value", "value_comparison", "n").fill_null(0)
        )
    start = sample.filter(pl.col("time") == "after")["day"].min()
    return found.sort("day").with_columns(
        month=pl.col("day").dt.year() * 12 + pl.col("day").dt.month(),
        after=pl.col("day") >= pl.lit(start),
    )


def _months(rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    return rows.group_by("day").agg(value.alias("value"), pl.len().alias("n"))

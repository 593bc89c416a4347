"""A sample as a method wants it: numbers by month for rates, a monthly series for a change in time."""

import polars as pl

from metrics.hypotheses.hypothesis import OutcomeKind


def by_month(sample: pl.DataFrame, people: bool) -> pl.DataFrame:
    """Numbers a month of each group (and covariates): `outcome` events, or people, during `exposure` of one month.

    A month without any is a zero, as long as the group has some in another month.
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
    """One row a month: `month` (a running number), `after`, `value` (share in percent, number, median), `n` and, beside another
    area, `value_comparison`."""
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

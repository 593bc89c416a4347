"""Aggregation of a sample by month: a time series for interrupted time series, and totals of months for power."""

import polars as pl

from metrics.hypotheses.hypothesis import OutcomeKind


def events_of(people: bool) -> pl.Expr:
    """Return the number of events of rows of one month; with `people`, of clients, each once."""
    return pl.col("unit").n_unique() if people else pl.col("n").cast(pl.Int64).sum()


def counted(sample: pl.DataFrame, people: bool) -> pl.DataFrame:
    """Return the sample of a count with `n` as what is counted: events, or with `people` 1 for each client and month."""
    return sample.with_columns(n=pl.lit(1)) if people else sample


def by_month(sample: pl.DataFrame, people: bool) -> pl.DataFrame:
    """Return `outcome` (events, or with `people` clients) of each month and group, 0 where there are none."""
    every = sample.select("day").unique().join(sample.select("group").unique(), how="cross")
    found = sample.group_by("day", "group").agg(events_of(people).alias("outcome"))
    joined = every.join(found, on=["day", "group"], how="left")
    return joined.with_columns(pl.col("outcome").fill_null(0)).sort("day", "group")


def series(sample: pl.DataFrame, kind: OutcomeKind, people: bool) -> pl.DataFrame:
    """Return a monthly time series, one row a month in order.

    Columns `day`, `month` (year × 12 + month), `after`, `value` (share in percent, count, or median), `n` (events) and,
    with a comparison area, `value_comparison`.
    """
    value = {
        "share": lambda: 100 * pl.col("met").sum() / pl.col("n").sum(),
        "amount": lambda: pl.col("amount").repeat_by("n").explode().cast(pl.Float64).median(),
        "count": lambda: events_of(people).cast(pl.Float64),
    }[kind]()
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
    return rows.group_by("day").agg(value.alias("value"), pl.col("n").cast(pl.Int64).sum().alias("n"))

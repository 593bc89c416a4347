"""The eight questions in Polars: lazy frames, all collected at once, so that Polars may share what they have in common."""

from __future__ import annotations

from datetime import date

import polars as pl

from tests.benchmarks.peers.figures import (
    BEFORE,
    UNDERSTOOD,
    YEAR,
    Answerer,
    Figures,
    by_codes,
    by_month,
    named,
    quantiles,
)

_CLIENT, _DAY = pl.col("client"), pl.col("occurred_on")
_IDENTIFIED = _CLIENT.filter(_CLIENT > 0).n_unique()


def _numbers(encounters: pl.LazyFrame, language: str, year: int) -> pl.LazyFrame:
    chosen = encounters.filter(
        pl.col("language") == language, _DAY.is_between(date(year, 1, 1), date(year, 9, 30))
    ).select("client", "occurred_on", "resolution", "language_support", "topics")
    theirs = encounters.select("client", "occurred_on").join(
        chosen.filter(_CLIENT > 0).select("client").unique(), on="client", how="semi"
    )
    first = theirs.group_by("client").agg(_DAY.min().alias("first_on"))
    resolution, support = pl.col("resolution"), pl.col("language_support")
    return chosen.join(first, on="client", how="left").select(
        _IDENTIFIED.alias("clients"),
        pl.len().alias("encounters"),
        _CLIENT.filter(pl.col("first_on") == _DAY).n_unique().alias("new_clients"),
        (resolution == "solved").filter(resolution != "unknown").mean().alias("solved") * 100,
        support.is_in(list(UNDERSTOOD)).filter(support != "unknown").mean().alias("understood") * 100,
        (pl.col("topics").list.len() >= 2).mean().alias("several") * 100,
    )


def _times(of_year: pl.LazyFrame) -> pl.LazyFrame:
    wait = (
        (_DAY - pl.col("requested_on")).dt.total_days().filter(pl.col("channel") == "appointment").drop_nulls().sort()
    )
    ends = (
        wait.get((9 * wait.len() + 9) // 10 - 1, null_on_oob=True),
        wait.get(9 * wait.len() // 10, null_on_oob=True),
    )
    return of_year.select(
        pl.col("minutes").median(), wait.median().alias("wait"), ((ends[0] + ends[1]) / 2).alias("long_wait")
    )


def _count(frame: pl.LazyFrame, *codes: pl.Expr) -> pl.LazyFrame:
    return frame.group_by(*codes).agg(pl.len().alias("count"))


def polars_frames(encounters: pl.LazyFrame) -> Answerer:
    """Whoever answers from a frame of encounters, which lies in a file or in memory."""

    def answer(language: str) -> Figures:
        of_language = encounters.filter(pl.col("language") == language)
        of_year = of_language.filter(_DAY.is_between(date(YEAR, 1, 1), date(YEAR, 12, 31)))
        month = _DAY.dt.strftime("%Y-%m").alias("month")
        numbers, before, months, municipalities, topics, week, support, times = pl.collect_all(
            [
                _numbers(encounters, language, YEAR),
                _numbers(encounters, language, BEFORE),
                of_language.group_by(month).agg(pl.len().alias("count"), _IDENTIFIED.alias("clients")),
                _count(of_year, pl.col("municipality")),
                _count(of_year.select("topics", "channel").explode("topics"), pl.col("topics"), pl.col("channel")),
                _count(of_year.drop_nulls("hour"), _DAY.dt.weekday(), pl.col("hour")),
                _count(of_year, pl.col("language_support")),
                _times(of_year),
            ]
        )
        return {
            "numbers": named(numbers.row(0)),
            "numbers_before": named(before.row(0)),
            "months": by_month((row[0], row[1], row[2]) for row in months.iter_rows()),
            "municipalities": by_codes(municipalities.iter_rows()),
            "topics": by_codes(topics.iter_rows()),
            "week": by_codes((day, f"{hour:02}", count) for day, hour, count in week.iter_rows()),
            "support": by_codes(support.iter_rows()),
            "times": quantiles(*times.row(0)),
        }

    return answer

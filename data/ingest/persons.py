"""Sex and age band from a personal identity code, before it is hashed, or from a day of birth: neither goes any further."""

from __future__ import annotations

import polars as pl

from data.codes import code_list
from data.ingest.recognise.ages import AGE_BAND, OLDEST, band_of
from data.model.identifiers import IDENTITY_CODE
from data.model.records import Record

_CENTURIES = {"+": 1800, "-": 1900, **dict.fromkeys("YXWVU", 1900), **dict.fromkeys("ABCDEF", 2000)}
"""Century mark of a code (decree 690/2022 added the letters besides `A`)."""

_FIELDS = ("sex", "age_band")


def with_persons(frame: pl.DataFrame, model: type[Record]) -> tuple[pl.DataFrame, frozenset[str]]:
    """Checked rows with what their identity codes tell where no column has told it, and the fields that were filled.

    `client_id` holds cleaned identifiers. Age is in whole years on the day of the row.
    """
    if model.day is None or not {*_FIELDS, "client_id"} <= set(frame.columns):
        return frame, frozenset()
    code = pl.col("client_id")
    is_code = code.str.contains(IDENTITY_CODE)
    if not frame.select(is_code.fill_null(value=False).any()).item():
        return frame, frozenset()
    year = code.str.slice(6, 1).replace_strict(_CENTURIES, default=None, return_dtype=pl.Int32) + _digits(code, 4)
    month_and_day = _digits(code, 2) * 100 + _digits(code, 0)
    today = pl.col(model.day)
    age = today.dt.year() - year - (_month_and_day(today) < month_and_day).cast(pl.Int32)
    bands = {years: band_of(years) for years in range(OLDEST + 1)}
    told = {
        "sex": pl.when(_digits(code, 7, 3) % 2 == 1).then(pl.lit("male")).otherwise(pl.lit("female")),
        "age_band": age.replace_strict(bands, default=code_list(AGE_BAND).unknown, return_dtype=pl.String),
    }
    filled = [
        pl.when(is_code & (pl.col(name).cast(pl.String) == (code_list(name).unknown or "")))
        .then(value).otherwise(pl.col(name).cast(pl.String)).cast(frame.schema[name]).alias(name)
        for name, value in told.items()
    ]  # fmt: skip
    return frame.with_columns(filled), frozenset(_FIELDS)


def with_ages(frame: pl.DataFrame, births: pl.Series, day: str) -> pl.DataFrame:
    """Rows whose age band is the one of the age on their day. births: day of birth by row, null where none is told."""
    today, born = pl.col(day), pl.col("born")
    age = today.dt.year() - born.dt.year() - (_month_and_day(today) < _month_and_day(born)).cast(pl.Int32)
    bands = {years: band_of(years) for years in range(OLDEST + 1)}
    band = age.replace_strict(bands, default=code_list(AGE_BAND).unknown, return_dtype=pl.String)
    told = pl.when(pl.col("born").is_null()).then(pl.col(AGE_BAND).cast(pl.String)).otherwise(band)
    return (
        frame.with_columns(births.alias("born"))
        .with_columns(told.cast(frame.schema[AGE_BAND]).alias(AGE_BAND))
        .drop("born")
    )


def _month_and_day(day: pl.Expr) -> pl.Expr:
    # Months and days are of eight bits, which 300 does not fit in.
    return day.dt.month().cast(pl.Int32) * 100 + day.dt.day().cast(pl.Int32)


def _digits(code: pl.Expr, start: int, length: int = 2) -> pl.Expr:
    return code.str.slice(start, length).cast(pl.Int32, strict=False)

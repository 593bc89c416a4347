"""When a stored value says nothing: empty, a list of no known code, an anonymous client, or its list's own code for unknown."""

from __future__ import annotations

from collections.abc import Collection

import polars as pl

from data.codes import UNKNOWN_POINT, code_for_unknown
from data.model.schema import Column


def unknown_word(column: Column) -> str | None:
    """The code of a column that means unknown; None where only an empty cell does."""
    if column.field == "service_point":
        return UNKNOWN_POINT
    return code_for_unknown(column.code_list) if column.code_list else None


def unknown_sql(column: Column, value: str) -> str:
    """Whether a value of a column (an SQL expression) says nothing, as an SQL expression that is never NULL."""
    if column.identity == "client":
        return f"coalesce({value} < 0, true)"
    word = unknown_word(column)
    if column.is_list:
        return f"coalesce(len(list_filter({value}::VARCHAR[], lambda code: code <> '{word or ''}')), 0) = 0"
    return f"coalesce({value}::VARCHAR = '{word}', true)" if word else f"{value} IS NULL"


def is_unknown(column: Column) -> pl.Expr:
    """The same of a column of a frame, by its name."""
    value = pl.col(column.name)
    if column.identity == "client":
        return (value < 0).fill_null(value=True)
    word = unknown_word(column)
    if column.is_list:
        told = value.cast(pl.List(pl.String)).list.set_difference(pl.lit([word or ""], dtype=pl.List(pl.String)))
        return (told.list.len() == 0).fill_null(value=True)
    return (value.cast(pl.String) == word).fill_null(value=True) if word else value.is_null()


def is_of_every_row(column: Column, later: Collection[str]) -> bool:
    """Return whether an empty cell of a column says that a thing is not known, rather than that there is none, or not yet.

    later: names of the table's columns that tell what becomes known after the day of a row.
    """
    is_day = column.type == "DATE" and not column.is_month
    return not (
        column.required or column.is_list or is_day or column.name in later
        or column.identity not in (None, "client") or column.default not in (None, unknown_word(column))
    )  # fmt: skip

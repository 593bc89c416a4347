"""How client numbers are written, and whether one number stands for two people in one sheet.

Spreadsheets drop leading zeros and add decimals: where all numbers of a sheet are digits, `0012`, `12` and `12.0` are one client.
They are hashed in the form that the source's first file has (so many digits at least, `client_width`). Numbers with letters and
personal identity codes stay as they are, and so do digits beside numbers with letters.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import polars as pl

from data.codes import code_list
from data.ingest.checking import Checked
from data.ingest.likeness import CLIENT_COLUMNS, Likeness
from data.ingest.odd_values import OddValue
from data.model.identifiers import IDENTITY_CODE, are_identity_codes, row_numbers

WIDEST = 12
"""Digits up to which numbers are filled with zeros."""

_DIGITS = r"^[0-9]+(?:[.,]0+)?$"
_DIGITS_OR_CODE = f"{_DIGITS}|{IDENTITY_CODE}"
_LOOKED_AT = 100
"""Numbers of a column that are looked at before all are: those with letters show it at once."""


def width_of(numbers: pl.Series) -> int | None:
    """The digits that all numbers have at least, 0 when none is filled with zeros; None when some have letters.

    >>> [width_of(pl.Series(texts)) for texts in (["0012", "1234"], ["12", "345.0"], ["0012", "12"], ["AS-1", "12"])]
    [4, 0, 0, None]
    """
    found = numbers.drop_nulls()
    if not found.head(_LOOKED_AT).str.contains(_DIGITS_OR_CODE).all():
        return None
    found = found.unique()
    found = found.filter(~found.str.contains(IDENTITY_CODE))
    if found.is_empty() or not found.str.contains(_DIGITS).all():
        return None
    whole = found.str.replace(r"[.,]0+$", "").str.len_chars()
    filled = whole.filter(found.str.contains(r"^0[0-9]"))
    if filled.is_empty() or filled.n_unique() > 1:
        return 0
    width = int(filled[0])
    return width if (whole >= width).all() and width <= WIDEST else 0


def with_width(numbers: pl.Series, width: int) -> pl.Series:
    """Numbers of digits without decimals and filled with zeros to a width; others as they are.

    >>> with_width(pl.Series(["0012", "12.0", "12345", "131052-308T"]), 4).to_list()
    ['0012', '0012', '12345', '131052-308T']
    """
    column = pl.col("text")
    filled = pl.when(column.str.contains(_DIGITS)).then(pl.col("bare").str.zfill(width)).otherwise(column)
    return pl.DataFrame({"text": numbers, "bare": row_numbers(numbers)}).select(filled.alias("text"))["text"]


def reused(frame: pl.DataFrame) -> dict[str, Likeness]:
    """By column that says something of a person: the clients of a sheet on whose rows it stands twice or more (`same`), and those
    on whose rows it contradicts itself. Personal identity codes are one person's.
    """
    names = [name for name in CLIENT_COLUMNS if name in frame.columns]
    if "client_id" not in frame.columns or not names:
        return {}
    said = [pl.when(_is_told(name)).then(pl.col(name).to_physical()).alias(name) for name in names]
    is_number = ~are_identity_codes(frame["client_id"])
    # Numbers are gathered faster than texts, the least and the greatest value faster than all of them.
    rows = frame.select(pl.col("client_id").hash(), *said)
    each = (rows if is_number.all() and not is_number.null_count() else rows.filter(is_number)).group_by("client_id").agg(
        expression
        for name in names
        for expression in (
            (pl.col(name).count() > 1).alias(f"{name} twice"), (pl.col(name).min() < pl.col(name).max()).alias(f"{name} differs")
        )
    )  # fmt: skip
    return {name: Likeness(int(each[f"{name} twice"].sum()), int(each[f"{name} differs"].sum())) for name in names}


def telling_column(frame: pl.DataFrame, found: Mapping[str, Likeness]) -> str:
    """The column that tells apart people of one number: the municipality, if each has its own numbers, else what contradicts.

    Municipalities have their own where most numbers whose rows contradict each other agree within every municipality.
    """
    most = max((name for name in found if name != "municipality"), key=lambda name: found[name].contradicting)
    if not found[most].contradicting or "municipality" not in found:
        return "municipality"
    apart = pl.concat_str("client_id", pl.lit(" "), pl.col("municipality").cast(pl.String))
    within = reused(frame.with_columns(apart.alias("client_id")))
    return "municipality" if 5 * within[most].contradicting <= found[most].contradicting else most


def with_warning(checked: Checked, found: Mapping[str, Likeness]) -> Checked:
    """The sheet, telling of client numbers that may be two people's; people who have moved are not told of."""
    names = [name for name in ("language", "arrived_on") if name in found and found[name].contradicting]
    if not names:
        return checked
    known = checked.frame.filter(pl.col("client_id").is_not_null(), ~pl.col("client_id").str.contains(IDENTITY_CODE))
    contradicts = [pl.col(name).filter(_is_told(name)).n_unique().over("client_id") > 1 for name in names]
    rows = known.filter(pl.any_horizontal(contradicts)).height
    header = checked.recognised.of_field("client_id")[0].header
    odd = OddValue("client_id", header, None, "two_people", rows, "same_person")
    return replace(checked, odd=(*checked.odd, odd))


def _is_told(name: str) -> pl.Expr:
    """Whether a column says something."""
    told = pl.col(name).is_not_null()
    if name in ("language", "municipality"):
        told &= pl.col(name).cast(pl.String) != (code_list(name).unknown or "")
    return told

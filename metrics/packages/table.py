"""Rows and points of curves as Parquet, and back. A column for each field; a dimension and its code side by side."""

from __future__ import annotations

import io
from collections.abc import Iterable
from typing import Any, get_args

import polars as pl

from metrics.gate import Bound, State
from metrics.grammar.answer import CurvePoint, Row
from metrics.grammar.question import MOST_DIMENSIONS

_CODES = [name for i in range(1, MOST_DIMENSIONS + 1) for name in (f"dimension_{i}", f"code_{i}")]
_NUMBERS = ("value", "n", "numerator", "denominator", "lower", "upper", "quantile", "whole")
_OF_ROW = ("metric", "period", "unit", "state", "horizon", *_NUMBERS)
_OF_POINT = ("metric", "period", "day", "value", "lower", "upper", "at_risk")
CELLS = pl.Schema(
    {"metric": pl.String(), **dict.fromkeys(_CODES, pl.String()), "period": pl.String(), "unit": pl.String()}
    | {"state": pl.String(), "bound": pl.String(), "known": pl.String(), "horizon": pl.Int32()}
    | dict.fromkeys(_NUMBERS, pl.Float64())
)
CURVES = pl.Schema(
    {"metric": pl.String(), **dict.fromkeys(_CODES, pl.String()), "period": pl.String(), "day": pl.Int32()}
    | {"value": pl.Float64(), "lower": pl.Float64(), "upper": pl.Float64(), "at_risk": pl.Int32()}
)
MOST_ROWS = 3_000_000
MOST_BYTES = 500_000_000
"""Of a table, as its pages are once they are unpacked."""
_STATES = frozenset(get_args(State))


def cells(rows: Iterable[Row]) -> bytes:
    """Return rows as a Parquet file; the same rows give the same bytes."""
    return _written((_cell(row) for row in rows), CELLS)


def curves(points: Iterable[CurvePoint]) -> bytes:
    """Return points of curves as a Parquet file."""
    return _written(({name: getattr(one, name) for name in _OF_POINT} | _codes(one.codes) for one in points), CURVES)


def read(content: bytes, schema: pl.Schema) -> pl.DataFrame:
    """Return the table of a Parquet file. Raises ValueError when it is none, has other columns, or is too large."""
    from pyarrow import ArrowException, parquet  # loaded by those alone who open a package

    try:
        about = parquet.ParquetFile(io.BytesIO(content)).metadata
        groups = [about.row_group(i) for i in range(about.num_row_groups)]
        if max(about.num_rows, sum(group.num_rows for group in groups)) > MOST_ROWS:
            raise ValueError("too many rows")
        if sum(group.total_byte_size for group in groups) > MOST_BYTES:
            raise ValueError("too large")
        frame = pl.read_parquet(io.BytesIO(content))
    except (pl.exceptions.PolarsError, OSError, pl.exceptions.PanicException, ArrowException) as error:
        raise ValueError("no table") from error
    if frame.schema != schema:
        raise ValueError("other columns")
    if schema is CELLS and not set(frame["state"].unique()) <= _STATES:
        raise ValueError("other states")
    if any(frame[name].is_nan().any() or frame[name].is_infinite().any() for name in _floats(schema)):
        raise ValueError("no numbers")
    return frame


def rows_of(frame: pl.DataFrame) -> tuple[Row, ...]:
    """Return the rows of a table of cells. Raises ValueError for a bound that is none."""
    return tuple(map(_row, frame.iter_rows(named=True)))


def points_of(frame: pl.DataFrame) -> tuple[CurvePoint, ...]:
    """Return the points of a table of curves."""
    return tuple(
        CurvePoint(codes=_codes_of(line), **{name: line[name] for name in _OF_POINT})
        for line in frame.iter_rows(named=True)
    )


def is_by(names: Iterable[str]) -> pl.Expr:
    """Return a condition of the rows that are broken down by these dimensions and no others."""
    told = pl.concat_list([pl.col(name) for name in _CODES[::2]]).list.drop_nulls().list.sort()
    return told.list.join("+") == "+".join(sorted(names))


def _written(lines: Iterable[dict[str, Any]], schema: pl.Schema) -> bytes:
    out = io.BytesIO()
    frame = pl.DataFrame(list(lines), schema=schema, orient="row")
    frame.write_parquet(out, compression="zstd", compression_level=9, statistics=False, row_group_size=MOST_ROWS)
    return out.getvalue()


def _cell(row: Row) -> dict[str, Any]:
    line = {name: getattr(row, name) for name in _OF_ROW}
    line["bound"] = None if row.bound is None else str(row.bound)
    line["known"] = None if row.known is None else f"{row.known:g}" if isinstance(row.known, float) else str(row.known)
    return line | _codes(row.codes)


def _row(line: dict[str, Any]) -> Row:
    bound, known = line["bound"], line["known"]
    return Row(
        codes=_codes_of(line),
        bound=Bound.parse(bound) if bound else None,
        known=None if known is None else bound_or_number(known),
        **{name: line[name] for name in _OF_ROW},
    )


def bound_or_number(text: str) -> Bound | float:
    """Return a percentage, or the bound that stands in its place. Raises ValueError for anything else."""
    if text[:1] in ("<", ">"):
        return Bound.parse(text)
    number = float(text)
    if number != min(max(number, 0.0), 100.0):  # nor is NaN, which is not even itself
        raise ValueError("no percentage")
    return number


def _codes(codes: Any) -> dict[str, str]:
    pairs = list(codes.items())
    return {
        key: part
        for i, pair in enumerate(pairs, 1)
        for key, part in zip((f"dimension_{i}", f"code_{i}"), pair, strict=True)
    }


def _codes_of(line: dict[str, Any]) -> dict[str, str]:
    pairs = ((line[f"dimension_{i}"], line[f"code_{i}"]) for i in range(1, MOST_DIMENSIONS + 1))
    return {dimension: code for dimension, code in pairs if dimension is not None}


def _floats(schema: pl.Schema) -> list[str]:
    return [name for name, kind in schema.items() if kind == pl.Float64()]

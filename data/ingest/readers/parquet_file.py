"""Parquet files: every column cast to text, lists joined by `|`."""

from pathlib import Path

import polars as pl

from data.ingest.readers.sheet import FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble

PARQUET_MARK = b"PAR1"

LIST_MARK = "|"
"""Stands between the elements of a list column, as in the text exports that hold several codes in one cell."""


def read_parquet(path: Path) -> Sheet:
    """The one sheet of a Parquet file; the first row is row 2, as if the column names were a header row.

    Raises FileRefused: `not_parquet` (damaged), `nested_columns` (structures that no cell can hold), `header_only`.
    """
    file = file_name(path)
    try:
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise FileRefused(file, "not_parquet") from None
    if any(_is_nested(dtype) for dtype in frame.dtypes):
        raise FileRefused(file, "nested_columns")
    texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    return assemble(
        file=file,
        name=None,
        header=texts.columns,
        frame=texts.rename({name: f"c{index}" for index, name in enumerate(texts.columns)}).with_row_index(
            "row", offset=2
        ),
        notes=("header_row:1",),
    )


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List | pl.Array):
        lists = column.arr.to_list() if isinstance(dtype, pl.Array) else column
        return lists.cast(pl.List(pl.String)).list.join(LIST_MARK, ignore_nulls=True)
    if isinstance(dtype, pl.Binary):
        return column.cast(pl.String, strict=False)
    if isinstance(dtype, pl.Datetime):
        return column.dt.to_string("%Y-%m-%d %H:%M:%S").str.replace(" 00:00:00$", "")
    if dtype.is_float():
        return column.cast(pl.String).str.replace(r"\.0$", "")
    return column.cast(pl.String)


def _is_nested(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List | pl.Array) else dtype
    return inner.is_nested() or dtype == pl.Object

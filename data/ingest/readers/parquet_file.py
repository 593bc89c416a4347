"""Parquet files: every column cast to text, lists joined by `|`."""

from pathlib import Path

import polars as pl

from data.clock import FINLAND
from data.ingest.readers.limits import check_area
from data.ingest.readers.sheet import FileRefused, Sheet, file_name
from data.ingest.readers.table import assemble

LIST_MARK = "|"
"""Stands between the elements of a list column, as in the text exports that hold several codes in one cell."""

_UNPACKED = 200_000_000
_UNPACKED_PER_BYTE = 100
"""Bytes the footer says the columns unpack to: what any file may, and for each byte of a larger one."""


def read_parquet(path: Path, name: str | None = None) -> Sheet:
    """The one sheet of a Parquet file; the first row is row 2, as if the column names were a header row.

    Raises FileRefused: `not_parquet` (damaged), `nested_columns` (structures that no cell can hold), `header_only`,
    `too_large_area`, `long_cell`.
    """
    file = name or file_name(path)
    size = path.stat().st_size
    _check_footer(path, file, size)
    try:
        schema = pl.read_parquet_schema(path)
        if any(_is_nested(dtype) for dtype in schema.values()):
            raise FileRefused(file, "nested_columns")
        frame = pl.read_parquet(path)
    except (pl.exceptions.PolarsError, OSError):
        raise FileRefused(file, "not_parquet") from None
    texts = frame.select(_as_text(name, dtype) for name, dtype in frame.schema.items())
    return assemble(
        file=file,
        name=None,
        size=size,
        header=texts.columns,
        frame=texts.rename({name: f"c{index}" for index, name in enumerate(texts.columns)}).with_row_index(
            "row", offset=2
        ),
        notes=("header_row:1",),
    )


def _check_footer(path: Path, file: str, size: int) -> None:
    """What the file says of itself, before any of it is unpacked: a column of one value takes no room, however long it is."""
    import pyarrow as pa
    from pyarrow import parquet  # here, because it takes as long to load as a small file to read

    try:
        footer = parquet.read_metadata(path)
        groups = [footer.row_group(number) for number in range(footer.num_row_groups)]
        cells = sum(group.column(number).num_values for group in groups for number in range(group.num_columns))
        unpacked = sum(group.total_byte_size for group in groups)
    except (pa.ArrowException, OSError, ValueError):
        raise FileRefused(file, "not_parquet") from None
    check_area(file, "parquet", footer.num_rows, footer.num_columns, size, cells=cells)
    if unpacked > max(_UNPACKED, _UNPACKED_PER_BYTE * size):
        raise FileRefused(file, "too_large_area", rows=footer.num_rows, columns=footer.num_columns)


def _as_text(name: str, dtype: pl.DataType) -> pl.Expr:
    column = pl.col(name)
    if isinstance(dtype, pl.List | pl.Array):
        lists = column.arr.to_list() if isinstance(dtype, pl.Array) else column
        return lists.cast(pl.List(pl.String)).list.join(LIST_MARK, ignore_nulls=True)
    if isinstance(dtype, pl.Binary):
        return column.cast(pl.String, strict=False)
    if isinstance(dtype, pl.Datetime):
        column = column.dt.convert_time_zone(FINLAND.key) if dtype.time_zone else column
        return column.dt.to_string("%Y-%m-%d %H:%M:%S").str.replace(" 00:00:00$", "")
    if dtype.is_float():
        return column.cast(pl.String).str.replace(r"\.0$", "")
    return column.cast(pl.String)


def _is_nested(dtype: pl.DataType) -> bool:
    inner = dtype.inner if isinstance(dtype, pl.List | pl.Array) else dtype
    return inner.is_nested() or dtype == pl.Object

"""What slices on a cluster exchange, as bytes: arrays of numbers of people, and small tables of codes and months."""

from __future__ import annotations

import zlib
from io import BytesIO
from typing import Any

import numpy as np
import polars as pl

_TABLE = b"table"


def encoded(brought: Any) -> bytes:
    """Return an array of whole numbers, or a table, as bytes.

    >>> decoded(encoded(np.array([0, 70_000, -1]))).tolist()
    [0, 70000, -1]
    """
    if isinstance(brought, pl.DataFrame):
        return _TABLE + b":" + table_bytes(brought)
    if not isinstance(brought, np.ndarray) or brought.dtype != np.int64 or brought.ndim != 1:
        raise TypeError("only arrays of whole numbers, and tables, are exchanged")
    # Most are small numbers of people, or none.
    kind = np.result_type(*(np.min_scalar_type(int(end)) for end in (brought.min(initial=0), brought.max(initial=0))))
    return kind.name.encode() + b":" + zlib.compress(brought.astype(kind).tobytes(), 1)


def decoded(content: bytes) -> Any:
    """Return what `encoded` was given."""
    kind, _, packed = content.partition(b":")
    if kind == _TABLE:
        return table_of(packed)
    return np.frombuffer(zlib.decompress(packed), np.dtype(kind.decode())).astype(np.int64)


def table_bytes(frame: pl.DataFrame) -> bytes:
    """Return a table as bytes."""
    file = BytesIO()
    frame.write_ipc(file, compression="zstd")
    return file.getvalue()


def table_of(content: bytes) -> pl.DataFrame:
    """Return what `table_bytes` was given."""
    return pl.read_ipc(BytesIO(content))

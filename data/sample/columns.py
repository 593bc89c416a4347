"""Arrow columns from arrays: codes carry their names, days are dates, what is not known is null."""

from datetime import date
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.sample.plan import Codes, Days, Flags, Plan

_EPOCH = date(1970, 1, 1)


def coded(codes: Codes, names: tuple[str, ...], known: Flags | None = None) -> pa.Array:
    """Names of codes, as a dictionary array."""
    mask = None if known is None else ~known
    return pa.DictionaryArray.from_arrays(pa.array(codes.astype(np.int8), mask=mask), pa.array(names))


def nullable(values: npt.NDArray[Any], known: Flags) -> pa.Array:
    """Values where they are known, else null."""
    return pa.array(values, mask=~known)


def day_column(plan: Plan, days: Days, known: Flags | None = None) -> pa.Array:
    """Dates of days of the plan."""
    offset = (plan.first - _EPOCH).days
    return pa.array((days + offset).astype(np.int32), mask=None if known is None else ~known).cast(pa.date32())


def month_column(months: npt.NDArray[np.int16]) -> pa.Array:
    """First days of months counted from January 1970; negative = not known."""
    return pa.array(months.astype(np.int64).astype("datetime64[M]").astype("datetime64[D]"), mask=months < 0)


def lists(codes: Codes, there: Flags, names: tuple[str, ...]) -> pa.Array:
    """One list of names a row, from a matrix of codes and which of them are there."""
    ends = np.zeros(len(codes) + 1, dtype=np.int32)
    np.cumsum(there.sum(axis=1), out=ends[1:])
    return pa.ListArray.from_arrays(pa.array(ends), coded(codes[there], names))

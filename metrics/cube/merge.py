"""Cells of the slices of all clients put together: everybody is in one slice, so numbers and key sums add up."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

import duckdb

from metrics.cube.sql import SUMS, accumulated, listed

if TYPE_CHECKING:
    import polars as pl

_SUMMED = """sum({n})::BIGINT AS {n}, sum({n_key}::HUGEINT)::VARCHAR AS {n_key}, sum({u})::BIGINT AS {u},
    sum({u_key}::HUGEINT)::VARCHAR AS {u_key}, sum({e})::BIGINT AS {e}, max({m})::BIGINT AS {m}"""


def merged(parts: Sequence[pl.DataFrame], dimensions: tuple[str, ...]) -> pl.DataFrame:
    """Return the results of one query of `counting_script` over all slices. The busiest client of all is that of its slice."""
    numbers = [name.removeprefix("u_key") for name in parts[0].columns if name.startswith("u_key")]
    sums = ", ".join(_of(number) for number in numbers)
    return _asked(parts, f"SELECT {listed(dimensions)}period, open, {sums} FROM parts GROUP BY ALL")


def merged_profile(parts: Sequence[pl.DataFrame], dimensions: tuple[str, ...]) -> pl.DataFrame:
    """Return the cumulative cells of a profile from what each slice adds at each step."""
    keys = f"{listed(dimensions)}period, open, cause, step"
    return _asked(parts, accumulated(f"SELECT {keys}, {_of('')} FROM parts GROUP BY ALL", dimensions))


def _of(number: str) -> str:
    return _SUMMED.format(**{name: f"{name}{number}" for name in SUMS})


def _asked(parts: Sequence[pl.DataFrame], query: str) -> pl.DataFrame:
    import polars as pl  # as in `metrics.cube.admission`

    with duckdb.connect() as database:
        database.register("parts", pl.concat(parts, how="vertical_relaxed"))
        found: pl.DataFrame = database.sql(query).pl()
        return found

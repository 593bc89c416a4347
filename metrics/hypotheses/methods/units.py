"""The units of a sample: which client each row belongs to, and covariates as columns of a regression."""

from collections.abc import Sequence
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.hypotheses.methods.finding import Assumption

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

FEW_CLUSTERS = 40
"""Below this many clusters, cluster-robust errors are known to be too small (Cameron & Miller 2015)."""


def clusters(sample: pl.DataFrame, column: str = "client") -> Codes:
    """Cluster of each row, 0, 1, …; a row without a client (anonymous) is a cluster of its own."""
    if column not in sample.columns:
        return np.arange(sample.height)
    rows = pl.int_range(pl.len()).cast(pl.String)
    own = pl.when(pl.col(column).is_null()).then("row " + rows).otherwise("of " + pl.col(column).cast(pl.String))
    return sample.select(own.rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()


def repeated(cluster: Codes) -> bool:
    """Whether some cluster has several rows."""
    return bool(len(np.unique(cluster)) < len(cluster))


def few(cluster: Codes) -> tuple[str, ...]:
    """The warning of few clusters, where clients have several rows."""
    return ("few_clusters",) if repeated(cluster) and len(np.unique(cluster)) < FEW_CLUSTERS else ()


def independence(cluster: Codes) -> Assumption:
    """Whether each row is a client of its own."""
    return Assumption("independent_rows", "contradicted" if repeated(cluster) else "holds")


def booleans(sample: pl.DataFrame, column: str) -> Numbers:
    """A Boolean column as 0 and 1."""
    return numbers(sample.select(pl.col(column).cast(pl.Int8)), column)


def numbers(sample: pl.DataFrame, column: str) -> Numbers:
    """A numeric column as floats."""
    return np.asarray(sample[column].to_numpy(), dtype=np.float64)


def indicators(sample: pl.DataFrame, covariate: str) -> tuple[Numbers, ...]:
    """0/1 columns of a categorical covariate, one for each value it has; missing is a value of its own."""
    values = sample[covariate].cast(pl.String).fill_null("")
    order = values.value_counts(sort=True).sort(["count", covariate], descending=[True, False])[covariate]
    return tuple(np.asarray((values == value).to_numpy(), dtype=np.float64) for value in order)


def design(sample: pl.DataFrame, covariates: Sequence[str], *first: Numbers) -> Numbers:
    """Columns of a regression: 1, the columns given, and covariates against their most frequent value."""
    columns: list[Any] = [np.ones(sample.height), *first]
    for covariate in covariates:
        columns += indicators(sample, covariate)[1:]
    return np.column_stack(columns)

"""Clusters and covariates of a sample as arrays: the client of each row, and the columns of a regression."""

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
    """Return the cluster of each row as integers 0, 1, …; a row without a client (anonymous) is a cluster of its own."""
    if column not in sample.columns:
        return np.arange(sample.height)
    rows = pl.int_range(pl.len()).cast(pl.String)
    own = pl.when(pl.col(column).is_null()).then("row " + rows).otherwise("of " + pl.col(column).cast(pl.String))
    return sample.select(own.rank("dense").cast(pl.Int64) - 1).to_series().to_numpy()


def repeated(cluster: Codes) -> bool:
    """Return whether some cluster has several rows."""
    return bool(len(np.unique(cluster)) < len(cluster))


def few(cluster: Codes) -> tuple[str, ...]:
    """Return the warning `few_clusters` when some client has several rows and there are under `FEW_CLUSTERS` clusters."""
    return ("few_clusters",) if repeated(cluster) and len(np.unique(cluster)) < FEW_CLUSTERS else ()


def independence(cluster: Codes) -> Assumption:
    """Return the assumption that rows are independent: contradicted when some client has several rows."""
    return Assumption("independent_rows", "contradicted" if repeated(cluster) else "holds")


def booleans(sample: pl.DataFrame, column: str) -> Numbers:
    """Return a Boolean column as an array of 0.0 and 1.0."""
    return numbers(sample.select(pl.col(column).cast(pl.Int8)), column)


def numbers(sample: pl.DataFrame, column: str) -> Numbers:
    """Return a numeric column as an array of floats."""
    return np.asarray(sample[column].to_numpy(), dtype=np.float64)


def indicators(sample: pl.DataFrame, covariate: str) -> tuple[Numbers, ...]:
    """Return 0/1 columns of a categorical covariate, one per value, the most frequent first; null is a value of its own."""
    values = sample[covariate].cast(pl.String).fill_null("")
    order = values.value_counts(sort=True).sort(["count", covariate], descending=[True, False])[covariate]
    return tuple(np.asarray((values == value).to_numpy(), dtype=np.float64) for value in order)


def design(sample: pl.DataFrame, covariates: Sequence[str], *first: Numbers) -> Numbers:
    """Return the n × k design matrix of a regression: constant, the columns given, and covariates as indicators.

    The reference value of a covariate is its most frequent one.
    """
    columns: list[Any] = [np.ones(sample.height), *first]
    for covariate in covariates:
        columns += indicators(sample, covariate)[1:]
    return np.column_stack(columns)

"""Clusters and covariates of a sample as arrays: the client of each row, and the columns of a regression."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import polars as pl
from numpy.typing import NDArray

from metrics.hypotheses.methods.finding import Assumption

Numbers = NDArray[np.float64]
Codes = NDArray[np.int64]

FEW_CLUSTERS = 40
"""Below this many clusters, cluster-robust errors are known to be too small (Cameron & Miller 2015)."""


@dataclass(frozen=True, eq=False)
class Clusters:
    """The people of a sample as clusters: `of` is the cluster of each row, 0 to `count` − 1; `events` the rows' events."""

    of: Codes
    events: float

    @cached_property
    def count(self) -> int:
        """Number of clusters."""
        return int(self.of.max()) + 1 if len(self.of) else 0

    @property
    def repeated(self) -> bool:
        """Whether some cluster has several events."""
        return self.events > self.count

    @property
    def few(self) -> tuple[str, ...]:
        """The warning `few_clusters` when some cluster has several events and there are under `FEW_CLUSTERS`."""
        return ("few_clusters",) if self.repeated and self.count < FEW_CLUSTERS else ()

    @property
    def independence(self) -> Assumption:
        """The assumption that events are independent: contradicted when some cluster has several."""
        return Assumption("independent_rows", "contradicted" if self.repeated else "holds")

    def sums(self, values: Numbers) -> Numbers:
        """Return the sum of the rows' values in each cluster."""
        return np.asarray(np.bincount(self.of, weights=values, minlength=self.count), dtype=np.float64)

    def variance(self, influence: Numbers) -> float:
        """Return the cluster-robust variance of an estimate from each row's influence on it (their sum is near 0)."""
        return float((self.sums(influence) ** 2).sum()) * self.count / max(self.count - 1, 1)


def correlation(one: Numbers, other: Numbers) -> float:
    """Return the correlation of two estimates from each cluster's influence on them (their sums are near 0)."""
    scale = float(np.sqrt((one**2).sum() * (other**2).sum()))
    return float((one * other).sum()) / scale if scale else 0.0


def clusters(sample: pl.DataFrame) -> Clusters:
    """Return the people of a sample (`unit`, `n`) as clusters."""
    of = (sample["unit"].rank("dense").cast(pl.Int64) - 1).to_numpy()
    return Clusters(of, float(sample["n"].sum()))


def booleans(sample: pl.DataFrame, column: str) -> Numbers:
    """Return a Boolean column as an array of 0.0 and 1.0."""
    return numbers(sample.select(pl.col(column).cast(pl.Int8)), column)


def numbers(sample: pl.DataFrame, column: str) -> Numbers:
    """Return a numeric column as an array of floats."""
    return np.asarray(sample[column].to_numpy(), dtype=np.float64)


def design(sample: pl.DataFrame, covariates: Sequence[str], *first: Numbers) -> Numbers:
    """Return the design matrix of a regression, one row per row of the sample.

    Constant, the columns given, texts as indicators, numbers as they are in standard deviations from their mean. The
    reference value of a text is the one with most events; a number that is not known is the mean, with an indicator.
    """
    columns: list[Any] = [np.ones(sample.height), *first]
    for covariate in covariates:
        columns += _number(sample, covariate) if sample[covariate].dtype.is_numeric() else indicators(sample, covariate)
    return np.column_stack(columns)


def indicators(sample: pl.DataFrame, covariate: str) -> list[NDArray[np.bool_]]:
    """Return the columns of a text, one for each value but the one with most events; as Booleans, because they are many."""
    values = sample[covariate].cast(pl.String).fill_null("")
    sizes = pl.DataFrame({"value": values, "n": sample["n"]}).group_by("value").agg(pl.sum("n"))
    order = sizes.sort(["n", "value"], descending=[True, False])["value"]
    return [(values == value).to_numpy() for value in order[1:]]


def _number(sample: pl.DataFrame, covariate: str) -> list[Numbers]:
    values, events = numbers(sample, covariate), numbers(sample, "n")
    unknown = np.isnan(values)
    if unknown.all():
        return []
    mean = np.average(values[~unknown], weights=events[~unknown])
    spread = np.sqrt(np.average((values[~unknown] - mean) ** 2, weights=events[~unknown]))
    columns = [np.where(unknown, 0.0, (values - mean) / spread)] if spread > 0 else []
    return [*columns, *([unknown.astype(np.float64)] if unknown.any() else [])]

"""Patterns of a sample: its distinct combinations of group and covariates, in which regressions are fitted.

All rows of a pattern have the same expected outcome. An estimate's influence of a row is then linear in its sums, with
coefficients of its pattern, so that only sums of a few hundred patterns go through a regression however many rows there
are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import polars as pl

from metrics.hypotheses.methods.units import Codes, Numbers, booleans, design, numbers


@dataclass(frozen=True, eq=False)
class Patterns:
    """The patterns of a sample, one row each in `frame`: `group`, covariates, `n` events, `met` of them.

    covariates: names of the columns; place: the pattern of each row of the sample.
    """

    frame: pl.DataFrame
    covariates: tuple[str, ...]
    place: Codes

    @property
    def group(self) -> Numbers:
        """1.0 for patterns of the compared group."""
        return booleans(self.frame, "group")

    @property
    def n(self) -> Numbers:
        """Events of each pattern."""
        return numbers(self.frame, "n")

    def design(self, *first: Numbers) -> Numbers:
        """Return the design matrix: constant, the columns given, covariates."""
        return design(self.frame, self.covariates, *first)


def patterns(sample: pl.DataFrame, covariates: Sequence[str]) -> Patterns:
    """Return the patterns of a sample."""
    keys, sums = ["group", *covariates], [name for name in ("n", "met") if name in sample.columns]
    frame = sample.group_by(keys).agg(pl.col(sums).cast(pl.Int64).sum()).sort(keys).with_row_index("place")
    place = sample.select(keys).join(
        frame.select(*keys, "place"), on=keys, nulls_equal=True, maintain_order="left", how="left"
    )
    return Patterns(frame.drop("place"), tuple(covariates), place["place"].cast(pl.Int64).to_numpy())

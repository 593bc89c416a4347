"""Patterns of a sample: its distinct combinations of group and covariates, in which regressions are fitted.

All rows of a pattern have the same expected outcome. An estimate's influence of a row is then linear in its sums, with
coefficients of its pattern, so that only sums of a few hundred patterns go through a regression however many rows there
are.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from metrics.hypotheses.methods.units import Codes, Numbers, booleans, design, numbers

_MOST = 2**62
"""Numbers of combinations stay below this."""


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
    """Return the patterns of a sample, in the order of its columns.

    Combinations are told apart by one number each: a join by all columns would take more memory than the sample.
    """
    keys, sums = ["group", *covariates], [name for name in ("n", "met") if name in sample.columns]
    code, most = np.zeros(sample.height, dtype=np.int64), 1
    for name in keys:
        own = _ranks(sample[name])
        more = int(own.max(initial=0)) + 1
        if most * more > _MOST:  # dense again, so that no product overflows
            code = np.unique(code, return_inverse=True)[1].astype(np.int64)
            most = int(code.max(initial=0)) + 1
        code *= more
        code += own
        most *= more
    first, code = np.unique(code, return_index=True, return_inverse=True)[1:]
    frame = sample.select(keys)[first].with_columns(
        pl.Series(name, np.bincount(code, weights=numbers(sample, name)), dtype=pl.Int64) for name in sums
    )
    return Patterns(frame, tuple(covariates), code)


def _ranks(values: pl.Series) -> Codes:
    """Return a number from 1 of each value, the same for the same ones and growing with numbers; 0 for null."""
    if values.dtype in (pl.Categorical, pl.Enum):
        known = values.to_physical().cast(pl.Int64) + 1
    elif values.dtype.is_integer() and values.len() and not values.is_null().all():
        known = values.cast(pl.Int64) - (values.min() - 1)  # type: ignore[operator]
    else:
        known = (values.cast(pl.Int8) if values.dtype == pl.Boolean else values).rank("dense").cast(pl.Int64)
    return known.fill_null(0).to_numpy()

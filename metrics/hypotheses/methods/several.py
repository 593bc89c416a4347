"""Multiple testing: p values corrected by Holm's and by Benjamini and Hochberg's method."""

from collections.abc import Sequence
from dataclasses import dataclass

from statsmodels.stats.multitest import multipletests


@dataclass(frozen=True)
class Corrected:
    """Corrected p values in the order given: Holm (family-wise error rate), Benjamini–Hochberg (false discovery rate)."""

    holm: tuple[float, ...]
    benjamini_hochberg: tuple[float, ...]


def corrected(p_values: Sequence[float]) -> Corrected:
    """Return p values corrected for all tests given (Holm 1979; Benjamini & Hochberg 1995)."""
    if not p_values:
        return Corrected((), ())
    holm, false = (multipletests(p_values, method=method)[1] for method in ("holm", "fdr_bh"))
    return Corrected(tuple(map(float, holm)), tuple(map(float, false)))

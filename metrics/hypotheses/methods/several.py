"""Multiple testing: p values corrected by Holm's and by Benjamini and Hochberg's method."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Corrected:
    """Corrected p values in the order given: Holm (family-wise error rate), Benjamini–Hochberg (false discovery rate)."""

    holm: tuple[float, ...]
    benjamini_hochberg: tuple[float, ...]


def corrected(p_values: Sequence[float]) -> Corrected:
    """Return p values corrected for all tests given (Holm 1979; Benjamini & Hochberg 1995)."""
    if not p_values:
        return Corrected((), ())
    # Not statsmodels' `multipletests`: it collects all garbage of the process at every call, longer than the rest of a page.
    tests = len(p_values)
    smallest_first = np.argsort(p_values)
    p, rank = np.asarray(p_values)[smallest_first], np.arange(1, tests + 1)
    step_down = np.maximum.accumulate(p * (tests - rank + 1))
    step_up = np.minimum.accumulate((p * tests / rank)[::-1])[::-1]
    as_given = np.argsort(smallest_first)
    holm, false = (np.minimum(found, 1)[as_given] for found in (step_down, step_up))
    return Corrected(tuple(map(float, holm)), tuple(map(float, false)))

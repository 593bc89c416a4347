"""Iterative proportional fitting: a table of counts that has given margins."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

Counts = npt.NDArray[np.float64]
Margin = tuple[tuple[int, ...], Counts]
"""Axes of a table, in rising order, and the sums over all others."""
_ROUNDS, _CLOSE = 200, 1e-8


def rake(table: Counts, margins: Sequence[Margin]) -> Counts:
    """Return the table nearest to `table` (in relative entropy) whose sums over other axes are the margins.

    Margins that contradict each other, as rounded numbers do, are met as nearly as the last round brings them, the last margin
    exactly. Source: Deming and Stephan (1940).

    >>> rake(np.ones((2, 2)), [((0,), np.array([30.0, 10.0])), ((1,), np.array([20.0, 20.0]))]).tolist()
    [[15.0, 15.0], [5.0, 5.0]]
    """
    found = table.astype(float)
    for _ in range(_ROUNDS):
        before = found
        for axes, wanted in margins:
            others = tuple(axis for axis in range(found.ndim) if axis not in axes)
            now = found.sum(axis=others, keepdims=True)
            factor = np.divide(np.expand_dims(wanted, others), now, out=np.zeros_like(now), where=now > 0)
            found = found * factor
        if np.allclose(found, before, rtol=0, atol=_CLOSE * max(1.0, float(found.sum()))):
            break
    return found

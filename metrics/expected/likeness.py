"""How unlike the clients of two areas are, by their background facts."""

from collections.abc import Mapping

import numpy as np

from metrics.expected.margins import Margins


def distance(one: Margins, other: Margins) -> float:
    """Return the part of the cases (0–1) that would have to be others for the two to be alike, on average over their facts.

    The index of dissimilarity (Duncan and Duncan 1955) of each fact.

    >>> here, there = (Margins({"sex": np.array(n)}, {}, 100, 0, {}) for n in ([50.0, 50.0], [80.0, 20.0]))
    >>> round(distance(here, there), 2)
    0.3
    """
    apart = [
        np.abs(cases / max(cases.sum(), 1) - other.cases[fact] / max(other.cases[fact].sum(), 1)).sum() / 2
        for fact, cases in one.cases.items()
    ]
    return float(np.mean(apart))


def most_alike(code: str, areas: Mapping[str, Margins]) -> tuple[str, float] | None:
    """Return the area whose clients are most like those of an area, and the distance; None where there is no other to tell."""
    others = (
        [(distance(areas[code], area), other) for other, area in areas.items() if other != code]
        if code in areas
        else []
    )
    return (min(others)[1], min(others)[0]) if others else None

"""Scores on other scales than 1–5: which scale a column is on, and a score moved to ours."""

import re
from collections.abc import Sequence

OWN = "1-5"
SCALES = (OWN, "1-10", "0-10", "4-10", "0-5", "1-7", "1-6", "0-100", "1-4", "1-3")
"""Scales in use: from the poorest to the best."""

_IN_HEADER = re.compile(r"(?<!\d)(\d)\s?(?:-|–|—|\.\.\.?|…)\s?(\d{1,3})(?!\d)")
_MANY = 0.1
"""Share of rows: fewer are slips of the pen."""
_ENOUGH_ROWS = 30
"""So many rows without the best score show that the scale has no such score."""


def of_scores(scores: Sequence[tuple[float, int]], header: str = "") -> tuple[str | None, tuple[str, ...]]:
    """The scale of (score, rows): the one that the header or the scores tell, else the scales that it may be.

    >>> of_scores([(5, 10), (3, 10)]), of_scores([(9, 10), (3, 10)], "Arvio (0–10)"), of_scores([(9, 10), (3, 10)])[0] is None
    (('1-5', ()), ('0-10', ()), True)
    """
    total = sum(rows for _, rows in scores)
    told = next((f"{match[1]}-{match[2]}" for match in _IN_HEADER.finditer(header)), None)
    if told in SCALES and _share(scores, told) >= 1 - _MANY:
        return told, ()
    values = {value for value, _ in scores}
    is_short = total >= _ENOUGH_ROWS and values in ({1, 2, 3}, {1, 2, 3, 4})
    if _share(scores, OWN) > 1 - _MANY and not is_short and told not in SCALES:
        return OWN, ()
    return None, tuple(scale for scale in SCALES if _share(scores, scale) >= 1 - _MANY or scale == OWN)


def moved(score: float, scale: str) -> int | None:
    """A score of a scale on ours, halves up; None when the scale has no such score.

    >>> moved(10, "0-10"), moved(5, "0-10"), moved(11, "0-10")
    (5, 3, None)
    """
    least, most = map(int, scale.split("-"))
    return int(1 + (score - least) * 4 / (most - least) + 0.5) if least <= score <= most else None


def _share(scores: Sequence[tuple[float, int]], scale: str) -> float:
    least, most = map(int, scale.split("-"))
    total = sum(rows for _, rows in scores)
    return sum(rows for score, rows in scores if least <= score <= most) / total if total else 1.0

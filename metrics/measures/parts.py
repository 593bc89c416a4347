"""A part is never published above its whole: of two shares of the same people, each is rounded by itself.

Only published values are used, so nothing more is told by it; the numbers behind a share stay as they are published elsewhere.
It moves a part closer to the truth, since the true part is no larger than the true whole.
"""

from collections.abc import Iterable, Mapping
from dataclasses import replace

from metrics.gate import UNDER_LOW
from metrics.grammar.answer import CurvePoint, Row

Key = tuple[str, int | None, tuple[tuple[str, str], ...]]


def by_key(rows: Iterable[Row]) -> dict[Key, Row]:
    """Return rows by period, horizon and codes."""
    return {_key(row): row for row in rows}


def bounded(part: Row, wholes: Mapping[Key, Row]) -> Row:
    """Return the row of a part with a value not above that of the same row of its whole."""
    whole = wholes.get(_key(part))
    if whole is None or (part.value is None and part.state != "high"):
        return part
    if whole.state == UNDER_LOW.state:
        return replace(
            part, value=None, state=UNDER_LOW.state, bound=UNDER_LOW.bound, lower=None, upper=None
        )  # fmt: skip
    if whole.value is None or (part.value is not None and part.value <= whole.value):
        return part
    lower = None if part.lower is None else min(part.lower, whole.value)
    return replace(part, value=whole.value, state="shown", bound=None, lower=lower)


def bounded_points(part: Iterable[CurvePoint], whole: Iterable[CurvePoint]) -> list[CurvePoint]:
    """Return the points of a curve, none above the point of its whole on the same day."""
    tops = {(one.period, tuple(sorted(one.codes.items())), one.day): one for one in whole}
    found = []
    for one in part:
        top = tops.get((one.period, tuple(sorted(one.codes.items())), one.day))
        if top is not None and top.value < one.value:
            one = replace(one, value=top.value, lower=min(one.lower, top.value))
        found.append(one)
    return found


def _key(row: Row) -> Key:
    return row.period, row.horizon, tuple(sorted(row.codes.items()))

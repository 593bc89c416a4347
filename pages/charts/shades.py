"""Classes of values for maps: few, of one width, with round limits, each with a colour and the words of its legend."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import count, pairwise
from math import floor

from data.texts import Texts, percent_sign
from pages.i18n import formats
from pages.theme.colours import numbered

MOST = 5
COLOURS = numbered("shade")
"""From the least class to the largest. They are told apart by lightness, and every mark has an edge besides."""
_NARROWEST = 1 / 20
"""Width of a class at least, of the largest value: what differs by less looks alike."""
_LEAST = 1e-6
HIDDEN = "hidden"
"""Key of the class of values that are not shown."""


@dataclass(frozen=True)
class Shades:
    """Classes of one width, from the one that the least value is in. first: its number, its lower limit being `first * width`.

    unit: `%` adds the percent sign, and the last class ends at 100.
    """

    first: int
    number: int
    width: float
    unit: str = ""

    def key(self, value: float | None) -> str:
        """Return the key of a value's class."""
        return HIDDEN if value is None else str(_class(value, self.width, self.unit))

    @property
    def keys(self) -> tuple[str, ...]:
        """Keys of all classes, the least first."""
        return tuple(str(self.first + place) for place in range(self.number))

    @property
    def colours(self) -> tuple[str, ...]:
        """Their colours, as far from each other as there are."""
        if self.number == 1:
            return (COLOURS[MOST // 2],)
        return tuple(COLOURS[round(place * (MOST - 1) / (self.number - 1))] for place in range(self.number))

    def names(self, t: Texts) -> tuple[str, ...]:
        """Return their limits in words."""
        decimals = 0 if self.width >= 1 else 1
        sign = percent_sign(t.lang) if self.unit == "%" else ""
        ends = [formats.number((self.first + place) * self.width, t.lang, decimals) for place in range(self.number + 1)]
        return tuple(f"{low}–{high}{sign}" for low, high in pairwise(ends))


def shades(values: Sequence[float], unit: str = "") -> Shades:
    """Return at most five classes for values, as narrow as round limits allow.

    >>> shades([91, 131]), shades([80, 100], "%")
    (Shades(first=9, number=5, width=10, unit=''), Shades(first=16, number=4, width=5, unit='%'))
    """
    if not values:
        return Shades(0, 0, 1, unit)
    least, most = min(values), max(values)
    widths = (factor * 10**power for power in count(0 if most >= MOST else -1) for factor in (1, 2, 5))
    width = next(
        one for one in widths if one >= _NARROWEST * most and _class(most, one, unit) - _class(least, one, unit) < MOST
    )
    return Shades(_class(least, width, unit), _class(most, width, unit) - _class(least, width, unit) + 1, width, unit)


def _class(value: float, width: float, unit: str) -> int:
    # 100 % belongs to the class that ends there. What division leaves of a limit itself is not below it.
    return floor((min(value, 100 - _LEAST) if unit == "%" else value) / width + _LEAST / 10)

"""The gate: the only place where a cell becomes a value someone may see.

Protected values follow the cell-key method (ABS, ONS, Eurostat) with random rounding to base 5 (Statistics Canada) and
"show from 10" (ONS, SACRO). Internal values are exact. Both go the same way.
"""

import hmac
from dataclasses import dataclass
from typing import Final, Literal

Audience = Literal["internal", "protected"]
INTERNAL: Final = "internal"
PROTECTED: Final = "protected"
AUDIENCES: tuple[Audience, ...] = (PROTECTED, INTERNAL)

BASE = 5
SHOWN_FROM = 10
EVENT_BASES = (5, 10, 25, 50, 100, 250)
SHARE_FROM = 50
QUANTILE_FROM = 50
CURVE_FROM = 100
AT_RISK_FROM = 20
SHARE_LOW, SHARE_HIGH = 5, 95


@dataclass(frozen=True)
class Cell:
    """Clients `n` with key sum `n_key`, protection units `u` with key sum `u_key`, events `e`, busiest unit's events `m`."""

    n: int = 0
    n_key: int = 0
    u: int = 0
    u_key: int = 0
    e: int = 0
    m: int = 0


EMPTY = Cell()


@dataclass(frozen=True)
class Published:
    """A value that has passed the gate. `value` is None when hidden; `bound` says then what may be said ("<10")."""

    value: float | None
    hidden: bool = False
    bound: str | None = None


NOT_SHOWN = Published(None, hidden=True)


def is_exact(audience: str) -> bool:
    """Whether an audience sees exact values and open months: the internal one. Every other, whatever its name, does not.

    Nobody else compares audiences, so that a name nobody thought of opens nothing.

    >>> is_exact(INTERNAL), is_exact(PROTECTED), is_exact("Internal ")
    (True, False, False)
    """
    return audience == INTERNAL


@dataclass(frozen=True)
class Gate:
    """Turns cells into published values for an audience, with the store's noise key."""

    audience: Audience
    noise_key: bytes

    @property
    def exact(self) -> bool:
        """Values go out as they are."""
        return is_exact(self.audience)

    def clients(self, cell: Cell) -> Published:
        """Number of identified clients."""
        if self.exact:
            return Published(cell.n)
        return _from_ten(self._rounded(b"cell\0", cell.n_key, cell.n, cell.n, BASE))

    def events(self, cell: Cell, scale: int = 1) -> Published:
        """Number of events; with `scale`, an amount measured in `1 / scale` units (60: minutes published as hours)."""
        if self.exact:
            return Published(cell.e / scale if scale > 1 else cell.e)
        if self._rounded(b"cell\0", cell.u_key, cell.u, cell.u, BASE) < SHOWN_FROM:
            return _from_ten(0)
        base = next((base * scale for base in EVENT_BASES if base * scale >= cell.m), None)
        if base is None:
            return NOT_SHOWN
        return _from_ten(self._rounded(b"event\0", cell.u_key, cell.u, cell.e, base) // scale)

    def share(self, numerator: Published, denominator: Published, *, clients: bool) -> Published:
        """Percent, from two published counts. A hidden numerator of clients is under 10: that may bound the share."""
        if self.exact:
            if not denominator.value:
                return NOT_SHOWN
            return Published(100 * (numerator.value or 0) / denominator.value)
        if denominator.value is None or denominator.value < SHARE_FROM:
            return NOT_SHOWN
        if numerator.value is None:
            under = clients and numerator.bound is not None and SHARE_LOW * denominator.value >= 100 * SHOWN_FROM
            return Published(None, hidden=True, bound=f"<{SHARE_LOW}") if under else NOT_SHOWN
        return self.percent(100 * numerator.value / denominator.value)

    def percent(self, value: float) -> Published:
        """A percentage made of published values: whole percent, shown between 5 and 95."""
        if self.exact:
            return Published(value)
        whole = int(value + 0.5)
        if whole < SHARE_LOW:
            return Published(None, hidden=True, bound=f"<{SHARE_LOW}")
        if whole > SHARE_HIGH:
            return Published(None, hidden=True, bound=f">{SHARE_HIGH}")
        return Published(whole)

    def ratio(self, numerator: Published, denominator: Published, per: int = 1) -> Published:
        """Numerator per `per` of the denominator, from two published numbers; in the protected view whole from ten on,
        else with one decimal."""
        if not denominator.value or numerator.value is None:
            return NOT_SHOWN
        value = per * numerator.value / denominator.value
        if self.exact:
            return Published(value)
        return NOT_SHOWN if denominator.value < SHARE_FROM else Published(round(value, 1 if value < SHOWN_FROM else 0))

    def _rounded(self, domain: bytes, key_sum: int, count: int, value: int, base: int) -> int:
        """Unbiased rounding of `value` to a multiple of `base`: the same people always give the same direction."""
        down, rest = value - value % base, value % base
        if rest == 0:
            return value
        digest = hmac.digest(self.noise_key, domain + b"%d|%d" % (key_sum, count), "sha256")
        # u < rest / base, in whole numbers
        return down + base if int.from_bytes(digest[:8], "big") * base < rest << 64 else down


def _from_ten(rounded: int) -> Published:
    return Published(None, hidden=True, bound=f"<{SHOWN_FROM}") if rounded < SHOWN_FROM else Published(rounded)

"""Disclosure control: the only place where a cell becomes a published value.

Protected values follow the cell-key method (ABS, ONS, Eurostat) with random rounding to base 5 (Statistics Canada) and
"show from 10" (ONS, SACRO). Internal values are exact. Both take the same code path.

Every threshold of disclosure control is defined here and nowhere else. Code refers to these names, texts get them from
`limits()`.
"""

import hmac
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Literal

from metrics.audience import PROTECTED, Audience, is_exact

BASE = 5
"""Numbers of clients are rounded to a multiple of it."""
SHOWN_FROM = 10
"""Smallest published count, compared with the rounded number."""
TOGETHER_FROM = 5
"""Fewest clients by whom a cell of a breakdown grows: fewer wait until they are as many (`metrics.cube.admission`)."""
ENOUGH_MORE = 1
"""By how many more the figures that it is a part of must have grown since: else those who come are the very ones who enter."""
EVENT_BASES = (5, 10, 25, 50, 100, 250)
"""Numbers of events are rounded to a multiple of the smallest base not below the events of the busiest unit."""
ANONYMOUS_BASE = 25
"""Smallest of those bases where clients are suppressed: nobody knows how many of the events are one anonymous visitor's."""
SHARE_FROM = 50
"""Smallest published denominator of a share or ratio, and smallest side of a tested hypothesis."""
QUANTILE_FROM = 50
"""Smallest published number of events with a median, quantile or mean."""
CURVE_FROM = 100
"""Smallest published number of clients with a survival curve."""
AT_RISK_FROM, AT_RISK_BASE = 20, 10
"""A curve ends where fewer are at risk; in other results the number at risk is rounded down to a multiple of the base."""
COMPARED_FROM = 80
"""Smallest published number of clients or events of a value that is called growing or falling, or compared with others."""
PUBLISHERS_FROM = 3
"""Fewest publishers of a sum: of two, each would know what the other has."""
DRAWS = 1 << 64
"""How many draws there are."""
STAFF_FROM = 5
"""Smallest staff, in person-years of any month, of a published figure about staff."""
FILES_FROM = 25
"""Fewest rows a month of a source of which it is told what days its files cover: those of fewer are days of single people."""
KNOWN_FROM = 50
"""Lowest percentage of a denominator that must be known for a share to be published."""
ROUNDING_ERROR = ((BASE**2 - 1) / 6) ** 0.5
"""Standard deviation of a published number of clients: random rounding has the variance (base² − 1) / 6 on average."""
SHARE_LOW, SHARE_HIGH = 5, 95
"""Lowest and highest published percentage."""
_WHOLE_FROM = 10
"""Amounts have no decimals from here on."""


def enough_from(together: int) -> int:
    """Return how many must have come to each figure that a cell is a part of; 1 where nobody waits."""
    return together + ENOUGH_MORE if together > 1 else together


def limits() -> dict[str, int]:
    """Return the thresholds that texts contain, by the names of their placeholders."""
    return {
        "base": BASE,
        "off": BASE - 1,
        "shown_from": SHOWN_FROM,
        "anonymous": ANONYMOUS_BASE,
        "together": TOGETHER_FROM,
        "share_from": SHARE_FROM,
        "curve_from": CURVE_FROM,
        "compared_from": COMPARED_FROM,
        "staff_from": STAFF_FROM,
    }


def decimals(value: float) -> int:
    """Return the decimals of a published amount: none from ten on, else one.

    >>> decimals(9.9), decimals(-10.0)
    (1, 0)
    """
    return 0 if abs(value) >= _WHOLE_FROM else 1


State = Literal["shown", "small", "low", "high", "no_cases", "not_reached", "no_data", "not_recorded", "immature"]
"""What is known of a value.

`shown`: it is published; `small`: suppressed, because few people are behind it; `low`, `high`: only a bound of it is published;
`no_cases`: there is nothing to divide by (exact values only: in protected ones it looks like `small`); `not_reached`: fewer than
half have got there; `no_data`: no file covers the table there and then; `not_recorded`: the files do not have the field, or
have it for too few rows; `immature`: too little time has passed to tell. The last three say what files the store has, and
never how many people there are.
"""


@dataclass(frozen=True)
class Bound:
    """The bound of a suppressed value: under or over a limit, in the value's own unit.

    >>> str(Bound("under", 10)), Bound.parse(">95")
    ('<10', Bound(kind='over', limit=95))
    """

    kind: Literal["under", "over"]
    limit: int

    def __str__(self) -> str:
        """Return the short form used in files and on the command line: `<10`, `>95`."""
        return f"{'<' if self.kind == 'under' else '>'}{self.limit}"

    @classmethod
    def parse(cls, text: str) -> "Bound":
        """Return the bound of a short form. Raises ValueError when it is none."""
        kinds: dict[str, Literal["under", "over"]] = {"<": "under", ">": "over"}
        if text[:1] not in kinds or not text[1:].isascii() or not text[1:].isdecimal():
            raise ValueError(f"not a bound: {text}")
        return cls(kinds[text[0]], int(text[1:]))


def under_shown() -> Bound:
    """Return the bound of a count too small to be published."""
    return Bound("under", SHOWN_FROM)


@dataclass(frozen=True)
class Cell:
    """Exact counts of one cell, never published as they are.

    n: clients; n_key: sum of their record keys; u: protection units (clients and anonymous visitors); u_key: sum of
    their keys; e: events;
    m: events of the unit with most.
    """

    n: int = 0
    n_key: int = 0
    u: int = 0
    u_key: int = 0
    e: int = 0
    m: int = 0


EMPTY = Cell()


@dataclass(frozen=True)
class PublishedValue:
    """A value after disclosure control.

    `value` is None unless `state` is `shown`; `bound` is then its published bound, if any.
    """

    value: float | None
    state: State = "shown"
    bound: Bound | None = None


SMALL = PublishedValue(None, "small")
NO_CASES = PublishedValue(None, "no_cases")
NOT_REACHED = PublishedValue(None, "not_reached")
UNDER_LOW = PublishedValue(None, "low", Bound("under", SHARE_LOW))
OVER_HIGH = PublishedValue(None, "high", Bound("over", SHARE_HIGH))
NO_DATA = PublishedValue(None, "no_data")
NOT_RECORDED = PublishedValue(None, "not_recorded")
IMMATURE = PublishedValue(None, "immature")
OF_FILES = (NO_DATA, NOT_RECORDED, IMMATURE)
"""What files of the store leave open, whoever asks; the first outweighs the others."""


def left_open(*values: "PublishedValue") -> "PublishedValue | None":
    """Return what files leave open in one of several values, None when they leave nothing open in them."""
    return next((state for state in OF_FILES if state in values), None)


@dataclass(frozen=True)
class Gate:
    """Conversion of cells to published values for an audience, with the store's noise key."""

    audience: Audience
    noise_key: bytes

    @property
    def exact(self) -> bool:
        """Whether values are published exactly."""
        return is_exact(self.audience)

    @property
    def nothing(self) -> PublishedValue:
        """What is published where there is nothing to compute a value from; protected, it looks like a small number."""
        return NO_CASES if self.exact else SMALL

    def clients(self, cell: Cell) -> PublishedValue:
        """Return the published number of identified clients."""
        if self.exact:
            return PublishedValue(cell.n)
        return _shown(self._rounded(cell.n_key, cell.n, cell.n, BASE))

    def events(self, cell: Cell, scale: int = 1) -> PublishedValue:
        """Return the published number of events, or an amount.

        scale: units of `e` and `m` per published unit, such as 60 for minutes published as hours. Suppressed without a
        bound when no rounding base covers the busiest unit.

        Events are rounded by the draw of their units. So one event each gives the number of units itself, and more events are
        never published as fewer: with a base of 5 or 10 by that alone, else they are rounded up where down would be fewer.
        Where the clients are suppressed and the units are anonymous, each may be the same visitor, so nothing is rounded up
        for their number.
        """
        if self.exact:
            return PublishedValue(cell.e / scale if scale > 1 else cell.e)
        units = self._rounded(cell.u_key, cell.u, cell.u, BASE)
        if units < SHOWN_FROM:
            return _shown(0)
        base = self._event_base(cell, scale)
        if base is None:
            return SMALL
        rounded = self._rounded(cell.u_key, cell.u, cell.e, base)
        clients = self.clients(cell).value
        if (
            scale == 1
            and clients is not None
            and rounded < cell.e
            and rounded < max(units, clients)
            and cell.e >= cell.u
        ):
            rounded += base
        return _shown(rounded // scale, base // scale)

    def share(self, numerator: PublishedValue, denominator: PublishedValue, *, clients: bool) -> PublishedValue:
        """Return the published percentage of two published counts.

        clients: they count clients; a suppressed numerator of clients, being under 10, may then give the share a bound.
        """
        if self.exact:
            if not denominator.value:
                return NO_CASES
            return PublishedValue(100 * (numerator.value or 0) / denominator.value)
        if denominator.value is None or denominator.value < SHARE_FROM:
            return SMALL
        if numerator.value is None:
            return UNDER_LOW if clients and numerator.bound and few_bound_a_share(denominator.value) else SMALL
        return self.percent(100 * numerator.value / denominator.value)

    def lacking(self, known: Cell, whole: Cell, *, clients: bool, least: int = KNOWN_FROM) -> PublishedValue | None:
        """Return what is published in place of a share of whose denominator too little may be known, None where it is enough.

        Enough is at least `least` percent, even if rounding has moved both numbers as far as it can, so that nobody is told what
        the internal audience is not. Where only the rounding of a busiest client's or of anonymous visitors' events leaves that
        open, or any rounding of numbers that are too small for a share, it is `small` for that, and its known part is not told,
        which might be high. Of a number that is not published the share is not either. Nothing tells of the last unknown one.
        """
        some, every = (self.clients(cell) if clients else self.events(cell) for cell in (known, whole))
        if every.value is None:
            return None
        if some.value is None:
            return NOT_RECORDED if self.share(some, every, clients=clients).state == "low" and least else None
        bases = [1 if self.exact else BASE if clients else self._event_base(cell) or BASE for cell in (known, whole)]

        def enough(off: int, most_off: int, some: float = some.value, every: float = every.value) -> bool:
            return 100 * (some - off) >= least * (every + most_off)

        if enough(bases[0] - 1, bases[1] - 1) or (not clients and self._few_unknown(known, whole, least)):
            return None
        if some.value < SHARE_FROM and 100 * some.value >= least * every.value:  # too few to tell that any is unknown
            return None if some.value == every.value and max(bases) <= BASE else SMALL
        return NOT_RECORDED if self.exact or not enough(BASE - 1, BASE - 1) else SMALL

    def _few_unknown(self, known: Cell, whole: Cell, least: int) -> bool:
        """Return whether so few events are unknown that as a number they would be published as fewer than are shown.

        Rounded by the draw of all, to the base of whoever has no more events than that: nobody moves it by more than a step.
        """
        base = self._event_base(whole)
        if self.exact or whole.m > BASE or base is None:
            return False
        unknown = self._rounded(whole.u_key, whole.u, whole.e - known.e, BASE)
        smallest = (self.events(whole).value or 0) - base + 1
        return unknown < SHOWN_FROM and (100 - least) * smallest >= 100 * (SHOWN_FROM - 1)

    def knows_most(self, known: Cell, unknown: Cell) -> bool:
        """Return whether most of the events of two cells are those of the first, by `KNOWN_FROM`.

        Protected: even if rounding has moved both numbers as far as it can. Too few to be published are few.
        """
        some, rest = self.events(known), self.events(unknown)
        if not rest.value:
            return True
        off = sum(0 if self.exact else (self._event_base(cell) or BASE) - 1 for cell in (known, unknown))
        return 100 * ((some.value or 0) - off) >= KNOWN_FROM * ((some.value or 0) + rest.value)

    def percent(self, value: float) -> PublishedValue:
        """Return a percentage computed from published values: whole percent, suppressed below 5 and above 95."""
        if self.exact:
            return PublishedValue(value)
        whole = int(value + 0.5)
        if whole < SHARE_LOW:
            return UNDER_LOW
        if whole > SHARE_HIGH:
            return OVER_HIGH
        return PublishedValue(whole)

    def ratio(self, numerator: PublishedValue, denominator: PublishedValue, per: int = 1) -> PublishedValue:
        """Return the numerator per `per` of the denominator, from two published numbers.

        Protected: whole from ten on, else with one decimal; suppressed with a denominator below `SHARE_FROM`.
        """
        if not denominator.value or numerator.value is None:
            return left_open(numerator, denominator) or self.nothing
        value = per * numerator.value / denominator.value
        if self.exact:
            return PublishedValue(value)
        return SMALL if denominator.value < SHARE_FROM else PublishedValue(round(value, decimals(value)))

    def _event_base(self, cell: Cell, scale: int = 1) -> int | None:
        """Return the base to which a number of events is rounded, None when no base covers the busiest unit."""
        least = 0 if self.clients(cell).value is not None else ANONYMOUS_BASE
        return next((base * scale for base in EVENT_BASES if base >= least and base * scale >= cell.m), None)

    def _rounded(self, key_sum: int, count: int, value: int, base: int) -> int:
        """Return `value` rounded to a multiple of `base`, unbiased; the same people always draw the same.

        key_sum, count: of the people. Of two values of the same people and base, the larger is never rounded to less.
        """
        down, rest = value - value % base, value % base
        if rest == 0:
            return value
        # u < rest / base, in whole numbers
        return down + base if self._draw(key_sum, count) * base < rest << 64 else down

    def _draw(self, key_sum: int, count: int) -> int:
        """Return a whole number below `DRAWS` by chance, always the same of the same people."""
        return int.from_bytes(hmac.digest(self.noise_key, b"cell\0%d|%d" % (key_sum, count), "sha256")[:8], "big")

    def draws(self, cell: Cell) -> tuple[int, int]:
        """Return the draws of a cell's clients and of its units, for a sum of several publishers' cells; 0 of nobody."""
        return self._draw(cell.n_key, cell.n) if cell.n else 0, self._draw(cell.u_key, cell.u) if cell.u else 0


class SummedGate(Gate):
    """The gate of a sum of several publishers' cells, whose keys are sums of the draws of each (`Gate.draws`).

    A sum of draws is as much by chance as one of them, for whoever does not know all. Of people whom one publisher alone has it
    is that publisher's own, so they are rounded in the sum as in what it has published: two roundings of the same people
    would tell more than one.
    """

    def __init__(self) -> None:
        super().__init__(PROTECTED, b"")

    def _draw(self, key_sum: int, count: int) -> int:
        return key_sum % DRAWS


def staff_groups(places: Mapping[str, Mapping[date, float]]) -> frozenset[str | None]:
    """Return the places whose staff figures of a year may be published, and None for all places together.

    places: full-time equivalents by place and month of the year. A place needs STAFF_FROM in every known month. So do the
    suppressed places together, because the total minus the published places is a figure about them: where they have
    fewer, the smallest published place is suppressed too (secondary suppression). Decided for a whole year, so that no
    month can be derived from longer periods.

    >>> year = lambda rate: {date(2025, 1, 1): rate}
    >>> sorted(map(str, staff_groups({"a": year(9), "b": year(6), "c": year(1)})))
    ['None', 'a']
    >>> staff_groups({"b": year(3), "c": year(1)})
    frozenset()
    """

    def enough(names: Iterable[str]) -> bool:
        months: dict[date, float] = {}
        for name in names:
            for month, rate in places[name].items():
                months[month] = months.get(month, 0) + rate
        return all(rate >= STAFF_FROM for rate in months.values())

    shown = sorted((name for name in places if enough((name,))), key=lambda name: (-sum(places[name].values()), name))
    while shown and not enough(places.keys() - set(shown)):
        shown.pop()
    return frozenset([*shown, None] if places and enough(places) else ())


def is_shown_share(percent: float) -> bool:
    """Return whether a percentage is between the lowest and the highest that are published.

    >>> [is_shown_share(percent) for percent in (4.4, 4.5, 95.4, 95.5)]
    [False, True, True, False]
    """
    return SHARE_LOW <= int(percent + 0.5) <= SHARE_HIGH


def few_bound_a_share(denominator: float) -> bool:
    """Return whether any suppressed count of clients is below the lowest published percentage of this denominator."""
    return SHARE_LOW * denominator >= 100 * SHOWN_FROM


def _shown(rounded: int, base: int = BASE) -> PublishedValue:
    if rounded >= SHOWN_FROM:
        return PublishedValue(rounded)
    return PublishedValue(None, "small", Bound("under", max(base, SHOWN_FROM)))

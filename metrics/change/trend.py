"""The rule of change for one value: up or down when the 95 % intervals of its two periods do not overlap.

Shares: Wilson's score interval (1927) of the published numerator and denominator. Counts, and rates made of them: the
Poisson interval on the logarithmic scale, n · exp(±1.96 / √n). Survival shares have their own interval. Then the gate's
rounding is added: for clients one less than their base, for events one less than the largest base that divides the
number. Events are clustered by client, so their intervals are as wide as those of `spread` times fewer events
(`metrics.change.noise`), as if all events of a client had the same outcome. Quantiles and means have an interval of
their own, made in the same way where their distribution is known (`metrics.measures.quantiles`, `rates`).

Two intervals of about equal width overlap unless the numbers are 2.8 standard errors of the difference apart: where
nothing has changed, less than one comparison in a hundred (`FALSE_ALARMS`) is reported as a change. A change of
`FOUND_FROM` such standard errors, beyond what rounding can cause, is detected in at least `FOUND` of cases; of rounded
events in `FOUND_ROUNDED`, since a number that a large base divides by chance is assumed to be rounded to it. Callers
use `metrics.change.decision`, which determines the spread as well.
"""

from dataclasses import dataclass
from math import exp, sqrt
from typing import Literal

from metrics.change.noise import base_of_rounding, most_off, most_suppressed
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.model.definition import Definition, definitions
from metrics.model.kinds import Count, Mean, Part, Quantile, Rate, Ratio, Share, ShareAt, TimeToEvent

Direction = Literal["up", "down", "unclear"]

FALSE_ALARMS = 0.01
FOUND_FROM, FOUND, FOUND_ROUNDED = 4.0, 0.8, 0.5
"""Power. FOUND_ROUNDED: of rounded events, whose base is not published."""
Z = 1.96


@dataclass(frozen=True)
class Interval:
    """A 95 % interval, in the unit of its number."""

    lower: float
    upper: float

    def scaled(self, factor: float) -> "Interval":
        """Return the interval of a multiple of the number."""
        return Interval(factor * self.lower, factor * self.upper)


def share_interval(numerator: float, denominator: float, *, off: float = 0, spread: float = 1) -> Interval:
    """Return Wilson's interval in percent.

    off: largest rounding error of the numerator; spread: overdispersion of events.

    >>> found = share_interval(50, 100); round(found.lower, 1), round(found.upper, 1)
    (40.4, 59.6)
    """
    size = denominator / spread

    def end(count: float, side: int) -> float:
        p = min(max(count / denominator, 0.0), 1.0)
        middle, half = p + Z**2 / (2 * size), Z * sqrt(p * (1 - p) / size + Z**2 / (4 * size**2))
        return 100 * (middle + side * half) / (1 + Z**2 / size)

    return Interval(end(numerator - off, -1), end(numerator + off, 1))


def count_interval(count: float, *, off: float = 0, spread: float = 1) -> Interval:
    """Return the log-normal approximation to the Poisson interval of a count above 0.

    off: largest rounding error; spread: overdispersion of events.

    >>> found = count_interval(100); round(found.lower, 1), round(found.upper, 1)
    (82.2, 121.7)
    """
    low, high = max(count - off, 1.0), count + off
    return Interval(low * exp(-Z * sqrt(spread / low)), high * exp(Z * sqrt(spread / high)))


def interval_of(row: Row, *, spread: float | None = 1.0, exact: bool = False) -> Interval | None:
    """Return the interval of a published row; None when it is too small to compare or its kind has no rule.

    spread: overdispersion of the events of its fact, None when not known; exact: values without rounding.
    """
    if row.value is None or row.n is None or row.n < COMPARED_FROM:
        return None
    definition = definitions()[row.metric]
    if brings_interval(definition):
        return None if row.lower is None or row.upper is None else Interval(row.lower, row.upper)
    wide = 1.0 if counts_clients(definition) else spread
    if wide is None:
        return None
    match definition.measure:
        case Share(unit=unit) if row.numerator is not None and row.denominator:
            off = 0 if exact else min(_off(row.numerator, unit), _off(row.denominator, unit))
            return share_interval(row.numerator, row.denominator, off=off, spread=wide)
        case Count(weight=None, unit=unit):
            return count_interval(row.value, off=0 if exact else _off(row.value, unit), spread=wide)
        case Rate(count=Part(unit=unit, weight=None), amount="person_years") if row.numerator and row.value:
            # The amount itself is not published.
            found = count_interval(row.numerator, off=0 if exact else _off(row.numerator, unit), spread=wide)
            return found.scaled(1 / row.denominator if row.denominator else row.value / row.numerator)
        case Rate(count=Part(unit=unit, weight=None), upside="count") if row.numerator and row.denominator:
            found = count_interval(row.numerator, off=0 if exact else _off(row.numerator, unit), spread=wide)
            # Not scaled by the value, which has been rounded once more, to a whole number.
            return found.scaled(definition.measure.per / row.denominator)
        case Rate(count=Part(unit=unit, weight=None), upside="amount") if row.denominator and row.numerator:
            found = count_interval(row.denominator, off=0 if exact else _off(row.denominator, unit), spread=wide)
            return Interval(row.numerator / found.upper, row.numerator / found.lower)
        case Ratio(numerator=Part(weight=None) as top, denominator=bottom, per=per) if (
            row.numerator and row.denominator
        ):
            above = count_interval(row.numerator, off=0 if exact else _off(row.numerator, top.unit), spread=wide)
            below = count_interval(row.denominator, off=0 if exact else _off(row.denominator, bottom.unit))
            return Interval(per * above.lower / below.upper, per * above.upper / below.lower)
    return None


def small_count_interval(row: Row, *, spread: float | None, exact: bool = False) -> Interval | None:
    """Return the interval of a count too small to be compared by itself, also of a suppressed one; None for other kinds.

    A suppressed count is of fewer clients than are shown: at most as many, each with the events that `spread` implies.
    """
    definition = definitions()[row.metric]
    if not isinstance(definition.measure, Count) or definition.measure.weight is not None or spread is None:
        return None
    wide = 1.0 if counts_clients(definition) else spread
    if row.value is None and row.state != "small":
        return None
    if row.value is None:
        return Interval(0.0, count_interval(most_suppressed(row, wide), spread=wide).upper)
    off = 0 if exact else _off(row.value, definition.measure.unit)
    return count_interval(max(row.value, 1.0), off=off, spread=wide)


def direction(
    now: Row | None, before: Row | None, *, spreads: tuple[float | None, float | None] = (1.0, 1.0), exact: bool = False,
    small: bool = False,
) -> Direction | None:  # fmt: skip
    """Return the direction between two published rows; None when not comparable: no value, too few, or no rule.

    spreads: overdispersion of the events behind each row, None when not known; exact: values without rounding; small:
    one of two counts may be too small to be compared by itself, or suppressed.

    >>> rows = [Row("clients", {}, year, value, "clients", n=value) for year, value in (("2026", 480), ("2025", 320))]
    >>> direction(*rows), direction(rows[0], rows[0])
    ('up', 'unclear')
    """
    if now is None or before is None:
        return None
    there, then = (interval_of(r, spread=s, exact=exact) for r, s in zip((now, before), spreads, strict=True))
    if small and (there is None) != (then is None):
        # The number of events per client is known of the larger count only.
        spread = spreads[0] if then is None else spreads[1]
        there = there or small_count_interval(now, spread=spread, exact=exact)
        then = then or small_count_interval(before, spread=spread, exact=exact)
    if there is None or then is None:
        return None
    # Both conditions are needed because of the value's own rounding: 60 % to 60 % is never reported as a rise.
    shown = (now.value or 0) - (before.value or 0)
    if there.lower > then.upper and shown > 0:
        return "up"
    return "down" if there.upper < then.lower and shown < 0 else "unclear"


def brings_interval(definition: Definition) -> bool:
    """Return whether the rows of a metric have an interval of their own, made from the distribution behind them."""
    return isinstance(definition.measure, TimeToEvent | ShareAt | Quantile | Mean)


def counts_clients(definition: Definition) -> bool:
    """Return whether every unit counted is a client of its own, so that there is no overdispersion."""
    match definition.measure:
        case Rate(count=Part(unit=unit)) | Count(unit=unit) | Share(unit=unit):
            return unit == "clients"
        case Ratio(numerator=top, denominator=bottom):
            return top.unit == bottom.unit == "clients"
    return False


def _off(published: float, unit: str) -> float:
    """Return the largest rounding error of a published number."""
    return most_off(base_of_rounding(published, unit))

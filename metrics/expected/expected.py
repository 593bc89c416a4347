"""Observed and expected shares of areas whose clients differ: indirect standardisation from published numbers.

Expected is what the share would be if every client of the area fared as clients alike in the background facts do in the whole
area. Only published numbers are used, so nothing is told that the figures themselves do not tell.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import sqrt
from statistics import NormalDist

from metrics.change.noise import base_of_rounding, rounding_variance
from metrics.change.trend import FALSE_ALARMS, Direction, Z
from metrics.expected.margins import BACKGROUND, Margins, Tell, margins, pair
from metrics.expected.model import WholeArea, fit
from metrics.gate import COMPARED_FROM
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.facts.fact import base_of
from metrics.model.kinds import Share

LEAST_KNOWN = 0.8
"""Least part of the cases whose background must be known and published: of the whole area by fact, and of an area compared."""
_CALLED = NormalDist().inv_cdf(1 - FALSE_ALARMS / 2)

Spread = Callable[[Row], float | None]
"""Returns the overdispersion of the events behind a row; None when not known."""


@dataclass(frozen=True)
class Expectation:
    """An area's share beside the one expected of its clients, in percent.

    ratio: observed / expected; lower, upper: 95 % interval of observed − expected, in percentage points; direction: of a clear
    difference; lacks: why there is none: `few` (too few to be compared), `untold` (its share, or what tells its chance, is not
    published), or the facts whose codes are not known of enough of its cases.
    """

    row: Row
    expected: float | None = None
    ratio: float | None = None
    lower: float | None = None
    upper: float | None = None
    direction: Direction | None = None
    lacks: tuple[str, ...] = ()
    clients: Margins | None = None
    """Who they are, where there is an expectation."""


@dataclass(frozen=True)
class Comparison:
    """Areas beside what is expected of them.

    facts: those taken into account; left_out: those too often not known in the whole area.
    """

    facts: tuple[str, ...]
    left_out: tuple[str, ...]
    areas: tuple[Expectation, ...]


def background(metric: str, filtered: Sequence[str] = ()) -> tuple[str, ...]:
    """Return the facts that a share can be adjusted for; none of another kind of figure. filtered: dimensions fixed already."""
    definition = definitions()[metric]
    if not isinstance(definition.measure, Share):
        return ()
    fixed = {base_of(name) for name in filtered}
    return tuple(fact for fact in BACKGROUND if fact in definition.allowed and base_of(fact) not in fixed)


def compare(
    metric: str, dimension: str, facts: Sequence[str], tell: Tell, spread: Spread, *, exact: bool
) -> Comparison:
    """Return the areas of a dimension (`municipality`, `region` …) beside what is expected of them, in the order of its codes.

    facts: as `background`; tell: the share's published rows, by at most two dimensions; exact: values without rounding. Raises
    what `tell` does.
    """
    totals = tell((dimension,))
    every = {fact: tell((fact,)) for fact in facts}
    whole = margins(metric, tell(())[0], every)
    used = tuple(fact for fact in facts if whole and whole.known[fact] >= LEAST_KNOWN)
    left_out = tuple(fact for fact in facts if fact not in used)
    if whole is None or not used:
        why = ("untold",) if whole is None else left_out
        return Comparison((), left_out if whole else (), tuple(Expectation(total, lacks=why) for total in totals))
    pairs = {two: pair(metric, two, tell(two), whole.total) for two in combinations(used, 2)}
    model = fit(whole, used, pairs)
    of_area = {fact: _by_code(tell((dimension, fact)), dimension) for fact in used}
    return Comparison(
        used, left_out,
        tuple(
            _expectation(model, total, {fact: of_area[fact].get(total.codes[dimension], ()) for fact in used}, spread, exact)
            for total in totals
        ),
    )  # fmt: skip


def _expectation(
    model: WholeArea, total: Row, by_fact: Mapping[str, Sequence[Row]], spread: Spread, exact: bool
) -> Expectation:
    if total.value is None:
        return Expectation(total, lacks=("untold",))
    if (total.n or 0) < COMPARED_FROM:
        return Expectation(total, lacks=("few",))
    own = margins(total.metric, total, by_fact)
    wide = spread(total)
    if own is None or wide is None:
        return Expectation(total, lacks=("untold",))
    lacks = tuple(fact for fact, known in own.known.items() if known < LEAST_KNOWN)
    if lacks:
        return Expectation(total, lacks=lacks)
    cases = model.cases_of(own)
    met = float((cases * model.rates).sum())
    variance = wide * model.error(cases)
    if not exact:
        variance += rounding_variance(base_of_rounding(own.total_met, _unit(total)))
    error = sqrt(variance)
    apart = own.total_met - met
    called: Direction = "unclear" if not error or abs(apart) <= _CALLED * error else "up" if apart > 0 else "down"
    part = 100 / own.total
    ratio = own.total_met / met if met else None
    return Expectation(
        total, part * met, ratio, part * (apart - Z * error), part * (apart + Z * error), called, clients=own
    )  # fmt: skip


def _unit(row: Row) -> str:
    return definitions()[row.metric].counted_unit


def _by_code(rows: Sequence[Row], dimension: str) -> dict[str, list[Row]]:
    found: dict[str, list[Row]] = {}
    for row in rows:
        found.setdefault(row.codes[dimension], []).append(row)
    return found

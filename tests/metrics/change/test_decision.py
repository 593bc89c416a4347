"""The one decision: at most the stated false alarms where nothing has changed, the stated power where something has.

Years are drawn with a known truth, made into cells, sent through the gate, and judged by `decide`: the product's own functions.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from math import sqrt

import numpy as np
import pytest

from metrics.audience import Audience
from metrics.change.decision import decide, queried_totals, spread_behind, stored_totals
from metrics.change.noise import spread_of
from metrics.change.trend import FALSE_ALARMS, FOUND, FOUND_FROM, FOUND_ROUNDED, Direction, direction
from metrics.gate import Cell, Gate, PublishedValue
from metrics.grammar.answer import Answer, Row
from metrics.grammar.question import Question, QuestionError

PAIRS = 2000
RESIDENTS = 250_000
Clients = np.ndarray
"""Events of each client of a year."""
Rows = tuple[Row, Row | None]
"""A published row, and that of its total where it does not say its clients itself."""
Draw = Callable[[str], Rows]
"""Draws a year of some truth."""


def row(
    metric: str, value: float | None, unit: str, period: str = "2026", *, n: float | None,
    top: float | None = None, bottom: float | None = None,
) -> Row:  # fmt: skip
    return Row(metric, {}, period, value, unit, n=n, numerator=top, denominator=bottom)


class World:
    """Years of one kind of figure, with a gate of its own."""

    def __init__(self, audience: Audience, seed: int) -> None:
        self.random = np.random.default_rng(seed)
        self.gate = Gate(audience, b"noise")
        self.exact = audience == "internal"

    def clients(self, expected: float, each: float) -> Clients:
        """A year's clients, a Poisson number of them, with a geometric number of events of which `each` is the mean."""
        count = self.random.poisson(expected)
        return self.random.geometric(1 / each, count) if each > 1 else np.ones(count, dtype=int)

    def cell(self, events: Clients) -> Cell:
        seen = events[events > 0]
        key = int(self.random.integers(1, 2**60))
        n = len(seen)
        return Cell(n=n, n_key=key, u=n, u_key=key, e=int(seen.sum()), m=int(seen.max(initial=0)))

    def people(self, year: str, expected: float, each: float = 1) -> Rows:
        cell = self.cell(self.clients(expected, each))
        value = self.gate.clients(cell)
        return row("clients", value.value, "clients", year, n=value.value), None

    def events(self, year: str, expected: float, each: float, metric: str = "encounters") -> Rows:
        cell = self.cell(self.clients(expected / each, each))
        return row(metric, self.gate.events(cell).value, metric, year, n=self.gate.clients(cell).value), None

    def share(self, year: str, people: float, each: float, share: float) -> Rows:
        """All events of a client go the same way: the most bundled a share can be."""
        events = self.clients(people, each)
        good = self.cell(events[self.random.random(len(events)) < share])
        whole = self.cell(events)
        top, bottom = self.gate.events(good), self.gate.events(whole)
        value = self.gate.share(top, bottom, clients=False)
        total = row("encounters", bottom.value, "encounters", year, n=self.gate.clients(whole).value)
        return row("solved_share", value.value, "%", year, n=bottom.value, top=top.value, bottom=bottom.value), total

    def newcomers(self, year: str, people: float, share: float) -> Rows:
        """A share of clients."""
        events = self.clients(people, 1)
        top = self.gate.clients(self.cell(events[self.random.random(len(events)) < share]))
        bottom = self.gate.clients(self.cell(events))
        value = self.gate.share(top, bottom, clients=True)
        return row("newcomer_share", value.value, "%", year, n=bottom.value, top=top.value, bottom=bottom.value), None

    def reach(self, year: str, people: float) -> Rows:
        """Clients per 1 000 residents: a rate that is rounded once more, to a whole number."""
        count, amount = self.gate.clients(self.cell(self.clients(people, 1))), PublishedValue(RESIDENTS)
        value = self.gate.ratio(count, amount, 1000)
        return row(
            "reach_per_1000", value.value, "per_1000", year, n=count.value, top=count.value, bottom=amount.value
        ), None

    def workload(self, year: str, expected: float, each: float) -> Rows:
        """Encounters per person-year, whose clients only its total tells."""
        total, _ = self.events(year, expected, each)
        value = PublishedValue(round(total.value / 3.5, 1)) if total.value else PublishedValue(None, "small")
        return row(
            "encounters_per_person_year",
            value.value,
            "per_person_year",
            year,
            n=total.value,
            top=total.value,
            bottom=3.5,
        ), total

    def told(self, now: Draw, before: Draw, pairs: int = PAIRS) -> list[Direction | None]:
        """What is decided of pairs of years, each drawn anew."""
        return [self._told(now("2026"), before("2025")) for _ in range(pairs)]

    def _told(self, now: Rows, before: Rows) -> Direction | None:
        totals = stored_totals([total for _, total in (now, before) if total is not None])
        return decide(now[0], before[0], totals, exact=self.exact)

    def alarms(self, draw: Draw) -> float:
        """How often two years of one truth are told apart."""
        found = self.told(draw, draw)
        return sum(one in ("up", "down") for one in found) / len(found)


def later(before: float, spread: float, off: float) -> float:
    """What a count grows to that is to be found: `FOUND_FROM` standard errors of the difference, beyond rounding."""
    now = before
    for _ in range(20):
        now = before + FOUND_FROM * sqrt(spread * (now + before)) + 2 * off
    return now


def later_share(share: float, people: float, each: float, off: float) -> float:
    """The same of a share of the events of so many people."""
    now, size = share, people * each / spread_of(each)
    for _ in range(20):
        now = share + FOUND_FROM * sqrt((share * (1 - share) + now * (1 - now)) / size) + 2 * off / (people * each)
    return now


BOTH: tuple[Audience, ...] = ("internal", "protected")
BUNDLES = (1, 3, 10)


@pytest.mark.parametrize("audience", BOTH)
@pytest.mark.parametrize("expected", [100, 300, 3000])
def test_clients_and_their_rates_that_have_not_changed(audience: Audience, expected: float) -> None:
    world = World(audience, 1)
    assert world.alarms(partial(world.people, expected=expected)) <= FALSE_ALARMS
    assert world.alarms(partial(world.reach, people=expected)) <= FALSE_ALARMS
    for share in (0.1, 0.5, 0.9):
        assert world.alarms(partial(world.newcomers, people=expected, share=share)) <= FALSE_ALARMS


@pytest.mark.parametrize("audience", BOTH)
@pytest.mark.parametrize("each", BUNDLES)
@pytest.mark.parametrize("people", [150, 1000])
def test_events_in_bundles_that_have_not_changed(audience: Audience, each: int, people: int) -> None:
    world, expected = World(audience, 2), people * each
    assert world.alarms(partial(world.events, expected=expected, each=each)) <= FALSE_ALARMS
    assert world.alarms(partial(world.workload, expected=expected, each=each)) <= FALSE_ALARMS
    assert world.alarms(partial(world.share, people=people, each=each, share=0.7)) <= FALSE_ALARMS


@pytest.mark.parametrize("audience", BOTH)
@pytest.mark.parametrize("each", BUNDLES)
@pytest.mark.parametrize("people", [200, 1000])
def test_a_real_change_is_found(audience: Audience, each: int, people: int) -> None:
    """In its direction, both ways, with the power the rule states."""
    world = World(audience, 3)
    # The least base that holds the busiest client.
    off = 0 if audience == "internal" else {1: 4, 3: 24, 10: 99}[each]
    few, share = people * each, later_share(0.5, people, each, off)
    many = later(few, spread_of(each), off)
    pairs: dict[str, tuple[Draw, Draw]] = {
        "events": (partial(world.events, expected=few, each=each), partial(world.events, expected=many, each=each)),
        "workload": (
            partial(world.workload, expected=few, each=each),
            partial(world.workload, expected=many, each=each),
        ),
        "share": (
            partial(world.share, people=people, each=each, share=0.5),
            partial(world.share, people=people, each=each, share=share),
        ),
    }
    if each == 1:
        pairs["clients"] = (partial(world.people, expected=few), partial(world.people, expected=many))
    for name, (low, high) in pairs.items():
        grown, fallen = world.told(high, low, 500), world.told(low, high, 500)
        power = FOUND_ROUNDED if audience == "protected" and name != "clients" else FOUND
        assert min(grown.count("up"), fallen.count("down")) >= power * 500, name
        assert grown.count("down") == fallen.count("up") == 0, name


def test_without_the_events_per_client_it_would_cry_wolf() -> None:
    world = World("internal", 4)
    pairs = [[world.events(year, 3000, 3)[0] for year in ("2026", "2025")] for _ in range(500)]
    assert sum(direction(*pair, exact=True) in ("up", "down") for pair in pairs) > 5 * FALSE_ALARMS * 500


NONE = stored_totals(())


@pytest.mark.parametrize(
    ("now", "before", "exact", "expected"),
    [
        # 400 · exp(±1.96/√400) = 362.7 … 441.2 and 500 · exp(±1.96/√500) = 458.1 … 545.8.
        (500, 400, True, "up"),
        (400, 500, True, "down"),
        # 480 · exp(−1.96/√480) = 438.9 < 441.2.
        (480, 400, True, "unclear"),
        # Rounded by up to four: 496 · exp(−1.96/√496) = 454.2 against 404 · exp(1.96/√404) = 445.4.
        (500, 400, False, "up"),
        # 486 · exp(−1.96/√486) = 444.6 < 445.4.
        (490, 400, False, "unclear"),
        (79, 400, True, None),
        (80, 400, True, "down"),
        (None, 400, False, None),
    ],
)
def test_clients_by_hand(now: float | None, before: float, exact: bool, expected: str | None) -> None:
    later, earlier = (row("clients", value, "clients", n=value) for value in (now, before))
    assert decide(later, earlier, NONE, exact=exact) == expected


@pytest.mark.parametrize(
    ("clients", "expected"),
    [
        # One event each: 1000 · exp(±1.96/√1000) = 939.9 … 1063.9 against 1250 · exp(−1.96/√1250) = 1182.6.
        (None, "up"),
        # Four each, spread 2 · 4 − 1 = 7: 1000 · exp(1.96 · √(7/1000)) = 1178.2 > 1250 · exp(−1.96 · √(7/1250)) = 1079.5.
        (4, "unclear"),
    ],
)
def test_events_by_hand(clients: int | None, expected: str) -> None:
    each = clients or 1
    now, before = (row("encounters", value, "encounters", n=value / each) for value in (1250, 1000))
    assert decide(now, before, NONE, exact=True) == expected


def test_a_share_by_hand() -> None:
    """60 % and 50 % of 500: Wilson 55.6–64.2 and 45.6–54.4 with one event a client. With three, of 100 (spread 5): 50.2–69.1 and
    40.4–59.6. Without a total, not told."""
    now, before = (
        row("solved_share", value, "%", period, n=500, top=5 * value, bottom=500)
        for period, value in (("2026", 60), ("2025", 50))
    )
    for clients, expected in ((500, "up"), (500 / 3, "unclear")):
        totals = stored_totals([row("encounters", 500, "encounters", period, n=clients) for period in ("2026", "2025")])
        assert decide(now, before, totals, exact=True) == expected
    assert decide(now, before, NONE, exact=True) is None
    assert decide(now, None, NONE, exact=True) is None


def test_a_rate_is_not_judged_by_the_rounding_of_its_value() -> None:
    """3 120 and 3 130 of 250 000 residents: 12.48 and 12.52 per thousand, shown as 12 and 13."""
    now, before = (
        row("reach_per_1000", value, "per_1000", n=count, top=count, bottom=RESIDENTS)
        for value, count in ((13, 3130), (12, 3120))
    )
    assert decide(now, before, NONE, exact=False) == "unclear"


def test_nobody_is_told_of_a_growth_between_equal_values() -> None:
    """59.6 % and 60.4 % of 100 000: certainly apart, and shown as 60 % both."""
    now, before = (row("newcomer_share", 60, "%", n=100_000, top=top, bottom=100_000) for top in (60_400, 59_600))
    assert decide(now, before, NONE, exact=False) == "unclear"


def test_the_total_is_of_the_same_cell() -> None:
    """Codes and period of the row; a question that the total cannot answer leaves the spread unknown."""
    seen: list[Question] = []

    def asking(question: Question) -> Answer:
        seen.append(question)
        if "found_via" in question.dimensions:
            raise QuestionError("unknown_dimension")
        total = Row(question.metrics[0], {}, question.period, 900, "encounters", n=300)
        return Answer(question, (total,), 1, None, None)

    share = Row("solved_share", {"language": "so", "municipality": "049"}, "2025-03", 50, "%", n=900)
    assert spread_behind(share, queried_totals(asking, "protected")) == spread_of(3)
    where = (("language", ("so",)), ("municipality", ("049",)))
    assert seen == [Question(("encounters",), where=where, period="2025-03")]
    other = Row("solved_share", {"found_via": "friend"}, "2025-03", 50, "%", n=900)
    assert spread_behind(other, queried_totals(asking, "protected")) is None
    assert spread_behind(row("clients", 500, "clients", n=500), NONE) == 1
    assert spread_behind(row("referrals", 500, "referrals", n=250), NONE) == spread_of(2)

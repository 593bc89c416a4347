"""The interval of each kind of figure, counted by hand, and the decision at its edges."""

from __future__ import annotations

from math import exp, sqrt
from typing import Any

import pytest

from metrics.change.trend import (
    FALSE_ALARMS,
    FOUND,
    FOUND_FROM,
    FOUND_ROUNDED,
    Interval,
    Z,
    count_interval,
    counts_clients,
    direction,
    interval_of,
    share_interval,
    small_count_interval,
)
from metrics.gate import COMPARED_FROM, SHOWN_FROM
from metrics.grammar.answer import Row
from metrics.model.definition import definitions
from metrics.model.kinds import Part, Ratio


def row(metric: str, value: float | None, top: float | None = None, bottom: float | None = None, **other: Any) -> Row:
    return Row(metric, {}, "2025", value, "", **{"n": 500.0, "numerator": top, "denominator": bottom} | other)


def ends(found: Interval | None) -> tuple[float, float]:
    assert found is not None
    return found.lower, found.upper


def near(lower: float, upper: float) -> Any:
    return pytest.approx((lower, upper))


def poisson(count: float, off: float = 0, spread: float = 1) -> tuple[float, float]:
    """A count and its interval, each end moved by rounding first."""
    low, high = count - off, count + off
    return low * exp(-1.96 * sqrt(spread / low)), high * exp(1.96 * sqrt(spread / high))


def test_an_interval_of_a_count() -> None:
    assert ends(count_interval(400)) == near(*poisson(400))
    assert ends(count_interval(400, off=4, spread=6)) == near(*poisson(400, 4, 6))
    # Rounding leaves at least one.
    assert count_interval(3, off=4).lower == pytest.approx(exp(-1.96))
    assert count_interval(2.5, off=1).lower == pytest.approx(1.5 * exp(-1.96 * sqrt(1 / 1.5)))
    assert ends(Interval(3, 5).scaled(0.5)) == (1.5, 2.5)


def test_an_interval_of_a_share_stays_between_nothing_and_everything() -> None:
    assert share_interval(2, 100, off=5).lower == pytest.approx(0, abs=1e-9)
    assert share_interval(98, 100, off=5).upper == pytest.approx(100, abs=1e-9)
    assert ends(share_interval(50, 100, spread=4)) == near(*ends(share_interval(12.5, 25)))
    assert share_interval(50, 100, off=5).upper == share_interval(55, 100).upper
    assert share_interval(50, 100, off=5).lower == share_interval(45, 100).lower


@pytest.mark.parametrize(
    ("top", "bottom", "spread", "lower", "upper"),
    [(50, 100, 1, 40.38, 59.62), (10, 40, 1, 14.19, 40.19), (0, 50, 1, 0, 7.13), (20, 80, 4, 11.19, 46.87)],
)
def test_wilsons_interval_in_numbers(top: float, bottom: float, spread: float, lower: float, upper: float) -> None:
    assert ends(share_interval(top, bottom, spread=spread)) == pytest.approx((lower, upper), abs=0.006)


@pytest.mark.parametrize(
    ("value", "n", "is_compared"),
    [
        (400, COMPARED_FROM - 1, False),
        (400, COMPARED_FROM, True),
        (400, COMPARED_FROM + 1, True),
        (400, None, False),
        (None, 500, False),
        (None, None, False),
    ],
)
def test_from_how_many_a_number_is_compared(value: float | None, n: float | None, *, is_compared: bool) -> None:
    assert (interval_of(row("clients", value, n=n)) is not None) == is_compared


def test_values_are_rounded_unless_said_to_be_exact() -> None:
    assert interval_of(row("clients", 400)) == interval_of(row("clients", 400), exact=False)
    small = row("clients", 40, n=40)
    assert small_count_interval(small, spread=1) == small_count_interval(small, spread=1, exact=False)
    # They lie apart only if neither may be off by four.
    pair = row("clients", 470), row("clients", 385)
    assert [direction(*pair, exact=exact) for exact in (True, False)] == ["up", "unclear"]
    assert direction(*pair) == "unclear"


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 4)])
def test_counts_of_clients(*, exact: bool, off: float) -> None:
    found = interval_of(row("clients", 400), spread=6, exact=exact)  # each client is one, whatever the events do
    assert ends(found) == near(*poisson(400, off))


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 24)])
def test_counts_of_events(*, exact: bool, off: float) -> None:
    assert ends(interval_of(row("encounters", 425), spread=6, exact=exact)) == near(*poisson(425, off, 6))
    assert ends(interval_of(row("encounters", 425), exact=exact)) == near(*poisson(425, off))
    assert interval_of(row("encounters", 425), spread=None) is None
    assert interval_of(row("interpreting_need_hours", 425)) is None


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 4)])
def test_shares(*, exact: bool, off: float) -> None:
    """The rounding of the smaller base counts, here of 305 among 425 events: five against twenty-five."""
    found = interval_of(row("solved_share", 72, 305, 425), spread=3, exact=exact)
    assert ends(found) == near(*ends(share_interval(305, 425, off=off, spread=3)))
    assert ends(interval_of(row("newcomer_share", 0, 0, 400), spread=None, exact=exact)) == near(
        *ends(share_interval(0, 400, off=off))
    )
    assert interval_of(row("solved_share", 72, None, 425)) is None
    assert interval_of(row("solved_share", 72, 305, None)) is None


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 4)])
def test_clients_per_thousand_residents(*, exact: bool, off: float) -> None:
    low, high = poisson(405, off)
    found = interval_of(row("reach_per_1000", 41, 405, 10_000), exact=exact)
    assert ends(found) == near(low / 10, high / 10)
    assert interval_of(row("reach_per_1000", 41, 405, None)) is None
    assert interval_of(row("reach_per_1000", 41, None, 10_000)) is None


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 24)])
def test_events_per_person_year(*, exact: bool, off: float) -> None:
    low, high = poisson(1525, off, 2)
    found = interval_of(row("encounters_per_person_year", 381, 1525, 4), spread=2, exact=exact)
    assert ends(found) == near(low / 4, high / 4)
    # Where the amount is not published, the value tells it.
    found = interval_of(row("encounters_per_person_year", 381.25, 1525, None), spread=2, exact=exact)
    assert ends(found) == near(low / 4, high / 4)
    assert interval_of(row("encounters_per_person_year", 381, None, 4), exact=exact) is None
    assert interval_of(row("encounters_per_person_year", 0, 1525, None), exact=exact) is None


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 4)])
def test_euros_per_client(*, exact: bool, off: float) -> None:
    low, high = poisson(405, off)
    found = interval_of(row("euros_per_client", 247, 100_000, 405), exact=exact)
    assert ends(found) == near(100_000 / high, 100_000 / low)
    assert interval_of(row("euros_per_client", 247, None, 405)) is None
    assert interval_of(row("euros_per_client", 247, 100_000, None)) is None


@pytest.mark.parametrize(("exact", "offs"), [(True, (0, 0)), (False, (24, 4))])
def test_ratios(*, exact: bool, offs: tuple[float, float]) -> None:
    """Events per client, each widened; and per thousand."""
    above, below = poisson(1525, offs[0], 3), poisson(405, offs[1])
    ratio = interval_of(row("encounters_per_client", 3.8, 1525, 405), spread=3, exact=exact)
    assert ends(ratio) == near(above[0] / below[1], above[1] / below[0])
    thousand = interval_of(row("to_competence_centre", 3765, 1525, 405), spread=3, exact=exact)
    assert ends(thousand) == near(1000 * above[0] / below[1], 1000 * above[1] / below[0])
    assert interval_of(row("encounters_per_client", 3.8, 1525, None)) is None
    assert interval_of(row("encounters_per_client", 3.8, None, 405)) is None


def test_shares_of_people_followed_bring_their_own_interval() -> None:
    assert ends(interval_of(row("employed_by", 40, lower=35.0, upper=45.0), spread=None)) == (35, 45)
    assert interval_of(row("employed_by", 40, lower=35.0)) is None
    assert interval_of(row("employed_by", 40, upper=45.0)) is None


def test_what_is_a_count_of_single_clients() -> None:
    alone = {"clients", "new_clients", "active_clients", "newcomer_share", "language_gain", "reach_per_1000"}
    alone |= {"euros_per_client", "euros_per_employed", "unrecorded_work"}
    alone |= {"centre_referred", "centre_starters", "training_starters", "work_starters"}
    found = {metric: counts_clients(definition) for metric, definition in definitions().items()}
    assert {metric for metric, is_alone in found.items() if is_alone} == alone
    assert set(found.values()) == {True, False}


@pytest.mark.parametrize(
    ("top", "bottom", "alone"),
    [
        ("clients", "clients", True),
        ("events", "clients", False),
        ("clients", "events", False),
        ("events", "events", False),
    ],
)
def test_of_which_ratios_both_counts_are_of_single_clients(top: Any, bottom: Any, *, alone: bool) -> None:
    measure = Ratio(kind="index", numerator=Part(unit=top), denominator=Part(unit=bottom), per=1)
    definition = definitions()["encounters_per_client"].model_copy(update={"measure": measure})
    assert counts_clients(definition) == alone


def followed(value: float, lower: float, upper: float) -> Row:
    return row("employed_by", value, lower=lower, upper=upper)


@pytest.mark.parametrize(
    ("now", "before", "way"),
    [
        ((50, 46, 54), (40, 36, 45.9), "up"),
        ((50, 46, 54), (40, 36, 46), "unclear"),
        ((50, 46, 54), (60, 54.1, 66), "down"),
        ((50, 46, 54), (60, 54, 66), "unclear"),
        # The intervals lie apart, but the published numbers are the same, or one higher.
        ((50, 50.2, 50.4), (50, 49.7, 50.1), "unclear"),
        ((50, 49.7, 49.9), (50, 50.0, 50.4), "unclear"),
        ((50.5, 50.2, 50.6), (50, 49.7, 50.1), "up"),
        ((49.5, 49.2, 49.6), (50, 49.7, 50.1), "down"),
        ((0.4, 0.2, 0.6), (0, 0.0, 0.1), "up"),
        ((0, 0.0, 0.1), (0.4, 0.2, 0.6), "down"),
        ((0, 0.2, 0.4), (0, 0.0, 0.1), "unclear"),
        ((0, 0.0, 0.1), (0, 0.2, 0.4), "unclear"),
    ],
)
def test_the_decision_at_its_edges(
    now: tuple[float, float, float], before: tuple[float, float, float], way: str
) -> None:
    assert direction(followed(*now), followed(*before)) == way


def test_each_side_is_as_wide_as_its_own_events() -> None:
    now, before = row("encounters", 1105), row("encounters", 905)
    assert direction(now, before) == direction(now, before, spreads=(1.0, 1.0)) == "up"
    assert direction(now, before, spreads=(9.0, 1.0)) == "unclear"
    assert direction(now, before, spreads=(1.0, 9.0)) == "unclear"
    assert direction(now, before, spreads=(None, 1.0)) is None
    assert direction(now, before, spreads=(1.0, None)) is None
    # In exact numbers 1 045 may be 984, 1 050 at least 988; 925 may be 987.
    assert direction(row("encounters", 1045), row("encounters", 925), exact=True) == "unclear"
    assert direction(row("encounters", 1050), row("encounters", 925), exact=True) == "up"


@pytest.mark.parametrize(("exact", "off"), [(True, 0), (False, 4)])
def test_a_small_count_has_an_interval_as_any_other(*, exact: bool, off: float) -> None:

    def found(metric: str, count: float) -> tuple[float, float]:
        return ends(small_count_interval(row(metric, count, n=count), spread=6.0, exact=exact))

    assert found("clients", 40) == near(*poisson(40, off))
    assert found("encounters", 35) == near(*poisson(35, off, 6))
    # None at all, as far as one can tell: of one, no lower than one.
    assert found("clients", 0) == near(exp(-1.96), poisson(1 + off)[1])


@pytest.mark.parametrize(
    ("metric", "spread", "most"), [("clients", 6, 1), ("encounters", 6, 3.5), ("encounters", 1, 1)]
)
def test_a_suppressed_count_is_of_fewer_clients_than_are_shown(metric: str, spread: float, most: float) -> None:
    found = small_count_interval(row(metric, None, n=None, state="small"), spread=spread)
    wide = 1 if metric == "clients" else spread
    assert ends(found) == near(0, poisson(SHOWN_FROM * most, 0, wide)[1])


@pytest.mark.parametrize(
    ("metric", "value", "state", "spread"),
    [
        ("encounters", 35, "shown", None),  # how many events a client has is not known
        ("encounters", None, "small", None),
        ("clients", None, "not_recorded", 1),  # hidden for another reason than its size
        ("clients", None, "no_data", 1),
        ("interpreting_need_hours", 40, "shown", 1),
        ("solved_share", 40, "shown", 1),
        ("solved_share", None, "small", 1),
        ("reach_per_1000", 40, "shown", 1),
    ],
)
def test_what_has_no_interval_when_it_is_small(
    metric: str, value: float | None, state: str, spread: float | None
) -> None:
    assert small_count_interval(row(metric, value, 20, 50, n=50, state=state), spread=spread) is None


@pytest.mark.parametrize(
    ("now", "before", "way"),
    [
        (row("clients", 40, n=40), row("clients", 400), "down"),
        (row("clients", 400), row("clients", 40, n=40), "up"),
        (row("clients", 75, n=75), row("clients", 85), "unclear"),
        (row("clients", None, n=None, state="small"), row("clients", 400), "down"),
        (row("clients", 400), row("clients", None, n=None, state="small"), "up"),
        (row("clients", 20, n=20), row("clients", 70, n=70), None),  # both are small
        (row("clients", 400), row("clients", None, n=None, state="no_data"), None),
        (row("solved_share", 90, 36, 40, n=40), row("solved_share", 20, 100, 500), None),  # no count
        (None, row("clients", 400), None),
        (row("clients", 400), None, None),
    ],
)
def test_a_small_count_beside_a_large_one(now: Row | None, before: Row | None, way: str | None) -> None:
    assert direction(now, before, small=True) == way
    if way != "unclear" and now is not None:
        assert direction(now, before) is None


def test_two_large_counts_are_compared_as_ever_where_small_ones_may_be() -> None:
    pair = row("encounters", 1105), row("encounters", 905)
    assert direction(*pair, small=True) == "up"
    assert direction(*pair, small=True, spreads=(9.0, 1.0)) == direction(*pair, spreads=(9.0, 1.0)) == "unclear"


@pytest.mark.parametrize("way", ["down", "up"])
def test_of_a_small_count_of_events_the_larger_one_tells_how_many_a_client_has(way: str) -> None:
    few, many = row("encounters", 35, n=35), row("encounters", 1105)

    def told(spread: float | None, *, exact: bool = False) -> str | None:
        """The spread of the larger one is known, that of the smaller one is not."""
        if way == "down":
            return direction(few, many, spreads=(None, spread), small=True, exact=exact)
        return direction(many, few, spreads=(spread, None), small=True, exact=exact)

    assert [told(4.0), told(4.0, exact=True), told(400.0), told(None)] == [way, way, "unclear", None]


def test_what_the_rule_promises() -> None:
    assert (FALSE_ALARMS, FOUND_FROM, FOUND, FOUND_ROUNDED, Z) == (0.01, 4.0, 0.8, 0.5, 1.96)

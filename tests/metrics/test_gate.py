"""The gate alone: rounding, hiding, shares. Store-wide invariants and the attack are in test_disclosure.py."""

import hmac
from datetime import date
from fractions import Fraction
from math import sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from metrics import gate
from metrics.gate import (
    ANONYMOUS_BASE,
    EVENT_BASES,
    NO_CASES,
    OF_FILES,
    OVER_HIGH,
    SMALL,
    UNDER_LOW,
    Bound,
    Cell,
    Gate,
    PublishedValue,
    decimals,
    few_bound_a_share,
    left_open,
    limits,
    staff_groups,
    under_shown,
)

KEY = bytes(range(32))
JANUARY, FEBRUARY = date(2025, 1, 1), date(2025, 2, 1)
UNDER_TEN = Bound("under", 10)
PROTECTED, INTERNAL = Gate("protected", KEY), Gate("internal", KEY)

key_sums = st.integers(0, 2**80)
small_first = st.one_of(st.integers(0, 30), st.integers(0, 10**7))


def cell(n: int, key: int = 12345, e: int | None = None, m: int = 1) -> Cell:
    return Cell(n, key, n, key, n if e is None else e, m)


@given(small_first, key_sums)
def test_clients_are_multiples_of_five_from_ten_and_never_more_than_four_off(n: int, key: int) -> None:
    published = PROTECTED.clients(cell(n, key))
    if published.value is None:
        assert published == PublishedValue(None, "small", bound=UNDER_TEN)
        assert n <= 9
    else:
        assert published.value % 5 == 0
        assert published.value >= 10
        assert abs(published.value - n) <= 4
        assert n >= 6


def test_zero_and_small_look_the_same() -> None:
    assert {PROTECTED.clients(cell(n, key)) for n in range(6) for key in range(50)} == {
        PublishedValue(None, "small", UNDER_TEN)
    }


def test_rounding_is_the_stated_hmac_in_exact_arithmetic() -> None:
    """A second implementation: u = HMAC(key, "cell\\0" K | n) / 2^64 as a fraction, up when u < r / 5."""
    for n in range(10, 60):
        for key_sum in (0, 1, 2**61 - 1, 3 * 2**62 + n):
            digest = hmac.new(KEY, f"cell\0{key_sum}|{n}".encode(), "sha256").digest()
            u = Fraction(int.from_bytes(digest[:8], "big"), 2**64)
            expected = n - n % 5 + (5 if u < Fraction(n % 5, 5) else 0)
            assert PROTECTED.clients(cell(n, key_sum)).value == expected


def test_rounding_is_unbiased_over_many_key_sums() -> None:
    """The mean error of 20 000 cells is within four standard errors of nought for every remainder."""
    times = 20_000
    for n in range(20, 25):
        errors = [int(PROTECTED.clients(cell(n, key)).value or 0) - n for key in range(times)]
        part = n % 5 / 5
        assert abs(sum(errors) / times) <= 4 * 5 * sqrt(part * (1 - part) / times)


def test_another_noise_key_gives_other_noise() -> None:
    other = Gate("protected", bytes(32))
    assert any(PROTECTED.clients(cell(23, k)) != other.clients(cell(23, k)) for k in range(20))


@given(small_first, key_sums, st.integers(1, 400), st.integers(1, 20))
def test_events_are_rounded_to_a_base_that_covers_the_busiest_unit(n: int, key: int, m: int, spread: int) -> None:
    found = PROTECTED.events(cell(n, key, e=n * spread, m=m))
    if found.value is None:
        return
    base = next(b for b in EVENT_BASES if b >= m)
    assert found.value % base == 0
    assert found.value >= 10
    assert abs(found.value - n * spread) < base


@given(st.integers(0, 10**6), key_sums)
def test_events_are_hidden_with_their_clients(events: int, key: int) -> None:
    for n in range(10):
        clients, found = PROTECTED.clients(cell(n, key)), PROTECTED.events(cell(n, key, e=events, m=1))
        if clients.value is None:
            assert found.value is None


def test_events_of_one_very_busy_unit_are_not_shown() -> None:
    assert PROTECTED.events(cell(500, e=9000, m=251)) == SMALL
    assert PROTECTED.events(cell(500, e=9000, m=250)).value is not None


def test_hours_are_rounded_by_the_busiest_units_minutes() -> None:
    """40 clients, 6 000 minutes, the busiest 300 minutes = 5 hours: the base is 5 hours, so 100 hours stay 100."""
    assert PROTECTED.events(cell(40, e=6000, m=300), scale=60).value == 100
    assert INTERNAL.events(cell(40, e=6030, m=300), scale=60).value == 100.5


def test_internal_values_are_exact() -> None:
    assert INTERNAL.clients(cell(3)).value == 3
    assert INTERNAL.events(cell(3, e=7)).value == 7
    assert INTERNAL.share(PublishedValue(1), PublishedValue(3), clients=True).value == 100 / 3


def test_shares_stand_on_fifty_and_stay_between_five_and_ninety_five() -> None:
    share = PROTECTED.share
    assert share(PublishedValue(20), PublishedValue(45), clients=True) == SMALL
    assert share(PublishedValue(20), PublishedValue(50), clients=True).value == 40
    assert share(PublishedValue(50), PublishedValue(1200), clients=False) == UNDER_LOW
    assert share(PublishedValue(1190), PublishedValue(1200), clients=False) == OVER_HIGH
    assert share(PublishedValue(60), PublishedValue(50), clients=False) == OVER_HIGH


def test_a_hidden_numerator_bounds_a_share_only_when_ten_are_under_five_percent() -> None:
    hidden = PublishedValue(None, "small", UNDER_TEN)
    assert PROTECTED.share(hidden, PublishedValue(200), clients=True) == UNDER_LOW
    assert PROTECTED.share(hidden, PublishedValue(195), clients=True) == SMALL
    assert PROTECTED.share(hidden, PublishedValue(1000), clients=False) == SMALL


def test_ratios_need_fifty_clients_in_the_protected_view() -> None:
    assert PROTECTED.ratio(PublishedValue(100), PublishedValue(45)) == SMALL
    assert PROTECTED.ratio(PublishedValue(130), PublishedValue(60)).value == 2.2
    assert INTERNAL.ratio(PublishedValue(0), PublishedValue(0)) == NO_CASES


# At every threshold: one below, on it, one above. Rounding leaves multiples of the base alone.
@pytest.mark.parametrize(("n", "shown"), [(5, None), (10, 10), (15, 15), (0, None)])
def test_ends_of_clients(n: int, shown: int | None) -> None:
    found = PROTECTED.clients(cell(n))
    assert found == (PublishedValue(None, "small", UNDER_TEN) if shown is None else PublishedValue(shown))


@pytest.mark.parametrize(("n", "seen"), [(9, {None, 10}), (10, {10}), (11, {10, 15}), (6, {None, 10})])
def test_the_cut_at_ten_is_on_the_rounded_number(n: int, seen: set[int | None]) -> None:
    assert {PROTECTED.clients(cell(n, key)).value for key in range(100)} == seen


@pytest.mark.parametrize(("m", "base"), [
    (1, 5), (4, 5), (5, 5), (6, 10), (9, 10), (10, 10), (11, 25), (24, 25), (25, 25), (26, 50), (49, 50), (50, 50), (51, 100),
    (99, 100), (100, 100), (101, 250), (249, 250), (250, 250),
])  # fmt: skip
def test_ends_of_the_bases_of_events(m: int, base: int) -> None:
    """1 001 × base + 1 events fall between two multiples of the base, and on nothing else."""
    seen = {PROTECTED.events(cell(100, key, e=1000 * base + 1, m=m)).value for key in range(2000)}
    assert seen == {1000 * base, 1001 * base}


@pytest.mark.parametrize(("u", "is_shown"), [(5, False), (10, True)])
def test_events_are_shown_from_ten_units_on(u: int, *, is_shown: bool) -> None:
    """Of units, clients or not: here nobody is known by name."""
    found = PROTECTED.events(Cell(0, 0, u, 99, 1000, 1))
    assert found == (PublishedValue(1000) if is_shown else PublishedValue(None, "small", UNDER_TEN))


@pytest.mark.parametrize(("e", "shown"), [(0, None), (5, None), (10, 10), (15, 15)])
def test_ends_of_events(e: int, shown: int | None) -> None:
    found = PROTECTED.events(cell(50, e=e))
    assert found == (PublishedValue(None, "small", UNDER_TEN) if shown is None else PublishedValue(shown))


def test_events_draw_by_units_and_clients_by_clients() -> None:
    """Each from its own key sum and number."""
    for key in range(20):
        digests = [
            hmac.new(KEY, f"cell\0{of}|{count}".encode(), "sha256").digest() for of, count in ((key, 23), (3 * key, 41))
        ]
        up = [int.from_bytes(digest[:8], "big") * 5 < 3 << 64 for digest in digests]
        one = Cell(23, key, 41, 3 * key, 203, 1)
        assert PROTECTED.clients(one).value == 20 + 5 * up[0]
        assert PROTECTED.events(one).value == 200 + 5 * up[1]


def test_one_event_each_is_the_number_of_clients() -> None:
    """There is one noise for one group of people, whatever is counted of them."""
    for n in range(5, 120):
        for key in range(20):
            assert PROTECTED.events(cell(n, key)) == PROTECTED.clients(cell(n, key))


@given(st.integers(0, 300), st.integers(0, 40), st.integers(1, 250), st.integers(0, 300), key_sums, key_sums)
def test_events_are_never_fewer_than_those_who_have_them(
    n: int, anonymous: int, m: int, more: int, key: int, other: int
) -> None:
    u = n + anonymous
    if not u:
        return
    busy = Cell(n, key, u, key if not anonymous else other, u + m - 1 + min(more, (u - 1) * (m - 1)), m)
    clients, events = PROTECTED.clients(busy).value, PROTECTED.events(busy).value
    units = PROTECTED.clients(Cell(u, busy.u_key)).value if clients else 0
    assert events is None or (events >= (clients or 0) and events >= (units or 0))
    least = 0 if clients else ANONYMOUS_BASE
    assert events is None or events < busy.e + next(base for base in EVENT_BASES if base >= max(m, least))


@pytest.mark.parametrize("u", [5, 9, 10, 12, 24, 25, 26, 49, 51, 1000])
def test_where_only_anonymous_visitors_are_shown_events_are_bundled(u: int) -> None:
    """They may all be one person, who comes once a week for half a year without giving a number."""
    seen = {PROTECTED.events(Cell(0, 0, u, key, u, 1)) for key in range(300)}
    down, small = u - u % ANONYMOUS_BASE, PublishedValue(None, "small", Bound("under", ANONYMOUS_BASE))
    hidden = {PublishedValue(None, "small", under_shown())} if u < 10 else set()
    bundles = {PublishedValue(value) if value else small for value in ({down, down + 25} if u % 25 else {u})}
    assert seen == (hidden if u == 5 else hidden | bundles)


def test_suppressed_clients_beside_anonymous_visitors_do_not_make_the_bundle_smaller() -> None:
    """With nine clients hidden the base is that of anonymous visitors; with ten shown it is theirs again."""
    hidden = {PROTECTED.events(Cell(5, key, 51, key + 7, 51, 1)).value for key in range(300)}
    shown = {PROTECTED.events(Cell(10, key, 51, key + 7, 51, 1)).value for key in range(300)}
    assert (hidden, shown) == ({50, 75}, {50, 55})
    assert {PROTECTED.events(Cell(0, 0, 40, key, 3100, 200), scale=60).value for key in range(300)} == {50, 75}


def test_a_busier_client_than_the_bundle_decides_the_base() -> None:
    assert {PROTECTED.events(Cell(1, 9, 40, key, 139, 100)).value for key in range(300)} == {100, 200}


@pytest.mark.parametrize(("m", "shown"), [(1, {30, 35}), (6, {30, 40}), (11, {50}), (26, {50, 100}), (51, {100})])
def test_events_are_rounded_up_where_down_would_be_fewer_than_the_clients(m: int, shown: set[int]) -> None:
    """32 clients, of whom one has had `m` events and the others one each."""
    assert {PROTECTED.events(cell(32, key, e=31 + m, m=m)).value for key in range(300)} == shown


@pytest.mark.parametrize("m", [1, 5, 6, 10])
def test_events_of_quiet_units_stay_unbiased(m: int) -> None:
    """Small bases need no rounding up, so their mean error is nought within four standard errors."""
    times, base = 4_000, 5 if m <= 5 else 10
    for u in range(20, 30):
        events = u + m - 1
        errors = [int(PROTECTED.events(cell(u, key, e=events, m=m)).value or 0) - events for key in range(times)]
        part = events % base / base
        assert abs(sum(errors) / times) <= 4 * base * sqrt(part * (1 - part) / times)


@pytest.mark.parametrize(("denominator", "is_shown"), [(49, False), (50, True), (51, True)])
def test_ends_of_denominators(denominator: int, *, is_shown: bool) -> None:
    share = PROTECTED.share(PublishedValue(25), PublishedValue(denominator), clients=True)
    ratio = PROTECTED.ratio(PublishedValue(25), PublishedValue(denominator))
    assert (share.value is not None, ratio.value is not None) == (is_shown, is_shown)
    assert is_shown or (share, ratio) == (SMALL, SMALL)


@pytest.mark.parametrize("whole", range(5, 96))
def test_every_whole_percent_is_told_as_it_is(whole: int) -> None:
    assert PROTECTED.share(PublishedValue(10 * whole), PublishedValue(1000), clients=True) == PublishedValue(whole)


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (0, UNDER_LOW), (4, UNDER_LOW), (4.49, UNDER_LOW), (4.5, PublishedValue(5)), (5, PublishedValue(5)),
        (6, PublishedValue(6)),
        (94, PublishedValue(94)), (94.5, PublishedValue(95)), (95, PublishedValue(95)), (95.49, PublishedValue(95)),
        (95.5, OVER_HIGH),
        (96, OVER_HIGH), (100, OVER_HIGH),
    ],
)  # fmt: skip
def test_ends_of_percentages(value: float, expected: PublishedValue) -> None:
    assert PROTECTED.percent(value) == expected
    assert INTERNAL.percent(value) == PublishedValue(value)


def test_what_is_said_of_percentages_beyond_the_ends() -> None:
    assert PublishedValue(None, "low", Bound("under", 5)) == UNDER_LOW
    assert PublishedValue(None, "high", Bound("over", 95)) == OVER_HIGH


@pytest.mark.parametrize(("denominator", "is_bound"), [(199, False), (200, True), (201, True)])
def test_ends_of_what_a_hidden_numerator_bounds(denominator: int, *, is_bound: bool) -> None:
    assert few_bound_a_share(denominator) is is_bound
    hidden = PublishedValue(None, "small", UNDER_TEN)
    assert PROTECTED.share(hidden, PublishedValue(denominator), clients=True) == (UNDER_LOW if is_bound else SMALL)
    assert PROTECTED.share(SMALL, PublishedValue(denominator), clients=True) == SMALL


@pytest.mark.parametrize(("value", "told"), [(9.94, 9.9), (9.96, 10.0), (10, 10), (10.4, 10), (10.6, 11), (11.2, 11)])
def test_ratios_are_whole_from_ten_on(value: float, told: float) -> None:
    assert PROTECTED.ratio(PublishedValue(value * 100), PublishedValue(100)).value == told
    assert INTERNAL.ratio(PublishedValue(value * 100), PublishedValue(100)).value == pytest.approx(value)
    assert decimals(-value) == decimals(value) == (1 if value < 10 else 0)


def test_ratios_per_so_many() -> None:
    assert PROTECTED.ratio(PublishedValue(30), PublishedValue(2000), per=1000).value == 15
    assert PROTECTED.ratio(SMALL, PublishedValue(2000)) == SMALL
    assert PROTECTED.ratio(PublishedValue(30), SMALL) == SMALL
    assert INTERNAL.share(PublishedValue(3), PublishedValue(0), clients=True) == NO_CASES
    assert INTERNAL.share(SMALL, PublishedValue(7), clients=True) == PublishedValue(0)
    assert PROTECTED.share(PublishedValue(20), SMALL, clients=True) == SMALL


@pytest.mark.parametrize("state", OF_FILES)
def test_what_files_leave_open_outweighs_a_small_number(state: PublishedValue) -> None:
    for one in (PROTECTED, INTERNAL):
        assert one.ratio(state, SMALL) == one.ratio(SMALL, state) == one.ratio(PublishedValue(30), state) == state
    assert left_open(PublishedValue(1), SMALL) is None


def test_nothing_to_divide_by_looks_small_where_values_are_protected() -> None:
    assert (PROTECTED.nothing, INTERNAL.nothing) == (SMALL, NO_CASES)


PLACES = {"a": {JANUARY: 9.0, FEBRUARY: 9.0}, "b": {JANUARY: 6.0, FEBRUARY: 6.0}, "c": {JANUARY: 5.0, FEBRUARY: 5.0}}


@pytest.mark.parametrize(
    ("others", "expected"),
    [
        ({}, {"a", "b", "c", None}),
        ({"d": {JANUARY: 5.0}}, {"a", "b", "c", "d", None}),
        # One too few in any month: the place is hidden, and the smallest shown one with it, or the total would tell.
        ({"d": {JANUARY: 4.9}}, {"a", "b", None}),
        ({"d": {JANUARY: 9.0, FEBRUARY: 4.9}}, {"a", "b", None}),
        # Together the hidden ones are enough of themselves.
        ({"d": {JANUARY: 2.5}, "e": {JANUARY: 2.5}}, {"a", "b", "c", None}),
        ({"d": {JANUARY: 2.5}, "e": {JANUARY: 2.4}}, {"a", "b", None}),
        ({"d": {JANUARY: 4.9}, "e": {FEBRUARY: 4.9}}, {"a", "b", None}),
    ],
)
def test_places_of_few_workers_and_what_is_left_of_the_total(
    others: dict[str, dict[date, float]], expected: set[str | None]
) -> None:
    assert staff_groups({**PLACES, **others}) == expected


def test_a_total_of_few_workers_is_hidden_too() -> None:
    assert staff_groups({"a": {JANUARY: 4.9}}) == frozenset()
    assert staff_groups({"a": {JANUARY: 2.5}, "b": {JANUARY: 2.5}}) == {None}
    assert staff_groups({}) == frozenset()


def test_places_as_large_as_each_other_are_hidden_by_their_names() -> None:
    same = {name: {JANUARY: 6.0} for name in "abc"}
    assert staff_groups({**same, "d": {JANUARY: 1.0}}) == {"a", "b", None}


def test_amounts_measured_finer_than_they_are_told() -> None:
    """Minutes told as hours: rounded in steps of the base of hours that covers the busiest unit, then divided."""
    assert INTERNAL.events(cell(3, e=90), scale=60) == PublishedValue(1.5)
    assert INTERNAL.events(cell(3, e=90)) == PublishedValue(90)
    seen = {PROTECTED.events(cell(40, key, e=6001, m=300), scale=60).value for key in range(2000)}
    assert seen == {100, 105}
    assert {PROTECTED.events(cell(40, key, e=6001, m=301), scale=60).value for key in range(2000)} == {100, 110}


@pytest.mark.parametrize("text", ["<10", ">95", "<5", ">365"])
def test_a_bound_is_read_as_it_was_written(text: str) -> None:
    found = Bound.parse(text)
    assert (str(found), found.limit) == (text, int(text[1:]))
    assert found.kind == ("under" if text[0] == "<" else "over")


@pytest.mark.parametrize("text", ["", "<", "10", "=10", "<1.5", "<-3", "< 10", "<²", "<٣"])
def test_no_other_text_is_a_bound(text: str) -> None:
    with pytest.raises(ValueError, match="not a bound"):
        Bound.parse(text)


def test_the_thresholds_as_texts_and_rules_have_them() -> None:
    """The numbers of the rules (docs), so that none moves unseen."""
    assert limits() == {
        "base": 5, "off": 4, "shown_from": 10, "together": 5, "share_from": 50, "curve_from": 100, "compared_from": 80,
        "staff_from": 5, "anonymous": 25,
    }  # fmt: skip
    assert EVENT_BASES == (5, 10, 25, 50, 100, 250)
    assert (gate.QUANTILE_FROM, gate.AT_RISK_FROM, gate.AT_RISK_BASE) == (50, 20, 10)
    assert (gate.SHARE_LOW, gate.SHARE_HIGH) == (5, 95)
    assert (gate.enough_from(gate.TOGETHER_FROM), gate.enough_from(1)) == (6, 1)
    assert under_shown() == UNDER_TEN


def test_an_empty_cell_has_nothing_in_it() -> None:
    assert Cell() == gate.EMPTY == Cell(0, 0, 0, 0, 0, 0)
    assert PublishedValue(3) == PublishedValue(3, "shown", bound=None)
    assert SMALL.state == "small"
    assert SMALL.bound is None
    assert INTERNAL.clients(gate.EMPTY) == PublishedValue(0)

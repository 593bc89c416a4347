"""The gate alone: rounding, hiding, shares. Store-wide invariants and the attack are in test_disclosure.py."""

import hmac
from fractions import Fraction
from math import sqrt

from hypothesis import given
from hypothesis import strategies as st

from metrics.gate import EVENT_BASES, NOT_SHOWN, OVER_HIGH, UNDER_LOW, Bound, Cell, Gate, Published

KEY = bytes(range(32))
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
        assert published == Published(None, hidden=True, bound=UNDER_TEN)
        assert n <= 9
    else:
        assert published.value % 5 == 0
        assert published.value >= 10
        assert abs(published.value - n) <= 4
        assert n >= 6


def test_zero_and_small_look_the_same() -> None:
    assert {PROTECTED.clients(cell(n, key)) for n in range(6) for key in range(50)} == {
        Published(None, True, UNDER_TEN)
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
    assert PROTECTED.events(cell(500, e=9000, m=251)) == NOT_SHOWN
    assert PROTECTED.events(cell(500, e=9000, m=250)).value is not None


def test_hours_are_rounded_by_the_busiest_units_minutes() -> None:
    """40 clients, 6 000 minutes, the busiest 300 minutes = 5 hours: the base is 5 hours, so 100 hours stay 100."""
    assert PROTECTED.events(cell(40, e=6000, m=300), scale=60).value == 100
    assert INTERNAL.events(cell(40, e=6030, m=300), scale=60).value == 100.5


def test_internal_values_are_exact() -> None:
    assert INTERNAL.clients(cell(3)).value == 3
    assert INTERNAL.events(cell(3, e=7)).value == 7
    assert INTERNAL.share(Published(1), Published(3), clients=True).value == 100 / 3


def test_shares_stand_on_fifty_and_stay_between_five_and_ninety_five() -> None:
    share = PROTECTED.share
    assert share(Published(20), Published(45), clients=True) == NOT_SHOWN
    assert share(Published(20), Published(50), clients=True).value == 40
    assert share(Published(50), Published(1200), clients=False) == UNDER_LOW
    assert share(Published(1190), Published(1200), clients=False) == OVER_HIGH
    assert share(Published(60), Published(50), clients=False) == OVER_HIGH


def test_a_hidden_numerator_bounds_a_share_only_when_ten_are_under_five_percent() -> None:
    hidden = Published(None, True, UNDER_TEN)
    assert PROTECTED.share(hidden, Published(200), clients=True) == UNDER_LOW
    assert PROTECTED.share(hidden, Published(195), clients=True) == NOT_SHOWN
    assert PROTECTED.share(hidden, Published(1000), clients=False) == NOT_SHOWN


def test_ratios_need_fifty_clients_in_the_protected_view() -> None:
    assert PROTECTED.ratio(Published(100), Published(45)) == NOT_SHOWN
    assert PROTECTED.ratio(Published(130), Published(60)).value == 2.2
    assert INTERNAL.ratio(Published(0), Published(0)) == NOT_SHOWN

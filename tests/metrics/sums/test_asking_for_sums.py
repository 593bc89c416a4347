"""What cannot be summed is said to whoever gathers, in words, whatever is typed."""

from __future__ import annotations

from contextlib import suppress
from datetime import date
from itertools import permutations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from data.refusal import Refusal, refusal_text
from data.texts import LANGUAGES, texts
from metrics.model.definition import Definition, definitions
from metrics.model.facts.fact import base_of
from metrics.sums.plan import planned

TODAY = date(2026, 11, 27)
NAMES = [*dict.fromkeys(name for one in definitions().values() for name in one.allowed)]


@pytest.mark.parametrize(
    ("metric", "by", "period", "reason"),
    [
        ("client", "", "2025", "unknown_metric"),
        ("Å", "", "2025", "unknown_metric"),
        ("solved_share", "", "2025", "not_a_count"),
        ("clients", "municipality", "2025", "dimension"),
        ("clients", "region", "2025", "dimension"),
        ("clients", "service_point", "2025", "dimension"),
        ("clients", "nothing", "2025", "dimension"),
        ("clients", "Å", "2025", "dimension"),
        ("clients", ",", "2025", "dimension"),
        ("clients", "language,", "2025", "dimension"),
        ("clients", "language,sex,topic", "2025", "too_many_dimensions"),
        ("clients", "language,language", "2025", "dimension_twice"),
        ("clients", "language,language_group", "2025", "place_twice"),
        ("clients", "language", "x", "unknown_period"),
        ("clients", "language", "", "unknown_period"),
        ("clients", "language", "1950", "unknown_period"),
        ("clients", "language", "2027", "period_open"),
        ("clients", "language", "2026-11", "period_open"),
    ],
)
def test_it_is_said_what_cannot_be_summed(metric: str, by: str, period: str, reason: str) -> None:
    with pytest.raises(Refusal) as error:
        planned([metric], [tuple(by.split(","))] if by else [], [period], TODAY)
    assert error.value.reason == reason
    for lang in LANGUAGES:
        assert refusal_text(error.value, texts(lang))


def test_there_is_an_end_to_what_is_asked_at_once() -> None:
    with pytest.raises(Refusal, match="too_much"):
        planned(["clients"], [], [f"{year}-{month:02}" for year in range(2021, 2026) for month in range(1, 13)], TODAY)


def test_dimensions_that_no_metric_has_together_are_no_breakdown() -> None:
    counts = [one for one in definitions().values() if one.kind == "count"]
    first, other = max(permutations(counts, 2), key=lambda two: len(_only(*two)) * len(_only(*two[::-1])))
    apart = (_only(first, other)[0], _only(other, first)[0])
    with pytest.raises(Refusal, match="dimension"):
        planned([first.id, other.id], [apart], ["2025"], TODAY)


def _only(one: Definition, other: Definition) -> list[str]:
    """Dimensions that the one metric has and the other has not."""
    free = [name for name in one.allowed if base_of(name) not in ("municipality", "service_point")]
    return [name for name in free if name not in other.allowed]


_WORDS = st.one_of(st.sampled_from(NAMES), st.text(max_size=4))


@settings(max_examples=60)
@given(by=st.lists(st.lists(_WORDS, max_size=4).map(tuple), max_size=3), period=st.text(max_size=8))
def test_whatever_is_typed_is_planned_or_refused(by: list[tuple[str, ...]], period: str) -> None:
    for text in (period, "2025"):
        with suppress(Refusal):
            planned(["clients", "referrals"], by, [text], TODAY)

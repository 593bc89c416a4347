"""Two sums never differ by a few: a publisher masks the numbers of a day for the same people alone, whatever they are called."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from metrics.packages.manifest import PackedPeople
from metrics.packages.scope import population_of
from metrics.sums import past
from metrics.sums.errors import SumError
from metrics.sums.plan import planned
from tests.metrics.sums.conftest import Taker, asked, keys, marks, mask, refused, round_of


@pytest.mark.parametrize(
    ("before", "after", "metric", "by"),
    [
        ("2025", "2025", "clients", ()),
        ("2025", "2025", "encounters", ()),
        ("2025", "2025", "referrals", ()),
        ("2025", "2025", "clients", ("language",)),
        ("2025", "2025-ytd-12", "clients", ()),
        ("2026-Q4", "2026-10", "clients", ()),
        ("2026-10", "2026", "encounters", ()),
        ("2025-03", "2025-Q1", "clients", ()),
        ("2025", "all", "clients", ()),
        ("all", "2025-07", "clients", ()),
    ],
)
def test_a_day_is_summed_among_the_same_publishers_whatever_period_metric_or_breakdown_names_it(
    before: str, after: str, metric: str, by: tuple[str, ...], fresh: tuple[Taker, ...]
) -> None:
    first, others = fresh[0], (*fresh[:2], fresh[3])
    assert mask(first, asked(fresh[:3], before))
    with pytest.raises(SumError) as error:
        mask(first, asked(others, after, metric=metric, by=by))
    refused("again", error)
    assert mask(first, asked(fresh[:3], after, metric=metric, by=by))


def test_days_that_do_not_meet_are_summed_among_others(fresh: tuple[Taker, ...]) -> None:
    first, others = fresh[0], (*fresh[:2], fresh[3])
    assert mask(first, asked(fresh[:3], "2025", "2026-Q1"))
    assert mask(first, asked(others, "2024", "2026-04", "2026-Q3"))


def test_days_after_the_last_closed_one_are_not_in_a_sum_yet(fresh: tuple[Taker, ...]) -> None:
    first, others = fresh[0], (*fresh[:2], fresh[3])
    assert mask(first, asked(fresh[:3], "all", "2026-Q4"))
    later = round_of(others, planned(("clients",), (), ("2026-11", "2027-01"), date(2027, 2, 1)))
    past.check_new(first.store, later, date(2027, 1, 31), again=False)
    with pytest.raises(SumError, match="again"):
        past.check_new(first.store, asked(others, "2026-Q4"), date(2027, 1, 31), again=False)


def test_a_round_that_was_given_up_is_made_again_by_who_says_so(fresh: tuple[Taker, ...]) -> None:
    first, others = fresh[0], (*fresh[:2], fresh[3])
    assert mask(first, asked(fresh[:3], "2025"))
    other = asked(others, "2025")
    assert mask(fresh[3], other)
    with pytest.raises(SumError, match="again"):
        mask(first, other)
    assert mask(first, other, again=True)


@pytest.mark.parametrize("at", [0, 2])
def test_a_publisher_of_both_rounds_has_the_same_people_in_both(at: int, fresh: tuple[Taker, ...]) -> None:
    """One's own people and another's: two sums that differ by two areas tell the numbers of each of them."""
    first, one = fresh[0], fresh[at]
    others = [
        population_of(one.store, one.release, "Paimio"),
        PackedPeople(municipalities=one.population.municipalities),  # everybody whom it guides, wherever they live
    ]
    assert mask(first, asked(fresh[:3], "2025"))
    for people in others:
        changed = list(fresh[:3])
        changed[at] = replace(one, population=people)
        for again in (False, True):
            with pytest.raises(SumError) as error:
                mask(replace(first, population=changed[0].population), asked(tuple(changed), "2025-Q2"), again=again)
            refused("other_people", error)
            assert not keys(first)
            assert error.value.params["publisher"] == one.key.publisher.name


@pytest.mark.parametrize(
    "content", ["", "{}", "[", "[{}]", "7", '[{"round": "0", "days": 1, "people": {}}]', "\x00\x00"]
)
def test_a_damaged_list_of_rounds_is_none_without_rounds(content: str, fresh: tuple[Taker, ...]) -> None:
    """Else two sums could differ by a few without anybody being asked."""
    marks(fresh[0]).write_text(content, encoding="utf-8")
    with pytest.raises(SumError, match="past_damaged") as error:
        mask(fresh[0], asked(fresh[:3], "2025"))
    refused("past_damaged", error)
    assert marks(fresh[0]).read_text(encoding="utf-8") == content

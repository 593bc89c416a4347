"""At work on the day 6, 12 and 24 months after enrolment: the state, of those of whom it is known; counted by eye."""

from pathlib import Path

import pytest
from statsmodels.stats.proportion import proportion_confint

from data.store.store import Store
from metrics.ask import ask
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from tests.metrics.exact import number
from tests.metrics.made import store_of
from tests.metrics.measures.enrolled import LATE, enrolled, outcome


def test_leaving_for_work_that_is_not_recorded_is_a_thing_of_its_own(tmp_path: Path) -> None:
    """Client 1 leaves for work on day 60, and no start is recorded; client 2 leaves for work that is; client 3 works; 4 does not.

    Counted: one. It is not among the employed (2 of 4), nor among those known to be without work (3 of 4 known).
    """
    rows = [
        enrolled(1, ended=60, end_reason="employed"), enrolled(2, ended=60, end_reason="employed"), enrolled(3), enrolled(4),
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(2, 61), outcome(3, 100)]})
    assert number(store, "unrecorded_work") == 1
    assert number(store, "employed_by", at=6) == 50
    row = at_work(store)[6]
    assert (row.numerator, row.denominator, row.whole, row.known) == (2, 3, 4, 75)


def at_work(store: Store, **where: str) -> dict[int | None, Row]:
    fixed = tuple((name, (code,)) for name, code in where.items())
    return {row.horizon: row for row in ask(Question(("at_work_at",), where=fixed, audience="internal"), store).rows}


def test_at_work_at_is_the_state_on_the_day(tmp_path: Path) -> None:
    """Twelve months of five followed to day 800, with days of the calendar (181, 365, 731).

    1 works on days 100-300: at 6 months, not at 12. 2 works on 100-150 and from 300 on: not at 6, at 12 and 24. 3 works to day
    181: on that day still. 4 has worked since before the start. 5 studies. 6 months: 1, 3, 4 of 5; 12 and 24 months: 2 and 4.
    First employed by 12 months are 1, 2 and 3.
    """
    outcomes = [
        outcome(1, 100, ended=300), outcome(2, 100, "employment_subsidised", ended=150), outcome(2, 300),
        outcome(3, 170, "self_employment", ended=181), outcome(4, -50), outcome(5, 10, "degree_study"),
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"enrolment": [enrolled(c) for c in range(1, 6)], "outcome": outcomes})
    found = at_work(store)
    assert [found[months].value for months in (6, 12, 24)] == pytest.approx([60, 40, 40])
    assert {row.known for row in found.values()} == {100}
    assert number(store, "employed_by", at=12) == pytest.approx(60)
    low, high = proportion_confint(3, 5, method="wilson")
    assert (found[6].lower, found[6].upper) == pytest.approx((100 * low, 100 * high))


def test_at_work_at_is_of_those_whose_state_is_known(tmp_path: Path) -> None:
    """Four started at once: one works for good, one is followed for 100 days only, in work, one moved away on day 120, one is
    without work. A fifth started on day 700: too late for 6 months of data (to day 800). At 6 months: 1 of 3 known of 4.
    """
    rows = [
        enrolled(1), enrolled(2, followed=100), enrolled(3, followed=120, ended=120, end_reason="moved"), enrolled(4),
        enrolled(5, on=700),
    ]  # fmt: skip
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 50), outcome(2, 60)]})
    row = at_work(store)[6]
    assert (row.numerator, row.denominator, row.whole, row.known) == (1, 3, 4, 75)
    assert row.value == pytest.approx(100 / 3)


def test_whoever_moves_away_in_work_is_not_known_to_be_without(tmp_path: Path) -> None:
    rows = [enrolled(1, followed=120, ended=120, end_reason="moved"), enrolled(2)]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 50)]})
    row = at_work(store)[6]
    assert (row.numerator, row.denominator, row.whole) == (0, 1, 2)


def test_a_start_without_an_end_is_no_evidence_where_ends_are_not_recorded(tmp_path: Path) -> None:
    """Nobody has a day of follow-up and no work has an end: what became of it is not known, so there is no number. With one end
    recorded, an empty one means that the work goes on to the end of the data (day 800).
    """
    rows = [enrolled(1, None), enrolled(2, None), enrolled(3, None, on=800)]
    for ended, value in ((None, None), (100, 50)):
        outcomes = [outcome(1, 10), outcome(2, 20, ended=ended)]
        store = store_of(tmp_path / f"s{ended}", {"enrolment": rows, "outcome": outcomes})
        assert at_work(store)[12].value == value
        assert number(store, "still_employed") == value


def test_less_than_half_known_is_no_number(tmp_path: Path) -> None:
    for followed, value in (((800, 100), 100), ((800, 100, 100), None)):
        rows = [enrolled(client, days) for client, days in enumerate(followed, 1)]
        store = store_of(tmp_path / str(len(rows)), {"enrolment": rows, "outcome": [outcome(1, 50)]})
        assert at_work(store)[6].value == value


def test_protected_shares_at_work_have_whole_percents_and_the_known_part(tmp_path: Path) -> None:
    """Of 400, 120 are followed to day 100 only; 140 of the other 280 work: about 50 % of 70 % known."""
    rows = [enrolled(client, 100 if client <= 120 else LATE) for client in range(1, 401)]
    store = store_of(
        tmp_path / "store", {"enrolment": rows, "outcome": [outcome(client, 30) for client in range(121, 261)]}
    )
    row = {row.horizon: row for row in ask(Question(("at_work_at",)), store).rows}[12]
    assert row.value in range(48, 53)
    assert row.known in range(68, 73)
    assert [row.lower, row.upper] == pytest.approx([44, 56], abs=2)
    assert all(value == int(value) for value in (row.value, row.lower, row.upper) if value is not None)
    assert row.flat()["known"] == row.known

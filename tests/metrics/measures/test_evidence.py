"""What is known of a value: a table nobody has imported, a column no file has, time that has not passed; never "small"."""

from collections.abc import Callable
from datetime import date
from itertools import product
from pathlib import Path

import pytest

from data.model.records import TABLES
from data.model.schema import columns
from data.store.store import Store
from metrics.ask import ask
from metrics.audience import AUDIENCES, PROTECTED, Audience
from metrics.gate import OF_FILES
from metrics.grammar.answer import Row
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from metrics.model.needs import needs
from metrics.model.uses import metrics_using
from tests.lacking import lacking

PERIODS = ("2026-ytd-10", "2026-10", "2025", "all")


@pytest.fixture
def without(tmp_path_factory: pytest.TempPathFactory, sample_store: Path) -> Callable[..., Store]:
    return lambda *lacked: lacking(tmp_path_factory.getbasetemp(), sample_store, *lacked)


def _rows(store: Store, metric: str, audience: Audience, period: str) -> tuple[Row, ...]:
    return ask(Question((metric,), definitions()[metric].requires, (), period, None, audience), store).rows


@pytest.mark.parametrize("table", TABLES)
def test_a_table_nobody_has_imported_is_no_data_and_never_small(without: Callable[..., Store], table: str) -> None:
    store = without(table)
    said = 0
    for metric, definition in definitions().items():
        if table not in needs(definition).every_table:
            continue
        for audience, period in [*product(AUDIENCES, PERIODS[:1]), *product((PROTECTED,), PERIODS[1:])]:
            states = {row.state for row in _rows(store, metric, audience, period)}
            if metric not in ("referral_share", "solved_first_contact_share"):  # known from the encounter too
                assert states <= {"no_data"}, (metric, audience, period)
                said += "no_data" in states
    assert said


LEFT_OUT = [
    (table, column.field)
    for table, model in TABLES.items()
    for column in columns(model)
    if not column.required and metrics_using(table, column.field)
]
OTHERWISE_KNOWN = {
    ("referral", "status_on"),  # the day of an open case's status, where the files do not end before
    ("encounter", "resolution", "referral_share"),
    ("referral", "started_on", "referral_lost_share"),
}


@pytest.mark.parametrize(("table", "field"), LEFT_OUT)
def test_a_column_no_file_has_is_not_recorded_and_never_small(
    without: Callable[..., Store], table: str, field: str
) -> None:
    """Also where a number could be made of nothing: no median of no minutes, no share of no answers."""
    store = without(table, field)
    for metric in metrics_using(table, field):
        for audience in AUDIENCES:
            states = {row.state for row in _rows(store, metric, audience, "2025")}
            if {(table, field), (table, field, metric)} & OTHERWISE_KNOWN or not _in_measure(metric, table, field):
                assert not states & {"small", "low"}, (metric, audience)
            else:
                assert states <= {"not_recorded"}, (metric, audience)


@pytest.mark.parametrize("audience", AUDIENCES)
def test_a_group_no_file_tells_of_is_not_recorded_and_never_few(
    without: Callable[..., Store], audience: Audience
) -> None:
    """Files without a column of the sex told of women as of "under 10", and of zero whoever sees exact figures."""

    def states(store: Store, metric: str, by: str, **where: str) -> dict[str, str]:
        fixed = tuple((name, (code,)) for name, code in where.items())
        rows = ask(Question((metric,), (by,) * (by not in where), fixed, "2026-09", None, audience), store).rows
        return {row.codes[by]: row.state for row in rows}

    store = without("encounter", "sex")
    assert states(store, "clients", "sex", sex="female") == {"female": "not_recorded"}
    assert states(store, "clients", "sex", sex="unknown") == {"unknown": "shown"}
    assert states(store, "clients", "sex", sex="male", municipality="049") == {"male": "not_recorded"}
    grouped = without("encounter", "language")
    assert states(grouped, "solved_share", "language_group", language_group="other") == {"other": "not_recorded"}
    # What a file without the column means is known: guidance.
    usual = states(without("encounter", "service"), "clients", "service", service="competence_centre")
    assert not set(usual.values()) & {"not_recorded", "no_data"}


def _in_measure(metric: str, table: str, field: str) -> bool:
    return any(
        (table, frozenset({field})) in one.fields or any(t == table and field in fields for t, fields in one.fields)
        for group in needs(definitions()[metric]).either
        for one in group
    )


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_too_near_an_end_of_the_data(sample_store: Path, audience: Audience) -> None:
    """The sample begins in January 2024 and ends in October 2026."""
    store = Store(sample_store)

    def state(metric: str, period: str) -> str:
        return _rows(store, metric, audience, period)[0].state

    assert (
        state("new_clients", "2024") == state("new_clients", "2024-06") == state("new_clients", "all") == "not_recorded"
    )
    assert state("new_clients", "2025") == "shown"
    assert state("referral_started_share", "2026-10") == "immature"
    assert state("referral_lost_share", "2026-09") == "immature"
    assert state("still_employed", "2026") == "immature"
    assert state("clients", "2024-01") == "shown"


def test_files_weigh_more_than_small_numbers() -> None:
    assert [one.state for one in OF_FILES] == ["no_data", "not_recorded", "immature"]
    assert all(one.value is None and one.bound is None for one in OF_FILES)


def test_a_period_no_file_covers_is_no_data_even_where_a_row_is(without: Callable[..., Store]) -> None:
    """What is told of the files must not depend on how many people there are."""
    store = without("cost")
    with store.next_generation("shorter", sample=True) as connection:
        connection.execute("UPDATE delivery SET first_day = ? WHERE data_table = 'encounter'", [date(2025, 1, 1)])
    for audience in AUDIENCES:
        assert {row.state for row in _rows(store, "encounters", audience, "2024")} == {"no_data"}
        assert {row.state for row in _rows(store, "encounters", audience, "2025")} == {"shown"}


@pytest.mark.parametrize("audience", AUDIENCES)
def test_what_is_unknown_leaves_the_denominator_and_is_told(sample_store: Path, audience: Audience) -> None:
    """The bounds hold the share, whatever the unknown ones are; and what is known is published beside it."""
    store = Store(sample_store)
    seen = 0
    for metric, definition in definitions().items():
        if getattr(definition.measure, "known", "true") == "true":
            continue
        for row in _rows(store, metric, audience, "2025"):
            assert (row.whole is None) == (row.known is None) or audience == "protected"
            if row.value is None or row.whole is None or row.denominator is None:
                continue
            seen += 1
            assert row.denominator <= row.whole + 5
            bounds = row.bounds_if_unknown
            assert bounds is not None
            assert bounds[0] - 1 <= row.value <= bounds[1] + 1
            if isinstance(row.known, float):
                assert row.known == pytest.approx(100 * row.denominator / row.whole, abs=0.6)
    assert seen > 15


def test_without_a_day_of_follow_up_the_data_end_tells_who_is_at_work(without: Callable[..., Store]) -> None:
    """Files without the column leave nothing open, as long as they tell when work ends; a file without ends does."""
    states = {
        field: {row.horizon: row.state for row in _rows(without(table, field), "at_work_at", "protected", "2025")}
        for table, field in (("enrolment", "followed_until"), ("outcome", "ended_on"))
    }
    assert states["followed_until"][6] == "shown"
    assert states["ended_on"][6] == "not_recorded"


def test_work_that_is_not_recorded_is_counted_only_where_starts_are(without: Callable[..., Store]) -> None:
    def state(*lacked: str) -> str:
        return _rows(without(*lacked), "unrecorded_work", "protected", "2025")[0].state

    assert (state("outcome"), state("enrolment", "end_reason")) == ("no_data", "not_recorded")

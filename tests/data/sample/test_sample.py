"""The sample municipality: valid records, coherent with each other, and shaped like the area it stands for."""

import random
from datetime import date, timedelta
from typing import Any

import numpy as np
import polars as pl
import pytest

from data import clock
from data.codes import code_list
from data.model.records import TABLES
from data.model.schema import columns
from data.sample.calendar import easter, public_holidays
from data.sample.plan import Plan, PlanError, WeightedChoice, make_plan
from data.sample.tables import IDENTIFIERS, tables

UNTIL = date(2026, 9, 30)
PLAN = make_plan(3_000, 7, UNTIL)
Frames = dict[str, pl.DataFrame]


def made(plan: Plan) -> Frames:
    """Every table of a plan, whole."""
    parts: dict[str, list[pl.DataFrame]] = {}
    for name, rows in tables(plan):
        parts.setdefault(name, []).append(pl.DataFrame(pl.from_arrow(rows)))
    return {name: pl.concat(frames) for name, frames in parts.items()}


@pytest.fixture(scope="module")
def small() -> Frames:
    return made(PLAN)


@pytest.fixture(scope="module")
def large() -> Frames:
    """Enough rows for shapes to stand out from chance."""
    return made(make_plan(40_000, 7, UNTIL))


def as_record(row: dict[str, Any]) -> dict[str, Any]:
    """A row as the record models take it: identifiers as text, nulls of defaulted fields left out."""
    return {
        field: IDENTIFIERS[field].format(value) if field in IDENTIFIERS else value
        for field, value in row.items()
        if value is not None
    }


def share(frame: pl.DataFrame, condition: pl.Expr) -> float:
    return float(frame.select(condition.mean()).item())


# Valid


def test_every_table_is_made(small: Frames) -> None:
    assert set(small) == set(TABLES)
    assert all(frame.height > 0 for frame in small.values())


@pytest.mark.parametrize("table", TABLES)
def test_rows_are_valid_records(small: Frames, table: str) -> None:
    frame = small[table]
    drawn = random.Random(1).sample(range(frame.height), min(300, frame.height))
    for row in frame[drawn].iter_rows(named=True):
        TABLES[table].model_validate(as_record(row))


@pytest.mark.parametrize("table", TABLES)
def test_every_value_is_a_code_of_its_list(large: Frames, table: str) -> None:
    for column in columns(TABLES[table]):
        # What the sample says nothing of has the default of its field in the store.
        if column.code_list and column.field in large[table].columns:
            values = large[table][column.field]
            values = values.explode() if column.is_list else values
            found = set(values.drop_nulls().cast(pl.String).unique())
            assert found <= set(code_list(column.code_list).ids), column.field


@pytest.mark.parametrize("table", TABLES)
def test_identities_are_unique(large: Frames, table: str) -> None:
    model = TABLES[table]
    identity = [model.own_number] if model.own_number else list(model.identity)
    assert large[table].select(identity).is_duplicated().sum() == 0


@pytest.mark.parametrize("encounters", [1, 2, 3, 10, 60])
def test_the_smallest_samples_are_coherent_too(encounters: int) -> None:
    frames = made(make_plan(encounters, 3, UNTIL))
    assert frames["encounter"].height == encounters


# Asked for, and made again


def test_numbers_are_as_planned(small: Frames) -> None:
    encounters = small["encounter"]
    assert encounters.height == 3_000
    assert encounters["client_id"].null_count() == PLAN.anonymous == 240
    assert encounters["client_id"].drop_nulls().n_unique() == PLAN.clients == 660
    assert encounters["client_id"].max() == PLAN.clients


def test_equal_seeds_give_equal_rows_and_others_do_not(small: Frames) -> None:
    again, other = made(PLAN), made(make_plan(3_000, 8, UNTIL))
    assert all(small[name].equals(again[name]) for name in TABLES)
    assert not small["encounter"].equals(other["encounter"])


def test_the_default_span_is_about_three_years_up_to_the_last_full_month() -> None:
    plan = make_plan()
    assert (plan.last + timedelta(days=1)).day == 1
    assert plan.last < clock.today() <= plan.last + timedelta(days=31)
    assert (plan.first.month, plan.first.day) == (1, 1)
    assert 2.4 * 365 < plan.days < 3.6 * 366


@pytest.mark.parametrize(
    ("encounters", "until"), [(0, UNTIL), (10**9, UNTIL), (10, date(2999, 1, 1)), (10, date(1970, 1, 1))]
)
def test_what_cannot_be_made_is_refused(encounters: int, until: date) -> None:
    with pytest.raises(PlanError):
        make_plan(encounters, 1, until)


def test_a_choice_keeps_its_shares() -> None:
    drawn = WeightedChoice([[1, 0, 3], [0, 1, 0]]).draw(np.random.default_rng(1), np.repeat([0, 1], 20_000))
    counts = np.bincount(drawn[:20_000], minlength=3) / 20_000
    assert counts == pytest.approx([0.25, 0.0, 0.75], abs=0.01)
    assert set(drawn[20_000:]) == {1}


# Coherent


def test_nothing_happens_after_the_end(large: Frames) -> None:
    # Residents on 31 December are of finished years; all other days and months lie within the period.
    for table, frame in large.items():
        for name, kind in frame.schema.items():
            if kind == pl.Date and frame[name].drop_nulls().len():
                assert frame[name].max() <= UNTIL, (table, name)  # type: ignore[operator]
    assert large["population"]["year"].max() == UNTIL.year - 1


def test_rows_come_in_day_order(large: Frames) -> None:
    days = {"encounter": "occurred_on", "referral": "referred_on", "enrolment": "started_on", "outcome": "started_on"}
    assert all(large[table][day].is_sorted() for table, day in days.items())


def test_every_encounter_that_ended_in_a_referral_has_one_of_its_own(large: Frames) -> None:
    referred = large["encounter"].filter(pl.col("resolution") == "referred")
    linked = large["referral"].filter(pl.col("encounter_id").is_not_null())
    assert set(referred["encounter_id"]) == set(linked["encounter_id"])
    both = linked.join(referred, on="encounter_id")
    assert both.height == linked.height
    assert both.select((pl.col("referred_on") == pl.col("occurred_on")).all()).item()
    assert both.select(pl.col("client_id").eq_missing(pl.col("client_id_right")).all()).item()
    assert both.select((pl.col("from_service").cast(pl.String) == pl.col("service").cast(pl.String)).all()).item()
    assert both.select((pl.col("topics").list.first().cast(pl.String) == pl.col("topic").cast(pl.String)).all()).item()
    assert 0.25 < referred.height / large["encounter"].height < 0.36


def test_a_referral_has_a_start_exactly_when_it_started(large: Frames) -> None:
    referrals = large["referral"].with_columns(pl.col("status").cast(pl.String))
    assert referrals.select(((pl.col("status") == "started") == pl.col("started_on").is_not_null()).all()).item()
    assert referrals.select(
        (pl.col("from_service").cast(pl.String) != pl.col("to_service").cast(pl.String)).all()
    ).item()
    early = referrals.filter(pl.col("referred_on") < UNTIL - timedelta(days=400))
    assert early.filter(pl.col("status").is_in(["sent", "accepted"])).height < early.height * 0.02


def test_handing_over_in_person_starts_more_often_and_sooner(large: Frames) -> None:
    by_manner = {
        manner: large["referral"].filter(
            (pl.col("manner") == manner) & (pl.col("referred_on") < UNTIL - timedelta(days=120))
        )
        for manner in ("warm", "booked", "information")
    }
    started = [share(frame, pl.col("status") == "started") for frame in by_manner.values()]
    days = [
        frame.select((pl.col("started_on") - pl.col("referred_on")).median()).item() for frame in by_manner.values()
    ]
    assert started[0] > started[1] + 0.05 > started[2] + 0.1
    assert days[0] < days[1] < days[2]


def test_some_people_are_sent_back_to_where_they_came_from(large: Frames) -> None:
    sent = (
        large["referral"]
        .filter(pl.col("client_id").is_not_null())
        .with_columns(pl.selectors.categorical().cast(pl.String))
    )
    back = sent.join(sent, on=["client_id", "topic"], suffix="_back").filter(
        (pl.col("to_service") == pl.col("from_service_back"))
        & (pl.col("from_service") == pl.col("to_service_back"))
        & (pl.col("referred_on_back") - pl.col("referred_on")).dt.total_days().is_between(0, 90)
    )
    assert back.height > sent.height * 0.01


def test_clients_keep_their_language_municipality_and_arrival(large: Frames) -> None:
    attributes = ["language", "municipality", "arrived_on"]
    clients = large["encounter"].filter(pl.col("client_id").is_not_null())
    assert clients.select("client_id", *attributes).unique().height == clients["client_id"].n_unique()
    # Nobody asks for advice before arriving.
    assert clients.select((pl.col("arrived_on") <= pl.col("occurred_on")).all()).item()


def test_outcomes_lie_between_enrolment_and_the_end_of_follow_up(large: Frames) -> None:
    for table, day in (("outcome", "started_on"), ("recognition", "recognised_on"), ("training", "started_on")):
        joined = large[table].join(large["enrolment"], on="client_id", suffix="_enrolment")
        assert joined.height == large[table].height
        started = "started_on_enrolment" if day == "started_on" else "started_on"
        assert joined.select((pl.col(day) > pl.col(started)).all()).item()
    first = large["outcome"].group_by("client_id").agg(pl.col("started_on").min().alias("first"))
    followed = first.join(large["enrolment"], on="client_id")
    assert followed.select((pl.col("first") <= pl.col("followed_until")).all()).item()


def test_an_enrolment_that_ended_in_work_or_study_has_the_outcome(large: Frames) -> None:
    reason = pl.col("end_reason").cast(pl.String)
    reached = large["enrolment"].filter(reason.is_in(["employed", "studying"]))
    assert reached.join(large["outcome"], on="client_id", how="anti").height == 0
    left = large["enrolment"].filter(pl.col("ended_on").is_not_null() & ~reason.is_in(["employed", "studying"]))
    still = large["enrolment"].filter(pl.col("ended_on").is_null())
    assert min(reached.height, left.height, still.height) > large["enrolment"].height * 0.1


def test_at_least_three_sources_and_languages_have_a_hundred_enrolments() -> None:
    enrolments = made(make_plan(50_000, 1, UNTIL))["enrolment"]
    assert enrolments.height >= 600
    for name in ("source", "language"):
        assert enrolments.group_by(name).len().filter(pl.col("len") >= 100).height >= 3


def test_nobody_comes_from_nowhere(large: Frames) -> None:
    clients = (
        large["encounter"]
        .filter(pl.col("client_id").is_not_null() & (pl.col("municipality") != "000") & (pl.col("language") != "und"))
        .group_by(pl.col("municipality").cast(pl.String), pl.col("language").cast(pl.String))
        .agg(pl.col("client_id").n_unique().alias("clients"))
    )
    residents = large["population"].filter(pl.col("year") == UNTIL.year - 1)
    joined = clients.join(residents, on=["municipality", "language"], how="left")
    assert joined.filter(pl.col("clients") >= 4)["residents"].null_count() == 0
    assert joined.select((pl.col("residents").fill_null(4) >= pl.col("clients")).all()).item()


def test_encounters_stay_within_the_listed_service_points(large: Frames) -> None:
    listed = set(large["service_point"]["code"])
    assert set(large["encounter"]["service_point"].cast(pl.String)) == listed == set(large["staff"]["service_point"])


# Shaped


def test_mondays_are_busy_and_weekends_belong_to_pop_ups(large: Frames) -> None:
    encounters = large["encounter"].with_columns(weekday=pl.col("occurred_on").dt.weekday())
    counts = dict(encounters.group_by("weekday").len().iter_rows())
    assert counts[1] > 1.5 * counts[5] > 5 * counts[6] > 5 * counts[7]
    weekend = encounters.filter(pl.col("weekday") >= 6)
    assert set(weekend["channel"].cast(pl.String)) == {"pop_up", "outreach"}


def test_july_is_quiet_and_early_autumn_busy(large: Frames) -> None:
    months = large["encounter"].filter(pl.col("occurred_on").dt.year() < UNTIL.year)["occurred_on"].dt.month()
    counts = dict(months.value_counts().iter_rows())
    usual = sum(counts.values()) / 12
    assert counts[7] < 0.7 * usual
    assert min(counts[8], counts[9]) > 1.1 * usual
    assert max(counts.values()) < 1.6 * usual


def test_nobody_is_met_on_public_holidays(large: Frames) -> None:
    holidays = set().union(*(public_holidays(year) for year in range(2023, 2027)))
    assert not holidays & set(large["encounter"]["occurred_on"])


@pytest.mark.parametrize(
    ("year", "day"), [(2024, date(2024, 3, 31)), (2025, date(2025, 4, 20)), (2026, date(2026, 4, 5))]
)
def test_easter(year: int, day: date) -> None:
    assert easter(year) == day
    assert day - timedelta(days=2) in public_holidays(year)


def test_one_language_arrives_as_a_wave_while_another_ebbs(large: Frames) -> None:
    by_year = {
        year: large["encounter"].filter(pl.col("occurred_on").dt.year() == year)
        for year in (UNTIL.year - 2, UNTIL.year)
    }
    wave = [share(frame, pl.col("language") == "es") for frame in by_year.values()]
    ebb = [share(frame, pl.col("language") == "uk") for frame in by_year.values()]
    assert wave[1] > 3 * wave[0]
    assert ebb[1] < 0.7 * ebb[0]


def test_the_planted_changes_are_there(large: Frames) -> None:
    encounters = large["encounter"]
    before = encounters.filter(pl.col("occurred_on") < date(UNTIL.year - 1, 1, 1))
    now = encounters.filter(pl.col("occurred_on") >= date(UNTIL.year, 3, 1))
    remote = pl.col("language_support") == "interpreter_remote"
    assert share(now, remote) > 1.5 * share(before, remote)
    salo = pl.col("municipality") == "734"
    assert share(now, salo) > 1.25 * share(before, salo)
    wait = (pl.col("occurred_on") - pl.col("requested_on")).dt.total_days().mean()
    persian = pl.col("language") == "fa"
    assert now.filter(persian).select(wait).item() > 1.8 * before.filter(persian).select(wait).item()
    assert now.filter(~persian).select(wait).item() < 1.3 * before.filter(~persian).select(wait).item()


def test_few_clients_come_often_and_many_once(large: Frames) -> None:
    visits = large["encounter"].drop_nulls("client_id").group_by("client_id").len()["len"]
    assert 0.25 < (visits == 1).mean() < 0.55  # type: ignore[operator]
    assert visits.max() > 20  # type: ignore[operator]

"""Briefings: slides are questions, their values are frozen as published, and every version is kept."""

from __future__ import annotations

import json
import shutil
from datetime import date
from pathlib import Path

import pytest

from data.store.store import Store, StoreError
from metrics.ask import ask
from metrics.briefings.briefing import BriefingError, Briefings
from metrics.briefings.freezing import Frozen, freeze
from metrics.briefings.ready import FOLDER, ORDER, ready_made
from metrics.briefings.slide import PLACE, Slide, kind_for
from metrics.grammar.period import period_at
from metrics.grammar.question import Question
from metrics.model.definition import definitions
from tests.conftest import own_copy
from tilannekuva import kept

CLOSED = date(2026, 9, 30)
GROUPS = ("manner",)


@pytest.fixture
def own(sample_store: Path, tmp_path: Path) -> Store:
    """A store that may be written to."""
    folder = own_copy(sample_store, tmp_path / "own")
    return Store(folder)


@pytest.fixture
def frozen(own: Store) -> Frozen:
    return freeze([Slide(metric="clients", kind="number"), Slide(metric="clients", kind="bars", by=("language",))], own)


@pytest.mark.parametrize(
    ("rule", "closed", "period"),
    [
        ("month", CLOSED, "2026-09"),
        ("quarter", CLOSED, "2026-Q3"),
        ("quarter", date(2026, 2, 28), "2025-Q4"),
        ("to_date", CLOSED, "2026-ytd-09"),
        ("to_date", date(2026, 12, 31), "2026"),
        ("year", CLOSED, "2025"),
        ("year", date(2026, 12, 31), "2026"),
        ("2024-Q1", CLOSED, "2024-Q1"),
        ("all", CLOSED, "all"),
    ],
)
def test_a_period_is_counted_from_the_last_closed_day(rule: str, closed: date, period: str) -> None:
    assert period_at(rule, closed) == period


def test_a_counted_period_moves_on_with_newer_data_and_a_fixed_one_stays() -> None:
    moving, fixed = (
        Slide(metric="clients", kind="number", period="month"),
        Slide(metric="clients", kind="number", period="2025"),
    )
    then, later = [[slide.at(day) for slide in (moving, fixed)] for day in (CLOSED, date(2026, 10, 31))]
    assert [slide.period for slide in then] == ["2026-09", "2025"]
    assert [slide.at(date(2026, 10, 31)).period for slide in then] == ["2026-10", "2025"]
    assert [slide.period for slide in later] == ["2026-10", "2025"]


def test_a_place_is_filled_in_or_left_out() -> None:
    slide = Slide(metric="clients", kind="number", where=(("municipality", PLACE),))
    assert slide.at(CLOSED, {PLACE: "853"}).where == (("municipality", "853"),)
    assert slide.at(CLOSED).where == ()


@pytest.mark.parametrize(
    ("metric", "by", "each", "kind"),
    [
        ("clients", (), None, "number"),
        ("clients", ("language",), None, "bars"),
        ("clients", ("language",), "month", "lines"),
        ("encounters", ("topic", "channel"), None, "heat"),
        ("flow", ("from_service", "to_service"), None, "bars"),
        ("employed_by", (), None, "curve"),
    ],
)
def test_a_question_has_a_picture_of_its_own(metric: str, by: tuple[str, ...], each: str | None, kind: str) -> None:
    assert kind_for(metric, by, each) == kind  # type: ignore[arg-type]


def test_a_slide_is_of_a_metric_there_is_and_holds_no_personal_data() -> None:
    with pytest.raises(ValueError, match="no such metric"):
        Slide(metric="happiness", kind="number")
    with pytest.raises(ValueError, match="personal"):
        Slide(metric="clients", kind="number", notes="Soita 040 123 4567")


def test_every_file_of_the_ready_made_is_offered_and_can_be_asked(own: Store) -> None:
    assert {path.stem for path in FOLDER.glob("*.toml")} == set(ORDER)
    for made in ready_made().values():
        assert made.title.keys() == made.purpose.keys() == {"fi", "sv", "en"}
        place = {PLACE: "853"} if made.needs_municipality else None
        done = freeze(made.slides, own, place)
        assert len(done.slides) == len(made.slides)
        assert all(answered.rows for answered in done.slides)
        assert all(code != PLACE for answered in done.slides for _, code in answered.slide.where)


def test_frozen_values_are_those_of_the_question_and_of_the_year_before(own: Store, frozen: Frozen) -> None:
    period = frozen.slides[0].slide.period
    before = str(int(period[:4]) - 1) + period[4:]
    for answered, by in zip(frozen.slides, ((), ("language",)), strict=True):
        assert answered.rows == ask(Question(("clients",), by, period=period), own).rows
        assert answered.before == ask(Question(("clients",), by, period=before), own).rows
        assert answered.total == ask(Question(("clients",), period=period), own).rows[0]
        assert answered.version == definitions()["clients"].version
        assert answered.totals == (), "rows that count say themselves how bundled they are"


def test_the_totals_of_both_years_and_of_every_group_are_kept(own: Store) -> None:
    metric = "referral_started_share"
    slides = [Slide(metric=metric, kind="number"), Slide(metric=metric, kind="bars", by=GROUPS)]
    for answered in freeze(slides, own).slides:
        shown = [row for row in (*answered.whole, *answered.before) if row.value is not None]
        assert len({row.period for row in shown}) == 2
        assert [(row.period, row.codes) for row in answered.totals] == [(row.period, row.codes) for row in shown]
        by = answered.slide.by
        expected = [row for period in dict.fromkeys(row.period for row in shown)
                    for row in ask(Question(("referrals",), by, period=period), own).rows]  # fmt: skip
        assert all(row in expected for row in answered.totals)


def test_a_briefing_saved_with_one_spread_for_all_is_read(frozen: Frozen) -> None:
    raw = json.loads(frozen.model_dump_json())
    for slide in raw["slides"]:
        slide["spread"] = 3.0
    assert Frozen.model_validate(raw) == frozen


def test_only_protected_values_are_kept(frozen: Frozen) -> None:
    text = frozen.model_dump_json()
    for answered in frozen.slides:
        for row in (*answered.rows, *answered.whole, *answered.before):
            assert row.value is None or (row.value >= 10 and row.value % 5 == 0)
    assert "internal" not in text


def test_a_course_has_only_months_that_have_ended(own: Store) -> None:
    year = str(freeze([Slide(metric="clients", kind="number")], own).closed_until.year)
    done = freeze([Slide(metric="encounters", kind="lines", each="month", period=year)], own)
    months = [row.period for row in done.slides[0].rows]
    assert months
    assert max(months) <= f"{done.closed_until:%Y-%m}"
    # A year that goes on is compared with no whole year.
    assert done.slides[0].before == () or done.closed_until.month == 12


def test_a_saved_briefing_shows_the_same_numbers_when_the_data_have_changed(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    saved = store.save("Syksy", frozen)
    with own.next_generation("test", sample=True) as connection:
        connection.execute("DELETE FROM encounter WHERE language = 'so'")
    read = store.get(saved.id)
    assert read == saved
    again = freeze([answered.slide for answered in saved.frozen.slides], own)
    assert again.generation == saved.frozen.generation + 1
    then, now = ({row.codes["language"]: row.value for row in done.slides[1].rows} for done in (saved.frozen, again))
    assert then["so"]
    assert "so" not in now


def test_versions_are_added_and_never_changed(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    first = store.save("Syksy", frozen)
    shorter = frozen.model_copy(update={"slides": frozen.slides[:1]})
    second = store.save("Syksyn katsaus", shorter, first.id)
    assert (first.id, first.version, second.id, second.version) == ("B-1", 1, "B-1", 2)
    assert store.history("B-1") == (first, second)
    assert store.save("Toinen", frozen).id == "B-2"
    assert {one.title for one in store.all()} == {"Syksyn katsaus", "Toinen"}
    assert store.withdraw("B-1").what == "withdrawn"
    assert [one.title for one in store.all()] == ["Toinen"]
    assert store.get("B-1") is None
    assert store.history("B-1")[:2] == (first, second)
    assert store.save("Kolmas", frozen).id == "B-3", "the number of a withdrawn briefing is not used again"


@pytest.mark.parametrize(
    ("title", "reason"),
    [("ab", "title"), ("Liisa 131052-308T", "personal"), ("rivi\nrivi", "title"), ("x" * 101, "title")],
)
def test_a_title_that_may_not_be_kept_is_refused(title: str, reason: str, own: Store, frozen: Frozen) -> None:
    with pytest.raises(BriefingError) as error:
        Briefings.of(own.path).save(title, frozen)
    assert error.value.reason == reason
    assert title not in str(error.value)


def test_what_is_not_there_is_said(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    with pytest.raises(BriefingError, match="nothing"):
        store.save("Syksy", frozen, "B-7")
    with pytest.raises(BriefingError, match="nothing"):
        store.withdraw("B-7")
    with pytest.raises(BriefingError, match="slides"):
        store.save("Syksy", frozen.model_copy(update={"slides": ()}))
    assert store.history("../../etc/passwd") == ()


def test_a_damaged_file_is_said_not_swallowed(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    saved = store.save("Syksy", frozen)
    path = store.folder / f"{saved.id}.jsonl"
    path.write_text(path.read_text(encoding="utf-8") + "{}\n", encoding="utf-8")
    with pytest.raises(StoreError) as error:
        store.get(saved.id)
    assert (error.value.reason, error.value.detail) == ("damaged_line", "2")


def test_the_file_of_another_briefing_is_not_shown_by_this_one_s_name(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    first, second = store.save("Syksy", frozen), store.save("Toinen", frozen)
    shutil.copy(store.folder / f"{second.id}.jsonl", store.folder / f"{first.id}.jsonl")
    for look in (lambda: store.get(first.id), store.all, lambda: store.save("Syksy", frozen, first.id)):
        with pytest.raises(StoreError) as error:
            look()
        assert (error.value.reason, error.value.path.stem) == ("strange_line", first.id)
    assert store.get(second.id) == second
    assert [one.params["path"].stem for one in kept.damage(own.path)] == [first.id]


def test_who_saves_second_does_not_overwrite_what_was_saved_meanwhile(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    first = store.save("Syksy", frozen)
    there = store.save("Syksy", frozen, first.id, seen=1)
    with pytest.raises(BriefingError, match="meanwhile"):
        store.save("Talvi", frozen, first.id, seen=1)
    assert store.get(first.id) == there
    assert store.save("Talvi", frozen, first.id, seen=2).version == 3


def test_what_was_withdrawn_meanwhile_does_not_come_back(own: Store, frozen: Frozen) -> None:
    store = Briefings.of(own.path)
    saved = store.save("Syksy", frozen)
    store.withdraw(saved.id)
    for seen in (None, 1, 2):
        with pytest.raises(BriefingError, match="nothing"):
            store.save("Syksy", frozen, saved.id, seen)
    assert store.get(saved.id) is None

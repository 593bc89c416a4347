"""Definition files: all of them valid, every error of every file said at once, and a new file enough for a new metric."""

import shutil
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from data.texts import LANGUAGES
from metrics.gate import limits
from metrics.model.condition import ConditionError, columns_of
from metrics.model.definition import FOLDER, SOURCES, DefinitionsError, Text, definitions, read, value_limits
from metrics.model.facts import FACTS


def test_every_metric_of_the_design_is_there() -> None:
    expected = """
        encounters clients identified_share new_clients encounters_per_client minutes_median wait_days same_day_share
        several_topics_share solved_share solved_first_contact_share load_by_weekday_hour
        understood_language_share own_language_share interpreted_share relative_interpreting_share language_unmet_share
        staff_language_cover interpreting_need_hours
        reach_per_1000 reach_gap reach_evenness newcomer_share found_via_share outside_home_share remote_share
        outreach_share in_person_share
        referrals referral_share referral_started_share referral_lost_share referral_days warm_share return_share flow
        counter_to_counter_share paths ngo_share joint_encounter_share to_competence_centre centre_enrolled_share centre_days
        enrolments active_clients source_share source_variety days_arrival_to_enrolment days_guidance_to_enrolment
        employed_by open_employment_by working_or_studying_by days_to_employment at_work_at unrecorded_work still_employed
        still_employed_6
        matches_competence_share recognition_share evidence_share employer_recognition_share training_completed_share
        apprenticeship_share tailored_share beside_work_share guidance_minutes_per_client language_gain
        centre_referred centre_starters training_starters work_starters training_share recognition_methods recognition_partners
        satisfaction understood_share training_days_per_person_year encounters_per_person_year euros_per_encounter
        euros_per_client euros_per_employed one_stop_share
    """.split()
    assert set(definitions()) == set(expected)


def test_every_metric_serves_a_recommendation_and_says_itself_in_three_languages() -> None:
    for definition in definitions().values():
        assert set(definition.sources) <= set(SOURCES)
        for said in (definition.name, definition.text, definition.why):
            texts = [said[lang] for lang in LANGUAGES]
            assert all(texts)
            assert len(set(texts)) > 1


def test_all_errors_of_all_files_are_said_at_once_with_file_and_key(tmp_path: Path) -> None:
    good = (FOLDER / "clients.toml").read_text(encoding="utf-8")
    (tmp_path / "clients.toml").write_text(
        good.replace('where = "identified"', 'where = "identifed"'), encoding="utf-8"
    )
    (tmp_path / "second.toml").write_text(
        good.replace('good = "none"', 'good = "big"').replace("sv = ", "se = "), encoding="utf-8"
    )
    (tmp_path / "broken.toml").write_text("id = ", encoding="utf-8")
    (tmp_path / "third.toml").write_text(good, encoding="utf-8")
    with pytest.raises(DefinitionsError) as found:
        read(tmp_path)
    lines = "\n".join(found.value.lines)
    assert "clients.toml: metric: measure.where: encounter has no column 'identifed'" in lines
    assert "second.toml: good:" in lines
    assert "second.toml: name.sv:" in lines
    assert "broken.toml:" in lines
    assert "third.toml: id:" in lines


def test_a_new_file_is_a_new_metric(tmp_path: Path) -> None:
    shutil.copytree(FOLDER, tmp_path, dirs_exist_ok=True)
    text = (FOLDER / "solved_share.toml").read_text(encoding="utf-8").replace("solved_share", "phone_share")
    (tmp_path / "phone_share.toml").write_text(
        text.replace("resolution = 'solved'", "channel = 'phone'"), encoding="utf-8"
    )
    assert read(tmp_path)["phone_share"].unit == "%"


@pytest.mark.parametrize(
    "condition",
    [
        "client > 0; DROP TABLE client",
        "channel = (SELECT 1)",
        "read_csv('x')",
        "channel = 'fone'",
        "language_support IN ('relative', 'cousin')",
        "topic = 'work'",
        'channel = "phone"',
        "channel ~ 'x'",
        "identified), 0) + (identified",
        "identified -- the rest",
        "identified /* the rest",
        "channel(identified)",
        "topic_count * 3 > 7",
        "identified AND",
        "(identified",
        "wait_days = 99999999",
        "channel IN (joint)",
        "CASE WHEN identified THEN joint",
        "wait_days = 1\u0663",
        "sent\x1cAND joint",
        "'fone' = channel",
        "channel = true",
        "hour IN (9)",
    ],
)
def test_conditions_outside_the_subset_are_refused(condition: str) -> None:
    with pytest.raises(ConditionError):
        columns_of(condition, FACTS["encounter"])


@pytest.mark.parametrize(
    "condition",
    [
        "wait_days = null",
        "NULL <> wait_days",
        "channel = null",
        "channel IN ('phone', null)",
        "wait_days NOT IN (3, null)",
        "wait_days BETWEEN null AND 3",
        "wait_days BETWEEN 5 AND 3",
    ],
)
def test_what_would_never_hold_is_refused(condition: str) -> None:
    """In SQL nothing is equal to null, or unlike it: it counts nobody, and reads as if it counted those who are not known."""
    with pytest.raises(ConditionError, match=r"null|nothing is between"):
        columns_of(condition, FACTS["encounter"])
    assert columns_of("wait_days IS NOT NULL AND channel IS NULL", FACTS["encounter"]) == ("wait_days", "channel")


def test_conditions_name_their_columns() -> None:
    fact = FACTS["encounter"]
    assert columns_of("channel IN ('phone', 'video') AND NOT identified OR wait_days <= 30", fact) == (
        "channel",
        "identified",
        "wait_days",
    )
    assert columns_of("true", fact) == ()


@pytest.mark.parametrize("text", ["{base:99999999999}", "{base.__class__}", "{base!r}", "{", "{other}", "a}"])
def test_a_text_has_no_place_but_for_thresholds(text: str) -> None:
    with pytest.raises(ValueError, match="threshold"):
        TypeAdapter(Text).validate_python(f"Text {text}")
    assert TypeAdapter(Text).validate_python("From {shown_from}") == f"From {limits()['shown_from']}"


def test_the_limits_of_a_value_follow_its_unit() -> None:
    found = value_limits()
    assert found.keys() == definitions().keys()
    assert {unit: {found[one.id] for one in definitions().values() if one.unit == unit} for unit in ("%", "points", "days")} == {
        "%": {(0, 100)}, "points": {(1, 5)}, "days": {(0, 1e9)},
    }  # fmt: skip

"""The competence centre's work, counted by eye: ways in, recognitions, training, lasting work, language."""

from datetime import date, timedelta
from pathlib import Path
from typing import Any

from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of

START = date(2024, 1, 1)


def on(day: int) -> date:
    """A day counted from 1 January 2024."""
    return START + timedelta(day)


def test_active_clients(tmp_path: Path) -> None:
    """Client 1: January to March. Client 2: from February, still there when the follow-up ends in April. Client 3: one day.

    January 1, February 1 and 2, March 1, 2 and 3, April 2, May nobody (nothing is known of it); the year 3.
    """
    enrolments = [
        {"client": 1, "started_on": date(2024, 1, 20), "ended_on": date(2024, 3, 5)},
        {"client": 2, "started_on": date(2024, 2, 3), "followed_until": date(2024, 4, 10)},
        {"client": 3, "started_on": date(2024, 3, 31), "ended_on": date(2024, 3, 31)},
    ]
    met = [{"client": 4, "occurred_on": date(2024, 5, 31)}]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "encounter": met})
    found = [number(store, "active_clients", period=f"2024-{month:02d}") for month in range(1, 6)]
    assert found == [1, 2, 3, 1, 0]
    assert number(store, "active_clients", period="2024") == 3


def test_source_variety(tmp_path: Path) -> None:
    """Two sources with as many clients are as good as two; with 3 and 1 exp(H) is 1.75; one source is one."""

    def of(*counts: int) -> float | None:
        sources = [name for name, count in zip(("kela", "self", "migri"), counts, strict=False) for _ in range(count)]
        enrolments = [{"client": number, "source": source} for number, source in enumerate(sources, 1)]
        return number(store_of(tmp_path / str(counts), {"enrolment": enrolments}), "source_variety")

    assert round(of(5, 5) or 0, 9) == 2
    assert round(of(3, 1) or 0, 3) == 1.755
    assert of(4) == 1


def test_days_from_arrival_and_from_guidance_to_enrolment(tmp_path: Path) -> None:
    """Arrived 100, 200 and 400 days before the start: median 200; the fourth's arrival is unknown.

    First guidance 10 and 30 days before: median 20. The third met the competence centre only, the fourth guidance too late.
    """
    enrolments = [
        {"client": client, "started_on": on(500), "arrived_on": on(500 - days) if days else None}
        for client, days in ((1, 100), (2, 200), (3, 400), (4, 0))
    ]
    encounters = [
        {"client": 1, "service": "guidance", "occurred_on": on(490)},
        {"client": 1, "service": "guidance", "occurred_on": on(499)},
        {"client": 2, "service": "guidance", "occurred_on": on(470)},
        {"client": 3, "service": "competence_centre", "occurred_on": on(400)},
        {"client": 4, "service": "guidance", "occurred_on": on(501)},
    ]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "encounter": encounters})
    assert number(store, "days_arrival_to_enrolment", at=0.5) == 200
    assert number(store, "days_guidance_to_enrolment", at=0.5) == 20


def test_open_employment_by(tmp_path: Path) -> None:
    """Four followed for two years. Open work on day 100; subsidised on day 50, open on day 300; subsidised only; none.

    Employed within 6 months: the first three, 75 %. In open work: 25 % in 6 months, 50 % in 12: subsidised work is no end.
    """
    enrolments = [{"client": client, "started_on": START, "followed_until": on(800)} for client in (1, 2, 3, 4)]
    outcomes = [
        {"client": 1, "kind": "employment_open", "started_on": on(100)},
        {"client": 2, "kind": "employment_subsidised", "started_on": on(50)},
        {"client": 2, "kind": "self_employment", "started_on": on(300)},
        {"client": 3, "kind": "employment_subsidised", "started_on": on(60)},
    ]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "outcome": outcomes})
    assert [number(store, "employed_by", at=months) for months in (6, 12, 24)] == [75, 75, 75]
    assert [number(store, "open_employment_by", at=months) for months in (6, 12, 24)] == [25, 50, 50]


def test_still_employed(tmp_path: Path) -> None:
    """Data end on day 600. Half a year from 1 January 2024 is over on 1 July, day 182; from day 417 on day 598.

    Started on day 0: ended on day 182 (on that day still, not a year), on day 181 (neither), goes on (both); started on day 417:
    goes on, just half a year old; day 420: too new. Study is no employment. Half a year: 3 of 4. A year: 1 of 3.
    """
    starts: list[tuple[str, int, int | None]] = [
        ("employment_open", 0, 182), ("self_employment", 0, 181), ("employment_subsidised", 0, None),
        ("employment_open", 417, None), ("employment_open", 420, None), ("degree_study", 0, None),
    ]  # fmt: skip
    outcomes: list[dict[str, Any]] = [
        {"client": client, "kind": kind, "started_on": on(start), "ended_on": None if end is None else on(end)}
        for client, (kind, start, end) in enumerate(starts, 1)
    ]
    enrolments = [{"client": 1, "started_on": START, "followed_until": on(600)}]
    store = store_of(tmp_path / "store", {"outcome": outcomes, "enrolment": enrolments})
    assert number(store, "still_employed_6") == 75
    assert round(number(store, "still_employed") or 0, 6) == round(100 / 3, 6)


def test_those_lost_to_follow_up_are_not_counted_as_still_employed(tmp_path: Path) -> None:
    """Five start on day 10, data end on day 800. Followed to the end: one goes on, one ends on day 100. Followed to day 60: one
    goes on as far as is known. A later enrolment follows one to day 300; the latest has no day, so one is followed to the end.

    A year: 2 of 3. Half a year, day 192: the one followed to day 300 goes on too: 3 of 4.
    """
    followed: list[tuple[int, int, int | None]] = [
        (1, 0, 800), (2, 0, 800), (3, 0, 60), (4, 0, 60), (4, 50, 300), (5, 0, 60), (5, 50, None),
    ]  # fmt: skip
    enrolments = [
        {"client": client, "started_on": on(start), "followed_until": None if until is None else on(until)}
        for client, start, until in followed
    ]
    outcomes = [{"client": client, "started_on": on(10)} for client in range(1, 6)]
    outcomes[1]["ended_on"] = on(100)
    store = store_of(tmp_path / "store", {"outcome": outcomes, "enrolment": enrolments})
    assert number(store, "still_employed_6") == 75
    assert round(number(store, "still_employed") or 0, 6) == round(200 / 3, 6)


def test_matches_competence_share_by_the_centre_of_the_latest_enrolment(tmp_path: Path) -> None:
    """Two match, one does not, one is unknown: 2 / 3. Client 1 changed to Vantaa's centre before the start."""
    enrolments = [
        {"client": 1, "centre": "049", "started_on": on(0)},
        {"client": 1, "centre": "092", "started_on": on(50)},
        {"client": 2, "centre": "049", "started_on": on(0)},
    ]
    matches = [(1, True), (2, True), (2, False), (2, None)]
    outcomes = [{"client": c, "started_on": on(100), "matches_competence": match} for c, match in matches]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "outcome": outcomes})
    assert round(number(store, "matches_competence_share") or 0, 6) == round(200 / 3, 6)
    assert number(store, "matches_competence_share", centre="092") == 100
    assert number(store, "matches_competence_share", centre="049") == 50


def test_recognition_share(tmp_path: Path) -> None:
    """Data end on day 400. Recognised on day 183 yes, day 184 no, before the start no, never no; started on day 218, too new.

    1 of 4 old enough. Two recognitions of one client count once.
    """
    enrolments = [{"client": client, "started_on": on(0)} for client in (1, 2, 3, 4)]
    enrolments += [{"client": 5, "started_on": on(218), "followed_until": on(400)}]
    days = [(1, 183), (1, 20), (2, 184), (3, -1), (5, 219)]
    recognitions = [
        {"client": client, "recognised_on": on(day), "method": "portfolio", "partner": "centre"} for client, day in days
    ]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "recognition": recognitions})
    assert number(store, "recognition_share") == 25


def test_how_and_with_whom_competence_is_recognised(tmp_path: Path) -> None:
    """Six ways, one each, one unknown: 3 of 6 by evidence. Partners: 2 of the 4 known ones an employer."""
    methods = "demonstration work_trial digital_test interview portfolio certificate unknown".split()
    partners = ["employer", "school", "employer", "school", *["unknown"] * 3]
    recognitions = [
        {"client": client, "recognised_on": START, "method": method, "partner": partner}
        for client, (method, partner) in enumerate(zip(methods, partners, strict=True), 1)
    ]
    enrolments = [{"client": client, "started_on": START} for client in range(1, 8)]
    store = store_of(tmp_path / "store", {"recognition": recognitions, "enrolment": enrolments})
    assert number(store, "evidence_share") == 50
    assert number(store, "employer_recognition_share") == 50


def test_training(tmp_path: Path) -> None:
    """Data end on day 100. Ended: completed, not completed, completion unknown; not yet ended: left out. Completed 1 / 2.

    Apprenticeship and training agreement: 2 of the 3 with a known kind. Tailored 1 of 2 known, beside work 1 of 2 known.
    """
    periods: list[dict[str, Any]] = [
        {"kind": "apprenticeship", "ended_on": on(50), "completed": True, "tailored": True, "beside_work": False},
        {"kind": "training_agreement", "ended_on": on(60), "completed": False, "tailored": False},
        {"kind": "language", "ended_on": on(70), "completed": None, "beside_work": True},
        {"kind": "unknown", "ended_on": on(150), "completed": True},
    ]
    training = [{"client": client, "started_on": START, **period} for client, period in enumerate(periods, 1)]
    enrolments = [{"client": 1, "started_on": START, "followed_until": on(100)}]
    store = store_of(tmp_path / "store", {"training": training, "enrolment": enrolments})
    assert number(store, "training_completed_share") == 50
    assert round(number(store, "apprenticeship_share") or 0, 6) == round(200 / 3, 6)
    assert number(store, "tailored_share") == 50
    assert number(store, "beside_work_share") == 50


def test_guidance_minutes_per_client(tmp_path: Path) -> None:
    """Client 1: 30 + 45 in the first half year, 60 on day 183 (too late), 500 before. Client 2: 95. Median of 75 and 95: 85.

    Guidance of another service does not count; client 3 has no time recorded; client 4 started too lately.
    """
    minutes = [(1, 0, 30), (1, 182, 45), (1, 183, 60), (1, -1, 500), (2, 10, 95), (4, 201, 10)]
    encounters = [
        {"client": c, "service": "competence_centre", "occurred_on": on(day), "minutes": m} for c, day, m in minutes
    ]
    encounters += [{"client": 3, "service": "guidance", "occurred_on": on(5), "minutes": 45}]
    enrolments = [{"client": client, "started_on": START} for client in (1, 2, 3)]
    enrolments += [{"client": 4, "started_on": on(200), "followed_until": on(300)}]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "encounter": encounters})
    assert number(store, "guidance_minutes_per_client", at=0.5) == 85


def test_language_gain(tmp_path: Path) -> None:
    """A1.3 to A2 rose, under A1 to A1 rose, A2.1 to A2.2 is the same level, B1 to A2 fell, end unknown is left out: 2 / 4.

    The sixth rose too, but came less than a year before the data end: those who leave soon are no measure of the rest.
    """
    levels = [("a1_3", "a2"), ("below_a1", "a1_1"), ("a2_1", "a2_2"), ("b1", "a2"), ("a1", "unknown"), ("a1", "b1")]
    enrolments: list[dict[str, Any]] = [
        {"client": client, "language_level_start": start, "language_level_end": end, "started_on": START}
        for client, (start, end) in enumerate(levels, 1)
    ]
    enrolments[0]["followed_until"] = on(365)
    enrolments[-1]["started_on"] = on(1)
    assert number(store_of(tmp_path / "store", {"enrolment": enrolments}), "language_gain") == 50


def test_from_guidance_to_the_competence_centre(tmp_path: Path) -> None:
    """Four guidance clients; three referrals to the centre: 750 per 1 000. The centre's own client is no guidance client.

    Old enough (90 days): the first enrolled on day 90 yes, the second on day 91 no; the third is too new. 1 / 2. Days: 90 and
    91, and 1 for the third: median 90.
    """
    encounters = [{"client": client, "service": "guidance", "occurred_on": START} for client in (1, 2, 3, 4)]
    encounters += [{"client": 9, "service": "competence_centre", "occurred_on": START}]
    referrals = [
        {"client": client, "to_service": "competence_centre", "referred_on": on(day)}
        for client, day in ((1, 0), (2, 0), (3, 200))
    ]
    referrals += [{"client": 4, "to_service": "ngo", "referred_on": on(201)}]
    enrolments = [{"client": client, "started_on": on(day)} for client, day in ((1, 90), (2, 91), (3, 201))]
    store = store_of(tmp_path / "store", {"encounter": encounters, "referral": referrals, "enrolment": enrolments})
    assert number(store, "to_competence_centre") == 750
    assert number(store, "centre_enrolled_share") == 50
    assert number(store, "centre_days", at=0.5) == 90
    assert number(store, "ngo_share") == 25
    assert numbers(store, "ngo_share", by=("to_service",)) == {"competence_centre": 0, "ngo": 100}


def test_clients_on_the_way_are_counted_once_a_step(tmp_path: Path) -> None:
    """Referred to the centre 2 (one of them twice), to an association 1. Started 2, one twice. In training 2. At work 1."""
    referrals = [
        {"client": client, "to_service": to} for client, to in ((1, "competence_centre"), (1, "competence_centre"))
    ]
    referrals += [{"client": 2, "to_service": "competence_centre"}, {"client": 3, "to_service": "ngo"}]
    enrolments = [{"client": client, "started_on": on(day)} for client, day in ((1, 0), (1, 200), (4, 10))]
    trainings = [{"client": client, "kind": "language", "started_on": on(20)} for client in (1, 1, 4)]
    outcomes = [
        {"client": 1, "kind": "employment_open", "started_on": on(30)},
        {"client": 1, "kind": "self_employment", "started_on": on(60)},
        {"client": 4, "kind": "degree_study", "started_on": on(30)},
    ]
    tables: dict[str, list[dict[str, Any]]] = {
        "referral": referrals,
        "enrolment": enrolments,
        "training": trainings,
        "outcome": outcomes,
    }
    store = store_of(tmp_path / "store", tables)
    metrics = ("centre_referred", "centre_starters", "training_starters", "work_starters")
    assert [number(store, metric) for metric in metrics] == [2, 2, 2, 1]


def test_training_share(tmp_path: Path) -> None:
    """Data end on day 500. Training on day 365 yes, day 366 no, before the start no, never no; started on day 200, too new."""
    enrolments = [{"client": client, "started_on": on(0)} for client in (1, 2, 3, 4)]
    enrolments += [{"client": 5, "started_on": on(200), "followed_until": on(500)}]
    trainings = [
        {"client": client, "kind": "language", "started_on": on(day)}
        for client, day in ((1, 365), (2, 366), (3, -1), (5, 201))
    ]
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "training": trainings})
    assert number(store, "training_share") == 25


def test_parts_of_the_ways_and_partners_of_recognition(tmp_path: Path) -> None:
    """Of four known ways two are demonstrations, of four known partners two are employers."""
    rows = [
        ("demonstration", "employer"),
        ("demonstration", "school"),
        ("portfolio", "employer"),
        ("interview", "unknown"),
        ("unknown", "centre"),
    ]
    recognitions = [
        {"client": client, "recognised_on": START, "method": method, "partner": partner}
        for client, (method, partner) in enumerate(rows, 1)
    ]
    store = store_of(
        tmp_path / "store", {"recognition": recognitions, "enrolment": [{"client": 1, "started_on": START}]}
    )
    ways = numbers(store, "recognition_methods", by=("method",))
    assert (ways["demonstration"], ways["portfolio"], ways["interview"]) == (50, 25, 25)
    partners = numbers(store, "recognition_partners", by=("partner",))
    assert (partners["employer"], partners["school"]) == (50, 25)

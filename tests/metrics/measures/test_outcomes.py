"""Paths from a competence centre to work and study, counted by eye, and against lifelines from random rows."""

import random
from calendar import monthrange
from collections.abc import Iterable
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from lifelines import AalenJohansenFitter, KaplanMeierFitter

from data.codes import code_list
from metrics.ask import ask, ask_curve
from metrics.grammar.question import Question
from tests.metrics.exact import number, numbers
from tests.metrics.made import store_of
from tests.metrics.measures.enrolled import START, enrolled, outcome


def asked(
    path: Path,
    metric: str,
    enrolments: list[dict[str, Any]],
    outcomes: Iterable[dict[str, Any]] = (),
    at: int | None = None,
) -> float | None:
    store = store_of(path / "store", {"enrolment": enrolments, "outcome": list(outcomes)})
    return number(store, metric, at=at)


def test_enrolments_and_sources(tmp_path: Path) -> None:
    """Five enrolments of four clients: three from guidance (one client twice), one from Kela, one unknown.

    60, 20, 20 %. In the year 2024: one, from guidance: 100, 0, 0 %.
    """
    rows = [
        enrolled(1, source="guidance"),
        enrolled(1, on=400, source="guidance"),
        enrolled(2, source="guidance"),
        enrolled(3, source="kela"),
        enrolled(4),
    ]
    store = store_of(tmp_path / "store", {"enrolment": rows})
    assert number(store, "enrolments") == 5
    assert numbers(store, "enrolments", each="year") == {"2023": 4, "2024": 1}
    assert numbers(store, "source_share", by=("source",)) == {"guidance": 60, "kela": 20, "unknown": 20}
    assert numbers(store, "source_share", by=("source",), period="2024") == {"guidance": 100, "kela": 0, "unknown": 0}
    assert number(store, "source_share", source="kela", period="2023") == 25


def test_each_source_share_is_of_its_own_group(tmp_path: Path) -> None:
    """Espoo: guidance 1 of 2, Kela 1 of 2; Vantaa: guidance 1 of 1."""
    rows = [
        enrolled(1, source="guidance", municipality="049"),
        enrolled(2, source="kela", municipality="049"),
        enrolled(3, source="guidance", municipality="092"),
    ]
    store = store_of(tmp_path / "store", {"enrolment": rows})
    assert numbers(store, "source_share", by=("source", "municipality")) == {
        ("guidance", "049"): 50, ("guidance", "092"): 100, ("kela", "049"): 50, ("kela", "092"): 0,
    }  # fmt: skip


PATHS = [enrolled(1), enrolled(2, ended=120, end_reason="moved"), enrolled(3), enrolled(4, followed=400)]


def test_employed_by_lets_exit_compete(tmp_path: Path) -> None:
    """Work on day 100 of 4 at risk: 1/4, left 3/4. Exit on day 120: left 2/4. Work on day 181 of 2 at risk: 1/4 + 1/4 = 50 %.

    Were the exit censored, it would be 62.5 %. The fourth is followed to day 400, so at 24 months nobody is: no number.
    """
    store = store_of(tmp_path / "store", {"enrolment": PATHS, "outcome": [outcome(1, 100), outcome(3, 181)]})
    assert number(store, "employed_by", at=6) == pytest.approx(50)
    assert number(store, "employed_by", at=12) == pytest.approx(50)
    assert number(store, "employed_by", at=24) is None
    assert number(store, "days_to_employment") == 181


def test_completing_the_service_does_not_preclude_work(tmp_path: Path) -> None:
    """Twelve, of whom six complete the service on day 60, and two begin to study first: all work by day 120, 100 %."""
    rows = [enrolled(c, ended=60, end_reason="completed") for c in range(1, 7)] + [enrolled(c) for c in range(7, 13)]
    outcomes = [outcome(c, 120) for c in range(1, 13)] + [
        outcome(1, 40, "degree_study"),
        outcome(7, 50, "apprenticeship"),
    ]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": outcomes})
    assert [number(store, "employed_by", at=months) for months in (6, 12, 24)] == [100, 100, 100]
    assert number(store, "open_employment_by", at=6) == 100


@pytest.mark.parametrize("reason", code_list("end_reason").ids)
def test_only_moving_away_and_death_preclude_work(tmp_path: Path, reason: str) -> None:
    """The one of two who leaves on day 60 is found at work on day 90: counted, except after moving away or death."""
    rows = [enrolled(1, ended=60, end_reason=reason), enrolled(2)]
    share = asked(tmp_path, "employed_by", rows, [outcome(1, 90)], at=6)
    assert share == (0 if reason in ("moved", "died") else 50)


def test_months_are_those_of_the_calendar(tmp_path: Path) -> None:
    """Six months from 2 January are over on 2 July, day 181; from 2 July on 2 January, day 184. Twelve from 2 January 2024, of a
    leap year, on day 366. On that day yes, on the next no.
    """
    for number_of_days, begins, months in ((181, 0, 6), (184, 181, 6), (366, 365, 12)):
        rows = [enrolled(client, 2000, on=begins) for client in (1, 2)]
        work = [outcome(1, begins + number_of_days), outcome(2, begins + number_of_days + 1)]
        for metric in ("employed_by", "open_employment_by", "working_or_studying_by"):
            assert asked(tmp_path / f"{metric}{begins}", metric, rows, work, at=months) == 50


def test_censored_cases_leave_the_risk_set_without_counting_as_failures(tmp_path: Path) -> None:
    """Two of four are followed for only 50 days; then work on day 100, of 2 at risk: 50 %, not 25 %."""
    rows = [enrolled(1), enrolled(2), enrolled(3, followed=50), enrolled(4, followed=50)]
    assert asked(tmp_path, "employed_by", rows, [outcome(1, 100)], at=6) == pytest.approx(50)


def test_working_or_studying_does_not_end_with_the_enrolment(tmp_path: Path) -> None:
    """Study on day 50: 1/4. The one who moved away on day 120 is found at work on day 150: 2/4. Of employed_by the first counts,
    who works on day 60, and not the other, whose exit came first: 25 %.
    """
    outcomes = [outcome(1, 50, "degree_study"), outcome(1, 60), outcome(2, 150)]
    store = store_of(tmp_path / "store", {"enrolment": PATHS, "outcome": outcomes})
    assert number(store, "working_or_studying_by", at=6) == pytest.approx(50)
    assert number(store, "employed_by", at=6) == 25


def test_subsidised_work_and_own_business_are_work_and_apprenticeship_is_study(tmp_path: Path) -> None:
    """Of four, subsidised work, own business, apprenticeship and nothing: work 2/4, work or study 3/4."""
    outcomes = [
        outcome(1, 10, "employment_subsidised"),
        outcome(2, 20, "self_employment"),
        outcome(3, 30, "apprenticeship"),
    ]
    store = store_of(tmp_path / "store", {"enrolment": [enrolled(c) for c in (1, 2, 3, 4)], "outcome": outcomes})
    assert number(store, "employed_by", at=6) == pytest.approx(50)
    assert number(store, "working_or_studying_by", at=6) == pytest.approx(75)


def test_what_was_before_the_enrolment_does_not_count(tmp_path: Path) -> None:
    """Work the day before: no. Work on the first day: yes. Work before, study before, and work on day 20: yes. 2 of 4."""
    outcomes = [outcome(1, -1), outcome(2, 0), outcome(3, -30), outcome(3, -20, "degree_study"), outcome(3, 20)]
    rows = [enrolled(client) for client in (1, 2, 3, 4)]
    assert asked(tmp_path, "employed_by", rows, outcomes, at=6) == pytest.approx(50)


def test_what_comes_after_the_end_of_follow_up_does_not_count(tmp_path: Path) -> None:
    """Client 1 works on day 60 and is followed to day 60: yes. Client 2 works the day after: no, censored on day 60.

    Day 60: 1 of 4, nothing later: 25 %.
    """
    rows = [enrolled(1, followed=60), enrolled(2, followed=60), enrolled(3), enrolled(4)]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 60), outcome(2, 61)]})
    assert number(store, "employed_by", at=6) == pytest.approx(25)
    assert number(store, "working_or_studying_by", at=6) == pytest.approx(25)


def test_ties_of_a_day(tmp_path: Path) -> None:
    """Work and study on day 30: work. Work on the day of leaving, day 40: work. Study on the day of leaving: study.

    Work 2 of 4; work or study 3 of 4.
    """
    rows = [
        enrolled(1),
        enrolled(2, ended=40, end_reason="interrupted"),
        enrolled(3, ended=50, end_reason="completed"),
        enrolled(4),
    ]
    outcomes = [outcome(1, 30, "degree_study"), outcome(1, 30), outcome(2, 40), outcome(3, 50, "degree_study")]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": outcomes})
    assert number(store, "employed_by", at=6) == pytest.approx(50)
    assert number(store, "working_or_studying_by", at=6) == pytest.approx(75)


def test_leaving_for_work_or_study_is_no_exit(tmp_path: Path) -> None:
    """Three left on day 20, for work, for study and for no reason given, and work from day 30: all count, 3 of 4."""
    rows = [
        enrolled(1, ended=20, end_reason="employed"),
        enrolled(2, ended=20, end_reason="studying"),
        enrolled(3, ended=20),
        enrolled(4),
    ]
    work = [outcome(client, 30) for client in (1, 2, 3)]
    assert asked(tmp_path, "employed_by", rows, work, at=6) == pytest.approx(75)


def test_an_end_agreed_for_the_future_is_no_exit_yet(tmp_path: Path) -> None:
    """Followed to day 200, to leave on day 250: still at risk when another finds work on day 180, 1 of 2."""
    rows = [enrolled(1, followed=200), enrolled(2, followed=200, ended=250, end_reason="moved")]
    assert asked(tmp_path, "employed_by", rows, [outcome(1, 180)], at=6) == pytest.approx(50)


def test_without_a_day_of_follow_up_the_data_end_censors(tmp_path: Path) -> None:
    """The data reach day 300 (a start in work of another). Client 1, enrolled on day 0: followed for 300 days. Client 2, enrolled
    on day 200, for 100. Client 3 works on day 150 of the enrolment of day 150: at risk then only 1 and 3: 50 %.
    """
    rows = [enrolled(1, None), enrolled(2, None, on=200), enrolled(3, None, on=150)]
    assert asked(tmp_path, "employed_by", rows, [outcome(3, 300)], at=6) == pytest.approx(50)


def test_several_enrolments_of_one_client_are_each_a_case(tmp_path: Path) -> None:
    """Client 1 is enrolled on days 0 and 300 and works from days 100 and 400: 100 days into each. Client 2 is enrolled on
    days 0 and 300 and works from day 400: beyond 183 days of the first, 100 days into the second.

    Client 3 never. Five cases, three at work by 6 months: 60 %; by 12 months still, by 24 months 4 of 5: 80 %.
    """
    rows = [enrolled(1), enrolled(1, 1100, on=300), enrolled(2), enrolled(2, 1100, on=300), enrolled(3)]
    store = store_of(
        tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 100), outcome(1, 400), outcome(2, 400)]}
    )
    assert number(store, "enrolments") == 5
    assert [number(store, "employed_by", at=months) for months in (6, 12, 24)] == pytest.approx([60, 60, 80])
    (row, *_) = ask(Question(("employed_by",), audience="internal"), store).rows
    assert row.n == 3


def test_when_nobody_is_left_the_share_is_known_for_ever(tmp_path: Path) -> None:
    """Work on days 10 and 20 and exit on day 30 of three: 2/3 at every horizon, though nobody is followed any more."""
    rows = [enrolled(1), enrolled(2), enrolled(3, ended=30, end_reason="moved")]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 10), outcome(2, 20)]})
    assert [number(store, "employed_by", at=months) for months in (6, 24)] == pytest.approx([200 / 3, 200 / 3])


def test_days_to_employment(tmp_path: Path) -> None:
    """Work on days 30, 60 and 90 of five: one half is never reached. With a fourth on day 90: on day 90."""
    rows = [enrolled(client) for client in (1, 2, 3, 4, 5)]
    work = [outcome(1, 30), outcome(2, 60)]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": work})
    assert number(store, "days_to_employment") is None
    store = store_of(tmp_path / "more", {"enrolment": rows, "outcome": [*work, outcome(3, 90), outcome(4, 90)]})
    assert number(store, "days_to_employment") == 90


def test_outcomes_belong_to_their_enrolments_group(tmp_path: Path) -> None:
    """Espoo: 1 of 2 at work; Vantaa: 0 of 1. By the language the enrolment has: Somali 1 of 1, Arabic 0 of 2."""
    rows = [
        enrolled(1, municipality="049", language="so"),
        enrolled(2, municipality="049", language="ar"),
        enrolled(3, municipality="092", language="ar"),
    ]
    store = store_of(tmp_path / "store", {"enrolment": rows, "outcome": [outcome(1, 10)]})
    assert numbers(store, "employed_by", by=("municipality",), at=6) == {"049": pytest.approx(50), "092": 0}
    assert numbers(store, "employed_by", by=("language_group",), at=6) == {"arabic": 0, "horn_of_africa": 100}


def random_paths(seed: int) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Two hundred enrolments of 170 clients with all that can happen, and outcomes of most of them."""
    chance = random.Random(seed)
    enrolments, outcomes = [], []
    for i in range(200):
        on = chance.randrange(500)
        followed = on + chance.randrange(50, 1100) if chance.random() < 0.8 else None
        row = enrolled(1 + i % 170, followed, on=on, language=chance.choice(("so", "ar")))
        if chance.random() < 0.4:
            row["ended_on"] = START + timedelta(on + chance.randrange(1, 900))
            row["end_reason"] = chance.choice(("moved", "died", "completed", "employed", None))
        enrolments.append(row)
    for i in range(220):
        kind = chance.choice(("employment_open", "self_employment", "degree_study", "apprenticeship"))
        outcomes.append(outcome(1 + i % 150, chance.randrange(1400), kind))
    return enrolments, outcomes


def followed_rows(enrolments: list[dict[str, Any]], outcomes: list[dict[str, Any]]) -> pd.DataFrame:
    """Row by row in plain Python: language, first cause (0 none, 1 work, 2 work not recorded, 3 exit), its days and its day on
    the axis of months; the same for work or study.
    """
    until = max(
        *(row["started_on"] for row in enrolments + outcomes), *(r["followed_until"] for r in enrolments if "followed_until" in r)
    )  # fmt: skip
    found = []
    for row in enrolments:
        begun = row["started_on"]
        own = [one for one in outcomes if one["client"] == row["client"] and one["started_on"] >= begun]
        positive = min(((one["started_on"], 1) for one in own), default=None)
        events = [(one["started_on"], 1) for one in own if "employment" in one["kind"]]
        near = [day for day, _ in events if day <= row.get("ended_on", date.max - timedelta(31)) + timedelta(31)]
        if row.get("end_reason") == "employed" and not near:
            events.append((row["ended_on"], 2))
        if row.get("end_reason") in ("moved", "died"):
            events.append((row["ended_on"], 3))
        first = min(events, default=None)
        last = min(row.get("followed_until", until), until)
        at, cause = first if first and first[0] <= last else (last, 0)
        any_at, any_cause = (positive[0], 1) if positive and positive[0] <= last else (last, 0)
        found.append((row["language"], (at - begun).days, cause, axis(begun, at), axis(begun, any_at), any_cause))
    return pd.DataFrame(found, columns=["language", "days", "cause", "time", "any_time", "any"])


def axis(begun: date, day: date) -> int:
    """Days since a day, moved to the side of 183, 365 and 730 on which the calendar's 6, 12 and 24 months put them."""
    days = (day - begun).days
    for months, end in ((6, 183), (12, 365), (24, 730)):
        month = begun.month - 1 + months
        over = date(begun.year + month // 12, month % 12 + 1, 1)
        last = over + timedelta(min(begun.day, monthrange(over.year, over.month)[1]) - 1)
        days = max(days, end + 1) if day > last else min(days, end)
        if day <= last:
            break
    return days


class Unjittered(AalenJohansenFitter):  # type: ignore[misc]
    """Lifelines on the days as they are; its formulas hold for ties, only its own check makes it jitter."""

    @staticmethod
    def _check_for_duplicates(durations: Any, events: Any) -> bool:
        return False


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("seed", [2, 3])
def test_horizons_and_medians_equal_lifelines_row_by_row(tmp_path: Path, seed: int) -> None:
    """Aalen–Johansen and Kaplan–Meier with their intervals, for all and for each language.

    Seeds without an event on the first day, which lifelines would lose.
    """
    enrolments, outcomes = random_paths(seed)
    store = store_of(tmp_path / "store", {"enrolment": enrolments, "outcome": outcomes})
    rows = followed_rows(enrolments, outcomes)
    assert set(rows["cause"]) == {0, 1, 2, 3}
    for language in (None, "so", "ar"):
        of = rows if language is None else rows[rows["language"] == language]
        where = () if language is None else (("language", (language,)),)
        incidence = Unjittered(calculate_variance=True).fit(of["time"], of["cause"], event_of_interest=1)
        by_day = Unjittered(calculate_variance=False).fit(of["days"], of["cause"], event_of_interest=1)
        event = KaplanMeierFitter().fit(of["any_time"], of["any"])
        fitted = {
            "employed_by": (incidence.cumulative_density_, incidence.confidence_interval_),
            "working_or_studying_by": (event.cumulative_density_, event.confidence_interval_cumulative_density_),
        }
        for metric, (curve, interval) in fitted.items():
            answer = ask(Question((metric,), where=where, audience="internal"), store)
            for row, days in zip(answer.rows, (183, 365, 730), strict=True):
                bounds = interval[interval.index <= days].iloc[-1]
                expected = [curve[curve.index <= days].iloc[-1, 0], bounds.min(), bounds.max()]
                assert [row.value, row.lower, row.upper] == pytest.approx([100 * e for e in expected], abs=1e-7)
        reached = by_day.cumulative_density_.iloc[:, 0]
        reached = reached[reached >= 0.5]
        median = None if reached.empty else reached.index[0]
        asked_median = ask(Question(("days_to_employment",), where=where, audience="internal"), store).rows[0].value
        assert asked_median == median
        density = incidence.cumulative_density_.iloc[:, 0]
        points = ask_curve(Question(("employed_by",), where=where, audience="internal"), store)
        assert [p.value for p in points] == pytest.approx([100 * density[p.day] for p in points], abs=1e-7)

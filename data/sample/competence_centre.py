"""Clients of the competence centre: who sent them, how they fare, and until when they are followed.

Work, study and leaving compete: each has its own hidden time, the earliest one happens, and the end of the data cuts the rest.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.sample import area
from data.sample.columns import coded, day_column, month_column, nullable
from data.sample.people import NEVER, SampledPeople, Visits
from data.sample.plan import Codes, Days, Flags, Numbers, Plan, Shares, WeightedChoice, chance
from data.sample.sex_and_age import AGE_BANDS, SEXES

SOURCES = (
    "employment_services", "guidance", "self", "school_adult", "wellbeing_social", "ngo", "kela", "employer",
    "school_vocational", "unknown",
)  # fmt: skip
FROM_SERVICES, FROM_GUIDANCE, FROM_SELF, FROM_SCHOOL = range(4)
_BY_SOURCE = (36, 24, 14, 10, 5, 5, 2, 1.5, 1.5, 1)
_PACE_BY_SOURCE = (0.85, 1.1, 1.5, 0.95, 0.6, 0.8, 0.7, 1.6, 1.1, 0.9)

EDUCATION = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9")
_BY_EDUCATION = (7, 9, 19, 22, 3, 7, 15, 11, 1, 6)
_PACE_BY_EDUCATION = (0.5, 0.6, 0.8, 1.0, 1.1, 1.1, 1.2, 1.3, 1.3, 0.9)

LEVELS = ("below_a1", "a1", "a2", "b1", "b2", "c1", "unknown")
UNKNOWN_LEVEL = 6
_BY_LEVEL = (8, 22, 34, 22, 7, 1, 6)
_PACE_BY_LEVEL = (0.45, 0.65, 0.95, 1.35, 1.75, 2.0, 0.9)

CENTRES = ("853", "734")
END_REASONS = ("employed", "studying", "completed", "interrupted", "moved", "other", "unknown")
EMPLOYED, STUDYING, LEFT = 0, 1, 2
_LEAVING = (0, 0, 38, 30, 18, 10, 4)

MEDIAN_DAYS_TO_WORK = 520
MEDIAN_DAYS_TO_STUDY = 1350
MEDIAN_DAYS_TO_LEAVING = 1200
_SHAPE = 1.25


@dataclass(frozen=True)
class Enrolments:
    """One period in the centre for each row; days count from the plan's first day, `NEVER` = not within the data."""

    person: Numbers
    source: Codes
    education: Codes
    level: Codes
    start: Days
    work: Days
    study: Days
    ended: Days
    reason: Codes
    followed: Days
    starts_of: Days
    """By person: first day in the centre, else `NEVER`."""
    ends_of: Days
    guided: Flags
    """By person: sent by the guidance service at the first visit."""

    def covers(self, person: Numbers, day: Days) -> Flags:
        """Whether each person is in the centre on the day."""
        inside: Flags = (self.starts_of[person] <= day) & (day <= self.ends_of[person])
        return inside

    def from_guidance(self, person: Numbers) -> Flags:
        """Whether guidance sends the person to the centre."""
        return self.guided[person]


def make_enrolments(plan: Plan, people: SampledPeople, visits: Visits) -> Enrolments:
    """Draw the centre's clients: they start some weeks after their first visit and are followed from then on."""
    rng = plan.randomness("competence_centre")
    person = np.flatnonzero(people.enrols).astype(np.int32)
    source = WeightedChoice([_BY_SOURCE]).draw(rng, 0, len(person))
    first = visits.day[visits.first[person]]
    start = first + 5 + rng.gamma(1.6, 24, len(person)).astype(np.int32)
    start += (-((start + plan.first.weekday()) % 7 - 7) % 7) * ((start + plan.first.weekday()) % 7 > 4)
    kept = start <= plan.last.toordinal() - plan.first.toordinal()
    person, source, start = person[kept], source[kept], start[kept]
    count = len(person)
    education = WeightedChoice([_BY_EDUCATION]).draw(rng, 0, count)
    level = WeightedChoice([_BY_LEVEL]).draw(rng, 0, count)
    pace = _of(_PACE_BY_SOURCE, source) * _of(_PACE_BY_EDUCATION, education) * _of(_PACE_BY_LEVEL, level)
    # The centre's employer work got going: later cohorts find work sooner.
    pace *= np.where(start > plan.days // 2, 1.25, 1.0)
    # Women get in later, as they do in Finland.
    pace *= np.where(people.told.women(person), 0.82, 1.2)
    last = plan.days - 1
    work = start + _time(rng, MEDIAN_DAYS_TO_WORK, pace)
    study = start + _time(rng, MEDIAN_DAYS_TO_STUDY, np.where(education <= 3, 1.25, 0.85))
    leaves = start + _time(rng, MEDIAN_DAYS_TO_LEAVING, np.ones(count))
    end, reason, follow = _endings(rng, plan, start, work, study, leaves)
    work = np.where((work <= np.minimum(follow, last)), work, NEVER)
    study = np.where((study <= np.minimum(follow, last)), study, NEVER)
    # Study and work exclude each other at first; of those who went to study, one in four works later on.
    work[(study < work) & chance(rng, 0.75, count)] = NEVER
    study[work < study] = NEVER
    starts_of = np.full(len(people.language), NEVER, dtype=np.int32)
    ends_of = np.full(len(people.language), -1, dtype=np.int32)
    guided = np.zeros(len(people.language), dtype=np.bool_)
    starts_of[person], ends_of[person] = start, np.minimum(end, last)
    guided[person] = source == FROM_GUIDANCE
    return Enrolments(
        person, source, education, level, start, work, study, end, reason, follow, starts_of, ends_of, guided
    )  # fmt: skip


def enrolment_rows(plan: Plan, people: SampledPeople, enrolments: Enrolments) -> pa.Table:
    """Rows of the enrolment table, in day order."""
    rng = plan.randomness("competence_centre", 1)
    e, count = enrolments, len(enrolments.person)
    ended = e.ended < NEVER
    gain = rng.binomial(2, (((e.ended - e.start) / 500).clip(0, 0.8) * ended)).astype(np.uint8)
    after = np.minimum(e.level + gain, 5).astype(np.uint8)
    after[~ended | (e.level == UNKNOWN_LEVEL) | chance(rng, 0.2, count)] = UNKNOWN_LEVEL
    municipality = people.municipality[e.person]
    centre = (municipality == area.SALO).astype(np.uint8)
    without_work = rng.gamma(1.1, 13, count).astype(np.uint16).clip(max=240)
    table = pa.table({
        "enrolment_id": np.arange(1, count + 1, dtype=np.int32),
        "client_id": e.person + 1,
        "centre": coded(centre, CENTRES),
        "source": coded(e.source, SOURCES),
        "started_on": day_column(plan, e.start),
        "ended_on": day_column(plan, np.where(ended, e.ended, 0), ended),
        "end_reason": coded(e.reason, END_REASONS, ended),
        "followed_until": day_column(plan, e.followed),
        "education_level": coded(e.education, EDUCATION),
        "language_level_start": coded(e.level, LEVELS),
        "language_level_end": coded(after, LEVELS),
        "months_unemployed": nullable(without_work, chance(rng, 0.9, count)),
        "municipality": coded(municipality, area.MUNICIPALITY_CODES),
        "language": coded(people.language[e.person], area.LANGUAGE_CODES),
        "arrived_on": month_column(people.arrived[e.person]),
        "sex": coded(people.told.sex[e.person], SEXES),
        "age_band": coded(people.told.bands(e.person, e.start), AGE_BANDS),
    })  # fmt: skip
    return table.sort_by("started_on")


def _endings(
    rng: np.random.Generator, plan: Plan, start: Days, work: Days, study: Days, leaves: Days
) -> tuple[Days, Codes, Days]:
    """When and why each period ended, and until when the client is followed."""
    last, count = plan.days - 1, len(start)
    happened = np.minimum(np.minimum(work, study), leaves)
    reason = WeightedChoice([_LEAVING]).draw(rng, 0, count)
    reason[(work == happened)] = EMPLOYED
    reason[(study == happened) & (study < work)] = STUDYING
    positive = (reason == EMPLOYED) | (reason == STUDYING)
    end = np.where(positive, happened + rng.integers(0, 21, count), happened).astype(np.int32)
    end = np.where((happened <= last) & (end <= last), end, NEVER).astype(np.int32)
    # Open periods are followed to the end of the data, except the few whose file was last opened earlier.
    follow = np.full(count, last, dtype=np.int32)
    stale = chance(rng, 0.08, count)
    follow[stale] -= (rng.random(int(stale.sum())) * (last - start[stale]) * 0.6).astype(np.int32)
    # After leaving, some are still asked half a year later; after a start in work or study, a year later.
    closed = end < NEVER
    asked = np.where(positive, 365, np.where(chance(rng, 0.55, count), 180, 0))
    follow = np.where(closed, np.minimum(end + asked, last), follow).astype(np.int32)
    return end, reason, np.maximum(follow, start)


def _time(rng: np.random.Generator, median: float, pace: Shares) -> Days:
    """Weibull times in days; `pace` multiplies the hazard."""
    scale = median / np.log(2) ** (1 / _SHAPE)
    days: Days = (10 + rng.weibull(_SHAPE, len(pace)) * scale * pace ** (-1 / _SHAPE)).clip(max=20_000).astype(np.int32)
    return days


def _of(values: tuple[float, ...], codes: Codes) -> npt.NDArray[np.float64]:
    return np.array(values)[codes]

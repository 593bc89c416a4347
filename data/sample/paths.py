"""What the competence centre's clients do on their way: starts in work and study, recognitions of competence, training."""

import numpy as np
import pyarrow as pa

from data.sample.columns import coded, day_column, nullable
from data.sample.competence_centre import Enrolments
from data.sample.people import NEVER
from data.sample.plan import Codes, Days, Flags, Numbers, Plan, WeightedChoice, chance

OUTCOMES = ("employment_open", "employment_subsidised", "self_employment", "apprenticeship", "degree_study")
OPEN, SUBSIDISED, APPRENTICE = 0, 1, 3
_WORK, _STUDY = (60, 29, 11, 0, 0), (0, 0, 0, 34, 66)

METHODS = ("demonstration", "work_trial", "digital_test", "interview", "portfolio", "certificate")
_BY_METHOD = (20, 23, 11, 24, 8, 14)
RECOGNITION_PARTNERS = ("employer", "school", "centre", "unknown")
_BY_PARTNER = ((18, 58, 22, 2), (82, 4, 12, 2), (6, 24, 68, 2), (3, 12, 82, 3), (4, 20, 73, 3), (2, 38, 55, 5))
OCCUPATIONS = (
    "9112",
    "5120",
    "5321",
    "7231",
    "9412",
    "8332",
    "5311",
    "2512",
    "7115",
    "5223",
    "9329",
    "4120",
    "2221",
    "712",
)

KINDS = (
    "language", "vocational_module", "apprenticeship", "training_agreement", "preparatory", "short_course", "work_trial",
    "credit_for_work",
)  # fmt: skip
_BY_KIND = (34, 14, 7, 9, 9, 14, 11, 2)
_DAYS_BY_KIND = (110, 130, 300, 120, 140, 18, 60, 90)
PROVIDERS = ("school_adult", "school_vocational", "competence_centre", "ngo", "employer", "unknown")
_BY_PROVIDER = (
    (62, 14, 12, 9, 0, 3), (8, 88, 0, 0, 0, 4), (2, 88, 0, 0, 6, 4), (2, 86, 0, 0, 8, 4), (24, 62, 8, 2, 0, 4),
    (18, 30, 34, 10, 4, 4), (0, 2, 14, 6, 74, 4), (6, 70, 4, 0, 16, 4),
)  # fmt: skip


def outcome_rows(plan: Plan, enrolments: Enrolments) -> pa.Table:
    """Starts in work and study, in day order; a subsidised job is at times followed by an open one."""
    rng = plan.randomness("competence_centre", 2)
    e = enrolments
    works, studies = np.flatnonzero(e.work < NEVER), np.flatnonzero(e.study < NEVER)
    person = np.concatenate([e.person[works], e.person[studies]])
    start = np.concatenate([e.work[works], e.study[studies]])
    kind = np.concatenate(
        [WeightedChoice([_WORK]).draw(rng, 0, len(works)), WeightedChoice([_STUDY]).draw(rng, 0, len(studies))]
    )
    length = 60 + rng.exponential(400, len(start)).astype(np.int32)
    subsidised = kind == SUBSIDISED
    length[subsidised] = rng.integers(120, 300, int(subsidised.sum()))
    onward = np.flatnonzero(subsidised & chance(rng, 0.4, len(start)) & (start + length + 7 < plan.days))
    person = np.concatenate([person, person[onward]])
    kind = np.concatenate([kind, np.full(len(onward), OPEN, dtype=np.uint8)])
    start = np.concatenate([start, (start + length)[onward] + 7])
    length = np.concatenate([length, np.full(len(onward), 10_000, dtype=np.int32)])
    end, count = start + length, len(start)
    table = pa.table({
        "client_id": person + 1,
        "kind": coded(kind, OUTCOMES),
        "started_on": day_column(plan, start),
        "ended_on": day_column(plan, np.where(end < plan.days, end, 0), end < plan.days),
        "matches_competence": nullable(
            chance(rng, np.where(kind == OPEN, 0.62, 0.54) + 0.1 * (kind >= APPRENTICE), count), chance(rng, 0.7, count)
        ),
    })  # fmt: skip
    return table.sort_by("started_on")


def recognition_rows(plan: Plan, enrolments: Enrolments) -> pa.Table:
    """Recognitions of competence, at most two a client and of different methods, in day order."""
    rng = plan.randomness("competence_centre", 3)
    e, count = enrolments, len(enrolments.person)
    method = WeightedChoice([_BY_METHOD]).draw(rng, 0, count)
    second = ((method + 1 + rng.integers(0, len(METHODS) - 1, count)) % len(METHODS)).astype(np.uint8)
    first_day = e.start + 7 + rng.gamma(1.5, 50, count).astype(np.int32)
    second_day = first_day + 14 + rng.gamma(1.5, 60, count).astype(np.int32)
    has = chance(rng, 0.68, count) & (first_day < _until(plan, e))
    again = has & chance(rng, 0.25, count) & (second_day < _until(plan, e))
    person = np.concatenate([e.person[has], e.person[again]])
    methods = np.concatenate([method[has], second[again]])
    day = np.concatenate([first_day[has], second_day[again]])
    occupation = (rng.beta(0.7, 1.6, len(day)) * len(OCCUPATIONS)).astype(np.uint8)
    table = pa.table({
        "client_id": person + 1,
        "recognised_on": day_column(plan, day),
        "method": coded(methods, METHODS),
        "occupation": coded(occupation, OCCUPATIONS, chance(rng, 0.85, len(day))),
        "partner": coded(WeightedChoice(_BY_PARTNER).draw(rng, methods), RECOGNITION_PARTNERS),
    })  # fmt: skip
    return table.sort_by("recognised_on")


def training_rows(plan: Plan, enrolments: Enrolments) -> pa.Table:
    """Training periods, up to three a client one after another, in day order."""
    rng = plan.randomness("competence_centre", 4)
    e, count = enrolments, len(enrolments.person)
    begin = e.start.copy()
    parts: list[tuple[Numbers, Codes, Days, Days, Flags]] = []
    for share in (0.72, 0.5, 0.35):
        begin = begin + 14 + rng.gamma(1.5, 25, count).astype(np.int32)
        kind = WeightedChoice([_BY_KIND]).draw(rng, 0, count)
        length = (np.array(_DAYS_BY_KIND)[kind] * (0.6 + 0.8 * rng.random(count))).astype(np.int32)
        has = chance(rng, share, count) & (begin < _until(plan, e))
        if parts:
            has &= parts[-1][4]
        parts.append((e.person[has], kind[has], begin[has], (begin + length)[has], has))
        begin = begin + length
    people, kinds, starts, ends, _ = zip(*parts, strict=True)
    person, kind, start, end = (np.concatenate(part) for part in (people, kinds, starts, ends))
    over, total = end < plan.days, len(start)
    beside = chance(rng, np.array((0.12, 0.2, 0.95, 0.6, 0.05, 0.22, 0.0, 1.0))[kind], total)
    table = pa.table({
        "client_id": person + 1,
        "kind": coded(kind, KINDS),
        "provider": coded(WeightedChoice(_BY_PROVIDER).draw(rng, kind), PROVIDERS),
        "started_on": day_column(plan, start),
        "ended_on": day_column(plan, np.where(over, end, 0), over),
        "completed": nullable(chance(rng, 0.79, total), over & chance(rng, 0.94, total)),
        "tailored": nullable(chance(rng, 0.41, total), chance(rng, 0.88, total)),
        "beside_work": nullable(beside, chance(rng, 0.9, total)),
    })  # fmt: skip
    return table.sort_by("started_on")


def _until(plan: Plan, enrolments: Enrolments) -> Days:
    """First day on which nothing new begins for the client: after the end of the period or of the data."""
    until: Days = np.minimum(enrolments.ended, plan.days - 1).astype(np.int32)
    return until

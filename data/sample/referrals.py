"""Referrals: where each topic leads, what becomes of it, and the onward journeys, some of them back to where one came from."""

import numpy as np
import pyarrow as pa

from data.sample import habits
from data.sample.columns import coded, day_column, nullable
from data.sample.competence_centre import Enrolments
from data.sample.encounters import Sent
from data.sample.people import SampledPeople
from data.sample.plan import Codes, Days, Flags, Numbers, Plan, WeightedChoice, chance

SERVICES = (
    "guidance", "competence_centre", "employment_services", "kela", "migri", "dvv", "tax", "police", "school_vocational",
    "school_adult", "early_education", "wellbeing_social", "wellbeing_health", "housing", "library", "ngo", "congregation",
    "entrepreneurship", "legal_aid", "bank", "other_municipal",
)  # fmt: skip
GUIDANCE, CENTRE = 0, 1
_Mixed = dict[str, float]

_TO_BY_TOPIC: dict[str, _Mixed] = {
    "work": {
        "employment_services": 60,
        "competence_centre": 26,
        "ngo": 8,
        "entrepreneurship": 3,
        "school_vocational": 3,
    },
    "entrepreneurship": {"entrepreneurship": 78, "employment_services": 14, "tax": 8},
    "language_study": {"school_adult": 62, "competence_centre": 10, "ngo": 18, "library": 6, "congregation": 4},
    "education": {"school_adult": 35, "school_vocational": 42, "competence_centre": 18, "early_education": 5},
    "residence_permit": {"migri": 78, "legal_aid": 13, "police": 9},
    "registration": {"dvv": 88, "migri": 12},
    "social_security": {"kela": 80, "wellbeing_social": 20},
    "housing": {"housing": 66, "wellbeing_social": 16, "kela": 18},
    "health": {"wellbeing_health": 86, "wellbeing_social": 14},
    "family": {"early_education": 40, "wellbeing_social": 44, "ngo": 16},
    "taxation": {"tax": 94, "employment_services": 6},
    "everyday_economy": {"wellbeing_social": 38, "bank": 34, "kela": 20, "ngo": 8},
    "digital_services": {"bank": 42, "dvv": 30, "library": 28},
    "rights": {"legal_aid": 68, "ngo": 32},
    "leisure": {"ngo": 60, "other_municipal": 28, "library": 12},
    "form_filling": {"kela": 50, "migri": 30, "dvv": 20},
    "other": {"other_municipal": 50, "ngo": 30, "congregation": 20},
}
_ONWARD: dict[str, _Mixed] = {
    "kela": {"guidance": 54, "wellbeing_social": 34, "employment_services": 12},
    "wellbeing_social": {"kela": 42, "guidance": 34, "housing": 16, "ngo": 8},
    "employment_services": {"competence_centre": 38, "guidance": 32, "school_adult": 20, "kela": 10},
    "migri": {"guidance": 58, "police": 14, "legal_aid": 28},
    "dvv": {"migri": 34, "guidance": 30, "tax": 24, "bank": 12},
    "bank": {"dvv": 50, "guidance": 34, "police": 16},
    "housing": {"wellbeing_social": 40, "kela": 28, "guidance": 32},
    "school_adult": {"competence_centre": 40, "employment_services": 38, "school_vocational": 22},
    "competence_centre": {"employment_services": 34, "school_vocational": 44, "guidance": 22},
    "wellbeing_health": {"wellbeing_social": 62, "guidance": 22, "ngo": 16},
}
_ONWARD_ELSE: _Mixed = {"guidance": 50, "ngo": 28, "other_municipal": 22}
_ONWARD_SHARE = {
    "kela": 0.36, "migri": 0.34, "dvv": 0.30, "bank": 0.40, "employment_services": 0.40, "housing": 0.34,
    "wellbeing_social": 0.36, "wellbeing_health": 0.2, "legal_aid": 0.2,
}  # fmt: skip
_ONWARD_SHARE_ELSE = 0.12

# Share of booked referrals that start, and the usual days until then.
_STARTS = {"kela": (0.86, 9), "migri": (0.70, 26), "dvv": (0.86, 12), "tax": (0.88, 6), "police": (0.74, 21), "bank": (0.68, 15),
           "employment_services": (0.80, 11), "competence_centre": (0.58, 24), "school_adult": (0.66, 31),
           "school_vocational": (0.60, 36), "wellbeing_social": (0.62, 20), "wellbeing_health": (0.66, 17),
           "housing": (0.58, 28), "legal_aid": (0.64, 19), "guidance": (0.82, 5), "library": (0.85, 4),
           "early_education": (0.80, 21)}  # fmt: skip
_STARTS_ELSE = (0.66, 12)

MANNERS = ("warm", "booked", "information", "unknown")
_BY_MANNER = ((14, 34, 50, 2), (33, 36, 29, 2))
"""Rows: elsewhere, at a one-stop point."""
_START_BY_MANNER = (1.16, 1.0, 0.70, 0.75)
_DAYS_BY_MANNER = (0.55, 1.0, 1.5, 1.3)

STATUSES = ("sent", "accepted", "started", "declined", "no_show", "waitlisted", "ineligible", "unreachable", "unknown")
SENT, ACCEPTED, STARTED = 0, 1, 2
_NOT_STARTED = (0, 3, 0, 17, 30, 7, 13, 9, 21)
_NOT_YET = (44, 32, 0, 0, 0, 24, 0, 0, 0)

_LEGS = 4


class _Leg:
    """Referrals of one step of the journeys, as arrays of equal length; grows onward legs."""

    def __init__(
        self, encounter: Numbers, person: Numbers, day: Days, topic: Codes, sender: Codes, near: Flags
    ) -> None:
        self.encounter, self.person, self.day, self.topic, self.sender, self.near = (
            encounter,
            person,
            day,
            topic,
            sender,
            near,
        )
        self.to = np.zeros(len(day), dtype=np.uint8)
        self.manner = np.zeros(len(day), dtype=np.uint8)
        self.status = np.zeros(len(day), dtype=np.uint8)
        self.started = np.zeros(len(day), dtype=np.int32)
        self.known = np.zeros(len(day), dtype=np.int32)


def referral_rows(plan: Plan, people: SampledPeople, enrolments: Enrolments, sent: list[Sent]) -> pa.Table:
    """Rows of the referral table, in day order: one for each encounter that ended in a referral, and the onward legs."""
    rng = plan.randomness("referrals")
    leg = _Leg(
        np.concatenate([s.encounter for s in sent]),
        np.concatenate([s.person for s in sent]),
        np.concatenate([s.day for s in sent]),
        np.concatenate([s.topic for s in sent]),
        np.concatenate([s.from_centre for s in sent]).astype(np.uint8),
        np.concatenate([s.near_others for s in sent]),
    )
    to_centre = np.concatenate([s.to_centre for s in sent])
    leg.to = _mix([_TO_BY_TOPIC[t] for t in habits.TOPICS]).draw(rng, leg.topic)
    leg.to[to_centre] = CENTRE
    # What would lead to where one is already leads to the employment services.
    leg.to[leg.to == leg.sender] = SERVICES.index("employment_services")
    _decide(rng, plan, leg)
    _enrolled(leg, to_centre, enrolments)
    legs = [leg]
    onward = _mix([{to: w for to, w in _ONWARD.get(s, _ONWARD_ELSE).items() if to != s} for s in SERVICES])
    share = np.array([_ONWARD_SHARE.get(s, _ONWARD_SHARE_ELSE) for s in SERVICES])
    for _ in range(_LEGS - 1):
        previous = legs[-1]
        goes = (
            (previous.status == STARTED)
            & (previous.to != GUIDANCE)
            & chance(rng, share[previous.to], len(previous.day))
        )
        day = previous.started + 1 + rng.gamma(1.4, 10, len(goes)).astype(np.int32)
        goes &= day < plan.days
        leg = _Leg(
            *(part[goes] for part in (previous.encounter, previous.person, day, previous.topic, previous.to, goes))
        )
        leg.encounter, leg.near = np.zeros_like(leg.encounter), np.zeros_like(leg.near)
        leg.to = onward.draw(rng, leg.sender)
        _decide(rng, plan, leg)
        legs.append(leg)
    return _table(plan, people, legs)


def _decide(rng: np.random.Generator, plan: Plan, leg: _Leg) -> None:
    """Manner, status and days: a person handed over in person starts more often and sooner."""
    count, last = len(leg.day), plan.days - 1
    leg.manner = WeightedChoice(_BY_MANNER).draw(rng, leg.near.astype(np.uint8))
    share, days = np.array([_STARTS.get(s, _STARTS_ELSE) for s in SERVICES]).T
    starts = chance(rng, share[leg.to] * np.array(_START_BY_MANNER)[leg.manner], count)
    usual = days[leg.to] * np.array(_DAYS_BY_MANNER)[leg.manner]
    # The queue of the immigration service has grown in the last year.
    usual *= np.where((leg.to == SERVICES.index("migri")) & (leg.day > last - 330), 1.7, 1.0)
    delay = rng.gamma(1.5, usual / 1.5).astype(np.int32).clip(max=300)
    leg.started = leg.day + delay
    tells = leg.day + delay // 2 + rng.integers(0, 30, count)
    leg.status = WeightedChoice([_NOT_STARTED]).draw(rng, 0, count)
    not_yet = np.where(starts, leg.started, tells) > last
    leg.status[starts] = STARTED
    leg.status[not_yet] = WeightedChoice([_NOT_YET]).draw(rng, 0, int(not_yet.sum()))
    leg.known = np.where(leg.status == STARTED, leg.started, np.minimum(tells, last)).astype(np.int32)
    leg.known[leg.status == SENT] = leg.day[leg.status == SENT]


def _enrolled(leg: _Leg, to_centre: Flags, enrolments: Enrolments) -> None:
    """Whom guidance sent to the centre starts there on the first day of the enrolment."""
    leg.status[to_centre] = STARTED
    leg.started[to_centre] = leg.known[to_centre] = enrolments.starts_of[leg.person[to_centre]]


def _table(plan: Plan, people: SampledPeople, legs: list[_Leg]) -> pa.Table:
    order = np.argsort(np.concatenate([leg.day for leg in legs]).astype(np.int16), kind="stable")

    def numbers(name: str) -> Numbers:
        joined: Numbers = np.concatenate([getattr(leg, name) for leg in legs])
        return joined[order]

    def codes(name: str) -> Codes:
        joined: Codes = np.concatenate([getattr(leg, name) for leg in legs])
        return joined[order]

    encounter, person, status = numbers("encounter"), numbers("person"), codes("status")
    started = status == STARTED
    known = (status != SENT) & (status != STATUSES.index("unknown"))
    return pa.table({
        "referral_id": np.arange(1, len(order) + 1, dtype=np.int32),
        "encounter_id": nullable(encounter, encounter > 0),
        "client_id": nullable(person + 1, person < people.clients),
        "from_service": coded(codes("sender"), SERVICES),
        "to_service": coded(codes("to"), SERVICES),
        "topic": coded(codes("topic"), habits.TOPICS),
        "referred_on": day_column(plan, numbers("day")),
        "manner": coded(codes("manner"), MANNERS),
        "status": coded(status, STATUSES),
        "status_on": day_column(plan, numbers("known"), known),
        "started_on": day_column(plan, np.where(started, numbers("started"), 0), started),
    })  # fmt: skip


def _mix(rows: list[_Mixed]) -> WeightedChoice:
    """Weights by name, as rows over all services."""
    return WeightedChoice([[row.get(service, 0.0) for service in SERVICES] for row in rows])

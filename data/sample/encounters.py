"""The encounters, a million at a time in day order: where, how, about what, in which language, and how they ended."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.sample import area, habits
from data.sample.calendar import (
    BY_HOUR_BOOKED,
    BY_HOUR_OPEN,
    BY_HOUR_WEEKEND,
    HOURS,
    SATURDAY,
    months_since_1970,
    weekdays,
)
from data.sample.columns import coded, day_column, lists, month_column, nullable
from data.sample.competence_centre import Enrolments
from data.sample.people import SampledPeople, Visits
from data.sample.plan import Codes, Days, Flags, Numbers, Plan, WeightedChoice, chance
from data.sample.sex_and_age import AGE_BANDS, SEXES

CHUNK = 1_000_000


@dataclass(frozen=True)
class Sent:
    """Encounters that led to a referral: number of the encounter and what a referral needs to know of it."""

    encounter: Numbers
    person: Numbers
    day: Days
    topic: Codes
    from_centre: Flags
    near_others: Flags
    """At a one-stop point, where the other service is in the same room."""
    to_centre: Flags


def make_encounters(
    plan: Plan, people: SampledPeople, visits: Visits, enrolments: Enrolments
) -> Iterator[tuple[pa.Table, Sent]]:
    """Chunks of encounter rows in day order, each with what its referrals are made from."""
    maker = _Maker(plan, people, visits, enrolments)
    for number, start in enumerate(range(0, len(visits.person), CHUNK)):
        yield maker.chunk(number, start, min(start + CHUNK, len(visits.person)))


class _Maker:
    def __init__(self, plan: Plan, people: SampledPeople, visits: Visits, enrolments: Enrolments) -> None:
        self.plan, self.people, self.visits, self.enrolments = plan, people, visits, enrolments
        self.points = WeightedChoice(area.points_used())
        self.hours = WeightedChoice((BY_HOUR_OPEN, BY_HOUR_BOOKED, BY_HOUR_WEEKEND))
        self.channels, self.topics, self.resolutions = habits.channels(), habits.topics(), habits.resolutions()
        self.supports, self.found_via = habits.supports(), habits.found_via()
        self.months = months_since_1970(plan)
        self.speaks = area.staff_speaks()
        self.one_stop = np.array([p.kind == "one_stop" for p in area.POINTS])

    def chunk(self, number: int, start: int, stop: int) -> tuple[pa.Table, Sent]:
        rng = self.plan.randomness("encounters", number)
        count = stop - start
        person, day = self.visits.person[start:stop], self.visits.day[start:stop]
        index = np.arange(start, stop, dtype=np.int32)
        first = self.visits.first[person] == index
        language, municipality = self.people.language[person], self.people.municipality[person]
        arrived = self.people.arrived[person]
        weekend = weekdays(self.plan, day) >= SATURDAY
        centre = self.enrolments.covers(person, day) & chance(rng, 0.72, count) & ~weekend
        point = self.points.draw(rng, municipality)
        point[centre] = area.CENTRE_POINT
        point[weekend] = area.POP_UP
        channel = self.channels.draw(rng, point)
        topics = self._topics(rng, person, arrived, day, centre)
        period = day * habits.SUPPORT_PERIODS // self.plan.days
        support = self.supports.draw(rng, habits.support_rows(self.speaks[point, language], language, period))
        poorly = (support == habits.RELATIVE) | (support == habits.NONE)
        resolution = self.resolutions.draw(rng, topics[0][:, 0].astype(np.int32) * 2 + poorly)
        to_centre = first & self.enrolments.from_guidance(person)
        resolution[to_centre] = habits.REFERRED
        known = chance(rng, np.where(point == area.POP_UP, 0.6, 0.93), count)
        hour = np.array(HOURS, dtype=np.uint8)[
            self.hours.draw(rng, np.where(weekend, 2, channel == habits.APPOINTMENT))
        ]
        answered = chance(rng, 0.5, count)
        rows = pa.table({
            "encounter_id": index + 1,
            "service": coded(centre.astype(np.uint8), ("guidance", "competence_centre")),
            "service_point": coded(point, area.POINT_CODES),
            "occurred_on": day_column(self.plan, day),
            "hour": nullable(hour, known),
            "client_id": nullable(person + 1, person < self.people.clients),
            "municipality": coded(municipality, area.MUNICIPALITY_CODES),
            "language": coded(language, area.LANGUAGE_CODES),
            "served_in": coded(_served_in(rng, language, support), area.LANGUAGE_CODES),
            "language_support": coded(support, habits.SUPPORTS),
            "channel": coded(channel, habits.CHANNELS),
            "topics": lists(*topics, habits.TOPICS),
            "minutes": nullable(_minutes(rng, channel, support), chance(rng, 0.97, count)),
            "resolution": coded(resolution, habits.RESOLUTIONS),
            "requested_on": self._requested(rng, day, channel, language, municipality),
            "partners": lists(*self._partners(rng, point, topics[0]), habits.PARTNERS),
            "found_via": coded(self.found_via.draw(rng, first.astype(np.uint8)), habits.FOUND_VIA),
            "arrived_on": month_column(arrived),
            "understood": nullable(_by(habits.UNDERSTOOD_BY_SUPPORT, support) > rng.random(count), answered),
            "satisfaction": nullable(_stars(rng, support, resolution), answered & chance(rng, 0.7, count)),
            "sex": coded(self.people.told.sex[person], SEXES),
            "age_band": coded(self.people.told.bands(person, day), AGE_BANDS),
        })  # fmt: skip
        k = np.flatnonzero(resolution == habits.REFERRED)
        near_others = self.one_stop[point[k]]
        return rows, Sent(index[k] + 1, person[k], day[k], topics[0][k, 0], centre[k], near_others, to_centre[k])

    def _topics(
        self, rng: np.random.Generator, person: Numbers, arrived: npt.NDArray[np.int16], day: Days, centre: Flags
    ) -> tuple[Codes, Flags]:
        """Up to three topics a row and which of them are there; a third of first topics is the person's lasting need."""
        count = len(person)
        stay = np.searchsorted(np.array([6, 24, 60]), self.months[day] - arrived, side="right").astype(np.uint8)
        stay[arrived < 0] = habits.STAY_UNKNOWN
        stay[centre] = habits.STAY_AT_CENTRE
        topics = np.stack([self.topics.draw(rng, stay) for _ in range(3)], axis=1)
        lasting = chance(rng, 0.33, count) & ~centre
        topics[lasting, 0] = self.people.need[person[lasting]]
        there = np.ones((count, 3), dtype=np.bool_)
        there[:, 1] = chance(rng, 0.3, count) & (topics[:, 1] != topics[:, 0])
        there[:, 2] = (
            there[:, 1] & chance(rng, 0.22, count) & (topics[:, 2] != topics[:, 0]) & (topics[:, 2] != topics[:, 1])
        )
        return topics, there

    def _requested(
        self, rng: np.random.Generator, day: Days, channel: Codes, language: Codes, municipality: Codes
    ) -> pa.Array:
        """Day the appointment was asked for; one language waits longer and longer in the last year."""
        booked = np.flatnonzero((channel == habits.APPOINTMENT) | (channel == habits.VIDEO))
        booked = booked[chance(rng, 0.9, len(booked))]
        mean = habits.WAIT_DAYS * _by(habits.WAIT_BY_MUNICIPALITY, municipality[booked])
        late = ((day[booked] - (self.plan.days - 330)) / 150).clip(0, 1)
        mean *= np.where(language[booked] == area.WAITS_LONGER, 1 + (habits.LONGER_WAIT - 1) * late, 1.0)
        waits = rng.gamma(1.3, mean / 1.3).astype(np.int32).clip(max=120)
        requested = day.copy()
        requested[booked] -= waits
        known = np.zeros(len(day), dtype=np.bool_)
        known[booked] = True
        return day_column(self.plan, requested, known)

    def _partners(self, rng: np.random.Generator, point: Codes, topics: Codes) -> tuple[Codes, Flags]:
        """Organisations present, mostly at one-stop points: the one the topic belongs to, at times a second."""
        count = len(point)
        of_topic = np.array(
            [habits.PARTNERS.index(habits.PARTNER_BY_TOPIC.get(t, "kela")) for t in habits.TOPICS], np.uint8
        )
        partners = np.stack(
            [of_topic[topics[:, 0]], rng.integers(0, len(habits.PARTNERS), count, dtype=np.uint8)], axis=1
        )
        there = np.empty((count, 2), dtype=np.bool_)
        there[:, 0] = chance(rng, np.where(self.one_stop[point], 0.17, 0.04), count)
        there[:, 1] = there[:, 0] & chance(rng, 0.12, count) & (partners[:, 1] != partners[:, 0])
        return partners, there


def _served_in(rng: np.random.Generator, language: Codes, support: Codes) -> Codes:
    english = np.array([t.english for t in area.LANGUAGES] + [0.3, 0.0, 0.0])[language] > rng.random(len(language))
    shared = np.where(english, area.ENGLISH, area.FINNISH)
    # Some clients of Parainen and Turku go about their matters in Swedish.
    shared[chance(rng, 0.02, len(language)) & ~english] = area.SWEDISH
    served = np.where((support == habits.COMMON) | (support == habits.NONE), shared, language)
    served[support == habits.NOT_SAID] = area.UNKNOWN_LANGUAGE
    return served.astype(np.uint8)


def _minutes(rng: np.random.Generator, channel: Codes, support: Codes) -> npt.NDArray[np.uint16]:
    usual = _by(habits.MINUTES_BY_CHANNEL, channel) * _by(habits.MINUTES_BY_SUPPORT, support)
    drawn = rng.standard_gamma(4.0, len(channel), dtype=np.float32) / 4 * usual
    # Advisers write down full five minutes.
    return (np.round(drawn / 5).clip(1, 36) * 5).astype(np.uint16)


def _stars(rng: np.random.Generator, support: Codes, resolution: Codes) -> Codes:
    usual = _by(habits.SATISFACTION_BY_SUPPORT, support) + _by(habits.STARS_SHIFT_BY_RESOLUTION, resolution)
    return np.round(usual + rng.standard_normal(len(support), dtype=np.float32) * 0.9).clip(1, 5).astype(np.uint8)


def _by(values: tuple[float, ...], codes: Codes) -> npt.NDArray[np.float32]:
    return np.array(values, dtype=np.float32)[codes]

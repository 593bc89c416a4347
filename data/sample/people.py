"""Who comes: clients and anonymous visitors with their language, municipality, arrival and the days they come."""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from data.sample import area, habits, sex_and_age
from data.sample.calendar import day_weights, months_since_1970
from data.sample.plan import ENROLMENTS_PER_ENCOUNTER, Codes, Days, Flags, Numbers, Plan, Shares, chance
from data.sample.sex_and_age import SexAndAge

NEVER = np.int32(2**30)
UNKNOWN_MONTH = np.int16(-1)

# Of the clients of the period, those who already were clients when it began.
_EARLIER = 0.20
_MEAN_STAY = 0.24


@dataclass(frozen=True)
class SampledPeople:
    """Clients first, then anonymous visitors. Months are counted from January 1970, -1 = not known."""

    clients: int
    language: Codes
    municipality: Codes
    arrived: npt.NDArray[np.int16]
    need: Codes
    """The topic that brings the person back time and again."""
    enrols: Flags
    """Will come to the competence centre."""
    begins: Shares
    """First contact, as a share of the period's load; negative = before the period."""
    stays: Shares
    """How long the person remains a client, in the same measure."""
    earlier: Flags
    told: SexAndAge


@dataclass(frozen=True)
class Visits:
    """Every encounter as a person and a day, in day order; `first` holds each person's first visit."""

    person: Numbers
    day: Days
    first: Numbers


def make_people(plan: Plan) -> SampledPeople:
    """Draw the people of a plan."""
    rng = plan.randomness("people")
    count = plan.clients + plan.anonymous
    coming = area.residents() * np.array([t.comes for t in area.LANGUAGES])
    cell = rng.choice(coming.size, count, p=(coming / coming.sum()).ravel()).astype(np.int32)
    municipality, language = (part.astype(np.uint8) for part in np.divmod(cell, coming.shape[1]))
    begins = _first_moment(rng, language, municipality)
    earlier = chance(rng, _EARLIER, count) & (language != area.WAVE)
    enrols = np.zeros(count, dtype=np.bool_)
    wanted = min(plan.clients, round(plan.encounters * ENROLMENTS_PER_ENCOUNTER * 1.05))
    # Evenly over the period: those who were clients before it have mostly had their turn.
    turn = rng.exponential(1.0, plan.clients) / np.where(earlier[: plan.clients], 0.75, 1.0)
    enrols[np.argsort(turn)[:wanted]] = True
    stays = rng.exponential(_MEAN_STAY, count) + 0.02
    # Those met in the middle of a stay are on longer stays than others (a sum of two such times), at any point of it.
    stays[earlier] += rng.exponential(_MEAN_STAY, int(earlier.sum()))
    begins[earlier] = -stays[earlier] * rng.random(int(earlier.sum()))
    stays[enrols] += 0.2
    arrived = _arrival(rng, plan, begins, language)
    # An anonymous visitor tells little: no arrival, often no municipality, sometimes no language.
    hidden = np.arange(count) >= plan.clients
    arrived[hidden] = UNKNOWN_MONTH
    municipality[chance(rng, np.where(hidden, 0.35, 0.01), count)] = area.UNKNOWN_MUNICIPALITY
    language[chance(rng, np.where(hidden, 0.22, 0.006), count)] = area.UNKNOWN_LANGUAGE
    need = habits.topics().draw(rng, habits.STAY_LONGER, count)
    told = sex_and_age.draw(plan, hidden, enrols)
    return SampledPeople(plan.clients, language, municipality, arrived, need, enrols, begins, stays, earlier, told)


def make_visits(plan: Plan, people: SampledPeople) -> Visits:
    """Draw on which days people come: a first visit, later ones thinning out while the person stays a client."""
    rng = plan.randomness("visits")
    clients = plan.clients
    opens = people.begins.clip(min=0)
    spans = np.minimum(people.begins + people.stays, 1.0) - opens
    eagerness = rng.gamma(0.5, 1.0, clients) * (spans / people.stays)[:clients] + 0.01
    eagerness *= np.where(people.enrols[:clients], 2.2, 1.0)
    more = rng.multinomial(plan.encounters - plan.anonymous - clients, eagerness / eagerness.sum())
    again = np.repeat(np.arange(clients, dtype=np.int32), more)
    person = np.concatenate([np.arange(clients + plan.anonymous, dtype=np.int32), again])
    moment = np.empty(len(person))
    first = moment[: clients + plan.anonymous]
    first[:] = opens
    first[people.earlier] = rng.random(int(people.earlier.sum())) * spans[people.earlier].clip(min=0.1)
    first[clients:] = rng.random(plan.anonymous)
    thinning = np.where(people.earlier, 1.0, 1.4)[again]
    moment[clients + plan.anonymous :] = opens[again] + spans[again] * rng.random(len(again)) ** thinning
    load = np.cumsum(day_weights(plan))
    day = np.searchsorted(load, moment.clip(0, 1) * load[-1] * (1 - 1e-12), side="right").astype(np.int16)
    order = np.argsort(day, kind="stable")
    person = person[order]
    first_visit = np.empty(clients + plan.anonymous, dtype=np.int32)
    # Written from the last visit to the first, so that the first is what stays.
    first_visit[person[::-1]] = np.arange(len(person) - 1, -1, -1, dtype=np.int32)
    return Visits(person, day[order].astype(np.int32), first_visit)


def _first_moment(rng: np.random.Generator, language: Codes, municipality: Codes) -> Shares:
    """When a person first comes, as a share of the period's load: growth pushes it later."""
    growth = np.array([t.growth for t in area.LANGUAGES])[language]
    growth = growth * np.array([m.growth for m in area.MUNICIPALITIES])[municipality]
    moment: Shares = rng.random(len(language)) ** (1 / growth)
    return moment


def _arrival(rng: np.random.Generator, plan: Plan, begins: Shares, language: Codes) -> npt.NDArray[np.int16]:
    """Month of arrival: most come within two years of it; Ukrainians after February 2022; one in eight does not say."""
    months = months_since_1970(plan)
    first = months[(begins.clip(min=0) * (plan.days - 1)).astype(np.int32)]
    since = np.where(rng.random(len(begins)) < 0.55, rng.exponential(7, len(begins)), rng.exponential(70, len(begins)))
    wave = language == area.WAVE
    since[wave] = rng.exponential(5, int(wave.sum()))
    arrived = (first - since.clip(max=480)).astype(np.int16)
    ukrainian = language == area.LANGUAGE_CODES.index("uk")
    march_2022 = (2022 - 1970) * 12 + 2
    after = np.minimum(first, march_2022 + rng.integers(0, 14, len(first)))
    arrived = np.where(ukrainian & (arrived < march_2022), after, arrived)
    arrived[chance(rng, 0.12, len(begins))] = UNKNOWN_MONTH
    months_of_arrival: npt.NDArray[np.int16] = arrived.astype(np.int16)
    return months_of_arrival

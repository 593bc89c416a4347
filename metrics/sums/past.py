"""Rounds that a publisher has masked its numbers for, so that no two sums differ by a few: the difference would be theirs.

STORE.sums    beside the store's keys: of each round its days, and every publisher with its people
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, TypeAdapter

from data.store.durable import write_durably
from data.store.keys import key_path
from data.store.small_file import content_of
from data.store.store import Store
from metrics.grammar.period import Period
from metrics.sums.errors import SumError
from metrics.sums.rounds import Round


class _Mark(BaseModel):
    """A round as it is noted: its id, the first and last day of each period, and every publisher's people by its key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    round: str
    days: list[list[str]]
    people: dict[str, dict[str, Any]]


_MARKS = TypeAdapter(list[_Mark])


def check_new(store: Store, found: Round, closed_until: date, *, again: bool) -> None:
    """Raises SumError where an earlier round has days in common with this one, and is not of the same people.

    Metrics and breakdowns do not matter: one sum tells clients, units and events of a cell, and different metrics count the same
    people. `other_people`: a publisher of both counts others now, which no round that was given up explains. Without again
    `again`: of other publishers. Also `past_damaged`.
    """
    mine = _mark(found, closed_until)
    met = [one for one in _past(store) if _meet(one.days, mine.days) and one.people != mine.people]
    for one in met:
        for key in sorted(one.people.keys() & mine.people.keys()):
            if one.people[key] != mine.people[key]:
                [name] = [ticket.publisher.name for ticket in found.tickets if ticket.publisher.key == key]
                raise SumError("other_people", publisher=name, round=one.round[:8])
    if met and not again:
        raise SumError("again", round=met[0].round[:8])


def check(store: Store) -> None:
    """Raises SumError("past_damaged") where nobody can tell what was masked before."""
    _past(store)


def remember(store: Store, found: Round, closed_until: date) -> None:
    """Note a round, before anybody gets numbers of it. Raises OSError, SumError("past_damaged")."""
    past = [*_past(store), _mark(found, closed_until)]
    write_durably(_file(store), json.dumps([one.model_dump(mode="json") for one in past], indent=1) + "\n")


def _mark(found: Round, closed_until: date) -> _Mark:
    return _Mark(
        round=found.id,
        days=[_days(Period.parse(period), closed_until) for period in found.plan.periods],
        # Not municipalities alone: everybody of a store may live elsewhere too.
        people={one.publisher.key: one.population.model_dump(mode="json") for one in found.tickets},
    )


def _days(period: Period, closed_until: date) -> list[str]:
    """First and last day that are summed; days as texts are in the order of days."""
    first, last = period.first_day or date.min, period.last_day or closed_until
    return [first.isoformat(), min(last, closed_until).isoformat()]


def _meet(some: list[list[str]], others: list[list[str]]) -> bool:
    return any(first <= to and since <= last for first, last in some for since, to in others)


def _file(store: Store) -> Path:
    return key_path(store.path).with_suffix(".sums")


def _past(store: Store) -> list[_Mark]:
    """Earlier rounds. Raises SumError("past_damaged"): to take them for none would let two sums differ by a few."""
    file = _file(store)
    try:
        return _MARKS.validate_json(content_of(file), strict=True)
    except FileNotFoundError:
        return []
    except (OSError, ValueError):
        raise SumError("past_damaged", path=file) from None

"""Rounds that a publisher has masked its numbers for, so that no two sums differ by a few: the difference would be theirs.

STORE.sums    beside the store's keys: of each round its days, and every publisher with its people
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from data.store.durable import write_durably
from data.store.keys import key_path
from data.store.store import Store
from metrics.grammar.period import Period
from metrics.sums.errors import SumError
from metrics.sums.rounds import Round


def check_new(store: Store, found: Round, closed_until: date, *, again: bool) -> None:
    """Raises SumError where an earlier round has days in common with this one, and is not of the same people.

    Metrics and breakdowns do not matter: one sum tells clients, units and events of a cell, and different metrics count the same
    people. `other_people`: a publisher of both counts others now, which no round that was given up explains. Without again
    `again`: of other publishers.
    """
    mine = _mark(found, closed_until)
    met = [one for one in _past(store) if _meet(one["days"], mine["days"]) and one["people"] != mine["people"]]
    for one in met:
        for key in sorted(one["people"].keys() & mine["people"].keys()):
            if one["people"][key] != mine["people"][key]:
                [name] = [ticket.publisher.name for ticket in found.tickets if ticket.publisher.key == key]
                raise SumError("other_people", publisher=name, round=one["round"][:8])
    if met and not again:
        raise SumError("again", round=met[0]["round"][:8])


def remember(store: Store, found: Round, closed_until: date) -> None:
    """Note a round, before anybody gets numbers of it. Raises OSError."""
    past = [*_past(store), _mark(found, closed_until)]
    write_durably(_file(store), json.dumps(past, indent=1) + "\n")


def _mark(found: Round, closed_until: date) -> dict[str, Any]:
    return {
        "round": found.id,
        "days": [_days(Period.parse(period), closed_until) for period in found.plan.periods],
        # Not municipalities alone: everybody of a store may live elsewhere too.
        "people": {one.publisher.key: one.population.model_dump(mode="json") for one in found.tickets},
    }


def _days(period: Period, closed_until: date) -> list[str]:
    """First and last day that are summed; days as texts are in the order of days."""
    first, last = period.first_day or date.min, period.last_day or closed_until
    return [first.isoformat(), min(last, closed_until).isoformat()]


def _meet(some: list[list[str]], others: list[list[str]]) -> bool:
    return any(first <= to and since <= last for first, last in some for since, to in others)


def _file(store: Store) -> Path:
    return key_path(store.path).with_suffix(".sums")


def _past(store: Store) -> list[dict[str, Any]]:
    file = _file(store)
    return [dict(one) for one in json.loads(file.read_text(encoding="utf-8"))] if file.exists() else []

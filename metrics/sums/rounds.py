"""A round: who takes part, by tickets that each has signed, and what is summed."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

from pydantic import ValidationError

from metrics.gate import PUBLISHERS_FROM
from metrics.packages.manifest import PackedPeople
from metrics.packages.signing import Publisher, SigningKey
from metrics.sums.errors import SumError
from metrics.sums.plan import SumPlan
from metrics.sums.signed import canonical, read, written

MOST_PUBLISHERS: Final = 400
_TICKET: Final = "ticket"
_KEY: Final = re.compile("[0-9a-f]{64}")


@dataclass(frozen=True)
class Ticket:
    """Who will take part with whose people, and the public key of their masks in this round."""

    publisher: Publisher
    population: PackedPeople
    key: str
    content: bytes


def ticket_of(population: PackedPeople, key: str, signing: SigningKey) -> bytes:
    """Return the file of a ticket. key: of masks, in hexadecimal digits."""
    return written(_TICKET, {"population": population.model_dump(mode="json"), "key": key}, signing)


def read_ticket(content: bytes, file: str) -> Ticket:
    """Return the ticket of a file. Raises SumError: `not_one`, `forged`, `other_kind`."""
    said = read(content, _TICKET, file)
    try:
        people, key = PackedPeople.model_validate(said.about["population"]), str(said.about["key"])
    except (ValidationError, KeyError):
        raise SumError("forged", file=file) from None
    if said.numbers or not _KEY.fullmatch(key):
        raise SumError("forged", file=file)
    return Ticket(said.publisher, people, key, content)


@dataclass(frozen=True)
class Round:
    """One sum of the same cells of all who take part. Whoever is missing in the end, ends it: then there is another one."""

    plan: SumPlan
    tickets: tuple[Ticket, ...]

    @cached_property
    def id(self) -> str:
        """What every mask of it depends upon: the plan, and everybody who takes part."""
        return hashlib.sha256(self.text()).hexdigest()

    def text(self) -> bytes:
        """Return its file."""
        told = [one.content.decode("utf-8") for one in self.tickets]
        return canonical({"plan": self.plan.model_dump(mode="json"), "tickets": told})

    def check(self) -> None:
        """Raises SumError where it would tell more of somebody than it should, or count people twice; and as the plan does."""
        self.plan.check()
        if not PUBLISHERS_FROM <= len(self.tickets) <= MOST_PUBLISHERS:
            raise SumError("few", least=PUBLISHERS_FROM, most=MOST_PUBLISHERS)
        people: dict[str, str] = {}
        for one in self.tickets:
            name = one.publisher.name
            if sum(one.key == other.key or one.publisher.key == other.publisher.key for other in self.tickets) > 1:
                raise SumError("twice", publisher=name)
            for municipality in one.population.municipalities:
                if municipality in people:
                    raise SumError("overlap", publisher=name, other=people[municipality])
                people[municipality] = name


def gathered(plan: SumPlan, tickets: Iterable[Ticket]) -> Round:
    """Return a round of these tickets, in whatever order they have come. Raises as `Round.check`."""
    found = Round(plan, tuple(sorted(tickets, key=lambda one: one.key)))
    found.check()
    return found


def read_round(content: bytes, file: str) -> Round:
    """Return the round of a file. Raises SumError, QuestionError."""
    try:
        told: dict[str, Any] = json.loads(content)
        plan, tickets = SumPlan.model_validate(told["plan"]), [str(one).encode() for one in told["tickets"]]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise SumError("not_one", file=file) from None
    if len(tickets) > MOST_PUBLISHERS:
        raise SumError("few", least=PUBLISHERS_FROM, most=MOST_PUBLISHERS)
    return gathered(plan, (read_ticket(one, file) for one in tickets))

"""Deletions are made again in a store that is restored from a backup which does not know of them.

The list beside the key file tells them (`data.coverage.removal_log`). Only rows of the deliveries that a deletion was about go,
so that nothing goes that was loaded later, or that another store with the same keys has.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.removal_log import Removal, change_lists, named
from data.coverage.removals import RemovalError, delete_source, find_source
from data.coverage.retention import expire, expired
from data.coverage.sources import SourceError
from data.coverage.undoing import undo_delivery, what_undoing_does
from data.store.generation import Generation
from data.store.releases import rollback
from data.store.store import Store
from data.store.versions import versions


def roll_back(store: Store, number: int, *, accepted: bool = False) -> Generation:
    """Serve another kept version. Deletions that it does not have are not made again at a restore. Raises as `rollback`."""
    generation = rollback(store, number, accepted=accepted)
    parents = {one.number: one.generation.parent for one in versions(store) if one.generation}
    change_lists(store.path, lambda before: tuple(_seen_from(line, number, parents) for line in before))
    return generation


def remove_again(store: Store, lines: Iterable[Removal], since: datetime) -> int:
    """Make those deletions again that a backup does not know of; how many rows they took out. Raises StoreError.

    since: when the backup was made. Times of deletions are whole seconds.
    """
    made = since.astimezone().replace(microsecond=0)
    alike: dict[tuple[object, ...], Removal] = {}
    for line in lines:
        if not line.taken_back and (line.deliveries or line.time >= made):
            what = (line.what, line.source, line.first_day, line.last_day, line.delivery)
            before = alike[what].deliveries if what in alike else ()
            alike[what] = line.model_copy(update={"deliveries": tuple(dict.fromkeys((*before, *line.deliveries)))})
    return sum(_again(store, line) for line in alike.values())


def _again(store: Store, line: Removal) -> int:
    """Rows that a deletion took out; none where there is nothing of it, as when it has been made again before."""
    there = _of(store, line)
    if not there and line.deliveries:
        return 0
    try:
        match line.what:
            case "source":
                days = (line.first_day, line.last_day) if line.first_day and line.last_day else None
                among = {one.number for one in there} or {0}  # rows of a store that knew no deliveries yet
                return delete_source(store, find_source(store, line.source), days, among)[1]
            case "age" if line.last_day and not expired(store, line.last_day + timedelta(days=1)).is_nothing:
                return expire(store, line.last_day + timedelta(days=1))
            case "delivery" if line.delivery is not None and there:
                planned = what_undoing_does(store, line.delivery)
                return undo_delivery(store, line.delivery, accepted=planned.lost)[1].leaving
    except (RemovalError, SourceError):
        pass
    return 0


def _of(store: Store, line: Removal) -> list[Delivery]:
    """The deliveries of a store that a deletion was about."""
    with store.reading() as connection:
        return [one for one in deliveries.read(connection) if named(one) in line.deliveries]


def _seen_from(line: Removal, number: int, parents: dict[int, int | None]) -> Removal:
    """A line as it is once a version serves: taken back when the version does not come from the one without the rows.

    parents: of the versions whose descriptions can be read; of others nothing changes. What is too old has left all of them.
    """
    if line.what == "age" or not line.generation:
        return line
    one: int | None = number
    while one is not None and one > line.generation and one in parents:
        one = parents[one]
    if one is not None and one > line.generation:
        return line  # who its ancestors were is not kept
    return line.model_copy(update={"taken_back": one != line.generation})

"""Deletions are made again in a store that is restored from a backup which does not know of them.

The list beside the key file tells them (`data.coverage.removals`). Everything that a backup holds was loaded before them, so that
they take out what they took out then, and nothing that came later.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from data.coverage import deliveries
from data.coverage.removals import Removal, RemovalError, change_beside_keys, delete_source, find_source
from data.coverage.retention import expire, expired
from data.coverage.sources import SourceError
from data.coverage.undoing import undo_delivery, what_undoing_does
from data.store.generation import Generation
from data.store.releases import rollback
from data.store.store import Store


def roll_back(store: Store, number: int, *, accepted: bool = False) -> Generation:
    """Serve an older version again; what was deleted after it is there again, and stays at a restore. Raises as `rollback`."""
    generation = rollback(store, number, accepted=accepted)
    change_beside_keys(store.path, lambda before: tuple(one for one in before if not _is_taken_back(one, number)))
    return generation


def remove_again(store: Store, lines: Iterable[Removal], since: datetime) -> int:
    """Make those deletions again that were made after a backup; how many rows they took out. Raises StoreError.

    since: when the backup was made. Times of deletions are whole seconds.
    """
    made = since.astimezone().replace(microsecond=0)
    return sum(_again(store, line) for line in lines if line.time >= made)


def _again(store: Store, line: Removal) -> int:
    """Rows that a deletion took out; none where there is nothing of it, as when it has been made again before."""
    try:
        match line.what:
            case "source":
                days = (line.first_day, line.last_day) if line.first_day and line.last_day else None
                return delete_source(store, find_source(store, line.source), days)[1]
            case "age" if line.last_day and not expired(store, line.last_day + timedelta(days=1)).is_nothing:
                return expire(store, line.last_day + timedelta(days=1))
            case "delivery" if line.delivery is not None and _is_there(store, line):
                planned = what_undoing_does(store, line.delivery)
                return undo_delivery(store, line.delivery, accepted=planned.lost)[1].leaving
    except (RemovalError, SourceError):
        pass
    return 0


def _is_there(store: Store, line: Removal) -> bool:
    """Whether the delivery that was undone is there, and no other one that has its number."""
    with store.reading() as connection:
        known = deliveries.read(connection)
    return any((one.number, one.made) == (line.delivery, line.made) for one in known)


def _is_taken_back(line: Removal, number: int) -> bool:
    """Whether going back to a version takes a deletion back. What is too old has left every version."""
    return line.what != "age" and line.generation > number

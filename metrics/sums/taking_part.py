"""Taking part in a round as a publisher: a ticket with a new key, and then, once, one's numbers under the masks of all others.

STORE.sum-5f0c…    private key of masks of a round to come, beside the store's keys, for its owner alone; gone before it masks
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Final

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from data.store.durable import create_durably, fsync
from data.store.generation import Generation
from data.store.keys import key_path
from data.store.lock import locked
from data.store.small_file import text_of
from data.store.store import Store
from metrics.grammar.question import closed_period
from metrics.packages.manifest import PackedPeople
from metrics.packages.shelf import Shelf
from metrics.packages.signing import SigningKey
from metrics.sums import past
from metrics.sums.adding import masked_file
from metrics.sums.counting import counted
from metrics.sums.errors import SumError
from metrics.sums.masks import masked
from metrics.sums.rounds import Round, Ticket, ticket_of

TICKET_DAYS: Final = 90
"""After which the key of a ticket goes that has not been used."""
_DAY: Final = 86_400
_PATIENCE: Final = 30


def prepared(store: Store, population: PackedPeople, signing: SigningKey) -> bytes:
    """Make a key for one round, and return the ticket that names it. Keys that are too old go. Raises OSError."""
    _clear(store)
    private = X25519PrivateKey.generate()
    key = private.public_key().public_bytes_raw().hex()
    create_durably(_key_file(store, key), json.dumps({"private": private.private_bytes_raw().hex()}))
    return ticket_of(population, key, signing)


def masked_for(
    store: Store,
    release: Generation,
    found: Round,
    signing: SigningKey,
    trusted: Collection[str],
    *,
    again: bool = False,
) -> bytes:
    """Return what this publisher sends to whoever adds. trusted: fingerprints of others; again: see `again`.

    Its key is gone when it returns, whatever becomes of what it returns: under the same masks no other numbers may ever stand.
    Raises SumError: `no_ticket` where the round has none of this store whose key has not been used; `unknown_publishers`, for
    masks hide a number only among those of others who are what they say; `other_people`, and without again `again`, where this
    store has masked numbers of the same days for a round of others: whoever gets both sums would know what those have who are
    in one alone. Also QuestionError, StoreError, KeyFileError, OSError.
    """
    _clear(store)
    mine = [one for one in found.tickets if one.publisher == signing.publisher and _key_file(store, one.key).exists()]
    if not mine:
        raise SumError("no_ticket", days=TICKET_DAYS)
    [own] = mine
    others = [one for one in found.tickets if one is not own]
    _check_known(others, store, trusted)
    for period in found.plan.periods:
        closed_period(period, release.closed_until)
    numbers = counted(found.plan, store, release, own.population)
    with locked(store.path, _PATIENCE, again=False):  # of two at once the second one sees what the first one has masked
        try:
            past.check_new(store, found, release.closed_until, again=again)
        except SumError as refusal:
            if refusal.reason == "other_people":  # nothing will ever be masked with it
                _key_file(store, own.key).unlink(missing_ok=True)
            raise
        past.remember(store, found, release.closed_until)
        private = _taken(store, own.key)
    return masked_file(masked(numbers, private, [one.key for one in others], found.id), found.id, signing)


def _key_file(store: Store, key: str) -> Path:
    return key_path(store.path).with_suffix(_key_ending(key))


def _key_ending(key: str) -> str:
    return f".sum-{key[:16]}"


def _taken(store: Store, key: str) -> X25519PrivateKey:
    """Return a private key that is nowhere else any more."""
    file = _key_file(store, key)
    try:
        found = _private(file)
    except FileNotFoundError:
        raise SumError("no_ticket", days=TICKET_DAYS) from None
    if found.public_key().public_bytes_raw().hex() != key:
        raise SumError("key_damaged", path=file)
    file.unlink()
    fsync(file.parent)
    return found


def _private(file: Path) -> X25519PrivateKey:
    """Return the key of a file. Raises SumError("key_damaged"), also where its name is another key's; FileNotFoundError."""
    try:
        found = X25519PrivateKey.from_private_bytes(bytes.fromhex(json.loads(text_of(file))["private"]))
    except FileNotFoundError:
        raise
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise SumError("key_damaged", path=file) from None
    if file.suffix != _key_ending(found.public_key().public_bytes_raw().hex()):
        raise SumError("key_damaged", path=file)
    return found


def damaged(store: Store) -> Iterator[SumError]:
    """Yield what is wrong with the list of rounds before, and with the keys of rounds to come."""
    looks: list[Callable[[], object]] = [partial(past.check, store)]
    looks += [partial(_private, file) for file in sorted(_key_files(store))]
    for look in looks:
        try:
            with suppress(FileNotFoundError):  # somebody has just used it
                look()
        except SumError as error:
            yield error


def _key_files(store: Store) -> Iterator[Path]:
    return key_path(store.path).parent.glob(key_path(store.path).with_suffix(_key_ending("*")).name)


def _clear(store: Store) -> None:
    """Delete the keys of tickets that no round has come for."""
    for file in _key_files(store):
        if file.stat().st_mtime < time.time() - TICKET_DAYS * _DAY:
            file.unlink(missing_ok=True)


def _check_known(others: Collection[Ticket], store: Store, trusted: Collection[str]) -> None:
    keys = Shelf(store).publishers()
    unknown = [
        f"{one.publisher.name} ({one.publisher.fingerprint})"
        for one in others
        if one.publisher.key not in keys and not any(map(one.publisher.is_known_as, trusted))
    ]
    if unknown:
        raise SumError("unknown_publishers", publishers="; ".join(unknown))

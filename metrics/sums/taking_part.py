"""Taking part in a round as a publisher: a ticket with a new key, and then, once, one's numbers under the masks of all others.

STORE.sum-5f0c…    private key of masks of a round to come, beside the store's keys, for its owner alone; gone once it was used
"""

from __future__ import annotations

import json
from collections.abc import Collection
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from data.store.durable import create_durably
from data.store.generation import Generation
from data.store.keys import key_path
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


def prepared(store: Store, population: PackedPeople, signing: SigningKey) -> bytes:
    """Make a key for one round, and return the ticket that names it. Raises OSError."""
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

    Raises SumError: `no_ticket` where the round has none of this store whose key has not been used; `unknown_publishers`, for
    masks hide a number only among those of others who are what they say; `other_people`, and without again `again`, where this
    store has masked numbers of the same days for a round of others: whoever gets both sums would know what those have who are
    in one alone. Also QuestionError, StoreError, KeyFileError, OSError.
    """
    mine = [one for one in found.tickets if one.publisher == signing.publisher and _key_file(store, one.key).exists()]
    if not mine:
        raise SumError("no_ticket")
    [own] = mine
    others = [one for one in found.tickets if one is not own]
    _check_known(others, store, trusted)
    past.check_new(store, found, release.closed_until, again=again)
    for period in found.plan.periods:
        closed_period(period, release.closed_until)
    private = _private(store, own.key)
    numbers = counted(found.plan, store, release, own.population)
    content = masked_file(masked(numbers, private, [one.key for one in others], found.id), found.id, signing)
    past.remember(store, found, release.closed_until)
    return content


def used(store: Store, found: Round) -> None:
    """Forget the key of a round, whose file has been written: under the same masks no other numbers may ever stand."""
    for one in found.tickets:
        _key_file(store, one.key).unlink(missing_ok=True)


def _key_file(store: Store, key: str) -> Path:
    return key_path(store.path).with_suffix(f".sum-{key[:16]}")


def _private(store: Store, key: str) -> X25519PrivateKey:
    try:
        private = json.loads(_key_file(store, key).read_text(encoding="utf-8"))["private"]
        found = X25519PrivateKey.from_private_bytes(bytes.fromhex(private))
    except (ValueError, KeyError, TypeError):
        raise SumError("no_ticket") from None
    if found.public_key().public_bytes_raw().hex() != key:
        raise SumError("no_ticket")
    return found


def _check_known(others: Collection[Ticket], store: Store, trusted: Collection[str]) -> None:
    keys = Shelf(store).publishers()
    unknown = [
        f"{one.publisher.name} ({one.publisher.fingerprint})"
        for one in others
        if one.publisher.key not in keys and not any(map(one.publisher.is_known_as, trusted))
    ]
    if unknown:
        raise SumError("unknown_publishers", publishers="; ".join(unknown))

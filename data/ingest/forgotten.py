"""The clients a store has been told to forget: enough to leave their rows out of later files, and not who they are.

STORE/sources/forgotten.txt holds a mark for each, in the order of the marks: an HMAC of the client's key under the store's
pseudonym key. Without the key file nothing can be told from it; with it one can try out a number one has already.

The same list stands beside the key file (`store.keys.forgotten`), where no backup of the store can bring back an older one: so
whoever has been forgotten since a backup is forgotten again when it is restored, and nobody comes back when the store's own list
is lost or cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.ingest.pseudonyms import Keyed
from data.store import json_lines
from data.store.durable import write_durably
from data.store.keys import Keys, file_beside_keys, record_sql
from data.store.ledger import alone, alone_with
from data.store.sealed import sealed_mark, unsealed_mark
from data.store.store import Store, StoreError
from data.store.trouble import told
from data.store.workspace import workspace

FORGOTTEN = "sources/forgotten.txt"


@dataclass(frozen=True)
class ForgottenClients:
    """Those of a store. Cheap to make; the file is read on every call."""

    store: Store

    def marks(self) -> frozenset[int]:
        """Of every client that is forgotten. Raises StoreError.

        Those of the list beside the keys too: the store's own may have been lost, or have lost some of its marks. Where that list
        is damaged, the store's own holds alone; none of both would let everybody load again.
        """
        own = marks_in(self._path)
        try:
            return own | marks_in(beside_keys(self.store.path))
        except StoreError:
            if own:
                return own
            raise

    def marks_with(self, clients: Iterable[int]) -> frozenset[int]:
        """The same with more clients (their keys). Raises StoreError."""
        return self.marks() | {*self._marked(pl.Series([*clients], dtype=pl.Int64))}

    def remove(self, clients: Iterable[int]) -> None:
        """Let the rows of clients load again. Raises StoreError."""
        with alone(self._path.parent):
            before = self.marks()
            welcome = {*self._marked(pl.Series([*clients], dtype=pl.Int64))}
            if not note_beside_keys(self.store, before, without=welcome) and before & welcome:
                # That list would go on keeping them out.
                raise StoreError("unwritable", beside_keys(self.store.path).parent)
            if before & welcome:
                with told(self._path.parent, "", writing=True):
                    write_durably(self._path, text(before - welcome))

    def among(self, clients: pl.Series) -> pl.Series:
        """Those of some client keys that are forgotten. Raises StoreError, KeyFileError."""
        known = self.marks()
        if not known or clients.is_empty():
            return clients.clear()
        return clients.filter(self._marked(clients).is_in(pl.Series(sorted(known), dtype=pl.UInt64).implode()))

    def left_out(self, keyed: Keyed) -> tuple[Keyed, int]:
        """Rows without those of forgotten clients, and how many these were. Raises StoreError, KeyFileError."""
        if keyed.clients.is_empty() or (forgotten := self.among(keyed.clients["client"])).is_empty():
            return keyed, 0
        kept = keyed.frame.filter(~pl.col("client").is_in(forgotten.implode()))
        clients = keyed.clients.filter(~pl.col("client").is_in(forgotten.implode()))
        return Keyed(kept, clients), keyed.frame.height - kept.height

    def _marked(self, clients: pl.Series) -> pl.Series:
        return marked(clients, self.store.keys)

    @property
    def _path(self) -> Path:
        return self.store.path / FORGOTTEN


def marked(clients: pl.Series, keys: Keys) -> pl.Series:
    """The marks of clients, given by their keys."""
    texts = pl.DataFrame({"text": clients.cast(pl.String)})
    with workspace() as connection:
        connection.register("texts", texts)
        found: pl.DataFrame = connection.sql(f"SELECT {record_sql(keys, 'text', 'forgotten')} AS mark FROM texts").pl()
    return found["mark"]


def marks_in(path: Path) -> frozenset[int]:
    """The marks of a list; none when there is none. Raises StoreError."""
    if path.is_file() and not path.stat().st_size:
        return frozenset()  # the last one was taken off it
    return frozenset(json_lines.read_plain(path, unsealed_mark))


def beside_keys(store: Path) -> Path:
    """The list beside the key file of a store."""
    return file_beside_keys(store, ".forgotten")


def note_beside_keys(store: Store, marks: Set[int], without: Set[int] = frozenset()) -> bool:
    """Add marks to the list beside the keys, and take some off it. False where it cannot be read or written."""
    path = beside_keys(store.path)
    try:
        before = marks_in(path)
        if (before | marks) - without == before:
            return True
        with alone_with(path):  # stores may share a key file, and so this list
            before = marks_in(path)
            after = (before | marks) - without
            if after != before:
                write_durably(path, text(after))
    except (OSError, StoreError):
        return False
    return True


def text(marks: Iterable[int]) -> str:
    """A list of marks."""
    # Sorted: the order would tell who was forgotten when.
    return "".join(sealed_mark(mark) for mark in sorted(marks))

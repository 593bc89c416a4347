"""The clients a store has been told to forget: enough to leave their rows out of later files, and not who they are.

STORE/sources/forgotten.txt holds a mark for each, in the order of the marks: an HMAC of the client's key under the store's
pseudonym key. A key that is the client's in one source's rows alone has the source in its mark. Without the key file nothing can
be told from it; with it one can try out a number one has already.

The same list stands beside the key file (`store.keys.forgotten`), where no backup of the store can bring back an older one: so
whoever has been forgotten since a backup is forgotten again when it is restored, and nobody comes back when the store's own list
is lost or cut.
"""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.ingest.pseudonyms import JOINT, Keyed
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

    def marks_with(self, texts: Iterable[str]) -> frozenset[int]:
        """The same with more clients (`marked_texts`). Raises StoreError."""
        return self.marks() | self._marked(texts)

    def remove(self, texts: Iterable[str]) -> None:
        """Let the rows of clients (`marked_texts`) load again. Raises StoreError."""
        with alone(self._path.parent):
            before = self.marks()
            welcome = self._marked(texts)
            if not note_beside_keys(self.store, before, without=welcome) and before & welcome:
                # That list would go on keeping them out.
                raise StoreError("unwritable", beside_keys(self.store.path).parent)
            if before & welcome:
                with told(self._path.parent, "", writing=True):
                    write_durably(self._path, text(before - welcome))

    def left_out(self, keyed: Keyed, source: str) -> tuple[Keyed, int]:
        """Rows of a source without those of forgotten clients, and how many these were. Raises StoreError, KeyFileError."""
        known = self.marks()
        if keyed.clients.is_empty() or not known:
            return keyed, 0
        clients, listed = keyed.clients["client"], pl.Series(sorted(known), dtype=pl.UInt64).implode()
        is_forgotten = pl.repeat(value=False, n=clients.len(), eager=True)
        for of in ("", source):
            is_forgotten |= marked(marked_texts(clients, of), self.store.keys).is_in(listed)
        forgotten = clients.filter(is_forgotten)
        if forgotten.is_empty():
            return keyed, 0
        kept = keyed.frame.filter(~pl.col("client").is_in(forgotten.implode()))
        return Keyed(kept, keyed.clients.filter(~is_forgotten)), keyed.frame.height - kept.height

    def _marked(self, texts: Iterable[str]) -> frozenset[int]:
        return frozenset(marked(pl.Series([*texts], dtype=pl.String), self.store.keys))

    @property
    def _path(self) -> Path:
        return self.store.path / FORGOTTEN


def marked_texts(clients: pl.Series, source: str = "") -> pl.Series:
    """What marks are made of: clients' keys, and a source's id where these are theirs in rows of that source alone."""
    texts = clients.cast(pl.String)
    return texts + (JOINT + source) if source else texts


def marked(texts: pl.Series, keys: Keys) -> pl.Series:
    """The marks of clients (`marked_texts`)."""
    with workspace() as connection:
        connection.register("texts", pl.DataFrame({"text": texts}))
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

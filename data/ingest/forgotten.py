"""The clients a store has been told to forget: enough to leave their rows out of later files, and not who they are.

STORE/sources/forgotten.txt holds a mark for each, in the order of the marks: an HMAC of the client's key under the store's
pseudonym key. Without the key file nothing can be told from it; with it one can try out a number one has already.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from data.ingest.pseudonyms import Keyed
from data.store import json_lines
from data.store.durable import write_durably
from data.store.keys import record_sql
from data.store.ledger import alone
from data.store.sealed import sealed_mark, unsealed_mark
from data.store.store import Store
from data.store.trouble import told
from data.store.workspace import workspace

FORGOTTEN = "sources/forgotten.txt"


@dataclass(frozen=True)
class ForgottenClients:
    """Those of a store. Cheap to make; the file is read on every call."""

    store: Store

    def text_with(self, clients: Iterable[int]) -> str:
        """The whole file with more clients (their keys). Raises StoreError."""
        return _text(self._marks() | {*self._marked(pl.Series([*clients], dtype=pl.Int64))})

    def remove(self, clients: Iterable[int]) -> None:
        """Let the rows of clients load again. Raises StoreError."""
        with alone(self._path.parent):
            before = self._marks()
            after = before - {*self._marked(pl.Series([*clients], dtype=pl.Int64))}
            if after != before:
                with told(self._path.parent, "", writing=True):
                    write_durably(self._path, _text(after))

    def among(self, clients: pl.Series) -> pl.Series:
        """Those of some client keys that are forgotten. Raises StoreError, KeyFileError."""
        known = self._marks()
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

    def _marks(self) -> frozenset[int]:
        if self._path.exists() and not self._path.stat().st_size:
            return frozenset()  # the last one was taken off it
        return frozenset(json_lines.read_plain(self._path, unsealed_mark))

    def _marked(self, clients: pl.Series) -> pl.Series:
        texts = pl.DataFrame({"text": clients.cast(pl.String)})
        with workspace() as connection:
            connection.register("texts", texts)
            found: pl.DataFrame = connection.sql(
                f"SELECT {record_sql(self.store.keys, 'text', 'forgotten')} AS mark FROM texts"
            ).pl()
        return found["mark"]

    @property
    def _path(self) -> Path:
        return self.store.path / FORGOTTEN


def _text(marks: Iterable[int]) -> str:
    # Sorted: the order would tell who was forgotten when.
    return "".join(sealed_mark(mark) for mark in sorted(marks))

"""Importing files: prepare (read, recognise, check, key, compare; nothing published), then publish as one generation."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import duckdb
import polars as pl

from data.ingest import merging, rejects
from data.ingest.batch import Batch, Progress, counted
from data.ingest.plan import Prepared
from data.ingest.pseudonyms import place_rows
from data.store.generation import Generation
from data.store.keys import Keys
from data.store.store import Store


def prepare(
    paths: Sequence[Path], store: Store, progress: Progress | None = None, *, profile: str | None = None
) -> Prepared:
    """Read, recognise, check and compare files; nothing is published. `profile` forces a saved shape by name.

    Raises KeyFileError, StoreError and ProfileError; what is wrong with a file is told in its PreparedFile.
    """
    batch = Batch(store, progress, profile)
    files = tuple(batch.file(path, place / len(paths), 1 / len(paths)) for place, path in enumerate(paths))
    return Prepared(files, batch.base.number if batch.base else None)


def publish(
    prepared: Prepared, store: Store, cause: str, progress: Progress | None = None
) -> tuple[Prepared, Generation | None]:
    """Publish what `prepare` gave as one generation, and keep the rejected rows.

    Returns what was done (compared anew if the store has moved on since) and the generation, None when nothing changed.
    """
    generation = None
    if prepared.changes:
        if progress:
            progress("", "publish", 0.0)
        with store.next_generation(cause) as connection:
            current = store.current()
            if (current.number if current else None) != prepared.base:
                prepared = _compared_anew(prepared, connection)
            for part in (part for file in prepared.files for part in file.parts):
                merging.write(connection, part.table, part.frame, part.clients)
            _register_places(connection, prepared, store.keys)
            if any(file.counts.replaced for file in prepared.files):
                merging.forget_lost_clients(connection)
        generation = store.current()
        if progress:
            progress("", "publish", 1.0)
    for file in prepared.files:
        if file.refused is None or file.findings:
            rejects.save(store.rejected_path, file.file, file.rejected)
    return prepared, generation


def _compared_anew(prepared: Prepared, connection: duckdb.DuckDBPyConnection) -> Prepared:
    """The same rows against a store that someone else has changed since they were prepared."""
    pending: dict[str, pl.DataFrame] = {}
    files = []
    for file in prepared.files:
        parts = []
        for part in file.parts:
            bare = part.frame.drop(merging.STATE)
            frame = merging.classify(connection, part.table, bare, pending.get(part.table))
            pending[part.table] = merging.newest(pending.get(part.table), bare)
            parts.append(replace(part, frame=frame, counts=counted(part.counts, frame)))
        files.append(replace(file, parts=tuple(parts)))
    return replace(prepared, files=tuple(files))


def _register_places(connection: duckdb.DuckDBPyConnection, prepared: Prepared, keys: Keys) -> None:
    """Service points that encounters name and nobody has listed: rows of their own, unless this import lists them."""
    names: dict[str, str] = {}
    for part in (part for file in prepared.files for part in file.parts):
        names |= {code: name for code, name in part.new_places.items() if code not in names}
    listed = {code for (code,) in connection.execute("SELECT code FROM service_point").fetchall()}
    names = {code: name for code, name in names.items() if code not in listed}
    if names:
        keyed = place_rows(names, keys)
        frame = keyed.frame.with_columns(pl.lit(merging.LOADED, dtype=pl.UInt8).alias(merging.STATE))
        merging.write(connection, "service_point", frame, keyed.clients)

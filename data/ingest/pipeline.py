"""Importing files: prepare (read, recognise, check, key, compare; nothing published), then publish as one generation."""

from collections.abc import Sequence
from contextlib import closing, suppress
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path

import duckdb
import polars as pl

from data.coverage import deliveries
from data.coverage.removals import NAMED_POINTS, forget_unmentioned
from data.coverage.sources import Sources
from data.ingest import merging, rejects
from data.ingest.batch import Batch, Progress, Wishes, counted
from data.ingest.forgotten import ForgottenClients
from data.ingest.names import told_name
from data.ingest.plan import Prepared, SheetPlan
from data.ingest.pseudonyms import Keyed, place_rows
from data.ingest.readers import file_name
from data.ingest.readers.isolated import Door
from data.ingest.silent_months import has_none
from data.store.acting import record
from data.store.generation import Generation
from data.store.keys import Keys
from data.store.releases import after_change
from data.store.store import Store


class _NothingLeftError(Exception):
    """Another import has brought every row meanwhile: there is no generation to make."""


def prepare(
    paths: Sequence[Path],
    store: Store,
    progress: Progress | None = None,
    wishes: Wishes | None = None,
    *,
    names: Sequence[str] | None = None,
) -> Prepared:
    """Read, recognise, check and compare files; nothing is published. wishes: what a person says about them.

    names: what people call the files, when they lie on the disk under others.

    Raises KeyFileError, StoreError, ProfileError and SourceError; what is wrong with a file is told in its PreparedFile.
    """
    called = [told_name(name, number) for number, name in enumerate(names or map(file_name, paths), 1)]
    with Door() as door, closing(Batch(store, door, progress, wishes or Wishes())) as batch:
        files = tuple(
            batch.file(path, name, place / len(paths), 1 / len(paths))
            for place, (path, name) in enumerate(zip(paths, called, strict=True))
        )
        unrecorded = batch.unrecorded_work()
    base = batch.base.token if batch.base else None
    sourcing = batch.sourcing
    return Prepared(
        files,
        base,
        sourcing.changed,
        sourcing.defaults,
        damaged_profiles=batch.profiles.damaged,
        unrecorded_work=unrecorded,
    )


def publish(
    prepared: Prepared, store: Store, cause: str, progress: Progress | None = None
) -> tuple[Prepared, Generation | None]:
    """Publish what `prepare` gave as one generation, and keep the rejected rows.

    Returns what was done (compared anew if the store has moved on since) and the generation, None when nothing changed.
    While a question is open nothing is published or kept.
    """
    is_published = False
    if prepared.open_questions:
        return prepared, None
    if prepared.changes or _covers_more(store, prepared):
        if progress:
            progress("", "publish", 0.0)
        with suppress(_NothingLeftError), store.next_generation(cause) as connection:
            current = store.current()
            if (current.token if current else None) != prepared.base:
                prepared = _compared_anew(prepared, connection, ForgottenClients(store))
                if not prepared.changes and not _covers_more(store, prepared):
                    raise _NothingLeftError
            _write(connection, prepared)
            _register_places(connection, prepared, store.keys)
            if any(file.counts.replaced or file.counts.gone for file in prepared.files):
                forget_unmentioned(connection)
            # Before the rows: a source without rows is harmless, but rows of a number that the next source gets are not.
            Sources.of(store.path).save(prepared.sources)
            _keep_rejects(store, prepared)
            is_published = True
        if progress:
            progress("", "publish", 1.0)
    generation = store.current() if is_published else None
    if generation is None:
        if answered := {name: source for name, source in prepared.sources.items() if source.answers}:
            Sources.of(store.path).save(answered)  # a file that brings nothing may have been asked about all the same
        _keep_rejects(store, prepared)
    if files := ", ".join(file.file for file in prepared.files if file.refused is None):
        record(store.path, "imported", {"files": files, **({"generation": generation.number} if generation else {})})
    after_change(store)  # last: the import is made, whatever becomes of the release
    return prepared, generation


def _keep_rejects(store: Store, prepared: Prepared) -> None:
    for file in prepared.files:
        if file.refused is None or file.findings:
            rejects.save(store.rejected_path, file.file, file.rejected)


def _write(connection: duckdb.DuckDBPyConnection, prepared: Prepared) -> None:
    """Rows and their deliveries, in the order of the files."""
    number = max((delivery.number for delivery in deliveries.read(connection)), default=0)
    for file in prepared.files:
        for part in file.parts:
            number += 1
            merging.write(connection, part.table, part.frame, part.clients, number)
            if part.moved.height:
                merging.remove(connection, part.table, part.moved["known"])
            if part.counts.gone:
                merging.remove(connection, part.table, part.gone)
            counts, period = part.counts, _covered(connection, part)
            gone = counts.gone + part.moved.height  # also what has come back under a number of its own
            deliveries.write(
                connection,
                deliveries.Delivery(
                    number=number, source=part.source.number, made=datetime.now(), file=file.file, sheet=part.sheet,
                    digest=file.digest, table=part.table, first_day=period[0], last_day=period[1],
                    fields=tuple(sorted(part.given)), read=counts.read, loaded=counts.loaded, replaced=counts.replaced,
                    unchanged=counts.unchanged, gone=gone, rejected=counts.rejected, silent=part.silent,
                ),
            )  # fmt: skip


def _covers_more(store: Store, prepared: Prepared) -> bool:
    """Whether a person says of a file, of which every row is there, that it tells of days that no file has told of yet."""
    said = [
        part for file in prepared.files for part in file.parts
        if part.is_period_said or any(has_none(one) for one in part.decisions)
    ]  # fmt: skip
    current = store.current()
    if not said or current is None:
        return False
    with store.reading(current) as connection:
        known = [piece for one in deliveries.read(connection) for piece in deliveries.pieces(one)]
    for part in said:
        first, last = part.period
        if first is not None and last is not None:
            same = [one for one in known if (one.source, one.table) == (part.source.number, part.table)]
            if same and deliveries.days_covered(same, first, last, with_rejected=True)[0] <= (last - first).days:
                return True
    return False


def _covered(connection: duckdb.DuckDBPyConnection, part: SheetPlan) -> tuple[date | None, date | None]:
    """The period that a sheet covers, between the deliveries of its source that are already there."""
    first, last = part.period
    if part.is_period_said or first is None or last is None:
        return part.period
    others = deliveries.read(connection)
    same = [one for one in others if (one.source, one.table) == (part.source.number, part.table)]
    return deliveries.meeting(first, last, same)


def _compared_anew(
    prepared: Prepared, connection: duckdb.DuckDBPyConnection, forgotten: ForgottenClients
) -> Prepared:  # fmt: skip
    """The same rows against a store that someone else has changed since they were prepared."""
    pending: dict[str, pl.DataFrame] = {}
    files = []
    for file in prepared.files:
        parts = []
        for part in file.parts:
            keyed, left_out = forgotten.left_out(Keyed(part.told, part.clients), part.source.id)
            completed = merging.classify(
                connection, part.table, keyed.frame, pending.get(part.table), part.given, merging.reached(part.period)
            )
            frame = merging.under_own_keys(completed.frame, part.moved)
            pending[part.table] = merging.newest(pending.get(part.table), frame, part.moved)
            counts = counted(replace(part.counts, forgotten=part.counts.forgotten + left_out), frame)
            parts.append(
                replace(
                    part,
                    frame=frame,
                    clients=keyed.clients,
                    counts=counts,
                    kept=completed.kept,
                    outdated=completed.outdated,
                )
            )
        files.append(replace(file, parts=tuple(parts)))
    return replace(prepared, files=tuple(files))


def _register_places(connection: duckdb.DuckDBPyConnection, prepared: Prepared, keys: Keys) -> None:
    """Service points that encounters name and nobody has listed: rows of their own, unless this import lists them."""
    names: dict[str, str] = {}
    for part in (part for file in prepared.files for part in file.parts):
        names |= {code: name for code, name in part.new_places.items() if code not in names}
    # Of a file that waited, rows may have been left out since that alone named a place.
    query = f"{NAMED_POINTS} EXCEPT SELECT code FROM service_point"
    wanted = {code for (code,) in connection.execute(query).fetchall()} if names else set()
    names = {code: name for code, name in names.items() if code in wanted}
    if names:
        keyed = place_rows(names, keys)
        frame = keyed.frame.with_columns(pl.lit(merging.LOADED, dtype=pl.UInt8).alias(merging.STATE))
        merging.write(connection, "service_point", frame, keyed.clients)

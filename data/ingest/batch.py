"""Preparing the files of one import, one after the other: read, recognise, look for personal data, check, key, compare."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from data.codes import UNKNOWN_POINT, normalise
from data.ingest import merging, rejects
from data.ingest.checking import Checked, check
from data.ingest.personal_scan import PersonalDataFinding, scan
from data.ingest.plan import Counts, PreparedFile, SheetPlan
from data.ingest.pseudonyms import Keyed, key
from data.ingest.readers import FileRefused, Sheet, file_name, read
from data.ingest.recognise import headers
from data.ingest.recognise.columns import NoTable, Recognised, recognise
from data.ingest.recognise.profiles import Profiles
from data.ingest.recognise.values import PLACE_FIELDS
from data.store.generation import Generation
from data.store.keys import Keys
from data.store.store import Store

Progress = Callable[[str, str, float], None]
"""Told the file, the step (`read`, `check`, `key`, `compare`, `publish`) and the share of the whole done, 0–1."""

_READING = 0.3
"""Share of a file's work that goes to reading it."""


class Batch:
    """The files of one import. Later files see what earlier ones bring. Raises KeyFileError, StoreError, ProfileError."""

    def __init__(self, store: Store, progress: Progress | None, profile: str | None) -> None:
        self.store = store
        self.base: Generation | None = store.current()
        self.progress = progress
        self.profiles = Profiles.of_store(store.path, forced=profile)
        self.pending: dict[str, pl.DataFrame] = {}
        self.seen_places: dict[str, str] = {}

    def file(self, path: Path, start: float = 0.0, share: float = 1.0) -> PreparedFile:
        """Prepare one file; `start` and `share` place its work in the whole, for the progress told."""

        name = file_name(path)

        def tell(step: str, done: float) -> None:
            if self.progress:
                self.progress(name, step, start + share * done)

        try:
            tell("read", 0.0)
            sheets = read(path)
            recognised, skipped = self._recognise(sheets)
            findings = _findings(sheets, recognised)
            if findings:
                return PreparedFile(name, refused="personal_data", findings=findings)
            if not recognised:
                return _wrong_table(name, skipped)
            parts = []
            for place, found in enumerate(recognised):
                each = (1 - _READING) / len(recognised)
                parts.append(self._part(found, tell, _READING + each * place, each))
        except FileRefused as refusal:
            return PreparedFile(name, refused=refusal.reason, params=refusal.params)
        return PreparedFile(name, tuple(parts), tuple(skipped))

    @cached_property
    def keys(self) -> Keys:
        """The store's keys, made when the first file needs them."""
        return self.store.keys

    def _recognise(self, sheets: Sequence[Sheet]) -> tuple[list[Recognised], list[tuple[str | None, NoTable]]]:
        found: list[Recognised] = []
        skipped: list[tuple[str | None, NoTable]] = []
        for sheet in sheets:
            try:
                found.append(self.profiles.recognise(sheet) or recognise(sheet))
            except NoTable as none:
                skipped.append((sheet.name, none))
        # Service points first: encounters then find them by name.
        return sorted(found, key=lambda one: one.table != "service_point"), skipped

    def _part(
        self, recognised: Recognised, tell: Callable[[str, float], None], start: float, share: float
    ) -> SheetPlan:
        tell("check", start)
        checked = check(recognised, self._places)
        tell("key", start + 0.4 * share)
        checked, keyed = key(checked, self.keys)
        tell("compare", start + 0.9 * share)
        with self._serving() as connection:
            frame = merging.classify(connection, recognised.table, keyed.frame, self.pending.get(recognised.table))
        self.pending[recognised.table] = merging.newest(self.pending.get(recognised.table), keyed.frame)
        return _part(recognised, checked, keyed, frame, self._new_places(recognised.table, checked, keyed))

    def _new_places(self, table: str, checked: Checked, keyed: Keyed) -> dict[str, str]:
        """Service points that good rows name and that neither the store nor an earlier row has: code → name."""
        if table == "service_point":
            rows = keyed.frame.select("code", "name_fi", "name_sv", "name_en").iter_rows()
            self.seen_places |= {normalise(word): code for code, *names in rows for word in (code, *names) if word}
            return {}
        if "service_point" not in keyed.frame.columns:
            return {}
        used = set(keyed.frame["service_point"].unique())
        named = {
            value.code: value.text or value.code
            for value in reversed(checked.values)
            if value.field in PLACE_FIELDS and value.code in used and value.code != UNKNOWN_POINT
        }
        known = set(self._places.values())
        return {code: name for code, name in named.items() if code not in known}

    @property
    def _places(self) -> dict[str, str]:
        return self._stored_places | self.seen_places

    @cached_property
    def _stored_places(self) -> dict[str, str]:
        with self._serving() as connection:
            if connection is None:
                return {}
            rows = connection.execute("SELECT code, name_fi, name_sv, name_en FROM service_point").fetchall()
        return {normalise(word): code for code, *names in rows for word in (code, *names) if word}

    @contextmanager
    def _serving(self) -> Iterator[duckdb.DuckDBPyConnection | None]:
        if self.base is None:
            yield None
            return
        cursor = self.store.read(self.base)
        try:
            yield cursor
        finally:
            cursor.close()


def counted(counts: Counts, frame: pl.DataFrame) -> Counts:
    """Counts with the states of a classified frame."""
    states = dict(frame[merging.STATE].value_counts().iter_rows())
    return replace(
        counts,
        loaded=states.get(merging.LOADED, 0),
        replaced=states.get(merging.REPLACED, 0),
        unchanged=states.get(merging.UNCHANGED, 0),
    )


def _part(
    recognised: Recognised, checked: Checked, keyed: Keyed, frame: pl.DataFrame, new_places: dict[str, str]
) -> SheetPlan:
    sheet = recognised.sheet
    rejected_rows = checked.rows_read - recognised.dropped - frame.height
    return SheetPlan(
        sheet=sheet.name, table=recognised.table, columns=recognised.columns, ignored=recognised.ignored,
        profile=recognised.profile, values=checked.values, notes=sheet.notes,
        counts=counted(Counts(read=checked.rows_read, rejected=rejected_rows, totals=recognised.dropped), frame),
        rejected=tuple(rejects.listed(sheet.file, sheet.name, checked.rejected)),
        frame=frame, clients=keyed.clients, new_places=new_places,
    )  # fmt: skip


def _findings(sheets: Sequence[Sheet], recognised: Sequence[Recognised]) -> tuple[PersonalDataFinding, ...]:
    """Personal values outside the client identifiers, in every sheet, recognised or not."""
    clients = {
        (one.sheet.name, match.header) for one in recognised for match in one.columns if match.field == "client_id"
    }
    found: list[PersonalDataFinding] = []
    for sheet in sheets:
        exempt = {header for header in sheet.header if (sheet.name, header) in clients}
        if sheet.name not in {one.sheet.name for one in recognised}:
            exempt = {header for header in sheet.header if normalise(header) in headers.client_words()}
        found += scan(sheet, frozenset(exempt))
    return tuple(found)


def _wrong_table(file: str, skipped: Sequence[tuple[str | None, NoTable]]) -> PreparedFile:
    nearest = max((none for _, none in skipped), key=lambda none: none.known)
    params = {"table": nearest.nearest, "missing": ",".join(nearest.missing)}
    return PreparedFile(file, refused="wrong_table" if nearest.known else "no_known_columns", params=params)

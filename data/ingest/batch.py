"""Preparing the files of one import, one after the other: read, recognise, look for personal data, check, key, compare."""

import hashlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from pathlib import Path

import duckdb
import polars as pl

from data.codes import UNKNOWN_POINT, normalise
from data.coverage.deliveries import inferred_period, to_month_end
from data.coverage.sources import Sources
from data.ingest import merging, rejects
from data.ingest.answers import Answers
from data.ingest.checking import Checked, check
from data.ingest.forgotten import ForgottenClients
from data.ingest.gone import rows_gone, rows_missing
from data.ingest.names import FileName
from data.ingest.new_numbers import with_lasting_clients
from data.ingest.personal_scan import PersonalDataFinding, scan
from data.ingest.persons import with_persons
from data.ingest.plan import Counts, PreparedFile, SheetPlan
from data.ingest.pseudonyms import NUMBERED_ELSEWHERE, Keyed, KeyedSheet
from data.ingest.readers import FileRefused, Sheet
from data.ingest.readers.isolated import Door
from data.ingest.recognise import headers
from data.ingest.recognise.aside import without_aside
from data.ingest.recognise.asking import Asking, Decision
from data.ingest.recognise.columns import recognise
from data.ingest.recognise.days_above import with_days_above
from data.ingest.recognise.dittos import without_dittos
from data.ingest.recognise.headers_again import under_first_header
from data.ingest.recognise.notes import without_notes
from data.ingest.recognise.profiles import Profiles
from data.ingest.recognise.recognised import NoTable, Recognised
from data.ingest.recognise.row_kinds import with_row_kinds
from data.ingest.recognise.several_in_row import each_in_its_row
from data.ingest.recognise.spans import with_lengths
from data.ingest.recognise.totals import without_totals
from data.ingest.recognise.values import PLACE_FIELDS
from data.ingest.recognise.years import with_years
from data.ingest.silent_months import RejectedMonths, rejected_months, silent_months
from data.ingest.sourcing import AboutSheet, Sourcing
from data.ingest.unrecorded import unrecorded_work
from data.ingest.withdrawn import explained, withdrawn_records
from data.model.identifiers import plain
from data.model.records import TABLES
from data.store.generation import Generation
from data.store.keys import Keys, key_path, new
from data.store.store import Store
from data.store.workspace import workspace

Progress = Callable[[str, str, float], None]
"""Told the file, the step (`read`, `check`, `key`, `compare`, `publish`) and the share of the whole done, 0–1."""

_READING = 0.3
"""Share of a file's work that goes to reading it."""


@dataclass(frozen=True)
class Wishes:
    """What a person says about an import.

    profile: a saved shape that must fit every file; source: id or name of the source of every file; covers: first and last day of
    the period every file covers; answers: answers to questions. is_trial: it is not to be published, and leaves nothing behind.
    """

    profile: str | None = None
    source: str | None = None
    covers: tuple[date, date] | None = None
    answers: Answers = field(default_factory=Answers)
    is_trial: bool = False


class Batch:
    """The files of one import. Later files see what earlier ones bring. Raises KeyFileError, StoreError, ProfileError,
    SourceError.
    """

    def __init__(self, store: Store, door: Door, progress: Progress | None, wishes: Wishes) -> None:
        self.store = store
        self.door = door
        self.base: Generation | None = store.current()
        self.progress = progress
        self.wishes = wishes
        self.profiles = Profiles.of_store(store.path, forced=wishes.profile, said=wishes.source or "")
        self.pending: dict[str, pl.DataFrame] = {}
        self.seen_places: dict[str, str] = {}
        self.sourcing = Sourcing.of(Sources.of(store.path), self._rows, wishes.source)
        self._cursor: duckdb.DuckDBPyConnection | None = None

    def close(self) -> None:
        """Let go of the store."""
        if self._cursor is not None:
            self._cursor.close()

    def file(self, path: Path, called: FileName, start: float = 0.0, share: float = 1.0) -> PreparedFile:
        """Prepare one file; `start` and `share` place its work in the whole, for the progress told."""

        name = called.shown

        def tell(step: str, done: float) -> None:
            if self.progress:
                self.progress(name, step, start + share * done)

        in_file_name = tuple(PersonalDataFinding(0, "", kind) for kind in called.kinds)
        try:
            tell("read", 0.0)
            sheets = self.door.read(path, name)
            digest = digest_of(path)
            asked = [self._asking(name, sheet) for sheet in sheets]
            recognised, skipped, questions = self._recognise(sheets, asked)
            findings = (*in_file_name, *_findings(sheets, [found for found, _ in recognised]))
            if findings:
                return PreparedFile(name, refused="personal_data", findings=findings)
            if not recognised:
                return _wrong_table(name, skipped, questions)
            parts = []
            for place, (found, asking) in enumerate(recognised):
                each = (1 - _READING) / len(recognised)
                parts.append(self._part(found, asking, digest, tell, _READING + each * place, each))
        except FileRefused as refusal:
            return PreparedFile(name, refused=refusal.reason, params=refusal.params, findings=in_file_name)
        return PreparedFile(name, tuple(parts), tuple(skipped), digest=digest, decisions=questions)

    @cached_property
    def keys(self) -> Keys:
        """The store's keys, made when the first file needs them; of a trial ones that nobody keeps, where there are none."""
        if self.wishes.is_trial and not self.store.is_made and not key_path(self.store.path).exists():
            return new()
        return self.store.keys

    def _asking(self, file: str, sheet: Sheet) -> Asking:
        given = self.wishes.answers.of_sheet(file, sheet.name)
        return Asking(file, sheet.name, given, *self.sourcing.remembered(sheet.header))

    def _recognise(
        self, sheets: Sequence[Sheet], asked: Sequence[Asking]
    ) -> tuple[list[tuple[Recognised, Asking]], list[tuple[str | None, NoTable]], tuple[Decision, ...]]:
        """The sheets with a table, those without, and the questions about the latter.

        Raises FileRefused for a list of people, and for formulas without results in a column that is needed.
        """
        found: list[tuple[Recognised, Asking]] = []
        skipped: list[tuple[str | None, NoTable]] = []
        questions: list[Decision] = []
        for read, asking in zip(sheets, asked, strict=True):
            sheet = each_in_its_row(
                with_years(without_dittos(under_first_header(read)), self.wishes.covers, asking), asking
            )
            try:
                one = without_aside(self.profiles.recognise(sheet, asking) or recognise(sheet, asking), asking)
                lacking = [match.header for match in one.columns if match.header in sheet.without_results]
                if lacking:
                    raise FileRefused(sheet.file, "no_formula_results", column=lacking[0])
                one = with_days_above(without_totals(without_notes(one), asking), asking)
                found.append((with_row_kinds(with_lengths(one), asking), asking))
            except NoTable as none:
                if none.reason == "people_list":
                    raise FileRefused(sheet.file, "people_list") from None
                skipped.append((sheet.name, none))
                self.sourcing.left_out(sheet.header, asking)
                questions += asking.decisions
        # Service points first: encounters then find them by name.
        return sorted(found, key=lambda one: one[0].table != "service_point"), skipped, tuple(questions)

    def _part(
        self, recognised: Recognised, asking: Asking, digest: str, tell: Callable[[str, float], None], start: float,
        share: float,
    ) -> SheetPlan:  # fmt: skip
        tell("check", start)
        checked = check(recognised, self._places, asking)
        persons, filled = with_persons(checked.frame, TABLES[recognised.table])
        checked = replace(checked, frame=persons)
        tell("key", start + 0.4 * share)
        table, sheet = recognised.table, recognised.sheet
        given = frozenset(match.field for match in recognised.columns) | filled
        about = AboutSheet(sheet.name or Path(sheet.file).stem, digest, given)
        settled = self.sourcing.settle(checked, asking, self.keys, about)
        source, checked, keyed, repeated = settled.source, settled.checked, settled.keyed, settled.repeated
        tell("compare", start + 0.9 * share)
        period = self._period(checked, table)
        told = merging.without_assumed(keyed.frame.with_columns(settled.known), checked)
        keyed, forgotten = ForgottenClients(self.store).left_out(Keyed(told, keyed.clients), source.id)
        with self._serving() as connection:
            keyed = with_lasting_clients(connection, table, keyed, asking)
            told = keyed.frame
            lost = rejected_months(checked)
            silent = self._silent(told, checked, given, asking, lost)
            completed = merging.classify(
                connection, table, told, self.pending.get(table), given, merging.reached(period)
            )
            left = self._withdrawn(connection, settled, asking)
            gone = pl.concat([left, self._gone(connection, settled, completed.frame, period, asking, left)])
        frame = merging.under_own_keys(completed.frame, settled.moved)
        self.pending[table] = merging.newest(self.pending.get(table), frame, settled.moved)
        self.sourcing.learn(source, checked, asking)
        left_out = sum(recognised.left_out.values())
        counts = Counts(
            read=checked.rows_read, totals=recognised.dropped, left_out=left_out, repeated=repeated, gone=gone.len(),
            rejected=checked.rows_read - recognised.dropped - left_out - repeated - forgotten - frame.height,
            forgotten=forgotten,
        )  # fmt: skip
        return SheetPlan(
            sheet=sheet.name, table=table, columns=checked.recognised.columns, ignored=recognised.ignored,
            profile=recognised.profile, values=checked.values, notes=sheet.notes, counts=counted(counts, frame),
            rejected=tuple(rejects.listed(sheet.file, sheet.name, checked.rejected)),
            frame=frame, told=told, clients=keyed.clients, new_places=self._new_places(table, checked, keyed),
            filled={name: sheet.rows.height - sheet.rows[f"c{i}"].null_count() for i, name in enumerate(sheet.header)},
            source=self.sourcing.known[source.id], given=given, silent=silent, lost_months=lost.months,
            period=period,
            is_period_said=self.wishes.covers is not None,
            gone=gone, odd=checked.odd,
            moved=settled.moved, decisions=asking.decisions, kept=completed.kept, outdated=completed.outdated,
        )  # fmt: skip

    def _period(self, checked: Checked, table: str) -> tuple[date | None, date | None]:
        """The period a sheet covers: as said for the whole import, else as its days show."""
        day = TABLES[table].day
        if day is None:
            return None, None
        first, last = checked.frame[day].min(), checked.frame[day].max()
        return self.wishes.covers or inferred_period(first, to_month_end(table, last))  # type: ignore[arg-type]

    def _silent(
        self, frame: pl.DataFrame, checked: Checked, given: frozenset[str], asking: Asking, lost: RejectedMonths
    ) -> tuple[str, ...]:  # fmt: skip
        """The months of which a sheet says nothing, or nothing of a field; a period that was said has all its rows."""
        table = checked.recognised.table
        header = next((one.header for one in checked.recognised.of_field(TABLES[table].day or "")), "")
        return silent_months(frame, table, given, header, asking, lost, self.wishes.covers)

    def _gone(
        self, connection: duckdb.DuckDBPyConnection | None, settled: KeyedSheet, frame: pl.DataFrame,
        period: tuple[date | None, date | None], asking: Asking, withdrawn: pl.Series,
    ) -> pl.Series:  # fmt: skip
        """Records that leave the store with this sheet besides those withdrawn: none without a yes."""
        table, source = settled.checked.recognised.table, settled.source
        whole = self.wishes.covers is not None
        none = frame["record"].clear()
        if connection is not None and table in NUMBERED_ELSEWHERE:
            lost, gone = rows_missing(connection, table, frame)
            if not lost:
                return none
            options = ("keep", "remove") if gone.len() else ("keep",)
            answer = asking.decide("shrinks", options, table=table, rows=lost, lasting=False)
            return gone if answer == "remove" else none
        if connection is None or not (whole or (frame[merging.STATE] != merging.LOADED).any()):
            return none
        gone = rows_gone(
            connection, table, source.number, frame, period, whole=whole, is_edition=settled.is_edition
        )  # fmt: skip
        gone = gone.filter(~gone.is_in(withdrawn.implode()))
        if not gone.len():
            return none
        if explained(connection, gone, settled.checked, withdrawn.len()):
            return gone
        answer = asking.decide("gone", ("keep", "remove"), table=table, rows=gone.len(), lasting=False)
        return gone if answer == "remove" else none

    def unrecorded_work(self) -> int:
        """Number of enrolments that, after the import, have ended for work of which no outcome tells."""
        with self._serving() as connection:
            return unrecorded_work(connection, self.pending)

    def _withdrawn(
        self, connection: duckdb.DuckDBPyConnection | None, settled: KeyedSheet, asking: Asking
    ) -> pl.Series:  # fmt: skip
        """Records of the store, or of earlier files of the import, that this sheet says are none."""
        table = settled.checked.recognised.table
        kept = settled.keyed.frame["record"]
        left = withdrawn_records(settled.checked, kept, settled.source, self.keys, self._places, asking)
        if left.is_empty():
            return left
        there = [left.clear()]
        if connection is not None and merging.has_table(connection, table):
            there.append(merging.among(connection, table, left))
        if table in self.pending:
            there.append(left.filter(left.is_in(self.pending[table]["record"].implode())))
            self.pending[table] = self.pending[table].filter(~pl.col("record").is_in(left.implode()))
        return pl.concat(there).unique()

    @contextmanager
    def _rows(self, table: str) -> Iterator[list[tuple[duckdb.DuckDBPyConnection, str]]]:
        """Where the rows of a table are: in the store, and in earlier files of the import."""
        with self._serving() as connection, ExitStack() as opened:
            found = []
            if connection is not None and merging.has_table(connection, table):
                found.append((connection, table))
            if table in self.pending:
                scratch = opened.enter_context(workspace())
                scratch.register("pending", self.pending[table])
                found.append((scratch, "pending"))
            yield found

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
            value.code: plain(value.text or value.code)
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
        """The serving generation, None when there is none; all of an import reads it over one cursor."""
        if self.base is None:
            yield None
            return
        if self._cursor is None:
            self._cursor = self.store.read(self.base)
        with self.store.noticing_damage(self.base):
            yield self._cursor


def counted(counts: Counts, frame: pl.DataFrame) -> Counts:
    """Counts with the states of a classified frame."""
    states = dict(frame[merging.STATE].value_counts().iter_rows())
    return replace(
        counts,
        loaded=states.get(merging.LOADED, 0),
        replaced=states.get(merging.REPLACED, 0),
        unchanged=states.get(merging.UNCHANGED, 0),
    )


def digest_of(path: Path) -> str:
    """SHA-256 of a file, in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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


def _wrong_table(
    file: str, skipped: Sequence[tuple[str | None, NoTable]], questions: tuple[Decision, ...]
) -> PreparedFile:  # fmt: skip
    reasons = [none.reason for _, none in skipped if none.reason]
    if len(reasons) == len(skipped):
        return PreparedFile(file, refused=reasons[0], decisions=questions)
    nearest = max((none for _, none in skipped), key=lambda none: none.known)
    if nearest.reason:
        return PreparedFile(file, refused=nearest.reason, decisions=questions)
    params = {"table": nearest.nearest, "missing": ",".join(nearest.missing)}
    return PreparedFile(
        file, refused="wrong_table" if nearest.known else "no_known_columns", params=params, decisions=questions
    )

"""What an import would do, before it does it: files, their sheets, and where each row would go."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Self

import polars as pl

from data.coverage.sources import Source
from data.ingest.checking import ValueCount
from data.ingest.odd_values import OddValue
from data.ingest.personal_scan import PersonalDataFinding
from data.ingest.recognise.asking import Decision
from data.ingest.recognise.recognised import ColumnMatch, Ignored, NoTable
from data.ingest.rejects import Reject

MOVED = {"known": pl.UInt64, "record": pl.UInt64}


@dataclass(frozen=True)
class Counts:
    """Where the rows of a file or sheet went: `read` is the sum of the others except `gone`."""

    read: int = 0
    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0
    totals: int = 0
    """Rows left out by rule: totals."""
    left_out: int = 0
    """Rows left out as the steward says: cancelled visits, rows that count nobody."""
    repeated: int = 0
    """Rows equal to an earlier one of the file, or joined to it: topics of one encounter on several rows."""
    forgotten: int = 0
    """Rows of clients whom the store was told to forget."""
    gone: int = 0
    """Rows of the store that this file covers and no longer has, and that are removed."""

    def __add__(self, other: "Counts") -> "Counts":
        names = self.__dataclass_fields__
        return Counts(**{name: getattr(self, name) + getattr(other, name) for name in names})


@dataclass(frozen=True)
class SheetPlan:
    """A sheet that was recognised: how, what it holds and what it will change. No raw cell is left in it."""

    sheet: str | None
    table: str
    columns: tuple[ColumnMatch, ...]
    ignored: tuple[Ignored, ...]
    profile: str | None
    values: tuple[ValueCount, ...]
    notes: tuple[str, ...]
    counts: Counts
    rejected: tuple[Reject, ...]
    frame: pl.DataFrame = field(repr=False)
    told: pl.DataFrame = field(repr=False)
    """The rows as the sheet has them, before what the store knows was added; to compare them with another generation."""
    clients: pl.DataFrame = field(repr=False)
    new_places: Mapping[str, str]
    """Service points named for the first time: code → name as given."""
    source: Source
    given: frozenset[str]
    """Fields the sheet has columns for."""
    silent: tuple[str, ...]
    """Months of which it says nothing, and those in which it has no value of a field: `deliveries.Delivery.silent`."""
    lost_months: tuple[date, ...] = ()
    """Months of which it has rows that were all rejected; they are among the `silent` ones."""
    filled: Mapping[str, int] = field(default_factory=dict)
    """Rows with a value, by header."""
    period: tuple[date | None, date | None] = (None, None)
    """First and last day the sheet covers, as said or as its days show."""
    is_period_said: bool = False
    """The period is as a person has said, not as the days show."""
    gone: pl.Series = field(default_factory=lambda: pl.Series("record", [], pl.UInt64), repr=False)
    """Records of the store that the steward removes with it."""
    moved: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=MOVED), repr=False)
    """Rows that leave the record they have been `known` under for the `record` of a number of their own."""
    odd: tuple[OddValue, ...] = ()
    decisions: tuple[Decision, ...] = ()
    """Questions that came up, with their answers."""
    kept: Mapping[str, int] = field(default_factory=dict)
    """By field, values of the store that stay because the sheet has nothing there."""
    outdated: int = 0
    """Rows whose status is older than the one in the store, which stays."""


@dataclass(frozen=True)
class PreparedFile:
    """A file ready to publish, or the reason why it is not: `refused` (a code with params) or personal `findings`."""

    file: str
    parts: tuple[SheetPlan, ...] = ()
    skipped: tuple[tuple[str | None, NoTable], ...] = ()
    """Sheets that fit no table, beside others that do."""
    refused: str | None = None
    params: Mapping[str, str | int] = field(default_factory=dict)
    findings: tuple[PersonalDataFinding, ...] = ()
    digest: str = ""
    """SHA-256 of the file's bytes, in hexadecimal digits."""
    decisions: tuple[Decision, ...] = ()
    """Questions about sheets that no table was found for."""

    @property
    def counts(self) -> Counts:
        """Sum over the sheets."""
        return sum((part.counts for part in self.parts), Counts())

    @property
    def rejected(self) -> tuple[Reject, ...]:
        """Rejected rows of all sheets; for a file stopped by personal data, where they stand."""
        found = tuple(reject for part in self.parts for reject in part.rejected)
        return found + tuple(
            Reject(self.file, None, finding.row, finding.column_header, "", finding.kind) for finding in self.findings
        )


@dataclass(frozen=True)
class Prepared:
    """Everything an import would do. base: token of the generation it was compared with; sources: those that it makes or
    teaches; defaults: the safe defaults of lasting open questions, by source and question key; defaults_taken: the safe default
    of every open question will do.
    """

    files: tuple[PreparedFile, ...]
    base: str | None
    sources: Mapping[str, Source] = field(default_factory=dict)
    defaults: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    defaults_taken: bool = False
    damaged_profiles: tuple[str, ...] = ()
    """Files of saved profiles that could not be read and were set aside, by the names they have now."""
    unrecorded_work: int = 0
    """Enrolments of the store and these files that ended for work of which no outcome tells."""

    @property
    def changes(self) -> bool:
        """Publishing would change some row."""
        counts = [part.counts for file in self.files for part in file.parts]
        return any(one.loaded or one.replaced or one.gone for one in counts)

    @property
    def decisions(self) -> tuple[Decision, ...]:
        """Every question that came up, with its answer."""
        return tuple(
            one
            for file in self.files
            for one in (*file.decisions, *(one for part in file.parts for one in part.decisions))
        )

    @property
    def open_questions(self) -> tuple[Decision, ...]:
        """Questions that nobody has answered: nothing is published while there is one, unless their defaults are taken."""
        return () if self.defaults_taken else tuple(one for one in self.decisions if one.how == "default")

    def with_defaults(self) -> Self:
        """The same with the safe default taken for every question that nobody has answered; the sources remember that."""
        taking = {name: source.taking(self.defaults.get(name, {})) for name, source in self.sources.items()}
        return replace(self, sources=taking, defaults_taken=True)

    @property
    def unanswered(self) -> tuple[Decision, ...]:
        """Questions that nobody has answered, those included whose safe default was taken, now or for an earlier file."""
        return tuple(one for one in self.decisions if one.how in ("default", "taken"))

    @property
    def exit_code(self) -> int:
        """4 = an answer is needed, 2 = a file refused, 3 = a row rejected, 0 = all loaded."""
        if self.open_questions:
            return 4
        if any(file.refused for file in self.files):
            return 2
        return 3 if any(file.counts.rejected for file in self.files) else 0

"""What an import would do, before it does it: files, their sheets, and where each row would go."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import polars as pl

from data.ingest.checking import ValueCount
from data.ingest.personal_scan import PersonalDataFinding
from data.ingest.recognise.columns import ColumnMatch, Ignored, NoTable
from data.ingest.rejects import Reject


@dataclass(frozen=True)
class Counts:
    """Where the rows of a file or sheet went: `read` is the sum of the others."""

    read: int = 0
    loaded: int = 0
    replaced: int = 0
    unchanged: int = 0
    rejected: int = 0
    totals: int = 0
    """Rows left out by rule, such as totals of a population table."""

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
    clients: pl.DataFrame = field(repr=False)
    new_places: Mapping[str, str]
    """Service points named for the first time: code → name as given."""


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
    """Everything an import would do. `base` is the generation it was compared with."""

    files: tuple[PreparedFile, ...]
    base: int | None

    @property
    def changes(self) -> bool:
        """Publishing would change some row."""
        return any(part.counts.loaded or part.counts.replaced for file in self.files for part in file.parts)

    @property
    def exit_code(self) -> int:
        """2 = a file refused, 3 = a row rejected, 0 = all loaded."""
        if any(file.refused for file in self.files):
            return 2
        return 3 if any(file.counts.rejected for file in self.files) else 0

"""Whether a sheet is a later edition of rows that are there already under other keys, and which row is which.

Rows without numbers have nothing but their content, and a few of one place's rows are equal to another's by chance. So a sheet
is compared with each earlier delivery of its source by itself, on the days and the columns that both have:

* `same`: at least nine tenths of a delivery's rows are in the sheet (or of the sheet's in it), and either neither has many others
  for those days or so many equal rows are no chance. The file has come again, grown, or with a column more or less: equal rows
  are the same rows.
* `rewritten`: so it is when one column is left out (other client numbers, minutes that were hours, a word that means another
  topic by now), or when both have numbers and these are other ones. Asked about, unless it is the very same file; by default the
  rows are the same, so that nothing is doubled.
* `partly`: some rows are equal, and no more can be said. Asked about; by default the rows are another source's, so that none is
  lost.
* `none`: hardly any row is equal. All are new.

Sheets of one import are not asked about: what is not the same again is counted on. Two sheets of one workbook are the same only
when all rows of either are in the other: one of the year, or of all places, beside those of the months or places.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import duckdb
import polars as pl

from data.coverage.deliveries import has_deliveries
from data.ingest.equal_rows import PAIRS, EqualRows, MatchedSide, content_sql
from data.model.records import TABLES
from data.model.schema import Column, columns, field_column
from data.store.reading import columns_there
from data.store.workspace import workspace

SAME, REWRITTEN, PARTLY, NONE = "same", "rewritten", "partly", "none"


@dataclass(frozen=True)
class Rows:
    """The rows of a sheet: `frame` (record and columns), the fields it tells (`given`), its file, the number of its source."""

    table: str
    source: int
    file: str
    digest: str
    frame: pl.DataFrame = field(repr=False)
    given: frozenset[str] = frozenset()

    @property
    def is_numbered(self) -> bool:
        """Whether its rows have numbers of their own."""
        return TABLES[self.table].own_number in self.given


@dataclass(frozen=True)
class Edition:
    """What a sheet is to the rows that are there (`how`, see above).

    pairs: `record` of the sheet and `known`, the same row's there; there: number of the rows it was compared with; column: the
    field left out to find them.
    """

    how: str = NONE
    pairs: pl.DataFrame = field(default_factory=lambda: pl.DataFrame(schema=PAIRS))
    there: int = 0
    column: str = ""


@dataclass(frozen=True)
class _Candidate:
    """An earlier sheet: a delivery of the store (its number), or the rows of one of this import (a negative number)."""

    number: int
    fields: frozenset[str] | None
    """None where they are not known, of a delivery of an earlier version."""
    is_numbered: bool
    digest: str = ""
    rows: Rows | None = None
    must_be_equal: bool = False
    total: int = 0
    """How many rows it has brought."""


def edition_of(
    connection: duckdb.DuckDBPyConnection | None, mine: Rows, earlier: Sequence[Rows], *, renumbered: bool = False
) -> Edition:  # fmt: skip
    """What a sheet is to the rows of its source. connection: the store's; earlier: the sheets of this import, oldest first.

    renumbered: its rows have numbers of other rows, so that numbers tell nothing.
    """
    model = TABLES[mine.table]
    if model.day is None or (model.own_number is None and model.is_told_apart) or mine.frame.is_empty():
        return Edition()
    if connection is not None and "record" not in columns_there(connection, mine.table):
        connection = None
    if connection is None and not earlier:
        return Edition()
    with workspace() as scratch:
        comparison = _Comparison(connection or scratch, mine, earlier, is_stored=connection is not None)
        return comparison.renumbered() if renumbered else comparison.result()


def taken(
    connection: duckdb.DuckDBPyConnection | None, table: str, earlier: Sequence[Rows], records: pl.Series
) -> pl.Series:  # fmt: skip
    """Of record keys, whether a row of the store or of an earlier sheet has them."""
    found = pl.zeros(records.len(), dtype=pl.UInt8, eager=True) > 0
    for rows in earlier:
        if rows.table == table:
            found |= records.is_in(rows.frame["record"].implode())
    if connection is None or not records.len():
        return found
    connection.register("mine", pl.DataFrame({"record": records}))
    try:
        there = connection.sql(f"SELECT record FROM mine SEMI JOIN {table} USING (record)").pl()["record"]
    finally:
        connection.unregister("mine")
    return found | records.is_in(there.implode())


class _Comparison:
    """One sheet beside the candidates of its source."""

    def __init__(
        self, connection: duckdb.DuckDBPyConnection, mine: Rows, earlier: Sequence[Rows], *, is_stored: bool
    ) -> None:
        self.connection = connection
        self.mine = mine
        self.model = TABLES[mine.table]
        self.content = [one for one in columns(self.model) if one.field in self.model.identity]
        self.day = field_column(self.model, self.model.day or "").name
        self.taken = [rows.frame.select("record") for rows in earlier if rows.table == mine.table]
        own = [rows for rows in earlier if rows.table == mine.table and rows.source == mine.source]
        self.candidates = [
            _Candidate(-place, rows.given, rows.is_numbered, rows.digest, rows, rows.file == mine.file)
            for place, rows in enumerate(own, 1)
        ]
        if is_stored:
            self.candidates += self._deliveries()

    def result(self) -> Edition:
        """The verdict on the whole sheet."""
        found = self._edition(self._candidates(numbered=False), SAME)
        if found.how in (NONE, PARTLY) and self.mine.is_numbered:
            # Other numbers are other rows, unless all the rest is equal: then they have been numbered anew.
            renumbered = self._edition(self._candidates(numbered=True), REWRITTEN)
            return renumbered if renumbered.how == REWRITTEN else found
        return found

    def renumbered(self) -> Edition:
        """The verdict on a sheet whose numbers are those of other rows: an edition when nearly all else is equal."""
        return self._edition([one for one in self.candidates if one.is_numbered], REWRITTEN)

    def _candidates(self, *, numbered: bool) -> list[_Candidate]:
        """Those whose keys tell nothing about the sheet's rows: without numbers on either side, or with other ones on both."""
        if not numbered and self.model.is_told_apart:
            return [one for one in self.candidates if one.is_numbered != self.mine.is_numbered]
        if not numbered:
            return [one for one in self.candidates if not (one.is_numbered and self.mine.is_numbered)]
        both = [one for one in self.candidates if one.is_numbered]
        return [one for one in both if self._is_numbered_otherwise(one)]

    def _edition(self, candidates: list[_Candidate], how: str) -> Edition:
        """The verdict on some candidates, compared by all columns both have, then without one of them."""
        common = {one.number: self._common(one) for one in candidates}
        whole = self._compared(candidates, common)
        if whole is None:
            return Edition()
        pairs = whole.pairs(whole.editions)
        if pairs.height and (whole.is_no_chance(pairs) or (how == SAME and whole.is_plain(pairs))):
            return Edition(how, pairs, whole.rows_of(whole.editions))
        if how == REWRITTEN:
            return Edition()
        return self._rewritten(candidates, common) or self._partly(whole)

    def _rewritten(self, candidates: list[_Candidate], common: dict[int, tuple[Column, ...]]) -> Edition | None:
        """The verdict without one column: the rows are those of earlier ones whose value there was another; else None."""
        loose = [one for one in candidates if not one.must_be_equal]
        for left_out in self.content:
            fewer = {number: tuple(one for one in shared if one != left_out) for number, shared in common.items()}
            if left_out.name == self.day or fewer == common:
                continue
            less = self._compared(loose, fewer)
            pairs = less.pairs(less.editions) if less else None
            if less and pairs is not None and pairs.height and less.is_no_chance(pairs):
                digests = {one.digest for one in loose if one.number in less.editions}
                how = SAME if digests == {self.mine.digest} else REWRITTEN
                return Edition(how, pairs, less.rows_of(less.editions), left_out.field)
        return None

    def _partly(self, whole: EqualRows) -> Edition:
        """The verdict where rows of the store are equal, and nothing tells why."""
        if not whole.noticed:
            return Edition()
        return Edition(PARTLY, whole.pairs(whole.noticed), whole.rows_of(whole.noticed))

    def _common(self, candidate: _Candidate) -> tuple[Column, ...]:
        """The columns of the content that both sides have."""
        both = self.mine.given if candidate.fields is None else self.mine.given & candidate.fields
        return tuple(one for one in self.content if one.field in both or one.name == self.day)

    def _compared(self, candidates: Sequence[_Candidate], common: dict[int, tuple[Column, ...]]) -> EqualRows | None:
        """The sheet beside candidates, by the columns each has in common with it; None when none has rows of its days."""
        by_columns: dict[tuple[Column, ...], list[_Candidate]] = {}
        for one in candidates:
            by_columns.setdefault(common[one.number], []).append(one)
        sides = []
        for shared in sorted(by_columns, key=len, reverse=True):
            theirs = self._theirs(by_columns[shared], shared)
            if theirs.height:
                sides.append(MatchedSide(self._hashed("mine", shared), theirs))
        equal = frozenset(one.number for one in candidates if one.must_be_equal)
        totals = {one.number: one.rows.frame.height if one.rows else one.total for one in candidates}
        return EqualRows(tuple(sides), equal, totals) if sides else None

    def _theirs(self, group: Sequence[_Candidate], shared: Sequence[Column]) -> pl.DataFrame:
        """`candidate`, `record`, `day`, `content` and `rest` of the candidates' rows within the sheet's days."""
        first, last = self.mine.frame[self.day].min(), self.mine.frame[self.day].max()
        within = pl.col("day").is_between(first, last)
        found = [
            self._hashed("theirs", shared, one.rows.frame)
            .with_columns(pl.lit(one.number).alias("candidate"))
            .filter(within)
            for one in group
            if one.rows is not None
        ]
        stored = [one.number for one in group if one.rows is None]
        if stored:
            found.append(self._stored(stored, shared))
        return pl.concat(found, how="diagonal_relaxed") if found else pl.DataFrame()

    def _hashed(self, name: str, shared: Sequence[Column], frame: pl.DataFrame | None = None) -> pl.DataFrame:
        rows = self.mine.frame if frame is None else frame
        self.connection.register(name, rows)
        try:
            found: pl.DataFrame = self.connection.sql(
                f'SELECT record, "{self.day}" AS day, {content_sql(shared)} AS content, {content_sql(shared, self.day)} AS rest '
                f"FROM {name}"
            ).pl()
            return found
        finally:
            self.connection.unregister(name)

    def _stored(self, deliveries: Sequence[int], shared: Sequence[Column]) -> pl.DataFrame:
        """The same of deliveries of the store, without the rows that earlier sheets of this import have."""
        number = "delivery" if "delivery" in columns_there(self.connection, self.mine.table) else "0"
        taken = pl.concat(self.taken) if self.taken else self.mine.frame.select("record").clear()
        self.connection.register("taken", taken)
        try:
            found: pl.DataFrame = self.connection.sql(
                f'SELECT {number}::INTEGER AS candidate, record, "{self.day}" AS day, {content_sql(shared)} AS content, '
                f"{content_sql(shared, self.day)} AS rest FROM {self.mine.table} "
                f'WHERE "{self.day}" BETWEEN $first AND $last AND {number} IN ({", ".join(map(str, deliveries))}) '
                "AND record NOT IN (SELECT record FROM taken)",
                params={"first": self.mine.frame[self.day].min(), "last": self.mine.frame[self.day].max()},
            ).pl()
            return found
        finally:
            self.connection.unregister("taken")

    def _deliveries(self) -> list[_Candidate]:
        """The store's deliveries of the source and table, and the rows of before there were any."""
        found = []
        if has_deliveries(self.connection):
            rows = self.connection.execute(
                "SELECT delivery, fields, digest, loaded + replaced FROM delivery WHERE data_table = ? AND source = ? "
                "ORDER BY delivery",
                [self.mine.table, self.mine.source],
            ).fetchall()
            found = [
                _Candidate(
                    int(number), frozenset(fields), self.model.own_number in fields, str(digest), total=int(total)
                )
                for number, fields, digest, total in rows
            ]
        return [*found, _Candidate(0, None, self.mine.is_numbered)] if self.mine.source == 0 else found

    def _is_numbered_otherwise(self, candidate: _Candidate) -> bool:
        """Both have numbers, and most rows of the candidate within the sheet's days have none of the sheet's."""
        if candidate.rows is None:
            theirs = f"(FROM {self.mine.table} WHERE delivery = {candidate.number})"
            if "delivery" not in columns_there(self.connection, self.mine.table):
                return False
        else:
            self.connection.register("theirs", candidate.rows.frame)
            theirs = "theirs"
        self.connection.register("mine", self.mine.frame.select("record", self.day))
        try:
            (rows, direct) = self.connection.execute(
                f"SELECT count(*), count(*) FILTER (record IN (SELECT record FROM mine)) FROM {theirs} "
                f'WHERE "{self.day}" BETWEEN (SELECT min("{self.day}") FROM mine) AND (SELECT max("{self.day}") FROM mine)'
            ).fetchall()[0]
        finally:
            self.connection.unregister("mine")
            self.connection.unregister("theirs")
        return int(rows) > 2 * int(direct)

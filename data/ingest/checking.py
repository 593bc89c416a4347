"""Set-wise checking: each distinct value of a column goes once through its field's pydantic type and is joined back."""

from collections.abc import Collection, Container, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cache, partial
from typing import Any

import polars as pl

from data.codes import code_list
from data.ingest import rejects
from data.ingest.anonymous import ANONYMOUS, without_everybody, without_names, without_placeholders, without_words
from data.ingest.odd_values import PERSONAL_TEXT, OddValue, settled
from data.ingest.people_as_places import PERSON_PLACE, without_people
from data.ingest.personal_scan import ROWS_TOLD
from data.ingest.persons import with_ages
from data.ingest.recognise import ages, sexes
from data.ingest.recognise.asking import UNKNOWN, Asking
from data.ingest.recognise.codes import without_free_text
from data.ingest.recognise.content import is_mark, is_no_mark
from data.ingest.recognise.far_days import rejected_days
from data.ingest.recognise.numbers import CROSSES
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.recognised import ColumnMatch, Recognised
from data.ingest.recognise.values import PLACE_FIELDS, Reading, parse
from data.ingest.recognise.writing import as_written
from data.ingest.row_numbers import without_row_numbers
from data.ingest.several_clients import without_several
from data.model.identifiers import LONGEST_IDENTIFIER, identifiers
from data.model.records import TABLES
from data.model.schema import Column, columns, field_column
from data.model.unknown import unknown_word

_EMPTY = Problem("required_empty")
_YES_NO_MARK = Problem("not_yes_or_no")

_LONGEST = "10y"
"""No period of a client is longer."""


@dataclass(frozen=True)
class ValueCount:
    """A text recognised as a code, in so many rows. `text` is None where a cell lists several codes."""

    field: str
    text: str | None
    code: str
    rows: int


@dataclass(frozen=True)
class Checked:
    """What a sheet gave: good rows by field, the reasons of those that are not good, and INDEX and day of all (`days`)."""

    recognised: Recognised
    frame: pl.DataFrame = field(repr=False)
    """Good rows: `row`, then one column per field, identifiers still as text, but cleaned."""
    rejected: pl.DataFrame = field(repr=False)
    """One line per reason, columns as in `rejects.SCHEMA`."""
    values: tuple[ValueCount, ...]
    odd: tuple[OddValue, ...] = ()
    """Values that were taken for unknown, or for what the steward says they mean."""
    assumed: Mapping[str, pl.Series] = field(default_factory=dict)
    """By field, the `row`s whose cell tells nothing and that have the field's usual code (service: guidance) instead."""
    days: pl.DataFrame = field(default_factory=rejects.none, repr=False)

    @property
    def rows_read(self) -> int:
        """Rows of the sheet, broken ones and totals left out by rule included."""
        sheet = self.recognised.sheet
        left_out = sum(self.recognised.left_out.values())
        return sheet.rows.height + len(sheet.broken) + self.recognised.dropped + left_out


def check(
    recognised: Recognised, places: Mapping[str, str] | None = None, asking: Asking | None = None
) -> Checked:  # fmt: skip
    """Check every row of a sheet. places: names of known service points, for their codes; asking: takes the questions.

    A value that is none of an optional field's never costs the row: it is unknown, or what the steward says.
    """
    rows = recognised.sheet.rows
    model = TABLES[recognised.table]
    checker = _Checker(recognised, places or {}, asking or Asking())
    names = [column.field for column in columns(model)]
    names += [name for name in model.identity if name not in names]
    if model.own_number and recognised.of_field(model.own_number):
        names += [model.own_number]
    frame = pl.DataFrame(
        [rows["row"].alias("row"), *(checker.column(field_column(model, name)) for name in names)]
    ).with_row_index(rejects.INDEX)
    frame = checker.with_ages(checker.without_far_days(frame))
    for earlier, later in model.ordered:
        frame = checker.in_order(frame, earlier, later)
    days, rejected = frame.select(rejects.INDEX, *([model.day] if model.day else [])), checker.rejected()
    if rejected.height:
        frame = frame.join(rejected.select(rejects.INDEX), on=rejects.INDEX, how="anti", maintain_order="left")
    every = pl.concat([rejected, rejects.broken(recognised.sheet.broken)]).sort("row", maintain_order=True)
    return Checked(
        checker.settled(), frame, every, tuple(checker.values),
        tuple(checker.odd), checker.assumed, days,
    )  # fmt: skip


class _Checker:
    """Makes the columns of one sheet and gathers what is wrong with them."""

    def __init__(self, recognised: Recognised, places: Mapping[str, str], asking: Asking) -> None:
        self.recognised = recognised
        self.places = places
        self.asking = asking
        self.index = recognised.sheet.rows.select("row").with_row_index(rejects.INDEX)
        self.found: list[pl.DataFrame] = []
        self.values: list[ValueCount] = []
        self.odd: list[OddValue] = []
        self.readings: dict[str, Reading] = {}
        self.assumed: dict[str, pl.Series] = {}
        self.births: pl.Series | None = None
        """Day of birth by row, where the column of age bands tells that instead. It goes no further than the band."""

    def column(self, column: Column) -> pl.Series:
        """The canonical values of a field for every row; null where there is none or it is wrong."""
        matches = self.recognised.of_field(column.field)
        if not matches:
            return self._constant(column)
        match = matches[0]
        if column.identity:
            model = TABLES[self.recognised.table]
            # Where nothing but the number tells rows apart, every row has one or none has.
            needed = column.required or (column.field == model.own_number and not model.is_told_apart)
            return self._required(self._identifiers(match, column), replace(column, required=needed), match)
        if column.is_list and len(matches) > 1 and not all(match.mark for match in matches):
            return self._joined(matches, column)
        marks = [one for one in matches if one.mark]
        values = self._marks(marks, column) if marks else self._coded(match, column)
        for one in matches if marks and not column.is_list else ():
            if not one.mark:  # beside one column per code what people wrote after "other, which?"
                values = values.fill_null(self._coded(one, column))
        if column.required:
            return self._required(values, column, match)
        if column.default is None:
            return values
        if column.default != unknown_word(column) and not column.is_list and values.null_count():
            self.assumed[column.field] = self.index["row"].filter(values.is_null())
        return values.fill_null(_default(column))

    def settled(self) -> Recognised:
        """The sheet with what has been found out about the writing of its columns."""
        matches = self.recognised.columns
        settled = (replace(match, reading=self.readings.get(match.column, match.reading)) for match in matches)
        return replace(self.recognised, columns=tuple(settled))

    def without_far_days(self, frame: pl.DataFrame) -> pl.DataFrame:
        """Ask about rows whose day is far from all others, and leave out ends that lie far after the beginning."""
        name = TABLES[self.recognised.table].day
        matches = self.recognised.of_field(name) if name else ()
        if name is None or not matches:
            return frame
        if far := rejected_days(frame[name], matches[0].header, self.recognised.table, self.asking):
            is_far = pl.col(name).is_in(far).fill_null(value=False)
            self.reject_rows(frame.filter(is_far)[rejects.INDEX], matches[0].header, name, Problem("far_date"), "date")
            frame = frame.with_columns(pl.when(is_far).then(None).otherwise(pl.col(name)).alias(name))
        if ends := self.recognised.of_field("ended_on"):
            late = (pl.col("ended_on") > pl.col(name).dt.offset_by(_LONGEST)).fill_null(value=False)
            if rows_late := frame.filter(late).height:
                self.odd.append(OddValue("ended_on", ends[0].header, None, "far_end", rows_late, UNKNOWN))
                frame = frame.with_columns(pl.when(late).then(None).otherwise(pl.col("ended_on")).alias("ended_on"))
        return frame

    def with_ages(self, frame: pl.DataFrame) -> pl.DataFrame:
        """The rows with the age bands that days of birth make, counted by band."""
        day = TABLES[self.recognised.table].day
        if self.births is None or day is None:
            return frame
        frame = with_ages(frame, self.births, day)
        bands = frame[ages.AGE_BAND].filter(self.births.is_not_null()).cast(pl.String).value_counts()
        self.values += [
            ValueCount(ages.AGE_BAND, None, band, rows) for band, rows in bands.sort(ages.AGE_BAND).iter_rows()
        ]
        return frame

    def in_order(self, frame: pl.DataFrame, earlier: str, later: str) -> pl.DataFrame:
        """The rows without the dates that go backwards: of the two the one that may be unknown (`records`: one may)."""
        reversed_rows = frame.filter(pl.col(later) < pl.col(earlier))[rejects.INDEX]
        if reversed_rows.is_empty():
            return frame
        fields = TABLES[self.recognised.table].model_fields
        unsure = next(name for name in (later, earlier) if not fields[name].is_required())
        header = self.recognised.of_field(unsure)[0].header
        params = {"earlier": earlier, "later": later}
        self.odd.append(OddValue(unsure, header, None, "dates_reversed", reversed_rows.len(), UNKNOWN, params))
        is_reversed = pl.col(rejects.INDEX).is_in(reversed_rows.implode())
        return frame.with_columns(pl.when(is_reversed).then(None).otherwise(pl.col(unsure)).alias(unsure))

    def rejected(self) -> pl.DataFrame:
        """Every reason found so far."""
        return pl.concat(self.found) if self.found else rejects.none()

    def reject_rows(self, index: pl.Series, header: str, name: str, problem: Problem, kind: str) -> None:
        """Reject rows by their index, all for the same reason."""
        if index.len():
            rows = self.index.filter(pl.col(rejects.INDEX).is_in(index.implode()))
            self.found.append(rejects.of_rows(rows, header, name, problem, kind))

    def _cells(self, match: ColumnMatch) -> pl.Series:
        return self.recognised.sheet.rows[match.column]

    def _constant(self, column: Column) -> pl.Series:
        default = None if column.default is None else _default(column)
        return pl.Series(column.field, [default], dtype=_dtype(column)).new_from_index(0, self.index.height)

    def _identifiers(self, match: ColumnMatch, column: Column) -> pl.Series:
        # As `fields.Identifier`, but by column: identifiers are all different.
        cells = identifiers(self._cells(match))
        too_long = cells.str.len_chars() > LONGEST_IDENTIFIER
        if too_long.any():
            problem = Problem("too_long", {"most": LONGEST_IDENTIFIER})
            self.reject_rows(self.index[rejects.INDEX].filter(too_long), match.header, match.field, problem, "text")
        return (self._somebody(cells, match, column) if column.identity == "client" else cells).alias(match.field)

    def _somebody(self, cells: pl.Series, match: ColumnMatch, column: Column) -> pl.Series:
        """Client identifiers without what stands for nobody, several or everybody, and without names; said in how many rows."""
        cells, nobody = without_placeholders(cells)
        cells, words = without_words(cells)
        nobody += words
        cells, several = without_several(cells, self._cells(match))
        table = self.recognised.table
        cells, named, are_codes = without_names(cells, self._cells(match), match.header, table, self.asking)
        if column.required:
            return cells
        cells, numbering = without_row_numbers(cells, match.header, table, self.asking)
        cells, everybody = without_everybody(cells, match.header, table, self.asking, are_codes=are_codes)
        for reason, rows in (
            ("placeholder", nobody), ("several_clients", several), ("name", named), ("row_numbers", numbering),
            ("same_client", everybody),
        ):  # fmt: skip
            if rows:
                self.odd.append(OddValue(match.field, match.header, None, reason, rows, ANONYMOUS))
        return cells

    def _joined(self, matches: Sequence[ColumnMatch], column: Column) -> pl.Series:
        """Several columns of one list: the codes of all of them, each once."""
        marks = [match for match in matches if match.mark]
        parts = [self._coded(match, column) for match in matches if not match.mark]
        parts += [self._marks(marks, column)] if marks else []
        frame = pl.DataFrame([part.alias(str(place)) for place, part in enumerate(parts)])
        every = pl.concat_list(pl.all().fill_null(pl.lit([], dtype=_dtype(column))))
        listed = frame.select(every.list.unique(maintain_order=True).alias(column.field))[column.field]
        if not column.required:
            return listed
        return self._required(listed.set(listed.list.len() == 0, None), column, matches[0])

    def _coded(self, match: ColumnMatch, column: Column) -> pl.Series:
        codes, unique = distinct_values(self._cells(match))
        texts = unique.to_list()
        counts = dict(codes.drop_nulls().value_counts().iter_rows())
        rows = [counts[place] for place in range(len(texts))]
        reading = as_written(self.recognised.table, column, match, texts, rows, self.asking)
        if column.code_list == sexes.SEX:
            reading = sexes.as_meant(reading, match.header, self.recognised.table, texts, rows, self.asking)
        self.readings[match.column] = reading
        values = parse(self.recognised.table, column.field, texts, replace(reading, places=self.places))
        born: dict[int, date] = {}
        if column.code_list == ages.AGE_BAND:
            born, values = ages.told(values, texts, rows, match.header, self.recognised.table, self.asking)
            self.births = pl.Series([born.get(place) for place in range(len(texts))], dtype=pl.Date).gather(codes)
        # Told apart as odd, if they may be told at all.
        hidden = {place for place, value in enumerate(values) if isinstance(value, Problem)} | set(born)
        if column.field == "service_point":
            told = partial(self._rows_told, codes)
            values = without_people(
                texts, values, rows, told, self.places, match.header, self.recognised.table, self.asking
            )
        hidden |= {place for place, value in enumerate(values) if isinstance(value, Problem)}
        values, odd, personal = settled(self.recognised.table, column, match, texts, values, rows, self.asking)
        if any(one.reason in (PERSON_PLACE, PERSONAL_TEXT) for one in odd):
            at = {"at": self._rows_told(codes, personal)}
            odd = [replace(one, params=at) if one.reason in (PERSON_PLACE, PERSONAL_TEXT) else one for one in odd]
        self.odd += odd
        self._reject_values(codes, texts, values, match)
        if column.code_list or column.field in PLACE_FIELDS:
            self._count(column, rows, texts, values, hidden)
        good = [None if isinstance(value, Problem) else value for value in values]
        # Lists of codes as text first: Polars would make each of them an ENUM of its own.
        as_made = pl.List(pl.String()) if column.is_list else _dtype(column)
        result = pl.Series(column.field, good, dtype=as_made, strict=False).cast(_dtype(column)).gather(codes)
        # In a column of nothing but crosses an empty cell says no, as on the form it was filled in on.
        return result.fill_null(value=False) if only_crosses(column, texts) else result

    def _rows_told(self, codes: pl.Series, places: Collection[int]) -> str:
        """The numbers of the first rows that have one of some texts, by their places."""
        found = self.recognised.sheet.rows["row"].filter(codes.is_in(list(places)).fill_null(value=False))
        return ", ".join(map(str, found.head(ROWS_TOLD))) + (" …" if found.len() > ROWS_TOLD else "")

    @staticmethod
    def _shown(column: Column, text: str) -> str:
        return without_free_text(column.code_list, text) if column.code_list else text

    def _marks(self, matches: Sequence[ColumnMatch], column: Column) -> pl.Series:
        list_name = column.code_list or ""
        marked: list[pl.Expr] = []
        flags: dict[str, pl.Series] = {}
        for match in matches:
            codes, unique = distinct_values(self._cells(match))
            texts = unique.to_list()
            mark = match.mark or ""
            values: list[Any] = [
                True if is_mark(list_name, mark, text) else False if is_no_mark(text) else _YES_NO_MARK
                for text in texts
            ]
            self._reject_values(codes, texts, values, match)
            flag = pl.Series([value is True for value in values], dtype=pl.Boolean).gather(codes).fill_null(value=False)
            self.values.append(ValueCount(column.field, match.header, mark, int(flag.sum())))
            if mark in flags:  # a form has a box and a line for the same answer
                flags[mark] = (flags[mark] | flag).alias(mark)
                continue
            flags[mark] = flag.alias(mark)
            marked.append(pl.when(pl.col(mark)).then(pl.lit(mark, dtype=_inner(column))))
        listed = pl.DataFrame(list(flags.values())).select(pl.concat_list(marked).list.drop_nulls().alias(column.field))
        values_column = listed[column.field]
        if not column.is_list:
            return self._only_one(values_column, matches, column)
        return values_column.set(values_column.list.len() == 0, None) if column.required else values_column

    def _only_one(self, marked: pl.Series, matches: Sequence[ColumnMatch], column: Column) -> pl.Series:
        """The code of each row with one mark; of a row with several nothing is known."""
        if several := int((marked.list.len() > 1).sum()):
            header = ", ".join(match.header for match in matches)
            self.odd.append(OddValue(column.field, header, None, "several_marks", several, UNKNOWN))
        return marked.set(marked.list.len() > 1, None).list.get(0, null_on_oob=True)

    def _required(self, values: pl.Series, column: Column, match: ColumnMatch) -> pl.Series:
        """Reject rows without a value where the field needs one, but those where it has been found wrong already."""
        if column.required and values.null_count():
            wrong = self.rejected().filter(pl.col("field") == column.field)[rejects.INDEX]
            empty = self.index[rejects.INDEX].filter(values.is_null())
            self.reject_rows(empty.filter(~empty.is_in(wrong.implode())), match.header, column.field, _EMPTY, "empty")
        return values

    def _reject_values(self, codes: pl.Series, texts: Sequence[str], values: Sequence[Any], match: ColumnMatch) -> None:
        bad = {code: value for code, value in enumerate(values) if isinstance(value, Problem)}
        if bad:
            self.found.append(rejects.of_values(self.index, codes, bad, texts, match.header, match.field))

    def _count(
        self, column: Column, counts: Sequence[int], texts: Sequence[str], values: Sequence[Any], hidden: Container[int]
    ) -> None:
        """Tell the rows of each text that was read; a `hidden` one, by its place, is not told."""
        read = [(code, value) for code, value in enumerate(values) if value and not isinstance(value, Problem)]
        if not column.is_list:
            self.values += [
                ValueCount(column.field, self._shown(column, texts[code]), value, counts[code])
                for code, value in read
                if code not in hidden
            ]
            return
        by_code: dict[str, int] = {}
        for code, value in read:
            for part in value:
                by_code[part] = by_code.get(part, 0) + counts[code]
        self.values += [ValueCount(column.field, None, part, rows) for part, rows in by_code.items()]


def only_crosses(column: Column, texts: Sequence[str]) -> bool:
    """A yes-or-no column where yes is a cross or a tick and no is never written."""
    return column.type == "BOOLEAN" and bool(texts) and all(text.strip().casefold() in CROSSES for text in texts)


def distinct_values(cells: pl.Series) -> tuple[pl.Series, pl.Series]:
    """The distinct texts of a column, and for each row the place of its text among them (null = empty)."""
    coded = cells.cast(pl.Categorical(pl.Categories.random()))
    places = coded.to_physical()
    last = places.max()
    known = pl.Series("text", range(0 if last is None else int(last) + 1), dtype=pl.UInt32)  # type: ignore[arg-type]
    return places, known.cat.to(coded.dtype).cast(pl.String)


def _default(column: Column) -> Any:
    return list(column.default) if column.is_list else column.default


def _inner(column: Column) -> pl.DataType:
    return _enum(code_list(column.code_list or "").ids)


@cache
def _enum(codes: tuple[str, ...]) -> pl.DataType:
    return pl.Enum(codes)


def _dtype(column: Column) -> pl.DataType:
    if column.identity:
        return pl.String()
    if column.code_list:
        return pl.List(_inner(column)) if column.is_list else _inner(column)
    return {
        "DATE": pl.Date(), "BOOLEAN": pl.Boolean(), "DOUBLE": pl.Float64(), "VARCHAR": pl.String(),
        "UTINYINT": pl.UInt8(), "USMALLINT": pl.UInt16(), "UINTEGER": pl.UInt32(),
    }[column.type]  # fmt: skip

"""From the text of a cell to the canonical value of a field: read by the field's kind, then checked by its pydantic type.

Every function takes the distinct texts of a column, each once, however many rows hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from data.ingest.recognise import ages, codes, dates, hours, numbers
from data.ingest.recognise.date_order import Order
from data.ingest.recognise.problem import Problem
from data.ingest.recognise.signs import Signs
from data.model.records import TABLES
from data.model.schema import Column, field_column

PLACE_FIELDS = frozenset({"service_point", "code"})
"""Fields that hold the code of a service point; a name is made into a code."""

_UNSURE = Problem("unsure_value")


@dataclass(frozen=True)
class Reading:
    """How the texts of a column are read: `unit` from the header or a profile, `overrides` text → value from a profile."""

    unit: str | None = None
    separators: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    """Normalised names of known service points → their codes."""
    signs: Signs | None = None
    """What `.` and `,` mean; None: as the column tells, a sign that may be either taken for the decimal one."""
    order: Order | None = None
    """The order of day and month; None: as the column tells."""
    year_first: bool | None = None
    """Whether `09/12` is December 2009, where the column does not tell."""
    meant: Mapping[str, str] = field(default_factory=dict)
    """Text → what it means, as the column or the steward says."""
    unsure: frozenset[str] = frozenset()
    """Texts of which nobody has said what they mean."""
    remarks: tuple[str, ...] = ()
    """What the column told about the way it is written, as codes of `loading.writing`."""


def parse(table: str, name: str, texts: Sequence[str], reading: Reading | None = None) -> list[Any]:
    """The canonical value of each text, or the Problem with it, in the same order.

    >>> parse("encounter", "minutes", ["0,5", "-2"], Reading(unit="hours"))
    [30, Problem(reason='negative', params={})]
    """
    reading = reading or Reading()
    column = field_column(TABLES[table], name)
    adapter = _adapter(table, name)
    stripped = [text.strip() for text in texts]
    if reading.overrides:
        stripped = [reading.overrides.get(text, text) for text in stripped]
    meant = [reading.meant.get(text, text) for text in stripped] if reading.meant else stripped
    values = [_checked(adapter, value) for value in _read(column, meant, reading, is_official=table == "population")]
    if not reading.unsure:
        return values
    return [_UNSURE if text in reading.unsure else value for text, value in zip(stripped, values, strict=True)]


def _read(column: Column, stripped: Sequence[str], reading: Reading, *, is_official: bool) -> Iterable[Any]:
    """The values of a column. is_official: its words are those of the official classification, which never mean another code."""
    if column.is_list:
        return [codes.many(column.code_list or "", text, reading.separators) for text in stripped]
    if column.code_list == ages.AGE_BAND:
        return [ages.band(text) for text in stripped]
    if column.code_list:
        return [codes.one(column.code_list, text, is_official=is_official) for text in stripped]
    if column.is_month:
        return dates.months(stripped, reading.order, year_first=reading.year_first)
    if column.type == "DATE":
        return dates.days(stripped, reading.order)
    if column.type == "BOOLEAN":
        return [numbers.yes_or_no(text) for text in stripped]
    if column.field == "hour":
        return hours.hours(stripped)
    if column.type == "DOUBLE":
        known = reading.signs or numbers.signs_of(stripped, column.field)
        return [numbers.amount(text, column.field, reading.unit, known) for text in stripped]
    if is_whole(column):
        known = reading.signs or numbers.signs_of(stripped, column.field)
        return [numbers.whole(text, column.field, reading.unit, known) for text in stripped]
    if column.field in PLACE_FIELDS:
        return [codes.place(text, reading.places) for text in stripped]
    return stripped


def is_whole(column: Column) -> bool:
    """A field of whole numbers."""
    return column.type.endswith(("TINYINT", "SMALLINT", "INTEGER"))


def is_allowed(table: str, name: str, value: float) -> bool:
    """Whether a number, rounded where the field is of whole ones, is a value of the field."""
    column = field_column(TABLES[table], name)
    return not isinstance(_checked(_adapter(table, name), round(value) if is_whole(column) else value), Problem)


@cache
def _adapter(table: str, name: str) -> TypeAdapter[Any]:
    return TypeAdapter(TABLES[table].model_fields[name].rebuild_annotation())


def _checked(adapter: TypeAdapter[Any], value: Any) -> Any:
    if isinstance(value, Problem):
        return value
    try:
        return adapter.validate_python(value)
    except ValidationError as error:
        return _problem(error.errors(include_url=False, include_input=True)[0])


def _problem(error: ErrorDetails) -> Problem:
    """The reason code of a pydantic error; its input decides and is left behind."""
    context = {key: value for key, value in error.get("ctx", {}).items() if isinstance(value, str | int | float)}
    kind = error["type"]
    if kind in ("greater_than_equal", "less_than_equal"):
        if kind == "greater_than_equal" and context.get("ge") == 0:
            return Problem("negative")
        if kind == "greater_than_equal":
            return Problem("too_small", {"least": context["ge"]})
        return Problem("too_large_value", {"most": context["le"]})
    if kind == "string_too_long":
        return Problem("too_long", {"most": context["max_length"]})
    if kind in ("string_pattern_mismatch", "string_too_short", "too_short"):
        return Problem("bad_form")
    return Problem(kind, context)

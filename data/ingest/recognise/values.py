"""From the text of a cell to the canonical value of a field: read by the field's kind, then checked by its pydantic type.

Every function takes the distinct texts of a column, each once, however many rows hold it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from typing import Any

from pydantic import TypeAdapter, ValidationError
from pydantic_core import ErrorDetails

from data.ingest.recognise import codes, dates, numbers
from data.ingest.recognise.problem import Problem
from data.model.records import TABLES
from data.model.schema import Column, field_column

PLACE_FIELDS = frozenset({"service_point", "code"})
"""Fields that hold the code of a service point; a name is made into a code."""


@dataclass(frozen=True)
class Reading:
    """How the texts of a column are read: `unit` from the header or a profile, `overrides` text → value from a profile."""

    unit: str | None = None
    separators: str | None = None
    overrides: Mapping[str, str] = field(default_factory=dict)
    places: Mapping[str, str] = field(default_factory=dict)
    """Normalised names of known service points → their codes."""


def parse(table: str, name: str, texts: Sequence[str], reading: Reading | None = None) -> list[Any]:
    """The canonical value of each text, or the Problem with it, in the same order.

    >>> parse("encounter", "minutes", ["0,5", "-2"], Reading(unit="hours"))
    [30, Problem(reason='negative', params={})]
    """
    reading = reading or Reading()
    column = field_column(TABLES[table], name)
    adapter = _adapter(table, name)
    return [_checked(adapter, value) for value in _read(column, texts, reading)]


def _read(column: Column, texts: Sequence[str], reading: Reading) -> Iterable[Any]:
    stripped = [text.strip() for text in texts]
    if reading.overrides:
        stripped = [reading.overrides.get(text, text) for text in stripped]
    if column.is_list:
        return [codes.many(column.code_list or "", text, reading.separators) for text in stripped]
    if column.code_list == codes.AGE_BAND:
        return [codes.age_band(text) for text in stripped]
    if column.code_list:
        return [codes.one(column.code_list, text) for text in stripped]
    if column.is_month:
        return [dates.month(text) for text in stripped]
    if column.type == "DATE":
        return dates.days(stripped)
    if column.type == "BOOLEAN":
        return [numbers.yes_or_no(text) for text in stripped]
    if column.field == "hour":
        return [dates.hour(text) for text in stripped]
    if column.type == "DOUBLE":
        return [numbers.amount(text, column.field, reading.unit) for text in stripped]
    if column.type.endswith(("TINYINT", "SMALLINT", "INTEGER")):
        return [numbers.whole(text, column.field, reading.unit) for text in stripped]
    if column.field in PLACE_FIELDS:
        return [codes.place(text, reading.places) for text in stripped]
    return stripped


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

"""Field types the record models are made of: each says at once how a value is checked and how it is stored."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Annotated, Any

from annotated_types import Ge, Le
from pydantic import AfterValidator, GetCoreSchemaHandler, StringConstraints
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from data import clock
from data.codes import code_list
from data.model.identifiers import LONGEST_IDENTIFIER, identifier, plain

FIRST_DAY = date(1950, 1, 1)
"""Earlier dates are typing errors in every table we know of."""

LAST_DAY = date(2100, 12, 31)
"""Later dates are typing errors."""


@dataclass(frozen=True)
class CodeOf:
    """Metadata of a coded field: the value is an id of the named code list."""

    list_name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        ids = frozenset(code_list(self.list_name).ids)

        def known(value: str) -> str:
            if value not in ids:
                raise PydanticCustomError("unknown_code", "not a code of the list {list}", {"list": self.list_name})
            return value

        return core_schema.no_info_after_validator_function(known, handler(source))


@dataclass(frozen=True)
class Identity:
    """Metadata of an identifier: never stored as such; `kind` separates the hashes of different things."""

    kind: str


@dataclass(frozen=True)
class Month:
    """Metadata of a year-month, stored as the first day of the month."""


def _not_after_today(value: date) -> date:
    if value > clock.today():
        raise PydanticCustomError("date_in_future", "the date is in the future")
    return value


def _not_before_first_day(value: date) -> date:
    if value < FIRST_DAY:
        raise PydanticCustomError("date_too_early", "the date is before {first}", {"first": FIRST_DAY.isoformat()})
    return value


def _not_after_last_day(value: date) -> date:
    if value > LAST_DAY:
        raise PydanticCustomError("date_too_late", "the date is after {last}", {"last": LAST_DAY.isoformat()})
    return value


def _first_of_month(value: date) -> date:
    return value.replace(day=1)


def _distinct(values: Sequence[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(values))


Day = Annotated[date, AfterValidator(_not_before_first_day), AfterValidator(_not_after_last_day)]
"""A calendar day in Finland; may lie in the future (an end that has been agreed)."""

PastDay = Annotated[date, AfterValidator(_not_before_first_day), AfterValidator(_not_after_today)]
"""A calendar day that has been."""

PastMonth = Annotated[
    date,
    Month(),
    AfterValidator(_not_before_first_day),
    AfterValidator(_not_after_today),
    AfterValidator(_first_of_month),
]

Identifier = Annotated[str, AfterValidator(identifier), StringConstraints(min_length=1, max_length=LONGEST_IDENTIFIER)]
ClientId = Annotated[Identifier, Identity("client")]
EncounterId = Annotated[Identifier, Identity("encounter")]
ReferralId = Annotated[Identifier, Identity("referral")]
EnrolmentId = Annotated[Identifier, Identity("enrolment")]

PlaceCode = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9_-]{0,39}$")]
"""Code of a service point: small letters, digits, `_` and `-`."""

FORMULA_SIGNS = ("=", "+", "-", "@")
"""What a spreadsheet takes for the beginning of a formula."""

Name = Annotated[str, AfterValidator(plain), StringConstraints(min_length=1, max_length=80, pattern=r"^[^=+\-@]")]
"""Name of a service point: one line of characters that print, and no formula."""
Occupation = Annotated[str, StringConstraints(pattern=r"^[0-9]{1,4}$")]
Hour = Annotated[int, Ge(0), Le(23)]
Minutes = Annotated[int, Ge(0), Le(24 * 60)]
Score = Annotated[int, Ge(1), Le(5)]
Months = Annotated[int, Ge(0), Le(600)]
Year = Annotated[int, Ge(1990), Le(2100)]
Residents = Annotated[int, Ge(0), Le(10_000_000)]
Amount = Annotated[float, Ge(0)]

Municipality = Annotated[str, CodeOf("municipality")]
Language = Annotated[str, CodeOf("language")]
Service = Annotated[str, CodeOf("service")]
Topic = Annotated[str, CodeOf("topic")]
Services = Annotated[tuple[Service, ...], AfterValidator(_distinct)]
Languages = Annotated[tuple[Language, ...], AfterValidator(_distinct)]
Topics = Annotated[tuple[Topic, ...], AfterValidator(_distinct)]

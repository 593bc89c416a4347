"""The record models: the one definition of every table, from which checking and the store's schema both come.

A field without a default must have a column in the file and a value on every row. A coded field whose default is the
unknown code of its list may be missing: unknown is then said, never guessed. `own_number` names the field that alone tells two
rows of a source apart, `identity` the fields that do so where there is no such number (a row with the same identity replaces the
earlier one), `ordered` the pairs of dates that must not go backwards.

Where a row replaces an earlier one, unknown never replaces known, in any field: neither a blank end of an enrolment nor a blank
client number takes back what was said (see `data.ingest.merged_values`).
"""

from typing import Annotated, ClassVar, Self

from annotated_types import MinLen
from pydantic import BaseModel, ConfigDict, model_validator
from pydantic_core import PydanticCustomError

from data.codes import UNKNOWN_POINT, unknown_code
from data.model import fields as f
from data.model.fields import CodeOf


class Record(BaseModel):
    """One row of a table."""

    model_config = ConfigDict(frozen=True, extra="forbid", defer_build=True)

    table: ClassVar[str]
    own_number: ClassVar[str | None] = None
    identity: ClassVar[tuple[str, ...]]
    is_told_apart: ClassVar[bool] = True
    """Two rows of a source with equal `identity` are one row; False: they are two, and their order tells them apart."""
    ordered: ClassVar[tuple[tuple[str, str], ...]] = ()
    day: ClassVar[str | None] = None
    """The field that places a row in a period."""

    @model_validator(mode="after")
    def _dates_in_order(self) -> Self:
        for earlier, later in self.ordered:
            first, second = getattr(self, earlier), getattr(self, later)
            if first is not None and second is not None and second < first:
                raise PydanticCustomError(
                    "dates_reversed", "{later} is before {earlier}", {"earlier": earlier, "later": later}
                )
        return self


class Encounter(Record):
    """One contact of a client, or of an anonymous visitor, with a service."""

    table = "encounter"
    day = "occurred_on"
    own_number = "encounter_id"
    identity = (
        "occurred_on", "hour", "client_id", "municipality", "language", "service_point", "channel", "topics", "minutes",
    )  # fmt: skip
    is_told_apart = False
    ordered = (("requested_on", "occurred_on"),)

    encounter_id: f.EncounterId | None = None
    """Identifier in the source system; a file has a column of them or none."""
    service: Annotated[str, CodeOf("guidance_service")] = "guidance"
    """Guidance or competence centre."""
    service_point: f.PlaceCode = UNKNOWN_POINT
    """Where the client was met."""
    occurred_on: f.PastDay
    """Day of the contact."""
    hour: f.Hour | None = None
    """Hour the contact began, 0–23."""
    client_id: f.ClientId | None = None
    """Client number or personal identity code; empty = anonymous visitor."""
    municipality: f.Municipality = unknown_code("municipality")
    """Municipality of residence."""
    language: f.Language = unknown_code("language")
    """Mother tongue."""
    served_in: f.Language = unknown_code("language")
    """Language used in the contact."""
    language_support: Annotated[str, CodeOf("language_support")] = unknown_code("language_support")
    """How the client and the adviser understood each other."""
    channel: Annotated[str, CodeOf("channel")] = unknown_code("channel")
    """Walk-in, appointment, phone, …"""
    topics: Annotated[f.Topics, MinLen(1)]
    """What it was about, one or more."""
    minutes: f.Minutes | None = None
    """Length, minutes."""
    resolution: Annotated[str, CodeOf("resolution")] = unknown_code("resolution")
    """How it ended."""
    requested_on: f.PastDay | None = None
    """Day the appointment was asked for; occurred_on − requested_on is the wait."""
    partners: f.Services = ()
    """Other organisations present."""
    found_via: Annotated[str, CodeOf("found_via")] = unknown_code("found_via")
    """How the client found the service."""
    arrived_on: f.PastMonth | None = None
    """Month of arrival in Finland."""
    understood: bool | None = None
    """Did the client understand the guidance."""
    satisfaction: f.Score | None = None
    """1 (poor) – 5 (very good)."""
    sex: Annotated[str, CodeOf("sex")] = unknown_code("sex")
    """Legal sex, from a column or a personal identity code."""
    age_band: Annotated[str, CodeOf("age_band")] = unknown_code("age_band")
    """Age on the day, in bands, from a column or a personal identity code; the day of birth is never kept."""


class Referral(Record):
    """One person sent from one service to another."""

    table = "referral"
    day = "referred_on"
    own_number = "referral_id"
    identity = ("client_id", "encounter_id", "from_service", "to_service", "topic", "referred_on")
    is_told_apart = False
    ordered = (("referred_on", "started_on"), ("referred_on", "status_on"))

    referral_id: f.ReferralId | None = None
    """Identifier in the source system; a file has a column of them or none."""
    encounter_id: f.EncounterId | None = None
    """The encounter that led to the referral."""
    client_id: f.ClientId | None = None
    """As in encounter; empty = anonymous visitor."""
    from_service: f.Service = "guidance"
    """Who sent."""
    to_service: f.Service
    """Where to."""
    topic: f.Topic = "other"
    """What about."""
    referred_on: f.PastDay
    """Day of the referral."""
    manner: Annotated[str, CodeOf("referral_manner")] = unknown_code("referral_manner")
    """Handed over in person, booked, or told about."""
    status: Annotated[str, CodeOf("referral_status")] = unknown_code("referral_status")
    """How far it has got, see the code list."""
    status_on: f.PastDay | None = None
    """Day the status became known."""
    started_on: f.PastDay | None = None
    """Day the receiving service started."""


class Enrolment(Record):
    """One client's period in a competence centre."""

    table = "enrolment"
    day = "started_on"
    own_number = "enrolment_id"
    identity = ("client_id", "centre", "started_on")
    ordered = (("started_on", "ended_on"), ("started_on", "followed_until"))

    enrolment_id: f.EnrolmentId | None = None
    """Identifier in the source system, when it has one."""
    client_id: f.ClientId
    """As in encounter."""
    centre: f.Municipality
    """Municipality of the centre."""
    source: f.Service = unknown_code("service")
    """The service that sent the client, or `self`."""
    started_on: f.PastDay
    """First day."""
    ended_on: f.Day | None = None
    """Last day; empty = still enrolled."""
    end_reason: Annotated[str, CodeOf("end_reason")] | None = None
    """Why it ended."""
    followed_until: f.PastDay | None = None
    """Day until which outcomes are known: the client is censored there."""
    education_level: Annotated[str, CodeOf("education_level")] = unknown_code("education_level")
    """ISCED 2011."""
    language_level_start: Annotated[str, CodeOf("language_level")] = unknown_code("language_level")
    """CEFR level at the start."""
    language_level_end: Annotated[str, CodeOf("language_level")] = unknown_code("language_level")
    """CEFR level at the end."""
    months_unemployed: f.Months | None = None
    """Months of unemployment before the start."""
    municipality: f.Municipality = unknown_code("municipality")
    """Municipality of residence."""
    language: f.Language = unknown_code("language")
    """Mother tongue."""
    arrived_on: f.PastMonth | None = None
    """Month of arrival in Finland."""
    sex: Annotated[str, CodeOf("sex")] = unknown_code("sex")
    """Legal sex, from a column or a personal identity code."""
    age_band: Annotated[str, CodeOf("age_band")] = unknown_code("age_band")
    """Age on the day, in bands, from a column or a personal identity code; the day of birth is never kept."""


class Recognition(Record):
    """One recognition of competence."""

    table = "recognition"
    day = "recognised_on"
    identity = ("client_id", "recognised_on", "method")

    client_id: f.ClientId
    """As in encounter."""
    recognised_on: f.PastDay
    """Day of the recognition."""
    method: Annotated[str, CodeOf("recognition_method")]
    """By evidence (demonstration, work trial, test) or by paper."""
    occupation: f.Occupation | None = None
    """ISCO-08, 1–4 digits."""
    partner: Annotated[str, CodeOf("recognition_partner")] = unknown_code("recognition_partner")
    """With whom."""


class Training(Record):
    """One training period."""

    table = "training"
    day = "started_on"
    identity = ("client_id", "kind", "started_on")
    ordered = (("started_on", "ended_on"),)

    client_id: f.ClientId
    """As in encounter."""
    kind: Annotated[str, CodeOf("training_kind")]
    """What training."""
    provider: f.Service = unknown_code("service")
    """Who gave it."""
    started_on: f.PastDay
    """First day."""
    ended_on: f.Day | None = None
    """Last day; empty = goes on."""
    completed: bool | None = None
    """Was it completed."""
    tailored: bool | None = None
    """Was it tailored to the client."""
    beside_work: bool | None = None
    """Was it done beside work."""


class Outcome(Record):
    """One start in work or study."""

    table = "outcome"
    day = "started_on"
    identity = ("client_id", "kind", "started_on")
    ordered = (("started_on", "ended_on"),)

    client_id: f.ClientId
    """As in encounter."""
    kind: Annotated[str, CodeOf("outcome_kind")]
    """Open or subsidised employment, own business, apprenticeship, study for a degree."""
    started_on: f.PastDay
    """First day."""
    ended_on: f.Day | None = None
    """Last day; empty = goes on."""
    matches_competence: bool | None = None
    """Does it match the client's competence."""


class ServicePoint(Record):
    """One place where people are met."""

    table = "service_point"
    identity = ("code",)
    ordered = (("opened_on", "closed_on"),)

    code: f.PlaceCode
    """Code used in encounters."""
    name_fi: f.Name
    """Name in Finnish."""
    name_sv: f.Name | None = None
    """Name in Swedish; empty = as in Finnish."""
    name_en: f.Name | None = None
    """Name in English; empty = as in Finnish."""
    municipality: f.Municipality = unknown_code("municipality")
    """Where it stands."""
    kind: Annotated[str, CodeOf("service_point_kind")] = unknown_code("service_point_kind")
    """One-stop point, stand-alone, library, pop-up, remote."""
    opened_on: f.Day | None = None
    """First day open."""
    closed_on: f.Day | None = None
    """Last day open."""


class Staff(Record):
    """One month of one service point."""

    table = "staff"
    day = "month"
    identity = ("service_point", "month")

    service_point: f.PlaceCode
    """Code of the service point."""
    month: f.PastMonth
    """Calendar month."""
    person_years: f.Amount
    """Person-years worked in the month, as a yearly rate."""
    languages: f.Languages = ()
    """Languages the staff serve in."""
    training_days: f.Amount | None = None
    """Days of staff training in the month."""


class Cost(Record):
    """One year of one municipality and service."""

    table = "cost"
    identity = ("municipality", "service", "year")

    municipality: f.Municipality
    """Who paid."""
    service: Annotated[str, CodeOf("guidance_service")]
    """Guidance or competence centre."""
    year: f.Year
    """Calendar year."""
    euros: f.Amount
    """Net cost, euros."""


class Population(Record):
    """Residents by language at the end of a year (Statistics Finland)."""

    table = "population"
    identity = ("municipality", "language", "year")

    municipality: f.Municipality
    """Municipality of residence."""
    language: f.Language
    """Mother tongue."""
    year: f.Year
    """31 December of this year."""
    residents: f.Residents | None = None
    """Persons; empty = suppressed by the source, which is not zero."""


TABLES: dict[str, type[Record]] = {
    model.table: model
    for model in (
        Encounter, Referral, Enrolment, Recognition, Training, Outcome, ServicePoint, Staff, Cost, Population,
    )
}  # fmt: skip
"""Every table by name, in the order they are loaded."""

"""What a package says of itself: whose figures of which people and when, by which definitions and limits."""

from __future__ import annotations

import hashlib
import json
from datetime import UTC, date, datetime
from typing import Annotated, Literal

from pydantic import AfterValidator, AwareDatetime, Field, ValidationError, model_validator

from data.coverage.deliveries import month_end
from data.coverage.extent import Extent
from data.store.generation import Generation
from data.store.keys import Keys
from metrics import gate
from metrics.grammar.period import Each, Period, is_period
from metrics.grammar.question import MOST_DIMENSIONS, QuestionError, closed_period
from metrics.model.definition import Definition
from metrics.model.dimensions import has_code
from metrics.model.facts.fact import base_of
from metrics.model.kinds import Strict
from metrics.packages.signing import is_name

FORMAT = 3
"""Changes when a package of this version cannot be read by an earlier program."""
LICENCE = "CC-BY-4.0"
MOST_PERIODS = 50
_YEARS = (1990, 2100)
_UNTOLD = datetime.min.replace(tzinfo=UTC)
_DIGEST = "^[0-9a-f]{16}$"
Word = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,60}$")]


def _checked_name(text: str) -> str:
    if not is_name(text):
        raise ValueError("no name")
    return text


def _checked_period(text: str) -> str:
    if not is_period(text):
        raise ValueError("no period")
    period = Period.parse(text)
    if period.last_day is not None and not _YEARS[0] <= period.last_day.year <= _YEARS[1]:
        raise ValueError("no period of ours")
    return text


Name = Annotated[str, AfterValidator(_checked_name)]
Day = Annotated[date, Field(ge=date(_YEARS[0], 1, 1), le=date(_YEARS[1], 12, 31))]
"""Pages list the months between days, and must not list thousands of years."""
Month = Annotated[str, Field(pattern=r"^(199\d|20\d\d)-(0[1-9]|1[0-2])$")]
PeriodText = Annotated[str, AfterValidator(_checked_period)]


class PackedPeople(Strict):
    """Whose figures they are. area: a dimension and a code, empty for everybody; municipalities: where these people live."""

    dimension: str = ""
    code: str = Field(default="", max_length=20)
    municipalities: tuple[Annotated[str, Field(pattern=r"^\d{3}$")], ...] = Field(max_length=400)

    @model_validator(mode="after")
    def _known(self) -> PackedPeople:
        if bool(self.dimension) != bool(self.code):
            raise ValueError("half an area")
        if self.dimension and base_of(self.dimension) != "municipality":
            raise ValueError("no area")
        if self.dimension and not has_code(None, self.dimension, self.code, ()):
            raise ValueError("no area")
        return self


class PackedQuestion(Strict):
    """A question that the package answers. each: a row for each such period within the package's periods."""

    metrics: tuple[Word, ...] = Field(min_length=1, max_length=500)
    by: tuple[Word, ...] = Field(default=(), max_length=MOST_DIMENSIONS)
    each: Each | None = None


class PackedGap(Strict):
    """What the publisher's files lack of the package's periods, as visitors are told (`metrics.measures.gaps`).

    divided: the metric that is divided by amounts of the table, empty where its rows are meant; ways: sets of fields of which
    one is enough, none where rows of the table lack; fields: the ones that lack; municipality:
    whose files lack it, empty: those of no single one; months: of which they tell nothing; partly: of which they tell in part.
    """

    table: Word
    divided: Word | Literal[""] = ""
    ways: tuple[tuple[Word, ...], ...] = Field(default=(), max_length=50)
    fields: tuple[Word, ...] = Field(default=(), max_length=50)
    municipality: Annotated[str, Field(pattern=r"^(\d{3})?$")] = ""
    months: tuple[Month, ...] = Field(default=(), max_length=2_000)
    partly: tuple[Month, ...] = Field(default=(), max_length=2_000)

    @model_validator(mode="after")
    def _of_its_ways(self) -> PackedGap:
        known = {name for way in self.ways[:1] for name in way}
        if bool(self.ways) != bool(self.fields) or not known.issuperset(self.fields):
            raise ValueError("other fields")
        return self


class DefinitionMark(Strict):
    """Tells whether another program counts a metric in the same way."""

    version: int = Field(ge=0, le=1_000_000)
    digest: Annotated[str, Field(pattern=_DIGEST)]


class PackageManifest(Strict):
    """publisher: a name; release, made: number and day of the release; changed: when it was made, or
    last lost the rows of somebody (None: not told by an earlier program); first_day, until: the days that the figures may be of;
    data_until: last day by table; gate: the limits of disclosure control; noise: fingerprint of the noise key; example: made-up
    figures of the sample municipality; lacking: None in a package of an earlier program, of which it is not known.
    """

    format: int
    program: Name
    publisher: Name
    population: PackedPeople
    periods: tuple[PeriodText, ...] = Field(min_length=1, max_length=MOST_PERIODS)
    release: int = Field(ge=1, le=1_000_000)
    made: Day
    changed: AwareDatetime | None = None
    first_day: Day | None
    until: Day
    data_until: dict[Word, Day] = Field(max_length=100)
    definitions: dict[Word, DefinitionMark] = Field(max_length=1000)
    gate: dict[Word, float] = Field(max_length=100)
    noise: Annotated[str, Field(pattern=_DIGEST)]
    licence: Name = LICENCE
    example: bool = False
    answers: tuple[PackedQuestion, ...] = Field(max_length=20_000)
    lacking: tuple[PackedGap, ...] | None = Field(default=None, max_length=10_000)

    def text(self) -> bytes:
        """Return it as it stands in a package; the same manifest gives the same bytes."""
        return (json.dumps(self.model_dump(mode="json"), ensure_ascii=False, indent=1) + "\n").encode()

    def is_older(self, other: PackageManifest) -> bool:
        """Return whether another package is of a later release, or of the same one as it has been since."""
        return (self.release, self.made, self.changed or _UNTOLD) < (
            other.release,
            other.made,
            other.changed or _UNTOLD,
        )

    def overlaps(self, other: PackageManifest) -> bool:
        """Return whether two packages tell of some of the same people and days."""
        people = set(self.population.municipalities) & set(other.population.municipalities)
        return bool(people) and any(_meet(one, two) for one in self.periods for two in other.periods)


def check_closed(text: str, closed_until: date) -> None:
    """Raises QuestionError: `unknown_period`, also of years that figures are not of, `period_open`."""
    closed_period(text, closed_until)
    try:
        _checked_period(text)
    except ValueError:
        raise QuestionError("unknown_period", period=text) from None


class NewerPackageError(ValueError):
    """A package of a later version of the program."""


def read(text: bytes) -> PackageManifest:
    """Return the manifest of its text. Raises NewerPackageError, and ValueError for anything else that is none."""
    try:
        found = json.loads(text)
        if isinstance(found, dict) and isinstance(found.get("format"), int) and found["format"] > FORMAT:
            raise NewerPackageError
        return PackageManifest.model_validate_json(text)
    except (ValidationError, RecursionError) as error:
        raise ValueError("no manifest") from error


def limits() -> dict[str, float]:
    """Return the limits of the gate by name, as far as a published value depends on them."""
    names = (
        *("BASE", "SHOWN_FROM", "TOGETHER_FROM", "ANONYMOUS_BASE", "SHARE_FROM", "QUANTILE_FROM", "CURVE_FROM"),
        *("AT_RISK_FROM", "AT_RISK_BASE", "STAFF_FROM", "KNOWN_FROM", "SHARE_LOW", "SHARE_HIGH"),
    )
    return {name.lower(): getattr(gate, name) for name in names}


def mark_of(definition: Definition) -> DefinitionMark:
    """Return the version of a definition with a digest of what it counts; its texts may differ."""
    counted = definition.model_dump(mode="json", include={"id", "version", "fact", "measure", "part_of", "requires"})
    return DefinitionMark(version=definition.version, digest=_digest(json.dumps(counted, sort_keys=True).encode()))


def noise_mark(keys: Keys) -> str:
    """Return what tells one noise key from another, and nothing about it."""
    return _digest(b"noise fingerprint\0" + keys.noise)


def days_by_table(generation: Generation, told: Extent) -> dict[str, date]:
    """Return to the end of which month the files of each table reach, at most the last closed day: visitors know of no later.

    told: how far they reach as visitors may know it. The last row may be that of one person, such as who was the last to find
    work: neither its day nor its month is told of few.
    """
    closed = generation.closed_until
    found: dict[str, date] = {}
    for table in sorted(generation.data_until):
        days = [month_end(one.last_day) for one in told.deliveries.get(table, ()) if one.last_day is not None]
        found[table] = closed if table in told.unknown else min(max(days, default=closed), closed)
    return found


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()[:16]


def _meet(one: str, two: str) -> bool:
    a, b = Period.parse(one), Period.parse(two)
    if a.first_day is None or a.last_day is None or b.first_day is None or b.last_day is None:
        return True
    return a.first_day <= b.last_day and b.first_day <= a.last_day

"""Metric definitions: TOML files with measure, reason, and texts in three languages, validated on reading."""

import hashlib
import re
import tomllib
from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from pathlib import Path
from typing import Annotated, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, Field, StringConstraints, ValidationError, model_validator

from metrics.gate import limits
from metrics.model.condition import ConditionError, columns_of
from metrics.model.facts import FACTS
from metrics.model.facts.fact import Fact
from metrics.model.kinds import (
    Count,
    Mean,
    Measure,
    Part,
    Quantile,
    Rate,
    Ratio,
    Share,
    ShareAt,
    ShareOf,
    Spread,
    Strict,
    TimeToEvent,
)
from metrics.model.one_by_one import ReadOneByOne

FOLDER = Path(__file__).parents[1] / "definitions"
REGISTRY = "registry.toml"
"""The file of a folder of definitions that tells of the folder, and is none."""
SOURCES = ("T1", "T2", "T3", "T4", "T5", "O1", "O2", "O3", "O4", "O5", "O6", "K1", "K2", "K3")
"""The national characteristics (T) and recommendations for guidance (O) and competence centres (K)."""

PAGES = ("demand", "reach", "flows", "centre", "outcomes", "quality")
"""The pages that metrics stand on, by their ids. Metrics know no more of a page than its name."""

MOST = 1e9
"""No value in any unit is greater."""

OF_ANY_LENGTH = frozenset({"%", "days", "minutes", "points"})
"""Units of values that do not grow with the period's length, so that a target for a year applies to its months too."""


_PLACE = re.compile(r"\{([a-z_]+)\}")


def _with_limits(text: str) -> str:
    """Return a text with the gate's thresholds in place of their names, such as `{compared_from}`, and of nothing else."""
    known, rest = limits(), _PLACE.sub("", text)
    unknown = [name for name in _PLACE.findall(text) if name not in known]
    if unknown or "{" in rest or "}" in rest:
        raise ValueError(f"no threshold of that name: {', '.join(unknown) or rest[:20]!r}")
    return _PLACE.sub(lambda found: str(known[found[1]]), text)


Text = Annotated[
    str, StringConstraints(strip_whitespace=True, min_length=2, max_length=1_000), AfterValidator(_with_limits)
]


def _is_day(text: str) -> str:
    date.fromisoformat(text)
    return text


Day = Annotated[str, StringConstraints(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}$"), AfterValidator(_is_day)]
Named = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]


class TranslatedText(Strict):
    """A text in Finnish, Swedish and English."""

    fi: Text
    sv: Text
    en: Text

    def __getitem__(self, lang: str) -> str:
        return {"fi": self.fi, "sv": self.sv, "en": self.en}[lang]


class ChangeLogEntry(Strict):
    """One line of a definition's change log."""

    version: int = Field(ge=1, le=100_000)
    date: Day
    what: TranslatedText


class Origin(Strict):
    """The set of definitions that one comes from: whose, which version of it, and who has written what names no authors."""

    name: Named
    version: Named
    authors: tuple[Named, ...] = ()


class Definition(Strict):
    """One metric: its fact and measure, dimensions, direction of good, sources, texts and change log."""

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]{0,59}$")]
    version: int = Field(ge=1, le=100_000)
    group: Literal["demand", "language", "reach", "flows", "outcomes", "quality"]
    fact: str
    good: Literal["high", "low", "none"]
    sources: tuple[Literal[SOURCES], ...] = Field(min_length=1)  # type: ignore[valid-type]
    page: Literal[PAGES]  # type: ignore[valid-type]
    """The page that shows it; without a figure of its own there, it stands in the page's table of further metrics."""
    dimensions: tuple[str, ...] = ()
    """Dimensions it can be broken down by; empty for all of its fact."""
    requires: tuple[str, ...] = ()
    """Dimensions that every question about it must have."""
    part_of: str = ""
    """The metric that counts all this one counts, and more, of the same people: no published value of this one is above its."""
    measure: Measure
    name: TranslatedText
    text: TranslatedText
    why: TranslatedText
    changes: tuple[ChangeLogEntry, ...] = Field(min_length=1, max_length=200)
    authors: tuple[Named, ...] = Field((), max_length=20)
    """Who has written it: organisations or offices. Empty for the program's own."""
    reviewer: Named | None = None
    reviewed: Day | None = None
    """The day of the review of this version."""

    @property
    def kind(self) -> str:
        """Kind of measure: count, share, share_at, share_of, index, rate, mean, spread, quantile or time_to_event."""
        return self.measure.kind

    @property
    def of_fact(self) -> Fact:
        """The fact that it counts."""
        return FACTS[self.fact]

    @property
    def allowed(self) -> tuple[str, ...]:
        """All dimensions that questions about it may have."""
        return self.dimensions or tuple(self.of_fact.dimensions)

    @property
    def unit(self) -> str:
        """Unit of its value: clients, the fact's events, %, days, minutes, hours, points, sources, or that of a ratio or rate."""
        match self.measure:
            case Count(weight_unit=str(unit)):
                return unit
            case Count(unit="clients"):
                return "clients"
            case Count():
                return self.of_fact.events
            case Ratio(unit=unit) | Rate(unit=unit):
                return unit
            case Mean():
                return "points"
            case Spread(form="variety"):
                return "sources"
            case Spread(form="gap"):
                return "clients"
            case Quantile(unit=unit):
                return unit
            case TimeToEvent(answer="median"):
                return "days"
        return "%"

    @property
    def counted_unit(self) -> str:
        """Unit of the number that a value stands on, `Row.n`: clients, or events of the fact that it counts."""
        match self.measure:
            case Ratio(denominator=part) | Rate(count=Part() as part) | Spread(count=part):
                fact = FACTS[part.fact] if part.fact else self.of_fact
                return "clients" if part.unit == "clients" else fact.events
            case Share(unit=unit) | ShareOf(unit=unit):
                return "clients" if unit == "clients" else self.of_fact.events
            case Quantile() | Mean():
                return self.of_fact.events
        return "clients"

    @property
    def limits(self) -> tuple[float, float]:
        """The least and the greatest that its value can be asked to reach, in its unit."""
        if isinstance(self.measure, Mean):
            return self.measure.grid[0], self.measure.grid[-1]
        return 0, 100 if self.unit == "%" else MOST

    @model_validator(mode="after")
    def _fits_its_fact(self) -> "Definition":
        fact = FACTS.get(self.fact)
        if fact is None:
            raise ValueError(f"fact: there is no {self.fact!r}, there are {', '.join(FACTS)}")
        for name in (*self.dimensions, *self.requires):
            if name not in fact.dimensions:
                raise ValueError(f"dimensions: {fact.name} has no {name!r}")
        for key, other, condition in conditions_of(self.measure, fact):
            try:
                columns_of(condition, other)
            except ConditionError as error:
                raise ValueError(f"measure.{key}: {error}") from None
        for other in {counted.name: counted for _, counted, _ in conditions_of(self.measure, fact)}.values():
            for name in self.dimensions or tuple(fact.dimensions):
                if other.dimensions.get(name) != fact.dimensions[name]:
                    raise ValueError(f"dimensions: {fact.name} and {other.name} do not mean the same by {name!r}")
        if isinstance(self.measure, ShareOf) and self.measure.dimension not in fact.dimensions:
            raise ValueError(f"measure.dimension: {fact.name} has no {self.measure.dimension!r}")
        if self.changes[-1].version != self.version:
            raise ValueError(
                f"changes: the last one is version {self.changes[-1].version}, the metric is {self.version}"
            )
        versions = [one.version for one in self.changes]
        if versions != sorted(set(versions)):
            raise ValueError("changes: their versions must grow")
        if (self.reviewer is None) != (self.reviewed is None):
            raise ValueError("reviewer: a reviewer and the day of the review go together")
        return self


def conditions_of(measure: BaseModel, fact: Fact) -> tuple[tuple[str, Fact, str], ...]:
    """Return every condition of a measure: its key, the fact it refers to, and its text."""
    found: list[tuple[str, Fact, str]] = []
    if isinstance(measure, ShareAt):
        shares = ((months, measure.at(months)) for months in measure.horizons)
        return tuple(
            (f"{key} ({n} months)", of, text) for n, one in shares for key, of, text in conditions_of(one, fact)
        )
    texts = ("where", "weight", "numerator", "denominator", "known", "happened", "dated", "count", "value")
    for key in (*texts, "duration", "cause", "undated"):
        value = getattr(measure, key, None)
        if isinstance(value, Part):
            if value.fact is not None and value.fact not in FACTS:
                raise ValueError(f"measure.{key}.fact: there is no {value.fact!r}")
            found += [
                (f"{key}.{inner}", other, text)
                for inner, other, text in conditions_of(value, FACTS[value.fact or fact.name])
            ]
        elif value:
            found.append((key, fact, value))
    return tuple(found)


class DefinitionsError(ValueError):
    """Raised with all errors of all definition files; `lines` are of the form `file: key: what`."""

    def __init__(self, lines: tuple[str, ...]) -> None:
        super().__init__("\n".join(lines))
        self.lines = lines


def read(folder: Path = FOLDER) -> dict[str, Definition]:
    """Return the definitions of a folder by id, in the order of groups and files. Raises as `parsed`, and OSError."""
    paths = sorted(path for path in folder.iterdir() if path.suffix == ".toml" and path.name != REGISTRY)
    return parsed({path.name: path.read_bytes() for path in paths})


def parsed(files: Mapping[str, bytes]) -> dict[str, Definition]:
    """Return definitions by id, in the order of groups and ids. files: their content by name.

    Raises DefinitionsError with every error at once.
    """
    found: dict[str, Definition] = {}
    errors: list[str] = []
    for name, content in files.items():
        try:
            definition = Definition.model_validate(tomllib.loads(content.decode("utf-8")))
        except ValidationError as error:
            wrong = error.errors()
            places = [item["loc"] for item in wrong]
            for item in wrong:
                # A list counts as empty when its items are invalid, which is reported for the items already.
                if any(
                    place[:-1][: len(item["loc"])] == item["loc"] for place in places if item["type"] == "too_short"
                ):
                    continue
                key = ".".join(str(part) for part in item["loc"]) or "metric"
                errors.append(f"{name}: {key}: {item['msg'].removeprefix('Value error, ')}")
        except ValueError as error:  # not TOML, or not UTF-8
            errors.append(f"{name}: {error}")
        except RecursionError:
            errors.append(f"{name}: too many brackets")
        else:
            if definition.id != name.removesuffix(".toml"):
                errors.append(f"{name}: id: {definition.id!r} is not the name of the file")
            found[definition.id] = definition
    if errors:
        # They repeat words of the file, which may be a stranger's: nothing of them that a terminal would heed.
        raise DefinitionsError(tuple("".join(c if c.isprintable() else "?" for c in line) for line in errors))
    return in_order(found)


def in_order(found: Mapping[str, Definition]) -> dict[str, Definition]:
    """Return definitions in the order of groups and ids."""
    groups = ("demand", "language", "reach", "flows", "outcomes", "quality")
    return dict(sorted(found.items(), key=lambda item: (groups.index(item[1].group), item[0])))


@cache
def own_definitions() -> Mapping[str, Definition]:
    """Return the program's own definitions by id, each read when it is asked for. Raises DefinitionsError then."""
    return ReadOneByOne(
        (path.stem for path in FOLDER.glob("*.toml") if path.name != REGISTRY),
        lambda metric: parsed({f"{metric}.toml": (FOLDER / f"{metric}.toml").read_bytes()})[metric],
        lambda: read(FOLDER),
    )


@cache
def own_origin() -> Origin:
    """Return where the program's own definitions come from. Raises DefinitionsError."""
    told = tomllib.loads((FOLDER / REGISTRY).read_text(encoding="utf-8"))
    newest = max(change.date for one in own_definitions().values() for change in one.changes)
    return Origin(**told, version=str(newest))


_in_force: list[tuple[Mapping[str, Definition], str, Mapping[str, Origin]] | None] = [None]
"""Definitions in the place of the program's own, with what tells them from all others, and where those of others come from."""
_forgotten: list[Callable[[], None]] = []
Made = TypeVar("Made", bound=Callable[..., object])


def definitions() -> Mapping[str, Definition]:
    """Return the definitions in force, by id: the program's own, or those that its store has taken (`metrics.registry`).

    Raises DefinitionsError.
    """
    there = _in_force[0]
    return there[0] if there else own_definitions()


def definitions_mark() -> str:
    """Return what tells the definitions in force from all others; empty for the program's own. A key of what is kept of them."""
    there = _in_force[0]
    return there[1] if there else ""


def origin_of(metric: str) -> Origin:
    """Return which set the definition in force of a metric comes from."""
    there = _in_force[0]
    return (there[2].get(metric) if there else None) or own_origin()


def authors_of(definition: Definition) -> tuple[str, ...]:
    """Return who has written a definition in force: those it names, else those of the set that it comes from."""
    return definition.authors or origin_of(definition.id).authors


def is_own(metric: str) -> bool:
    """Return whether a metric is counted as the program itself does; so is one that the program does not have."""
    own = own_definitions().get(metric)
    return own is None or definitions()[metric].measure == own.measure


def put_in_force(known: Mapping[str, Definition] | None, origins: Mapping[str, Origin] | None = None) -> None:
    """Use other definitions in this process from now on; None: the program's own. origins: of those that are not its own."""
    there = _in_force[0]
    if known is (there[0] if there else None):
        return
    told = "\n".join(one.model_dump_json() for one in (known or {}).values())
    mark = hashlib.sha256(told.encode()).hexdigest()[:16]
    _in_force[0] = None if known is None else (known, mark, origins or {})
    for forget in _forgotten:
        forget()


def of_definitions(make: Made) -> Made:
    """Return a function that is computed once for the definitions in force, and anew when others are."""
    kept = cache(make)
    _forgotten.append(kept.cache_clear)
    return kept  # type: ignore[return-value]


def wholes_of(definition: Definition) -> tuple[Definition, ...]:
    """Return the metrics that a metric is a part of, the nearest first."""
    above = definitions().get(definition.part_of)
    return () if above is None else (above, *wholes_of(above))


def value_limits() -> dict[str, tuple[float, float]]:
    """The limits of every metric's value, by its id."""
    return {metric.id: metric.limits for metric in definitions().values()}

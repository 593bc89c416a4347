"""Background facts of a comparison: coded ones, and numbers such as age and months, as columns of a fact.

Codes are dimensions of the metric with one code per event. Numbers are none of the grammar's dimensions: they can be
adjusted for but never broken down by. Age is a number here, and not its band as well.
"""

from collections.abc import Mapping
from dataclasses import replace

from metrics.model.condition import columns_of
from metrics.model.definition import Definition
from metrics.model.dimensions import codes, unknown_of
from metrics.model.facts.fact import GROUPINGS, Fact, base_of
from metrics.model.kinds import Count, Quantile, Share, TimeToEvent

PLACES = ("municipality", "region", "employment_area", "service_point", "centre")
"""Dimensions of place: groups that are places differ in all others by their nature."""
PERSONAL = ("municipality", "language", "sex", "age", "education_level", "language_level_start")
"""Facts about the person, which a service does not change; likeness of groups is judged by them."""
_MIDDLE = {"under_18": 15, "18_24": 21, "25_34": 30, "35_44": 40, "45_54": 50, "55_64": 60, "65_over": 72}


def _of(alias: str, day: str) -> dict[str, str]:
    ages = " ".join(f"WHEN '{band}' THEN {age}" for band, age in _MIDDLE.items())
    return {
        # Only the band is kept; its middle stands for the age.
        "age": f"CASE {alias}.age_band::VARCHAR {ages} END",
        "months_in_finland": f"datediff('month', {alias}.arrived_on, {alias}.{day})",
    }


_MORE: Mapping[str, Mapping[str, str]] = {
    "encounter": _of("e", "occurred_on"),
    "first_contact": _of("e", "occurred_on"),
    "enrolment": {**_of("n", "started_on"), "months_unemployed": "n.months_unemployed"},
}
"""Columns beside those of the fact, by the fact's name."""
NUMBERS = ("age", "months_in_finland", "months_unemployed", "month")
"""Facts that are numbers. `month` is the month of the event, for a trend that both groups share."""


_AS_NUMBERS = {"age_band": "age"}
"""Coded dimensions whose number is the fact instead."""


def with_background(fact: Fact) -> Fact:
    """Return the fact with its background facts as columns."""
    return replace(fact, columns={**_MORE.get(fact.name, {}), **fact.columns})


def covariates_of(definition: Definition) -> tuple[str, ...]:
    """Return the facts that comparisons of a metric can be adjusted for: dimensions with one code per event, then numbers.

    What the metric itself is made of is left out.
    """
    fact, own = definition.of_fact, columns_in(definition)
    as_numbers = _AS_NUMBERS if fact.name in _MORE else {}
    coded = [name for name in definition.allowed if not {base_of(name)} & {*fact.lists, *own, *as_numbers}]
    more = [name for name in _MORE.get(fact.name, {}) if name not in coded]
    return (*coded, *more, "month")


def facts_of(definition: Definition, group: str) -> tuple[str, ...]:
    """Return the coded facts in which two groups are described: all but the groups' own, their groupings, and the outcome's.

    group: the dimension the groups are codes of.
    """
    names = [name for name in covariates_of(definition) if name not in GROUPINGS and name != "month"]
    coded = [name for name in names if name not in NUMBERS or name == "age"]
    base = base_of(group)
    return tuple(name for name in coded if name not in (base, _AS_NUMBERS.get(base)))


def judged(group: str) -> tuple[str, ...]:
    """Return the facts that decide whether two groups are alike, for groups of a dimension."""
    return tuple(name for name in PERSONAL if group not in PLACES or name not in PLACES)


def as_text(definition: Definition, name: str) -> str:
    """Return SQL of a background fact as text, '' for not known, also where there is a code for that."""
    if name in NUMBERS:
        return f"coalesce(({name})::INTEGER::VARCHAR, '')"
    nothing = _nothing(definition, name)
    return f"coalesce(nullif({name}::VARCHAR, {nothing!r}), '')"


def _nothing(definition: Definition, name: str) -> str:
    """Return the code for not known, '' where there is none."""
    return (unknown_of(definition.id, name) if name in definition.allowed else None) or ""


def expression(definition: Definition, name: str) -> str:
    """Return SQL of a covariate: a code, or a whole number, with null for not known where there is no code for that.

    Codes of a fixed list are numbered (ENUM): as texts they are most of the memory of a million rows.
    """
    if name in NUMBERS:
        return f"({name})::INTEGER"
    known = codes(definition.id, name, ()) if name in definition.allowed else ()
    text = f"coalesce({name}::VARCHAR, {_nothing(definition, name)!r})"
    return f"TRY_CAST({text} AS ENUM({', '.join(map(repr, known))}))" if known else text


def columns_in(definition: Definition) -> tuple[str, ...]:
    """Return the columns that a metric's measure is made of."""
    match definition.measure:
        case Share() as share:
            texts = (share.numerator, share.base_dated)
        case Count(where=where):
            texts = (where, "true")
        case Quantile() as amount:
            texts = (amount.value, amount.where)
        case TimeToEvent() as wait:
            texts = (wait.duration, wait.cause)
        case _:
            texts = ("true", "true")
    return tuple(dict.fromkeys(name for text in texts for name in columns_of(text, definition.of_fact)))

"""What a definition of others may say. It may count otherwise; it may not reach a person, nor loosen what protects one.

A condition is made of what the program's own definitions compare: of the event, never of whose it is or where, for by those one
asks, three at a time. Numbers are the round ones below, one for a column in each condition. So no definition cuts out a few.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping

from data.texts import LANGUAGES
from metrics.change.totals import TOTAL_OF
from metrics.model.condition import read_condition
from metrics.model.definition import Definition, DefinitionsError, own_definitions
from metrics.model.facts.fact import Fact, base_of
from metrics.model.kinds import Mean, Quantile, Rate, Share, ShareOf, Spread, TimeToEvent
from metrics.registry import patterns, trial
from metrics.registry.vocabulary import ALONE, parts_of, vocabulary

PERSONAL = frozenset(
    (
        *("client", "language", "language_group", "sex", "age_band", "age_group", "education_level"),
        *("language_level_start", "municipality", "region", "employment_area", "served_in", "service_point", "centre"),
        *("weekday", "hour"),
    )
)
"""Who somebody is, where and when: to ask by, and not to count by."""
NUMBERS = frozenset(map(str, (0, 1, 2, 3, 4, 5, 7, 10, 14, 21, 28, 30, 45, 60, 90, 120, 180, 183, 270, 365, 545, 730)))
MOST_PER = 1000
QUANTILES = (0.1, 0.25, 0.5, 0.75, 0.9)
CORE = frozenset((*TOTAL_OF.values(), "clients"))
"""Totals, on which other figures and rules stand."""
_MARKUP = re.compile(r"[<>\[\]{}`*_#|$\\~^]|://|:material")
_NO_BREAK = "\u00a0"
_AS_OWN = ("fact", "kind", "unit", "counted_unit", "requires", "part_of")


def check(known: Mapping[str, Definition]) -> None:
    """Raises DefinitionsError with all that is against the rules."""
    lines = [f"{one.id}.toml: {said}" for one in known.values() for said in _against(one, known)]
    lines += patterns.too_many(known.values())
    if not lines:
        lines = [*trial.failures(known)]
    if lines:
        raise DefinitionsError(tuple(lines))


def plain(text: str) -> str:
    """Return a text of others as it stands. Raises ValueError when it has marks that pages or terminals would heed.

    A no-break space is none: it stands in numbers such as 1 000.
    """
    if not text.replace(_NO_BREAK, " ").isprintable() or _MARKUP.search(text):
        raise ValueError("has marks that are no plain text")
    return text


def _against(one: Definition, known: Mapping[str, Definition]) -> Iterator[str]:
    own = own_definitions().get(one.id)
    if not one.authors or one.reviewer is None:
        yield "authors: a definition of a registry has authors, a reviewer and the day of the review"
    yield from _against_texts(one)
    yield from _against_dimensions(one, own)
    if own is not None:
        for name in _AS_OWN:
            if getattr(one, name) != getattr(own, name):
                yield f"{name}: it must be as in the program's own {one.id!r}; give another measure an id of its own"
        if one.version < own.version:
            yield f"version: the program has version {own.version}"
        if one.version == own.version and one.measure != own.measure:
            yield f"version: version {own.version} is counted otherwise by the program"
        if one.id in CORE and one.measure != own.measure:
            yield "measure: other figures stand on this total"
    if one.part_of and one.part_of not in {**own_definitions(), **known}:
        yield f"part_of: there is no {one.part_of!r}"
    for key, part, fact, text in parts_of(one):
        yield from (f"measure.{key}: {said}" for said in _against_condition(part, fact, text))
    yield from _against_windows(one)
    yield from patterns.against(one)
    yield from _against_measure(one, own)


def _against_texts(one: Definition) -> Iterator[str]:
    texts = [(key, getattr(one, key)) for key in ("name", "text", "why")]
    texts += [(f"changes.{number}.what", entry.what) for number, entry in enumerate(one.changes)]
    said = [(f"{key}.{lang}", text[lang]) for key, text in texts for lang in LANGUAGES]
    said += [("authors", name) for name in one.authors] + [("reviewer", one.reviewer or "")]
    for key, text in said:
        try:
            plain(text)
        except ValueError as error:
            yield f"{key}: {error}"
    if any(_is_foreign(letter) for lang in LANGUAGES for letter in one.name[lang]):
        yield "name: it has letters of another script, by which it could look like the name of another"
    if any(len(one.name[lang]) > 90 for lang in LANGUAGES):
        yield "name: at most 90 letters"


def _is_foreign(letter: str) -> bool:
    return letter.isalpha() and not unicodedata.name(letter, "").startswith("LATIN ")


def _against_dimensions(one: Definition, own: Definition | None) -> Iterator[str]:
    may = set(own.allowed if own else one.of_fact.dimensions)
    amount = getattr(one.measure, "amount", None)
    if own is None and amount is not None:  # staff and money are known of places alone, and staff are few
        alike = [
            other.allowed for other in own_definitions().values() if getattr(other.measure, "amount", None) == amount
        ]
        may &= {name for allowed in alike for name in allowed}
    if more := [name for name in one.allowed if name not in may]:
        yield f"dimensions: it may not be broken down by {', '.join(more)}"


def _against_condition(part: str, fact: Fact, text: str) -> Iterator[str]:
    """Yield what a condition may not say. part: the key it stands under, which tells whether it is one column alone."""
    words, read = vocabulary(fact), read_condition(text, fact)
    if part in ALONE:
        if text not in words.alone[part]:
            yield f"{text[:40]!r} is no column that the program's own definitions have there"
        return
    if odd := read.words - {"and", "or", "not", "in", "is", "null", "true", "false"}:
        yield f"no {', '.join(sorted(odd))}"
    for one in read.comparisons:
        base = base_of(one.column.removesuffix("_known"))
        if one in words.comparisons:
            pass
        elif base in PERSONAL and not one.column.endswith("_known"):
            yield f"{one.column} tells who somebody is, where or when: ask by it"
        elif one.column not in words.columns:
            yield f"no definition of the program counts by {one.column}"
        elif any(
            not value.startswith("'") and value not in ("null", "true", "false", *NUMBERS) for value in one.values
        ):
            yield f"{one.column} may be compared with codes and with {', '.join(sorted(NUMBERS, key=int))}"
        elif any(value.startswith("'") for value in one.values) and not _has_codes(one.column, fact):
            # The database would read it as the number or the day that is written in it.
            yield f"{one.column} has no codes"


def _has_codes(column: str, fact: Fact) -> bool:
    return column in fact.dimensions and fact.list_of(column) is not None


def _against_windows(one: Definition) -> Iterator[str]:
    """Yield columns that a measure, all of its parts together, compares with several numbers: between them lies a window."""
    numbers: dict[str, set[str]] = {}
    for _, part, fact, text in parts_of(one):
        for said in read_condition(text, fact).comparisons if part not in ALONE else ():
            numbers.setdefault(said.column, set()).update(value for value in said.values if value.isdecimal())
    for column, found in numbers.items():
        if len(found) > 1:
            yield f"measure: {column} is compared with one number at most, in all parts together"


def _against_measure(one: Definition, own: Definition | None) -> Iterator[str]:
    measure, ours = one.measure, [other.measure for other in own_definitions().values()]
    least = own.measure.known_from if own and isinstance(own.measure, Share | ShareOf) else None
    if isinstance(measure, Share | ShareOf):
        default = type(measure).model_fields["known_from"].default
        if measure.known_from < (default if least is None else min(default, least)):
            yield "measure.known_from: it may not be lower than the program's own"
    if getattr(measure, "per", 1) > MOST_PER:
        yield f"measure.per: at most {MOST_PER}"
    if isinstance(measure, Quantile | Mean | TimeToEvent):
        column = measure.duration if isinstance(measure, TimeToEvent) else measure.value
        grids = [other.grid for other in ours if isinstance(other, type(measure)) and _of(other) == column]
        if measure.grid not in grids:
            yield f"measure.grid: the program's own definitions have no such grid of {column!r}"
    if isinstance(measure, Quantile) and not set(measure.quantiles) <= set(QUANTILES):
        yield f"measure.quantiles: only {', '.join(map(str, QUANTILES))}"
    if isinstance(measure, TimeToEvent) and not any(
        isinstance(other, TimeToEvent) and (other.cause, other.of_interest) == (measure.cause, measure.of_interest)
        for other in ours
    ):
        yield "measure.of_interest: the program's own definitions do not follow it"
    if isinstance(measure, Spread) and measure.over not in one.of_fact.dimensions:
        yield f"measure.over: there is no {measure.over!r}"
    if (
        isinstance(measure, Rate | Spread)
        and own is None
        and not any(isinstance(other, type(measure)) and other.amount == measure.amount for other in ours)
    ):
        yield f"measure.amount: no definition of the program has {measure.amount!r} there"
    if isinstance(measure, Spread) and not any(
        isinstance(other, Spread) and other.over == measure.over for other in ours
    ):
        yield f"measure.over: no definition of the program spreads over {measure.over!r}"


def _of(measure: Quantile | Mean | TimeToEvent) -> str:
    return measure.duration if isinstance(measure, TimeToEvent) else measure.value

"""Definitions of others tried out beside the program's own, before anybody sees a figure by them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager

import duckdb

from data.model.schema import enum_types, tables
from data.texts import LANGUAGES
from metrics.model.condition import read_condition
from metrics.model.definition import Definition, definitions, in_order, own_definitions, put_in_force
from metrics.model.labels import as_seen
from metrics.registry.vocabulary import ALONE, parts_of
from metrics.spoken.lexicon import lexicon


@contextmanager
def trying(known: Mapping[str, Definition]) -> Iterator[None]:
    """These definitions are in force meanwhile, in this process."""
    before = definitions()
    put_in_force(known)
    try:
        yield
    finally:
        put_in_force(None if before is own_definitions() else before)


def together(known: Mapping[str, Definition]) -> dict[str, Definition]:
    """Return definitions over the program's own, which stay where there are no others."""
    return in_order({**own_definitions(), **known})


def failures(known: Mapping[str, Definition]) -> Iterator[str]:
    """Yield what is wrong with definitions beside each other, and what the database or the words of questions refuse."""
    every = together(known)
    for one in known.values():
        seen, above = {one.id}, every.get(one.part_of)
        while above is not None and above.id not in seen:
            seen.add(above.id)
            above = every.get(above.part_of)
        if above is not None:
            yield f"{one.id}.toml: part_of: it would be a part of itself"
        for lang in LANGUAGES:
            alike = [other.id for other in every.values() if as_seen(other.name[lang]) == as_seen(one.name[lang])]
            if alike != [one.id]:
                yield f"{one.id}.toml: name.{lang}: {', '.join(name for name in alike if name != one.id)} has it"
    with trying(every):
        for lang in LANGUAGES:
            try:
                lexicon(lang)
            except ValueError:
                yield f"name.{lang}: the name of a metric is a word that means something else in questions"
    yield from _not_understood(known)


def _not_understood(known: Mapping[str, Definition]) -> Iterator[str]:
    """Yield conditions that the database cannot read as yes or no, tried on tables without rows."""
    with duckdb.connect(":memory:") as connection:
        for statement in (*enum_types().values(), *tables().values()):
            connection.execute(statement)
        for one in known.values():
            for key, part, fact, text in parts_of(one):
                names = read_condition(text, fact).columns
                try:
                    found = connection.execute(
                        f"SELECT typeof(any_value({text})) FROM ({fact.select(names)})"
                    ).fetchone()
                except duckdb.Error as error:
                    yield f"{one.id}.toml: measure.{key}: {type(error).__name__}"
                    continue
                if part not in ALONE and found and found[0] not in ("BOOLEAN", '"NULL"'):
                    yield f"{one.id}.toml: measure.{key}: it is neither true nor false"

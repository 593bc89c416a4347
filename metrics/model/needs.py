"""What a metric needs: tables and fields without which nothing can be said, time before its days and time after them."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache

from data.codes import UNKNOWN_POINT, code_list
from data.model.records import TABLES
from data.model.schema import columns as stored_columns
from metrics.model.condition import columns_of
from metrics.model.definition import Definition
from metrics.model.facts import FACTS
from metrics.model.facts.fact import GROUPINGS, KNOWN, Fact
from metrics.model.kinds import (
    AMOUNT_TABLES,
    Count,
    Mean,
    Part,
    Quantile,
    Rate,
    Ratio,
    Share,
    ShareAt,
    ShareOf,
    Spread,
    TimeToEvent,
)


@dataclass(frozen=True)
class Need:
    """One sufficient set of evidence: tables besides the fact's own, and optional fields by table."""

    tables: frozenset[str] = frozenset()
    fields: tuple[tuple[str, frozenset[str]], ...] = ()


@dataclass(frozen=True)
class Needs:
    """tables: those that must cover the period; amounts: those whose numbers it is divided by; either: of which one is
    enough, in every group; looks_back: tables with the days of deliveries that must lie before the period's first day; matures:
    days that must follow it.
    """

    tables: tuple[str, ...]
    amounts: tuple[str, ...] = ()
    either: tuple[tuple[Need, ...], ...] = ()
    looks_back: tuple[tuple[str, int], ...] = ()
    matures: int = 0

    @property
    def every_table(self) -> tuple[str, ...]:
        """All tables that it may need, its own first."""
        others = (table for group in self.either for one in group for table in sorted(one.tables))
        return tuple(dict.fromkeys((*self.tables, *others, *self.amounts)))


@cache
def needs(definition: Definition) -> Needs:
    """The needs of a metric."""
    parts = _parts(definition)
    used = {(fact, name) for fact, text in parts for name in _columns(fact, text)}
    return Needs(
        amounts=_amounts(definition.measure),
        tables=tuple(dict.fromkeys(fact.of_table for fact, _ in parts)),
        either=tuple(dict.fromkeys(_alternatives(fact, text) for fact, text in parts)),
        looks_back=tuple(sorted({past for fact, name in used for past in _past(fact, name)})),
        matures=max((fact.matures.get(name, 0) for fact, name in used), default=0),
    )


def _past(fact: Fact, name: str) -> tuple[tuple[str, int], ...]:
    """The tables that a column looks back over, with the days."""
    if name not in fact.looks_back:
        return ()
    return tuple((table, fact.looks_back[name]) for table in fact.needs.get(name, (fact.of_table,)))


def has_days(table: str) -> bool:
    """Whether the rows of a table are of days, so that a delivery covers a period of it."""
    return TABLES[table].day is not None


def _amounts(measure: object) -> tuple[str, ...]:
    """The tables of a rate's or an index's public amounts."""
    if not isinstance(measure, Rate | Spread):
        return ()
    names = (measure.amount, measure.per_amount if isinstance(measure, Rate) else None)
    return tuple(dict.fromkeys(AMOUNT_TABLES[name] for name in names if name is not None))


def _parts(definition: Definition) -> tuple[tuple[Fact, str], ...]:
    """Every condition whose columns must be recorded, with its fact; alternatives within it stand between ORs."""
    fact, measure = definition.of_fact, definition.measure
    match measure:
        case Share():
            return _of_share(fact, measure)
        case ShareAt():
            return tuple(part for months in measure.horizons for part in _of_share(fact, measure.at(months)))
        case ShareOf():
            return ((fact, measure.known), (fact, measure.where), (fact, measure.dimension))
        case Count():
            return _of_part(fact, measure)
        case Ratio():
            return (*_of_part(fact, measure.numerator), *_of_part(fact, measure.denominator))
        case Rate(count=Part() as part) | Spread(count=part):
            return _of_part(fact, part)
        case Quantile() | Mean():
            return ((fact, measure.where), (fact, measure.value))
        case TimeToEvent():
            return ((fact, measure.cause),)
    return ()


def _of_share(fact: Fact, share: Share) -> tuple[tuple[Fact, str], ...]:
    client = [(fact, "client")] if share.unit == "clients" else []
    texts = (share.known, share.numerator, share.denominator)
    return (*client, *((fact, text) for text in texts if text != "true" or text is share.denominator))


def _of_part(fact: Fact, part: Part) -> tuple[tuple[Fact, str], ...]:
    of = FACTS[part.fact] if part.fact else fact
    client = ((of, "client"),) if part.unit == "clients" else ()
    return (*client, (of, part.where), *(((of, part.weight),) if part.weight else ()))


def _alternatives(fact: Fact, text: str) -> tuple[Need, ...]:
    """The needs of each part of a condition between ORs outside brackets; any of them is enough."""
    return tuple(dict.fromkeys(_need(fact, _columns(fact, one)) for one in _split(text)))


def without_amounts(definition: Definition, where: str) -> str:
    """A condition of what a metric counts without those parts that say whether the amount is known that it is divided by."""
    fact, amounts = definition.of_fact, set(needs(definition).amounts)
    if len(_split(where)) > 1:
        return where
    kept = [
        part.strip() for part in _split(where, "AND")
        if not any(amounts & set(fact.needs.get(name, ())) for name in _columns(fact, part.strip()))
    ]  # fmt: skip
    return " AND ".join(kept) or "true"


def _split(text: str, word: str = "OR") -> list[str]:
    parts, depth = [""], 0
    for token in re.split(rf"(\(|\)|\b{word}\b)", text):
        depth += {"(": 1, ")": -1}.get(token, 0)
        if token == word and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return parts


def _columns(fact: Fact, text: str) -> tuple[str, ...]:
    """The fact's own columns in a condition: those that `X_known` and groupings are made of."""
    found = []
    for name in columns_of(text, fact):
        about = name.removesuffix(KNOWN) if name not in fact.columns else name
        found.append(GROUPINGS[about].base if about in GROUPINGS and about not in fact.columns else about)
    return tuple(found)


def _need(fact: Fact, names: tuple[str, ...]) -> Need:
    tables = frozenset(table for name in names for table in fact.needs.get(name, ()))
    fields: dict[str, set[str]] = {}
    for name in (one for one in names if one not in fact.guesses):
        join = fact.joins.get(name, "")
        sql = f"{fact.columns[name]} {join}"
        for table in TABLES:
            aliases = _aliases(join, table) if table in fact.needs.get(name, ()) else set()
            if table == fact.of_table:
                aliases |= {fact.source.split()[-1]}
            fields.setdefault(table, set()).update(_read(table, aliases, sql))
    return Need(tables, tuple(sorted((table, frozenset(of)) for table, of in fields.items() if of)))


def column_need(fact: Fact, name: str) -> Need:
    """The need of one column of a fact's rows, such as a dimension: the tables and fields that its own expression reads.

    How a row of another table is found does not count: there may be several ways.
    """
    about = name if name in fact.columns else GROUPINGS[name].base
    sql, join = fact.columns[about], fact.joins.get(about, "")
    joined = {table: _aliases(join, table) for table in TABLES if table != fact.of_table}
    read = {table for table, aliases in joined.items() if any(re.search(rf"\b{alias}\.", sql) for alias in aliases)}
    own = _read(fact.of_table, {fact.source.split()[-1]}, sql)
    fields = {fact.of_table: own} | {table: _read(table, joined[table], sql) for table in read}
    return Need(frozenset(read), tuple(sorted((table, frozenset(of)) for table, of in fields.items() if of)))


@cache
def is_left_unknown(fact: Fact, name: str) -> bool:
    """Whether a dimension of rows of a file without its field is not known, rather than the usual one (guidance, of services)."""
    stored = {
        (table, one.field): one for table, _ in column_need(fact, name).fields for one in stored_columns(TABLES[table])
    }
    read = [stored[table, one] for table, fields in column_need(fact, name).fields for one in fields]
    unknown = [UNKNOWN_POINT if one.code_list is None else code_list(one.code_list).unknown for one in read]
    return all(one.default in (None, code) for one, code in zip(read, unknown, strict=True))


def field_ways(definition: Definition, dimensions: Iterable[str]) -> Iterator[tuple[str, tuple[frozenset[str], ...]]]:
    """Yield the tables of a metric with sets of fields of which one is enough, for all that it counts and is divided by.

    dimensions: by which its numbers are divided or limited.
    """
    needed, fact = needs(definition), definition.of_fact
    groups = [[dict(one.fields) for one in group] for group in needed.either]
    groups += [
        [dict(column_need(fact, name).fields)]
        for name in dimensions if name in definition.allowed and is_left_unknown(fact, name)
    ]  # fmt: skip
    for group in groups:
        for table in filter(has_days, needed.tables):
            enough = tuple(one.get(table, frozenset()) for one in group)
            if all(enough):
                yield table, enough


def _aliases(join: str, table: str) -> set[str]:
    return set(re.findall(rf"\b{table}(?: AS)? (\w+)", join))


def _read(table: str, aliases: set[str], sql: str) -> set[str]:
    """The optional fields of a table that SQL reads under its aliases."""
    return {
        column.field
        for column in stored_columns(TABLES[table])
        if not column.required and any(re.search(rf'\b{alias}\."?{column.name}\b', sql) for alias in aliases)
    }

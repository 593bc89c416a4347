"""What is held on one client, for handing over to the person who asks (GDPR, article 15).

Every row of every version that is kept and of the release, once each, with the versions that have it. The client's number is not
among it: the store has only a keyed hash of it. Rejected rows keep no values, so none of them is anybody's.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

import duckdb

from data.clock import day_of
from data.codes import code_list
from data.coverage import deliveries
from data.coverage.deliveries import Delivery
from data.coverage.sources import Source, Sources, name_of
from data.ingest.forgetting import find_client, tables_of_clients
from data.model.records import TABLES
from data.model.schema import Column, columns, plain_type
from data.store import acting
from data.store.generation import Generation
from data.store.kept import kept
from data.store.reading import columns_there
from data.store.store import Store
from data.texts import message

Value = str | int | float | bool | date | list[str] | None


@dataclass(frozen=True)
class HeldRow:
    """One row. values: by field, codes as ids; delivery: what brought it, None where nobody has kept it; places: which versions
    have it, `serving`, `release` or a version's number.
    """

    table: str
    values: tuple[tuple[str, Value], ...]
    delivery: Delivery | None
    places: tuple[str, ...]


@dataclass(frozen=True)
class Held:
    """Everything. sources: whose number it is; other_writings: other ways of writing it that have rows of their own."""

    rows: tuple[HeldRow, ...]
    sources: tuple[Source, ...]
    other_writings: tuple[str, ...]


def held_on(store: Store, client: str, source: Source | None = None) -> Held:
    """All that is held on the client of a number. Raises as `find_client`."""
    found, others = find_client(store, client, source)
    acting.record(store.path, "held")
    serving = store.serving()
    rows: dict[tuple[str, str], HeldRow] = {}
    every = kept(store)
    # The serving version first, then from the newest to the oldest.
    for generation in sorted(every, key=lambda one: (one.token != serving.token, -one.number)):
        place = _place(generation, serving)
        with store.reading(generation) as connection:
            known = {one.number: one for one in deliveries.read(connection)}
            for table in tables_of_clients(connection):
                for record, brought, values in _rows(connection, table, found.where(connection, table)):
                    key = (table, repr((record, values)))
                    before = rows.get(key) or HeldRow(table, values, known.get(brought), ())
                    rows[key] = HeldRow(table, values, before.delivery, (*before.places, place))
    return Held(tuple(rows.values()), found.sources, others)


def as_json(held: Held, lang: str, store: Store) -> dict[str, object]:
    """The same as JSON, with codes and what they mean."""
    named = _source_names(store, lang)
    return {
        "language": lang,
        "sources": [name_of(source, lang) for source in held.sources],
        "rows": [
            {
                "table": row.table,
                "table_label": message(f"table.{row.table}", lang),
                "versions": [*row.places],
                "file": row.delivery.file if row.delivery else None,
                "loaded": row.delivery.made.isoformat() if row.delivery else None,
                "source": named.get(row.delivery.source) if row.delivery else None,
                "values": [
                    {
                        "field": name,
                        "label": message(f"field.{name}", lang),
                        "value": value.isoformat() if isinstance(value, date) else value,
                        "meaning": shown(row.table, name, value, lang),
                    }
                    for name, value in row.values
                ],
            }
            for row in held.rows
        ],
    }


def lines(held: Held, lang: str, store: Store) -> list[str]:
    """The same for a person to read; what is not known is left out."""
    named = _source_names(store, lang)
    told = [message("held.count", lang, count=len(held.rows)), message("held.number", lang)]
    for number, row in enumerate(held.rows, 1):
        told += ["", message("held.row", lang, number=number, table=message(f"table.{row.table}", lang))]
        told += [
            f"  {message(f'field.{name}', lang)}: {said}"
            for name, value in row.values
            if (said := shown(row.table, name, value, lang))
        ]
        if row.delivery is not None:
            brought = {"file": row.delivery.file, "day": day_of(row.delivery.made).isoformat()}
            told.append("  " + message("held.brought", lang, source=named.get(row.delivery.source, "–"), **brought))
        places = ", ".join(_place_name(place, lang) for place in row.places)
        told.append("  " + message("held.versions", lang, versions=places))
    return told


def shown(table: str, name: str, value: Value, lang: str) -> str:
    """A value in words; empty where nothing is known."""
    column = next(one for one in columns(TABLES[table]) if one.field == name)
    if value is None or value == []:
        return ""
    if isinstance(value, bool):
        return message("held.yes" if value else "held.no", lang)
    if isinstance(value, list):
        return ", ".join(_label(column, code, lang) for code in value)
    if isinstance(value, date):
        return value.isoformat()[:7] if column.is_month else value.isoformat()
    return _label(column, value, lang) if isinstance(value, str) else str(value)


def _label(column: Column, code: str, lang: str) -> str:
    if column.code_list is None:
        return code
    codes = code_list(column.code_list)
    return codes.label(code, lang) if code in codes else code  # a code of an earlier version of the list


def _rows(
    connection: duckdb.DuckDBPyConnection, table: str, where: str
) -> list[tuple[int, int, tuple[tuple[str, Value], ...]]]:
    """Rows of a table: record, delivery, and what they say. The key of another record says nothing, and is left out."""
    there = columns_there(connection, table)
    told = [one for one in columns(TABLES[table]) if one.name in there and not one.identity]
    listed = ", ".join(f'CAST("{one.name}" AS {plain_type(one)})' for one in told)
    brought = "delivery" if "delivery" in there else "0"
    query = f"SELECT record, {brought}, {listed} FROM {table} WHERE {where} ORDER BY {_day(table)}, record"
    return [
        (int(row[0]), int(row[1]), tuple(zip((one.field for one in told), map(_plain, row[2:]), strict=True)))
        for row in connection.execute(query).fetchall()
    ]


def _day(table: str) -> str:
    return TABLES[table].day or "record"


def _plain(value: Value | datetime) -> Value:
    return [*value] if isinstance(value, list) else value


def _place(generation: Generation, serving: Generation) -> str:
    if generation.release is not None:
        return "release"
    return "serving" if generation.token == serving.token else str(generation.number)


def _place_name(place: str, lang: str) -> str:
    if place.isdecimal():
        return message("held.version", lang, number=place)
    return message(f"held.{place}", lang)


def _source_names(store: Store, lang: str) -> dict[int, str]:
    return {source.number: name_of(source, lang) for source in Sources.of(store.path).all()}

"""Exact amounts: residents (Statistics Finland) and euros, which are public; person-years and training days of the staff.

Amounts of the staff are published under conditions: `metrics.measures.staff`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import lru_cache
from math import fsum
from sys import intern
from typing import Any

from data.codes import code_list, unknown_code
from data.coverage.paying import having
from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.period import Period
from metrics.model.facts.amounts_known import OWN_RESIDENTS
from metrics.model.facts.fact import GROUPINGS
from metrics.model.kinds import AMOUNT_TABLES, AmountName

NATIONAL = "national"


class Amounts:
    """The amounts of one generation of a store.

    until: last day whose months of staff are counted; None for all.
    """

    def __init__(self, store: Store, generation: Generation, until: date | None = None) -> None:
        self._store = store
        self._generation = generation
        self._until = until

    def of(
        self, name: AmountName, period: Period, codes: Mapping[str, str], service: str | None = None,
        beside: AmountName | None = None, told: Callable[[str | None, date], float] | None = None,
        is_told: Callable[[str], bool] | None = None,
    ) -> float | None:  # fmt: skip
        """Return the amount of a period for these dimension codes; None when it is not known. Raises StoreError.

        residents: foreign-language speakers, of each municipality and language at the end of the latest known year, not later
        than the period's; one whose number the source has suppressed is unknown, never zero. euros: whole years only.
        person_years: monthly full-time equivalents divided by twelve and summed. beside: another amount that must be
        known in the same rows, because one is divided by the other. told: of a municipality (None: not known) and month, which
        part of it is counted that is divided by person-years; of them the same part counts. is_told: of a municipality, whether
        anything is known of what is divided by residents; of others they do not count. Of all time those do not count of whom
        only a year after the data is known: nobody is divided by them.
        """
        table = AMOUNT_TABLES[name]
        rows = self._within(table, codes)
        if beside is not None:
            rows = rows.where(beside, lambda value: value is not None)
        if service is not None:
            rows = rows.where("service", lambda value: value == service)
        if is_told is not None:
            rows = rows.where("municipality", is_told)
        match table:
            case "population":
                rows = _of_year(rows, period, self._last_year())
            case "cost":
                rows = rows.where("year", lambda year: period.level == "year" and year == period.year)
            case _:
                rows = _months_of(rows, period)
        if told is not None:
            place_of = _places(self._store, self._generation)
            parts = [
                (rate, told(place_of.get(point), month))
                for rate, point, month in zip(rows[name], rows["service_point"], rows["month"], strict=True)
            ]
            known = [rate * part for rate, part in parts if rate is not None and part]
        else:
            known = [value for value in rows[name] if value is not None]
        if not known:
            return None
        total = fsum(known)
        return total / 12 if name == "person_years" else total

    def _last_year(self) -> int:
        """The year up to which residents may be known of whom some are clients: see `amounts_known.RESIDENTS_KNOWN`."""
        last = self._until or self._generation.last_day
        return max(last.year if last else 0, _first_year(self._store, self._generation))

    def staff(self, beside: AmountName | None = None) -> dict[int, dict[str, dict[date, float]]]:
        """Return the monthly full-time equivalents by year, service point and month. beside: as in `of`. Raises StoreError."""
        found: dict[int, dict[str, dict[date, float]]] = {}
        rows = self._within("staff", {})
        for name in ("person_years", beside or "person_years"):
            rows = rows.where(name, lambda value: value is not None)
        for point, month, rate in zip(rows["service_point"], rows["month"], rows["person_years"], strict=True):
            found.setdefault(month.year, {}).setdefault(point, {})[month] = rate
        return found

    def municipalities(self, codes: Mapping[str, str]) -> tuple[str, ...]:
        """Return the municipalities of an area, in the order of their codes. Raises StoreError."""
        return tuple(sorted(set(self._within("population", codes)["municipality"])))

    def _within(self, name: str, codes: Mapping[str, str]) -> _Rows:
        """Return the rows of a table that belong to the codes and may be counted."""
        rows, until = _read(self._store, self._generation, name).within(codes), self._until
        return rows.where("month", lambda month: month <= until) if name == "staff" and until else rows

    def points(self) -> tuple[ListedPoint, ...]:
        """Return the service points of which a file tells, or whose staff is known. Raises StoreError."""
        staffed = self.staffed()
        listed = _points(self._store, self._generation)
        return tuple(one for one in listed if one.is_listed or one.code in staffed)

    def staffed(self, beside: AmountName | None = None) -> dict[str, frozenset[date]]:
        """Return the months of which the staff of each service point is known. beside: as in `of`. Raises StoreError."""
        found: dict[str, set[date]] = {}
        for of_points in self.staff(beside).values():
            for point, months in of_points.items():
                found.setdefault(point, set()).update(months)
        return {point: frozenset(months) for point, months in found.items()}

    def payers(self, service: str | None) -> frozenset[str]:
        """Return the municipalities that have a service (None: any with visits), as far as is known. Raises StoreError."""
        return _payers(self._store, self._generation, service)


@dataclass(frozen=True)
class ListedPoint:
    """A service point. municipality: empty where it is not known; is_listed: a file of service points tells of it."""

    code: str
    municipality: str
    opened_on: date
    closed_on: date
    is_listed: bool


@dataclass(frozen=True)
class _Rows:
    """Some rows of a table. at: their places in its columns."""

    columns: Mapping[str, Sequence[Any]]
    at: Sequence[int]

    def __getitem__(self, name: str) -> list[Any]:
        column = self.columns[name]
        return [column[place] for place in self.at]

    def where(self, name: str, is_wanted: Callable[[Any], bool]) -> _Rows:
        """Return the rows whose value in a column is wanted."""
        column = self.columns[name]
        return replace(self, at=[place for place in self.at if is_wanted(column[place])])


class _Table:
    """A small table. A page asks for hundreds of amounts, each of a few rows, which are found by their codes.

    Not a frame of Polars: a query for each would take more to plan than to answer, and give way to all other threads each time.
    """

    def __init__(self, names: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
        columns = list(zip(*rows, strict=True)) if rows else [() for _ in names]
        self._columns: dict[str, Sequence[Any]] = dict(zip(names, columns, strict=True))
        self._size = len(rows)
        self._places: dict[str, dict[str, list[int]]] = {}
        """By column of codes and code, the places of its rows."""
        for name in _CODES & self._columns.keys():
            # Each code is in memory once.
            self._columns[name] = tuple(code and intern(code) for code in self._columns[name])
            of_code = self._places[name] = {}
            for place, code in enumerate(self._columns[name]):
                of_code.setdefault(code, []).append(place)

    def within(self, codes: Mapping[str, str]) -> _Rows:
        """Return the rows that belong to the codes; a code of a grouping includes its members."""
        found: list[tuple[str, frozenset[str], list[int]]] = []
        for name, code in codes.items():
            grouping = GROUPINGS.get(name)
            base, members = (
                (grouping.base, frozenset(grouping.members(code))) if grouping else (name, frozenset((code,)))
            )
            of_code = self._places[base]
            found.append((base, members, sorted(place for one in members for place in of_code.get(one, ()))))
        fewest = min((at for _, _, at in found), key=len, default=range(self._size))
        rows = _Rows(self._columns, fewest)
        for base, members, at in found:
            rows = rows if at is fewest else rows.where(base, members.__contains__)
        return rows


_CODES = {"municipality", "language", "service", "service_point"}
"""Columns of codes."""


def _of_year(rows: _Rows, period: Period, last_year: int) -> _Rows:
    """Return the row of each municipality and language of the latest year that is known and not later than the period's.

    Of all time the latest counts, where one is not later than the last year of the data.
    """
    latest: dict[tuple[str, str], int] = {}
    known: set[tuple[str, str]] = set()
    columns = ("municipality", "language", "year", "residents")
    for place, language, year, residents in zip(*(rows[name] for name in columns), strict=True):
        if residents is not None and (period.level == "all" or year <= period.year):
            latest[place, language] = max(year, latest.get((place, language), year))
            if year <= (last_year if period.level == "all" else period.year):
                known.add((place, language))
    latest = {of: year for of, year in latest.items() if of in known}
    place_at, language_at, year_at = (rows.columns[name] for name in columns[:3])
    return replace(rows, at=[one for one in rows.at if latest.get((place_at[one], language_at[one])) == year_at[one]])


@lru_cache(maxsize=32)
def _first_year(store: Store, generation: Generation) -> int:
    """The first year of which any residents are known, 0 without any."""
    with store.reading(generation) as cursor:
        found = cursor.execute("SELECT min(year) FROM population WHERE residents IS NOT NULL").fetchone()
    return int(found[0] or 0) if found else 0


def _months_of(rows: _Rows, period: Period) -> _Rows:
    first, last = period.first_day, period.last_day
    return rows if first is None or last is None else rows.where("month", lambda month: first <= month <= last)


@lru_cache(maxsize=32)
def _points(store: Store, generation: Generation) -> tuple[ListedPoint, ...]:
    """The service points that a file tells of, and those that visits or staff name."""
    query = "SELECT code, municipality::VARCHAR, opened_on, closed_on, delivery > 0 FROM service_point ORDER BY code"
    nowhere = unknown_code("municipality")
    with store.reading(generation) as cursor:
        return tuple(
            ListedPoint(code, "" if place == nowhere else place, opened or date.min, closed or date.max, listed)
            for code, place, opened, closed, listed in cursor.execute(query).fetchall()
        )


def _places(store: Store, generation: Generation) -> Mapping[str, str]:
    """The municipality of each service point of which it is known."""
    return {one.code: one.municipality for one in _points(store, generation) if one.municipality}


@lru_cache(maxsize=32)
def _payers(store: Store, generation: Generation, service: str | None) -> frozenset[str]:
    with store.reading(generation) as cursor:
        return having(cursor, service)


@lru_cache(maxsize=32)
def _read(store: Store, generation: Generation, table: str) -> _Table:
    """Return a small table with its codes as text. Residents: of foreign languages, where files are about them."""
    queries = {
        "population": "SELECT municipality::VARCHAR AS municipality, language::VARCHAR AS language, year, residents "
        f"FROM ({OWN_RESIDENTS})",
        "cost": "SELECT municipality::VARCHAR AS municipality, service::VARCHAR AS service, year, euros FROM cost",
        "staff": "SELECT service_point, month, person_years, training_days FROM staff",
    }
    with store.reading(generation) as cursor:
        found = cursor.execute(queries[table])
        names = [column[0] for column in found.description or ()]
        rows = found.fetchall()
    if table != "population":
        return _Table(names, rows)
    languages = code_list("language")
    foreign = {code for code in languages.ids if languages.group_of(code) != NATIONAL and code != languages.unknown}
    return _Table(names, [row for row in rows if row[1] in foreign])

"""Exact amounts: residents (Statistics Finland) and euros, which are public; person-years and training days of the staff.

Amounts of the staff are published under conditions: `metrics.measures.staff`.
"""

from collections.abc import Mapping
from datetime import date
from functools import lru_cache

import polars as pl

from data.codes import code_list, unknown_code
from data.store.generation import Generation
from data.store.store import Store
from metrics.grammar.period import Period
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
        beside: AmountName | None = None,
    ) -> float | None:  # fmt: skip
        """Return the amount of a period for these dimension codes; None when it is not known. Raises StoreError.

        residents: foreign-language speakers at the end of the latest known year, not later than the period's; a
        language or municipality whose number the source has suppressed is unknown, never zero. euros: whole years only.
        person_years: monthly full-time equivalents divided by twelve and summed. beside: another amount that must be
        known in the same rows, because one is divided by the other.
        """
        table = AMOUNT_TABLES[name]
        rows = _within(self._table(table), codes)
        if beside is not None:
            rows = rows.drop_nulls(beside)
        if service is not None:
            rows = rows.filter(pl.col("service") == service)
        match table:
            case "population":
                rows = _of_year(rows, period)
            case "cost":
                rows = rows.filter(pl.col("year") == period.year) if period.level == "year" else rows.clear()
            case _:
                rows = _months_of(rows, period)
        known = rows[name].drop_nulls()
        if known.is_empty():
            return None
        total = float(known.sum())
        return total / 12 if name == "person_years" else total

    def staff(self, beside: AmountName | None = None) -> dict[int, dict[str, dict[date, float]]]:
        """Return the monthly full-time equivalents by year, service point and month. beside: as in `of`. Raises StoreError."""
        found: dict[int, dict[str, dict[date, float]]] = {}
        rows = self._table("staff")
        known = rows.drop_nulls(["person_years", beside or "person_years"])
        for point, month, rate in known["service_point", "month", "person_years"].iter_rows():
            found.setdefault(month.year, {}).setdefault(point, {})[month] = rate
        return found

    def municipalities(self, codes: Mapping[str, str]) -> tuple[str, ...]:
        """Return the municipalities of an area, in the order of their codes. Raises StoreError."""
        return tuple(sorted(set(_within(self._table("population"), codes)["municipality"])))

    def _table(self, name: str) -> pl.DataFrame:
        rows = _read(self._store, self._generation, name)
        return rows.filter(pl.col("month") <= self._until) if name == "staff" and self._until else rows


def _within(rows: pl.DataFrame, codes: Mapping[str, str]) -> pl.DataFrame:
    """Return the rows that belong to the codes; a code of a grouping includes its members."""
    for name, code in codes.items():
        if name in GROUPINGS:
            grouping = GROUPINGS[name]
            rows = rows.filter(pl.col(grouping.base).is_in(grouping.members(code)))
        else:
            rows = rows.filter(pl.col(name) == code)
    return rows


def _of_year(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    """Return the rows of the latest year not later than the period's, so that no one is counted twice."""
    years = rows["year"].unique()
    wanted = years if period.level == "all" else years.filter(years <= period.year)
    return rows.clear() if wanted.is_empty() else rows.filter(pl.col("year") == wanted.max())


def _months_of(rows: pl.DataFrame, period: Period) -> pl.DataFrame:
    first, last = period.first_day, period.last_day
    return rows if first is None or last is None else rows.filter(pl.col("month").is_between(first, last))


@lru_cache(maxsize=32)
def _read(store: Store, generation: Generation, table: str) -> pl.DataFrame:
    """Return a small table with its codes as text. Residents: foreign languages of the store's municipalities only."""
    queries = {
        "population": "SELECT municipality::VARCHAR AS municipality, language::VARCHAR AS language, year, residents "
        "FROM population",
        "cost": "SELECT municipality::VARCHAR AS municipality, service::VARCHAR AS service, year, euros FROM cost",
        "staff": "SELECT service_point, month, person_years, training_days FROM staff",
    }
    with store.reading(generation) as cursor:
        rows: pl.DataFrame = cursor.sql(queries[table]).pl()
        if table != "population":
            return rows
        own: pl.Series = cursor.sql(
            "SELECT municipality::VARCHAR AS code FROM service_point UNION SELECT municipality::VARCHAR FROM cost"
        ).pl()["code"]
    own = own.filter(own != unknown_code("municipality"))
    # A population table of the whole country is limited to the area, or reach would be understated.
    covered = rows.filter(pl.col("municipality").is_in(own.implode())) if len(own) else rows
    languages = code_list("language")
    foreign = [code for code in languages.ids if languages.group_of(code) != NATIONAL and code != languages.unknown]
    return covered.filter(pl.col("language").is_in(foreign))

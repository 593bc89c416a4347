"""Which municipalities have a service, as far as is known: those with places of their own, and those that pay for it."""

from __future__ import annotations

import duckdb

from data.codes import unknown_code
from data.store.reading import columns_there

_POINTS = f"SELECT municipality FROM service_point WHERE municipality <> '{unknown_code('municipality')}'"

LISTED = f"{_POINTS} AND delivery > 0"
"""SQL for the municipalities that a list of service points has places in."""

PAYERS = f"""SELECT municipality, 'guidance' AS service FROM ({_POINTS})
    UNION SELECT municipality, service::VARCHAR AS service FROM cost"""
"""SQL for the municipalities that have a service, with the service. Who pays for a competence centre alone has no guidance."""


_TOLD = "SELECT service::VARCHAR FROM encounter GROUP BY service"
PAYERS_TOLD = f"SELECT municipality FROM ({PAYERS}) WHERE service IN ({_TOLD})"
"""SQL for the municipalities that have a service of which there are visits."""


def years_paid(connection: duckdb.DuckDBPyConnection, service: str) -> dict[str, frozenset[int]]:
    """Return the municipalities that pay for a service, with the years of which their costs are known."""
    if not columns_there(connection, "cost"):
        return {}
    paying: dict[str, set[int]] = {}
    query = "SELECT DISTINCT municipality::VARCHAR, year FROM cost WHERE service = ?"
    for place, year in connection.execute(query, [service]).fetchall():
        paying.setdefault(place, set()).add(year)
    return {place: frozenset(years) for place, years in paying.items()}


def having(connection: duckdb.DuckDBPyConnection, service: str | None = None) -> frozenset[str]:
    """Return the municipalities that have a service, as far as is known; a competence centre by its costs alone.

    service: None for any of which there are visits.
    """
    services = [service] if service else [one for (one,) in connection.execute(_TOLD).fetchall()]
    there = "guidance" in services and columns_there(connection, "service_point")
    points = connection.execute(f"SELECT DISTINCT municipality::VARCHAR FROM ({_POINTS})").fetchall() if there else ()
    return frozenset(place for (place,) in points).union(*(years_paid(connection, one) for one in services))

"""Batched changes of stocks: figures of the clients who are present in a period, such as those enrolled.

Where a fact has a row for each month in which something lasts, neighbouring months and quarters hold the same clients but for
those who came and left. So a cell changes from one to the next by nobody or by at least `batch` of these, who are pending for
each other as status changes are (`metrics.cube.status_changes`): until then they are not counted yet, or still counted. Years
and all time admit clients as of any fact, but begin with those whom January shows.
"""

from collections.abc import Sequence

import duckdb

from metrics.cube.admission import same_cell
from metrics.cube.agreement import Agreement
from metrics.cube.chains import NEVER
from metrics.cube.status_changes import StatusChanges

STEPS = {"month": 1, "quarter": 3}
"""The periods whose neighbours hold the same people, and how many months they have."""


def stock_changes(
    counts: Sequence[str], parts: tuple[str, ...], dimensions: tuple[str, ...], batch: int
) -> tuple[str, StatusChanges]:
    """Return a query for a table `came_and_left` of who comes and goes by level and cell, and what makes the table `stock` of it.

    `stock_in` also reads the table `month_present`, of `months_present`.

    counts: columns of the table `base_month`, of who is present by the dimensions, month and client; parts: those of conditions.
    The table `visited_cell` is there too.
    """
    moves = []
    for level, months in STEPS.items():
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in counts)
        there = f"""SELECT cell, client, min(month) AS first_month, month - month % {months} AS start, {sums}
            FROM base_month one JOIN visited_cell ON {same_cell(dimensions)} GROUP BY ALL"""
        for sign, added_at in (("", "first_month"), ("-", f"start + {months}")):
            added = ", ".join(f"{sign}{name} AS {name}" for name in counts)
            moves.append(f"SELECT '{level}' AS level, cell, client, {added_at} AS added_at, {added} FROM ({there})")
    sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in counts)
    moved = " OR ".join(f"{name} <> 0" for name in counts)
    query = f"""SELECT *, 0 AS month FROM (
            SELECT level, cell, client, added_at, {sums} FROM ({" UNION ALL ".join(moves)}) GROUP BY ALL
        ) WHERE {moved}"""
    return query, StatusChanges("came_and_left", "stock", tuple(counts), (), dimensions, batch, parts)


def stock_in(level: str, counts: Sequence[str], parts: Sequence[str], dimensions: Sequence[str], closed: int) -> str:
    """Return SQL of who is counted as present, by dimensions, month (the first of the period) and client."""
    months = STEPS[level]
    names, until = "".join(f"{name}, " for name in dimensions), f"least(start + {months - 1}, {closed})"
    counted = {name: f"counted_at_{name}" if name in parts else "counted_at" for name in counts}
    sums = ", ".join(
        f"coalesce(sum({name}) FILTER (WHERE {counted[name]} <= {until}), 0)::BIGINT AS {name}" for name in counts
    )
    return f"""(SELECT {names}start AS month, client, {sums}
        FROM stock JOIN visited_cell USING (cell)
        JOIN (SELECT DISTINCT month - month % {months} AS start FROM month_present) ON counted_at <= {until}
        WHERE level = '{level}' AND counted_at < {NEVER} GROUP BY ALL)"""


def months_present(cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Make the table `month_present` of the months in which anybody of any slice is present."""
    months = cursor.sql("SELECT DISTINCT month::INTEGER AS month FROM base_month").pl()
    cursor.register("months_of_all", agreement.union(months))
    cursor.execute("CREATE OR REPLACE TEMP TABLE month_present AS FROM months_of_all")
    cursor.unregister("months_of_all")

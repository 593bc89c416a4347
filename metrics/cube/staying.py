"""Those who stay from month to month are let in and out several at a time.

Where a fact has a row for each month in which something lasts (an enrolment), neighbouring months and quarters hold the same
people but for those who came and left. So a cell goes from one to the next by nobody or by at least `together` of these, who wait
for each other as what turns does (`metrics.cube.turning`): until then they are not in yet, or still in. Years and all time take
people in as of any fact, but begin with those whom January shows.
"""

from collections.abc import Sequence

import duckdb

from metrics.cube.agreement import Agreement
from metrics.cube.settling import NEVER, same_cell
from metrics.cube.turning import Turning

STEPS = {"month": 1, "quarter": 3}
"""The periods whose neighbours hold the same people, and how many months they have."""


def staying(
    counts: Sequence[str], parts: tuple[str, ...], dimensions: tuple[str, ...], together: int
) -> tuple[str, Turning]:
    """Return a query for a table `came_and_left`, and what makes `stayed` of it: what comes and goes, by level and cell.

    With `stayed_in` goes the table `month_there`, of `there`.

    counts: columns of the table `base_month`, of who is there by the dimensions, month and client; parts: those of conditions.
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
    return query, Turning("came_and_left", "stayed", tuple(counts), (), dimensions, together, parts)


def stayed_in(level: str, counts: Sequence[str], parts: Sequence[str], dimensions: Sequence[str], closed: int) -> str:
    """Return SQL of who is told to be there, by dimensions, month (the first of the period) and client."""
    months = STEPS[level]
    names, until = "".join(f"{name}, " for name in dimensions), f"least(start + {months - 1}, {closed})"
    told = {name: f"told_{name}" if name in parts else "told" for name in counts}
    sums = ", ".join(
        f"coalesce(sum({name}) FILTER (WHERE {told[name]} <= {until}), 0)::BIGINT AS {name}" for name in counts
    )
    return f"""(SELECT {names}start AS month, client, {sums}
        FROM stayed JOIN visited_cell USING (cell)
        JOIN (SELECT DISTINCT month - month % {months} AS start FROM month_there) ON told <= {until}
        WHERE level = '{level}' AND told < {NEVER} GROUP BY ALL)"""


def there(cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
    """Make the table `month_there` of the months in which anybody of any slice is there."""
    months = cursor.sql("SELECT DISTINCT month::INTEGER AS month FROM base_month").pl()
    cursor.register("months_of_all", agreement.union(months))
    cursor.execute("CREATE OR REPLACE TEMP TABLE month_there AS FROM months_of_all")
    cursor.unregister("months_of_all")

"""When people enter the cells of visitors: few wait until they are several.

Periods lie within each other, and equal people give equal numbers. So who is alone in a language and month could be followed
through all cells that move when that month is added. Therefore, in every period that grows month by month (*chain*: quarter,
year and year to date, all time), people who are new to a cell wait until at least `together` of them do, and until one more
have come to each figure that it is a part of since it could last take anybody in (`metrics.cube.breakdowns`): else the last of
them would be told by the month. They are new to a breakdown only when they have entered these figures. Of those who have
entered, the ones who meet a condition (are new clients, or solved) wait once more, in the same way: it is a code, too. Those
who have entered and come again wait in the same way, by themselves. A month's own cell holds its own people if they are as
many, and nobody if not. So a cell of a chain differs from one month to another by nobody or by that many, whoever else comes
again. A total without a code is one cell.

Clients and anonymous visitors wait by themselves, because each changes numbers that the other does not. Who is counted when does
not depend on later months: the next release does not change it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import duckdb

from metrics.cube.agreement import ALONE, Agreement

if TYPE_CHECKING:
    import polars as pl

    from metrics.cube.visits import Whole

CHAINS = {"quarter": 3, "year": 12, "all": 0}
"""Periods that grow month by month, and how many months each has; 0: all."""
NEVER = 999_999
"""A month after all others: what still waits."""


@dataclass(frozen=True)
class Settling:
    """The rule for one table of everyone who has come, by the dimensions, `month` and `client`.

    chains: of `CHAINS`; closed: the last month that is counted; together: how many enter a cell at once, at least; parts: columns
    of the table that are above 0 for those who meet a condition, which wait again for each other.
    """

    rows: str
    dimensions: tuple[str, ...]
    chains: tuple[str, ...]
    closed: int
    together: int
    parts: tuple[str, ...] = ()

    def __call__(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
        """Make the tables `visited_cell` (the dimensions, `cell`) and `counted_visit`.

        Columns of the latter: `cell`, `client`, `month`, `in_month` (whether the month's own cell holds its people), and for
        each chain `counted_<chain>`, the month from which the visit is counted in it, `NEVER` while it waits; for each part also
        `counted_<chain>_<part>`, whether it is counted as one that meets the condition.
        """
        # Not above: to load Polars or NumPy takes longer than to answer a question whose cells are there.
        from metrics.cube.waiting import counted

        number_all(cursor, agreement, "visited_cell", "cell", self.rows, self.dimensions, f"month <= {self.closed}")
        met = "".join(f", {name} > 0 AS {name}" for name in self.parts)
        visits = cursor.sql(
            f"""SELECT cell, month::INTEGER AS month, client{met} FROM {self.rows} one
                JOIN visited_cell ON {same_cell(self.dimensions)} WHERE month <= {self.closed}"""
        ).pl()
        codes = codes_of(cursor, "visited_cell ORDER BY cell", self.dimensions)
        months = ends_of(visits["month"], agreement)
        found = counted(visits, codes, self.chains, self.together, months, agreement, self.parts)
        cursor.register("counted_here", found)
        cursor.execute("CREATE OR REPLACE TEMP TABLE counted_visit AS FROM counted_here")
        cursor.unregister("counted_here")


def number_all(
    cursor: duckdb.DuckDBPyConnection, agreement: Agreement, table: str, number: str, rows: str,
    columns: Sequence[str], where: str = "true",
) -> None:  # fmt: skip
    """Make a table of the distinct rows of some columns in all slices, each with a number from 0, the same in each slice.

    Without columns there is one row. Alone, there is nobody to agree with: each statement takes longer than what a small store
    has to number.
    """
    if not columns:
        cursor.execute(f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT 0 AS total, 0::INTEGER AS {number}")
        return
    names = ", ".join(columns)
    numbered = f"CREATE OR REPLACE TEMP TABLE {table} AS SELECT *, (row_number() OVER () - 1)::INTEGER AS {number}"
    cursor.execute(f"{numbered} FROM (SELECT DISTINCT {names} FROM {rows} WHERE {where})")
    if agreement is ALONE:
        return
    here = cursor.table(table)
    types = dict(zip(here.columns, here.types, strict=True))
    # As text, for each slice has types of codes of its own.
    texts = ", ".join(f"{name}::VARCHAR AS {name}" for name in columns)
    cursor.register("cells_of_all", agreement.union(cursor.sql(f"SELECT {texts} FROM {table}").pl()))
    typed = ", ".join(f"{name}::{types[name]} AS {name}" for name in columns)
    cursor.execute(f"{numbered} FROM (SELECT {typed} FROM cells_of_all)")
    cursor.unregister("cells_of_all")


def codes_of(cursor: duckdb.DuckDBPyConnection, rows: str, ordered_by: Sequence[str]) -> list[Whole]:
    """Return for each way to order some rows the place of each row's value among all values, from 0."""
    if not ordered_by:
        return []
    codes = ", ".join(f"dense_rank() OVER (ORDER BY {by}) - 1 AS code_{place}" for place, by in enumerate(ordered_by))
    found: dict[str, Any] = cursor.execute(f"SELECT {codes} FROM {rows}").fetchnumpy()
    return [*found.values()]


def ends_of(months: pl.Series, agreement: Agreement) -> tuple[int, int] | None:
    """Return the first and the last month of all slices; None where none has any."""
    import polars as pl  # as above

    here = pl.DataFrame({"month": [months.min(), months.max()]}, {"month": pl.Int64()})
    every = agreement.union(here)["month"]
    first, last = every.min(), every.max()
    return None if first is None else (int(first), int(last))  # type: ignore[arg-type]


def same_cell(dimensions: tuple[str, ...]) -> str:
    """Return the condition that joins rows `one` to `visited_cell`."""
    parts = (f"visited_cell.{name} IS NOT DISTINCT FROM one.{name}" for name in dimensions)
    return " AND ".join(parts) or "true"

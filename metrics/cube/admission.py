"""Batched admission: from which month on clients are counted in the cells of the protected audience.

Periods lie within each other, and equal clients give equal numbers. A client who is alone in a language and a month could
therefore be followed through all cells that change when that month is added (a differencing attack). So in every period that
accumulates month by month (*chain*: quarter, year and year to date, all time):

- Clients who are new to a cell are pending until at least `batch` of them are, and until one more has come to each of its margins
  (`metrics.cube.margins`) since the cell could last admit anybody: else the month would reveal the last of them. Then all who are
  pending are admitted at once. New to a cell of a breakdown is only who has been admitted to its margins.
- Clients who have been admitted and come again are pending in the same way, among themselves.
- Admitted clients who meet a condition (are new clients, or solved) are pending once more, in the same way: a condition is a
  code.

The cell of a single month counts its clients if there are at least `batch`, and nobody otherwise. So a cell of a chain differs
from one month to the next by nobody or by that many, whoever else comes again. A total without a code is one cell.

Clients and anonymous visitors form batches of their own, because each changes numbers that the other does not. Admission does not
depend on later months: the next release does not change it.
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


@dataclass(frozen=True)
class Admission:
    """The rule for one table of everyone who has come, by the dimensions, `month` and `client`.

    rows: of closed months alone; chains: of `CHAINS`; batch: the smallest number admitted at once; parts: columns of
    the table that are above 0 for those who meet a condition, who are admitted once more among themselves.
    """

    rows: str
    dimensions: tuple[str, ...]
    chains: tuple[str, ...]
    batch: int
    parts: tuple[str, ...] = ()

    def __call__(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
        """Make the tables `visited_cell` (the dimensions, `cell`) and `counted_visit`, its rows in the order of those of `rows`.

        Columns of the latter: `cell`, `client`, `month`, `in_month` (whether the month's own cell holds its people), and for
        each chain `counted_<chain>`, the month from which the visit is counted in it, `NEVER` while it is pending; for each
        part also `counted_<chain>_<part>`, whether it is counted as one that meets the condition.
        """
        # Not above: to load Polars or NumPy takes longer than to answer a question whose cells are there.
        from metrics.cube.batching import counted

        number_all(cursor, agreement, "visited_cell", "cell", self.rows, self.dimensions)
        met = "".join(f", {name} > 0 AS {name}" for name in self.parts)
        visits = cursor.sql(
            f"""SELECT cell, month::INTEGER AS month, client{met}, one.rowid::INTEGER AS row FROM {self.rows} one
                JOIN visited_cell ON {same_cell(self.dimensions)}"""
        ).pl()
        if not visits["row"].is_sorted():  # a join may bring them in another order
            visits = visits.sort("row")
        visits = visits.drop("row")
        codes = codes_of(cursor, "visited_cell ORDER BY cell", self.dimensions)
        months = ends_of(visits["month"], agreement)
        found = counted(visits, codes, self.chains, self.batch, months, agreement, self.parts)
        cursor.register("counted_here", found)
        cursor.execute("CREATE OR REPLACE TEMP TABLE counted_visit AS FROM counted_here")
        cursor.unregister("counted_here")


def number_all(
    cursor: duckdb.DuckDBPyConnection, agreement: Agreement, table: str, number: str, rows: str,
    columns: Sequence[str],
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
    cursor.execute(f"{numbered} FROM (SELECT DISTINCT {names} FROM {rows})")
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


def when_admitted(rows: str, dimensions: tuple[str, ...], *, is_all: bool) -> str:
    """Return SQL of a table's rows with the columns of `counted_visit`. is_all: whether those are its rows, in order."""
    told = "SELECT one.*, visit.* EXCLUDE (cell, client, month) FROM"
    if is_all:  # which spares the longest join of a scan
        return f"({told} {rows} one POSITIONAL JOIN counted_visit visit)"
    same = "visit.cell = visited_cell.cell AND visit.client = one.client AND visit.month = one.month"
    return f"({told} {rows} one JOIN visited_cell ON {same_cell(dimensions)} JOIN counted_visit visit ON {same})"


def same_cell(dimensions: tuple[str, ...]) -> str:
    """Return the condition that joins rows `one` to `visited_cell`."""
    parts = (f"visited_cell.{name} IS NOT DISTINCT FROM one.{name}" for name in dimensions)
    return " AND ".join(parts) or "true"

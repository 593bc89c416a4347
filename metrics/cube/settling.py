"""Small months: few who came to a cell in a month are counted together with those of other such months.

Periods lie within each other, and equal people give equal numbers. So who is alone in a language and month could be followed
through all cells that move when that month is added. Therefore people of small months wait until at least `together` different
clients of the cell do, and until so many have come of each of its codes since it could last take in those who wait: else the
last of them would be told by the month. Then they enter the quarter, the year, the year to date and all time at once; a month's
own cell holds its own people if they are as many, and nobody if not. So any two periods differ in a cell by nobody or by that
many.

Clients and anonymous visitors wait by themselves, because each changes numbers that the other does not. What has been taken in
does not depend on later months: the next release does not change it.
"""

from collections.abc import Iterable
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

_NEVER = 999_999
"""A month after all others: what still waits."""
_MOST_NUMBERS = 2_000_000
"""In memory at once: a long history has many pairs of months."""
Months = npt.NDArray[np.int32]


@dataclass(frozen=True)
class Settling:
    """The rule for one table of everyone who has come, by the dimensions, `month` and `client`.

    closed: the last month that is counted; together: how many enter a cell at once, at least.
    """

    rows: str
    dimensions: tuple[str, ...]
    closed: int
    together: int

    def __call__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the table `small_month`: the small months of each cell, and the month in which each is `settled`.

        Columns: the dimensions, `identified`, `month`, `settled`.
        """
        names = ", ".join(self.dimensions)
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE cell_month AS SELECT {names}, client > 0 AS identified, month, count(*) AS people
                FROM {self.rows} WHERE month <= {self.closed} GROUP BY ALL;
            DELETE FROM cell_month WHERE people >= {self.together};
            CREATE OR REPLACE TEMP TABLE small_cell AS
                SELECT *, row_number() OVER () - 1 AS cell FROM (SELECT DISTINCT {names}, identified FROM cell_month)"""
        )
        cells = cursor.sql("FROM small_cell ORDER BY cell").pl()
        first = self._first(cursor)
        visits = self._visits(cursor, first)
        parts = visits.partition_by("month", as_dict=True)
        by_month = [parts.get((month,), visits.clear()) for month in range(first, self.closed + 1)]
        ends = [self._ends(cursor, name, cells, first) for name in self.dimensions]
        small = visits.select("cell", "month").unique()
        steps = _steps(by_month, ends, len(cells), self.together)
        cursor.register("found_month", small.with_columns(settled=_settled(steps, small, first)))
        cursor.execute(
            "CREATE OR REPLACE TEMP TABLE small_month AS SELECT * EXCLUDE (cell) FROM found_month JOIN small_cell USING (cell)"
        )
        cursor.unregister("found_month")

    def _first(self, cursor: duckdb.DuckDBPyConnection) -> int:
        query = f"SELECT coalesce(min(month), {self.closed})::INTEGER FROM {self.rows} WHERE month <= {self.closed}"
        return int(cursor.sql(query).pl().item())

    def _visits(self, cursor: duckdb.DuckDBPyConnection, first: int) -> pl.DataFrame:
        """Return who came to small months: cell, month, and the client's small month `before` in the cell, from 1; 0: none."""
        in_cell = _same(self.dimensions, "cell", "one")
        in_month = f"{_same(self.dimensions, 'few', 'one')} AND few.month = one.month"
        found: pl.DataFrame = cursor.sql(
            f"""SELECT cell.cell, one.month::INTEGER AS month, coalesce(
                    lag(one.month) OVER (PARTITION BY cell.cell, one.client ORDER BY one.month) - {first} + 1, 0
                )::INTEGER AS before
                FROM {self.rows} one SEMI JOIN cell_month few ON {in_month} JOIN small_cell cell ON {in_cell}"""
        ).pl()
        return found

    def _ends(self, cursor: duckdb.DuckDBPyConnection, name: str, cells: pl.DataFrame, first: int) -> Months:
        """Return for each cell and number of months from the first: after so many months more, enough of its code have come."""
        code = f"coalesce({name}::VARCHAR, '')"
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE code_month AS SELECT client > 0 AS identified, {code} AS code, month,
                    count(DISTINCT client) >= {self.together} AS is_big
                FROM {self.rows} WHERE month <= {self.closed} GROUP BY ALL"""
        )
        # By the small month before in which the client had come: who had not since a month, is new after it.
        few = cursor.sql(
            f"""SELECT identified, code, month - {first} AS month, coalesce(before - {first} + 1, 0) AS before, count(*) AS n
                FROM (
                    SELECT *, lag(month) OVER (PARTITION BY identified, code, client ORDER BY month) AS before FROM (
                        SELECT DISTINCT identified, code, month, client
                        FROM (SELECT client > 0 AS identified, {code} AS code, month, client FROM {self.rows})
                        SEMI JOIN (FROM code_month WHERE NOT is_big) USING (identified, code, month)
                    )
                ) GROUP BY ALL
                UNION ALL SELECT identified, code, month - {first}, 0, {self.together} FROM code_month WHERE is_big"""
        ).pl()
        codes = cursor.sql("SELECT DISTINCT identified, code FROM code_month").pl().with_row_index("group")
        of_codes = (
            few.join(codes, on=["identified", "code"])["group", "month", "before", "n"].to_numpy().astype(np.int32)
        )
        ends = _enough(of_codes, len(codes), self.closed - first + 1, self.together)
        named = cells.select("identified", code=pl.col(name).cast(pl.String).fill_null(""))
        groups = named.join(codes, on=["identified", "code"], how="left", maintain_order="left")["group"]
        found: Months = ends[groups.to_numpy()]
        return found


def settled(table: str, dimensions: tuple[str, ...], extra: tuple[str, ...], sums: str) -> str:
    """Return SQL of a table by dimensions, `month`, `client` and `extra`, in settled months, without those who still wait.

    `waited` tells the rows of small months, which are in no month's own cell.
    """
    matched = f"ON {_same(dimensions, 'small', 'one')} AND small.month = one.month"
    keys = ", ".join([*dimensions, "month", "client", *extra])
    waited = f"""SELECT {keys}, {sums}, true AS waited FROM (
            SELECT one.* REPLACE (small.settled AS month) FROM {table} one JOIN small_month small {matched}
        ) WHERE month < {_NEVER} GROUP BY ALL"""
    return f"{waited} UNION ALL BY NAME SELECT one.*, false AS waited FROM {table} one ANTI JOIN small_month small {matched}"


def _same(dimensions: tuple[str, ...], table: str, rows: str) -> str:
    same = " AND ".join(f"{table}.{name} IS NOT DISTINCT FROM {rows}.{name}" for name in dimensions)
    return f"{same} AND {table}.identified = ({rows}.client > 0)"


def _enough(visits: Months, codes: int, months: int, together: int) -> Months:
    """Return by code and number of months from the first: after so many months more, enough have come.

    visits: rows of code, month, month before, and number of clients.
    """
    ends = np.full((codes, months + 1), _NEVER, np.int32)
    at_once = max(1, _MOST_NUMBERS // (months * (months + 1)))
    for start in range(0, codes, at_once):
        mine = visits[(visits[:, 0] >= start) & (visits[:, 0] < start + at_once)]
        come = np.zeros((min(at_once, codes - start), months, months + 1), np.int32)
        come[mine[:, 0] - start, mine[:, 1], mine[:, 2]] = mine[:, 3]
        new = come.cumsum(axis=2, dtype=np.int32)
        for since in range(months):
            enough = new[:, since:, since].cumsum(axis=1) >= together
            until = np.where(enough.any(axis=1), since + enough.argmax(axis=1) + 1, _NEVER)
            ends[start : start + at_once, since] = until
    return ends


def _steps(visits: list[pl.DataFrame], ends: Iterable[Months], count: int, together: int) -> npt.NDArray[np.bool_]:
    """Return by month and cell whether the cell takes in those who wait."""
    until = np.maximum.reduce(list(ends))
    steps = np.zeros((len(visits), count), bool)
    last, waiting = np.zeros(count, np.int32), np.zeros(count, np.int64)
    possible = until[:, 0].copy()
    for index, came in enumerate(visits, 1):
        cell = came["cell"].to_numpy()
        is_new = came["before"].to_numpy() <= last[cell]
        waiting += np.bincount(cell[is_new], minlength=count)
        is_possible = possible == index
        possible[is_possible] = until[is_possible, index]
        step = is_possible & (waiting >= together)
        steps[index - 1] = step
        last[step], waiting[step] = index, 0
    return steps


def _settled(steps: npt.NDArray[np.bool_], small: pl.DataFrame, first: int) -> pl.Series:
    """Return the month in which each cell and month of `small` is taken in."""
    cell, month = small["cell"].to_numpy(), small["month"].to_numpy() - first
    found = np.full(len(small), _NEVER, np.int32)
    coming = np.full(steps.shape[1], _NEVER, np.int32)
    for index in range(len(steps) - 1, -1, -1):
        coming[steps[index]] = index + first
        mine = month == index
        found[mine] = coming[cell[mine]]
    return pl.Series(found)

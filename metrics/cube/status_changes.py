"""Batched status changes: what becomes true or false after the event (it matures, has started, is at work) and is then counted.

Among the clients admitted to a cell (`metrics.cube.admission`), those whose status has changed are pending until at least
`batch` of them are, and until as many have changed in each margin of the cell as admission requires. Then the changes of all
who are pending are counted at once. Clients with counted changes who meet a condition are pending once more, as in admission.
"""

from dataclasses import dataclass

import duckdb

from metrics.cube.admission import codes_of, ends_of, number_all
from metrics.cube.agreement import Agreement
from metrics.cube.chains import NEVER

MOST_ROWS = 500_000
"""That are worked on at once, unless a single period has more."""
_Period = tuple[str, int]
"""Its level and first month."""
_NONE = (("", 0), ("", 0))
_KEYS = ("place", "client", "added_at")


@dataclass(frozen=True)
class StatusChanges:
    """The rule for one table of what is `added_at` a month, by `level`, `cell`, `month` (first of the period) and `client`.

    counted: the name of the table to make, of the rows that are counted and the month in which they are, `counted_at`; added:
    the columns of what is added; extra: those it is added by; dimensions: of the cells; batch: the smallest number counted at
    once; parts: those of the columns whose changes are pending once more, with the month in which they are counted,
    `counted_at_<column>`.
    """

    rows: str
    counted: str
    added: tuple[str, ...]
    extra: tuple[str, ...]
    dimensions: tuple[str, ...]
    batch: int
    parts: tuple[str, ...] = ()

    def __call__(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
        """Make the table.

        No batch has clients of two periods. So arrays, which no bound of DuckDB holds, need not be of all periods.
        """
        number_all(cursor, agreement, "place_of_all", "number", self.rows, ("level", "cell", "month"))
        create = f"CREATE OR REPLACE TEMP TABLE {self.counted} AS"
        for first, last in self._at_once(cursor, agreement):
            cursor.execute(
                f"""CREATE OR REPLACE TEMP TABLE changed_place AS
                    SELECT level, cell, month, (row_number() OVER (ORDER BY number) - 1)::INTEGER AS place
                    FROM place_of_all WHERE (level, month) BETWEEN {first} AND {last}"""
            )
            self._add(cursor, agreement, create)
            create = f"INSERT INTO {self.counted}"

    def _at_once(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> list[tuple[_Period, _Period]]:
        """Return the first and the last of the periods that are worked on together: few that have many rows."""
        periods = cursor.sql(
            f"""SELECT level, month, coalesce(n, 0)::BIGINT AS n FROM (SELECT DISTINCT level, month FROM place_of_all)
                LEFT JOIN (SELECT level, month, count(*) AS n FROM {self.rows} GROUP BY ALL) USING (level, month) ORDER BY ALL"""
        ).pl()
        found, size = list[list[_Period]](), 0
        for level, month, rows in zip(
            periods["level"], periods["month"], agreement.total(periods["n"].to_numpy()), strict=True
        ):
            size += rows
            if not found or size > MOST_ROWS:
                found.append([])
                size = rows
            found[-1].append((level, month))
        return [(several[0], several[-1]) for several in found] or [_NONE]

    def _add(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement, create: str) -> None:
        """Add the changes of the periods of `changed_place` to the table. create: the statement that does it."""
        import polars as pl  # as in `metrics.cube.admission`

        from metrics.cube.batching import changes_counted_at

        # What is added as one number: it is 0 where nothing is.
        extra = "".join(f", {name}" for name in self.extra)
        change = " + ".join(f"{name} * (hash('{name}'{extra}) % 2147483647)::BIGINT" for name in self.added)
        # Where nothing is added by anything else, each place, client and month has one row, which its number tells apart.
        keys = _KEYS if self.extra else ("row",)
        total, row, grouped = ("sum", "", "GROUP BY ALL") if self.extra else ("", ", one.rowid AS row", "")
        parts = "".join(f", {total}({name})::BIGINT AS {name}" for name in self.parts)
        changed = cursor.sql(
            f"""SELECT place, client, added_at, {total}({change})::BIGINT AS change{parts}{row}
                FROM {self.rows} one JOIN changed_place USING (level, cell, month) {grouped}"""
        ).pl()
        of_period = ["level, month", *(f"level, month, {name}" for name in self.dimensions)]
        periods, *codes = codes_of(cursor, "changed_place JOIN visited_cell USING (cell) ORDER BY place", of_period)
        months = ends_of(changed["added_at"], agreement)
        of_parts = {f"counted_at_{name}": name for name in self.parts}
        counted = changes_counted_at(changed, codes, periods, self.batch, months, agreement, of_parts)
        cursor.register("counted_here", pl.concat([changed.select(keys), counted], how="horizontal"))
        by_place = f"JOIN changed_place USING (level, cell, month) JOIN counted_here USING ({', '.join(_KEYS)})"
        cursor.execute(
            f"""{create} SELECT one.*, counted_here.* EXCLUDE ({", ".join(keys)})
                FROM {self.rows} one {by_place if self.extra else "JOIN counted_here ON counted_here.row = one.rowid"}
                WHERE counted_at < {NEVER}"""
        )
        cursor.unregister("counted_here")

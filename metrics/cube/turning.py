"""What turns true or false after the event is told of several people at a time: it matures, has started, is at work.

Of the people of a cell (`metrics.cube.settling`), those whose conditions have turned since the cell last told of any wait until
at least `together` have, and so many of each of the cell's codes, as those who come again do. Of those who are told of, the
ones who meet a condition wait for each other once more.
"""

from dataclasses import dataclass

import duckdb

from metrics.cube.agreement import Agreement
from metrics.cube.settling import NEVER, codes_of, ends_of, number_all

MOST_ROWS = 500_000
"""That are worked on at once, unless a single period has more."""
_Period = tuple[str, int]
"""Its level and first month."""
_NONE = (("", 0), ("", 0))
_KEYS = ("place", "client", "added_at")


@dataclass(frozen=True)
class Turning:
    """The rule for one table of what is `added_at` a month, by `level`, `cell`, `month` (first of the period) and `client`.

    told: the name of the table to make, of the rows that are told and the month in which they are `told`; added: the columns of
    what is added; extra: those it is added by; dimensions: of the cells; together: how many are told of at once, at least; parts:
    those of the columns that wait again for whom they are added to, with the month in which they are told, `told_<column>`.
    """

    rows: str
    told: str
    added: tuple[str, ...]
    extra: tuple[str, ...]
    dimensions: tuple[str, ...]
    together: int
    parts: tuple[str, ...] = ()

    def __call__(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement) -> None:
        """Make the table.

        Nobody waits for anybody of another period. So arrays, which no bound of DuckDB holds, need not be of all periods.
        """
        number_all(cursor, agreement, "place_of_all", "number", self.rows, ("level", "cell", "month"))
        create = f"CREATE OR REPLACE TEMP TABLE {self.told} AS"
        for first, last in self._at_once(cursor, agreement):
            cursor.execute(
                f"""CREATE OR REPLACE TEMP TABLE turned_place AS
                    SELECT level, cell, month, (row_number() OVER (ORDER BY number) - 1)::INTEGER AS place
                    FROM place_of_all WHERE (level, month) BETWEEN {first} AND {last}"""
            )
            self._tell(cursor, agreement, create)
            create = f"INSERT INTO {self.told}"

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

    def _tell(self, cursor: duckdb.DuckDBPyConnection, agreement: Agreement, create: str) -> None:
        """Add to the table what is told in the periods of `turned_place`. create: the statement that does it."""
        import polars as pl  # as in `metrics.cube.settling`

        from metrics.cube.waiting import told_at

        # What is added as one number: it is 0 where nothing is.
        extra = "".join(f", {name}" for name in self.extra)
        change = " + ".join(f"{name} * (hash('{name}'{extra}) % 2147483647)::BIGINT" for name in self.added)
        # Where nothing is added by anything else, each place, client and month has one row, which its number tells apart.
        keys = _KEYS if self.extra else ("row",)
        total, row, grouped = ("sum", "", "GROUP BY ALL") if self.extra else ("", ", one.rowid AS row", "")
        parts = "".join(f", {total}({name})::BIGINT AS {name}" for name in self.parts)
        turned = cursor.sql(
            f"""SELECT place, client, added_at, {total}({change})::BIGINT AS change{parts}{row}
                FROM {self.rows} one JOIN turned_place USING (level, cell, month) {grouped}"""
        ).pl()
        of_period = ["level, month", *(f"level, month, {name}" for name in self.dimensions)]
        periods, *codes = codes_of(cursor, "turned_place JOIN visited_cell USING (cell) ORDER BY place", of_period)
        months = ends_of(turned["added_at"], agreement)
        parts_told = {f"told_{name}": name for name in self.parts}
        told = told_at(turned, codes, periods, self.together, months, agreement, parts_told)
        cursor.register("told_here", pl.concat([turned.select(keys), told], how="horizontal"))
        by_place = f"JOIN turned_place USING (level, cell, month) JOIN told_here USING ({', '.join(_KEYS)})"
        cursor.execute(
            f"""{create} SELECT one.*, told_here.* EXCLUDE ({", ".join(keys)})
                FROM {self.rows} one {by_place if self.extra else "JOIN told_here ON told_here.row = one.rowid"}
                WHERE told < {NEVER}"""
        )
        cursor.unregister("told_here")

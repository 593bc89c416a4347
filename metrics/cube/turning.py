"""What turns true or false after the event is told of several people at a time: it matures, has started, is at work.

Of the people of a cell (`metrics.cube.settling`), those whose conditions have turned since the cell last told of any wait until
at least `together` have, and so many of each of the cell's codes, as those who come again do. Of those who are told of, the
ones who meet a condition wait for each other once more.
"""

from dataclasses import dataclass

import duckdb
import polars as pl

from metrics.cube.agreement import Agreement
from metrics.cube.settling import NEVER, ends_of, number_all

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
        """Make the table."""
        from metrics.cube.waiting import told_at  # as in `metrics.cube.settling`

        number_all(cursor, agreement, "turned_place", "place", self.rows, ("level", "cell", "month"))
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
        codes = [
            cursor.sql(
                f"""SELECT dense_rank() OVER (ORDER BY level, month{name}) - 1 AS code
                    FROM turned_place JOIN visited_cell USING (cell) ORDER BY place"""
            ).pl()["code"].cast(pl.Int64).to_numpy()
            for name in ("", *(f", {name}" for name in self.dimensions))
        ]  # fmt: skip
        months = ends_of(turned["added_at"], agreement)
        parts_told = {f"told_{name}": name for name in self.parts}
        told = told_at(turned, codes[1:], codes[0], self.together, months, agreement, parts_told)
        cursor.register("told_here", pl.concat([turned.select(keys), told], how="horizontal"))
        by_place = f"JOIN turned_place USING (level, cell, month) JOIN told_here USING ({', '.join(_KEYS)})"
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE {self.told} AS SELECT one.*, told_here.* EXCLUDE ({", ".join(keys)})
                FROM {self.rows} one {by_place if self.extra else "JOIN told_here ON told_here.row = one.rowid"}
                WHERE told < {NEVER}"""
        )
        cursor.unregister("told_here")

"""What turns true or false after the event is told of several people at a time: it matures, has started, is at work.

Of the people of a cell (`metrics.cube.settling`), those whose conditions have turned since the cell last told of any wait until
at least `together` have, and so many of each of the cell's codes, as those who come again do. The conditions of a share are told
together, or whoever is not known to be in its numerator yet would be a no.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import polars as pl

from metrics.cube.settling import NEVER, SortedVisits, Whole, several_again, take_in


@dataclass(frozen=True)
class Turning:
    """The rule for one table of what is `added_at` a month, by `level`, `cell`, `month` (first of the period) and `client`.

    told: the name of the table to make, of the same rows as far as they are told; dimensions: of the cells; together: how many
    are told of at once, at least.
    """

    rows: str
    told: str
    dimensions: tuple[str, ...]
    together: int

    def __call__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the table."""
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE turned_place AS SELECT *, (row_number() OVER () - 1)::INTEGER AS place
                FROM (SELECT DISTINCT level, cell, month FROM {self.rows})"""
        )
        turned = cursor.sql(
            f"SELECT DISTINCT place, client, added_at FROM {self.rows} JOIN turned_place USING (level, cell, month)"
        ).pl()
        codes = [
            cursor.sql(
                f"""SELECT dense_rank() OVER (ORDER BY level, month, {name}) - 1 AS code
                    FROM turned_place JOIN visited_cell USING (cell) ORDER BY place"""
            ).pl()["code"].to_numpy().astype(np.int64)
            for name in self.dimensions
        ]  # fmt: skip
        cursor.register("told_here", turned.with_columns(told=told_at(turned, codes, self.together)))
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE {self.told} AS SELECT one.* FROM {self.rows} one
                JOIN turned_place USING (level, cell, month) JOIN told_here USING (place, client, added_at)
                WHERE told < {NEVER}"""
        )
        cursor.unregister("told_here")


def told_at(turned: pl.DataFrame, codes: Sequence[Whole], together: int) -> pl.Series:
    """Return for each turn the month in which it is told, `NEVER` while it waits.

    turned: `place` (a cell and period), `client` and `added_at`, each once; codes: by dimension, the code of each place.

    >>> turns = {"place": [0, 0, 0, 0], "client": [1, 2, 1, 3], "added_at": [5, 6, 6, 9]}
    >>> told_at(pl.DataFrame(turns), (), 2).to_list()
    [6, 6, 6, 999999]
    """
    if turned.is_empty():
        return pl.Series(dtype=pl.Int64)
    visits = SortedVisits.of(*(turned[name].to_numpy() for name in ("place", "client", "added_at")))
    begins = visits.begins(0)
    may = take_in([visits.by_code(code) for code in codes], begins, visits.groups, together)
    told = several_again(visits, np.full(len(visits.at), -1), begins, may, together)
    return pl.Series(visits.back(np.where(told < NEVER, told + visits.first_month, NEVER)))

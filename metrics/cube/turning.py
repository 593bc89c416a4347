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

from metrics.cube.settling import NEVER, SortedVisits, Whole, next_step, take_in


@dataclass(frozen=True)
class Turning:
    """The rule for one table of what is `added_at` a month, by `level`, `cell`, `month` (first of the period) and `client`.

    told: the name of the table to make, of the rows that are told and the month in which they are `told`; added: the columns of
    what is added; extra: those it is added by; dimensions: of the cells; together: how many are told of at once, at least.
    """

    rows: str
    told: str
    added: tuple[str, ...]
    extra: tuple[str, ...]
    dimensions: tuple[str, ...]
    together: int

    def __call__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the table."""
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE turned_place AS SELECT *, (row_number() OVER () - 1)::INTEGER AS place
                FROM (SELECT DISTINCT level, cell, month FROM {self.rows})"""
        )
        # What is added as one number: it is 0 where nothing is.
        extra = "".join(f", {name}" for name in self.extra)
        change = " + ".join(f"{name} * (hash('{name}'{extra}) % 2147483647)::BIGINT" for name in self.added)
        turned = cursor.sql(
            f"""SELECT place, client, added_at, sum({change})::BIGINT AS change
                FROM {self.rows} JOIN turned_place USING (level, cell, month) GROUP BY ALL"""
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
            f"""CREATE OR REPLACE TEMP TABLE {self.told} AS SELECT one.*, told FROM {self.rows} one
                JOIN turned_place USING (level, cell, month) JOIN told_here USING (place, client, added_at)
                WHERE told < {NEVER}"""
        )
        cursor.unregister("told_here")


def told_at(turned: pl.DataFrame, codes: Sequence[Whole], together: int) -> pl.Series:
    """Return for each turn the month in which it is told, `NEVER` while it waits.

    turned: `place` (a cell and period), `client` and `added_at`, each once, with the `change`; codes: by dimension, the code of
    each place. Whoever has turned back while waiting does not wait.

    >>> turns = {"place": [0, 0, 0, 0], "client": [1, 2, 1, 3], "added_at": [5, 6, 7, 9], "change": [1, 1, -1, 1]}
    >>> told_at(pl.DataFrame(turns), (), 2).to_list()
    [6, 6, 9, 9]
    """
    if turned.is_empty():
        return pl.Series(dtype=pl.Int64)
    visits = SortedVisits.of(*(turned[name].to_numpy() for name in ("place", "client", "added_at")))
    begins = visits.begins(0)
    may = take_in(visits, [visits.by_code(code) for code in codes], begins, together)
    runs = visits.runs(begins)
    run, group = np.cumsum(runs) - 1, visits.group[runs]
    change = turned["change"].to_numpy()[visits.order]
    in_time = np.argsort(visits.at, kind="stable")
    ends = np.searchsorted(visits.at[in_time], np.arange(visits.span + 1))
    now, told = np.zeros(len(group), np.int64), np.zeros(len(group), np.int64)
    steps = np.zeros(may.shape, bool)
    for at in range(visits.span):
        mine = in_time[ends[at] : ends[at + 1]]
        now[run[mine]] += change[mine]
        steps[at] = may[at] & (np.bincount(group[now != told], minlength=visits.groups) >= together)
        told = np.where(steps[at][group], now, told)
    first = next_step(steps, begins, visits.group, visits.at)
    return pl.Series(visits.back(np.where(first < NEVER, first + visits.first_month, NEVER)))

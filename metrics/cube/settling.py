"""When people enter the cells of visitors: few wait until they are several.

Periods lie within each other, and equal people give equal numbers. So who is alone in a language and month could be followed
through all cells that move when that month is added. Therefore, in every period that grows month by month (*chain*: quarter,
year and year to date, all time), people who are new to a cell wait until at least `together` of them do, and until so many
have come of each of the cell's codes since it could last take anybody in: else the last of them would be told by the month. They
are new to a breakdown only when they have entered the figures of each of its codes. Those who have entered and come again wait
in the same way, by themselves. A month's own cell holds its own people if they are as many, and nobody if not. So a cell of a
chain differs from one month to another by nobody or by that many, whoever else comes again.

Clients and anonymous visitors wait by themselves, because each changes numbers that the other does not. Who is counted when does
not depend on later months: the next release does not change it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import numpy.typing as npt
import polars as pl

CHAINS = {"quarter": 3, "year": 12, "all": 0}
"""Periods that grow month by month, and how many months each has; 0: all."""
NEVER = 999_999
"""A month after all others: what still waits."""
_MOST_NUMBERS = 2_000_000
"""In memory at once: a long history has many pairs of months."""
Months = npt.NDArray[np.int32]
Flags = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Settling:
    """The rule for one table of everyone who has come, by the dimensions, `month` and `client`.

    chains: of `CHAINS`; closed: the last month that is counted; together: how many enter a cell at once, at least.
    """

    rows: str
    dimensions: tuple[str, ...]
    chains: tuple[str, ...]
    closed: int
    together: int

    def __call__(self, cursor: duckdb.DuckDBPyConnection) -> None:
        """Make the tables `visited_cell` (the dimensions, `cell`) and `counted_visit`.

        Columns of the latter: `cell`, `client`, `month`, `in_month` (whether the month's own cell holds its people), and for
        each chain `counted_<chain>`, the month from which the visit is counted in it, `NEVER` while it waits.
        """
        names = ", ".join(self.dimensions)
        cursor.execute(
            f"""CREATE OR REPLACE TEMP TABLE visited_cell AS SELECT *, (row_number() OVER () - 1)::INTEGER AS cell
                FROM (SELECT DISTINCT {names} FROM {self.rows} WHERE month <= {self.closed})"""
        )
        visits = cursor.sql(
            f"""SELECT cell, month::INTEGER AS month, client FROM {self.rows} one
                JOIN visited_cell ON {same_cell(self.dimensions)} WHERE month <= {self.closed}"""
        ).pl()
        codes = [
            cursor.sql(f"SELECT (dense_rank() OVER (ORDER BY {name}) - 1)::INTEGER AS code FROM visited_cell ORDER BY cell").pl()
            for name in self.dimensions
        ]  # fmt: skip
        found = counted(visits, [code["code"].to_numpy() for code in codes], self.chains, self.together)
        cursor.register("counted_here", found)
        cursor.execute("CREATE OR REPLACE TEMP TABLE counted_visit AS FROM counted_here")
        cursor.unregister("counted_here")


def same_cell(dimensions: tuple[str, ...]) -> str:
    """Return the condition that joins rows `one` to `visited_cell`."""
    return " AND ".join(f"visited_cell.{name} IS NOT DISTINCT FROM one.{name}" for name in dimensions)


def counted(visits: pl.DataFrame, codes: Sequence[Months], chains: Sequence[str], together: int) -> pl.DataFrame:
    """Return the visits with the columns `in_month` and `counted_<chain>` (see `Settling`).

    visits: one row for each `cell`, `month` and `client`; codes: by dimension, the code of each cell.
    """
    first = visits["month"].min()
    if first is None:
        return visits.with_columns(pl.lit(value=False).alias("in_month"), *(_never(chain) for chain in chains))
    # Clients and anonymous visitors are told apart as if they were different cells and codes.
    sides = visits.select(
        "month", "client", "cell", side=pl.col("cell") * 2 + (pl.col("client") > 0).cast(pl.Int32), at=pl.col("month") - first
    ).with_columns(in_month=pl.len().over("side", "month") >= together)  # fmt: skip
    span = int(sides["at"].max()) + 1  # type: ignore[arg-type]
    doubled = [np.repeat(code * 2, 2) + np.tile((0, 1), len(code)).astype(np.int32) for code in codes]
    cells = len(doubled[0])
    until = np.maximum.reduce([_until(sides, code, span, together)[code] for code in doubled])
    for chain in chains:
        months = CHAINS[chain]
        begins = np.array([not at or bool(months and (first + at) % months == 0) for at in range(span)])  # type: ignore[operator]
        part = sides.with_columns(start=pl.lit(np.cumsum(begins).astype(np.int32)).gather(pl.col("at")))
        enough = _grid(until, begins) if len(codes) > 1 else np.ones((span, cells), bool)
        part = part.join(_arrived(part, doubled, begins, together), on=("side", "start", "client"), how="left")
        part = part.with_columns(entered=_entered(part, "side", begins, enough, together)).with_columns(
            again=pl.col("at") > pl.col("entered")
        )
        month = pl.when(pl.col("again")).then(_again(part, begins, enough, together)).otherwise("entered")
        sides = sides.with_columns(
            part.select(pl.when(month < NEVER).then(month + first).otherwise(NEVER).alias(f"counted_{chain}"))
        )
    return sides.drop("side", "at")


def _never(chain: str) -> pl.Expr:
    return pl.lit(NEVER).alias(f"counted_{chain}")


def _grid(until: Months, begins: Flags) -> Flags:
    """Return by month and cell whether enough have come of each of its codes since the month before in which that was so."""
    found = np.zeros((len(begins), len(until)), bool)
    next_one = until[:, 0]
    for at, begin in enumerate(begins):
        if begin:
            next_one = until[:, at]
        found[at] = next_one == at + 1
        next_one = np.where(found[at], until[:, at + 1], next_one)
    return found


def _arrived(visits: pl.DataFrame, codes: Sequence[Months], begins: Flags, together: int) -> pl.DataFrame:
    """Return when each client is new to each cell in each chain: `side`, `start`, `client`, `arrived`.

    New to a breakdown is who has come to it and entered the figures of each of its codes.
    """
    found = visits.group_by("side", "start", "client", maintain_order=True).agg(arrived=pl.col("at").min())
    for code in codes if len(codes) > 1 else ():
        coded = pl.lit(code).gather(pl.col("side")).alias("code")
        own = (
            visits.select(coded, "start", "client", "at")
            .group_by("code", "start", "client")
            .agg(arrived=pl.col("at").min())
        )
        always = np.ones((len(begins), int(code.max()) + 1), bool)
        own = own.select("code", "start", "client", entered=_entered(own, "code", begins, always, together))
        found = (
            found.with_columns(coded)
            .join(own, on=("code", "start", "client"), how="left")
            .select("side", "start", "client", arrived=pl.max_horizontal("arrived", "entered"))
        )
    return found


def _entered(arrivals: pl.DataFrame, group: str, begins: Flags, may: Flags, together: int) -> pl.Series:
    """Return for each row when its client enters.

    arrivals: rows of the group, chain's start, client, and month `arrived` in which the client is new, the same in all rows
    of the client; may: by month and group, whether it may take in people, if `together` of them wait.
    """
    people = arrivals.filter(pl.col("arrived") < NEVER).unique([group, "start", "client"])
    counts = people.group_by(group, "arrived").len()
    come = np.zeros(may.shape, np.int32)
    come[counts["arrived"].to_numpy(), counts[group].to_numpy()] = counts["len"].to_numpy()
    steps, waiting = np.zeros(may.shape, bool), np.zeros(may.shape[1], np.int64)
    for at, begin in enumerate(begins):
        waiting = come[at] + (0 if begin else waiting)
        steps[at] = may[at] & (waiting >= together)
        waiting[steps[at]] = 0
    return _next(steps, begins, arrivals[group], arrivals["arrived"])


def _again(visits: pl.DataFrame, begins: Flags, may: Flags, together: int) -> pl.Series:
    """Return for each visit when it is counted if its client has entered before: `together` of them must have come again."""
    again = visits.filter("again").sort("side", "start", "client", "at")
    again = again.with_columns(before=pl.col("at").shift(1).over("side", "start", "client").fill_null(-1))
    parts = {int(key[0]): part for key, part in again.partition_by("at", as_dict=True).items()}
    steps, cells = np.zeros(may.shape, bool), may.shape[1]
    waiting, last = np.zeros(cells, np.int64), np.full(cells, -1, np.int32)
    for at, begin in enumerate(begins):
        if begin:
            waiting[:], last[:] = 0, -1
        if at in parts:
            cell = parts[at]["side"].to_numpy()
            waiting += np.bincount(cell[parts[at]["before"].to_numpy() <= last[cell]], minlength=cells)
        steps[at] = may[at] & (waiting >= together)
        waiting[steps[at]], last[steps[at]] = 0, at
    return _next(steps, begins, visits["side"], visits["at"])


def _next(steps: Flags, begins: Flags, group: pl.Series, at: pl.Series) -> pl.Series:
    """Return the month of the first step of each group from a month on, in the same chain; `NEVER` where there is none."""
    following, coming = np.full(steps.shape, NEVER, np.int32), np.full(steps.shape[1], NEVER, np.int32)
    for index in range(len(steps) - 1, -1, -1):
        coming[steps[index]] = index
        following[index] = coming
        if begins[index]:
            coming[:] = NEVER
    months = at.to_numpy()
    found = following[np.minimum(months, len(steps) - 1), group.to_numpy()]
    return pl.Series(np.where(months < NEVER, found, NEVER).astype(np.int32))


def _until(visits: pl.DataFrame, code: Months, span: int, together: int) -> Months:
    """Return by code and number of months from the first: after so many months in all, enough have come of it."""
    rows = visits.select(pl.lit(code).gather(pl.col("side")).alias("code"), "at", "client").unique()
    rows = rows.with_columns(is_big=pl.len().over("code", "at") >= together)
    big = rows.filter("is_big").select("code", "at", before=pl.lit(0, pl.Int32), n=pl.lit(together, pl.UInt32)).unique()
    # By the small month before in which the client had come: who had not since a month, is new after it.
    few = rows.filter(~pl.col("is_big")).sort("code", "client", "at")
    few = few.with_columns(before=(pl.col("at").shift(1).over("code", "client") + 1).fill_null(0))
    few = few.group_by("code", "at", "before").agg(n=pl.len())
    every = pl.concat([big, few.select(big.columns).cast(big.schema)]).to_numpy().astype(np.int32)
    return _enough(every, int(code.max()) + 1, span, together)


def _enough(visits: Months, codes: int, months: int, together: int) -> Months:
    """Return by code and number of months from the first: after so many months in all, enough have come.

    visits: rows of code, month, month before (from 1; 0: none), and number of clients.
    """
    ends = np.full((codes, months + 1), NEVER, np.int32)
    at_once = max(1, _MOST_NUMBERS // (months * (months + 1)))
    for start in range(0, codes, at_once):
        mine = visits[(visits[:, 0] >= start) & (visits[:, 0] < start + at_once)]
        come = np.zeros((min(at_once, codes - start), months, months + 1), np.int32)
        come[mine[:, 0] - start, mine[:, 1], mine[:, 2]] = mine[:, 3]
        new = come.cumsum(axis=2, dtype=np.int32)
        for since in range(months):
            enough = new[:, since:, since].cumsum(axis=1) >= together
            ends[start : start + at_once, since] = np.where(
                enough.any(axis=1), since + enough.argmax(axis=1) + 1, NEVER
            )
    return ends

"""SQL that computes all cells of a question's shape in one scan.

A cell never identifies a person: per dimensions and period it holds clients `n` and their key sum `n_key`, protection
units `u` (clients and anonymous visitors) with key sum `u_key`, events `e`, and the events of the unit with most, `m`.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import duckdb

from metrics.cube.settling import CHAINS, NEVER, Settling, same_cell
from metrics.model.condition import columns_of
from metrics.model.facts.fact import Fact

Statement = str | Callable[[duckdb.DuckDBPyConnection], None]
"""A step that prepares the queries."""
LEVELS = ("month", "quarter", "year", "all")
_LABEL = {
    "month": "(month // 12)::VARCHAR || '-' || lpad((month % 12 + 1)::VARCHAR, 2, '0')",
    "quarter": "(month // 12)::VARCHAR || '-Q' || (month % 12 // 3 + 1)::VARCHAR",
    "year": "(month // 12)::VARCHAR",
    "all": "'all'",
}
_FIRST_MONTH = {"month": "{m}", "quarter": "{m} - {m} % 3", "year": "{m} - {m} % 12", "all": "0"}


@dataclass(frozen=True)
class Counting:
    """A count of a fact's events that meet `where`, or the sum of `weight` over them."""

    fact: Fact
    where: str = "true"
    weight: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the fact that are needed."""
        return (*columns_of(self.where, self.fact), *(columns_of(self.weight, self.fact) if self.weight else ()))

    @property
    def sql(self) -> str:
        """SQL aggregate over a client's events in a cell."""
        what = f"sum({self.weight})" if self.weight else "count(*)"
        return f"coalesce({what} FILTER (WHERE {self.where}), 0)::UBIGINT"


@dataclass(frozen=True)
class CumulativeProfile:
    """Events of a fact that meet `where` by an integer `value` and, for survival, by the `cause` that ended the follow-up."""

    fact: Fact
    value: str
    where: str = "true"
    cause: str = "''"

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the fact that are needed."""
        parts = (self.where, self.value, self.cause)
        return tuple(dict.fromkeys(name for part in parts for name in columns_of(part, self.fact)))


@dataclass(frozen=True)
class Shape:
    """The set of cells to compute: broken down by `dimensions`, at all levels or, with `to_month`, for the year to that month.

    `closed` is the last closed month (year × 12 + month − 1). With `has_open` there are later months too: periods that
    include them get a second cell with them, marked open. together: how many people enter a cell at once, at least
    (`metrics.cube.settling`); 0: all enter in their own month.
    """

    dimensions: tuple[str, ...]
    closed: int
    has_open: bool = False
    to_month: int | None = None
    together: int = 0

    def label(self, level: str) -> str:
        """Return the SQL expression of a period's name."""
        if self.to_month is None:
            return _LABEL[level]
        return f"{_LABEL['year']} || '-ytd-{self.to_month:02d}'"

    @property
    def levels(self) -> tuple[str, ...]:
        """The levels to compute, finest first."""
        return LEVELS if self.to_month is None else ("year",)


def counting_script(measures: tuple[Counting, ...], shape: Shape) -> tuple[list[Statement], list[str]]:
    """Return statements that fill temporary tables, and one query per measure that gives its cells.

    measures: all of one fact. Columns of the result: the dimensions, period, open, n, n_key, u, u_key, e, m. Key sums
    are text, because they exceed 64 bits.
    """
    counts = ", ".join(f"{measure.sql} AS c{i}" for i, measure in enumerate(measures))
    sums = ", ".join(f"sum(c{i})::UBIGINT AS c{i}" for i in range(len(measures)))
    columns = tuple(name for measure in measures for name in measure.columns)
    rows = measures[0].fact.select((*shape.dimensions, *columns))
    keys = ", ".join([*shape.dimensions, "month", "client"])
    base = f"SELECT {keys}, {counts} FROM ({rows}) WHERE {_months(shape)} GROUP BY ALL"
    setup, tables = _tables(base, shape, (), sums)
    keys = f"level, {_list(shape.dimensions)}month"
    queries = [
        f"""SELECT {_names(shape, tables)}, n, n_key::VARCHAR AS n_key, u, u_key::VARCHAR AS u_key, e, m FROM (
            SELECT {keys}, count(*) FILTER (WHERE client > 0) AS n, coalesce(sum(client) FILTER (WHERE client > 0), 0) AS n_key,
                count(*) AS u, sum(abs(client)) AS u_key, sum(c)::BIGINT AS e, max(c)::BIGINT AS m
            FROM ({_of_all_levels(tables, f"{_list(shape.dimensions)}month, client, c{i} AS c", f"c{i} > 0")}) GROUP BY ALL)"""
        for i in range(len(measures))
    ]
    return setup, queries


def profile_script(measure: CumulativeProfile, shape: Shape) -> tuple[list[Statement], str]:
    """Return statements, and the query that gives cumulative cells per dimensions, period and cause, with value ≤ `step`.

    Columns: the dimensions, period, open, cause, step, n, n_key, u, u_key, e, m.
    """
    rows = measure.fact.select((*shape.dimensions, *measure.columns))
    counted = f"{_months(shape)} AND ({measure.where}) AND ({measure.value}) IS NOT NULL"
    base = f"""SELECT {_list(shape.dimensions)}month, client, ({measure.cause})::VARCHAR AS cause,
            ({measure.value})::INTEGER AS step, count(*)::UBIGINT AS c
        FROM ({rows}) WHERE {counted} GROUP BY ALL"""
    everyone = f"""SELECT DISTINCT {_list(shape.dimensions)}month, client FROM ({measure.fact.select(shape.dimensions)})
        WHERE {_months(shape)}"""
    setup, tables = _tables(base, shape, ("cause", "step"), "sum(c)::UBIGINT AS c", everyone)
    keys = f"level, {_list(shape.dimensions)}month, cause"
    query = f"""
        WITH steps AS (
            SELECT *, sum(c) OVER w AS upto, row_number() OVER w = 1 AS is_first
            FROM ({_of_all_levels(tables, f"{_list(shape.dimensions)}month, cause, step, client, c")})
            WINDOW w AS (PARTITION BY {keys}, client ORDER BY step)
        ), points AS (
            SELECT {keys}, step, count(*) FILTER (WHERE is_first AND client > 0) AS n,
                   coalesce(sum(client) FILTER (WHERE is_first AND client > 0), 0) AS n_key,
                   count(*) FILTER (WHERE is_first) AS u, coalesce(sum(abs(client)) FILTER (WHERE is_first), 0) AS u_key,
                   sum(c) AS e, max(upto) AS m
            FROM steps GROUP BY ALL
        )
        SELECT {_names(shape, tables)}, cause, step, (sum(n) OVER p)::BIGINT AS n, (sum(n_key) OVER p)::VARCHAR AS n_key,
               (sum(u) OVER p)::BIGINT AS u, (sum(u_key) OVER p)::VARCHAR AS u_key, (sum(e) OVER p)::BIGINT AS e,
               (max(m) OVER p)::BIGINT AS m
        FROM points WINDOW p AS (PARTITION BY {keys} ORDER BY step)"""
    return setup, query


def _tables(
    base: str, shape: Shape, extra: tuple[str, ...], sums: str, everyone: str | None = None
) -> tuple[list[Statement], list[tuple[str, str, str]]]:
    """Return statements that create a table per scope and level, each from the finer one, and (level, open, table) for each.

    everyone: SQL of who has come by dimensions and month, where the base does not hold all of them.
    """
    setup = _made("base_month", base)
    if shape.together:
        setup += _made("come", everyone) if everyone else []
        chains = tuple(level for level in shape.levels if level in CHAINS)
        rows = "come" if everyone else "base_month"
        setup.append(Settling(rows, shape.dimensions, chains, shape.closed, shape.together))
        setup += _made(
            "base_counted",
            f"""SELECT one.*, visit.* EXCLUDE (cell, client, month) FROM base_month one
                JOIN visited_cell ON {same_cell(shape.dimensions)}
                JOIN counted_visit visit
                ON visit.cell = visited_cell.cell AND visit.client = one.client AND visit.month = one.month""",
        )
    tables: list[tuple[str, str, str]] = []
    for scope in ("closed", "open") if shape.has_open else ("closed",):
        finer = f"(FROM base_month WHERE month <= {shape.closed})" if scope == "closed" else "base_month"
        for level in shape.levels:
            if shape.together:
                is_counted = f"counted_{level} < {NEVER}" if level in CHAINS else "in_month"
                finer = f"(FROM base_counted WHERE {is_counted})"
            table = finer
            if level != "month":
                start = _FIRST_MONTH[level].format(m="month")
                keys = f"{_list(shape.dimensions)}({start})::INTEGER AS month, client{''.join(f', {name}' for name in extra)}"
                table = f"{scope}_{level}"
                setup += _made(table, f"SELECT {keys}, {sums} FROM {finer} GROUP BY ALL")
                finer = table
            if scope == "open":
                since = _FIRST_MONTH[level].format(m=f"({shape.closed} + 1)")
                table = f"(FROM {table} WHERE month >= {since})"
            tables.append((level, str(scope == "open").upper(), table))
    return setup, tables


def _made(table: str, query: str) -> list[Statement]:
    return [f"DROP TABLE IF EXISTS {table}", f"CREATE TEMP TABLE {table} AS {query}"]


def _months(shape: Shape) -> str:
    closed = "true" if shape.has_open else f"month <= {shape.closed}"
    return closed if shape.to_month is None else f"{closed} AND month % 12 < {shape.to_month}"


def _list(names: tuple[str, ...]) -> str:
    return "".join(f"{name}, " for name in names)


def _of_all_levels(tables: Sequence[tuple[str, str, str]], columns: str, where: str = "true") -> str:
    """Return SQL of the rows of all tables, with the place of each among them as `level`.

    Periods get their names when rows have been grouped by whole numbers: planning one grouping by texts for each table takes
    longer than counting a municipality.
    """
    return " UNION ALL ".join(
        f"SELECT {place}::UTINYINT AS level, {columns} FROM {table} WHERE {where}"
        for place, (_, _, table) in enumerate(tables)
    )


def _names(shape: Shape, tables: Sequence[tuple[str, str, str]]) -> str:
    """Return the SQL of the columns that name a cell: the dimensions as text, `period` and `open`."""
    texts = "".join(f"coalesce({name}::VARCHAR, '') AS {name}, " for name in shape.dimensions)
    labels = " ".join(f"WHEN {place} THEN {shape.label(level)}" for place, (level, _, _) in enumerate(tables))
    opened = " ".join(f"WHEN {place} THEN {is_open}" for place, (_, is_open, _) in enumerate(tables))
    return f"{texts}CASE level {labels} END AS period, CASE level {opened} END AS open"

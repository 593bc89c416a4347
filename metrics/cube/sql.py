"""SQL that computes all cells of a question's shape in one scan.

A cell never identifies a person: per dimensions and period it holds clients `n` and their key sum `n_key`, protection
units `u` (clients and anonymous visitors) with key sum `u_key`, events `e`, and the events of the unit with most, `m`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import duckdb

from metrics.cube.settling import CHAINS, NEVER, Settling, same_cell
from metrics.cube.staying import STEPS, stayed_in, staying
from metrics.cube.turning import Turning
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
    """A count of a fact's events that meet `where`, or the sum of `weight` over them.

    beside: the conditions of a metric's other parts, where any of them may turn after the event (`metrics.cube.turning`).
    """

    fact: Fact
    where: str = "true"
    weight: str | None = None
    beside: tuple[str, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """Columns of the fact that are needed."""
        return (*columns_of(self.where, self.fact), *(columns_of(self.weight, self.fact) if self.weight else ()))

    @property
    def sql(self) -> str:
        """SQL aggregate over a client's events in a cell."""
        what = f"sum({self.weight})" if self.weight else "count(*)"
        return f"coalesce({what} FILTER (WHERE {self.where}), 0)::UBIGINT"

    @property
    def conditions(self) -> tuple[str, ...]:
        """The conditions that are told of together."""
        return self.beside or (self.where,)

    @property
    def turns(self) -> bool:
        """Whether what is counted may turn after the event."""
        parts = (*self.conditions, self.weight or "true")
        return any(name in self.fact.turns for part in parts for name in columns_of(part, self.fact))

    @property
    def added(self) -> str:
        """SQL of what is added over rows with a `sign`."""
        what = f"sum(sign * ({self.weight}))" if self.weight else "sum(sign)"
        return f"coalesce({what} FILTER (WHERE {self.where}), 0)::BIGINT"


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

    @property
    def turns(self) -> bool:
        """Whether an event may get its value after its day."""
        return any(name in self.fact.turns for name in self.columns)


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
    def still(self) -> dict[str, int]:
        """By dimension, the last month of the last whole year: after it, no code turns in visitors' breakdowns."""
        return dict.fromkeys(self.dimensions, (self.closed + 1) // 12 * 12 - 1) if self.together else {}

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
    rows = measures[0].fact.select((*shape.dimensions, *columns), shape.still)
    keys = ", ".join([*shape.dimensions, "month", "client"])
    base = f"SELECT {keys}, {counts} FROM ({rows}) WHERE {_months(shape)} GROUP BY ALL"
    setup, tables = _tables(base, shape, (), sums)
    together: dict[tuple[str, ...], list[int]] = {}
    for i, measure in enumerate(measures):
        if shape.together and measure.turns:
            together.setdefault(measure.conditions, []).append(i)
    told = {i: f"told_{place}" for place, group in enumerate(together.values()) for i in group}
    for place, (conditions, group) in enumerate(together.items()):
        every = (*(measures[i] for i in group), *(Counting(measures[0].fact, where) for where in conditions))
        columns = (*shape.dimensions, *dict.fromkeys(name for one in every for name in one.columns))
        added = {f"c{i}": measures[i].added for i in group}
        added |= {f"is_{j}": Counting(measures[0].fact, where).added for j, where in enumerate(conditions)}
        setup += _told(f"told_{place}", measures[0].fact.select_turns(columns, shape.still), added, shape)
    stays = bool(shape.together) and measures[0].fact.stays
    if stays:
        came_and_left, turning = staying([f"c{i}" for i in range(len(measures))], shape.dimensions, shape.together)
        setup += [*_made("came_and_left", came_and_left), turning]
    queries = []
    for i in range(len(measures)):
        parts = [
            f"""SELECT {_list(shape.dimensions)}{shape.label(level)} AS period, {is_open} AS open,
                count(*) FILTER (WHERE client > 0) AS n, coalesce(sum(client) FILTER (WHERE client > 0), 0)::VARCHAR AS n_key,
                count(*) AS u, sum(abs(client))::VARCHAR AS u_key, sum(c{i})::BIGINT AS e, max(c{i})::BIGINT AS m
            FROM {found} WHERE c{i} > 0 GROUP BY ALL HAVING count(*) > 0"""
            for level, is_open, table in tables
            for found in (
                _by_level(told[i], level, f"c{i}", shape)
                if i in told
                else stayed_in(level, f"c{i}", shape.dimensions, shape.closed)
                if stays and level in STEPS
                else table,
            )
        ]
        queries.append(_as_text(" UNION ALL ".join(parts), shape))
    return setup, queries


def profile_script(measure: CumulativeProfile, shape: Shape) -> tuple[list[Statement], str]:
    """Return statements, and the query that gives cumulative cells per dimensions, period and cause, with value ≤ `step`.

    Columns: the dimensions, period, open, cause, step, n, n_key, u, u_key, e, m.
    """
    rows = measure.fact.select((*shape.dimensions, *measure.columns), shape.still)
    counted = f"{_months(shape)} AND ({measure.where}) AND ({measure.value}) IS NOT NULL"
    base = f"""SELECT {_list(shape.dimensions)}month, client, ({measure.cause})::VARCHAR AS cause,
            ({measure.value})::INTEGER AS step, count(*)::UBIGINT AS c
        FROM ({rows}) WHERE {counted} GROUP BY ALL"""
    everyone = f"""SELECT DISTINCT {_list(shape.dimensions)}month, client
        FROM ({measure.fact.select(shape.dimensions, shape.still)}) WHERE {_months(shape)}"""
    setup, tables = _tables(base, shape, ("cause", "step"), "sum(c)::UBIGINT AS c", everyone)
    turns = bool(shape.together) and measure.turns
    if turns:
        rows = measure.fact.select_turns((*shape.dimensions, *measure.columns), shape.still)
        valued = f"""SELECT *, ({measure.cause})::VARCHAR AS cause, ({measure.value})::INTEGER AS step FROM ({rows})
            WHERE ({measure.where}) AND ({measure.value}) IS NOT NULL"""
        setup += _told("told_0", valued, {"c": "sum(sign)::BIGINT"}, shape, ("cause", "step"))
    parts = [
        f"""SELECT {_list(shape.dimensions)}{shape.label(level)} AS period, {is_open} AS open, cause, step, client, c
        FROM {_by_level("told_0", level, "c", shape, ("cause", "step")) if turns else table} WHERE c > 0"""
        for level, is_open, table in tables
    ]
    keys = f"{_list(shape.dimensions)}period, open, cause"
    query = f"""
        WITH steps AS (
            SELECT *, sum(c) OVER w AS upto, row_number() OVER w = 1 AS is_first FROM ({" UNION ALL ".join(parts)})
            WINDOW w AS (PARTITION BY {keys}, client ORDER BY step)
        ), points AS (
            SELECT {keys}, step, count(*) FILTER (WHERE is_first AND client > 0) AS n,
                   coalesce(sum(client) FILTER (WHERE is_first AND client > 0), 0) AS n_key,
                   count(*) FILTER (WHERE is_first) AS u, coalesce(sum(abs(client)) FILTER (WHERE is_first), 0) AS u_key,
                   sum(c) AS e, max(upto) AS m
            FROM steps GROUP BY ALL
        )
        SELECT {keys}, step, (sum(n) OVER p)::BIGINT AS n, (sum(n_key) OVER p)::VARCHAR AS n_key, (sum(u) OVER p)::BIGINT AS u,
               (sum(u_key) OVER p)::VARCHAR AS u_key, (sum(e) OVER p)::BIGINT AS e, (max(m) OVER p)::BIGINT AS m
        FROM points WINDOW p AS (PARTITION BY {keys} ORDER BY step)"""
    return setup, _as_text(query, shape)


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


def _told(
    table: str, rows: str, added: Mapping[str, str], shape: Shape, extra: tuple[str, ...] = ()
) -> list[Statement]:
    """Return statements that make a table of what is told of people who have entered, by level, cell and period.

    rows: SQL of what turns (`Fact.select_turns`); added: by column, what is summed up of it; extra: columns it is summed up by.
    """
    sums = ", ".join(f"{sql} AS {name}" for name, sql in added.items())
    any_of = " OR ".join(f"{name} <> 0" for name in added)
    by = "".join(f"{name}, " for name in extra)
    setup = _made(
        "turned",
        f"""FROM (
                SELECT {_list(shape.dimensions)}month, client, since, {by}{sums} FROM ({rows})
                WHERE {_months(shape)} GROUP BY ALL
            ) WHERE {any_of}""",
    )
    parts = []
    for level in shape.levels:
        since = f"greatest(since, counted_{level})" if level in CHAINS else "since"
        is_counted = f"counted_{level} < {NEVER}" if level in CHAINS else "in_month"
        start = _FIRST_MONTH[level].format(m="one.month")
        parts.append(
            f"""SELECT '{level}' AS level, cell, ({start})::INTEGER AS month, client, {since} AS added_at, {by}{", ".join(added)}
                FROM turned one JOIN visited_cell ON {same_cell(shape.dimensions)} JOIN counted_visit USING (cell, client, month)
                WHERE {is_counted}"""
        )
    again = ", ".join(f"sum({name})::BIGINT AS {name}" for name in added)
    setup += _made(
        "turned_in",
        f"""FROM (SELECT level, cell, month, client, added_at, {by}{again} FROM ({" UNION ALL ".join(parts)}) GROUP BY ALL)
            WHERE {any_of}""",
    )
    return [*setup, Turning("turned_in", table, tuple(added), extra, shape.dimensions, shape.together)]


def _by_level(told: str, level: str, count: str, shape: Shape, extra: tuple[str, ...] = ()) -> str:
    """Return SQL of what is told by dimensions, month (the first of the period) and client."""
    by = "".join(f", {name}" for name in extra)
    return f"""(SELECT {_list(shape.dimensions)}month, client{by}, sum({count})::BIGINT AS {count}
        FROM {told} JOIN visited_cell USING (cell) WHERE level = '{level}' GROUP BY ALL)"""


def _made(table: str, query: str) -> list[Statement]:
    return [f"DROP TABLE IF EXISTS {table}", f"CREATE TEMP TABLE {table} AS {query}"]


def _months(shape: Shape) -> str:
    closed = "true" if shape.has_open else f"month <= {shape.closed}"
    return closed if shape.to_month is None else f"{closed} AND month % 12 < {shape.to_month}"


def _list(names: tuple[str, ...]) -> str:
    return "".join(f"{name}, " for name in names)


def _as_text(query: str, shape: Shape) -> str:
    texts = ", ".join(f"coalesce({name}::VARCHAR, '') AS {name}" for name in shape.dimensions)
    return f"SELECT * REPLACE ({texts}) FROM ({query})" if texts else query

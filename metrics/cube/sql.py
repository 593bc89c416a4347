"""SQL that computes all cells of a question's shape in one scan.

A cell never identifies a person: per dimensions and period it holds clients `n` and their key sum `n_key`, protection
units `u` (clients and anonymous visitors) with key sum `u_key`, events `e`, and the events of the unit with most, `m`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING

import duckdb

from metrics.cube.admission import Admission, same_cell, when_admitted
from metrics.cube.agreement import Agreement
from metrics.cube.chains import CHAINS, NEVER
from metrics.cube.counting import Counting, CumulativeProfile
from metrics.cube.shape import LEVELS, Shape
from metrics.cube.status_changes import StatusChanges
from metrics.cube.stocks import STEPS, months_present, stock_changes, stock_in
from metrics.model.facts.fact import Fact

if TYPE_CHECKING:
    import polars as pl

Statement = str | Callable[[duckdb.DuckDBPyConnection, Agreement], None]
"""A step that prepares the queries; what depends on how many people there are is agreed upon with the other slices."""
_FIRST_MONTH = {"month": "{m}", "quarter": "{m} - {m} % 3", "year": "{m} - {m} % 12", "all": "0"}
_PLACES = 1_000_000
"""More than there are months: a place is a level's number, whether it is open, and the first month of a period."""
SUMS = ("n", "n_key", "u", "u_key", "e", "m")
"""What a cell holds."""


def counting_script(measures: tuple[Counting, ...], shape: Shape) -> tuple[list[Statement], list[str]]:
    """Return statements that fill temporary tables, and queries of which `cells_of` makes the cells of each measure.

    measures: all of one fact. Columns of cells: the dimensions, period, open, n, n_key, u, u_key, e, m. Key sums are text,
    because they exceed 64 bits. There are few queries: in a small store DuckDB plans one longer than it runs it.
    """
    is_stock = bool(shape.batch) and measures[0].fact.is_stock
    # What changes later is counted by its changes: of its people the base tells only when they have come.
    based = {i: one for i, one in enumerate(measures) if is_stock or not (shape.batch and one.changes_later)}
    columns = tuple(name for measure in based.values() for name in measure.columns)
    rows = measures[0].fact.select((*shape.dimensions, *columns), shape.still)
    counts = "".join(f", {measure.sql} AS c{i}" for i, measure in based.items())
    counted = _counted(measures[0].fact, replace(shape, to_month=None) if is_stock else shape)
    base = f"SELECT {listed(shape.dimensions)}month, client{counts} FROM ({rows}) WHERE {counted} GROUP BY ALL"
    parts = tuple(f"c{i}" for i, measure in enumerate(measures) if shape.batch and measure.of_some)
    still = tuple(name for name in parts if int(name[1:]) in based)
    setup = _of_stocks(base, len(measures), shape, parts) if is_stock else _base(base, shape, parts=still)
    alike: dict[tuple[str, ...], list[int]] = {}
    for i, measure in enumerate(measures):
        if shape.batch and measure.changes_later:
            alike.setdefault(measure.conditions, []).append(i)
    changes = {i: f"changes_{place}" for place, group in enumerate(alike.values()) for i in group}
    for place, (conditions, group) in enumerate(alike.items()):
        every = (*(measures[i] for i in group), *(Counting(measures[0].fact, where) for where in conditions))
        columns = tuple(dict.fromkeys(name for one in every for name in one.columns))
        added = {f"c{i}": measures[i].added for i in group}
        # What is counted already tells of its condition too.
        added_of = {f"is_{j}": Counting(measures[0].fact, where).added for j, where in enumerate(conditions)}
        added |= {name: sql for name, sql in added_of.items() if sql not in added.values()}
        of = tuple(f"c{i}" for i in group if f"c{i}" in parts)
        setup += _status_changes(f"changes_{place}", measures[0].fact, columns, "true", added, shape, parts=of)
    groups = [*alike.values()]
    if plain := [i for i in range(len(measures)) if i not in changes]:
        groups.append(plain)
    queries = []
    for group in groups:
        names = tuple(f"c{i}" for i in group)
        if group[0] in changes:
            people = _by_period(changes[group[0]], names, shape, parts=parts)
        else:
            levels = tuple(level for level in shape.levels if not (is_stock and level in STEPS))
            people_of = [_people(names, shape, levels=levels, parts=parts)] if levels else []
            if is_stock:
                people_of += [_stock(level, names, shape) for level in shape.levels if level in STEPS]
            people = " UNION ALL ".join(people_of)
        # Not FILTER, for each of which DuckDB copies the columns of all of them: seven times as long with 26 measures.
        those = ", ".join(f"CASE WHEN {name} > 0 THEN {name} END AS {name}" for name in names)
        people = f"SELECT * REPLACE ({those}), CASE WHEN client > 0 THEN client END AS known FROM ({people})"
        sums = ", ".join(
            f"""count(CASE WHEN c{i} > 0 THEN known END) AS n{i},
                coalesce(sum(CASE WHEN c{i} > 0 THEN known END), 0)::VARCHAR AS n_key{i},
                count(c{i}) AS u{i}, sum(CASE WHEN c{i} > 0 THEN abs(client) END)::VARCHAR AS u_key{i},
                sum(c{i})::BIGINT AS e{i}, max(c{i})::BIGINT AS m{i}"""
            for i in group
        )
        queries.append(_named(f"SELECT {listed(shape.dimensions)}place, {sums} FROM ({people}) GROUP BY ALL", shape))
    return setup, queries


def cells_of(found: Sequence[pl.DataFrame], number: int, dimensions: tuple[str, ...]) -> pl.DataFrame:
    """Return the cells of the measure of this number from the results of a script's queries."""
    import polars as pl  # as in `metrics.cube.admission`

    frame = next(one for one in found if f"u{number}" in one.columns)
    sums = [pl.col(f"{name}{number}").alias(name) for name in SUMS]
    return frame.filter(pl.col(f"u{number}") > 0).select(*dimensions, "period", "open", *sums)


def profile_script(measure: CumulativeProfile, shape: Shape) -> tuple[list[Statement], str]:
    """Return statements, and the query of what is added per dimensions, period, cause and `step`: `accumulated` makes the cells.

    Columns: the dimensions, period, open, cause, step, n, n_key, u, u_key, e, m; `m` is cumulative already.
    """
    rows = measure.fact.select((*shape.dimensions, *measure.columns), shape.still)
    counted = f"{_counted(measure.fact, shape)} AND ({measure.where}) AND ({measure.value}) IS NOT NULL"
    base = f"""SELECT {listed(shape.dimensions)}month, client, ({measure.cause})::VARCHAR AS cause,
            ({measure.value})::INTEGER AS step, count(*)::UBIGINT AS c
        FROM ({rows}) WHERE {counted} GROUP BY ALL"""
    everyone = f"""SELECT DISTINCT {listed(shape.dimensions)}month, client
        FROM ({measure.fact.select(shape.dimensions, shape.still)}) WHERE {_counted(measure.fact, shape)}"""
    setup = _base(base, shape, everyone)
    people = _people(("c",), shape, ("cause", "step"), is_all=False)
    if shape.batch and measure.changes_later:
        by = {"cause": f"({measure.cause})::VARCHAR", "step": f"({measure.value})::INTEGER"}
        valued = f"({measure.where}) AND ({measure.value}) IS NOT NULL"
        sums = {"c": "sum(sign)::BIGINT"}
        setup += _status_changes("changes_0", measure.fact, measure.columns, valued, sums, shape, by)
        people = _by_period("changes_0", ("c",), shape, ("cause", "step"))
    keys = f"{listed(shape.dimensions)}place, cause"
    query = f"""
        WITH steps AS (
            SELECT *, sum(c) OVER w AS upto, row_number() OVER w = 1 AS is_first FROM ({people}) WHERE c > 0
            WINDOW w AS (PARTITION BY {keys}, client ORDER BY step)
        )
        SELECT {keys}, step, count(*) FILTER (WHERE is_first AND client > 0) AS n,
               coalesce(sum(client) FILTER (WHERE is_first AND client > 0), 0)::VARCHAR AS n_key,
               count(*) FILTER (WHERE is_first) AS u, coalesce(sum(abs(client)) FILTER (WHERE is_first), 0)::VARCHAR AS u_key,
               sum(c)::BIGINT AS e, max(upto)::BIGINT AS m
        FROM steps GROUP BY ALL"""
    return setup, _named(query, shape)


def accumulated(points: str, dimensions: tuple[str, ...]) -> str:
    """Return the query of cumulative cells per dimensions, period and cause, with value ≤ `step`, from what each step adds.

    Columns: as of `profile_script`.
    """
    keys = f"{listed(dimensions)}period, open, cause"
    return f"""
        SELECT {keys}, step, (sum(n) OVER p)::BIGINT AS n, (sum(n_key::HUGEINT) OVER p)::VARCHAR AS n_key,
               (sum(u) OVER p)::BIGINT AS u, (sum(u_key::HUGEINT) OVER p)::VARCHAR AS u_key, (sum(e) OVER p)::BIGINT AS e,
               (max(m) OVER p)::BIGINT AS m
        FROM ({points}) WINDOW p AS (PARTITION BY {keys} ORDER BY step)"""


def _base(base: str, shape: Shape, everyone: str | None = None, parts: tuple[str, ...] = ()) -> list[Statement]:
    """Return statements that make the table `base_month`, and for visitors when each of its people is counted.

    everyone: SQL of who has come by dimensions and month, where the base does not hold all of them; parts: counts of those who
    meet a condition.
    """
    setup = _made("base_month", base)
    if shape.batch:
        setup += _made("come", everyone) if everyone else []
        chains = tuple(level for level in shape.levels if level in CHAINS)
        rows = "come" if everyone else "base_month"
        setup.append(Admission(rows, shape.dimensions, chains, shape.batch, parts))
    return setup


def _people(
    counts: tuple[str, ...], shape: Shape, extra: tuple[str, ...] = (), levels: tuple[str, ...] | None = None,
    parts: tuple[str, ...] = (), *, is_all: bool = True,
) -> str:  # fmt: skip
    """Return SQL of the counts of each client by dimensions and place, from the table `base_month`.

    extra: columns they are summed up by; levels: by default all of the shape's; parts: counts admitted by themselves;
    is_all: whether the table has one row for each visit.
    """
    chosen = shape.levels if levels is None else levels
    rows = "base_month"
    if shape.batch:
        rows = when_admitted(rows, shape.dimensions, is_all=is_all)
    places = {level: [_within(shape, level, _place(level))] for level in chosen}
    if shape.has_open:
        since = {level: _start(level, f"({shape.closed} + 1)") for level in chosen}
        for level in chosen:
            is_open = f"{_start(level)} >= {since[level]}"
            places[level].append(f"CASE WHEN {is_open} THEN {_place(level, is_open=True)} END")
    tables = []
    if "month" in places:
        # The base has one row for each client and month: nothing to sum up. A month is either closed or open.
        place = f"coalesce({', '.join(places.pop('month'))})"
        by = listed((*extra, *counts))
        tables.append(f"SELECT {listed(shape.dimensions)}{place} AS place, client, {by.removesuffix(', ')} FROM {rows}")
    if places:
        # One pass: each row goes into its place at every other level.
        every = ", ".join(place for of_level in places.values() for place in of_level)
        sums = ", ".join(f"sum({name})::BIGINT AS {name}" for name in counts)
        of_places = ", ".join(
            f"unnest([{', '.join(_counted_part(level, name) for level in places)}]) AS {name}"
            if name in parts
            else name
            for name in counts
        )
        tables.append(
            f"""SELECT {listed(shape.dimensions)}place, client, {listed(extra)}{sums} FROM (
                SELECT {listed(shape.dimensions)}client, {listed(extra)}{of_places}, unnest([{every}]) AS place
                FROM {rows}
            ) WHERE place IS NOT NULL GROUP BY ALL"""
        )
    return f"SELECT * FROM ({' UNION ALL '.join(tables)}) WHERE place IS NOT NULL"


def _within(shape: Shape, level: str, place: str) -> str:
    """Return SQL of a closed period's place, NULL for rows that are not counted in it."""
    return f"CASE WHEN {_is_counted(level) if shape.batch else f'month <= {shape.closed}'} THEN {place} END"


def _start(level: str, month: str = "month") -> str:
    return _FIRST_MONTH[level].format(m=month)


def _is_counted(level: str) -> str:
    return f"counted_{level} < {NEVER}" if level in CHAINS else "in_month"


def _counted_part(level: str, name: str) -> str:
    """Return SQL of a count in a period's place: of those who are pending as meeting its condition, nothing."""
    return f"CASE WHEN counted_{level}_{name} THEN {name} ELSE 0 END" if level in CHAINS else name


def _place(level: str, *, is_open: bool = False) -> str:
    """Return SQL of a period as a whole number: people are grouped by it, and the few cells that are left get its name."""
    return f"({_start(level)} + {(2 * LEVELS.index(level) + is_open) * _PLACES})::INTEGER"


def _named(query: str, shape: Shape) -> str:
    """Return SQL of a query's cells, with the name of each period in place of its `place`, and codes as text."""
    names = " ".join(f"WHEN {LEVELS.index(level)} THEN {shape.label(level)}" for level in shape.levels)
    texts = "".join(f"coalesce({name}::VARCHAR, '') AS {name}, " for name in shape.dimensions)
    others = ", ".join(("place", "month", *shape.dimensions))
    return f"""SELECT {texts}CASE place // {2 * _PLACES} {names} END AS period, place // {_PLACES} % 2 = 1 AS open,
            * EXCLUDE ({others}) FROM (SELECT *, place % {_PLACES} AS month FROM ({query}))"""


def _status_changes(
    table: str, fact: Fact, columns: Sequence[str], where: str, added: Mapping[str, str], shape: Shape,
    extra: Mapping[str, str] = MappingProxyType({}), parts: tuple[str, ...] = (),
) -> list[Statement]:  # fmt: skip
    """Return statements that make a table of the counted status changes of those admitted, by level, cell and period.

    columns, where: of what changes; added: by column, what is summed up of it; extra: columns it is summed up by, with their SQL;
    parts: those of the columns admitted by themselves.
    """
    rows = fact.select_status_changes((*shape.dimensions, *columns), shape.still)
    sums = ", ".join(f"{sql} AS {name}" for name, sql in added.items())
    any_of = " OR ".join(f"{name} <> 0" for name in added)
    by = "".join(f"{name}, " for name in extra)
    named = "".join(f"{sql} AS {name}, " for name, sql in extra.items())
    setup = _made(
        "changed",
        f"""FROM (
                SELECT {listed(shape.dimensions)}month, client, since, {named}{sums} FROM ({rows})
                WHERE {_counted(fact, shape)} AND {where} GROUP BY ALL
            ) WHERE {any_of}""",
    )
    # One join: each row goes into its period at every level.
    levels = ", ".join(f"'{level}'" for level in shape.levels)
    months = ", ".join(f"({_start(level, 'one.month')})::INTEGER" for level in shape.levels)
    since = ", ".join(
        f"CASE WHEN {_is_counted(level)} THEN {f'greatest(since, counted_{level})' if level in CHAINS else 'since'} END"
        for level in shape.levels
    )
    every = f"""SELECT unnest([{levels}]) AS level, cell, unnest([{months}]) AS month, client, unnest([{since}]) AS added_at,
            {by}{", ".join(added)}
        FROM changed one JOIN visited_cell ON {same_cell(shape.dimensions)} JOIN counted_visit USING (cell, client, month)"""
    again = ", ".join(f"sum({name})::BIGINT AS {name}" for name in added)
    setup += _made(
        "changed_in",
        f"""FROM (SELECT level, cell, month, client, added_at, {by}{again} FROM ({every})
                WHERE added_at IS NOT NULL GROUP BY ALL)
            WHERE {any_of}""",
    )
    setup.append(StatusChanges("changed_in", table, tuple(added), tuple(extra), shape.dimensions, shape.batch, parts))
    return setup


def _by_period(
    changes: str, counts: tuple[str, ...], shape: Shape, extra: tuple[str, ...] = (), parts: tuple[str, ...] = ()
) -> str:
    """Return SQL of the counted changes by dimensions, place and client."""
    places = " ".join(f"WHEN '{level}' THEN {_place(level)}" for level in shape.levels)
    of = {name: f"CASE WHEN counted_at_{name} < {NEVER} THEN {name} ELSE 0 END" for name in parts}
    sums = ", ".join(f"sum({of.get(name, name)})::BIGINT AS {name}" for name in counts)
    return f"""SELECT {listed(shape.dimensions)}CASE level {places} END AS place, client, {listed(extra)}{sums}
        FROM {changes} JOIN visited_cell USING (cell) GROUP BY ALL"""


def _of_stocks(base: str, measures: int, shape: Shape, parts: tuple[str, ...]) -> list[Statement]:
    """Return statements as `_base`, and those that make `stock_month` and `stock_quarter`.

    A year begins with those whom its January shows: with those who are truly there it would tell who alone has come or left since
    December. base: of all months.
    """
    names = [f"c{i}" for i in range(measures)]
    came_and_left, changes = stock_changes(names, parts, shape.dimensions, shape.batch)
    setup = [
        *_made("base_month", base),
        Admission("base_month", shape.dimensions, (), shape.batch),
        months_present,
        *_made("came_and_left", came_and_left),
        changes,
    ]
    for level in STEPS:
        setup += _made(f"stock_{level}", f"FROM {stock_in(level, names, parts, shape.dimensions, shape.closed)}")
    chains = tuple(level for level in shape.levels if level in CHAINS and level not in STEPS)
    if chains:
        within = "true" if shape.to_month is None else f"month % 12 < {shape.to_month}"
        is_present = " OR ".join(f"{name} > 0" for name in names)
        setup += _made(
            "of_years",
            f"""SELECT * FROM base_month WHERE month % 12 > 0 AND {within}
                UNION ALL BY NAME SELECT * FROM stock_month WHERE month % 12 = 0 AND ({is_present})""",
        )
        setup += _made("base_month", "FROM of_years")
        setup.append(Admission("base_month", shape.dimensions, chains, shape.batch, parts))
    return setup


def _stock(level: str, counts: tuple[str, ...], shape: Shape) -> str:
    return f"SELECT {listed(shape.dimensions)}{_place(level)} AS place, client, {', '.join(counts)} FROM stock_{level}"


def _made(table: str, query: str) -> list[Statement]:
    return [f"CREATE OR REPLACE TEMP TABLE {table} AS {query}"]


def _counted(fact: Fact, shape: Shape) -> str:
    """Return the condition on rows of a fact that are counted."""
    part = f" AND {shape.part.condition(is_stock=fact.is_stock)}" if shape.part else ""
    part += f" AND {shape.slice.condition}" if shape.slice else ""
    closed = "true" if shape.has_open else f"month <= {shape.closed}"
    return f"{closed}{part}" if shape.to_month is None else f"{closed}{part} AND month % 12 < {shape.to_month}"


def listed(names: tuple[str, ...]) -> str:
    """Return names as they begin a list in SQL, each with a comma after it."""
    return "".join(f"{name}, " for name in names)

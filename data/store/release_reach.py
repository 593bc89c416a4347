"""How far a release and its files reach: as far as many people do, so that nobody moves it alone.

A month is closed by a row in it or after it, the days that a file covers are those of its rows, and a column is one that has
values. Of the only person who has come in a month, or of whom something is known, each would tell all visitors.
"""

from collections.abc import Iterator, Sequence
from datetime import date

import duckdb

from data.model.records import TABLES
from data.model.schema import Column, client_tables, columns
from data.model.unknown import is_of_every_row, unknown_sql
from data.store.generation import MANY, PERIOD_COLUMN
from data.store.release_file import later_columns

_TOLD_TOGETHER = (("encounter",), ("referral",), ("enrolment", "outcome", "training", "recognition"))
"""Tables whose files tell together to which day people are followed (`metrics.model.facts.reach`)."""
_PART = 10
"""A column that is filled in less often than in one row of so many may be chance."""


def end_of_many(connection: duckdb.DuckDBPyConnection, until: date, many: int = MANY) -> date:
    """Return the end of the last month, up to `until`, in which or after which `many` people have come.

    Encounters tell, as they close months; all tables where so many have no encounter. Where nothing tells, it is `until`.
    """
    for tables in (("encounter",), tuple(PERIOD_COLUMN)):
        last_days = f"SELECT max(day) AS last FROM ({_days(tables)}) WHERE day <= ? GROUP BY client ORDER BY last DESC"
        query = f"SELECT last_day(last) FROM ({last_days} LIMIT 1 OFFSET {many - 1})"
        if found := connection.execute(query, [until]).fetchone():
            reached: date = found[0]
            return min(until, reached)
    return until


def limit_follow_up(connection: duckdb.DuckDBPyConnection) -> None:
    """Let nobody be followed longer than `MANY` of their source: to the last such day everybody of it is followed.

    Sources with fewer enrolments stay as they are.
    """
    connection.execute(
        f"""UPDATE enrolment SET followed_until = ends.until FROM (
            SELECT delivery, until FROM delivery JOIN (
                SELECT brought.source, followed_until AS until FROM enrolment JOIN delivery brought USING (delivery)
                QUALIFY row_number() OVER (PARTITION BY brought.source ORDER BY followed_until DESC NULLS LAST) = {MANY}
            ) USING (source)
        ) ends WHERE ends.delivery = enrolment.delivery AND enrolment.followed_until > ends.until"""
    )


def limit_deliveries(connection: duckdb.DuckDBPyConnection) -> None:
    """Let files tell of no months after the last that many people of their source have reached, and of no column that is known
    of few people and few rows.

    To which day everybody of a source is followed, and what its files lack, would else depend on one of them.
    """
    for tables in _TOLD_TOGETHER:
        last_days = f"""SELECT source, client, max(day) AS last FROM ({_days(tables)})
            JOIN (SELECT delivery, source FROM delivery) USING (delivery) GROUP BY ALL"""
        ends = f"""SELECT source, last_day(last) AS until FROM ({last_days})
            QUALIFY row_number() OVER (PARTITION BY source ORDER BY last DESC) = {MANY}"""
        connection.execute(
            f"""UPDATE delivery SET first_day = least(first_day, until), last_day = until FROM ({ends}) ends
            WHERE ends.source = delivery.source AND last_day > until AND list_contains(?, data_table)""",
            [list(tables)],
        )
    for table in client_tables():
        connection.execute(_FILES.format(table=table, many=MANY), [table])
        _leave_out_columns_of_few(connection, table)
        if connection.execute("FROM file WHERE is_small LIMIT 1").fetchone():  # both go through all rows
            _tell_as_others(connection, table)
            _reach_no_month_alone(connection, table)
        connection.execute("DROP TABLE file")


_FILES = """CREATE TEMP TABLE file AS
    WITH counted AS (
        SELECT delivery, source, list_sort(fields) AS had,
               (SELECT count(DISTINCT client) FROM {table} WHERE {table}.delivery = brought.delivery) AS people
        FROM delivery brought WHERE data_table = ?)
    SELECT delivery, source, people < {many} AS is_small,
           CASE WHEN is_small THEN min(delivery) OVER (PARTITION BY source, had, is_small) ELSE delivery END AS pile
    FROM counted"""
"""SQL for the files of a table. Small ones, of few people each, are in one pile with those of their source that had the same
columns: what a file of its own tells is else told by the only person in it."""


def _leave_out_columns_of_few(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """As `limit_deliveries`, of one table.

    Of a column that may be empty because there is nothing to tell, or not yet, all files of a source count together: those of
    the last month always have few values.
    """
    every = [one for one in columns(TABLES[table]) if not one.required and one.identity in (None, "client")]
    own = [one for one in every if is_of_every_row(one, later_columns(table))]
    for by, asked in (("pile", own), ("source", [one for one in every if one not in own])):
        for number, fields in _of_few(connection, table, by, asked):
            connection.execute(
                f"""UPDATE delivery SET fields = list_filter(fields, lambda name: NOT list_contains(?, name))
                WHERE delivery IN (SELECT delivery FROM file WHERE {by} = ?) AND data_table = ?""",
                [fields, number, table],
            )


def _tell_as_others(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Let a pile of small files with few people in all have the columns of the file of many that reaches into its days, else of
    the last one: which columns it has, and which it lacks, is told by one of them.
    """
    connection.execute(
        f"""UPDATE delivery SET fields = others.fields FROM (
            SELECT few.delivery AS number, told.fields FROM (FROM delivery WHERE data_table = ?) few JOIN file USING (delivery)
            JOIN (SELECT pile FROM {table} JOIN file USING (delivery) RIGHT JOIN (SELECT DISTINCT pile FROM file) USING (pile)
                  GROUP BY pile HAVING count(DISTINCT client) < {MANY}) USING (pile)
            JOIN file large ON large.source = file.source AND NOT large.is_small
            JOIN delivery told ON told.delivery = large.delivery AND told.data_table = few.data_table
            QUALIFY row_number() OVER (PARTITION BY few.delivery ORDER BY
                coalesce(told.first_day <= few.last_day AND few.first_day <= told.last_day, FALSE) DESC, told.delivery DESC) = 1
        ) others WHERE others.number = delivery.delivery AND data_table = ?""",
        [table, table],
    )


def _reach_no_month_alone(connection: duckdb.DuckDBPyConnection, table: str) -> None:
    """Let small files tell of no month in which their source has hardly any rows, as a stray row between others in a file tells
    of none: the only person of such a month would be told by it. Their days go to a month that is told of.
    """
    connection.execute(
        f"""UPDATE delivery SET first_day = told.day, last_day = told.day FROM (
            WITH dated AS (
                SELECT delivery, source, is_small, client, {TABLES[table].day} AS day, date_trunc('month', day) AS month
                FROM (SELECT delivery, client, {TABLES[table].day} FROM {table}) JOIN file USING (delivery)),
            months AS (
                SELECT source, month, count(*) AS rows, count(DISTINCT client) AS people, min(day) AS day
                FROM dated GROUP BY ALL),
            usual AS (
                SELECT source, median(rows) AS usual, first(day ORDER BY rows DESC, day) AS told FROM months GROUP BY source)
            SELECT delivery AS number, any_value(told) AS day
            FROM (SELECT DISTINCT delivery, source, month FROM dated WHERE is_small)
            JOIN months USING (source, month) JOIN usual USING (source)
            GROUP BY delivery HAVING bool_and(people < {MANY} AND rows * {_PART} < usual)
        ) told WHERE told.number = delivery.delivery AND data_table = ?""",
        [table],
    )


def _of_few(
    connection: duckdb.DuckDBPyConnection, table: str, by: str, asked: Sequence[Column]
) -> Iterator[tuple[int, list[str]]]:
    """Yield the fields of few by number of a pile or source. People are counted only where rows are few: it takes long."""
    known = {one.name: f"NOT {unknown_sql(one, f'mine.{one.name}')}" for one in asked}
    counted = "".join(f", count(*) FILTER ({sql})" for sql in known.values())
    rows = f"FROM {table} mine JOIN file brought USING (delivery)"
    for number, every, *some in connection.execute(
        f"SELECT brought.{by}, count(*){counted} {rows} GROUP BY ALL"
    ).fetchall():
        rare = [one for one, count in zip(asked, some, strict=True) if count * _PART < every]
        people = ", ".join(f"count(DISTINCT mine.client) FILTER ({known[one.name]})" for one in rare)
        found = (
            connection.execute(f"SELECT {people} {rows} WHERE brought.{by} = ?", [number]).fetchall() if rare else [()]
        )
        if few := [one.field for one, count in zip(rare, found[0], strict=True) if count < MANY]:
            yield number, few


def _days(tables: tuple[str, ...]) -> str:
    """SQL for whose rows are of what day and delivery."""
    return " UNION ALL ".join(f"SELECT client, {TABLES[table].day} AS day, delivery FROM {table}" for table in tables)

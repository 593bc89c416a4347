"""The file of a release: what a generation knew at the end of its last closed month, and nothing that came after.

Everything that looks ahead (does the client come back, has the referral started, is the client at work) is cut at that day,
so that an open month moves no published value. Closed months of earlier releases keep their rows as they were published: late
rows and corrections wait, and only what has come to pass since (a start, an end, a status) goes on: of a day before the end of
the last release it is a correction, too.
"""

from datetime import date
from pathlib import Path

import duckdb

from data.model.records import TABLES
from data.model.schema import client_tables, columns, plain_type
from data.store.draft import shared_columns
from data.store.workspace import looking_into, quoted


def _default(table: str, field: str) -> str:
    """SQL for what a field holds when nothing is known of it."""
    return f"'{TABLES[table].model_fields[field].get_default()}'"


AHEAD: dict[str, dict[str, dict[str, str]]] = {
    "referral": {
        "status_on": {"status_on": "NULL", "status": "'sent'"},
        "started_on": {"started_on": "NULL", "status": "'sent'"},
    },
    "enrolment": {
        "ended_on": {
            "ended_on": "NULL",
            "end_reason": "NULL",
            "language_level_end": _default("enrolment", "language_level_end"),
        },
        "followed_until": {"followed_until": "{until}"},
    },
    "training": {"ended_on": {"ended_on": "NULL", "completed": "NULL"}},
    "outcome": {"ended_on": {"ended_on": "NULL"}},
}
"""Days that come after the day of a row, by table, and what a row holds while such a day has not come."""
_GOES_ON = frozenset({"status_on", "followed_until"})
"""Those of them that are written anew as time goes on; the others come once."""


def cut(connection: duckdb.DuckDBPyConnection, until: date) -> None:
    """Leave in a generation what was known at the end of `until`."""
    end = f"DATE '{until.isoformat()}'"
    for table, model in TABLES.items():
        if model.day is not None:
            connection.execute(f"DELETE FROM {table} WHERE {model.day} > {end}")
        for day, values in AHEAD.get(table, {}).items():
            changes = ", ".join(f"{name} = {value.format(until=end)}" for name, value in values.items())
            connection.execute(f"UPDATE {table} SET {changes} WHERE {day} > {end}")
    connection.execute(f"DELETE FROM delivery WHERE first_day > {end}")
    # A delivery that reaches into the last week reaches the end of the month, which is whole: else what matures on its last days
    # would be told later than its month, and alone.
    connection.execute(f"UPDATE delivery SET last_day = {end} WHERE last_day > {end} - 7")


def keep_months(connection: duckdb.DuckDBPyConnection, before: Path, until: date) -> None:
    """Put the rows of an earlier release, up to `until`, in the place of those of the same days.

    before: the file of the earlier release. Its clients and deliveries come along where they have gone since.
    """
    connection.execute(f"ATTACH {quoted(before)} AS before (READ_ONLY)")
    try:
        for table in _dated_tables():
            _keep_rows(connection, table, until)
        for table, key in (("client", "client"), ("delivery", "delivery")):
            values = shared_columns(connection, "before", table)
            connection.execute(
                f"INSERT INTO {table} ({', '.join(values)}) SELECT {', '.join(values.values())} FROM before.{table} theirs "
                f"WHERE theirs.{key} NOT IN (SELECT {key} FROM {table})"
            )
        # Rows of a later delivery wait in these months, so it covers none of their days.
        end, later = f"DATE '{until.isoformat()}'", "delivery NOT IN (SELECT delivery FROM before.delivery)"
        connection.execute(f"DELETE FROM delivery WHERE {later} AND last_day <= {end}")
        connection.execute(f"UPDATE delivery SET first_day = {end} + 1 WHERE {later} AND first_day <= {end}")
        # So it was when an earlier release had it: those rows wait on.
        connection.execute(
            "UPDATE delivery SET first_day = greatest(delivery.first_day, theirs.first_day) FROM before.delivery theirs "
            "WHERE theirs.delivery = delivery.delivery"
        )
    finally:
        connection.execute("DETACH before")


def changed_clients(file: Path, other: Path, *, published_until: date | None = None) -> int:
    """Return how many people (clients, and anonymous visitors each for themselves) two files tell differently of.

    published_until: compare only what `keep_months` would keep up to this day. Which delivery has brought a row is no difference.
    """
    tables = _dated_tables() if published_until else client_tables()
    parts = []
    with looking_into(file) as connection:
        connection.execute(f"ATTACH {quoted(other)} AS before (READ_ONLY)")
        try:
            for table in tables:
                where, left_out = "", frozenset[str]()
                if published_until:
                    where, left_out = f"WHERE {_is_until(table, published_until)}", later_columns(table)
                one = f"SELECT client, {_print(table, left_out)} AS print FROM {{database}}{table} {where}"
                now, then = one.format(database=""), one.format(database="before.")
                parts += [f"({now} EXCEPT ALL {then})", f"({then} EXCEPT ALL {now})"]
                if published_until and left_out:
                    parts.append(_told_late(table, published_until))
            row = connection.execute(f"SELECT count(DISTINCT client) FROM ({' UNION ALL '.join(parts)})").fetchone()
        finally:
            connection.execute("DETACH before")
    return int(row[0]) if row else 0


def _dated_tables() -> tuple[str, ...]:
    """The tables whose rows are of clients and of a month."""
    return tuple(table for table in client_tables() if TABLES[table].day is not None)


def later_columns(table: str) -> frozenset[str]:
    """The columns of a table that go on after the day of a row."""
    return frozenset(name for values in AHEAD.get(table, {}).values() for name in values)


def _has_come(table: str, name: str, until: date) -> str:
    """SQL for whether what a row of `mine` holds in a column has come to pass after `until`, and not before."""
    end = f"DATE '{until.isoformat()}'"
    days = (day for day, values in AHEAD[table].items() if name in values)
    parts = (f"(mine.{day} > {end}{'' if day in _GOES_ON else f' AND theirs.{day} IS NULL'})" for day in days)
    return f"coalesce({' OR '.join(parts)}, FALSE)"


def _told_late(table: str, until: date) -> str:
    """SQL for the clients of published rows of whom something is told now that came to pass before: its month was published."""
    differ = " OR ".join(
        f"(mine.{name}::VARCHAR IS DISTINCT FROM theirs.{name}::VARCHAR AND NOT {_has_come(table, name, until)})"
        for name in sorted(later_columns(table))
    )
    day = TABLES[table].day
    return f"""(SELECT mine.client, 0::UBIGINT FROM {table} mine JOIN before.{table} theirs USING (record)
        WHERE mine.{day} = theirs.{day} AND theirs.{_is_until(table, until)} AND ({differ}))"""


def _is_until(table: str, until: date) -> str:
    return f"{TABLES[table].day} <= DATE '{until.isoformat()}'"


def _keep_rows(connection: duckdb.DuckDBPyConnection, table: str, until: date) -> None:
    """Put a table's rows of `before`, up to `until`, in the place of those of the same days and records."""
    values, day, ahead = shared_columns(connection, "before", table), TABLES[table].day, later_columns(table)
    # A row whose day has been corrected waits as a whole: its start may lie before the day that stays.
    is_same = f"mine.{day} = theirs.{day}"
    chosen = [
        f"CASE WHEN {is_same} AND {_has_come(table, name, until)} THEN mine.{name} ELSE {value} END AS {name}"
        if name in ahead
        else f"{value} AS {name}"
        for name, value in values.items()
    ]
    mine = f"LEFT JOIN {table} mine USING (record)" if ahead else ""
    connection.execute(
        f"CREATE TEMP TABLE kept AS SELECT {', '.join(chosen)} FROM before.{table} theirs {mine} "
        f"WHERE theirs.{_is_until(table, until)}"
    )
    connection.execute(f"DELETE FROM {table} WHERE {_is_until(table, until)} OR record IN (SELECT record FROM kept)")
    names = ", ".join(values)
    connection.execute(f"INSERT INTO {table} ({names}) SELECT {names} FROM kept")
    connection.execute("DROP TABLE kept")


def _print(table: str, left_out: frozenset[str] = frozenset()) -> str:
    """SQL for the finger-print of a row: codes by their words, for the files may number them differently."""
    told = [f"{c.name}::{plain_type(c)}" for c in columns(TABLES[table]) if c.name not in left_out]
    return f"hash(record, {', '.join(told)})"

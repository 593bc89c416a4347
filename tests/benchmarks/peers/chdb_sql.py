"""The eight questions in ClickHouse's SQL, run inside this process by chDB, over a file or a table of ClickHouse's own.

The table is laid down by language and day, as whoever uses ClickHouse for this would: a filter reads a part of it.
"""

from __future__ import annotations

import importlib.util
import json
from pathlib import Path
from typing import Any

from tests.benchmarks.peers.figures import (
    BEFORE,
    COLUMNS,
    UNDERSTOOD,
    YEAR,
    Answerer,
    Figures,
    by_codes,
    by_month,
    named,
    quantiles,
)

TABLE = "encounter"

_NUMBERS = f"""
    WITH chosen AS (
        SELECT client, occurred_on, resolution, language_support, topics FROM {{source}}
        WHERE language = '{{language}}' AND occurred_on BETWEEN '{{year}}-01-01' AND '{{year}}-09-30'
    ), first_visit AS (
        SELECT client, min(occurred_on) AS first_on FROM {{source}}
        WHERE client > 0 AND client IN (SELECT client FROM chosen) GROUP BY client
    )
    SELECT uniqExactIf(client, client > 0),
           count(),
           uniqExactIf(client, client > 0 AND occurred_on = first_on),
           100 * avgIf(resolution = 'solved', resolution <> 'unknown'),
           100 * avgIf(language_support IN {UNDERSTOOD}, language_support <> 'unknown'),
           100 * avg(length(topics) >= 2)
    FROM chosen LEFT JOIN first_visit USING (client)"""

_MONTHS = """
    SELECT formatDateTime(occurred_on, '%Y-%m') AS at, count(), uniqExactIf(client, client > 0)
    FROM {source} WHERE language = '{language}' GROUP BY at"""

_OF_YEAR = f"""
    FROM {{source}} WHERE language = '{{language}}' AND occurred_on BETWEEN '{YEAR}-01-01' AND '{YEAR}-12-31'"""

_BREAKDOWNS = {
    "municipalities": f"SELECT municipality, count() {_OF_YEAR} GROUP BY municipality",
    "topics": f"SELECT arrayJoin(topics) AS topic, channel, count() {_OF_YEAR} GROUP BY topic, channel",
    "week": f"""
        SELECT toDayOfWeek(occurred_on) AS day, leftPad(toString(assumeNotNull(hour)), 2, '0') AS at, count()
        {_OF_YEAR} AND hour IS NOT NULL GROUP BY day, at""",
    "support": f"SELECT language_support, count() {_OF_YEAR} GROUP BY language_support",
}

_DAYS = "dateDiff('day', assumeNotNull(requested_on), occurred_on)"
_WAIT = f"groupArrayIf({_DAYS}, requested_on IS NOT NULL AND channel = 'appointment')"

_TIMES = f"""
    WITH arraySort({_WAIT}) AS wait, arraySort(groupArrayIf(assumeNotNull(minutes), minutes IS NOT NULL)) AS spent
    SELECT (spent[intDiv(length(spent) + 1, 2)] + spent[intDiv(length(spent), 2) + 1]) / 2,
           (wait[intDiv(length(wait) + 1, 2)] + wait[intDiv(length(wait), 2) + 1]) / 2,
           (wait[intDiv(9 * length(wait) + 9, 10)] + wait[intDiv(9 * length(wait), 10) + 1]) / 2,
           length(spent), length(wait)
    {_OF_YEAR}"""


def is_here() -> bool:
    """Whether chDB is installed; its pins are in peers.lock."""
    return importlib.util.find_spec("chdb") is not None


class ChDB:
    """A session of ClickHouse's over a folder."""

    def __init__(self, folder: Path) -> None:
        from chdb.session import Session

        self._session: Any = Session(str(folder))

    def rows(self, statement: str) -> list[list[Any]]:
        """What a statement finds."""
        text = str(self._session.query(statement, "JSONCompactEachRow"))
        return [json.loads(line) for line in text.splitlines()]

    def load(self, file: Path) -> None:
        """Lay the rows of a file down in a table."""
        coded = ("municipality", "language", "language_support", "channel", "resolution")
        items = [
            f"assumeNotNull({name})::LowCardinality(String) AS {name}" if name in coded else name for name in COLUMNS
        ]
        items = [f"assumeNotNull({name}) AS {name}" if name in ("client", "occurred_on") else name for name in items]
        self.rows("CREATE DATABASE IF NOT EXISTS peers ENGINE = Atomic")
        self.rows(
            f"CREATE TABLE peers.{TABLE} ENGINE = MergeTree ORDER BY (language, occurred_on) AS "
            f"SELECT {', '.join(items)} FROM {in_file(file)}"
        )

    def close(self) -> None:
        """End the session: only one can be open in a process."""
        self._session.close()


def in_file(file: Path) -> str:
    """The source of rows that lie in a file."""
    return f"file('{file}', Parquet)"


def in_table() -> str:
    """The source of rows that have been laid down in a table."""
    return f"peers.{TABLE}"


def chdb_sql(session: ChDB, source: str) -> Answerer:
    """Whoever answers by scans of a source of rows."""

    def answer(language: str) -> Figures:
        assert language.isalpha()

        def rows(statement: str, year: int = YEAR) -> list[list[Any]]:
            return session.rows(statement.format(source=source, language=language, year=year))

        found: Figures = {
            "numbers": named(rows(_NUMBERS)[0]),
            "numbers_before": named(rows(_NUMBERS, BEFORE)[0]),
            "months": by_month((month, count, clients) for month, count, clients in rows(_MONTHS)),
        }
        found |= {chart: by_codes(rows(statement)) for chart, statement in _BREAKDOWNS.items()}
        *times, spent, waited = rows(_TIMES)[0]
        present = (int(spent), int(waited), int(waited))  # an element that is not there is zero
        values = [value if there else None for value, there in zip(times, present, strict=True)]
        return found | {"times": quantiles(*values)}

    return answer

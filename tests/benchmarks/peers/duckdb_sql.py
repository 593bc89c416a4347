"""The eight questions in plain DuckDB SQL over the raw table of encounters, a statement for each."""

from __future__ import annotations

import duckdb

from tests.benchmarks.peers.figures import (
    BEFORE,
    UNDERSTOOD,
    YEAR,
    Answerer,
    Figures,
    by_codes,
    by_month,
    named,
    quantiles,
)

NUMBERS = f"""
    WITH chosen AS (
        SELECT client, occurred_on, resolution, language_support, topics FROM encounter
        WHERE language = $language AND occurred_on BETWEEN make_date($year, 1, 1) AND make_date($year, 9, 30)
    ), first_visit AS (
        SELECT client, min(occurred_on) AS first_on FROM encounter
        WHERE client > 0 AND client IN (SELECT client FROM chosen) GROUP BY client
    )
    SELECT count(DISTINCT client) FILTER (WHERE client > 0),
           count(*),
           count(DISTINCT client) FILTER (WHERE occurred_on = first_on),
           100 * avg((resolution = 'solved')::INTEGER) FILTER (WHERE resolution <> 'unknown'),
           100 * avg((language_support IN {UNDERSTOOD})::INTEGER) FILTER (WHERE language_support <> 'unknown'),
           100 * avg((len(topics) >= 2)::INTEGER)
    FROM chosen LEFT JOIN first_visit USING (client)"""

MONTHS = """
    SELECT strftime(occurred_on, '%Y-%m'), count(*), count(DISTINCT client) FILTER (WHERE client > 0)
    FROM encounter WHERE language = $language GROUP BY ALL"""

_OF_YEAR = f"""
    FROM encounter WHERE language = $language AND occurred_on BETWEEN DATE '{YEAR}-01-01' AND DATE '{YEAR}-12-31'"""

BREAKDOWNS = {
    "municipalities": f"SELECT municipality, count(*) {_OF_YEAR} GROUP BY ALL",
    "topics": f"SELECT topic, channel, count(*) FROM (SELECT unnest(topics) AS topic, channel {_OF_YEAR}) GROUP BY ALL",
    "week": f"""
        SELECT isodow(occurred_on), lpad(hour::VARCHAR, 2, '0'), count(*) {_OF_YEAR} AND hour IS NOT NULL GROUP BY ALL""",
    "support": f"SELECT language_support, count(*) {_OF_YEAR} GROUP BY ALL",
}

TIMES = f"""
    WITH waits AS (
        SELECT list_sort(list(occurred_on - requested_on)) AS wait {_OF_YEAR}
        AND channel = 'appointment' AND requested_on IS NOT NULL
    )
    SELECT (SELECT median(minutes) {_OF_YEAR}),
           list_median(wait),
           (wait[(9 * len(wait) + 9) // 10] + wait[9 * len(wait) // 10 + 1]) / 2
    FROM waits"""
"""The 90th percentile is the averaged inverse of the distribution function, as ours; DuckDB has no function for it."""


def duckdb_sql(connection: duckdb.DuckDBPyConnection) -> Answerer:
    """Whoever answers by scans of the raw table."""

    def rows(statement: str, **more: object) -> list[tuple[object, ...]]:
        return connection.execute(statement, more).fetchall()

    def answer(language: str) -> Figures:
        found: Figures = {
            "numbers": named(rows(NUMBERS, language=language, year=YEAR)[0]),
            "numbers_before": named(rows(NUMBERS, language=language, year=BEFORE)[0]),
            "months": by_month((month, count, clients) for month, count, clients in rows(MONTHS, language=language)),
        }
        found |= {chart: by_codes(rows(statement, language=language)) for chart, statement in BREAKDOWNS.items()}
        minutes, wait, long_wait = rows(TIMES, language=language)[0]
        return found | {"times": quantiles(minutes, wait, long_wait)}

    return answer

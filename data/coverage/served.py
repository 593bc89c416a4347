"""Municipalities whose people the files of visits are about: they alone count in clients by residents, on both sides.

A table of residents may be of the whole country, and some visitors come from anywhere.
"""

from __future__ import annotations

from data.codes import unknown_code
from data.coverage.paying import PAYERS

ONE_PLACE = 0.9
"""The least part of a file's rows, or of a source's visits, that makes it one of a single municipality."""
_MANY = 30
"""Visits from which on a municipality's people come no longer by chance or by a wrong code: fewer, and a small part of those of
every source, are strays, who tell nothing of how many of its residents are reached."""
_PART = 0.1
"""The part of a source's visits that is none of strays, however few they are."""

SERVED = f"""WITH payers AS ({PAYERS}), visits AS (
        SELECT municipality, source, count(*) AS of_source, sum(count(*)) OVER (PARTITION BY municipality) AS everywhere,
               count(*) / sum(count(*)) OVER (PARTITION BY source) AS part
        FROM (
            SELECT visit.municipality, coalesce(brought.source, 0) AS source
            FROM encounter visit LEFT JOIN delivery brought ON brought.delivery = visit.delivery
            WHERE visit.municipality <> '{unknown_code("municipality")}'
        ) GROUP BY municipality, source
    )
    SELECT municipality::VARCHAR AS municipality FROM payers
    UNION SELECT municipality::VARCHAR FROM visits
    WHERE part >= {ONE_PLACE} OR (NOT EXISTS (FROM payers) AND (everywhere >= {_MANY} OR part >= {_PART}))"""
"""SQL for the municipalities: those that have a service and those with a source of their own; where nobody is known to have a
service, those of whom more than strays come."""

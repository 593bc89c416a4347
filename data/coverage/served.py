"""Municipalities whose people the files of visits are about: they alone count in clients by residents, on both sides.

A table of residents may be of the whole country, and some visitors come from anywhere.
"""

from __future__ import annotations

from data.codes import unknown_code
from data.coverage.paying import LISTED, PAYERS_TOLD

ONE_PLACE = 0.9
"""The least part of a file's rows, or of a source's visits, that makes it one of a single municipality."""
_MANY = 30
"""Visits from which on a municipality's people come no longer by chance or by a wrong code: fewer, and a small part of those of
every source, are strays, who tell nothing of how many of its residents are reached."""
_PART, _SOME = 0.1, 6
"""The part of a source's visits that is none of strays though they are few, and how many they are at least: of a dozen visits
one with a wrong code is a part as large."""
_MOST = 0.5
"""The part of a source's visits that makes its service one of a municipality, whoever else is known to have one."""
_NEARLY_ALL = 0.75
"""The part of a source's visits that is of those and of who is known to have a service: where it is no more, costs and places are
those of the host of a joint service, or of who has told them first, and the visits tell whom else it serves: those with a tenth
(`_PART`) of the visits of the largest."""

SERVED = f"""WITH payers AS ({PAYERS_TOLD}), visits AS (
        SELECT municipality, source, count(*) AS of_source, sum(count(*)) OVER (PARTITION BY municipality) AS everywhere,
               count(*) / sum(count(*)) OVER (PARTITION BY source) AS part
        FROM (
            SELECT visit.municipality, coalesce(brought.source, 0) AS source
            FROM encounter visit LEFT JOIN delivery brought ON brought.delivery = visit.delivery
            WHERE visit.municipality <> '{unknown_code("municipality")}'
        ) GROUP BY municipality, source
    ), joint AS (
        SELECT source, max(of_source) AS largest FROM visits GROUP BY source
        HAVING coalesce(sum(part) FILTER (part >= {_MOST} OR municipality IN (FROM payers)), 0) <= {_NEARLY_ALL}
    ), own AS (SELECT municipality, source FROM visits WHERE part >= {ONE_PLACE}
    ), untold AS (
        SELECT municipality FROM cost
        WHERE service = 'guidance' AND (municipality IN ({LISTED}) OR NOT EXISTS ({LISTED}))
        AND EXISTS (FROM own) AND NOT EXISTS (FROM visits WHERE source NOT IN (SELECT source FROM own))
        AND municipality NOT IN (SELECT municipality FROM own)
    )
    SELECT municipality::VARCHAR AS municipality FROM payers WHERE municipality NOT IN (FROM untold)
    UNION SELECT municipality::VARCHAR FROM visits LEFT JOIN joint USING (source)
    WHERE part >= {_MOST} OR (of_source >= {_PART} * largest AND of_source >= {_SOME})
    OR (NOT EXISTS (FROM payers) AND (everywhere >= {_MANY} OR (part >= {_PART} AND of_source >= {_SOME})))"""
"""SQL for the municipalities: those that have a service of which visits are known, and those whose people make most of a source's
visits, or a part of those of a joint service; where nobody is known to have a service, those of whom more than strays come. Not
those that pay for guidance at places of their own while every source is of some other one: nothing is told of their service
(`data.coverage.untold`), and its clients in others' files are strays."""

"""Whether the amount is known that an encounter is divided by: the costs of whose service it was, or residents like its client.

A number divided by an amount leaves out what the amount is not of: visits in a municipality without costs, clients of one without
residents.
"""

from data.coverage.paying import PAYERS
from data.coverage.served import SERVED
from metrics.model.facts.fact import unknown

_NOWHERE = unknown("municipality")

OWN_RESIDENTS = f"""SELECT municipality, language, year, residents FROM population
    WHERE municipality::VARCHAR IN ({SERVED})"""
"""SQL for the residents of the municipalities whose people the files are about: a table may be of the whole country."""

AT_POINT = f"""LEFT JOIN (SELECT code, municipality FROM service_point WHERE municipality <> {_NOWHERE}) provider
    ON provider.code = e.service_point LEFT JOIN ({PAYERS}) payer
    ON payer.municipality = e.municipality AND payer.service = e.service::VARCHAR"""
"""Joins of the municipality whose service an encounter was: that of the place, else that of residence, if it has a service."""

_PROVIDER = "coalesce(provider.municipality, payer.municipality)"

COSTS = f"""LEFT JOIN (SELECT DISTINCT municipality, service, year FROM cost) paid
    ON paid.municipality = {_PROVIDER} AND paid.service = e.service AND paid.year = year(e.occurred_on)
    LEFT JOIN (
        SELECT cost.service, cost.year FROM cost JOIN ({PAYERS}) payer ON payer.service = cost.service::VARCHAR
        GROUP BY cost.service, cost.year
        HAVING count(DISTINCT cost.municipality) = count(DISTINCT payer.municipality)
    ) all_paid ON all_paid.service = e.service AND all_paid.year = year(e.occurred_on)"""
"""Joins of the costs of an encounter's year and service, and of years in which those of every municipality that has it
are known."""

COST_KNOWN = f"paid.year IS NOT NULL OR ({_PROVIDER} IS NULL AND all_paid.year IS NOT NULL)"
"""Of an encounter of nobody knows whose service the costs are known when everybody's are."""

CENTRE_COSTS = f"""ASOF LEFT JOIN (
        SELECT client, started_on, arg_max(centre, record) AS centre FROM enrolment
        WHERE centre <> {_NOWHERE} GROUP BY client, started_on
    ) at_centre ON at_centre.client = x.client AND at_centre.started_on <= x.started_on
    LEFT JOIN (SELECT DISTINCT municipality, year FROM cost WHERE service = 'competence_centre') paid
    ON paid.municipality = at_centre.centre AND paid.year = year(x.started_on)
    LEFT JOIN (
        SELECT year FROM cost WHERE service = 'competence_centre' GROUP BY year
        HAVING count(DISTINCT municipality) = (
            SELECT count(DISTINCT municipality) FROM cost WHERE service = 'competence_centre'
        )
    ) all_paid ON all_paid.year = year(x.started_on)"""
"""Joins of the costs of the year and the centre where the client was last enrolled."""

CENTRE_COST_KNOWN = "paid.year IS NOT NULL OR (at_centre.centre IS NULL AND all_paid.year IS NOT NULL)"

RESIDENTS = f"""LEFT JOIN (
        SELECT municipality, language, min(year) AS since FROM ({OWN_RESIDENTS}) own WHERE residents IS NOT NULL
        GROUP BY municipality, language
    ) living ON living.municipality = e.municipality AND living.language = e.language"""
"""Join of the first year of which residents of the client's municipality and language are known."""

RESIDENTS_KNOWN = """coalesce(living.since <= greatest(year(e.occurred_on),
    (SELECT min(year) FROM population WHERE residents IS NOT NULL)), FALSE)"""
"""Before the first year of any residents no rate is told but that of all time, whose residents are the latest."""

"""All tables of the sample municipality before the keys: equal plans give equal rows."""

from collections.abc import Iterator

import pyarrow as pa

from data.sample.competence_centre import enrolment_rows, make_enrolments
from data.sample.encounters import Sent, make_encounters
from data.sample.paths import outcome_rows, recognition_rows, training_rows
from data.sample.people import make_people, make_visits
from data.sample.places import cost_rows, population_rows, service_point_rows, staff_rows
from data.sample.plan import Plan
from data.sample.referrals import referral_rows

IDENTIFIERS = {
    "client_id": "S-{:06d}",
    "encounter_id": "E-{:07d}",
    "referral_id": "R-{:07d}",
    "enrolment_id": "K-{:06d}",
}
"""How the numbers in the tables are written as identifiers (a format both Python and DuckDB know)."""


def encounter_tables(plan: Plan) -> Iterator[pa.Table]:
    """The encounters alone, in day order, up to a million rows at a time."""
    people = make_people(plan)
    visits = make_visits(plan, people)
    for rows, _ in make_encounters(plan, people, visits, make_enrolments(plan, people, visits)):
        yield rows


def tables(plan: Plan) -> Iterator[tuple[str, pa.Table]]:
    """Name and rows of every table; encounters come in several parts. Columns are the fields of the record models,
    identifiers as numbers from 1 (see `IDENTIFIERS`)."""
    people = make_people(plan)
    visits = make_visits(plan, people)
    enrolments = make_enrolments(plan, people, visits)
    sent: list[Sent] = []
    for rows, referred in make_encounters(plan, people, visits, enrolments):
        sent.append(referred)
        yield "encounter", rows
    yield "referral", referral_rows(plan, people, enrolments, sent)
    yield "enrolment", enrolment_rows(plan, people, enrolments)
    yield "recognition", recognition_rows(plan, enrolments)
    yield "training", training_rows(plan, enrolments)
    yield "outcome", outcome_rows(plan, enrolments)
    yield "service_point", service_point_rows(plan)
    yield "staff", staff_rows(plan)
    yield "cost", cost_rows(plan)
    yield "population", population_rows(plan, people)

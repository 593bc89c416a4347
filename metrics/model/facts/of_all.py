"""What the SQL of facts asks of all clients at once: where data end, whose people they are about. A slice cannot answer it."""

from data.coverage.served import SERVED
from metrics.model.facts import FACTS
from metrics.model.facts.reach import ENDS_RECORDED, FOLLOWED_UNTIL, REACH

OF_ALL: dict[str, str] = {
    "of_all_reach": REACH,
    "of_all_followed_until": FOLLOWED_UNTIL,
    "of_all_ends_recorded": ENDS_RECORDED,
    "of_all_served": SERVED,
    **{
        f"of_all_{fact.name}_until": fact.until for fact in FACTS.values() if fact.until not in ("NULL", FOLLOWED_UNTIL)
    },
}
"""Queries by the names of tables that hold what they return."""


def answered(sql: str) -> str:
    """Return the same SQL with these tables in the place of the queries.

    >>> answered("SELECT client FROM encounter e WHERE e.occurred_on <= (SELECT max(occurred_on) FROM encounter) - 30")
    'SELECT client FROM encounter e WHERE e.occurred_on <= (FROM of_all_encounter_until) - 30'
    """
    for name, query in OF_ALL.items():
        sql = sql.replace(f"({query})", f"(FROM {name})")
    return sql

"""To which day a competence centre's clients are followed: the end of the data of the sources that know of them."""

from data import clock
from data.codes import WORK_KINDS

EMPLOYED = str(WORK_KINDS)
"""SQL for the kinds of outcome that are work."""
PRECLUDES = "('moved', 'died')"
"""Reasons for leaving after which the client cannot start in work here. No other ending precludes it, nor do studies."""
ENDS_RECORDED = f"SELECT count(ended_on) > 0 FROM outcome WHERE kind IN {EMPLOYED}"
"""SQL for whether any last day of work is recorded, for rows of which no delivery tells."""

FOLLOWED_UNTIL = """SELECT greatest(max(n.started_on), coalesce(max(n.followed_until), max(n.started_on)),
    coalesce((SELECT max(started_on) FROM outcome), max(n.started_on))) AS until FROM enrolment n"""
"""SQL for the last day of any data about the competence centre's clients; for rows of which no delivery tells."""

_ONE_OF = 20
"""A source tells of another's clients where it has one of so many of them: a stray one of a large source tells of nobody else."""

_KNOWN_BY = f"""
    SELECT mine.source AS one, theirs.source AS other
    FROM enrolment n
    JOIN {{table}} x ON x.client = n.client
    JOIN delivery mine ON mine.delivery = n.delivery
    JOIN delivery theirs ON theirs.delivery = x.delivery
    JOIN enrolled ON enrolled.source = mine.source
    WHERE mine.source <> theirs.source
    GROUP BY mine.source, theirs.source HAVING count(DISTINCT n.client) * {_ONE_OF} >= max(enrolled.clients)"""

_TABLES = ("outcome", "training", "recognition")

# A source that tells of enrolments and of starts in work is followed to its own end. Where one has only enrolments and another
# tells of the same clients, the later end counts: whoever is not in its starts had not started by then. A day of follow-up after
# the delivery is a plan.
REACH = f"""
    WITH own AS (
        SELECT source, max(last_day) AS until,
               bool_or(data_table = 'outcome') AS has_starts,
               bool_or(data_table = 'enrolment') AND bool_or(data_table = 'outcome') AS complete
        FROM delivery WHERE data_table IN {("enrolment", *_TABLES)} GROUP BY source
    ), followed AS (
        SELECT brought.source, max(n.followed_until) AS until
        FROM enrolment n JOIN delivery brought ON brought.delivery = n.delivery
        WHERE n.followed_until <= {clock.day_in_sql("brought.made")} GROUP BY brought.source
    ), work AS (
        SELECT brought.source, count(o.ended_on) FILTER (list_contains(brought.fields, 'ended_on')) > 0 AS ends_recorded
        FROM outcome o JOIN delivery brought ON brought.delivery = o.delivery WHERE o.kind IN {EMPLOYED} GROUP BY brought.source
    ), ends AS (
        SELECT own.*, greatest(own.until, followed.until) AS latest, coalesce(work.ends_recorded, FALSE) AS ends_recorded
        FROM own LEFT JOIN followed ON followed.source = own.source LEFT JOIN work ON work.source = own.source
    ), enrolled AS (
        SELECT mine.source, count(DISTINCT n.client) AS clients
        FROM enrolment n JOIN delivery mine ON mine.delivery = n.delivery GROUP BY mine.source
    ), pairs AS ({" UNION ".join(_KNOWN_BY.format(table=table) for table in _TABLES)}
    ), sides AS (SELECT one, other FROM pairs UNION SELECT other, one FROM pairs)
    SELECT ends.source, greatest(ends.latest, max(others.latest) FILTER (NOT ends.complete)) AS until,
           ends.has_starts OR coalesce(bool_or(others.has_starts), FALSE) AS starts_told,
           CASE WHEN ends.has_starts THEN ends.ends_recorded ELSE coalesce(bool_or(others.ends_recorded), FALSE) END
               AS ends_recorded
    FROM ends LEFT JOIN sides ON sides.one = ends.source LEFT JOIN ends others ON others.source = sides.other
    GROUP BY ends.source, ends.latest, ends.has_starts, ends.ends_recorded"""
"""SQL for what each `source` knows of its clients.

until: to which day they are followed; starts_told: whether any file tells of starts in work, without which nobody is known to
be without it; ends_recorded: whether last days of work are recorded: if not, a start without one is no evidence that the work
goes on.
"""

"""Facts of enrolments in a competence centre, followed from the start."""

from metrics.model.facts.fact import Fact, unknown
from metrics.model.facts.places import PLACE_AND_LANGUAGE

_EMPLOYED = "('employment_open', 'employment_subsidised', 'self_employment')"
_NEVER = "100000"

_DIMENSIONS = {
    "centre": "municipality",
    "source": "service",
    **PLACE_AND_LANGUAGE,
    "education_level": "education_level",
    "language_level_start": "language_level",
}

_COLUMNS = {
    "client": "n.client",
    "centre": "n.centre",
    "source": "n.source",
    "municipality": "n.municipality",
    "language": "n.language",
    "education_level": "n.education_level",
    "language_level_start": "n.language_level_start",
}

FOLLOWED_UNTIL = """SELECT greatest(max(n.started_on), coalesce(max(n.followed_until), max(n.started_on)),
    coalesce((SELECT max(started_on) FROM outcome), max(n.started_on))) AS until FROM enrolment n"""
"""SQL for the last day of any data about the competence centre's clients."""

_LEVEL_UNKNOWN, _REASON_UNKNOWN = unknown("language_level"), unknown("end_reason")
_CEFR = ("a1", "a2", "b1", "b2", "c1", "c2")


def _level(column: str) -> str:
    """Return SQL for a CEFR level as a number: sublevels (A1.3) count as their level, below A1 is 0."""
    return f"coalesce(list_position({list(_CEFR)}, split_part({column}::VARCHAR, '_', 1)), 0)"


def _first(work: str) -> tuple[str, str]:
    """Return SQL for the days to the first event, and for its cause: work, study, exit, or '' for the end of follow-up.

    work: SQL for the days to a start in work.
    """
    return (
        f"least({work}, n.study, n.exit, n.followed)",
        f"CASE WHEN least({work}, n.study, n.exit) > n.followed THEN '' "
        f"WHEN {work} <= least(n.study, n.exit) THEN 'work' WHEN n.study <= n.exit THEN 'study' ELSE 'exit' END",
    )


_FIRST_DAYS, _FIRST_CAUSE = _first("n.work")
_OPEN_DAYS, _OPEN_CAUSE = _first(f"coalesce(opened.started_on - n.started_on, {_NEVER})")

ENROLMENT = Fact(
    name="enrolment",
    events="enrolments",
    # Days from enrolment to the first start in work, the first start in study, leaving for another reason, and the end of
    # follow-up; a start in work wins a tie, because the client was reached.
    source=f"""(
        SELECT n.*, reach.until AS data_until,
               coalesce(w.started_on - n.started_on, {_NEVER}) AS work,
               coalesce(s.started_on - n.started_on, {_NEVER}) AS study,
               CASE WHEN n.ended_on IS NOT NULL
                     AND coalesce(n.end_reason::VARCHAR, {_REASON_UNKNOWN}) NOT IN ('employed', 'studying')
                    THEN n.ended_on - n.started_on ELSE {_NEVER} END AS exit,
               greatest(least(coalesce(n.followed_until, reach.until), reach.until) - n.started_on, 0) AS followed
        FROM enrolment n
        CROSS JOIN ({FOLLOWED_UNTIL}) reach
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind IN {_EMPLOYED}) w
          ON w.client = n.client AND w.started_on >= n.started_on
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind NOT IN {_EMPLOYED}) s
          ON s.client = n.client AND s.started_on >= n.started_on
    ) n""",
    day="n.started_on",
    columns={
        **_COLUMNS,
        "first_days": _FIRST_DAYS,
        "first_cause": _FIRST_CAUSE,
        "open_days": _OPEN_DAYS,
        "open_cause": _OPEN_CAUSE,
        "mature_183": "n.started_on <= n.data_until - 183",
        "mature_365": "n.started_on <= n.data_until - 365",
        "recognised_days": "recognised.recognised_on - n.started_on",
        "arrival_days": "n.started_on - n.arrived_on",
        "guidance_days": "n.started_on - guided.first_on",
        "centre_minutes": "spent.minutes",
        "levels_known": f"n.language_level_start <> {_LEVEL_UNKNOWN} AND n.language_level_end <> {_LEVEL_UNKNOWN}",
        "level_rose": f"{_level('n.language_level_end')} > {_level('n.language_level_start')}",
        "positive_days": "least(n.work, n.study, n.followed)",
        "positive_cause": "CASE WHEN least(n.work, n.study) <= n.followed THEN 'positive' ELSE '' END",
    },
    joins={
        **dict.fromkeys(
            ("open_days", "open_cause"),
            "ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind IN ('employment_open', 'self_employment')) opened "
            "ON opened.client = n.client AND opened.started_on >= n.started_on",
        ),
        "recognised_days": "ASOF LEFT JOIN recognition recognised "
        "ON recognised.client = n.client AND recognised.recognised_on >= n.started_on",
        "guidance_days": "LEFT JOIN (SELECT client, min(occurred_on) AS first_on FROM encounter "
        "WHERE client > 0 AND service = 'guidance' GROUP BY client) guided "
        "ON guided.client = n.client AND guided.first_on <= n.started_on",
        # The first half year: days 0 to 182.
        "centre_minutes": "LEFT JOIN (SELECT x.record, sum(e.minutes)::INTEGER AS minutes FROM enrolment x JOIN encounter e "
        "ON e.client = x.client AND e.service = 'competence_centre' AND e.minutes IS NOT NULL "
        "AND e.occurred_on BETWEEN x.started_on AND x.started_on + 182 GROUP BY x.record) spent ON spent.record = n.record",
    },
    needs={
        **dict.fromkeys(("first_cause", "open_cause", "positive_cause"), ("outcome",)),
        "recognised_days": ("recognition",),
        **dict.fromkeys(("guidance_days", "centre_minutes"), ("encounter",)),
    },
    matures={"mature_183": 183, "mature_365": 365},
    dimensions=_DIMENSIONS,
)

ENROLLED = Fact(
    name="enrolled",
    events="enrolments",
    # One row per enrolment and month it was open in: who was with the centre during a period, whenever they came.
    source="""(
        SELECT n.*, unnest(generate_series(date_trunc('month', n.started_on), least(coalesce(n.ended_on, {until}), {until}),
                                           INTERVAL 1 MONTH))::DATE AS open_in
        FROM enrolment n
    ) n""",
    day="n.open_in",
    columns=_COLUMNS,
    dimensions=_DIMENSIONS,
    table="enrolment",
    until="SELECT greatest(max(started_on), coalesce(max(followed_until), max(started_on))) FROM enrolment",
)

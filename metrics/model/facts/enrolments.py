"""Facts of enrolments in a competence centre, followed from the start."""

from data.model.leaving import LEFT_FOR_WORK
from metrics.model.facts.client import CLIENT_FIELDS, OF_CLIENT
from metrics.model.facts.fact import LOOK_BACK, Fact, joined_reach, unknown
from metrics.model.facts.months import HORIZON_DAYS, day_of, days_to_horizons, on_axis
from metrics.model.facts.reach import EMPLOYED, ENDS_RECORDED, FOLLOWED_UNTIL, PRECLUDES, REACH

_NEVER = "100000"

_DIMENSIONS = {
    "centre": "municipality",
    "source": "service",
    **OF_CLIENT,
    "education_level": "education_level",
    "language_level_start": "language_level",
}

_COLUMNS = {
    "client": "n.client",
    "centre": "n.centre",
    "source": "n.source",
    **{name: f"n.{name}" for name in CLIENT_FIELDS},
    "education_level": "n.education_level",
    "language_level_start": "n.language_level_start",
}

_LEVEL_UNKNOWN = unknown("language_level")
_CEFR = ("a1", "a2", "b1", "b2", "c1", "c2")


def _level(column: str) -> str:
    """Return SQL for a CEFR level as a number: sublevels (A1.3) count as their level, below A1 is 0."""
    return f"coalesce(list_position({list(_CEFR)}, split_part({column}::VARCHAR, '_', 1)), 0)"


def _first(work: str) -> tuple[str, str]:
    """Return SQL for the days to the first event, and for its cause: work, exit, unrecorded, or '' for the end of follow-up.

    work: SQL for the days to a start in work. A start in work wins a tie, because the client was reached.
    """
    return (
        f"least({work}, n.exit, n.unrecorded, n.followed)",
        f"CASE WHEN least({work}, n.exit, n.unrecorded) > n.followed THEN '' "
        f"WHEN {work} <= least(n.exit, n.unrecorded) THEN 'work' WHEN n.exit <= n.unrecorded THEN 'exit' ELSE 'unrecorded' END",
    )


_FIRST_DAYS, _FIRST_CAUSE = _first("n.work")
_OPEN_DAYS, _OPEN_CAUSE = _first(f"coalesce(opened.started_on - n.started_on, {_NEVER})")
_POSITIVE_DAYS = "least(n.work, n.study, n.followed)"


def _at_horizon(months: int) -> dict[str, str]:
    """Return the columns of the state at a horizon: whether the data reach it, whether the state is known, and is work.

    The state is known to the end of follow-up. It is also known of those who had died by then, or moved away without work; of
    those who moved away in work nothing is known since. Nor is it known of those who left for work that is not recorded, until
    they are seen in work.
    """
    reached, held = f"n.days_{months}", f"coalesce(held.at_{months}, FALSE)"
    followed = f"n.followed >= {reached} AND n.exit > {reached} AND n.ends_known"
    gone = f"n.exit <= {reached} AND n.starts_told AND (n.died OR NOT coalesce(held.at_end, FALSE))"
    return {
        f"reached_{months}": f"{reached} <= n.data_until - n.started_on",
        f"state_known_{months}": f"(({followed}) OR ({gone})) AND (n.unrecorded > {reached} OR {held})",
        f"at_work_{months}": f"n.followed >= {reached} AND n.exit > {reached} AND {held}",
    }


_AT_HORIZONS = {name: sql for months in HORIZON_DAYS for name, sql in _at_horizon(months).items()}


def _held(name: str, day: str) -> str:
    return f"bool_or(o.started_on <= {day} AND coalesce(o.ended_on >= {day}, TRUE)) AS {name}"


# Work held on each horizon and on the last day, whenever it began.
_HELD = f"""LEFT JOIN (
    SELECT x.record, {_held("at_end", "x.ended_on")},
           {", ".join(_held(f"at_{months}", day_of("x.started_on", months)) for months in HORIZON_DAYS)}
    FROM enrolment x JOIN outcome o ON o.client = x.client AND o.kind IN {EMPLOYED} GROUP BY x.record
) held ON held.record = n.record"""

ENROLMENT = Fact(
    name="enrolment",
    events="enrolments",
    # Days from enrolment to the first start in work, the first start in study, moving away or death, leaving for work of which
    # no outcome tells, the end of follow-up, and each horizon.
    source=f"""(
        SELECT n.*, {days_to_horizons("n.started_on")},
               coalesce(w.started_on - n.started_on, {_NEVER}) AS work,
               coalesce(s.started_on - n.started_on, {_NEVER}) AS study,
               CASE WHEN n.end_reason::VARCHAR IN {PRECLUDES}
                    THEN coalesce(n.ended_on - n.started_on, {_NEVER}) ELSE {_NEVER} END AS exit,
               coalesce(n.end_reason = 'died', FALSE) AS died,
               n.end_reason = 'employed' AND NOT coalesce(told.of_leaving, FALSE) AS left_for_more,
               CASE WHEN left_for_more
                    THEN coalesce(n.ended_on - n.started_on, {_NEVER}) ELSE {_NEVER} END AS unrecorded,
               n.followed_until IS NOT NULL OR n.ends_recorded AS ends_known,
               CASE WHEN n.starts_told
                    THEN greatest(least(n.followed_until, n.data_until) - n.started_on, 0) ELSE 0 END AS followed
        FROM (
            SELECT n.*, coalesce(reach.until, ({FOLLOWED_UNTIL})) AS data_until, coalesce(reach.starts_told, TRUE) AS starts_told,
                   coalesce(reach.ends_recorded, ({ENDS_RECORDED})) AS ends_recorded
            FROM enrolment n {joined_reach("n", REACH)}
        ) n
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind IN {EMPLOYED}) w
          ON w.client = n.client AND w.started_on >= n.started_on
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind NOT IN {EMPLOYED}) s
          ON s.client = n.client AND s.started_on >= n.started_on
        LEFT JOIN (SELECT n.record, TRUE AS of_leaving FROM enrolment n JOIN outcome o ON {LEFT_FOR_WORK} GROUP BY n.record) told
          ON told.record = n.record
    ) n""",
    day="n.started_on",
    columns={
        **_COLUMNS,
        "first_days": _FIRST_DAYS,
        "first_time": on_axis(_FIRST_DAYS, "n.days_"),
        "first_cause": _FIRST_CAUSE,
        "open_time": on_axis(_OPEN_DAYS, "n.days_"),
        "open_cause": _OPEN_CAUSE,
        "unrecorded_work": "n.end_reason = 'employed' AND n.left_for_more",
        **_AT_HORIZONS,
        "mature_183": "n.started_on <= n.data_until - 183",
        "mature_365": "n.started_on <= n.data_until - 365",
        "recognised_days": "recognised.recognised_on - n.started_on",
        "trained_days": "trained.started_on - n.started_on",
        "arrival_days": "n.started_on - n.arrived_on",
        "guidance_days": "n.started_on - guided.first_on",
        "centre_minutes": "spent.minutes",
        "levels_known": f"n.language_level_start <> {_LEVEL_UNKNOWN} AND n.language_level_end <> {_LEVEL_UNKNOWN}",
        "level_rose": f"{_level('n.language_level_end')} > {_level('n.language_level_start')}",
        "positive_time": on_axis(_POSITIVE_DAYS, "n.days_"),
        "positive_cause": "CASE WHEN least(n.work, n.study) <= n.followed THEN 'positive' ELSE '' END",
    },
    joins={
        **dict.fromkeys(
            ("open_time", "open_cause"),
            "ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind IN ('employment_open', 'self_employment')) opened "
            "ON opened.client = n.client AND opened.started_on >= n.started_on",
        ),
        **dict.fromkeys(_AT_HORIZONS, _HELD),
        "recognised_days": "ASOF LEFT JOIN recognition recognised "
        "ON recognised.client = n.client AND recognised.recognised_on >= n.started_on",
        "trained_days": "ASOF LEFT JOIN training trained ON trained.client = n.client AND trained.started_on >= n.started_on",
        "guidance_days": "LEFT JOIN (SELECT client, min(occurred_on) AS first_on FROM encounter "
        "WHERE client > 0 AND service = 'guidance' GROUP BY client) guided "
        "ON guided.client = n.client AND guided.first_on <= n.started_on",
        # The first half year: days 0 to 182.
        "centre_minutes": "LEFT JOIN (SELECT x.record, sum(e.minutes)::INTEGER AS minutes FROM enrolment x JOIN encounter e "
        "ON e.client = x.client AND e.service = 'competence_centre' AND e.minutes IS NOT NULL "
        "AND e.occurred_on BETWEEN x.started_on AND x.started_on + 182 GROUP BY x.record) spent ON spent.record = n.record",
    },
    needs={
        **dict.fromkeys(
            ("first_cause", "open_cause", "positive_cause", "unrecorded_work", *_AT_HORIZONS), ("outcome",)
        ),
        "recognised_days": ("recognition",),
        "trained_days": ("training",),
        **dict.fromkeys(("guidance_days", "centre_minutes"), ("encounter",)),
    },
    looks_back={"guidance_days": LOOK_BACK},
    matures={"mature_183": 183, "mature_365": 365},
    statuses={
        "mature_183": ("n.started_on + 183", "FALSE"),
        "mature_365": ("n.started_on + 365", "FALSE"),
        **{
            f"{name}_{months}": (day_of("n.started_on", months), "FALSE")
            for months in HORIZON_DAYS
            for name in ("reached", "state_known", "at_work")
        },
        "recognised_days": ("recognised.recognised_on", "NULL"),
        "trained_days": ("trained.started_on", "NULL"),
        **dict.fromkeys(("levels_known", "level_rose"), ("coalesce(n.ended_on, n.started_on)", "FALSE")),
        "unrecorded_work": ("n.ended_on", "FALSE"),
    },
    dimensions=_DIMENSIONS,
    reach=REACH,
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
    is_stock=True,
    table="enrolment",
    until="SELECT greatest(max(started_on), coalesce(max(followed_until), max(started_on))) FROM enrolment",
)

"""Facts of the competence centre's results: recognitions of competence, training periods, starts in work and study."""

from metrics.model.facts.amounts_known import CENTRE_COST_KNOWN, CENTRE_COSTS
from metrics.model.facts.client import CLIENT_FIELDS, OF_CLIENT
from metrics.model.facts.fact import Fact, unknown
from metrics.model.facts.months import day_of
from metrics.model.facts.reach import ENDS_RECORDED, FOLLOWED_UNTIL, PRECLUDES, REACH

_LISTS = {"centre": "municipality", **{name: name for name in CLIENT_FIELDS}}
_OF_ENROLMENT = {name: f"coalesce(n.seen.{name}, {unknown(of)})" for name, of in _LISTS.items()}
_SEEN = ", ".join(f"'{name}': {name}" for name in _LISTS)
_DIMENSIONS = {"centre": "municipality", **OF_CLIENT}


def _enrolment(day: str) -> dict[str, str]:
    """Return the joins for centre, place and language, which are those of the client's latest enrolment on the day.

    Of several of one day the record decides, not the order of rows on the disk, which any import may change.
    """
    join = f"""ASOF LEFT JOIN (
        SELECT client, started_on, arg_max({{{_SEEN}}}, record) AS seen FROM enrolment GROUP BY client, started_on
    ) n ON n.client = x.client AND n.started_on <= {day}"""
    return dict.fromkeys(_OF_ENROLMENT, join)


RECOGNITION = Fact(
    name="recognition",
    events="recognitions",
    source="recognition x",
    day="x.recognised_on",
    columns={"client": "x.client", "method": "x.method", "partner": "x.partner", **_OF_ENROLMENT},
    joins=_enrolment("x.recognised_on"),
    dimensions={"method": "recognition_method", "partner": "recognition_partner", **_DIMENSIONS},
    until=FOLLOWED_UNTIL,
    reach=REACH,
)

TRAINING = Fact(
    name="training",
    events="trainings",
    source="training x",
    day="x.started_on",
    columns={
        "client": "x.client",
        "kind": "x.kind",
        "ended": "x.ended_on <= {end}",
        "completed": "x.completed",
        "tailored_known": "x.tailored IS NOT NULL",
        "tailored": "x.tailored",
        "beside_work_known": "x.beside_work IS NOT NULL",
        "beside_work": "x.beside_work",
        **_OF_ENROLMENT,
    },
    joins=_enrolment("x.started_on"),
    statuses={"ended": ("x.ended_on", "FALSE"), "completed": ("x.ended_on", "NULL")},
    dimensions={"kind": "training_kind", **_DIMENSIONS},
    until=FOLLOWED_UNTIL,
    reach=REACH,
)

_HALF_A_YEAR, _A_YEAR = (day_of("x.started_on", months) for months in (6, 12))

# To which day a client is followed: by the latest enrolment, or a later day of another; without a day, to the end of the data.
_FOLLOWED = """LEFT JOIN (
    SELECT client, max(followed_until) IS NOT NULL AS told,
           greatest(max(followed_until),
                    arg_max(coalesce(followed_until, {until}), (started_on, coalesce(followed_until, {until})))) AS until
    FROM enrolment GROUP BY client
) f ON f.client = x.client"""


# Whether the client has died or moved away since the start: the first such end of an enrolment, of one day the death.
_GONE = f"""ASOF LEFT JOIN (
    SELECT client, ended_on, min(end_reason::VARCHAR) AS end_reason FROM enrolment
    WHERE end_reason IN {PRECLUDES} AND ended_on IS NOT NULL GROUP BY client, ended_on
) gone ON gone.client = x.client AND gone.ended_on >= x.started_on"""
_DIED, _MOVED = (f"CASE WHEN gone.end_reason = '{reason}' THEN gone.ended_on END" for reason in ("died", "moved"))


def _followed(day: str) -> str:
    """Return SQL for whether it is known on a day if the work still goes on; not of those who moved away while it did."""
    until = f"least(coalesce(f.until, {{end}}), {{end}}, CASE WHEN x.ended_on IS NULL THEN {_MOVED} END)"
    recorded = f"coalesce(f.told, FALSE) OR coalesce(reach.ends_recorded, ({ENDS_RECORDED}))"
    return f"({until} >= {day} AND ({recorded})) OR coalesce({_DIED} < {day}, FALSE)"


def _lasted(day: str) -> str:
    return f"(x.ended_on IS NULL OR x.ended_on >= {day}) AND coalesce({_DIED} >= {day}, TRUE)"


OUTCOME = Fact(
    name="outcome",
    events="starts",
    source="outcome x",
    day="x.started_on",
    columns={
        "client": "x.client",
        "kind": "x.kind",
        "mature_183": f"{_HALF_A_YEAR} <= {{end}}",
        "mature_365": f"{_A_YEAR} <= {{end}}",
        "followed_183": _followed(_HALF_A_YEAR),
        "followed_365": _followed(_A_YEAR),
        "lasted_183": _lasted(_HALF_A_YEAR),
        "lasted_365": _lasted(_A_YEAR),
        "match_known": "x.matches_competence IS NOT NULL",
        "matches": "x.matches_competence",
        "cost_known": CENTRE_COST_KNOWN,
        **_OF_ENROLMENT,
    },
    joins={
        **_enrolment("x.started_on"),
        **dict.fromkeys(("followed_183", "followed_365", "lasted_183", "lasted_365"), f"{_FOLLOWED} {_GONE}"),
        "cost_known": CENTRE_COSTS,
    },
    needs={"cost_known": ("cost",)},
    guesses=frozenset({"cost_known"}),
    matures={"mature_183": 183, "mature_365": 365},
    statuses={"mature_183": (_HALF_A_YEAR, "FALSE"), "mature_365": (_A_YEAR, "FALSE")},
    dimensions={"kind": "outcome_kind", **_DIMENSIONS},
    until=FOLLOWED_UNTIL,
    reach=REACH,
)

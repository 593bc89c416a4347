"""Facts of the competence centre's results: recognitions of competence, training periods, starts in work and study."""

from metrics.model.facts.enrolments import FOLLOWED_UNTIL
from metrics.model.facts.fact import Fact, unknown
from metrics.model.facts.places import PLACE_AND_LANGUAGE

_OF_ENROLMENT = {
    "centre": f"coalesce(n.centre, {unknown('municipality')})",
    "municipality": f"coalesce(n.municipality, {unknown('municipality')})",
    "language": f"coalesce(n.language, {unknown('language')})",
}
_DIMENSIONS = {"centre": "municipality", **PLACE_AND_LANGUAGE}


def _enrolment(day: str) -> dict[str, str]:
    """Return the joins for centre, place and language, which are those of the client's latest enrolment on the day."""
    join = f"ASOF LEFT JOIN enrolment n ON n.client = x.client AND n.started_on <= {day}"
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
)

TRAINING = Fact(
    name="training",
    events="trainings",
    source="training x",
    day="x.started_on",
    columns={
        "client": "x.client",
        "kind": "x.kind",
        "ended": "x.ended_on <= {until}",
        "completed": "x.completed",
        "tailored_known": "x.tailored IS NOT NULL",
        "tailored": "x.tailored",
        "beside_work_known": "x.beside_work IS NOT NULL",
        "beside_work": "x.beside_work",
        **_OF_ENROLMENT,
    },
    joins=_enrolment("x.started_on"),
    dimensions={"kind": "training_kind", **_DIMENSIONS},
    until=FOLLOWED_UNTIL,
)

OUTCOME = Fact(
    name="outcome",
    events="starts",
    source="outcome x",
    day="x.started_on",
    columns={
        "client": "x.client",
        "kind": "x.kind",
        "mature_183": "x.started_on <= {until} - 183",
        "mature_365": "x.started_on <= {until} - 365",
        "lasted_183": "x.ended_on IS NULL OR x.ended_on >= x.started_on + 183",
        "lasted_365": "x.ended_on IS NULL OR x.ended_on >= x.started_on + 365",
        "match_known": "x.matches_competence IS NOT NULL",
        "matches": "x.matches_competence",
        **_OF_ENROLMENT,
    },
    joins=_enrolment("x.started_on"),
    matures={"mature_183": 183, "mature_365": 365},
    dimensions={"kind": "outcome_kind", **_DIMENSIONS},
    until=FOLLOWED_UNTIL,
)

"""Referrals from service to service, and the cases they form."""

from metrics.model.facts.client import CLIENT_FIELDS, OF_CLIENT
from metrics.model.facts.fact import Fact, unknown

_REFERRAL_UNTIL = (
    "SELECT greatest(max(referred_on), coalesce(max(started_on), max(referred_on)), "
    "coalesce(max(status_on), max(referred_on))) FROM referral"
)

_SEEN = ", ".join(f"'{name}': {name}" for name in CLIENT_FIELDS)


def _joined_client(day: str) -> str:
    """Return the joins of place, language, sex and age: as in the encounter that led to the referral, else in the client's latest
    one until that day. Later ones would move a referral of a published month from one place to another.

    Latest ones are looked for of those clients alone who have a referral without such an encounter, which are few.
    """
    return f"""LEFT JOIN encounter linked ON linked.record = r.encounter
    ASOF LEFT JOIN (
        SELECT client, occurred_on, arg_max({{{_SEEN}}}, (hour, record)) AS seen
        FROM encounter WHERE client > 0 AND client IN (
            SELECT client FROM referral sent ANTI JOIN encounter led ON led.record = sent.encounter
        ) GROUP BY client, occurred_on
    ) latest ON latest.client = r.client AND latest.occurred_on <= {day}"""


_CLIENT = {name: f"coalesce(linked.{name}, latest.seen.{name}, {unknown(name)})" for name in CLIENT_FIELDS}

_OPEN = f"('sent', 'accepted', 'waitlisted', {unknown('referral_status')})"

REFERRAL = Fact(
    name="referral",
    events="referrals",
    source="referral r",
    day="r.referred_on",
    columns={
        "client": "r.client",
        "from_service": "r.from_service",
        "to_service": "r.to_service",
        "topic": "r.topic",
        "manner": "r.manner",
        "status": "r.status",
        "mature_30": "r.referred_on <= {end} - 30",
        "mature_90": "r.referred_on <= {end} - 90",
        "start_days": "r.started_on - r.referred_on",
        # An open case is open until the end of its source's data, whenever its status was written down. What ended otherwise is
        # known until then, and censored at its status. A start without a day is a start, whose delay is not known: metrics say
        # what becomes of it.
        "duration": f"greatest(coalesce(r.started_on, CASE WHEN r.status NOT IN {_OPEN} THEN r.status_on END, {{end}}) "
        "- r.referred_on, 0)",
        "ended_by": "CASE WHEN r.started_on IS NOT NULL THEN 'started' ELSE '' END",
        "enrolled_days": "centre.started_on - r.referred_on",
        **_CLIENT,
    },
    joins={
        **dict.fromkeys(CLIENT_FIELDS, _joined_client("r.referred_on")),
        "enrolled_days": "ASOF LEFT JOIN (SELECT client, started_on FROM enrolment) centre "
        "ON centre.client = r.client AND centre.started_on >= r.referred_on",
    },
    needs={"enrolled_days": ("enrolment",)},
    matures={"mature_30": 30, "mature_90": 90},
    statuses={
        "mature_30": ("r.referred_on + 30", "FALSE"),
        "mature_90": ("r.referred_on + 90", "FALSE"),
        "status": ("coalesce(greatest(r.status_on, r.started_on), r.referred_on)", "'sent'"),
        "status_known": ("coalesce(greatest(r.status_on, r.started_on), r.referred_on)", "TRUE"),
        "start_days": ("r.started_on", "NULL"),
        "enrolled_days": ("centre.started_on", "NULL"),
    },
    dimensions={
        "from_service": "service",
        "to_service": "service",
        "topic": "topic",
        "topic_group": "topic_group",
        "manner": "referral_manner",
        "status": "referral_status",
        **OF_CLIENT,
    },
    until=_REFERRAL_UNTIL,
)

REFERRAL_CASE = Fact(
    name="referral_case",
    events="cases",
    # A case: one client's referrals on one topic with no gap of more than 90 days between two of them. An anonymous
    # visitor has no identity over time, so has no case. The place is that of the case's first known encounter. What happens in
    # a case is counted for 90 days from its opening, the same time for old cases and new ones. A return is a referral to a
    # service that has sent the client on before, directly or through others; of two of one day, back over the same link counts
    # in either order.
    source="""(
        WITH gapped AS (
            SELECT *, coalesce(referred_on - lag(referred_on) OVER same > 90, TRUE) AS opens
            FROM referral WHERE client > 0 WINDOW same AS (PARTITION BY client, topic ORDER BY referred_on, record)
        ), numbered AS (
            SELECT *, sum(opens::INTEGER) OVER (PARTITION BY client, topic ORDER BY referred_on, record) AS number FROM gapped
        ), dated AS (
            SELECT *, min(referred_on) OVER (PARTITION BY client, topic, number) AS opened_on FROM numbered
        ), met AS (
            SELECT client, topic, number, count(DISTINCT service) AS services
            FROM (
                SELECT client, topic, number, unnest([from_service, to_service]) AS service, referred_on - opened_on AS days
                FROM dated
            ) WHERE days <= 90 GROUP BY ALL
        ), returned AS (
            SELECT DISTINCT there.client, there.topic, there.number
            FROM dated there JOIN dated back
              ON back.client = there.client AND back.topic = there.topic AND back.number = there.number
             AND back.to_service = there.from_service
             AND there.from_service <> there.to_service AND back.from_service <> back.to_service
             AND ((back.referred_on, back.record) > (there.referred_on, there.record)
                  OR (back.referred_on = there.referred_on AND back.from_service = there.to_service))
             AND back.referred_on <= there.opened_on + 90
        )
        SELECT n.client, n.topic, n.number, min(n.opened_on) AS opened_on,
               arg_min(n.delivery, (n.referred_on, n.record)) AS delivery,
               arg_min(n.encounter, (n.referred_on, n.record)) AS encounter,
               arg_min(n.from_service, (n.referred_on, n.record)) AS from_service, any_value(r.number IS NOT NULL) AS returns,
               any_value(m.services) AS services
        FROM dated n JOIN met m USING (client, topic, number) LEFT JOIN returned r USING (client, topic, number)
        GROUP BY n.client, n.topic, n.number
    ) r""",
    day="r.opened_on",
    columns={
        "client": "r.client",
        "from_service": "r.from_service",
        "topic": "r.topic",
        "mature": "r.opened_on <= {end} - 90",
        "returns": "r.returns",
        "services": "r.services",
        **_CLIENT,
    },
    joins=dict.fromkeys(CLIENT_FIELDS, _joined_client("r.opened_on")),
    table="referral",
    matures={"mature": 90},
    statuses={"mature": ("r.opened_on + 90", "FALSE")},
    dimensions={"from_service": "service", "topic": "topic", "topic_group": "topic_group", **OF_CLIENT},
    until=_REFERRAL_UNTIL,
)

REFERRAL_PATH = Fact(
    name="referral_path",
    events="paths",
    # Two referrals in a row: a client sent to a service was sent on from it, on the same topic, within 90 days. Of several next
    # ones the first counts. A referral to the sending service itself is no step. A path is of the day on which the client was
    # sent on: of the day of the first referral, it would change a month that is published already.
    source="""(
        SELECT a.record, any_value(a.client) AS client, any_value(a.topic) AS topic, any_value(a.encounter) AS encounter,
               any_value(a.from_service) AS from_service, any_value(a.to_service) AS via_service,
               any_value(a.referred_on) AS referred_on, arg_min(b.to_service, (b.referred_on, b.record)) AS to_service,
               min(b.referred_on) AS sent_on
        FROM referral a JOIN referral b
          ON b.client = a.client AND b.topic = a.topic AND b.from_service = a.to_service
         AND b.referred_on BETWEEN a.referred_on AND a.referred_on + 90
        WHERE a.client > 0 AND a.from_service <> a.to_service AND b.from_service <> b.to_service
        GROUP BY a.record
    ) r""",
    day="r.sent_on",
    columns={
        "client": "r.client",
        "from_service": "r.from_service",
        "via_service": "r.via_service",
        "to_service": "r.to_service",
        "topic": "r.topic",
        **_CLIENT,
    },
    joins=dict.fromkeys(CLIENT_FIELDS, _joined_client("r.referred_on")),
    table="referral",
    dimensions={
        "from_service": "service",
        "via_service": "service",
        "to_service": "service",
        "topic": "topic",
        "topic_group": "topic_group",
        **OF_CLIENT,
    },
    until=_REFERRAL_UNTIL,
)

"""Facts of guidance: encounters, and the first encounter of a client on each topic."""

from metrics.model.facts.amounts_known import AT_POINT, COST_KNOWN, COSTS, RESIDENTS, RESIDENTS_KNOWN
from metrics.model.facts.client import CLIENT_FIELDS, OF_CLIENT
from metrics.model.facts.fact import LOOK_BACK, Fact, unknown

_ENCOUNTER_DIMENSIONS = {
    "service": "guidance_service",
    "service_point": "service_point",
    **OF_CLIENT,
    "topic": "topic",
    "topic_group": "topic_group",
    "channel": "channel",
    "language_support": "language_support",
    "resolution": "resolution",
    "found_via": "found_via",
    "served_in": "language",
    "weekday": "weekday",
    "hour": "hour",
}

_STAFF = (
    "LEFT JOIN staff staffed ON staffed.service_point = e.service_point "
    "AND staffed.month = date_trunc('month', e.occurred_on)"
)

# Within the encounter's own month: a referral of a later one would change a month that is published already.
_SENT = (
    "LEFT JOIN (SELECT DISTINCT encounter, date_trunc('month', referred_on) AS month FROM referral WHERE encounter IS NOT NULL) "
    "sent ON sent.encounter = e.record AND sent.month = date_trunc('month', e.occurred_on)"
)

_POINT = "LEFT JOIN service_point point ON point.code = e.service_point"

_CLIENT = {name: f"e.{name}" for name in CLIENT_FIELDS}

ENCOUNTER = Fact(
    name="encounter",
    events="encounters",
    source="encounter e",
    day="e.occurred_on",
    columns={
        "client": "e.client",
        "identified": "e.client > 0",
        "new_client": "e.client > 0 AND e.occurred_on = first_visit.first_on",
        "sent": "sent.encounter IS NOT NULL",
        "referrals_recorded": "referral_day.day IS NOT NULL",
        "service": "e.service",
        "service_point": "e.service_point",
        **_CLIENT,
        "topic": "e.topics",
        "topic_count": "len(e.topics)",
        "channel": "e.channel",
        "language_support": "e.language_support",
        "resolution": "e.resolution",
        "found_via": "e.found_via",
        "served_in": "e.served_in",
        "minutes": "e.minutes",
        "wait_days": "e.occurred_on - e.requested_on",
        "weekday": "isodow(e.occurred_on)::VARCHAR",
        "hour": "lpad(e.hour::VARCHAR, 2, '0')",
        "staff_known": "staffed.service_point IS NOT NULL",
        "staff_speaks": "list_contains(staffed.languages, e.language)",
        "cost_known": COST_KNOWN,
        "residents_known": RESIDENTS_KNOWN,
        "arrival_known": "e.arrived_on IS NOT NULL",
        "newcomer": "e.occurred_on < e.arrived_on + INTERVAL 12 MONTH",
        "joint": "len(e.partners) > 0",
        # A row without partners had none only where its file has a column for them.
        "joint_known": "len(e.partners) > 0 OR coalesce(list_contains(brought.fields, 'partners'), e.delivery = 0)",
        "answered": "e.understood IS NOT NULL",
        "understood": "e.understood",
        "satisfaction": "e.satisfaction",
        "homes_known": f"point.municipality <> {unknown('municipality')} AND e.municipality <> {unknown('municipality')}",
        "outside_home": "point.municipality <> e.municipality",
        "point_kind_known": f"point.kind <> {unknown('service_point_kind')}",
        "one_stop": "point.kind = 'one_stop'",
    },
    joins={
        **dict.fromkeys(("homes_known", "outside_home", "point_kind_known", "one_stop"), _POINT),
        **dict.fromkeys(("staff_known", "staff_speaks"), _STAFF),
        "cost_known": f"{AT_POINT} {COSTS}",
        "residents_known": RESIDENTS,
        "new_client": "LEFT JOIN (SELECT client, min(occurred_on) AS first_on FROM encounter WHERE client > 0 GROUP BY client) "
        "first_visit ON first_visit.client = e.client",
        "sent": _SENT,
        "referrals_recorded": "LEFT JOIN (SELECT DISTINCT unnest(range(first_day, last_day + 1, INTERVAL 1 DAY))::DATE AS day "
        "FROM delivery WHERE data_table = 'referral' AND first_day IS NOT NULL) referral_day ON referral_day.day = e.occurred_on",
        "joint_known": "LEFT JOIN delivery brought ON brought.delivery = e.delivery",
    },
    needs={
        **dict.fromkeys(("homes_known", "outside_home", "point_kind_known", "one_stop"), ("service_point",)),
        **dict.fromkeys(("staff_known", "staff_speaks"), ("staff",)),
        "cost_known": ("cost",),
        "residents_known": ("population",),
        **dict.fromkeys(("sent", "referrals_recorded"), ("referral",)),
    },
    guesses=frozenset({"cost_known"}),
    looks_back={"new_client": LOOK_BACK},
    lists=("topic",),
    dimensions=_ENCOUNTER_DIMENSIONS,
    until="SELECT max(occurred_on) FROM encounter",
)

FIRST_CONTACT = Fact(
    name="first_contact",
    events="cases",
    # One row per client and topic: the encounter that raised it first. Ties of a day go by the hour, then by record.
    source="""(
        SELECT e.*, t.topic AS first_topic,
               lead(e.occurred_on) OVER (PARTITION BY e.client, t.topic ORDER BY e.occurred_on, e.hour, e.record) AS next_on,
               row_number() OVER (PARTITION BY e.client, t.topic ORDER BY e.occurred_on, e.hour, e.record) AS turn
        FROM encounter e, LATERAL (SELECT unnest(e.topics) AS topic) t
        WHERE e.client > 0
    ) e""",
    day="e.occurred_on",
    columns={
        "client": "e.client",
        "first": "e.turn = 1",
        "mature": "e.occurred_on <= {end} - 30",
        "solved": "e.resolution = 'solved' AND sent.encounter IS NULL AND (e.next_on IS NULL OR e.next_on > e.occurred_on + 30)",
        "resolution_known": f"e.resolution <> {unknown('resolution')}",
        "sent": "sent.encounter IS NOT NULL",
        "topic": "e.first_topic",
        "service": "e.service",
        "service_point": "e.service_point",
        **_CLIENT,
        "channel": "e.channel",
        "language_support": "e.language_support",
        "found_via": "e.found_via",
    },
    joins=dict.fromkeys(("solved", "sent"), _SENT),
    needs={"sent": ("referral",)},
    looks_back={"first": LOOK_BACK},
    matures={"mature": 30},
    statuses={"mature": ("e.occurred_on + 30", "FALSE")},
    table="encounter",
    dimensions={
        name: _ENCOUNTER_DIMENSIONS[name]
        for name in (
            "service", "service_point", *OF_CLIENT, "topic", "topic_group", "channel", "language_support", "found_via",
        )
    },
    until=ENCOUNTER.until,
)  # fmt: skip

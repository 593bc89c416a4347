"""The facts of this release as SQL: encounter, first_contact, referral, referral_case, enrolment."""

from metrics.facts import Fact

_PLACE_AND_LANGUAGE = {
    "municipality": "municipality",
    "region": "region",
    "employment_area": "employment_area",
    "language": "language",
    "language_group": "language_group",
}

_ENCOUNTER_DIMENSIONS = {
    "service": "guidance_service",
    "service_point": "service_point",
    **_PLACE_AND_LANGUAGE,
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

ENCOUNTER = Fact(
    name="encounter",
    events="encounters",
    source="encounter e",
    day="e.occurred_on",
    columns={
        "client": "e.client",
        "identified": "e.client > 0",
        "new_client": "e.client > 0 AND e.occurred_on = first_visit.first_on",
        "referred": "e.resolution = 'referred' OR sent.encounter IS NOT NULL",
        "service": "e.service",
        "service_point": "e.service_point",
        "municipality": "e.municipality",
        "language": "e.language",
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
    },
    joins={
        **dict.fromkeys(("staff_known", "staff_speaks"), _STAFF),
        "new_client": "LEFT JOIN (SELECT client, min(occurred_on) AS first_on FROM encounter WHERE client > 0 GROUP BY client) "
        "first_visit ON first_visit.client = e.client",
        "referred": "LEFT JOIN (SELECT DISTINCT encounter FROM referral WHERE encounter IS NOT NULL) sent "
        "ON sent.encounter = e.record",
    },
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
        "mature": "e.occurred_on <= {until} - 30",
        "solved": "e.resolution = 'solved' AND sent.encounter IS NULL AND (e.next_on IS NULL OR e.next_on > e.occurred_on + 30)",
        "topic": "e.first_topic",
        "service": "e.service",
        "service_point": "e.service_point",
        "municipality": "e.municipality",
        "language": "e.language",
        "channel": "e.channel",
        "language_support": "e.language_support",
        "found_via": "e.found_via",
    },
    joins={"solved": ENCOUNTER.joins["referred"]},
    dimensions={
        name: _ENCOUNTER_DIMENSIONS[name]
        for name in (
            "service", "service_point", *_PLACE_AND_LANGUAGE, "topic", "topic_group", "channel", "language_support", "found_via",
        )
    },
    until=ENCOUNTER.until,
)  # fmt: skip

_REFERRAL_UNTIL = (
    "SELECT greatest(max(referred_on), coalesce(max(started_on), max(referred_on)), "
    "coalesce(max(status_on), max(referred_on))) FROM referral"
)

# Where and in which language: of the encounter that led to the referral, else of the client's latest encounter.
_REFERRAL_CLIENT = """LEFT JOIN encounter linked ON linked.record = r.encounter
    LEFT JOIN (
        SELECT client, arg_max({'municipality': municipality, 'language': language}, (occurred_on, hour, record)) AS seen
        FROM encounter WHERE client > 0 GROUP BY client
    ) latest ON latest.client = r.client"""

_REFERRAL_PLACE = {
    "municipality": "coalesce(linked.municipality, latest.seen.municipality, '000')",
    "language": "coalesce(linked.language, latest.seen.language, 'und')",
}

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
        "mature_30": "r.referred_on <= {until} - 30",
        "mature_90": "r.referred_on <= {until} - 90",
        "start_days": "r.started_on - r.referred_on",
        # A start without a day is a start, but its delay is not known: it is censored at the day of its status.
        "duration": "coalesce(r.started_on, r.status_on, {until}) - r.referred_on",
        "ended_by": "CASE WHEN r.started_on IS NOT NULL THEN 'started' ELSE '' END",
        **_REFERRAL_PLACE,
    },
    joins={"municipality": _REFERRAL_CLIENT, "language": _REFERRAL_CLIENT},
    dimensions={
        "from_service": "service",
        "to_service": "service",
        "topic": "topic",
        "topic_group": "topic_group",
        "manner": "referral_manner",
        "status": "referral_status",
        **_PLACE_AND_LANGUAGE,
    },
    until=_REFERRAL_UNTIL,
)

REFERRAL_CASE = Fact(
    name="referral_case",
    events="cases",
    # A case: one client's referrals on one topic with no gap of more than 90 days between two of them. An anonymous
    # visitor cannot be seen coming back, so is no case. The place is that of the case's first known encounter.
    source="""(
        WITH gapped AS (
            SELECT *, coalesce(referred_on - lag(referred_on) OVER same > 90, TRUE) AS opens
            FROM referral WHERE client > 0 WINDOW same AS (PARTITION BY client, topic ORDER BY referred_on, record)
        ), numbered AS (
            SELECT *, sum(opens::INTEGER) OVER (PARTITION BY client, topic ORDER BY referred_on, record) AS number FROM gapped
        ), returned AS (
            SELECT DISTINCT there.client, there.topic, there.number
            FROM numbered there JOIN numbered back
              ON back.client = there.client AND back.topic = there.topic AND back.number = there.number
             AND back.from_service = there.to_service AND back.to_service = there.from_service
             AND back.from_service <> back.to_service
             AND back.referred_on BETWEEN there.referred_on AND there.referred_on + 90
        )
        SELECT n.client, n.topic, n.number, min(n.referred_on) AS opened_on,
               arg_min(n.encounter, (n.referred_on, n.record)) AS encounter,
               arg_min(n.from_service, (n.referred_on, n.record)) AS from_service, any_value(r.number IS NOT NULL) AS returns
        FROM numbered n LEFT JOIN returned r USING (client, topic, number)
        GROUP BY n.client, n.topic, n.number
    ) r""",
    day="r.opened_on",
    columns={
        "client": "r.client",
        "from_service": "r.from_service",
        "topic": "r.topic",
        "mature": "r.opened_on <= {until} - 90",
        "returns": "r.returns",
        **_REFERRAL_PLACE,
    },
    joins={"municipality": _REFERRAL_CLIENT, "language": _REFERRAL_CLIENT},
    dimensions={"from_service": "service", "topic": "topic", "topic_group": "topic_group", **_PLACE_AND_LANGUAGE},
    until=_REFERRAL_UNTIL,
)

_EMPLOYED = "('employment_open', 'employment_subsidised', 'self_employment')"
_NEVER = "100000"

ENROLMENT = Fact(
    name="enrolment",
    events="enrolments",
    # Days from enrolment to the first start in work, the first start in study, leaving for another reason, and the end of
    # follow-up; a start in work wins a tie, because the client was reached.
    source=f"""(
        SELECT n.*,
               coalesce(w.started_on - n.started_on, {_NEVER}) AS work,
               coalesce(s.started_on - n.started_on, {_NEVER}) AS study,
               CASE WHEN n.ended_on IS NOT NULL AND coalesce(n.end_reason::VARCHAR, 'unknown') NOT IN ('employed', 'studying')
                    THEN n.ended_on - n.started_on ELSE {_NEVER} END AS exit,
               greatest(least(coalesce(n.followed_until, reach.until), reach.until) - n.started_on, 0) AS followed
        FROM enrolment n
        CROSS JOIN (
            SELECT greatest(max(n.started_on), coalesce(max(n.followed_until), max(n.started_on)),
                            coalesce((SELECT max(started_on) FROM outcome), max(n.started_on))) AS until
            FROM enrolment n
        ) reach
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind IN {_EMPLOYED}) w
          ON w.client = n.client AND w.started_on >= n.started_on
        ASOF LEFT JOIN (SELECT client, started_on FROM outcome WHERE kind NOT IN {_EMPLOYED}) s
          ON s.client = n.client AND s.started_on >= n.started_on
    ) n""",
    day="n.started_on",
    columns={
        "client": "n.client",
        "centre": "n.centre",
        "source": "n.source",
        "municipality": "n.municipality",
        "language": "n.language",
        "education_level": "n.education_level",
        "language_level_start": "n.language_level_start",
        "first_days": "least(n.work, n.study, n.exit, n.followed)",
        "first_cause": "CASE WHEN least(n.work, n.study, n.exit) > n.followed THEN '' "
        "WHEN n.work <= least(n.study, n.exit) THEN 'work' WHEN n.study <= n.exit THEN 'study' ELSE 'exit' END",
        "positive_days": "least(n.work, n.study, n.followed)",
        "positive_cause": "CASE WHEN least(n.work, n.study) <= n.followed THEN 'positive' ELSE '' END",
    },
    dimensions={
        "centre": "municipality",
        "source": "service",
        **_PLACE_AND_LANGUAGE,
        "education_level": "education_level",
        "language_level_start": "language_level",
    },
)

FACTS = {fact.name: fact for fact in (ENCOUNTER, FIRST_CONTACT, REFERRAL, REFERRAL_CASE, ENROLMENT)}

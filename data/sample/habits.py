"""What usually happens in an encounter: weights of channel, topic, language support, resolution and the rest.

Weights are relative and go in the order of the label tuples here.
"""

import numpy as np

from data.sample import area
from data.sample.plan import Codes, Days, Flags, Shares, WeightedChoice

CHANNELS = ("walk_in", "appointment", "phone", "video", "message", "outreach", "pop_up", "group")
WALK_IN, APPOINTMENT, VIDEO, MESSAGE = 0, 1, 3, 4
_CHANNEL_BY_KIND = {
    "one_stop": (56, 21, 9, 2, 6, 2, 0, 4),
    "standalone": (44, 30, 12, 2, 7, 3, 0, 2),
    "library": (70, 15, 5, 1, 3, 2, 0, 4),
    "pop_up": (0, 0, 0, 0, 0, 42, 58, 0),
    "remote": (0, 0, 47, 24, 29, 0, 0, 0),
}
_CHANNEL_AT_CENTRE = (8, 58, 7, 9, 6, 0, 0, 12)

TOPICS = (
    "work", "entrepreneurship", "language_study", "education", "residence_permit", "registration", "social_security",
    "housing", "health", "family", "taxation", "everyday_economy", "digital_services", "rights", "leisure", "form_filling",
    "other",
)  # fmt: skip
_TOPICS_BY_STAY = (
    (9, 1, 9, 6, 12, 16, 14, 13, 7, 8, 7, 5, 6, 1, 1, 8, 2),  # under half a year in Finland
    (15, 2, 13, 9, 13, 6, 14, 11, 7, 9, 5, 5, 6, 2, 2, 9, 2),  # half to two years
    (20, 4, 10, 12, 13, 3, 13, 9, 7, 8, 5, 6, 5, 3, 2, 9, 2),  # two to five years
    (17, 5, 6, 9, 9, 2, 16, 9, 9, 8, 6, 8, 6, 5, 3, 12, 3),  # more than five years
    (14, 3, 9, 8, 12, 6, 14, 10, 8, 8, 5, 6, 6, 3, 2, 10, 4),  # not known
)
_TOPICS_AT_CENTRE = (46, 5, 17, 23, 1, 0, 3, 1, 1, 1, 0, 1, 2, 1, 0, 3, 1)
STAY_LONGER, STAY_UNKNOWN, STAY_AT_CENTRE = 2, 4, 5

SUPPORTS = (
    "own_language", "common_language", "interpreter_on_site", "interpreter_remote", "relative", "none_available", "unknown",
)  # fmt: skip
OWN, COMMON, ON_SITE, BY_REMOTE, RELATIVE, NONE, NOT_SAID = range(7)
SUPPORT_PERIODS = 12

RESOLUTIONS = ("solved", "referred", "continues", "not_solved", "unknown")
REFERRED = 1
_RESOLUTION_BY_TOPIC = {"form_filling": (78, 12, 8, 2), "digital_services": (76, 13, 9, 2), "registration": (60, 31, 7, 2),
                        "residence_permit": (44, 39, 13, 4), "health": (40, 50, 7, 3), "work": (46, 34, 17, 3),
                        "education": (45, 39, 13, 3), "housing": (44, 37, 14, 5), "social_security": (62, 26, 10, 2),
                        "leisure": (75, 18, 5, 2), "rights": (42, 43, 10, 5)}  # fmt: skip
_RESOLUTION_ELSE = (56, 29, 12, 3)

FOUND_VIA = (
    "friend", "authority", "school", "employer", "ngo", "social_media", "website", "leaflet", "outreach", "earlier_client",
    "other", "unknown",
)  # fmt: skip
EARLIER_CLIENT, FOUND_UNKNOWN = 9, 11
_FOUND_ON_FIRST = (36, 21, 9, 4, 6, 8, 6, 2, 4, 0, 2, 12)
_FOUND_LATER = (4, 2, 1, 0, 1, 1, 1, 0, 0, 25, 0, 65)

PARTNERS = (
    "kela", "employment_services", "migri", "dvv", "tax", "wellbeing_social", "school_adult", "legal_aid", "ngo", "housing",
)  # fmt: skip
PARTNER_BY_TOPIC = {"social_security": "kela", "work": "employment_services", "residence_permit": "migri", "taxation": "tax",
                    "registration": "dvv", "language_study": "school_adult", "education": "school_adult", "rights": "legal_aid",
                    "housing": "housing", "family": "wellbeing_social", "leisure": "ngo"}  # fmt: skip

MINUTES_BY_CHANNEL = (20, 42, 12, 35, 10, 12, 12, 60)
MINUTES_BY_SUPPORT = (1.0, 0.9, 1.45, 1.35, 1.15, 0.8, 1.0)

WAIT_DAYS = 4.5
WAIT_BY_MUNICIPALITY = (1.0, 1.5, 0.8, 0.9, 0.6, 0.6, 0.7, 1.3, 1.0)
LONGER_WAIT = 3.0
"""Factor that the waits of one language grow to during the last year."""

UNDERSTOOD_BY_SUPPORT = (0.96, 0.89, 0.92, 0.88, 0.76, 0.41, 0.85)
SATISFACTION_BY_SUPPORT = (4.45, 4.2, 4.3, 4.1, 3.8, 2.9, 4.0)
STARS_SHIFT_BY_RESOLUTION = (0.15, -0.05, -0.1, -1.1, 0.0)


def channels() -> WeightedChoice:
    """Rows: service points in their order."""
    rows = [
        _CHANNEL_BY_KIND[p.kind] if i != area.CENTRE_POINT else _CHANNEL_AT_CENTRE for i, p in enumerate(area.POINTS)
    ]
    return WeightedChoice(rows)


def topics() -> WeightedChoice:
    """Rows: time in Finland in four classes, not known, competence centre."""
    return WeightedChoice((*_TOPICS_BY_STAY, _TOPICS_AT_CENTRE))


def resolutions() -> WeightedChoice:
    """Rows: topic × 2, the second of each pair where no common language or only a relative helped."""
    rows = []
    for topic in TOPICS:
        solved, referred, goes_on, failed = _RESOLUTION_BY_TOPIC.get(topic, _RESOLUTION_ELSE)
        rows += [(solved, referred, goes_on, failed, 1), (solved * 0.6, referred, goes_on * 1.4, failed * 4, 2)]
    return WeightedChoice(rows)


def found_via() -> WeightedChoice:
    """Rows: later visit, first visit."""
    return WeightedChoice((_FOUND_LATER, _FOUND_ON_FIRST))


def supports() -> WeightedChoice:
    """Rows: (staff speak it × language) × period of the plan; remote interpreting grows, relatives interpret less."""
    rows: list[Shares] = []
    common = [t.common for t in area.LANGUAGES] + [0.45, 1.0, 1.0]
    for speaks in (False, True):
        for language, shared in enumerate(common):
            for period in range(SUPPORT_PERIODS):
                rows.append(_support(speaks, language, shared, period / (SUPPORT_PERIODS - 1)))
    return WeightedChoice(np.array(rows))


def support_rows(speaks: Flags, language: Codes, period: Days) -> Days:
    """Rows of `supports`, element-wise."""
    rows: Days = (speaks * np.int32(len(area.LANGUAGE_CODES)) + language) * np.int32(SUPPORT_PERIODS) + period
    return rows


def _support(speaks: bool, language: int, shared: float, moment: float) -> Shares:
    own = 0.0 if language == area.UNKNOWN_LANGUAGE else 0.62 if speaks else 0.02
    common = (1 - own) * shared
    rest = 1 - own - common
    # In the second half of the period the area took remote interpreting into use at every point.
    remote = 0.24 + 0.34 / (1 + np.exp(-9 * (moment - 0.62)))
    on_site = 0.26 - 0.06 * moment
    relative = 0.30 - 0.14 * moment
    nothing = max(1 - remote - on_site - relative, 0.05)
    parts = np.array([remote, on_site, relative, nothing]) / (remote + on_site + relative + nothing) * rest
    return np.array([own, common, parts[1], parts[0], parts[2], parts[3], 0.015])

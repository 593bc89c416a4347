"""Dimensions of the client, common to all facts."""

OF_CLIENT = {
    "municipality": "municipality",
    "region": "region",
    "employment_area": "employment_area",
    "language": "language",
    "language_group": "language_group",
    "sex": "sex",
    "age_band": "age_band",
    "age_group": "age_group",
}
"""Code list of each dimension: municipality of residence, mother tongue, legal sex, and age at the event."""

CLIENT_FIELDS = ("municipality", "language", "sex", "age_band")
"""The fields these dimensions are made of, in the tables of encounters and enrolments; each has a code for "not known"."""

"""Dimensions of where a client lives and which language is the client's own, common to all facts."""

PLACE_AND_LANGUAGE = {
    "municipality": "municipality",
    "region": "region",
    "employment_area": "employment_area",
    "language": "language",
    "language_group": "language_group",
}

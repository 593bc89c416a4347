"""Dimensions of the client's municipality and language, common to all facts."""

PLACE_AND_LANGUAGE = {
    "municipality": "municipality",
    "region": "region",
    "employment_area": "employment_area",
    "language": "language",
    "language_group": "language_group",
}

"""Names of codes as the reader's language has them.

The one door of pages/ to the code lists.
"""

from __future__ import annotations

from data.codes import code_list

LIST_OF = {
    "from_service": "service",
    "via_service": "service",
    "to_service": "service",
    "source": "service",
    "served_in": "language",
    "centre": "municipality",
    "manner": "referral_manner",
    "status": "referral_status",
    "language_level_start": "language_level",
}
"""Dimensions whose code list has another name than the dimension."""


def codes(dimension: str) -> tuple[str, ...]:
    """All codes of a dimension in their fixed order. KeyError if the dimension has no code list."""
    return code_list(LIST_OF.get(dimension, dimension)).ids


def has_code(dimension: str, code: str) -> bool:
    """Whether `code` is a value of the dimension."""
    return code in code_list(LIST_OF.get(dimension, dimension))


def name(dimension: str, code: str, lang: str) -> str:
    """Name of a code, with a capital first letter. KeyError if it is not known.

    >>> name("language", "so", "fi"), name("municipality", "049", "sv")
    ('Somali', 'Esbo')
    """
    label = code_list(LIST_OF.get(dimension, dimension)).label(code, lang)
    return label[:1].upper() + label[1:]

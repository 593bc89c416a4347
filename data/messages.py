"""What the data side says to people, by code and language; the texts are in the three TOML files beside this module."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("fi", "sv", "en")

FILES = ("messages.toml", "messages_import.toml", "field_names.toml")


@cache
def texts() -> dict[str, dict[str, str]]:
    """Every text: code → language → text with {placeholders}."""
    known: dict[str, dict[str, str]] = {}
    for name in FILES:
        known |= tomllib.loads(Path(__file__).with_name(name).read_text(encoding="utf-8"))
    return known


def message(code: str, lang: str = "fi", **params: object) -> str:
    """The text of a code with its placeholders filled in. Raises KeyError for an unknown code, language or placeholder.

    >>> message("header_row", "en", value=4)
    'header on row 4'
    """
    return texts()[code][lang].format(**params)

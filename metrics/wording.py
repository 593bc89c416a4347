"""What the metrics side says to people, by code and language; the texts are in wording.toml."""

import tomllib
from functools import cache
from pathlib import Path

LANGUAGES = ("fi", "sv", "en")


@cache
def wordings() -> dict[str, dict[str, str]]:
    """Every text: code → language → text with {placeholders}."""
    return tomllib.loads(Path(__file__).with_name("wording.toml").read_text(encoding="utf-8"))


def say(code: str, lang: str = "fi", /, **params: object) -> str:
    """The text of a code with its placeholders filled in. Raises KeyError for an unknown code, language or placeholder."""
    return wordings()[code][lang].format(**params)

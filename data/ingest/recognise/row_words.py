"""The words of `row_words.toml` as patterns over normalised text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

from data.codes import normalise

_LEAST = 3
"""Letters of a word looked for plainly in a whole column, before its patterns are."""


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """The words of one list, normalised; a `*` at the end stays."""
    listed = _file()[section][name]
    return tuple(normalise(word) + "*" * word.endswith("*") for word in listed)


def any_of(*lists: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first."""
    every = sorted({word for one in lists for word in one}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in every) + ")"


def plain_parts(listed: Iterable[str]) -> list[str]:
    """The longest run of unaccented letters of each word: what a text must hold, whatever its case, to match one of them."""
    runs = (max(re.findall(r"[a-z]+", word), key=len, default="") for word in listed)
    found = sorted({run for run in runs if len(run) >= _LEAST}, key=len)
    return [run for place, run in enumerate(found) if not any(shorter in run for shorter in found[:place])]


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("row_words.toml").read_text("utf-8"))

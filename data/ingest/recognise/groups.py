"""Headers of two rows: the upper one decides what a general word of the lower means (`Kieli` under `Asiakas` or `Palvelu`)."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from data.codes import normalise, with_bare_letters
from data.ingest.readers.header import GROUP_JOINT
from data.ingest.recognise.synonyms import spelled_out

NOT_OURS = "-"
"""Of something that the table does not follow: the municipality of an office, the number of a booking."""


def field_under(table: str, group: str, header: str) -> str | None:
    """The field that a general word means under the header of its group; NOT_OURS, or None where the group does not tell.

    >>> field_under("encounter", "Asiakas", "Kieli"), field_under("encounter", "Palvelu", "Kieli")
    ('language', 'served_in')
    """
    if not group:
        return None
    kind, word = _upper().get(normalise(group)), _lower().get(normalise(header))
    found: str | None = _file().get(table, {}).get(kind, {}).get(word) if kind and word else None
    return found


def own_text(group: str, header: str) -> str:
    """The lower of two header texts, where the upper one had to be put before it to tell columns apart."""
    return header.removeprefix(f"{group}{GROUP_JOINT}") if group else header


@cache
def _upper() -> Mapping[str, str]:
    return _by_word("upper")


@cache
def _lower() -> Mapping[str, str]:
    return _by_word("lower")


def _by_word(section: str) -> dict[str, str]:
    listed = _file()[section].items()
    return with_bare_letters(
        {word: name for name, patterns in listed for word in spelled_out(patterns, _file()["parts"])}
    )


@cache
def _file() -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name("groups.toml").read_text("utf-8"))

"""The words that headers are made of, from synonyms.toml and compounds.toml: spelled out, normalised, by table and field."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from functools import cache
from itertools import product
from pathlib import Path
from typing import Any

from data.codes import bare_letters, normalise, with_bare_letters
from data.model.records import TABLES

_PART = re.compile(r"<(\w+)>")
_ALTERNATIVES = re.compile(r"\{([^{}]*)\}")


@cache
def field_words(table: str) -> Mapping[str, str]:
    """Normalised word → field, for one table; its own words go before those of every table, and single ones before compounds."""
    words: dict[str, str] = {}
    for source in (_file("synonyms"), _file("compounds")):
        for section in (table, "every"):
            for field in TABLES[table].model_fields:
                own = (normalise(field),) if section == table and source is _file("synonyms") else ()
                for word in (*own, *spelled_out(source.get(section, {}).get(field, ()))):
                    words.setdefault(word, field)
    return with_bare_letters(words)


def spelled_out(patterns: Iterable[str], parts: Mapping[str, str] | None = None) -> Iterator[str]:
    """The normalised words that patterns stand for. parts: what `<name>` stands for in them, else those of compounds.toml.

    >>> list(spelled_out(["{käynti|}{pvm|päivä}"]))
    ['käyntipvm', 'käyntipäivä', 'pvm', 'päivä']
    """
    for pattern in patterns:
        if "{" not in pattern:
            yield normalise(pattern)
            continue
        filled = _PART.sub(lambda match: (parts or _parts())[match[1]], pattern)
        pieces = _ALTERNATIVES.split(filled)
        choices = [piece.split("|") if place % 2 else [piece] for place, piece in enumerate(pieces)]
        yield from (normalise("".join(chosen)) for chosen in product(*choices))


@cache
def ranked(name: str, table: str) -> frozenset[str]:
    """Words of `[general]` or `[stamp]` for one table, with those of every table."""
    listed = _file("synonyms")[name]
    words = frozenset(spelled_out((*listed.get(table, ()), *listed.get("every", ()))))
    return words | frozenset(map(bare_letters, words))


@cache
def sheet_names() -> Mapping[str, frozenset[str]]:
    """Table → names of workbook sheets that mean it."""
    return {table: frozenset(spelled_out(words)) for table, words in _file("synonyms")["sheets"].items()}


@cache
def ambiguous(table: str) -> Mapping[str, tuple[str, ...]]:
    """Words that mean one field over some values and another over others → those fields."""
    listed = _file("compounds")["ambiguous"].get(table, [])
    return with_bare_letters({word: tuple(one["fields"]) for one in listed for word in spelled_out(one["words"])})


@cache
def _parts() -> Mapping[str, str]:
    parts: dict[str, str] = _file("compounds")["parts"]
    return parts


@cache
def _file(name: str) -> dict[str, Any]:
    return tomllib.loads(Path(__file__).with_name(f"{name}.toml").read_text("utf-8"))

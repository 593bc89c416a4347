"""What tells sources apart before their rows do: the columns of their files, the place of all their rows, and their names."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping

import polars as pl

from data.codes import code_list, normalise
from data.coverage.served import ONE_PLACE
from data.coverage.sources import MAIN, Source
from data.ingest.checking import Checked

SAME_SHAPE = 0.6
"""Share of columns two files must have in common to be of one shape."""

_NEARLY = 0.1
"""Of sources less like a sheet than the likest one by no more than this, each may be meant."""


def likely_sources(known: Mapping[str, Source], headers: tuple[str, ...], table: str | None) -> tuple[Source, ...]:
    """Sources that have had files of these columns, the best likeness first; without any, the main one."""
    scored = [(likeness(source, headers, table), source) for source in known.values()]
    best = max(score for score, _ in scored)
    if best < SAME_SHAPE:
        return (known[MAIN],)
    return tuple(source for score, source in sorted(scored, key=lambda one: -one[0]) if score >= best - _NEARLY)


def likeness(source: Source, headers: tuple[str, ...], table: str | None) -> float:
    """Share of columns in common with the likest file of a source, 0–1."""
    wanted = {normalise(header) for header in headers}
    shapes = [
        {normalise(one) for one in shape} for of_table, shape in source.headers.items() if table in (None, of_table)
    ]
    return max((_jaccard(wanted, shape) for shape in shapes), default=0.0)


def shape_key(headers: tuple[str, ...]) -> str:
    """The columns of a sheet as the beginning of a question key: a digest, because headers may be anybody's words."""
    return "sheet " + hashlib.sha256("|".join(map(normalise, headers)).encode()).hexdigest()[:16] + "|"


def bare_name(name: str) -> str:
    """A name without digits and signs: `Vantaa 2025-01` and `vantaa_2` are the same.

    >>> bare_name("Vantaa 2025-01"), bare_name("vantaa_2")
    ('vantaa', 'vantaa')
    """
    return "".join(letter for letter in name.casefold() if letter.isalpha())


def place_of(checked: Checked) -> str:
    """The municipality of nearly all rows; empty when there is no such."""
    if "municipality" not in checked.frame.columns:
        return ""
    places = checked.frame["municipality"].cast(pl.String)
    known = places.filter(places != (code_list("municipality").unknown or ""))
    if known.is_empty():
        return ""
    top = known.value_counts(sort=True).row(0)
    return str(top[0]) if top[1] >= ONE_PLACE * known.len() else ""


def _jaccard(one: set[str], other: set[str]) -> float:
    return len(one & other) / len(one | other) if one or other else 0.0

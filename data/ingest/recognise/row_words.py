"""The words of `row_words.toml`, looked for in normalised text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

import polars as pl

from data.codes import bare_letters, normalise

_LEAST = 3
"""Letters of a word looked for plainly in a whole column, before its patterns are."""

_FEW, _SHORT = 1_000, 20_000
"""Texts, and letters of all of them, for which Polars takes longer to prepare for many words than it takes to look."""


@cache
def words(section: str, name: str) -> tuple[str, ...]:
    """The words of one list, normalised, and as they are without dots and rings; a `*` at the end stays."""
    listed = [normalise(word) + "*" * word.endswith("*") for word in _file()[section][name]]
    return tuple(dict.fromkeys((*listed, *map(bare_letters, listed))))


def any_of(*lists: Iterable[str]) -> str:
    """A pattern for one of the words, the longest first."""
    every = sorted({word for one in lists for word in one}, key=len, reverse=True)
    return "(?:" + "|".join(re.escape(word).replace(r"\*", r"\w*") for word in every) + ")"


def times_said(form: str, said: tuple[str, ...], beside: tuple[str, ...], *, numbers: bool = False) -> frozenset[int]:
    """How often a text made of the words `said` and `beside` alone, and of numbers, may say the first: 0, 1 or 2 for more.

    Empty when there are others in it too. Word by word, because a pattern of words that begin others tries every way to split
    a text.

    >>> times_said("asiakas ei tullut", ("ei tullut",), ("asiakas", "ei")), times_said("tuli", ("ei tullut",), ("asiakas",))
    (frozenset({1}), frozenset())
    """
    parts = form.split(" ")
    first, second = _sought(said), _sought(beside)
    longest = max(first.longest, second.longest)
    reached: list[set[int]] = [{0}, *(set() for _ in parts)]
    for start, counts in enumerate(reached):
        for end in range(start + 1, min(start + longest, len(parts)) + 1 if counts else 0):
            piece = " ".join(parts[start:end])
            if second.has(piece) or (numbers and piece.isdecimal()):
                reached[end] |= counts
            if first.has(piece):
                reached[end] |= {min(count + 1, 2) for count in counts}
    return frozenset(reached[-1])


@dataclass(frozen=True)
class _Sought:
    """Listed words; `begun` are those that stand for any ending."""

    whole: frozenset[str]
    begun: tuple[str, ...]
    longest: int
    """Words in the longest of them."""

    def has(self, piece: str) -> bool:
        if piece in self.whole:
            return True
        return piece.startswith(self.begun) and any(
            piece.startswith(one) and " " not in piece[len(one) :] for one in self.begun
        )


@cache
def _sought(listed: tuple[str, ...]) -> _Sought:
    begun = tuple(word.removesuffix("*") for word in listed if word.endswith("*"))
    whole = frozenset(word for word in listed if not word.endswith("*"))
    return _Sought(whole, begun, max((word.count(" ") + 1 for word in listed), default=1))


def plain_parts(listed: Iterable[str]) -> list[str]:
    """The longest run of unaccented letters of each word: what a text must hold, whatever its case, to match one of them."""
    return list(_plain_parts(tuple(listed)))


@cache
def _plain_parts(listed: tuple[str, ...]) -> tuple[str, ...]:
    runs = (max(re.findall(r"[a-z]+", word), key=len, default="") for word in listed)
    found = sorted({run for run in runs if len(run) >= _LEAST}, key=len)
    return tuple(run for place, run in enumerate(found) if not any(shorter in run for shorter in found[:place]))


def holding(texts: pl.Series, parts: Sequence[str]) -> list[str]:
    """The different texts of a column that hold one of some parts in small letters, whatever the case of the text's (a to z).

    >>> holding(pl.Series(["Yhteensä 2025", None, "YHTEENSÄ", "yhdessä"]), ["yhteens"])
    ['Yhteensä 2025', 'YHTEENSÄ']
    """
    if texts.len() <= _FEW:
        distinct = [text for text in dict.fromkeys(texts.to_list()) if text is not None]
        every = "\n".join(distinct)
        if len(every) <= _SHORT:
            # As bytes, of which `lower` changes A to Z alone, as Polars does.
            lower = every.encode().lower()
            sought = [part for part in map(str.encode, parts) if part in lower]
            return [text for text in distinct if any(part in text.encode().lower() for part in sought)]
    found = texts.filter(texts.str.contains_any(list(parts), ascii_case_insensitive=True))
    return found.unique(maintain_order=True).to_list()


@cache
def _file() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("row_words.toml").read_text("utf-8"))

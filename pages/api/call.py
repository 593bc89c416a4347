"""What a program asks: the place, the parameters of the address, and what its headers would rather have."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final
from urllib.parse import parse_qsl

from data.texts import DEFAULT_LANGUAGE, LANGUAGES, Language
from metrics.grammar.question import nearest
from pages.api.errors import ApiError

LONGEST: Final = 2_000
"""Letters of what is asked in an address."""
MOST_PARAMETERS: Final = 50
JSON, CSV = "application/json", "text/csv"
FORMATS: Final = {"json": JSON, "json-stat": JSON, "csv": f"{CSV}; charset=utf-8"}
"""Names of formats with their media types; by a header alone the first or the last."""


@dataclass(frozen=True)
class Call:
    """One request. address: of the interface, absolute, for links; path: below it; headers: by lower-case name."""

    path: str
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    address: str = ""

    @cached_property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """Its parameters, each as often as it is there. Raises ApiError: `too_long`, `too_many_parameters`."""
        if len(self.query) > LONGEST:
            raise ApiError("too_long", most=LONGEST)
        try:
            return tuple(parse_qsl(self.query, keep_blank_values=True, max_num_fields=MOST_PARAMETERS))
        except ValueError:
            raise ApiError("too_many_parameters", most=MOST_PARAMETERS) from None

    @property
    def name(self) -> str:
        """What is named at the end of its path."""
        return self.path.rpartition("/")[2]

    def every(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter."""
        return tuple(value for known, value in self.pairs if known == name)

    def listed(self, name: str) -> tuple[str, ...]:
        """Return all values of a parameter that may also be given as one, with commas between."""
        return tuple(part for value in self.every(name) for part in value.split(","))

    def one(self, name: str, otherwise: str = "") -> str:
        """Return the value of a parameter that may be there once. Raises ApiError: `repeated`."""
        found = self.every(name)
        if len(found) > 1:
            raise ApiError("repeated", parameter=name)
        return found[0] if found else otherwise

    def check(self, known: Collection[str]) -> None:
        """Raises ApiError: `unknown_parameter`, with those that there are."""
        for name, _ in self.pairs:
            if name not in known:
                raise ApiError("unknown_parameter", nearest(name, known) or tuple(known), parameter=name)

    @property
    def lang(self) -> Language:
        """The language that is asked for, else the one that the headers prefer; ours where it is none of the three."""
        try:
            said = [value for name, value in self.pairs if name == "lang"]
        except ApiError:
            said = []
        preferred = _best(self.headers.get("accept-language", ""), LANGUAGES, _is_language)
        return next((one for word in (*said, preferred) for one in LANGUAGES if one == word), DEFAULT_LANGUAGE)

    def checked_lang(self) -> Language:
        """Return the same. Raises ApiError: `unknown_language`, `repeated`."""
        if (said := self.one("lang", self.lang)) not in LANGUAGES:
            raise ApiError("unknown_language", LANGUAGES, lang=said)
        return self.lang

    def format(self) -> str:
        """Return the name of the format that is asked for. Raises ApiError: `unknown_format`, `not_acceptable`, `repeated`."""
        if said := self.one("format"):
            if said not in FORMATS:
                raise ApiError("unknown_format", tuple(FORMATS), format=said)
            return said
        media = _best(self.headers.get("accept", "*/*"), (JSON, CSV), _is_media)
        if media is None:
            raise ApiError("not_acceptable", tuple(FORMATS))
        return "csv" if media == CSV else "json"

    def has(self, tag: str) -> bool:
        """Return whether whoever asks holds the answer of this tag already (RFC 9110: compared weakly)."""
        held = {one.strip().removeprefix("W/") for one in self.headers.get("if-none-match", "").split(",")}
        return tag.removeprefix("W/") in held


def _best(header: str, offered: Sequence[str], is_like: Callable[[str, str], bool]) -> str | None:
    """Return the offer that a header likes best, the first of equals; None where it likes none. An empty one likes all."""
    wanted = list(_weighed(header)) or [("*", 1.0)]
    found: dict[str, float] = {}
    for one in offered:
        # What is said of a thing itself goes before what is said of all.
        fitting = [(not said.startswith("*"), said.count("*") == 0, q) for said, q in wanted if is_like(said, one)]
        found[one] = max(fitting, default=(False, False, 0.0))[2]
    best = max(offered, key=lambda one: found[one])
    return best if found[best] > 0 else None


def _weighed(header: str) -> Iterator[tuple[str, float]]:
    for part in header.lower().split(","):
        said, *parameters = (word.strip() for word in part.split(";"))
        weight = next((word[2:] for word in parameters if word.startswith("q=")), "1")
        if said:
            yield said, float(weight) if weight.replace(".", "", 1).isdecimal() and weight.isascii() else 0.0


def _is_language(said: str, lang: str) -> bool:
    return said == "*" or said.split("-")[0] == lang


def _is_media(said: str, media: str) -> bool:
    return said in ("*", "*/*", media, f"{media.split('/')[0]}/*")

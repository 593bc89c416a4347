"""What the program says: gettext catalogues in Finnish, Swedish and English, each read once.

A message id is a key such as `overview.title`; all three catalogues hold every key.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Literal, cast, get_args

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog

Language = Literal["fi", "sv", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
DEFAULT_LANGUAGE: Language = "fi"

Forms = str | tuple[str, str]
"""A text; where it counts, of one and of any other number: Finnish, Swedish and English all have these two forms."""

_FOLDER = Path(__file__).parents[1] / "translations"
_LINE = re.compile(r'(msgid|msgid_plural|msgstr|msgstr\[0\]|msgstr\[1\])? ?"((?:[^"\\]|\\.)*)"')
_ESCAPED = re.compile(r"\\(.)")
_TENTH = Decimal("0.1")
_SIGNS: dict[Language, tuple[str, str]] = {"fi": ("\xa0", ","), "sv": ("\xa0", ","), "en": (",", ".")}
"""Between thousands, and before decimals."""
_AMOUNTS = frozenset(
    "cells clients count different done encounters enrolments filled gone least left_out limit loaded most numbers of people "
    "read referrals registered rejected repeated replaced returned rows shown tests total unchanged".split()
)
"""Placeholders that say how many there are; numbers that name something, as a row, a version or a year, stay as they are."""
_PERCENT: dict[Language, str] = {"fi": "\xa0%", "sv": "\xa0%", "en": "%"}
_MEANT = {"n": "\n", "t": "\t", "r": "\r"}


class MissingTextError(KeyError):
    """A key has no text in a language: a mistake in the program, found by tests."""


@dataclass(frozen=True)
class Texts:
    """The texts of one language. Call it with a key and the values of its placeholders.

    >>> texts("en")("months", count=1), texts("en")("months", count=12)
    ('1 month', '12 months')
    >>> texts("en")("removal.deleted", count=12000, number=1234)
    '12,000 rows were deleted. Version 1234 is in use.'
    """

    lang: Language

    def __call__(self, key: str, /, **values: object) -> str:
        """Return the text of `key`; `count` chooses between singular and plural. Raises MissingTextError."""
        text = said(self.lang).get(key)
        if not text:
            raise MissingTextError(f"{self.lang}: {key}")
        if not isinstance(text, str):
            text = text[0 if values.get("count") == 1 else 1]
        if not values:
            return text
        return text.format(
            **{
                name: number_said(value, self.lang) if name in _AMOUNTS and type(value) is int else value
                for name, value in values.items()
            }
        )

    def has(self, key: str) -> bool:
        """Whether there is such a key, for texts that only some codes have."""
        return key in said(self.lang)


@cache
def texts(lang: Language) -> Texts:
    """The texts of a language."""
    return Texts(lang)


@cache
def said(lang: Language) -> Mapping[str, Forms]:
    """All texts of a language by key.

    Read here, and not by Babel, which takes longer for it than a short command for its answer. It reads the same in our files, as
    a test tells; what is not plainly a line of them is refused. ValueError.
    """
    found: dict[str, Forms] = {}
    entry: dict[str, str] = {}
    at = ""
    for number, line in enumerate((*_path(lang).read_text(encoding="utf-8").split("\n"), ""), 1):
        line = line.strip()
        if not line or line.startswith("#"):
            if entry:
                one, other = entry.get("msgstr[0]", ""), entry.get("msgstr[1]", "")
                found[entry["msgid"]] = entry.get("msgstr", (one, other))
            entry, at = {}, ""
            continue
        read = _LINE.fullmatch(line)
        at = (read[1] or at) if read else ""
        if read is None or not at or (read[1] and read[1] in entry) or (at != "msgid" and "msgid" not in entry):
            raise ValueError(f"{lang}: line {number} of the catalogue cannot be read")
        entry[at] = entry.get(at, "") + _ESCAPED.sub(lambda one: _MEANT.get(one[1], one[1]), read[2])
    found.pop("", None)
    return found


@cache
def catalogue(lang: Language) -> Catalog:
    """The catalogue of a language as Babel reads it, with its comments and marks, for tests."""
    from babel.messages.pofile import read_po

    with _path(lang).open("rb") as file:
        return read_po(file, locale=lang, abort_invalid=True)


def _path(lang: str) -> Path:
    return _FOLDER / lang / "LC_MESSAGES" / "tilannekuva.po"


def percent_sign(lang: str) -> str:
    """The percent sign as it stands after a number, with the blank before it where the language has one (CLDR).

    Not by Babel, as below.

    >>> percent_sign("fi"), percent_sign("en")
    ('\\xa0%', '%')
    """
    return _PERCENT[cast(Language, lang)]


def number_said(value: float, lang: str) -> str:
    """A number with at most one decimal, as a language writes it (CLDR).

    Not by Babel, which says the same, as a test tells: what it knows of numbers and dates takes longer to load than the number to
    find.

    >>> number_said(2640, "fi"), number_said(-0.25, "en")
    ('2\\xa0640', '-0.2')
    """
    between, point = _SIGNS[cast(Language, lang)]
    text = f"{Decimal(str(value)).quantize(_TENTH, ROUND_HALF_EVEN):,f}".removesuffix(".0")
    return text.translate({ord(","): between, ord("."): point})


def capital(text: str) -> str:
    """Return a text with a capital at its beginning, and the rest as it is: names keep theirs.

    >>> capital("asiakkaat, Turku")
    'Asiakkaat, Turku'
    """
    return text[:1].upper() + text[1:]


def message(key: str, lang: str, /, **values: object) -> str:
    """One text of a language given as a word of the command line. Raises MissingTextError.

    >>> message("loading.note.header_row", "en", value=4)
    'header on row 4'
    """
    return texts(cast(Language, lang))(key, **values)


def has_message(key: str) -> bool:
    """Whether there is such a text, for notes and reasons that come from files."""
    return texts(DEFAULT_LANGUAGE).has(key)

"""The one rule by which identifiers are cleaned before they are hashed: equal after cleaning is the same client, row or place.

It holds for client numbers, personal identity codes used as such, and the file's own row numbers, and without its last two
steps for the codes and names of service points:

* Unicode NFKC: full-width digits and letters are ordinary ones, `é` is one character however it was typed;
* characters that print nothing are left out: zero-width ones, BOM, soft hyphen, direction marks, control characters;
* every hyphen, dash and minus sign is `-`;
* blanks of any kind (no-break, figure and thin spaces, tabs, line breaks) are blanks, and an identifier has none of them;
* capital and small letters are the same (stored keys are made of capitals).

Kept, because dropping them could make one client of two: leading zeros and decimals beside numbers with letters, dashes as such
(`AS-1` is not `AS1`) and the century mark of an identity code. Where all client numbers of a sheet are digits, `0012`, `12` and
`12.0` are one client (see `data.ingest.client_numbers`). A file's own row numbers lose zeros and decimals always (`row_numbers`):
spreadsheets drop and add them.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import polars as pl

LONGEST_IDENTIFIER = 200

_NOT_ASCII_DASHES = re.compile(r"[\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\ufe58]")
_INVISIBLE = re.compile(r"[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u2800\ufe00-\ufe0f\U000e0000-\U000e0fff]")
"""Characters that print nothing though Unicode counts them among letters, marks and symbols."""
_UNLIKE_BLANKS = frozenset("\t\n\v\f\r\x1c\x1d\x1e\x1f\x85")
"""Control characters that are blanks all the same."""

IDENTITY_CODE = r"^[0-9]{6}[-+A-FU-Y][0-9]{3}[0-9A-Z]$"
"""A cleaned personal identity code, by its form; a pattern for Polars."""

_CODE_BYTES = 11
_IDENTITY_CODE = re.compile(IDENTITY_CODE)

_NUMBER = r"^0*([0-9]+?)(?:[.,]0+)?$"

_PLAIN = r"^[!-~]+$"
"""Printable ASCII without blanks: only its case has to be changed, which is done for the whole column at once."""


def plain(text: str) -> str:
    """A text in one way of writing, as for names: one blank between words, none around, case as it was.

    >>> plain("\\ufeffItä\\u00adkeskus\\u00a0 –\\t１")
    'Itäkeskus - 1'
    """
    if text.isascii() and text.isprintable():
        return " ".join(text.split())  # nothing else can be odd in it, and millions of texts are such
    composed = unicodedata.normalize("NFKC", text)
    if not composed.isascii():
        composed = _NOT_ASCII_DASHES.sub("-", _INVISIBLE.sub("", composed))
    kept = (c for c in composed if c in _UNLIKE_BLANKS or unicodedata.category(c) not in ("Cc", "Cf"))
    # Composed again, because what was left out may have stood between a letter and its accent.
    return " ".join(unicodedata.normalize("NFKC", "".join(kept)).split())


def identifier(text: str) -> str:
    """The form of an identifier that is hashed; empty when nothing in it prints.

    >>> identifier("as–1"), identifier("\\u00a0ＡＳ－１ ")
    ('AS-1', 'AS-1')
    """
    bare = "".join(plain(text).split())
    return bare.upper() if bare.isascii() else _capitals(bare)


def identifiers(cells: pl.Series) -> pl.Series:
    """A column of texts as `identifier` makes them, null where nothing prints; each distinct value is looked at once."""
    odd = cells.filter(~cells.str.contains(_PLAIN)).unique()
    if odd.is_empty():
        return cells.str.to_uppercase()
    import polars as pl  # not above: to load it takes longer than a short command

    cleaned = pl.Series([identifier(text) for text in odd], dtype=pl.String)
    told = pl.DataFrame({"text": odd, "cleaned": cleaned.set(cleaned == "", None), "odd": True})
    joined = pl.DataFrame({"text": cells}).join(told, on="text", how="left", maintain_order="left")
    column = pl.when(pl.col("odd")).then("cleaned").otherwise(pl.col("text").str.to_uppercase())
    return joined.select(column.alias(cells.name)).to_series()


def is_identity_code(cleaned: str) -> bool:
    """Whether a cleaned identifier has the form of a personal identity code."""
    return _IDENTITY_CODE.match(cleaned) is not None


def are_identity_codes(cleaned: pl.Series) -> pl.Series:
    """The same of a column; null where nothing stands."""
    long = cleaned.str.len_bytes() == _CODE_BYTES
    return long & cleaned.str.contains(IDENTITY_CODE) if long.any() else long


def row_numbers(cells: pl.Series) -> pl.Series:
    """Cleaned row numbers as a spreadsheet would leave them alone: without leading zeros and needless decimals.

    >>> import polars as pl
    >>> row_numbers(pl.Series(["0012", "12.0", "K012", "0"])).to_list()
    ['12', '12', 'K012', '0']
    """
    texts = cells.str
    if not (texts.starts_with("0") | texts.contains(".", literal=True) | texts.contains(",", literal=True)).any():
        return cells
    return texts.replace(_NUMBER, "$1")


def _capitals(text: str) -> str:
    """The text without case (Unicode, caseless matching), in capitals; turned until it stays the same."""
    while True:
        folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFD", text).casefold())
        capitals = unicodedata.normalize("NFKC", folded.upper())
        if capitals == text:
            return text
        text = capitals

"""The personal data guard: finds identity codes, e-mail addresses and phone numbers before anything is stored.

What it finds is told by row, column and class; the value itself leaves this module in no form.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

import polars as pl
from stdnum.fi import hetu

from data.ingest.readers.sheet import Sheet

Kind = Literal["personal_identity_code", "email", "phone"]

ROWS_TOLD = 20
"""Rows told per column and class; a person corrects the whole column, not row by row."""


@dataclass(frozen=True)
class Finding:
    """A place where a personal value stands."""

    row: int
    """Row number as a spreadsheet shows it; 0 = the name of the sheet or of the file."""
    column_header: str
    """Header of the column, or `column N` when the header itself is personal; empty above the header."""
    kind: Kind
    """Class of the value."""
    total: int = 1
    """Rows with this class in this column; at most ROWS_TOLD of them have a finding of their own."""


_DASHES = r"\-\u2010-\u2015\u2212"
"""Hyphen, and the dashes and minus sign that word processors put in its place."""

# The same shapes twice: loosely for the vectorised search (Rust knows no look-around), exactly for what it brings.
_CODE_SHAPE = rf"[0-9]{{6}} ?[{_DASHES}+A-FU-Ya-fu-y] ?[0-9]{{3}}[0-9A-FHJ-NPR-Ya-fhj-npr-y]"
_EMAIL_SHAPE = r"@|[(\[] ?at ?[)\]]"
_PHONE_SHAPE = rf"(?:\+|00|\b)358[0-9 ({_DASHES}]|\+[0-9]|0(?:4|50)[0-9]?[ {_DASHES}]?[0-9]"
_SHAPES = f"{_CODE_SHAPE}|{_EMAIL_SHAPE}|{_PHONE_SHAPE}"

_CODE = re.compile(rf"(?<![0-9])({_CODE_SHAPE})(?![0-9])")
_TOKEN = re.compile(r"[0-9A-Za-z-]+")
_HEX_ID = re.compile(r"[0-9a-fA-F-]{16,}")
_EMAIL = re.compile(
    r"[^\s@,;:<>()\[\]\"']+(?:@| ?[(\[] ?at ?[)\]] ?)[^\s@,;:<>()\[\]\"']+\.[^\W\d_]{2,}", re.IGNORECASE
)
_GAP = rf"[ \u00a0{_DASHES}]?"
_PHONE = re.compile(
    # With a country code: +358 40 123 4567, 00358…, +358 (0)40…, +46…; also 358… where Excel has dropped the plus.
    rf"(?<![0-9])(?:\+|00)358{_GAP}(?:\(0\))?{_GAP}[1-9](?:{_GAP}[0-9]){{5,10}}(?![0-9])"
    rf"|(?<![0-9])\+[1-9](?:{_GAP}[0-9]){{8,14}}(?![0-9])"
    rf"|(?<![\w.,{_DASHES}])358{_GAP}[45](?:{_GAP}[0-9]){{6,9}}(?![\w{_DASHES}]|[.,:/][0-9])"
    # Finnish mobile numbers: 040 123 4567, 0457-1234567, 050123456. Letters or digits right before make it an id,
    # unless they are a word for phone; 049 is Espoo's municipality code and no mobile number,
    # and six digits, a hyphen and four are no way to write a phone number but one to write other things.
    rf"|(?:(?:puh|gsm|tel|matk|mob)[\w.]*[: ]?|(?<![\w+])(?<![\w][.,:/_{_DASHES}]))"
    rf"(?![0-9]{{6}}-[0-9]{{4}}\b)0(?:4[0-8]|50)(?:{_GAP}[0-9]){{6,8}}(?!\w|[.,:/{_DASHES}][0-9])",
    re.IGNORECASE,
)


def plain_line(text: str) -> str:
    """The text, when it is one line that holds no personal value; as a validator of what people write. Raises ValueError."""
    if not text.isprintable():
        raise ValueError("one line of text")
    if kinds(text):
        raise ValueError("personal")
    return text


def kinds(text: str) -> tuple[Kind, ...]:
    """The classes of personal values found anywhere in a text.

    >>> kinds("asiakas 131052-308T soitti")
    ('personal_identity_code',)
    """
    found: list[Kind] = []
    if any(_is_code(text, match) for match in _CODE.finditer(text)):
        found.append("personal_identity_code")
    if _EMAIL.search(text):
        found.append("email")
    if _PHONE.search(text):
        found.append("phone")
    return tuple(found)


def _is_code(text: str, match: re.Match[str]) -> bool:
    """Whether a code-shaped piece is a valid identity code and not a piece of a long hexadecimal identifier (UUID)."""
    token = next((token for token in _TOKEN.finditer(text) if token.start() <= match.start() < token.end()), None)
    if token and _HEX_ID.fullmatch(token[0]):
        return False
    code = re.sub(rf" ?[{_DASHES}] ?", "-", match[1])
    return bool(hetu.is_valid(code, allow_temporary=True))


def scan(sheet: Sheet, client_columns: frozenset[str] = frozenset()) -> tuple[Finding, ...]:
    """Every personal value of a sheet outside the columns (by header) that identify the client.

    Those are exempt whatever they hold, because only their keyed hash is stored. Also looked at: the headers, what
    stands above them, rows left out as broken, and the names of the sheet and of the file.
    """
    names = [f"column {index + 1}" if kinds(text) else text for index, text in enumerate(sheet.header)]
    findings = [
        *_in_names(sheet),
        *(
            Finding(sheet.header_row, names[index], kind)
            for index, text in enumerate(sheet.header)
            for kind in kinds(text)
        ),
    ]
    for index, text in enumerate(sheet.header):
        if text not in client_columns:
            findings += _in_column(sheet, index, names[index])
    return (*findings, *_in_broken(sheet, names, client_columns))


def _in_names(sheet: Sheet) -> Iterator[Finding]:
    for text in (sheet.file, sheet.name or "", *sheet.notes):  # notes name the sheets that were skipped
        for kind in kinds(text):
            yield Finding(0, "", kind)
    for row, text in sheet.titles:
        for kind in kinds(text):
            yield Finding(row, "", kind)


def _in_column(sheet: Sheet, index: int, name: str) -> Iterator[Finding]:
    """Findings of one column: each distinct suspicious value is looked at once, however many rows hold it."""
    cells = sheet.rows[f"c{index}"]
    if cells.head(2_000).n_unique() < 500:  # few values repeated: telling them apart is cheaper than searching all
        cells = cells.unique()
    suspicious = cells.filter(cells.str.contains(_SHAPES)).unique()
    found: dict[Kind, list[str]] = {}
    for value in suspicious:
        for kind in kinds(value):
            found.setdefault(kind, []).append(value)
    for kind, values in found.items():
        rows = sheet.rows.filter(pl.col(f"c{index}").is_in(values))["row"]
        for row in rows.head(ROWS_TOLD):
            yield Finding(row, name, kind, rows.len())


def _in_broken(sheet: Sheet, names: list[str], client_columns: frozenset[str]) -> Iterator[Finding]:
    places: dict[tuple[str, Kind], list[int]] = {}
    for broken in sheet.broken:
        for index, text in enumerate(broken.cells):
            if index < len(sheet.header) and sheet.header[index] in client_columns:
                continue
            name = names[index] if index < len(names) else f"column {index + 1}"
            for kind in kinds(text):
                places.setdefault((name, kind), []).append(broken.row)
    for (name, kind), rows in places.items():
        for row in rows[:ROWS_TOLD]:
            yield Finding(row, name, kind, len(rows))

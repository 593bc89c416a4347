"""The personal data guard: finds identity codes, e-mail addresses and phone numbers before anything is stored.

What it finds is told by row, column and class; the value itself leaves this module in no form.
"""

import re
from typing import Literal

from stdnum.fi import hetu

Kind = Literal["personal_identity_code", "email", "phone"]

_DASHES = r"\-\u2010-\u2015\u2212"
"""Hyphen, and the dashes and minus sign that word processors put in its place."""

# The same shapes twice: loosely for the vectorised search (Rust knows no look-around), exactly for what it brings.
_CODE_SHAPE = rf"[0-9]{{6}} ?[{_DASHES}+A-FU-Ya-fu-y] ?[0-9]{{3}}[0-9A-FHJ-NPR-Ya-fhj-npr-y]"
_EMAIL_SHAPE = r"@|[(\[] ?at ?[)\]]"
_PHONE_SHAPE = rf"(?:\+|00|\b)358[0-9 ({_DASHES}]|\+[0-9]|0(?:4|50)[0-9]?[ {_DASHES}]?[0-9]"
SHAPES = f"{_CODE_SHAPE}|{_EMAIL_SHAPE}|{_PHONE_SHAPE}"
"""Whatever may hold a personal value, as one loose pattern for a vectorised search; `kinds` looks closely."""

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

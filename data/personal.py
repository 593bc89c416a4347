"""The personal data guard: finds identity codes, e-mail addresses and phone numbers before anything is stored.

What it finds is told by row, column and class; the value itself leaves this module in no form.
"""

import re
import unicodedata
from bisect import bisect_right
from typing import Literal

from data.model.identifiers import plain

Kind = Literal["personal_identity_code", "email", "phone"]

_DASHES = r"\-\u2010-\u2015\u2212"
"""Hyphen, and the dashes and minus sign that word processors put in its place."""
_PLAIN = r" -~\u00a1-\u00a9\u00ab\u00ac\u00ae-\u00b1\u00b4-\u00b8\u00bb\u00c0-\u024f\u2010-\u2019\u201c\u201d\u2026\u20ac\u2212"
"""Characters that stay what they are, or nearly so, when a text is normalised."""

# The same shapes twice: loosely for the vectorised search (Rust knows no look-around) of texts as they are, exactly for the
# normalised ones of what it brings. Every repetition is bounded or cannot meet itself: a long text takes its length of time.
_SIGN = r"[-+A-FU-Ya-fu-y]"
_CONTROL = r"[0-9A-FHJ-NPR-Ya-fhj-npr-y]"
_LOOSE_CODE = rf"[0-9]{{6}} *(?:{_SIGN}|[{_DASHES}]) *[0-9]{{3}}{_CONTROL}"
_LOOSE_CODE += rf"|[0-9](?: +[0-9]){{5}} +(?:{_SIGN}|[{_DASHES}]) +[0-9]"
_LOOSE_EMAIL = r"@|[(\[{] *(?i:a|at|ät) *[)\]}]"
_LOOSE_PHONE = (
    rf"(?:\+ *|00|\b)358[0-9 ({_DASHES}]|\+ *[0-9]|\b00[2-9]|\b0(?:4|50)(?:[^0-9A-Za-z]{{0,4}}[0-9]){{5}}"
    rf"|\b0(?:[235689]|1[3-9])\)?[ {_DASHES}]+[0-9]{{3}}|(?i:puh|gsm|tel|matk|mob).{{0,14}}0[2-9]|\(0[2-9]|\(01[3-9]"
)
_LOOSE_ODD = rf"(?s:[＠﹫（［｛]|\pN.*[^{_PLAIN}]|[^{_PLAIN}].*\pN)"
SHAPES = f"{_LOOSE_CODE}|{_LOOSE_EMAIL}|{_LOOSE_PHONE}|{_LOOSE_ODD}"
"""Whatever may hold a personal value, as one loose pattern for a vectorised search; `kinds` looks closely."""

_CODE = re.compile(rf"(?<![0-9])([0-9]{{6}} ?{_SIGN} ?[0-9]{{3}}{_CONTROL})(?![0-9])")
_SPACED_CODE = re.compile(rf"(?<![0-9A-Za-z])[0-9](?: [0-9]){{5}} {_SIGN}(?: [0-9]){{3}} {_CONTROL}(?![0-9A-Za-z])")
"""With a blank between all characters, as in the boxes of a form."""
_TOKEN = re.compile(r"[0-9A-Za-z-]+")
_HEX_ID = re.compile(r"[0-9a-fA-F-]{16,}")
_AT = re.compile(r" ?[(\[{] ?(?:at?|ät) ?[)\]}] ?|@", re.IGNORECASE)
_IN_ADDRESS = r"[^\s@,;:<>()\[\]{}\"']"
_LOCAL_END = re.compile(_IN_ADDRESS)
_DOMAIN = re.compile(rf"{_IN_ADDRESS}+\.[^\W\d_]{{2}}")
_GAP = r"(?: - |[ -])?"
_DIGIT = rf"{_GAP}[0-9]"
_WORD = r"(?:puh|gsm|tel|matk|mob)[\w.]{0,12}[: ]{0,2}"
_ALONE = r"(?<![\w+])(?<![\w][.,:/_-])"
_NO_MORE = r"(?!\w|[.,:/-][0-9])"
_AREA = r"0(?:[235689]|1[3-9])"
_PHONE = re.compile(
    # With a country code: +358 40 123 4567, 00358…, +358 (0)40…, +46 (0)70…, 0046…; also 358… where Excel has dropped the plus.
    rf"(?<![0-9])(?:\+ ?|00)358{_GAP}(?:\(0?[0-9]{{0,3}}\))?{_GAP}[1-9](?:{_DIGIT}){{4,10}}(?![0-9])"
    rf"|(?<![0-9])\+ ?[1-9](?:{_DIGIT}){{8,14}}(?![0-9])"
    rf"|(?<![0-9])\+ ?[1-9][0-9]{{0,2}}{_GAP}\(0?[0-9]{{0,3}}\)(?:{_DIGIT}){{5,12}}(?![0-9])"
    # Zeros are also what identifiers are filled up with, so a country code is one only before enough digits, or a gap.
    rf"|{_ALONE}00(?:[2-9][0-9]{{9,12}}|(?:[2-9][0-9]{{1,2}}|7)(?: - |[ -])(?:\(0\){_GAP})?[0-9](?:{_DIGIT}){{6,10}}){_NO_MORE}"
    rf"|(?<![\w.,-])358{_GAP}[45](?:{_DIGIT}){{6,9}}(?![\w-]|[.,:/][0-9])"
    # Finnish mobile numbers: 040 123 4567, 0457-1234567, 050123456, (040) 123 4567. Letters or digits right before make it an
    # id, unless they are a word for phone; 049 is Espoo's municipality code and no mobile number,
    # and six digits, a hyphen and four are no way to write a phone number but one to write other things.
    rf"|(?:{_WORD}|{_ALONE})(?![0-9]{{6}}-[0-9]{{4}}\b)0(?:4[0-8]|50)(?:{_DIGIT}){{6,8}}{_NO_MORE}"
    rf"|(?<![\w+])\(0(?:4[0-8]|50)[0-9]?\)(?:{_DIGIT}){{5,8}}{_NO_MORE}"
    rf"|{_ALONE}0(?:4[0-8]|50)[0-9]?(?:\.[0-9]{{3}}\.?[0-9]{{3,5}}|/[0-9]{{3}} ?[0-9]{{3,5}}){_NO_MORE}"
    # Finnish landlines: 09 310 1691, 09-3101691, (013) 330 411. Subscribers' numbers do not begin with 0; years, and three codes
    # of three digits in a row, as of municipalities, are something else.
    rf"|(?:{_WORD}|{_ALONE})(?!01[3-9] [0-9]{{3}} [0-9]{{3}}\b){_AREA}(?: - | |(?:-(?=[0-9 ]{{6}})))"
    r"(?!0|(?:19|20)[0-9]{2}\b)(?:[0-9]{5,8}|[0-9]{3,4} [0-9]{2,4}|[0-9]{3,4} [0-9]{2} [0-9]{2,3})(?![0-9]| [0-9])"
    + _NO_MORE
    + rf"|(?<![\w+])\({_AREA}\){_GAP}(?:[1-9])(?:{_DIGIT}){{4,8}}{_NO_MORE}"
    rf"|{_WORD}{_AREA}[1-9][0-9]{{4,7}}{_NO_MORE}",
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
    """The classes of personal values found anywhere in a text, however it is written: in full-width or Arabic digits, with
    characters that print nothing in between, with blanks of any kind.

    >>> kinds("asiakas 131052-308T soitti"), kinds("０４０\\u00a0１２３ ４５６７")
    (('personal_identity_code',), ('phone',))
    """
    text = _normalised(text)
    found: list[Kind] = []
    if _has_code(text):
        found.append("personal_identity_code")
    if _has_email(text):
        found.append("email")
    if _PHONE.search(text):
        found.append("phone")
    return tuple(found)


def _normalised(text: str) -> str:
    text = plain(text)
    return text if text.isascii() else "".join(str(unicodedata.decimal(c, c)) for c in text)


def _has_email(text: str) -> bool:
    """A sign for at between what may stand before and after it; the signs part the text, so each letter is looked at once."""
    for sign in _AT.finditer(text):
        before = text[sign.start() - 1 : sign.start()] if sign.start() else ""
        if _LOCAL_END.fullmatch(before) and _DOMAIN.match(text, sign.end()):
            return True
    return False


def _has_code(text: str) -> bool:
    """Whether a code-shaped piece is a valid identity code and not a piece of a long hexadecimal identifier (UUID)."""
    starts: list[int] = []
    tokens: list[re.Match[str]] = []
    for match in _CODE.finditer(text):
        if not _is_code(match[1].replace(" ", "")):
            continue
        if not tokens:
            tokens = list(_TOKEN.finditer(text))
            starts = [token.start() for token in tokens]
        token = tokens[bisect_right(starts, match.start()) - 1]
        if not _HEX_ID.fullmatch(token[0]):
            return True
    spaced = (match[0].replace(" ", "") for match in _SPACED_CODE.finditer(text))
    return any(map(_is_code, spaced))


def _is_code(text: str) -> bool:
    from stdnum.fi import hetu  # not above: it loads what speaks with the net, which few commands need

    return hetu.is_valid(text, allow_temporary=True)
